"""The sentences of a passage, each with the words that stand before it."""

from collections import deque
from functools import lru_cache
from typing import NamedTuple

from groundwire.contrast.reading import Reading, cut, read
from groundwire.model import Evidence

_LONG = 4000  # characters of a passage; a longer one is not kept
_KEPT = 2048
_NEAR = 4  # sentences; with the first of the passage they say who "she" or "the company" may be


class Statement(NamedTuple):
    """A sentence of a passage; `before` are the words of those that stand before it and say of whom it speaks."""

    passage: Evidence
    reading: Reading
    before: frozenset[str]


def statements(passage: Evidence) -> list[Statement]:
    """The sentences of a passage, in order; those of short passages are remembered."""
    text = passage.premise
    read_lately = _remembered(text) if len(text) <= _LONG else _stated(text)
    return [Statement(passage, *parts) for parts in read_lately]


def _stated(text: str) -> tuple[tuple[Reading, frozenset[str]], ...]:
    found: list[tuple[Reading, frozenset[str]]] = []
    near: deque[frozenset[str]] = deque(maxlen=_NEAR)
    first: frozenset[str] = frozenset()
    for sentence in cut(text):
        if (reading := read(sentence.strip())) is None:
            continue
        found.append((reading, first.union(*near)))
        first = first or reading.keys
        near.append(reading.keys)
    return tuple(found)


_remembered = lru_cache(maxsize=_KEPT)(_stated)
