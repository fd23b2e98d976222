"""`POST /v1/messages`: Anthropic's wire format around the same checks, for whatever model is behind."""

from starlette.requests import Request
from starlette.types import ASGIApp

from groundwire.gateway.answering import answered
from groundwire.gateway.anthropic_events import MessageEvents
from groundwire.gateway.anthropic_format import evidence_of, to_message, to_openai
from groundwire.gateway.request import Asked, asked, parse, read_body
from groundwire.gateway.threads import in_thread


async def messages(request: Request) -> ASGIApp:
    """Answer as Anthropic would. Failures have its shape too: `{"type": "error", "error": {...}}`."""
    given = await in_thread(_read, await read_body(request), request)
    return await answered(request, given, to_message, MessageEvents)


def _read(body: bytes, request: Request) -> Asked:
    given = parse(body)
    chat = to_openai(given)
    return asked(chat, request.app.state.groundwire.config, evidence=evidence_of(given))
