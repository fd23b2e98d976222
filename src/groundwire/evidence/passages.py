"""Cuts documents into passages: a few sentences that stand together, overlapping by one."""

from collections.abc import Iterator
from typing import NamedTuple

from groundwire.evidence.sentences import Sentence, Shape, sentences

MOST_WORDS = 120  # a passage fits an entailment model's 512 tokens with a claim beside it
MOST_CHARACTERS = 900  # the same bound for text without spaces
_ENOUGH_WORDS = 40  # short lines (lists, tables, turns) are put together until they say something
_SENTENCES = 3
_SECTION = 4  # this many line breaks part what stands before from what stands after


class Passage(NamedTuple):
    """`document.text[start:end]`; `about` are the spans of the heading or table head that it stands under."""

    start: int
    end: int
    about: tuple[tuple[int, int], ...] = ()


class _Part(NamedTuple):
    start: int
    end: int
    words: int
    shape: Shape
    gap: int


def passages(text: str) -> Iterator[Passage]:
    """Yield the passages of `text`, in order. Every character but white space is in at least one of them.

    A passage holds one to three sentences (more where they are short lines) and at most 120 words; a longer
    sentence is cut into overlapping parts. A heading opens a passage and is `about` those that follow under it.
    """
    section: list[_Part] = []
    about: tuple[tuple[int, int], ...] = ()
    for part in _parts(text):
        opens = part.shape is Shape.HEADING or part.gap >= _SECTION
        if opens and section and not all(held.shape is Shape.HEADING for held in section):
            yield from _windows(section, about)
            section = []
        if part.shape is Shape.HEADING:
            about = ((part.start, part.end),)
        section.append(part)
    yield from _windows(section, about)


def _parts(text: str) -> Iterator[_Part]:
    for sentence in sentences(text):
        words = len(text[sentence.start : sentence.end].split())
        if words <= MOST_WORDS and sentence.end - sentence.start <= MOST_CHARACTERS:
            yield _Part(sentence.start, sentence.end, words, sentence.shape, sentence.gap)
        else:
            yield from _cut(text, sentence)


def _cut(text: str, sentence: Sentence) -> Iterator[_Part]:
    """Overlapping parts of a sentence that is too long, at most 120 words and 900 characters each."""
    start, gap = sentence.start, sentence.gap
    while True:
        end = _reach(text, start, sentence.end, MOST_WORDS, MOST_CHARACTERS)
        yield _Part(start, end, len(text[start:end].split()), sentence.shape, gap)
        if end >= sentence.end:
            return
        following = _reach(text, start, sentence.end, MOST_WORDS * 4 // 5, MOST_CHARACTERS * 4 // 5)
        while following < end and text[following].isspace():
            following += 1
        start, gap = following, 0


def _reach(text: str, start: int, end: int, words: int, characters: int) -> int:
    """Where `words` words or `characters` characters from `start` end, at a word's end if there is one near."""
    limit = min(end, start + characters)
    count, position, last = 0, start, start
    while position < limit:
        while position < limit and not text[position].isspace():
            position += 1
        count += 1
        if position < limit or position == end or text[position].isspace():
            last = position
        if count == words:
            return position
        while position < limit and text[position].isspace():
            position += 1
    if limit == end:
        return end
    return last if last - start > characters // 2 else limit


def _windows(section: list[_Part], about: tuple[tuple[int, int], ...]) -> Iterator[Passage]:
    first = 0
    while first < len(section):
        last = first + 1
        words = section[first].words
        while last < len(section) and _fits(section, first, last, words):
            words += section[last].words
            last += 1
        yield _passage(section, first, last, about)
        if last == len(section):
            return
        overlaps = last - first > 1 and section[last - 1].words <= MOST_WORDS // 2
        first = last - 1 if overlaps else last


def _fits(section: list[_Part], first: int, last: int, words: int) -> bool:
    part = section[last]
    if part.end - section[first].start > MOST_CHARACTERS or words + part.words > MOST_WORDS:
        return False
    return last - first < _SENTENCES or words < _ENOUGH_WORDS


def _passage(section: list[_Part], first: int, last: int, about: tuple[tuple[int, int], ...]) -> Passage:
    head = about
    if section[first].shape is Shape.ROW:
        top = first
        while top > 0 and section[top - 1].shape is Shape.ROW and first - top < 200:
            top -= 1
        head = (*about, (section[top].start, section[top].end))
    start = section[first].start
    return Passage(start, section[last - 1].end, tuple(span for span in head if span[0] < start))
