"""Words with their places: text whose every character knows where in the answer it stands."""

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from groundwire.model import Piece, Span

NOWHERE = -1
"""The place of a character that the answer does not have here (a name put in for a pronoun)."""

_UNEVEN = re.compile(r"\s{2,}|[^\S ]")


class Marked(NamedTuple):
    """Text, and for each of its characters the offset in the answer, or `NOWHERE`."""

    text: str
    places: "array[int]"

    def cut(self, start: int, end: int) -> "Marked":
        return Marked(self.text[start:end], self.places[start:end])

    def strip(self) -> "Marked":
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, max(left, len(self.text.rstrip())))

    def even(self) -> "Marked":
        """White space evened out: each run becomes one space, which is the answer's own where it was one already."""
        if _UNEVEN.search(self.text) is None:
            return self
        parts, done = [], 0
        for run in _UNEVEN.finditer(self.text):
            parts += [self.cut(done, run.start()), put_in(" ")]
            done = run.end()
        return joined([*parts, self.cut(done, len(self.text))])

    @property
    def span(self) -> Span:
        """The smallest stretch of the answer that holds every character that comes from it."""
        own = [place for place in self.places if place != NOWHERE]
        return Span(min(own), max(own) + 1) if own else Span(0, 0)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(_pieces(self.places))


def _pieces(places: "array[int]") -> Iterator[Piece]:
    at = 0
    while at < len(places):
        end = at + 1
        if places[at] != NOWHERE:
            while end < len(places) and places[end] == places[at] + end - at:
                end += 1
            yield Piece(at, places[at], end - at)
        at = end


def taken(source: str, ranges: Iterable[tuple[int, int]]) -> Marked:
    """The stretches of `source`, one after another, as they stand."""
    places = array("l")
    parts = []
    for start, end in ranges:
        parts.append(source[start:end])
        places.extend(range(start, end))
    return Marked("".join(parts), places)


def put_in(text: str) -> Marked:
    """Words that come from elsewhere."""
    return Marked(text, array("l", [NOWHERE]) * len(text))


def joined(parts: Iterable[Marked]) -> Marked:
    texts, places = [], array("l")
    for part in parts:
        texts.append(part.text)
        places.extend(part.places)
    return Marked("".join(texts), places)


def small(words: Marked) -> Marked:
    """With a small first letter, for a first word that now stands further back; the letter is not the answer's own."""
    first = words.text[:1]
    if not first.isupper() or words.text[1:2].isupper() or len(first.lower()) != 1:
        return words
    return Marked(first.lower() + words.text[1:], array("l", [NOWHERE]) + words.places[1:])
