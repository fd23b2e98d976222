"""The sentences of a passage, each with the words that stand before it."""

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from groundwire.contrast.reading import Reading, cut, read
from groundwire.model import Evidence

_LONG = 4000  # characters of a passage; a longer one is not kept
_KEPT = 512
_NEAR = 4  # sentences; with the first of the passage they say who "she" or "the company" may be


class Statement(NamedTuple):
    """A sentence of a passage; `before` are the words of those that stand before it and say of whom it speaks."""

    passage: Evidence
    reading: Reading
    before: frozenset[str]


_Parts = tuple[Reading, frozenset[str]]


def statements(evidence: Sequence[Evidence]) -> list[Statement]:
    """The sentences of passages, in order.

    What stands before a sentence may stand in the passage before, of the same source.
    """
    said = [_parts(passage.premise) for passage in evidence]
    before = _before(evidence)
    found = []
    for n, passage in enumerate(evidence):
        earlier = (
            frozenset[str]().union(*(reading.keys for reading, _ in said[before[n]])) if n in before else frozenset()
        )
        found += [Statement(passage, reading, words | earlier) for reading, words in said[n]]
    return found


def _before(evidence: Sequence[Evidence]) -> dict[int, int]:
    """For the number of a passage, that of the one before it."""
    order = [(passage.source, passage.span.start, n) for n, passage in enumerate(evidence) if passage.span]
    return {n: last for (source, _, last), (same, _, n) in pairwise(sorted(order)) if source == same}


def _parts(text: str) -> tuple[_Parts, ...]:
    """The sentences of one passage; those of a short one are remembered."""
    return _remembered(text) if len(text) <= _LONG else _stated(text)


def _stated(text: str) -> tuple[_Parts, ...]:
    found: list[_Parts] = []
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
