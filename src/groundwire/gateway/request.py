"""A chat request's body → what the upstream is asked, and what the answer is checked against.

The `groundwire` field is read and taken out; evidence blocks become plain text; all else passes untouched.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, cast

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request

from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.evidence import Document, documents_of
from groundwire.gateway.schemas import Extension
from groundwire.gateway.threads import in_thread
from groundwire.rules import available

MAX_CHOICES = 128

# Objects and lists in each other. Schemas of tools need about thirty.
MAX_DEPTH = 128

# Larger bodies are parsed on a worker thread.
LARGE = 32 * 1024  # bytes

# A body that comes in drops holds a place that others wait for.
BODY_WITHIN = 30.0  # seconds

Mode = Literal["hold", "annotate", "off"]
_STRICTNESS: dict[str, int] = {"off": 0, "annotate": 1, "hold": 2}
_FIELDS = tuple(Extension.model_fields)

_EVIDENCE_PARTS = ("grounding_source", "query", "guarded_text", "guard_content")


@dataclass(frozen=True)
class Asked:
    """One chat request, read. `traits` is what rules and the store may know of it: no messages, no secrets."""

    body: dict[str, Any]
    mode: Mode = "hold"
    deadline: float | None = None
    documents: tuple[Document, ...] = ()
    question: str | None = None
    traits: dict[str, Any] = field(default_factory=dict)
    packs: tuple[str, ...] = ()

    @property
    def model(self) -> str | None:
        return self.body.get("model")


async def read_body(request: Request) -> bytes:
    """The body, at most `limits.body_mb` of it. Raises: HTTPException 413, or 408 for one that does not come."""
    most = int(request.app.state.groundwire.config.limits.body_mb * 1024 * 1024)
    too_large = HTTPException(413, f"The body is larger than {most} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise too_large
    body = bytearray()
    try:
        with anyio.fail_after(BODY_WITHIN):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise too_large
    except TimeoutError:
        raise HTTPException(408, f"The body did not come within {BODY_WITHIN:g} s.") from None
    return bytes(body)


async def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object; a large one is parsed on a worker thread. Raises: InputError, and as `read_body`."""
    body = await read_body(request)
    return parse(body) if len(body) <= LARGE else await in_thread(parse, body)


def parse(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises: InputError."""

    def constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not JSON")

    try:
        value = json.loads(body, parse_constant=constant)
        if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
            raise RecursionError
        if rb"\u" in body:  # the only way in for half a surrogate pair, which no later step could write down
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise InputError("body", "it is nested too deeply.", f"at most {MAX_DEPTH} levels") from None
    except UnicodeEncodeError:
        raise InputError("body", "half a surrogate pair is not text.", "Unicode text") from None
    except ValueError as error:
        raise InputError("body", f"this is not JSON ({error}).", "a JSON object") from None
    if not isinstance(value, dict):
        raise InputError("body", f"this is a JSON {_kind(value)}.", "a JSON object")
    return value


def _depth(value: Any) -> int:
    """How deep it is nested, found without recursion."""
    depth, level = 0, [value]
    while level := [
        inner
        for outer in level
        if isinstance(outer, dict | list)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
        if isinstance(inner, dict | list)
    ]:
        depth += 1
    return depth + 1


def asked(body: Mapping[str, Any], config: Config, *, evidence: Sequence[Any] | None = None) -> Asked:
    """Read a chat request. `evidence`: the messages in their first form, where another format marks more in them.

    Raises: InputError that names the field.
    """
    given = _extension(body.get("groundwire"))
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise InputError("messages", "it is missing or empty.", "a list of messages")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise InputError(f"messages[{number}]", "this is not a message.", 'an object with "role" and "content"')
    _check_fields(body)
    known_graphs(given.get("knowledge"), config)
    mode, packs = _mode(given.get("mode"), config), _packs(given.get("rules"))
    documents, question = documents_of(evidence or messages, given) if mode != "off" else ((), None)
    upstream = {name: value for name, value in body.items() if name != "groundwire"}
    upstream["messages"] = [_plain(message) for message in messages]
    deadline = _deadline(given.get("deadline_ms"), config)
    return Asked(upstream, mode, deadline, documents, question, traits_of(body), packs)


def traits_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What rules may ask about a request: its scalar fields and its metadata."""
    return {
        name: value
        for name, value in body.items()
        if isinstance(value, str | int | float | bool) or (name == "metadata" and isinstance(value, dict))
    }


def known_graphs(names: Any, config: Config) -> None:
    """Graphs that a request may name: the configured ones, which are used in any case. Never a path.

    Raises: InputError.
    """
    named = [names] if isinstance(names, str) else names or []
    known = [source.name for source in config.knowledge]
    if not isinstance(named, list) or not all(name in known for name in named):
        listed = ", ".join(known) or "none; see knowledge: in groundwire.yaml"
        raise InputError("knowledge", "this is not a configured graph.", f"a name of one ({listed})")


def _extension(given: Any) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InputError("groundwire", f"this is a JSON {_kind(given)}.", "an object")
    if unknown := sorted(set(given) - set(_FIELDS)):
        raise InputError(f"groundwire.{unknown[0]:.80}", "this field is not known.", ", ".join(_FIELDS))
    return given


def _check_fields(body: Mapping[str, Any]) -> None:
    model, stream, n = body.get("model"), body.get("stream"), body.get("n")
    if model is not None and (not isinstance(model, str) or not model):
        raise InputError("model", f"this is a JSON {_kind(model)}.", "the name of a model")
    if stream is not None and not isinstance(stream, bool):
        raise InputError("stream", f"this is a JSON {_kind(stream)}.", "true or false")
    if n is not None and (not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MAX_CHOICES):
        raise InputError("n", "this is not a number of choices.", f"1 to {MAX_CHOICES}")


def _packs(names: Any) -> tuple[str, ...]:
    """Packs that ship, by name, and never a path: they are applied beside the configured ones. Raises: InputError."""
    if not names:
        return ()
    named, known = [names] if isinstance(names, str) else names, available()
    if not isinstance(named, list) or not all(name in known for name in named):
        raise InputError("groundwire.rules", "this is not a pack that ships.", f"names among {', '.join(known)}")
    return tuple(dict.fromkeys(named))


def _mode(wanted: Any, config: Config) -> Mode:
    if wanted is None:
        return config.mode
    if not isinstance(wanted, str) or wanted not in _STRICTNESS:
        raise InputError("groundwire.mode", "this is not a mode.", "hold, annotate or off")
    if _STRICTNESS[wanted] < _STRICTNESS[config.mode]:
        stricter = ", ".join(mode for mode in _STRICTNESS if _STRICTNESS[mode] >= _STRICTNESS[config.mode])
        raise InputError("groundwire.mode", f'this server does not allow "{wanted}".', stricter)
    return cast(Mode, wanted)


def _deadline(wanted: Any, config: Config) -> float:
    if wanted is None:
        return config.deadline_ms / 1000
    if not isinstance(wanted, int | float) or isinstance(wanted, bool) or not wanted >= 1:
        raise InputError("groundwire.deadline_ms", "this is not a number of milliseconds.", "a number from 1")
    return min(float(wanted), config.deadline_ms) / 1000


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    """The message as a provider understands it: evidence blocks are text to the model."""
    content = message.get("content")
    if not isinstance(content, list):
        return message
    return {**message, "content": [_plain_part(part) for part in content]}


def _plain_part(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if part.get("type") in _EVIDENCE_PARTS or "guardContent" in part:
        return {"type": "text", "text": _words(part)}
    return {name: value for name, value in part.items() if name != "qualifiers"}


def _words(part: Mapping[str, Any]) -> str:
    """The text of an evidence block, in any of the forms that it comes in."""
    at: Any = part
    while isinstance(at, Mapping):
        at = next((at[key] for key in ("text", "guard_content", "guardContent") if key in at), None)
    if not isinstance(at, str):
        raise InputError("messages", f"a {part.get('type') or 'guardContent'} block has no text.", '"text": a string')
    return at


def _kind(value: Any) -> str:
    names: Sequence[tuple[type, str]] = (
        (bool, "boolean"), (str, "string"), (int, "number"), (float, "number"), (list, "array"), (dict, "object")
    )  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "null")
