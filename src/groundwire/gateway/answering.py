"""One checked answer, whole or as a stream, in whatever wire format: what the routes of all formats share."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from typing import Any, Protocol

import anyio
from starlette.requests import Request
from starlette.types import ASGIApp

from groundwire.errors import UpstreamError
from groundwire.gateway.account import account_of, outcome_of
from groundwire.gateway.checking import Exchange, check_completion
from groundwire.gateway.leaving import received, well_formed
from groundwire.gateway.problems import explain, json_response
from groundwire.gateway.request import Asked
from groundwire.gateway.sse import EventStream, frame, until_gone
from groundwire.gateway.streaming import Chunk, verified, why
from groundwire.gateway.threads import in_thread

Event = tuple[str | None, dict[str, Any]]


class Events(Protocol):
    """OpenAI's chunks in, the events of another format out, as (name, data). `end` is what follows the last one."""

    end: bytes

    def take(self, chunk: Chunk) -> Iterator[Event]:
        """The events for one chunk."""

    def close(self, summary: dict[str, Any] | None) -> Iterator[Event]:
        """The end of an answer. The last event but bare ends carries the `groundwire` object."""

    def fail(self, failure: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Event]:
        """The end of a stream that broke off. `told` is `{"groundwire": ...}`, or empty."""


async def answered(
    request: Request, given: Asked, whole: Callable[[dict[str, Any]], dict[str, Any]], events: Callable[[], Events]
) -> ASGIApp:
    """The response to a request that was read: `whole` and `events` write what OpenAI's chat format says in another."""
    exchange = begin(request, given)
    if given.body.get("stream"):
        opened = await until_gone(request, lambda: open_stream(request, exchange))
        return EventStream(_frames(request, exchange, opened, events()), stream_headers(exchange))
    answer = whole(await until_gone(request, lambda: complete(request, exchange)))
    return json_response(answer | shown_summary(exchange), headers=headers_of(exchange))


def begin(request: Request, given: Asked) -> Exchange:
    """The checks of this request."""
    exchange: Exchange = request.app.state.exchange(given)
    account = account_of(request)
    account.exchange, exchange.application = exchange, account.key
    return exchange


async def complete(request: Request, exchange: Exchange) -> dict[str, Any]:
    """The whole answer, checked. Raises: UpstreamError, VerificationError."""
    try:
        answer = await request.app.state.upstream.complete(exchange.asked.body)
    except anyio.get_cancelled_exc_class() as gone:
        await broken(exchange, gone)
        raise
    if not well_formed(answer.get("choices"), "message"):
        raise UpstreamError("The upstream answered without choices.", body={"code": "upstream_malformed"})
    answer = received(answer)
    if exchange.mode == "off":
        return answer
    try:
        return await in_thread(check_completion, exchange, answer)
    except BaseException as error:
        await broken(exchange, error)
        raise


async def broken(exchange: Exchange, error: BaseException) -> None:
    """Record that the answer broke off. What was under way for it has ended."""
    with anyio.CancelScope(shield=True):
        await in_thread(exchange.abort, why(error))


def shown_summary(exchange: Exchange) -> dict[str, Any]:
    """`{"groundwire": ...}` where the configuration puts it into the body, and there is something to say."""
    if exchange.mode == "off" or exchange.gw.config.report != "body" or not exchange.parts:
        return {}
    return {"groundwire": exchange.summary()}


def headers_of(exchange: Exchange) -> dict[str, str]:
    """The headers of a whole answer."""
    if exchange.gw.config.report == "none":
        return {}
    return exchange.off_headers() if exchange.mode == "off" else exchange.headers()


def stream_headers(exchange: Exchange) -> dict[str, str]:
    """What can be known before the text: the verdict is pending, and its report will be found under this id."""
    if exchange.gw.config.report == "none":
        return {}
    return exchange.off_headers() if exchange.mode == "off" else exchange.pending_headers()


async def open_stream(request: Request, exchange: Exchange) -> AsyncGenerator[Chunk, None]:
    """The upstream's stream with its first chunk at hand: a refusal is still an answer with a status."""
    chunks = request.app.state.upstream.stream(exchange.asked.body)
    try:
        first = await anext(chunks, None)
        if exchange.mode != "off":
            await in_thread(exchange.prepare)
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            await chunks.aclose()
        if isinstance(error, anyio.get_cancelled_exc_class()):
            await broken(exchange, error)
        raise
    return _from(first, chunks)


async def _from(first: Chunk | None, rest: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    async with aclosing(rest):
        if first is not None:
            yield first
        async for chunk in rest:
            yield chunk


async def _frames(
    request: Request, exchange: Exchange, chunks: AsyncGenerator[Chunk, None], events: Events
) -> AsyncGenerator[bytes, None]:
    """The events of a checked stream. A failure is an event too, and then there is no end: clients raise it."""
    summary, shown = None, exchange.gw.config.report == "body"
    try:
        async with aclosing(verified(exchange, chunks)) as stream:
            async for chunk in stream:
                if "groundwire" in chunk:
                    if shown:
                        summary = chunk["groundwire"]
                    else:
                        del chunk["groundwire"]
                for name, data in events.take(chunk):
                    yield frame(data, name)
            for name, data in events.close(summary):
                yield frame(data, name)
    except Exception as error:  # noqa: BLE001 - the headers are out: what went wrong goes into the stream
        account_of(request).outcome = outcome_of(error)
        for name, data in events.fail(explain(error).body, shown_summary(exchange)):
            yield frame(data, name)
        return
    if events.end:
        yield events.end
