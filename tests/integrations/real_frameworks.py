"""LangChain and LlamaIndex themselves around the checks: `PYTHON -m tests.integrations.real_frameworks`.

PYTHON is an interpreter that has `groundwire[langchain,llamaindex]`. Ends with 1 where an answer left that must not.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG, world

from groundwire.errors import InputError, VerificationError


def refused(kind: type[Exception], work: Callable[[], Any]) -> None:
    try:
        work()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was to be raised")


def langchain(folder: Path) -> None:
    from langchain_core.documents import Document
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage, HumanMessage
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate

    from groundwire.integrations.langchain import GroundwireRunnable

    gw = world(folder, "rewrite")
    check = GroundwireRunnable(groundwire=gw)
    call = {"name": "save", "args": {"capital": "Sydney"}, "id": "c1", "type": "tool_call"}
    said = AIMessage(
        f"{RIGHT} {WRONG}", tool_calls=[call], additional_kwargs={"reasoning_content": WRONG, "audio": WRONG},
        response_metadata={"model_name": "m", "logprobs": {"content": [{"token": WRONG}]}},
        usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
    )  # fmt: skip

    def chain() -> Any:
        return ChatPromptTemplate.from_template("{question}") | GenericFakeChatModel(messages=iter([said])) | check

    asked = {"question": "Which?"}
    for got in (chain().invoke(asked), asyncio.run(chain().ainvoke(asked))):
        assert isinstance(got, AIMessage)
        assert got.content == f"{RIGHT} {REPAIRED}"
        assert got.tool_calls == [{**call, "args": {"capital": "Canberra"}}]
        assert got.usage_metadata == said.usage_metadata
        told = got.response_metadata.pop("groundwire")
        assert told["verdict"] == "rewritten"
        assert CANARY not in repr(got)
    streamed = "".join((chain() | StrOutputParser()).stream(asked))
    assert streamed == f"{RIGHT} {REPAIRED}"
    assert check.batch([WRONG, RIGHT]) == [REPAIRED, RIGHT]

    documents = [Document(RIGHT, metadata={"source": "atlas"}), "Water is wet."]
    given = {"answer": WRONG, "context": documents, "question": "Which?", "kept": 1}
    got = check.invoke(given)
    assert (got["answer"], got["kept"]) == (REPAIRED, 1)
    assert got["groundwire"]["question"] == "Which?"
    refused(VerificationError, lambda: check.invoke(FAILS))
    refused(InputError, lambda: check.invoke(HumanMessage("Which?")))
    refused(InputError, lambda: check.invoke({"context": "a"}))
    flows = GroundwireRunnable(groundwire=world(folder, "rewrite", mode="annotate")).invoke(said)
    assert flows.content == said.content
    assert flows.response_metadata["groundwire"]["verdict"] == "flagged"


def llama_index(folder: Path) -> None:
    from llama_index.core.base.response.schema import AsyncStreamingResponse, PydanticResponse, StreamingResponse
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, TextNode
    from pydantic import BaseModel

    from groundwire.integrations.llama_index import GroundwirePostprocessor, GroundwireQueryEngine

    class Says(MockLLM):  # type: ignore[misc]
        """Answers as it was told to, whole and as a stream."""

        def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
            from llama_index.core.llms import CompletionResponse

            return CompletionResponse(text=f"{RIGHT} {WRONG}")

    class Atlas(BaseRetriever):  # type: ignore[misc]
        def _retrieve(self, query_bundle: Any) -> Any:
            return [NodeWithScore(node=TextNode(text=RIGHT, metadata={"file_name": "atlas.txt"}), score=1.0)]

    class City(BaseModel):
        capital: str

    gw = world(folder, "rewrite")
    engine = GroundwireQueryEngine(RetrieverQueryEngine.from_args(Atlas(), llm=Says()), groundwire=gw)
    for got in (engine.query("Which?"), asyncio.run(engine.aquery("Which?"))):
        assert got.response == f"{RIGHT} {REPAIRED}", got
        assert got.metadata["groundwire"]["verdict"] == "rewritten"
        assert got.metadata["groundwire"]["question"] == "Which?"
        assert got.source_nodes[0].node.get_content() == RIGHT
    after = GroundwirePostprocessor(groundwire=gw)
    assert after.postprocess_response(StreamingResponse(iter([RIGHT, " ", WRONG]))).response == f"{RIGHT} {REPAIRED}"

    async def tokens() -> Any:
        for token in (RIGHT, " ", WRONG):
            yield token

    late = asyncio.run(after.apostprocess_response(AsyncStreamingResponse(tokens())))
    assert late.response == f"{RIGHT} {REPAIRED}"
    made = after.postprocess_response(PydanticResponse(City(capital="Sydney")))
    assert made.response == City(capital="Canberra")
    blocks = GroundwirePostprocessor(groundwire=world(folder, "block"))
    assert blocks.postprocess_response(PydanticResponse(City(capital="Sydney"))).response == "The atlas says otherwise."
    refused(InputError, lambda: after.postprocess_response("a text"))


if __name__ == "__main__":
    for name, tried in (("langchain", langchain), ("llama_index", llama_index)):
        with tempfile.TemporaryDirectory() as folder:
            tried(Path(folder))
        print(f"{name}: as it should be", file=sys.stderr)
