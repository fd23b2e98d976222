"""Words with their places: text that knows of each of its stretches where in the answer it stands."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from groundwire.model import Piece, Span

_UNEVEN = re.compile(r"\s{2,}|[^\S ]")


class Marked(NamedTuple):
    """Text, and the stretches of it that the answer has, in order, as long as can be. The rest was put in."""

    text: str
    pieces: tuple[Piece, ...]

    def cut(self, start: int, end: int) -> "Marked":
        """`text[start:end]`, for 0 <= start <= end <= len(text)."""
        pieces = self.pieces
        if len(pieces) == 1:
            at, source, length = pieces[0]
            if at <= start < end <= at + length:
                return Marked(self.text[start:end], (Piece(0, source + start - at, end - start),))
        found = []
        first = bisect_right(pieces, start, key=_begin) - 1 if len(pieces) > 1 else 0
        for at, source, length in pieces[max(first, 0) :]:
            if at >= end:
                break
            left, right = max(at, start), min(at + length, end)
            if left < right:
                found.append(Piece(left - start, source + left - at, right - left))
        return Marked(self.text[start:end], tuple(found))

    def picked(self, ranges: Iterable[tuple[int, int]]) -> "Marked":
        """The stretches of `text` that lie in the ranges, which are in order and do not overlap."""
        texts: list[str] = []
        found: list[Piece] = []
        length = first = 0
        for start, end in ranges:
            texts.append(self.text[start:end])
            while first < len(self.pieces) and self.pieces[first].at + self.pieces[first].length <= start:
                first += 1
            for piece in self.pieces[first : bisect_right(self.pieces, end - 1, first, key=_begin)]:
                left, right = max(piece.at, start), min(piece.at + piece.length, end)
                _add(found, length + left - start, piece.source + left - piece.at, right - left)
            length += end - start
        return Marked("".join(texts), tuple(found))

    def strip(self) -> "Marked":
        left = len(self.text) - len(self.text.lstrip())
        right = len(self.text.rstrip())
        return self if right - left == len(self.text) else self.cut(left, max(left, right))

    def even(self) -> "Marked":
        """White space evened out: each run becomes one space, which is the answer's own where it was one already."""
        if _UNEVEN.search(self.text) is None:
            return self
        parts, done = [], 0
        for run in _UNEVEN.finditer(self.text):
            parts += [self.cut(done, run.start()), _SPACE]
            done = run.end()
        return joined([*parts, self.cut(done, len(self.text))])

    def place(self, at: int) -> int:
        """Where in the answer the character `text[at]` stands, which is the answer's own."""
        begin, source, _ = self.pieces[bisect_right(self.pieces, at, key=_begin) - 1]
        return source + at - begin

    @property
    def span(self) -> Span:
        """The smallest stretch of the answer that holds every character that comes from it."""
        if not self.pieces:
            return Span(0, 0)
        return Span(min(p.source for p in self.pieces), max(p.source + p.length for p in self.pieces))


def _begin(piece: Piece) -> int:
    return piece.at


def _add(found: list[Piece], at: int, source: int, length: int) -> None:
    """One more piece, or the last one longer where it goes on."""
    if length <= 0:
        return
    if found:
        last = found[-1]
        if last.at + last.length == at and last.source + last.length == source:
            found[-1] = Piece(last.at, last.source, last.length + length)
            return
    found.append(Piece(at, source, length))


def taken(source: str, ranges: Iterable[tuple[int, int]]) -> Marked:
    """The stretches of `source`, one after another, as they stand."""
    texts: list[str] = []
    found: list[Piece] = []
    at = 0
    for start, end in ranges:
        texts.append(source[start:end])
        _add(found, at, start, end - start)
        at += max(end - start, 0)
    return Marked("".join(texts), tuple(found))


def put_in(text: str) -> Marked:
    """Words that come from elsewhere."""
    return Marked(text, ())


_SPACE = put_in(" ")


def joined(parts: Iterable[Marked]) -> Marked:
    texts: list[str] = []
    found: list[Piece] = []
    length = 0
    for text, pieces in parts:
        texts.append(text)
        for at, source, size in pieces:
            _add(found, length + at, source, size)
        length += len(text)
    return Marked("".join(texts), tuple(found))


def begun(words: Marked, first: str) -> Marked:
    """With another first letter, which is then not the answer's own."""
    rest = words.cut(1, len(words.text))
    return joined((put_in(first), rest))


def small(words: Marked) -> Marked:
    """With a small first letter, for a first word that now stands further back; the letter is not the answer's own."""
    first = words.text[:1]
    if not first.isupper() or words.text[1:2].isupper() or len(first.lower()) != 1:
        return words
    return begun(words, first.lower())
