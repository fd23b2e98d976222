"""`POST /v1/chat/completions`: OpenAI's wire format around the checks."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp

from groundwire.gateway.answering import Event, answered
from groundwire.gateway.request import LARGE, Asked, asked, parse, read_body
from groundwire.gateway.sse import DONE
from groundwire.gateway.streaming import Chunk
from groundwire.gateway.threads import in_thread


async def chat_completions(request: Request) -> ASGIApp:
    """Answer as OpenAI would, with what was found: `groundwire` in the body, `x-groundwire-*` in the headers."""
    body = await read_body(request)
    config = request.app.state.groundwire.config

    def read() -> Asked:
        return asked(parse(body), config)

    given = read() if len(body) <= LARGE else await in_thread(read)
    return await answered(request, given, lambda answer: answer, ChatEvents)


class ChatEvents:
    """Chunks as they are: the last one carries the `groundwire` object already."""

    end = DONE

    def take(self, chunk: Chunk) -> Iterator[Event]:
        yield None, chunk

    def close(self, summary: dict[str, Any] | None) -> Iterator[Event]:
        yield from ()

    def fail(self, failure: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Event]:
        yield None, {**failure, **told}
