"""OpenAI's Responses format → its chat format, and back. What has no counterpart is refused, never dropped.

Reasoning items of earlier turns are the exception: only the model that wrote them can read them.
"""

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from groundwire.errors import InputError
from groundwire.gateway.leaving import calls_of, text_of, written

# Fields with another name or form in the chat format, or about this format alone. All others pass untouched.
_STATE = ("previous_response_id", "conversation", "background", "prompt")
_OWN = (
    *("input", "instructions", "tools", "tool_choice", "text", "reasoning", "max_output_tokens", "include", "store"),
    *("truncation", "top_logprobs", *_STATE),
)
_SHOWN = ("instructions", "max_output_tokens", "metadata", "parallel_tool_calls", "temperature", "tools",
          "tool_choice", "text", "top_p", "truncation", "user", "reasoning", "service_tier")  # fmt: skip
_TEXTS = ("input_text", "output_text", "text", "refusal")
INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}


def to_chat(body: Mapping[str, Any]) -> dict[str, Any]:
    """A chat request. Raises: InputError that names the field."""
    for name in _STATE:
        if body.get(name):
            raise InputError(name, "nothing is kept here from one turn to the next.", "the whole conversation in input")
    if body.get("n") not in (None, 1):
        raise InputError("n", "a response has one answer.", "1, or nothing")
    out = {name: value for name, value in body.items() if name not in _OWN}
    instructions = body.get("instructions")
    if instructions is not None and not isinstance(instructions, str):
        raise InputError("instructions", "this is not text.", "a string")
    system = [{"role": "system", "content": instructions}] if instructions else []
    out["messages"] = [*system, *_merged(_messages(body.get("input")))]
    if body.get("max_output_tokens") is not None:
        out["max_completion_tokens"] = body["max_output_tokens"]
    if body.get("tools"):
        out["tools"] = [_tool(tool, number) for number, tool in enumerate(_listed(body["tools"], "tools"))]
    if body.get("tool_choice"):
        out["tool_choice"] = _tool_choice(body["tool_choice"])
    if isinstance(body.get("reasoning"), Mapping) and body["reasoning"].get("effort"):
        out["reasoning_effort"] = body["reasoning"]["effort"]
    include = body.get("include")
    spelled = isinstance(include, list) and "message.output_text.logprobs" in include
    if body.get("top_logprobs") or spelled:
        out |= {"logprobs": True, "top_logprobs": body.get("top_logprobs") or 0}
    if body.get("stream"):
        out["stream_options"] = {"include_usage": True}
    return out | _text_format(body.get("text"))


def to_response(body: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAI's Response."""
    choice = answer["choices"][0]
    said = choice.get("message") or {}
    output: list[dict[str, Any]] = []
    if reasoning := text_of(said.get("reasoning_content") or said.get("reasoning")):
        output.append(reasoning_item(new_id("rs"), reasoning))
    parts = [text_part(text_of(said["content"]), choice.get("logprobs"))] if said.get("content") else []
    parts += [{"type": "refusal", "refusal": text_of(said["refusal"])}] if said.get("refusal") else []
    calls = calls_of(said)
    if parts or not calls:
        output.append(message_item(new_id("msg"), parts or [text_part("")]))
    output += [call_item(new_id("fc"), call) for call in calls]
    return response_of(
        body, new_id("resp"), answer.get("model"), output, finish=choice.get("finish_reason"), usage=answer.get("usage")
    )


def response_of(
    body: Mapping[str, Any],
    id: str,
    model: Any,
    output: list[dict[str, Any]],
    *,
    finish: str | None,
    usage: Mapping[str, Any] | None = None,
    status: str | None = None,
) -> dict[str, Any]:
    """The Response object. `finish` is the chat's finish reason; None while it is under way."""
    reason = INCOMPLETE.get(finish or "")
    shown = {name: body[name] for name in _SHOWN if body.get(name) is not None}
    return {
        "id": id,
        "object": "response",
        "created_at": int(time.time()),
        "status": status or ("incomplete" if reason else "completed"),
        "background": False,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": None,
        "metadata": {},
        "model": model or body.get("model") or "",
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "store": False,
        **shown,
        "usage": _usage(usage) if usage else None,
    }


def new_id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"


def text_part(text: str, logprobs: Any = None) -> dict[str, Any]:
    entries = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": entries or []}


def message_item(id: str, parts: list[dict[str, Any]], status: str = "completed") -> dict[str, Any]:
    return {"type": "message", "id": id, "role": "assistant", "status": status, "content": parts}


def reasoning_item(id: str, text: str, status: str = "completed") -> dict[str, Any]:
    content = [{"type": "reasoning_text", "text": text}] if text else []
    return {"type": "reasoning", "id": id, "summary": [], "content": content, "status": status}


def call_item(id: str, call: Mapping[str, Any], status: str = "completed") -> dict[str, Any]:
    """A call of a function, or of a tool that takes plain text."""
    own = {"id": id, "call_id": call.get("id") or id, "status": status}
    if isinstance(call.get("custom"), Mapping):
        custom = call["custom"]
        return {
            "type": "custom_tool_call",
            **own,
            "name": custom.get("name", ""),
            "input": written(custom.get("input")),
        }
    function = call.get("function") or {}
    return {
        "type": "function_call",
        **own,
        "name": function.get("name", ""),
        "arguments": written(function.get("arguments")),
    }


def _usage(usage: Mapping[str, Any]) -> dict[str, Any]:
    asked, told = usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
    cached = _object(usage.get("prompt_tokens_details")).get("cached_tokens") or 0
    thought = _object(usage.get("completion_tokens_details")).get("reasoning_tokens") or 0
    return {
        "input_tokens": asked,
        "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
        "output_tokens": told,
        "output_tokens_details": {"reasoning_tokens": thought},
        "total_tokens": usage.get("total_tokens", asked + told),
    }


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _messages(given: Any) -> Iterator[dict[str, Any]]:
    if isinstance(given, str) and given:
        yield {"role": "user", "content": given}
        return
    items = _listed(given, "input")
    if not items:
        raise InputError("input", "it is empty.", "a text or a list of items")
    for number, item in enumerate(items):
        where = f"input[{number}]"
        if not isinstance(item, Mapping):
            raise InputError(where, "this is not an item.", "an object")
        yield from _item(item, where)


def _item(item: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
    kind = item.get("type") or "message"
    if kind == "message" and isinstance(item.get("role"), str):
        yield {"role": item["role"], "content": _content(item.get("content"), where)}
    elif kind in ("function_call", "custom_tool_call"):
        custom = kind == "custom_tool_call"
        field = "input" if custom else "arguments"
        inner = {"name": item.get("name"), field: item.get(field)}
        call = {"id": item.get("call_id"), "type": "custom" if custom else "function"}
        yield {"role": "assistant", "content": None, "tool_calls": [{**call, str(call["type"]): inner}]}
    elif kind in ("function_call_output", "custom_tool_call_output"):
        yield {"role": "tool", "tool_call_id": item.get("call_id"), "content": _content(item.get("output"), where)}
    elif kind != "reasoning":
        raise InputError(where, f"an item of the type {kind!r:.80} is not supported here.", "message, function_call")


def _merged(messages: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls of one turn are one message in a chat, with what was said beside them."""
    out: list[dict[str, Any]] = []
    for message in messages:
        last = out[-1] if out else {}
        if "tool_calls" in message and last.get("role") == "assistant":
            out[-1] = {**last, "tool_calls": [*last.get("tool_calls", ()), *message["tool_calls"]]}
        else:
            out.append(message)
    return out


def _content(content: Any, where: str) -> Any:
    if content is None or isinstance(content, str):
        return content
    parts = []
    for number, part in enumerate(_listed(content, where)):
        place = f"{where}.content[{number}]"
        if not isinstance(part, Mapping):
            raise InputError(place, "this is not a part.", "an object")
        parts.append(_part(part, place))
    return parts


def _part(part: Mapping[str, Any], place: str) -> dict[str, Any]:
    kind = part.get("type")
    text = part.get("refusal") if kind == "refusal" else part.get("text")
    if kind in _TEXTS and isinstance(text, str):
        return {"type": "text", "text": text}
    if kind == "input_image" and isinstance(part.get("image_url"), str):
        detail = {"detail": part["detail"]} if part.get("detail") else {}
        return {"type": "image_url", "image_url": {"url": part["image_url"], **detail}}
    if kind == "input_file" and part.get("file_data"):
        return {"type": "file", "file": {n: part[n] for n in ("file_data", "filename") if part.get(n)}}
    if kind in ("grounding_source", "query", "guarded_text"):
        return dict(part)
    raise InputError(place, f"a part of the type {kind!r:.80} is not supported here.", "input_text or input_image")


def _tool(tool: Any, number: int) -> dict[str, Any]:
    kind = tool.get("type") if isinstance(tool, Mapping) else None
    if kind not in ("function", "custom"):
        raise InputError(f"tools[{number}]", "only tools that the client runs are supported here.", "function, custom")
    inner = {name: value for name, value in tool.items() if name != "type" and value is not None}
    return {"type": kind, kind: inner}


def _tool_choice(choice: Any) -> Any:
    if isinstance(choice, str):
        return choice
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    if kind not in ("function", "custom"):
        raise InputError("tool_choice", "this is not a choice.", "auto, required, none, or a function by name")
    return {"type": kind, kind: {"name": choice.get("name")}}


def _text_format(text: Any) -> dict[str, Any]:
    if text is None:
        return {}
    form = text.get("format") if isinstance(text, Mapping) else None
    out = {"verbosity": text["verbosity"]} if isinstance(text, Mapping) and text.get("verbosity") else {}
    if form is None or form == {"type": "text"}:
        return out
    if isinstance(form, Mapping) and form.get("type") == "json_object":
        return out | {"response_format": dict(form)}
    if isinstance(form, Mapping) and form.get("type") == "json_schema":
        schema = {name: value for name, value in form.items() if name != "type"}
        return out | {"response_format": {"type": "json_schema", "json_schema": schema}}
    raise InputError("text.format", "this is not a format.", "text, json_object or json_schema")


def _listed(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(where, "this is missing or not a list.", "a text or a list")
    return value
