"""Sentences as the value judge sees them: their values, and the words that say what the values are of."""

import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer

from groundwire.model import Evidence
from groundwire.values.read import values
from groundwire.values.units import RATE
from groundwire.values.value import Value

_COUNTED_WORDS = 3
MOST_VALUES = 60  # a sentence with more is no statement that a claim could be held against
_KEPT = 4096  # sentences read lately: a stream asks for those of its evidence again with every claim
_LONG = 2000  # characters; a longer one is not kept
# The number of a king or a war keeps its capitals: it is no word, and no other number will do.
_WORD = re.compile(r"(?<=[a-z] )(?P<roman>[IVX]{1,5})\b(?!['’])|[^\W\d_]+(?:['’][^\W\d_]+)?")
_BREAK = re.compile(r"(?<=[.!?。])[\"'”’)\]]?\s+(?=[\"'“‘(\[]?(?:[A-Z]|(?<!\d[.] )[0-9]))|\n+")
_REFERS_BACK = re.compile(
    r"[\"'“(]?(?:(?:In|On|By|At|Since|From) [\w ,]{1,20}, )?(?:he|she|it|they|his|her|its|their|this|the|these)\b",
    re.IGNORECASE,
)
_FUNCTION_WORDS = (
    "a an the this that these those it its he she they him her his hers their them we us our you your i me my who whom "
    "whose which what where when why how there here and or but nor so if then than as at by for from in into of off on "
    "onto out over to up with within about between through during before after above below under again once is am are "
    "was were be been being have has had having do does did will would shall should can could may might must only own "
    "same such too very just also each some any all both more most other one around approximately roughly nearly "
    "almost least less fewer exactly s"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
# Stems that say the same beside a value: what the sentence calls tall, a table calls its height.
_KIN_WORDS = (
    "cost price fee charg rate, peopl popul inhabit resid citizen, high height tall, long length, wide width, "
    "deep depth, weigh weight, born birth birthday, die death dead, found establish, start begin began commenc, "
    "end conclud finish, buy bought purchas acquir"
)
_KIN = {word: group.split()[0] for group in _KIN_WORDS.split(", ") for word in group.split()}
BORN, DIED = "born", "die"
_LIFE = re.compile(r"\s?(?:--|[-–—])\s?")
_LIFE_OPEN = 120  # characters between the bracket and the birth: a name in another script, a pronunciation
_FIELD = re.compile(r"[^\w|]{0,4}[A-Z][\w ()/&'’-]{0,40}:\s")
_ROW = re.compile(r"\s*\|(.+)\|\s*$")
_RULE = re.compile(r"[\s|:-]+$")
_TITLE_WORDS = 10  # a longer line is a sentence, and no title of what stands below


class Word(NamedTuple):
    """A content word at `text[at:end]`; `name` when it has a capital letter."""

    at: int
    end: int
    stem: str
    name: bool


class Sentence(NamedTuple):
    """What a sentence says: its content words, its values, and what each value counts ("three [red cars] are").

    `lives` holds BORN and DIED for the two dates of a life, "(5 May 1938 – 26 July 2013)"; None for other values.
    """

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    values: tuple[Value, ...]
    counted: tuple[frozenset[str], ...]
    lives: tuple[str | None, ...]


class Statement(NamedTuple):
    """A sentence of a passage that holds a value; `stems` has the words before it too where it refers back to them.

    A cell of a table is a sentence too, of its row's label, its column's head and itself: `label` is then what a claim
    must name to speak of it.
    """

    passage: Evidence
    sentence: Sentence
    stems: frozenset[str]
    label: frozenset[str] = frozenset()


def statements(passage: Evidence) -> list[Statement]:
    """The sentences of a passage that hold values, in order; those of short passages are remembered."""
    stated = _stated(passage.text) if len(passage.text) <= _LONG else _state(passage.text)
    return [Statement(passage, *parts) for parts in stated]


_Parts = tuple[Sentence, frozenset[str], frozenset[str]]


def _state(passage: str) -> tuple[_Parts, ...]:
    """Statements without the passage: the same one comes as evidence of several claims, each time with another rank."""
    return tuple(_statements(passage))


_stated = lru_cache(maxsize=_KEPT)(_state)


def _statements(passage: str) -> Iterator[_Parts]:
    texts = [text for text in _cut(passage) if text.strip()]
    title: frozenset[str] = frozenset()
    head: list[str] = []
    for place, text in enumerate(texts):
        if row := _ROW.match(text[:_LONG]):
            if place + 1 < len(texts) and _RULE.match(texts[place + 1][:_LONG]):
                head = row[1].split("|")
            elif not _RULE.match(text):
                yield from _cells(head, row[1].split("|"), title)
            continue
        head = []
        field = bool(_FIELD.match(text))
        if not field and len(text) <= _LONG and len(text.split()) <= _TITLE_WORDS:
            title = read_sentence(text).stems
        if not 0 < len(find_values(text)) <= MOST_VALUES:
            continue
        sentence = read_sentence(text)
        stems, back = sentence.stems | (title if field else frozenset()), place
        while back > 0 and _REFERS_BACK.match(texts[back]) and place - back < 3:
            back -= 1
            stems |= read_sentence(texts[back]).stems
        yield sentence, stems, frozenset()


def _cells(head: Sequence[str], cells: Sequence[str], title: frozenset[str]) -> Iterator[_Parts]:
    label = read_sentence(cells[0].strip())
    if not label.stems and not label.values:
        return
    heads = [*head, *[""] * len(cells)]
    corner = read_sentence(heads[0]).stems
    for name, cell in zip(heads[1:], cells[1:], strict=False):
        text = f"{label.text}; {name.strip()}: {cell.strip()}"
        if 0 < len(find_values(text)) <= MOST_VALUES:
            sentence = read_sentence(text)
            yield sentence, sentence.stems | corner | title, label.stems


def _cut(text: str) -> Iterator[str]:
    start = 0
    for stop in _BREAK.finditer(text):
        yield text[start : stop.start()]
        start = stop.end()
    yield text[start:]


def read_sentence(text: str) -> Sentence:
    """Read one sentence; short ones are remembered."""
    return _remembered(text) if len(text) <= _LONG else _read(text)


def find_values(text: str) -> tuple[Value, ...]:
    """The values of a sentence; those of short ones are remembered."""
    return _values(text) if len(text) <= _LONG else _few(text)


def _read(text: str) -> Sentence:
    found = find_values(text)
    words = []
    for match in _WORD.finditer(text):
        word = match[0]
        words.append(Word(*match.span(), match["roman"] or _stem(word), word[0].isupper()))
    inside = bytearray(len(text))
    for start, end in (*(value.span for value in found), *(rate.span() for rate in RATE.finditer(text))):
        inside[start:end] = b"\1" * (end - start)
    content = tuple([word for word in words if word.stem and not inside[word.at]])
    counted = tuple(frozenset(_counted(text, words, value)) for value in found)
    lives = _lives(text, found)
    stems = frozenset(word.stem for word in content) | {life for life in lives if life}
    return Sentence(text, content, stems, found, counted, lives)


def _lives(text: str, found: Sequence[Value]) -> tuple[str | None, ...]:
    """Which of the values are the birth and the death of the one whose name they stand behind, in brackets."""
    lives: list[str | None] = [None] * len(found)
    for place, (first, last) in enumerate(pairwise(found)):
        if len(first.days) != 1 or len(last.days) != 1 or not (first.days[0].day and last.days[0].day):
            continue
        opened = text.rfind("(", max(0, first.span.start - _LIFE_OPEN), first.span.start)
        closed = text.find(")", last.span.end, last.span.end + 3)
        if opened >= 0 and closed >= 0 and _LIFE.fullmatch(text, first.span.end, last.span.start):
            lives[place : place + 2] = BORN, DIED
    return tuple(lives)


_remembered = lru_cache(maxsize=_KEPT)(_read)


def _few(text: str) -> tuple[Value, ...]:
    return values(text, most=MOST_VALUES)


_values = lru_cache(maxsize=_KEPT)(_few)


class _Local(threading.local):
    """A stemmer keeps a buffer of its own, so threads do not share one."""

    def __init__(self) -> None:
        self.stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord


_local = _Local()


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The stem of a content word, empty for a function word."""
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    if folded in _FUNCTION:
        return ""
    stem = _local.stem(folded[:64])
    return _KIN.get(stem, stem)


def _counted(text: str, words: Sequence[Word], value: Value) -> Iterator[str]:
    """The words right after a value, up to a function word or a mark: what it counts, or stands in the order of."""
    end = value.span.end
    for word in words[bisect_left(words, value.span.end, key=_start) :][:_COUNTED_WORDS]:
        if not word.stem or text[end : word.at].strip(" -\u00a0"):
            return
        yield word.stem
        end = word.end


def _start(word: Word) -> int:
    return word.at
