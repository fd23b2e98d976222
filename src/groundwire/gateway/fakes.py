"""Upstreams for tests, yours too: one that says what it is told, one that fails, and one behind real HTTP."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio

from groundwire.errors import UpstreamError
from groundwire.gateway.scripted import Script, Scripted, answers, as_chunks, as_completion
from groundwire.gateway.upstream import broken_off

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class ScriptedUpstream:
    """Says what `script` returns for a request: a text, a Scripted, or one Scripted a choice. Keeps `requests`.

    `pace` is the pause between chunks, in seconds. `closed` counts the streams that were let go of.
    """

    def __init__(self, script: Script | str, *, models: Sequence[str] = ("scripted",), pace: float = 0.0) -> None:
        self._script: Script = (lambda request: script) if isinstance(script, str) else script
        self.models, self.pace = tuple(models), pace
        self.requests: list[dict[str, Any]] = []
        self.closed = 0

    async def open(self) -> None:
        """Nothing to load."""

    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(request)
        return as_completion(answers(self._script, request), request.get("model") or self.models[0])

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        self.requests.append(request)
        try:
            said = answers(self._script, request)
            async for chunk in _broken(said, as_chunks(said, request.get("model") or self.models[0], request)):
                if isinstance(chunk, str):
                    raise UpstreamError("The upstream's stream could not be read.")
                yield chunk
                if self.pace:
                    await anyio.sleep(self.pace)
        finally:
            self.closed += 1

    async def embed(self, request: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(request)
        given = request.get("input")
        texts = given if isinstance(given, list) else [given]
        data = [{"object": "embedding", "index": at, "embedding": [0.0, 1.0]} for at in range(len(texts))]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return {"object": "list", "model": request.get("model"), "data": data, "usage": usage}

    async def aclose(self) -> None:
        """Nothing is open."""


class FailingUpstream:
    """Fails every request with `error`, at once, or after `seconds` of silence."""

    models: Sequence[str] = ()

    def __init__(self, error: UpstreamError | None = None, *, seconds: float = 0.0) -> None:
        self._error = error or UpstreamError("The upstream failed on purpose.", status=500)
        self._seconds = seconds

    async def open(self) -> None:
        """Loads, and only then fails."""

    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        await anyio.sleep(self._seconds)
        raise self._error

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        yield await self.complete(request)

    embed = complete

    async def aclose(self) -> None:
        """Nothing is open."""


@contextmanager
def serve_scripted(script: Script | str, *, host: str = "127.0.0.1", port: int = 0, pace: float = 0.0) -> Iterator[str]:
    """A provider with OpenAI's API over real HTTP on a thread of its own; yields its base URL (ending in /v1).

    The script is asked as in ScriptedUpstream, and `pace` is the pause between chunks, in seconds. A request for the
    model `status-429` is refused with that status.
    """
    from groundwire.gateway.serving import running

    with running(scripted_app(script, pace=pace), host, port) as url:
        yield f"{url}/v1"


def scripted_app(script: Script | str, *, pace: float = 0.0) -> Any:
    """The application behind `serve_scripted`. Its `state.closed` counts the streams that a client let go of."""
    from starlette.applications import Starlette
    from starlette.responses import StreamingResponse
    from starlette.routing import Route

    from groundwire.gateway.problems import encode, json_response

    upstream = ScriptedUpstream(script)

    async def chat(request: "Request") -> "Response":
        asked = await request.json()
        model = str(asked.get("model"))
        if model.startswith("status-"):
            status = int(model.removeprefix("status-"))
            error = {"message": "refused on purpose", "type": "scripted", "param": None, "code": "on_purpose"}
            return json_response({"error": error}, status, {"retry-after": "7"})
        if asked.get("stream"):
            upstream.requests.append(asked)
            said = answers(upstream._script, asked)
            return StreamingResponse(_events(said, model, asked), media_type="text/event-stream")
        return json_response(await upstream.complete(asked))

    async def embeddings(request: "Request") -> "Response":
        return json_response(await upstream.embed(await request.json()))

    async def _events(said: list[Scripted], model: str, asked: Mapping[str, Any]) -> AsyncIterator[bytes]:
        try:
            async for chunk in _broken(said, as_chunks(said, model, asked)):
                yield b"data: " + (chunk.encode() if isinstance(chunk, str) else encode(chunk)) + b"\n\n"
                if pace:
                    await anyio.sleep(pace)
        except UpstreamError as error:
            if error.body and error.body.get("code") == "upstream_incomplete":
                return  # ends as if all were well, without [DONE]
            if error.body:
                yield b"data: " + json.dumps({"error": error.body}).encode() + b"\n\n"
                return
            raise ConnectionResetError from error  # the server drops the connection
        yield b"data: [DONE]\n\n"

    app = Starlette(
        routes=[
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/v1/embeddings", embeddings, methods=["POST"]),
        ]
    )
    app.state.upstream = upstream
    return app


async def _broken(said: Sequence[Scripted], chunks: Iterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any] | str]:
    """The chunks, until the first choice that breaks does."""
    breaking = next((choice for choice in said if choice.breaks), None)
    for number, chunk in enumerate(chunks):
        if breaking and number > breaking.after:
            match breaking.breaks:
                case "truncated":
                    raise broken_off()
                case "cut":
                    raise UpstreamError("The connection was cut.")
                case "error":
                    raise UpstreamError("It failed in mid-stream.", body={"message": "It failed in mid-stream."})
                case "garbage":
                    yield "{not json"
                    return
                case "silent":
                    await anyio.sleep_forever()
        yield chunk
