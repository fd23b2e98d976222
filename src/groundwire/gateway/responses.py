"""`POST /v1/responses`: OpenAI's newer format around the same checks, for whatever chat model is behind.

Nothing is kept for a later turn: a request carries its whole conversation.
"""

from functools import partial

from starlette.requests import Request
from starlette.types import ASGIApp

from groundwire.gateway.answering import answered
from groundwire.gateway.request import asked, parse, read_body
from groundwire.gateway.responses_events import ResponseEvents
from groundwire.gateway.responses_format import to_chat, to_response
from groundwire.gateway.threads import in_thread


async def responses(request: Request) -> ASGIApp:
    """Answer as OpenAI's Responses API would, with what was found in `groundwire`."""
    body = await in_thread(parse, await read_body(request))
    given = await in_thread(lambda: asked(to_chat(body), request.app.state.groundwire.config))
    return await answered(request, given, partial(to_response, body), partial(ResponseEvents, body))
