"""YAML that is data and nothing else, and that remembers where everything stood.

In: a YAML 1.2 file of at most 250 kB (configs, rule packs). Out: plain dicts, lists, text, numbers, booleans and None,
with the line and column of each. No tags, anchors, aliases, merge keys, several documents, duplicate keys or keys
that are not text: each ends in one line `file:line:column: what. Expected ...`. Hostile files end within a second.

Scalars follow the core schema of YAML 1.2.2 (section 10.3.2): `NO`, `on`, `off` and `yes` are text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from groundwire.errors import InputError
from groundwire.explain import explain, nearest

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_TOKENS", "Document", "explain", "nearest", "parse", "read"]

# The scanner is pure Python and needs up to 3 µs a character and 20 µs a token. These bounds keep the worst file
# under a second and leave room for about 100 rules in one file; a folder of files has no such bound.
MAX_BYTES = 250_000
MAX_TOKENS = 20_000
MAX_DEPTH = 50
MAX_DIGITS = 400  # Python refuses to read a few thousand

Loc = tuple[str | int, ...]
Place = tuple[int, int]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class Document:
    """What a YAML file holds (`data`), what it is called (`name`), and where each part of it stands in `text`."""

    def __init__(self, name: str, data: Any, values: dict[Loc, Place], keys: dict[Loc, Place], text: str = "") -> None:
        self.name, self.text, self.data = name, text, data
        self._values, self._keys = values, keys

    def where(self, loc: Sequence[str | int], *, key: bool = False) -> str:
        """`file:line:column` of the value at `loc` (of its key, with `key`).

        Of a path that leads nowhere, the nearest part that exists. Lines and columns count from 1.
        """
        if not self._values:  # not read from a file: settings given in Python, or by the environment
            return self.name
        line, column = self.place(loc, key=key)
        return f"{self.name}:{line}:{column}"

    def place(self, loc: Sequence[str | int], *, key: bool = False) -> Place:
        """Line and column, from 1, of the value at `loc`, or of its key."""
        path = self.known(loc)
        if key and path in self._keys and len(path) == len(loc):
            return self._keys[path]
        return self._values.get(path, (1, 1))

    def known(self, loc: Sequence[str | int]) -> Loc:
        """The part of `loc` that exists in the file. Parts that only a validator knows of are left out."""
        path: Loc = ()
        for part in loc:
            if (*path, part) in self._values:
                path = (*path, part)
        return path


def read(path: Path, error: type[InputError] = InputError) -> Document:
    """Read a YAML file (UTF-8). Raises `error` when it cannot be read or is not what this module accepts."""
    name = str(path)
    try:
        if not path.is_file():
            raise error(name, "there is no such file." if not path.exists() else "this is not a file.", "a YAML file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise error(name, f"cannot be read: {problem.strerror}.", "a readable YAML file") from problem
    try:
        text = content[:MAX_BYTES].decode("utf-8") if len(content) <= MAX_BYTES else ""
    except UnicodeDecodeError as problem:
        before = content[: problem.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise error(f"{name}:{line}:{column}", "this byte is not UTF-8.", "a file saved as UTF-8") from problem
    if len(content) > MAX_BYTES:
        raise error(f"{name}:1:1", "the file is too large.", f"at most {MAX_BYTES:,} bytes; split it")
    return parse(text, name, error)


def parse(text: str, name: str, error: type[InputError] = InputError) -> Document:
    """Parse YAML text; `name` stands for the file in positions and errors. Raises `error`."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise error(f"{name}:1:1", "the text is too large.", f"at most {MAX_BYTES:,} bytes; split it")
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _BoundedScanner
    builder = _Builder()
    try:
        for event in yaml.parse(text):
            builder.take(event)
    except _Refused as refused:
        raise error(_at(name, refused.mark), refused.what, refused.expected) from None
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = ", ".join(part for part in (problem.context, problem.problem) if part)
        raise error(_at(name, mark), f"this is not YAML: {what}.", "YAML 1.2") from None
    except ReaderError as problem:
        before = text[: problem.position]
        where = f"{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        raise error(where, f"character U+{ord(text[problem.position]):04X} is not allowed.", "printable text") from None
    except (YAMLError, ValueError, OverflowError, AssertionError, LookupError) as problem:
        # What the scanner lets through unwrapped, such as an escape beyond the last code point.
        raise error(_at(name, builder.last), f"this is not YAML: {problem}.", "YAML 1.2") from None
    return Document(name, builder.data, builder.values, builder.keys, text)


def _at(name: str, mark: StreamMark | None) -> str:
    return f"{name}:{mark.line + 1}:{mark.column + 1}" if mark is not None else f"{name}:1:1"


class _Refused(Exception):
    """The YAML is well formed, and holds what has no place in a config."""

    def __init__(self, mark: StreamMark | None, what: str, expected: str) -> None:
        self.mark, self.what, self.expected = mark, what, expected
        super().__init__(what)


class _BoundedScanner(Scanner):
    """Stops before what is costly: looking ahead over open brackets takes time that grows with the square of their
    depth, reading a tag with the square of its length.
    """

    fetched = 0

    def fetch_more_tokens(self) -> Any:
        self.fetched += 1
        if self.fetched > MAX_TOKENS:
            raise _Refused(self.reader.get_mark(), "the file holds too many values.", "a shorter file; split it")
        return super().fetch_more_tokens()

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:
        if self.flow_level >= MAX_DEPTH:
            raise _too_deep(self.reader.get_mark())
        super().fetch_flow_collection_start(TokenClass, to_push)

    def fetch_tag(self) -> None:
        raise _Refused(self.reader.get_mark(), "tags (!...) are not used here.", "plain values, or quotes around text")

    def fetch_anchor(self) -> None:
        raise _Refused(self.reader.get_mark(), "anchors (&...) are not used here.", "the value itself")

    def fetch_alias(self) -> None:
        raise _Refused(self.reader.get_mark(), "aliases (*...) are not used here.", "the value itself, or quotes")

    def add_indent(self, column: int) -> bool:
        if len(self.indents) > MAX_DEPTH:
            raise _too_deep(self.reader.get_mark())
        return bool(super().add_indent(column))


def _too_deep(mark: StreamMark) -> _Refused:
    return _Refused(mark, "the values are nested too deeply.", f"at most {MAX_DEPTH} levels")


@dataclass
class _Open:
    """A collection whose end has not been read yet. `key` is what the next value of a mapping belongs to."""

    value: dict[str, Any] | list[Any]
    path: Loc
    key: str | None = None


class _Builder:
    """Takes the events of one document, one by one, without recursion."""

    def __init__(self) -> None:
        self.data: Any = None
        self.values: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.last: StreamMark | None = None
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        self.last = event.start_mark
        match event:
            case DocumentStartEvent():
                self._start_document(event)
            case NodeEvent():
                self._node(event)
            case CollectionEndEvent():
                self._open.pop()

    def _start_document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _Refused(event.start_mark, "a second document starts here.", "one document in a file")
        if event.tags or event.version not in (None, (1, 2)):
            raise _Refused(event.start_mark, "this directive is not used here.", "YAML 1.2 without tag directives")

    def _node(self, event: NodeEvent) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
            return
        if len(self._open) >= MAX_DEPTH:
            raise _too_deep(event.start_mark)
        collection: dict[str, Any] | list[Any] = [] if isinstance(event, SequenceStartEvent) else {}
        path = self._place(collection, event)
        self._open.append(_Open(collection, path))

    def _scalar(self, event: ScalarEvent) -> None:
        value = _resolve(event)
        top = self._open[-1] if self._open else None
        if top is None or not isinstance(top.value, dict) or top.key is not None:
            self._place(value, event)
            return
        if not isinstance(value, str):
            raise _Refused(event.start_mark, f"the key {_short(event.value)} is not text.", "quotes around the key")
        if value in top.value:
            line = self.keys[(*top.path, value)][0]
            raise _Refused(event.start_mark, f"{_short(value)}: this key stands already in line {line}.", "it once")
        top.key = value
        self.keys[(*top.path, value)] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _place(self, value: Any, event: NodeEvent) -> Loc:
        """Put a value where it belongs and note where it stood. Returns its path."""
        if not self._open:
            self.data = value
            path: Loc = ()
        else:
            top = self._open[-1]
            if isinstance(top.value, list):
                path = (*top.path, len(top.value))
                top.value.append(value)
            elif top.key is None:
                raise _Refused(event.start_mark, "this key is not text.", "text before the colon")
            else:
                path = (*top.path, top.key)
                top.value[top.key] = value
                top.key = None
        # A value left empty is marked where the next one starts; its key is where somebody would look for it.
        empty = isinstance(event, ScalarEvent) and event.style is None and not event.value and path in self.keys
        here = (event.start_mark.line + 1, event.start_mark.column + 1)
        self.values[path] = self.keys[path] if empty else here
        return path


def _short(text: str) -> str:
    return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}..."'


def _resolve(event: ScalarEvent) -> str | int | float | bool | None:
    text: str = event.value
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _Refused(event.start_mark, "the text holds half a surrogate pair.", "whole characters")
    if event.style is not None:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    # Long text is never a number; this keeps the patterns off it.
    if len(text) > MAX_DIGITS:
        if text.isascii() and text.isdigit():
            raise _Refused(event.start_mark, "the number is too long.", f"at most {MAX_DIGITS} digits, or quotes")
        return text
    if _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text) or _SPECIAL.fullmatch(text):
        return float(text.replace(".", "", 1) if _SPECIAL.fullmatch(text) else text)
    return text
