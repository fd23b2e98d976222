"""The values of JSON, each with its JSON Pointer (RFC 6901) and its place, read without recursion."""

import json
import re
from typing import NamedTuple

_LEXEME = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*+")|(?P<number>-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?)'
    r"|(?P<word>true|false|null)|(?P<mark>[\[\]{},:]))"
)
_DEEPEST = 200
# Pointers may take this many code points for each one read, and `_POINTING` more: else a long key over many leaves, or
# many keys over each, would take the square of the answer's length.
_POINTED = 32
_POINTING = 20_000


class Index(str):
    """A key that is a place in an array; "2023" in an object is none."""


class Leaf(NamedTuple):
    """A value: `value` as it reads, `start` and `end` in the text (inside the quotes of a string).

    `word` says that it is JSON's own true, false or null.
    """

    pointer: str
    keys: tuple[str, ...]
    value: str
    start: int
    end: int
    word: bool = False


class Read(NamedTuple):
    """What `read` found: `end` behind the value, or -1 where there is none; `reached` is how far it looked."""

    end: int
    reached: int
    leaves: tuple[Leaf, ...]
    cut_off: bool = False


class _Level:
    def __init__(self, opener: str, key: str) -> None:
        self.is_object = opener == "{"
        self.key = key
        self.index = 0
        self.pending: str | None = None
        self.expects = "first"


def read(text: str, at: int) -> Read:
    """Read the JSON object or array that begins at `text[at]`."""
    levels: list[_Level] = []
    leaves: list[Leaf] = []
    start, counted, pointing = at, 0, _POINTING
    while True:
        match = _LEXEME.match(text, at)
        if match is None:
            rest = text[at : at + 64].strip()
            cut = (
                not rest
                or (rest[0] == '"' and _unclosed(text, at))
                or (at + 64 > len(text) and re.fullmatch(r"-?[\d.eE+-]*|[a-z]{1,4}", rest) is not None)
            )
            return Read(-1, len(text) if cut else at, (), cut)
        kind = match.lastgroup or ""
        lexeme = match[kind]
        begin, at = match.start(kind), match.end()
        if kind == "number" and at == len(text):
            return Read(-1, at, (), True)
        if not levels:
            levels.append(_Level(lexeme, ""))
            continue
        if not _step(levels, leaves, kind, lexeme, begin, at):
            return Read(-1, at, ())
        if len(leaves) > counted:
            counted += 1
            pointing -= len(leaves[-1].pointer)
            if pointing + _POINTED * (at - start) < 0:
                return Read(-1, at, ())
        if not levels:
            return Read(at, at, tuple(leaves))


def _unclosed(text: str, at: int) -> bool:
    return re.compile(r'[ \t\r\n]*"(?:[^"\\\x00-\x1f]|\\.)*+\\?\Z').match(text, at) is not None


def _step(levels: list[_Level], leaves: list[Leaf], kind: str, lexeme: str, begin: int, end: int) -> bool:
    """Take one lexeme in; False where JSON does not allow it."""
    top = levels[-1]
    expects = top.expects
    if kind == "mark" and lexeme in "]}":
        if (lexeme == "}") != top.is_object or expects not in ("first", "comma"):
            return False
        levels.pop()
        return True
    if expects == "comma":
        top.expects = "key" if top.is_object else "value"
        return lexeme == "," and kind == "mark"
    if expects == "colon":
        top.expects = "value"
        return lexeme == ":" and kind == "mark"
    if top.is_object and expects in ("first", "key"):
        top.pending = _decoded(lexeme) if kind == "string" else None
        top.expects = "colon"
        return top.pending is not None
    return _value(levels, leaves, kind, lexeme, begin, end)


def _value(levels: list[_Level], leaves: list[Leaf], kind: str, lexeme: str, begin: int, end: int) -> bool:
    top = levels[-1]
    key = top.pending if top.is_object and top.pending is not None else Index(top.index)
    top.index += 1
    top.expects = "comma"
    if kind == "mark":
        if lexeme not in "[{" or len(levels) >= _DEEPEST:
            return False
        levels.append(_Level(lexeme, key))
        return True
    keys = (*(level.key for level in levels[1:]), key)
    pointer = "".join("/" + k.replace("~", "~0").replace("/", "~1") for k in keys)
    if kind == "string":
        value = _decoded(lexeme)
        if value is None:
            return False
        leaves.append(Leaf(pointer, keys, value, begin + 1, end - 1))
    else:
        leaves.append(Leaf(pointer, keys, lexeme, begin, end, word=kind == "word"))
    return True


def _decoded(lexeme: str) -> str | None:
    try:
        return str(json.loads(lexeme))
    except ValueError:
        return None
