"""Anthropic's message format → OpenAI's chat format, and back. What has no counterpart is refused, never dropped.

Thinking blocks of earlier turns are the exception: only the model that signed them can read them.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from groundwire.errors import InputError, UpstreamError
from groundwire.gateway.leaving import calls_of, text_of, written

# Fields with another name or form in OpenAI's format. All others pass untouched.
_OWN = ("messages", "system", "tools", "tool_choice", "stop_sequences", "metadata")
_CHOICES = {"auto": "auto", "any": "required", "none": "none"}
_STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}


def to_openai(body: Mapping[str, Any]) -> dict[str, Any]:
    """A chat request. Raises: InputError that names the field."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise InputError("messages", "it is missing or empty.", "a list of messages")
    if body.get("n") not in (None, 1):
        raise InputError("n", "a message has one answer.", "1, or nothing")
    out = {name: value for name, value in body.items() if name not in _OWN}
    out["messages"] = [*_system(body.get("system")), *(m for n, given in enumerate(messages) for m in _turn(given, n))]
    if body.get("stop_sequences"):
        out["stop"] = body["stop_sequences"]
    if isinstance(body.get("metadata"), Mapping) and body["metadata"].get("user_id"):
        out["user"] = body["metadata"]["user_id"]
    if body.get("tools"):
        out["tools"] = [_tool(tool, number) for number, tool in enumerate(_listed(body["tools"], "tools"))]
    if body.get("tool_choice"):
        out |= _tool_choice(body["tool_choice"])
    if body.get("stream"):
        out["stream_options"] = {"include_usage": True}
    return out


def evidence_of(body: Mapping[str, Any]) -> list[Any]:
    """The messages with their documents and tool results as Anthropic marks them, the system text among them."""
    system = body.get("system")
    return [*([{"role": "system", "content": system}] if system else []), *body["messages"]]


def to_message(completion: Mapping[str, Any]) -> dict[str, Any]:
    """Anthropic's Message. Raises: UpstreamError for a tool call whose arguments are not JSON."""
    choice = completion["choices"][0]
    said = choice.get("message") or {}
    usage = completion.get("usage") or {}
    content: list[dict[str, Any]] = [
        {"type": "text", "text": text_of(said[name])} for name in ("content", "refusal") if said.get(name)
    ]
    content += [{**tool_use(call), "input": _arguments(call)} for call in calls_of(said)]
    return {
        "id": completion.get("id", ""),
        "type": "message",
        "role": "assistant",
        "model": completion.get("model", ""),
        "content": content,
        "stop_reason": stop_reason(choice.get("finish_reason"), said),
        "stop_sequence": None,
        "usage": {"input_tokens": usage.get("prompt_tokens", 0), "output_tokens": usage.get("completion_tokens", 0)},
    }


def tool_use(call: Mapping[str, Any]) -> dict[str, Any]:
    """The block that opens a tool call, without its input."""
    function = call.get("function") or {}
    return {"type": "tool_use", "id": call.get("id", ""), "name": function.get("name", ""), "input": {}}


def stop_reason(finish: Any, said: Mapping[str, Any]) -> str:
    return "refusal" if said.get("refusal") else _STOP_REASONS.get(finish, "end_turn")


def _arguments(call: Mapping[str, Any]) -> Any:
    try:
        return json.loads(written((call.get("function") or {}).get("arguments")) or "{}")
    except ValueError:
        raise UpstreamError("The arguments of a tool call are not JSON.") from None


def _system(system: Any) -> Iterator[dict[str, Any]]:
    if system:
        parts = [_text_block(block, f"system[{n}]") for n, block in enumerate(_blocks(system, "system"))]
        yield {"role": "system", "content": "\n".join(part["text"] for part in parts)}


def _turn(given: Any, number: int) -> Iterator[dict[str, Any]]:
    """One message of Anthropic's as one or more of OpenAI's: tool results are messages of their own there."""
    where = f"messages[{number}]"
    role = given.get("role") if isinstance(given, Mapping) else None
    if role not in ("user", "assistant"):
        raise InputError(where, "this is not a message.", 'an object with "role": user or assistant')
    blocks = _blocks(given.get("content"), where)
    if role == "assistant":
        yield _said(blocks, where)
        return
    parts = []
    for at, block in enumerate(blocks):
        place = f"{where}.content[{at}]"
        if block.get("type") == "tool_result":
            yield {"role": "tool", "tool_call_id": block.get("tool_use_id"), "content": _flat(block, place)}
        elif block.get("type") == "image":
            parts.append({"type": "image_url", "image_url": {"url": _image_url(block, place)}})
        else:
            parts.append(_text_block(block, place))
    if parts:
        yield {"role": "user", "content": parts}


def _said(blocks: list[Any], where: str) -> dict[str, Any]:
    texts, calls = [], []
    for at, block in enumerate(blocks):
        kind = block.get("type")
        if kind == "tool_use":
            function = {"name": block.get("name"), "arguments": json.dumps(block.get("input") or {})}
            calls.append({"id": block.get("id"), "type": "function", "function": function})
        elif kind not in ("thinking", "redacted_thinking"):
            texts.append(_text_block(block, f"{where}.content[{at}]")["text"])
    return {"role": "assistant", "content": "".join(texts) or None, **({"tool_calls": calls} if calls else {})}


def _text_block(block: Any, where: str) -> dict[str, Any]:
    """A block that is text to the model: text, a document in text, a search result, evidence."""
    kind, text = block.get("type"), block.get("text")
    if kind == "document":
        source = _source(block)
        text = source.get("data") if source.get("type") == "text" else None
    elif kind == "search_result":
        text = _flat(block, where)
    elif kind not in ("text", "grounding_source", "query", "guarded_text"):
        raise InputError(
            where, f"a block of the type {kind!r:.80} is not supported here.", "text, image or tool blocks"
        )
    if not isinstance(text, str):
        raise InputError(where, "this block has no text.", "text")
    return {"type": "text", "text": text}


def _flat(block: Mapping[str, Any], where: str) -> str:
    """The text of a block's own content."""
    inner = _blocks(block.get("content") or "", where)
    return "\n".join(_text_block(piece, where)["text"] for piece in inner)


def _image_url(block: Mapping[str, Any], where: str) -> str:
    source = _source(block)
    if source.get("type") == "base64":
        return f"data:{source.get('media_type')};base64,{source.get('data')}"
    if source.get("type") == "url" and isinstance(source.get("url"), str):
        return str(source["url"])
    raise InputError(where, "this image has no source that can be passed on.", "base64 or url")


def _source(block: Mapping[str, Any]) -> Mapping[str, Any]:
    source = block.get("source")
    return source if isinstance(source, Mapping) else {}


def _blocks(content: Any, where: str) -> list[Any]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    blocks = _listed(content, where)
    if not all(isinstance(block, Mapping) for block in blocks):
        raise InputError(where, "its content is not made of blocks.", "a string or a list of blocks")
    return blocks


def _listed(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(where, "this is not a list.", "a list")
    return value


def _tool(tool: Any, number: int) -> dict[str, Any]:
    where = f"tools[{number}]"
    if not isinstance(tool, Mapping) or tool.get("type", "custom") != "custom" or "input_schema" not in tool:
        raise InputError(where, "only tools that the client runs are supported here.", "name, input_schema")
    function = {"name": tool.get("name"), "parameters": tool["input_schema"]}
    if tool.get("description"):
        function["description"] = tool["description"]
    return {"type": "function", "function": function}


def _tool_choice(choice: Any) -> dict[str, Any]:
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    chosen: str | dict[str, Any]
    if kind == "tool":
        chosen = {"type": "function", "function": {"name": choice.get("name")}}
    elif isinstance(kind, str) and kind in _CHOICES:
        chosen = _CHOICES[kind]
    else:
        raise InputError("tool_choice", "this is not a choice.", "auto, any, tool or none")
    parallel = {"parallel_tool_calls": False} if choice.get("disable_parallel_tool_use") else {}
    return {"tool_choice": chosen, **parallel}
