"""GroundwireQueryEngine and GroundwirePostprocessor around LlamaIndex itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.response.schema import (
    AsyncStreamingResponse,
    PydanticResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.llms import CompletionResponse, MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode
from pydantic import BaseModel
from tests.gateway.scripted_world import REPAIRED, RIGHT, WRONG, world

from groundwire.errors import InputError
from groundwire.integrations.llama_index import GroundwirePostprocessor, GroundwireQueryEngine

Make = Callable[[str], Any]


class Says(MockLLM):  # type: ignore[misc]
    """Answers as it was told to."""

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        return CompletionResponse(text=f"{RIGHT} {WRONG}")


class Atlas(BaseRetriever):  # type: ignore[misc]
    def _retrieve(self, query_bundle: Any) -> Any:
        return [NodeWithScore(node=TextNode(text=RIGHT, metadata={"file_name": "atlas.txt"}), score=1.0)]


class City(BaseModel):
    capital: str


@pytest.fixture
def after(tmp_path: Path) -> Make:
    return lambda action: GroundwirePostprocessor(groundwire=world(tmp_path, action))


@pytest.mark.parametrize("waits", [False, True])
async def test_an_engines_answer_is_checked_against_its_nodes(tmp_path: Path, waits: bool) -> None:
    inner = RetrieverQueryEngine.from_args(Atlas(), llm=Says())
    engine = GroundwireQueryEngine(inner, groundwire=world(tmp_path, "rewrite"))
    got = await engine.aquery("Which?") if waits else engine.query("Which?")
    assert got.response == f"{RIGHT} {REPAIRED}"
    assert got.metadata["groundwire"]["verdict"] == "rewritten"
    assert got.metadata["groundwire"]["question"] == "Which?"
    assert got.source_nodes[0].node.get_content() == RIGHT


async def test_streams_are_gathered_first(after: Make) -> None:
    async def tokens() -> Any:
        for token in (RIGHT, " ", WRONG):
            yield token

    check = after("rewrite")
    assert check.postprocess_response(StreamingResponse(iter([RIGHT, " ", WRONG]))).response == f"{RIGHT} {REPAIRED}"
    late = await check.apostprocess_response(AsyncStreamingResponse(tokens()))
    assert late.response == f"{RIGHT} {REPAIRED}"


def test_an_object_stays_one_where_an_object_is_left(after: Make) -> None:
    made = after("rewrite").postprocess_response(PydanticResponse(City(capital="Sydney")))
    assert made.response == City(capital="Canberra")
    blocked = after("block").postprocess_response(PydanticResponse(City(capital="Sydney")))
    assert blocked.response == "The atlas says otherwise."


def test_what_is_no_response_is_an_error(after: Make) -> None:
    with pytest.raises(InputError):
        after("rewrite").postprocess_response("a text")


def test_a_configuration_is_enough() -> None:
    assert GroundwirePostprocessor({"mode": "off"}).postprocess_response(Response(WRONG)).response == WRONG
