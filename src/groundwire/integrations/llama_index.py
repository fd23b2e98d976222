"""A LlamaIndex query engine's answers, checked against the nodes they rest on: `pip install groundwire[llamaindex]`.

    engine = GroundwireQueryEngine(index.as_query_engine(), "groundwire.yaml")
    engine.query("...").metadata["groundwire"]["verdict"]

`GroundwirePostprocessor` is the same for a response that is there already. A streaming response is gathered first:
nothing leaves before its check. Out comes a Response, or where an object is left of it the PydanticResponse that it
was, with the words that may leave, its source nodes, and the report in its metadata.
"""

import asyncio
from typing import Any

from groundwire.errors import InputError
from groundwire.integrations.checking import Checker

try:
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.base.response.schema import (
        AsyncStreamingResponse,
        PydanticResponse,
        Response,
        StreamingResponse,
    )
except ImportError as error:
    raise ImportError(
        f"groundwire.integrations.llama_index: {error}. "
        "Expected llama-index-core: pip install 'groundwire[llamaindex]'."
    ) from None


class GroundwirePostprocessor(Checker):
    """A Checker of responses.

    Raises: VerificationError where a response could not be checked and the rules say hold; InputError for what is no
    response.
    """

    def postprocess_response(self, response: Any, question: str | None = None) -> Any:
        """The response as it may leave. `question` is what was asked, where that is known."""
        if isinstance(response, StreamingResponse):
            response = response.get_response()
        if not isinstance(response, Response | PydanticResponse):
            expected = "a Response; an AsyncStreamingResponse goes to apostprocess_response"
            raise InputError("response", f"this is {type(response).__name__}.", expected)
        documents = [_document(node) for node in response.source_nodes]
        structured = isinstance(response, PydanticResponse) and response.response is not None
        text = response.response.model_dump_json() if structured else response.response or ""
        checked, report = self.text(text, documents, question)
        metadata = {**(response.metadata or {}), "groundwire": report}
        if structured and (said := _read(response.response, text, checked)) is not None:
            return PydanticResponse(response=said, source_nodes=response.source_nodes, metadata=metadata)
        return Response(response=checked, source_nodes=response.source_nodes, metadata=metadata)

    async def apostprocess_response(self, response: Any, question: str | None = None) -> Any:
        """`postprocess_response` on a worker thread, for asynchronous streams too."""
        if isinstance(response, AsyncStreamingResponse):
            response = await response.get_response()
        return await asyncio.to_thread(self.postprocess_response, response, question)


class GroundwireQueryEngine(BaseQueryEngine):  # type: ignore[misc]
    """`engine`, with each of its answers checked. The other arguments are those of GroundwirePostprocessor."""

    def __init__(self, engine: Any, *settings: Any, **named: Any) -> None:
        super().__init__(callback_manager=engine.callback_manager)
        self._engine = engine
        self._after = GroundwirePostprocessor(*settings, **named)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {"engine": self._engine}

    def _query(self, query_bundle: Any) -> Any:
        return self._after.postprocess_response(self._engine.query(query_bundle), query_bundle.query_str)

    async def _aquery(self, query_bundle: Any) -> Any:
        response = await self._engine.aquery(query_bundle)
        return await self._after.apostprocess_response(response, query_bundle.query_str)


def _read(first: Any, text: str, checked: str) -> Any:
    """The object that `checked` is; None where a rule's message, or what is left of an object, is none of its kind."""
    try:
        return first if checked == text else type(first).model_validate_json(checked)
    except ValueError:
        return None


def _document(node: Any) -> dict[str, Any]:
    """A source node as a document, by the name of its file where that is known."""
    source = node.metadata.get("file_name") or node.node_id
    return {"text": node.get_content(), "source": str(source)}
