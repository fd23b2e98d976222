"""`POST /v1/messages`: Anthropic's wire format around the same checks, for whatever model is behind."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp

from groundwire.gateway.account import account_of, outcome_of
from groundwire.gateway.anthropic_format import Events, evidence_of, to_message, to_openai
from groundwire.gateway.chat import begin, complete, headers_of, open_stream, shown_summary, stream_headers
from groundwire.gateway.checking import Exchange
from groundwire.gateway.problems import explain, json_response
from groundwire.gateway.request import Asked, asked, parse, read_body
from groundwire.gateway.sse import EventStream, frame, until_gone
from groundwire.gateway.streaming import Chunk, verified
from groundwire.gateway.threads import in_thread


async def messages(request: Request) -> ASGIApp:
    """Answer as Anthropic would. Failures have its shape too: `{"type": "error", "error": {...}}`."""
    body = await read_body(request)
    given = await in_thread(_read, body, request)
    exchange = begin(request, given)
    if given.body.get("stream"):
        opened = await until_gone(request, lambda: open_stream(request, exchange))
        return EventStream(_frames(request, exchange, opened), stream_headers(exchange))
    answer = to_message(await until_gone(request, lambda: complete(request, exchange)))
    return json_response(answer | shown_summary(exchange), headers=headers_of(exchange))


def _read(body: bytes, request: Request) -> Asked:
    given: dict[str, Any] = parse(body)
    chat = to_openai(given)
    return asked(chat, request.app.state.groundwire.config, evidence=evidence_of(given))


async def _frames(
    request: Request, exchange: Exchange, chunks: AsyncGenerator[Chunk, None]
) -> AsyncGenerator[bytes, None]:
    events, summary = Events(), None
    try:
        async with aclosing(verified(exchange, chunks)) as stream:
            async for chunk in stream:
                summary = chunk.get("groundwire", summary)
                for name, data in events.take(chunk):
                    yield frame(data, name)
    except Exception as error:  # noqa: BLE001 - the headers are out: what went wrong goes into the stream
        account_of(request).outcome = outcome_of(error)
        yield frame({"type": "error", **explain(error).body, **shown_summary(exchange)}, "error")
        return
    for name, data in events.close(summary if exchange.gw.config.report == "body" else None):
        yield frame(data, name)
