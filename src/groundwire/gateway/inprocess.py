"""`litellm.acompletion` with its answer checked: the same way as over HTTP, inside the caller's own process."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from groundwire.gateway.checking import Exchange, check_completion
from groundwire.gateway.request import asked
from groundwire.gateway.streaming import verified
from groundwire.gateway.threads import in_thread, make_room
from groundwire.gateway.upstream import as_dict, chunks_of, load_litellm, translated

if TYPE_CHECKING:
    from groundwire.client import Groundwire

# The caller's own words, as opposed to litellm's settings: what documents and rules are read from.
_READ = ("messages", "model", "groundwire", "stream", "stream_options", "n", "user", "metadata")


async def acompletion(gw: "Groundwire", **request: Any) -> Any:
    """litellm's arguments in, its ModelResponse (or an async iterator of chunks) out, with `.groundwire`.

    `.groundwire` is the Report; where an answer has several texts, the worst one, and `.groundwire_reports` has all. In
    a stream they are on the last chunk. Arguments come from the program, so litellm gets all of them as they are.
    Raises: InputError; UpstreamError; VerificationError under `on_error: closed`.
    """
    make_room(gw)
    litellm = await to_thread.run_sync(load_litellm)
    given = asked({name: request[name] for name in _READ if name in request}, gw.config)
    arguments = {name: value for name, value in request.items() if name != "groundwire"}
    arguments |= {"messages": given.body["messages"], "model": given.model or gw.config.upstream.model}
    try:
        response = await litellm.acompletion(**arguments)
    except Exception as error:  # litellm raises whatever its providers' libraries raise
        raise translated(error) from error
    exchange = Exchange(gw, given)
    if given.body.get("stream"):
        return _stream(litellm, exchange, chunks_of(response))
    if exchange.mode == "off":
        return response
    checked = await in_thread(check_completion, exchange, as_dict(response))
    return _told(litellm.ModelResponse(**checked), exchange)


async def _stream(
    litellm: Any, exchange: Exchange, chunks: AsyncGenerator[dict[str, Any], None]
) -> AsyncGenerator[Any, None]:
    async with aclosing(verified(exchange, chunks)) as stream:
        async for chunk in stream:
            last = chunk.pop("groundwire", None) is not None
            response = litellm.types.utils.ModelResponseStream(**chunk)
            yield _told(response, exchange) if last else response


def _told(response: Any, exchange: Exchange) -> Any:
    response.groundwire, response.groundwire_reports = exchange.worst(), tuple(exchange.reports())
    return response
