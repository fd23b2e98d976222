"""Whole answers in formats that only another proxy shows us: completions, Anthropic's messages, OpenAI's responses.

Every string in what the model made is a text to be checked, whatever field it stands in: an item that nobody here has
heard of is read like any other. Names, ids, addresses and signatures are none.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from groundwire.errors import VerificationError
from groundwire.gateway import responses_format
from groundwire.gateway.checking import Exchange, check_completion, require_room
from groundwire.gateway.leaving import WORD, Path, field_name, replaced, silent
from groundwire.gateway.logprobs import spelled_entries, spelled_words

# What a string may be that is no text, by the name that it goes by. Of another form it is one all the same.
_NAMES = ("type", "id", "call_id", "item_id", "status", "role", "name", "server_label", "tool_use_id", "phase",
          "finish_reason", "stop_reason", "url", "uri", "signature", "encrypted_content", "file_id", "container_id",
          "approval_request_id")  # fmt: skip
_BLOBS = ("data", "result", "b64_json")

# The parts of a message that there are. In one of another kind, what stands for what is not known.
_PARTS = ("text", "output_text", "refusal", "thinking", "redacted_thinking", "reasoning_text", "summary_text",
          "tool_use")  # fmt: skip

# What a response repeats of its request, as objects or lists; `instructions` is a text there.
_ECHOED = ("tools", "tool_choice", "metadata", "text", "reasoning", "prompt", "conversation")
_BY_OFFSET = ("annotations", "citations")


def check_answer(exchange: Exchange, answer: dict[str, Any]) -> dict[str, Any]:
    """A whole answer in any format, as it may leave, its reports kept. Raises: VerificationError; UpstreamError."""
    choices = answer.get("choices")
    if isinstance(choices, list) and all(isinstance(choice, dict) and "message" in choice for choice in choices):
        return check_completion(exchange, answer)
    made = _made(answer)
    found = list(_texts(answer[made], (made,)))
    require_room(exchange, sum(len(text) for _, text, _ in found))
    checked: dict[str, Any] = answer
    blocked, touched = None, set[Path]()
    for path, text, as_json in found:
        part = exchange.begin(0, field_name(path))
        released = part.finish(text)
        blocked = blocked or part.blocked
        if part.edited and not part.stopped:
            checked = replaced(checked, path, _read(released) if as_json else released)
            touched.add(path[:-1])
    exchange.settle()
    if exchange.mode == "annotate":
        return answer
    if blocked:
        for part in exchange.parts:
            part.instead = blocked
        checked = _instead(answer, blocked)
    else:
        checked = {**checked, made: _settled(checked[made], (made,), touched)}
    echoed = [name for name in _ECHOED if isinstance(checked.get(name), Mapping | list)]
    return exchange.leaving.frame(checked, passed=(made, *(["instructions", *echoed] if made == "output" else ())))


def _made(answer: Mapping[str, Any]) -> str:
    """The field that holds what the model made. Raises: VerificationError."""
    for name in ("choices", "content", "output"):
        told = name != "content" or answer.get("type") == "message"
        if told and isinstance(made := answer.get(name), list) and all(isinstance(each, Mapping) for each in made):
            return name
    raise VerificationError("This answer is in a format that cannot be checked.")


def _texts(value: Any, at: Path) -> Iterator[tuple[Path, str, bool]]:
    """Every text, its place, and whether it is JSON there. Raises: VerificationError for what cannot be read."""
    if isinstance(value, str):
        if value and not _said_by_name(at[-1], value):
            yield at, value, False
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, (*at, number))
    elif isinstance(value, Mapping):
        _require_known(value, at)
        for name, inner in value.items():
            if not WORD.fullmatch(str(name)):
                raise VerificationError("An object of which the fields have sentences for names cannot be checked.")
            if value.get("type") == "tool_use" and name == "input":
                yield (*at, name), json.dumps(inner, ensure_ascii=False), True
            elif name != "logprobs":
                yield from _texts(inner, (*at, name))


def _said_by_name(name: str | int, value: str) -> bool:
    if name in _BLOBS:
        return silent("signature", value)
    return name in _NAMES and silent(str(name), value)


def _require_known(value: Mapping[str, Any], at: Path) -> None:
    """Raises: VerificationError for a part of a message or of reasoning that is of an unknown kind."""
    part = (at[0] == "content" and len(at) == 2) or (len(at) == 4 and at[2] in ("content", "summary"))
    if part and value.get("type") not in _PARTS:
        raise VerificationError(f"A block of the type {value.get('type')!r:.80} cannot be checked.")


def _settled(value: Any, at: Path, touched: set[Path]) -> Any:
    """What was checked without what spells out or cites, by its place, another text than the one that leaves.

    Bare numbers in a list may be the tokens of one.
    """
    if isinstance(value, list):
        numbers = any(isinstance(each, int | float) for each in value)
        return [] if numbers else [_settled(each, (*at, number), touched) for number, each in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    out = {name: _settled(inner, (*at, name), touched) for name, inner in value.items() if name != "logprobs"}
    if at in touched:
        out |= {name: [] for name in _BY_OFFSET if out.get(name)}
    if "logprobs" in value:
        given, text = value["logprobs"], out.get("text")
        if isinstance(given, Mapping):
            out["logprobs"] = spelled_words(given, text)
        else:
            out["logprobs"] = spelled_entries(given, text) or ([] if isinstance(given, list) else None)
    return out


def _read(released: str) -> Any:
    try:
        return json.loads(released)
    except ValueError:
        raise VerificationError("What is left of a tool's input is no JSON any longer.") from None


def _instead(answer: Mapping[str, Any], said: str) -> dict[str, Any]:
    """The answer that a rule's message takes the place of."""
    if "choices" in answer:
        choices = [
            {"index": number, "text": said, "finish_reason": "content_filter", "logprobs": None}
            for number, _ in enumerate(answer["choices"])
        ]
        return {**answer, "choices": choices}
    if answer.get("type") == "message":
        return {**answer, "content": [{"type": "text", "text": said}], "stop_reason": "refusal"}
    item = responses_format.message_item(responses_format.new_id("msg"), [responses_format.text_part(said)])
    return {**answer, "output": [item], "status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
