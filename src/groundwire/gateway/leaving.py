"""What of an answer is text to be checked, and what may leave beside it.

Texts are found whatever form they come in: as strings, as parts, as objects. Beside them leaves what is known by its
name (ids, counts, reasons) or says nothing in words (numbers, truth values). All else stays behind in hold mode, and
its name is told.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from groundwire.errors import UpstreamError
from groundwire.gateway.logprobs import spelled

# What a delta or a message says in words. Each is checked as prose, and its verified prefixes may leave.
PROSE = ("content", "refusal", "reasoning_content", "reasoning")

Path = tuple[str | int, ...]

# Strings of an answer, a chunk or a message that are about it and not of it. They are short, and without a blank.
_ABOUT = ("id", "object", "type", "role", "model", "created", "system_fingerprint", "service_tier", "provider",
          "finish_reason", "native_finish_reason", "stop_reason", "stop_sequence", "status", "truncation", "user",
          "safety_identifier", "prompt_cache_key", "previous_response_id")  # fmt: skip
_SHORT = re.compile(r"\S{1,256}")

# Objects of an answer or a choice of which that may leave which says nothing in words.
_COUNTS = ("usage", "citations", "content_filter_results", "prompt_filter_results", "incomplete_details")

# Identifiers, names of tools and grades such as "safe": no blank, so no statement.
WORD = re.compile(r"[\w.:/+@$-]{1,128}")
_URL = re.compile(r"https?://[^\s<>\"]{1,2048}")

# What only a machine can read, and the provider wants back as it was.
_OPAQUE = ("signature", "thought_signature", "encrypted_content")
_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]{16,}")

# Where providers put signatures of tool calls.
_EXTRA = ("extra_content", "provider_specific_fields")


def text_of(value: Any) -> str:
    """The text in a place that holds one: parts are joined, any other object is written as JSON."""
    if isinstance(value, list):
        return "".join(part_text(part) or "" for part in value)
    if isinstance(value, Mapping) and (text := part_text(value)) is not None:
        return text
    return written(value)


def part_text(part: Any) -> str | None:
    """The text of a content part; None for one that is something else."""
    if isinstance(part, Mapping):
        part = part.get("refusal") if part.get("type") == "refusal" else part.get("text")
    return part if isinstance(part, str) else None


def written(value: Any) -> str:
    """Arguments as the formats have them, a string of JSON, where a server sends the object itself."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def texts_of(message: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every text that the model wrote in a message, with its place in it."""
    for name in PROSE:
        if (value := message.get(name)) and (text := text_of(value)):
            yield (name,), text
    call = message.get("function_call")
    if isinstance(call, Mapping) and call.get("arguments") is not None:
        yield ("function_call", "arguments"), written(call["arguments"])
    for number, call in enumerate(calls_of(message)):
        for kind, name in (("function", "arguments"), ("custom", "input")):
            given = call.get(kind)
            if isinstance(given, Mapping) and given.get(name) is not None:
                yield ("tool_calls", number, kind, name), written(given[name])


def calls_of(message: Mapping[str, Any]) -> Sequence[Any]:
    """The tool calls of a message or a delta, none where they are no list of objects."""
    calls = message.get("tool_calls")
    return calls if isinstance(calls, list) and all(isinstance(call, dict) for call in calls) else ()


def replaced(value: Any, path: Path, text: Any) -> Any:
    """`value` with what stands at `path` replaced. What is around it is copied, not changed."""
    if not path:
        return text
    copy = list(value) if isinstance(value, Sequence) else dict(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], text)  # type: ignore[index]
    return copy


def field_name(path: Path) -> str:
    return ".".join(map(str, path))


def well_formed(choices: Any, holder: str) -> list[dict[str, Any]]:
    """The choices of an answer (`holder` message) or a chunk (delta). Raises: UpstreamError where they are none."""
    listed = [] if choices is None else choices
    if isinstance(listed, list) and all(
        isinstance(choice, dict)
        and isinstance(choice.get(holder), dict | None)
        and isinstance(choice.get("index"), int | None)
        for choice in listed
    ):
        return listed
    told = f"The upstream's choices are not made of a {holder} each."
    raise UpstreamError(told, body={"message": told, "code": "upstream_malformed"})


def received(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer or a chunk without a report, which only we make, and without a usage that is none."""
    usage = answer.get("usage")
    odd = ("groundwire",) if isinstance(usage, Mapping) or usage is None else ("groundwire", "usage")
    return {name: value for name, value in answer.items() if name not in odd}


class Leaving:
    """What may leave of one answer in hold mode. `withheld` gets the names of what may not."""

    def __init__(self, withheld: set[str]) -> None:
        self._withheld = withheld

    def frame(self, answer: Mapping[str, Any], *, passed: Iterable[str] = ()) -> dict[str, Any]:
        """An answer or a chunk without what it says. `passed` is known to its format, and leaves as it is."""
        return self._kept(answer, lambda name, value: value if name in passed else self._about(name, value))

    def choice(self, choice: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
        """A choice around its checked `message`. Logprobs leave where they spell what leaves."""
        return self._kept(choice, lambda name, value: self._of_choice(name, value, message))

    def message(self, message: Mapping[str, Any], *, edited: bool) -> dict[str, Any]:
        """A message (or what of it is no prose) whose texts were checked and put in their places as strings.

        Annotations cite by offset: they leave while offsets hold, without the words that they quote.
        """
        return self._kept(message, lambda name, value: self._of_message(name, value, edited))

    def note_unread(self, message: Mapping[str, Any]) -> None:
        """Name the texts of which some parts are something else, which stays behind."""
        for name in PROSE:
            if isinstance(value := message.get(name), list) and any(part_text(part) is None for part in value):
                self._withheld.add(name)

    def _kept(self, given: Mapping[str, Any], keep: Any) -> dict[str, Any]:
        out = {}
        for name, value in given.items():
            kept = keep(name, value)
            if kept is not None or value is None:
                out[name] = kept
            if kept != value and value and name != "message" and WORD.fullmatch(name):
                self._withheld.add(name)
        return out

    def _about(self, name: str, value: Any) -> Any:
        if not value:
            return value
        if isinstance(value, str):
            return value if name in _ABOUT and _SHORT.fullmatch(value) else None
        if isinstance(value, Mapping | list):
            return figures(value) if name in _COUNTS else None
        return value

    def _of_choice(self, name: str, value: Any, message: Mapping[str, Any]) -> Any:
        match name:
            case "message":
                return message
            case "logprobs":
                return spelled(value, message)
            case "finish_reason" if value is not None:
                return value if isinstance(value, str) and WORD.fullmatch(value) else "stop"
        return self._about(name, value)

    def _of_message(self, name: str, value: Any, edited: bool) -> Any:
        if not value:
            return value
        match name:
            case "tool_calls":
                return [_call(call) for call in calls_of({name: value})] or None
            case "function_call":
                return _function(value, "arguments") if isinstance(value, Mapping) else None
            case "annotations":
                return None if edited or not isinstance(value, list) else figures(value)
        if name in PROSE and isinstance(value, str):
            return value
        return self._about(name, value)


def figures(value: Any) -> Any:
    """Of an object what says nothing in words: numbers, truth values, single words, addresses and signatures."""
    if isinstance(value, Mapping):
        return {
            name: figures(inner) for name, inner in value.items() if WORD.fullmatch(str(name)) and silent(name, inner)
        }
    if isinstance(value, list):
        # Bare words in a list are a sentence, and bare numbers may be the tokens of one.
        return [figures(each) for each in value if isinstance(each, Mapping) or (each and silent("url", each))]
    return value


def silent(name: str, value: Any) -> bool:
    """Whether a string under this name says nothing in words. What is no string is not asked about."""
    if name in ("url", "uri"):
        return isinstance(value, str) and bool(_URL.fullmatch(value))
    form = _BASE64 if name in _OPAQUE else WORD
    return not isinstance(value, str) or bool(form.fullmatch(value))


def _call(call: Mapping[str, Any]) -> dict[str, Any]:
    """A call of a tool, its text checked: what the format knows of it, and what signs it."""
    out: dict[str, Any] = {
        name: value
        for name in ("index", "id", "type")
        if name in call and isinstance(value := call[name], str | int | None) and silent(name, value)
    }
    for kind, text in (("function", "arguments"), ("custom", "input")):
        if isinstance(given := call.get(kind), Mapping):
            out[kind] = _function(given, text)
    return out | {name: figures(call[name]) for name in _EXTRA if isinstance(call.get(name), Mapping)}


def _function(given: Mapping[str, Any], text: str) -> dict[str, Any]:
    names = (name for name in ("name", text) if isinstance(given.get(name), str))
    return {name: given[name] for name in names if name == text or WORD.fullmatch(given[name])}
