"""Sentences as the value judge sees them: their values, and the words that say what the values are of."""

import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from groundwire.model import Evidence, Span
from groundwire.values.read import values
from groundwire.values.value import Value

_COUNTED_WORDS = 3
MOST_VALUES = 60  # a sentence with more is no statement that a claim could be held against
_KEPT = 4096  # sentences read lately: a stream asks for those of its evidence again with every claim
_LONG = 2000  # characters; a longer one is not kept
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
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
    "almost least s"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


class Word(NamedTuple):
    """A content word at `text[at:end]`; `name` when it has a capital letter."""

    at: int
    end: int
    stem: str
    name: bool


class Sentence(NamedTuple):
    """What a sentence says: its content words, its values, and what each value counts ("three [red cars] are")."""

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    values: tuple[Value, ...]
    counted: tuple[frozenset[str], ...]


class Statement(NamedTuple):
    """A sentence of a passage that holds a value; `stems` has the words before it too where it refers back to them."""

    passage: Evidence
    sentence: Sentence
    stems: frozenset[str]


def statements(passage: Evidence) -> Iterator[Statement]:
    """Yield the sentences of a passage that hold values, in order."""
    texts = list(_cut(passage.text))
    for place, text in enumerate(texts):
        if not 0 < len(find_values(text)) <= MOST_VALUES:
            continue
        sentence = read_sentence(text)
        stems, back = sentence.stems, place
        while back > 0 and _REFERS_BACK.match(texts[back]) and place - back < 3:
            back -= 1
            stems |= read_sentence(texts[back]).stems
        yield Statement(passage, sentence, stems)


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
    words = [Word(match.start(), match.end(), _stem(match[0]), match[0][0].isupper()) for match in _WORD.finditer(text)]
    inside = [value.span for value in found]
    content = tuple(word for word in words if word.stem and not _within(word.at, inside))
    counted = tuple(frozenset(_counted(text, words, value)) for value in found)
    return Sentence(text, content, frozenset(word.stem for word in content), found, counted)


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
    return "" if folded in _FUNCTION else _local.stem(folded[:64])


def _within(position: int, spans: Iterable[Span]) -> bool:
    return any(span.start <= position < span.end for span in spans)


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
