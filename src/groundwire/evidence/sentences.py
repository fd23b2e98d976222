"""Cuts a text into sentences, headings, list items, table rows and other lines that stand for themselves.

Linear in the length of the text and without a language model: documents are large, and a boundary that is missed
costs a longer passage, nothing more.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class Shape(Enum):
    SENTENCE = "sentence"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    FIELD = "field"  # "Name: value", a turn of a transcript
    CODE = "code"


class Sentence(NamedTuple):
    """`text[start:end]`, without the white space around it. `gap` counts the line breaks before it."""

    start: int
    end: int
    shape: Shape
    gap: int


# Every pattern is tried at one place a line, or starts only where a run starts: no input makes them quadratic.
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_ITEM = re.compile(r"[ \t]{0,12}(?:[-*+•–◦▪][ \t]|\(?[0-9]{1,3}[.)][ \t]|\(?[a-zA-Z][.)][ \t])")
_ROW = re.compile(r"[ \t]{0,8}\|")
_FIELD = re.compile(r"[ \t]{0,8}(?:\*\*)?[^\s:|][^:|\n]{0,39}:(?:\*\*)?(?:[ \t]|$)")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[)\]\"'”’»*_]*+(?=\s)|[。！？][”’」』）]?")
_NOT_AN_END_WORDS = (
    "mr mrs ms dr prof rev gen col sgt lt capt st sr jr vs etc e.g i.e cf al no nos vol pp p fig figs eq approx "
    "ca c inc ltd co corp u.s u.k dept est gov sen rep hon jan feb mar apr jun jul aug sep sept oct nov dec "
    "ph.d m.d b.a m.a a.m p.m viz art sec ch ed eds"
)
_NOT_AN_END = frozenset(_NOT_AN_END_WORDS.split())
_WRAPPED = 45  # a line this long that ends without a stop goes on in the next one


def sentences(text: str) -> Iterator[Sentence]:
    """Yield what stands for itself in `text`, in order. Every character but white space is in exactly one."""
    fenced = False
    held: tuple[int, int, Shape] | None = None  # a block that the next line may carry on
    gap = last = 0
    for start, end in _lines(text):
        stripped = _strip(text, start, end)
        if stripped is None:
            if held:
                yield from _cut(text, held, gap)
                held = None
            continue
        shape, fenced = _shape(text, start, stripped, fenced)
        if held and _goes_on(text, held, stripped, shape):
            held = (held[0], stripped[1], held[2])
            last = stripped[1]
            continue
        if held:
            yield from _cut(text, held, gap)
        gap = text.count("\n", last, stripped[0])
        held, last = (*stripped, shape), stripped[1]
    if held:
        yield from _cut(text, held, gap)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        yield start, end
        start = end + 1


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    line = text[start:end]
    right = len(line.rstrip())
    return (start + len(line) - len(line.lstrip()), start + right) if right else None


def _shape(text: str, start: int, stripped: tuple[int, int], fenced: bool) -> tuple[Shape, bool]:
    """The shape of a line, and whether the next one is inside a code fence."""
    if _FENCE.match(text, start, stripped[1]):
        return Shape.CODE, not fenced
    if fenced:
        return Shape.CODE, True
    for shape, pattern in (
        (Shape.HEADING, _HEADING),
        (Shape.ROW, _ROW),
        (Shape.ITEM, _ITEM),
        (Shape.FIELD, _FIELD),
    ):
        if pattern.match(text, start, stripped[1]):
            return shape, False
    return Shape.SENTENCE, False


def _goes_on(text: str, held: tuple[int, int, Shape], line: tuple[int, int], shape: Shape) -> bool:
    """Whether a plain line carries on the block before it: hard-wrapped prose does, a menu or a title does not."""
    if shape is not Shape.SENTENCE or held[2] in (Shape.HEADING, Shape.ROW, Shape.CODE):
        return False
    if text[line[0]].islower():
        return True
    line_start = text.rfind("\n", held[0], held[1]) + 1
    return held[1] - max(held[0], line_start) >= _WRAPPED and text[held[1] - 1] not in ".!?…:;。！？"


def _cut(text: str, block: tuple[int, int, Shape], gap: int) -> Iterator[Sentence]:
    start, end, shape = block
    if shape in (Shape.HEADING, Shape.ROW, Shape.CODE):
        yield Sentence(start, end, shape, gap)
        return
    for stop in _STOP.finditer(text, start, end):
        if stop.start() < start or not _ends(text, start, stop, end):
            continue
        yield Sentence(start, stop.end(), shape, gap)
        start, gap = stop.end(), 0
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Sentence(start, end, shape, gap)


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Whether a stop ends a sentence: not after an abbreviation or an initial, nor before a small letter."""
    if text[stop.start()] in "。！？":
        return True
    after = stop.end()
    while after < end and text[after].isspace():
        after += 1
    if after >= end or text[after].islower():
        return after >= end
    if text[stop.start() : stop.end()].rstrip(")]\"'”’»*_") != ".":
        return True
    before = text[max(start, stop.start() - 12) : stop.start()]
    word = before.split()[-1].lstrip("(\"'“‘*_[") if before.split() else ""
    if len(word) == 1 and (word.isupper() or stop.start() - start <= 2):
        return False  # "J. Smith", and the "1." or "a." of a list
    if word.isdigit() and stop.start() - start <= 3:
        return False
    return word.lower() not in _NOT_AN_END
