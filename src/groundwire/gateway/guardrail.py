"""`POST /beta/litellm_basic_guardrail_api`: LiteLLM Proxy's generic guardrail contract.

LiteLLM asks twice about a call: with the request, which is where the evidence is, and with the texts of the response.
The answer always says its `action`: a caller that misses it takes the text for checked.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from groundwire.errors import InputError, VerificationError
from groundwire.gateway.answering import begin
from groundwire.gateway.checking import Exchange
from groundwire.gateway.leaving import Leaving, replaced, texts_of
from groundwire.gateway.problems import json_response
from groundwire.gateway.request import Asked, asked, read_json
from groundwire.gateway.sse import until_gone
from groundwire.gateway.threads import in_thread

UNCHECKED = "This answer could not be checked, so it is withheld."


async def guardrail(request: Request) -> Response:
    """Texts in, what to do about them out: NONE, GUARDRAIL_INTERVENED with edited texts, or BLOCKED."""
    body = await read_json(request)
    kind, call = body.get("input_type"), body.get("litellm_call_id")
    if kind not in ("request", "response"):
        raise InputError("input_type", "this is neither.", "request or response")
    if not isinstance(body.get("model"), str | None):
        raise InputError("model", "this is no name.", "the name of a model, or null")
    state = request.app.state
    given = await in_thread(_asked, body, state.groundwire.config)
    if kind == "request":
        if isinstance(call, str) and given is not None:
            state.calls.keep(call, given, sum(len(document.text) for document in given.documents))
        return json_response({"action": "NONE"})
    known = given if given is not None and given.documents else state.calls.get(call if isinstance(call, str) else None)
    exchange = begin(request, known or given or Asked({"model": body.get("model")}))
    told = await until_gone(request, lambda: in_thread(decide, exchange, body))
    return json_response(told, headers=exchange.headers())


def decide(exchange: Exchange, body: Mapping[str, Any]) -> dict[str, Any]:
    """Check the texts and the tool calls of a response, and say what LiteLLM is to do. Raises: OverloadError."""
    texts = body.get("texts") or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise InputError("texts", "these are no texts.", "a list of strings")
    parts = []
    for number, text in enumerate(texts):
        part = exchange.begin(number, "content")
        part.finish(text)
        parts.append(part)
    calls = []
    for path, text in texts_of({"tool_calls": body.get("tool_calls")}):
        part = exchange.begin(0, ".".join(map(str, path)))
        part.finish(text)
        calls.append(part)
    try:
        exchange.settle()
    except VerificationError:
        return {"action": "BLOCKED", "blocked_reason": UNCHECKED}
    if body.get("tool_calls") and _unread(body["tool_calls"]):
        return {"action": "BLOCKED", "blocked_reason": "A tool call holds what cannot be checked."}
    blocked = next((part.blocked for part in (*parts, *calls) if part.blocked), None)
    if blocked is not None:
        return {"action": "BLOCKED", "blocked_reason": blocked}
    if any(part.edited for part in calls):  # the contract has no way back for them
        return {"action": "BLOCKED", "blocked_reason": "A tool call states what the evidence does not support."}
    if any(part.edited for part in parts):
        return {"action": "GUARDRAIL_INTERVENED", "texts": ["".join(part.sent) for part in parts]}
    return {"action": "NONE"}


def _asked(body: Mapping[str, Any], config: Any) -> Asked | None:
    """The request that the call made, as far as this message tells it. Raises: InputError."""
    extra = body.get("additional_provider_specific_params")
    extension = extra.get("groundwire") if isinstance(extra, Mapping) else None
    messages = body.get("structured_messages")
    if not messages and not extension:
        return None
    messages = messages or [{"role": "user", "content": ""}]
    chat = {"model": body.get("model"), "messages": messages, "groundwire": extension}
    return asked(chat, config)


def _unread(calls: Any) -> bool:
    """Whether there is more in these calls than what is checked of them: the contract has no way to leave it out."""
    message: dict[str, Any] = {"tool_calls": calls}
    for path, text in texts_of(message):
        message = replaced(message, path, text)  # a text as a string, whatever it came as
    left_out: set[str] = set()
    Leaving(left_out).message(message, edited=False)
    return bool(left_out)
