"""What can be seen without a model: which words, names and numbers of a claim its passages have."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_KNOWN = 50_000
"""Stems that each thread keeps."""

_COMMON = frozenset(
    _WORD.findall(
        "a an the of in on at to for from by with as and or but is are was were be been being has have had do does did"
        " it its he she his her they them their this that these those which who whom whose there also not no into than"
        " then will would can could may might must shall should i you we us our your my me him such if so about over"
        " after before between during under up out more most other some any all both each one two"
    )
)


class Signals(NamedTuple):
    """Shares of a claim that its passages have, 0 to 1; 1 where the claim has nothing of the kind.

    `words` are content words, by the passage that has most of them, `words_anywhere` by all passages together;
    `phrases` are content words that follow each other in the claim and in one passage; `names` and `numbers` by all
    passages. `size` is the number of content words of the claim.
    """

    words: float
    words_anywhere: float
    phrases: float
    names: float
    numbers: float
    size: int


def signals(claim: str, passages: Sequence[str]) -> Signals:
    """Compare a claim with its passages. More passages never lower a share."""
    wanted = _content(claim)
    found = [_content(passage) for passage in passages]
    sets = [frozenset(words) for words in found]
    everything = frozenset[str]().union(*sets)
    pairs = _pairs(wanted)
    return Signals(
        words=max((_share(wanted, words) for words in sets), default=0.0),
        words_anywhere=_share(wanted, everything),
        phrases=max((_share(pairs, frozenset(_pairs(words))) for words in found), default=0.0),
        names=_share([stem(name) for name in _names(claim)], everything),
        numbers=_share([word for word in wanted if word[0].isdigit()], everything),
        size=len(wanted),
    )


def content_words(text: str) -> set[str]:
    """Lower-cased words that carry content, without their inflections."""
    return set(_content(text))


class _Local(threading.local):
    """A stemmer keeps a buffer of its own, so threads do not share one."""

    def __init__(self) -> None:
        self.stem: Callable[[str], str] = lru_cache(_KNOWN)(Stemmer.Stemmer("english").stemWord)


_local = _Local()


def stem(word: str) -> str:
    """The word without case and inflection."""
    return _local.stem(word.lower().removesuffix("'s").removesuffix("’s")[:64])


def is_common(word: str) -> bool:
    """Whether a word carries no content of its own."""
    return word.lower() in _COMMON


def _content(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text) if not is_common(word)]


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{one} {two}" for one, two in pairwise(words)]


def _names(claim: str) -> list[str]:
    """Capitalised words, without the first one, whose capital says nothing, and without common words."""
    return [match[0] for match in list(_WORD.finditer(claim))[1:] if match[0][0].isupper() and not is_common(match[0])]


def _share(wanted: Sequence[str], found: frozenset[str]) -> float:
    return sum(word in found for word in wanted) / len(wanted) if wanted else 1.0
