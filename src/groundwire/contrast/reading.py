"""Sentences as the contrast judge reads them: their words, what each excludes, and which of them are denied."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from groundwire.contrast.forms import lemma
from groundwire.contrast.lexicon import NEGATED, SENSES, Sense
from groundwire.contrast.markers import (
    ABSOLUTE,
    AS_GOOD_AS_DONE,
    BE,
    FUNCTION,
    HYPOTHETIC,
    LIGHT,
    LIMIT,
    MAY,
    MUST,
    NEGATORS,
    NUMBERS,
    PERMITTED,
    PROHIBITED,
    SHARE,
    TO_DO,
    TURNS,
    UNCLEAR,
    YET,
)

_LONG = 2000  # characters of a sentence; a longer one is no statement that a claim could be held against
_MOST = 120  # words of a sentence that say something: one with more is a list
_KEPT = 4096  # sentences read lately: the same ones come as evidence of every claim
_TOKEN = re.compile(r"\bn['’]t\b|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]")
_BREAK = re.compile(r"(?<=[\w)\]%'\"”’][.!?。])[\"'”’)\]]?\s+(?=[\"'“‘(\[]?[A-Z0-9])|;\s|\n+")


class Item(NamedTuple):
    """A word at `text[at:end]`. `denied` where the sentence says it is not so.

    `light` is a function word that a set excludes: it need not be found elsewhere. `clause` counts commas and the like,
    `part` words as "but" and "if". `yet` is how it is not said to be so yet: "will", "may", "to".
    """

    at: int
    end: int
    key: str
    senses: tuple[Sense, ...]
    denied: bool
    light: bool
    name: bool
    clause: int
    part: int
    yet: str
    share: int | None  # how many of it: 3 all, 2 most, 1 some, 0 few; None where nothing is said


class Reading(NamedTuple):
    """A sentence. `may` and `must`: where it first says that something can or has to be."""

    text: str
    items: tuple[Item, ...]
    keys: frozenset[str]
    unclear: bool
    limited: bool
    may: int | None
    must: int | None
    forbids: bool
    only: bool  # it begins with "only": what it says, it says of nobody else


def cut(text: str) -> Iterator[str]:
    """The sentences of a passage, in order."""
    start = 0
    for stop in _BREAK.finditer(text):
        yield text[start : stop.start()]
        start = stop.end()
    yield text[start:]


def read(text: str) -> Reading | None:
    """Read one sentence; None where it is too long, or states nothing."""
    return _remembered(text) if len(text) <= _LONG else None


class _Word(NamedTuple):
    at: int
    end: int
    text: str  # in small letters, "n't" apart
    capital: bool
    denies: bool


def _words(text: str) -> Iterator[_Word]:
    for found in _TOKEN.finditer(text):
        word = found[0]
        small = word.lower().replace("’", "'")
        denies = small.endswith("n't")
        if denies:
            small = {"can't": "can", "won't": "will", "shan't": "shall"}.get(small, small[:-3])
        elif small.endswith("'s"):
            small = small[:-2]
        yield _Word(*found.span(), small or "not", word[0].isupper(), denies or small in NEGATORS)


def _read(text: str) -> Reading | None:
    plain = ABSOLUTE.sub(lambda found: " " * len(found[0]), text)
    words = list(_words(plain))
    if not words or HYPOTHETIC.match(text) or "?" in text:
        return None
    reader = _Reader(words)
    items = reader.items
    if len(items) > _MOST:
        return None
    without = reader.denials > 1 and any(word.text == "without" for word in words)
    # Of "he could not" it stands elsewhere what he could not.
    unclear = reader.flip or reader.denials > 2 or bool(UNCLEAR.search(plain))
    return Reading(
        text=text,
        items=tuple(items),
        keys=frozenset(item.key for item in items if not item.light),
        unclear=unclear,
        limited=without or bool(LIMIT.search(plain)),
        may=reader.may,
        must=reader.must,
        forbids=reader.forbids,
        only=words[0].text == "only",
    )


class _Reader:
    """Goes through the words of a sentence once. `flip`: the next word that says something is denied."""

    def __init__(self, words: Sequence[_Word]) -> None:
        self.words = words
        self.items: list[Item] = []
        self.flip = self.forbids = False
        self.denials = self.clause = self.part = 0
        self.may: int | None = None
        self.must: int | None = None
        self.share: int | None = None
        for n, word in enumerate(words):
            following = words[n + 1].text if n + 1 < len(words) else ""
            self.part += word.text in TURNS and not (word.text == "but" and following in NEGATORS)  # "but not" goes on
            if not word.text[0].isalnum():
                self._mark(word)
            elif not self._denies(n, word, following):
                self._word(n, word, following)

    def _mark(self, word: _Word) -> None:
        self.clause += word.text in ",;:—–()"
        if word.text in "%$€£":
            self.items.append(_item(word, word.text, self.clause, self.part))

    def _denies(self, n: int, word: _Word, following: str) -> bool:
        """Note what a word denies; whether that is all that it says."""
        small, last = word.text, self.words[n - 1].text if n else ""
        if small == "charge" and last == "of" and n > 1 and self.words[n - 2].text == "free":
            return True  # "free of charge"
        if small == "longer" and last in ("no", "any"):
            return True
        if small == "no" and not following[:1].isalpha():
            return True  # "No, it is", "No. 1"
        if small == "or" and n and self.items and self.items[-1].denied and self.items[-1].end == self.words[n - 1].end:
            self.flip = True  # "not wanted or needed"
        if small == "cannot":
            self._allow()
        if word.denies or (small in TO_DO and following == "to"):
            self.flip, self.denials = not self.flip, self.denials + 1
            return small in NEGATORS or small in TO_DO
        return False

    def _word(self, n: int, word: _Word, following: str) -> None:
        small = word.text
        passive = any(each.text in BE for each in self.words[max(0, n - 3) : n])
        if small in MAY and not (word.capital and n):
            self._allow()
        if small in MUST and self.must is None:
            self.must = len(self.items)
        if small in PERMITTED and passive:
            self._allow()
            if self.flip and following != "to":
                self.flip, self.forbids = False, True
                self._deny_subject(n)
        elif small in PROHIBITED:
            self.forbids = True
            if passive and following not in ("from", "to"):
                self._deny_subject(n)
            else:
                self.flip = not self.flip
        elif small in SHARE:
            self.share = SHARE[small]
        elif small in LIGHT:
            self.items.append(_item(word, small, self.clause, self.part)._replace(light=True))
        elif small not in FUNCTION or (small in ("up", "down") and _directs(self.words, n)):
            self._say(n, word)

    def _say(self, n: int, word: _Word) -> None:
        small = word.text
        key = NUMBERS.get(small, small.replace(",", "") if small[0].isdigit() else small)
        passed = self.flip and small.endswith("ly")  # "not expressly said" is not said
        denied = (self.flip and not passed) != (lemma(key) in NEGATED)
        item = _item(word, key, self.clause, self.part)
        self.items.append(item._replace(share=self.share, denied=denied, yet=_yet(self.words, n)))
        self.flip, self.share = passed, None

    def _allow(self) -> None:
        if self.may is None:
            self.may = len(self.items)

    def _deny_subject(self, n: int) -> None:
        """Deny what stands before the verb: "Smoking is strictly prohibited"."""
        verb = max((at for at in range(max(0, n - 3), n) if self.words[at].text in BE), default=n)
        end = next((at for at, item in enumerate(self.items) if item.at > self.words[verb].at), len(self.items))
        place = next((at for at in range(end - 1, -1, -1) if not self.items[at].light), None)
        if place is None:
            return
        item = self.items[place]
        if (item.clause, item.part) == (self.clause, self.part):
            self.items[place] = item._replace(denied=not item.denied)


_remembered = lru_cache(maxsize=_KEPT)(_read)


def _item(word: _Word, small: str, clause: int, part: int) -> Item:
    key = lemma(small)
    senses = SENSES.get(key, ())
    if base := NEGATED.get(key):
        key = base
    return Item(word.at, word.end, key, senses, False, False, word.capital and word.at > 0, clause, part, "", None)


def _yet(words: Sequence[_Word], n: int) -> str:
    """How a word is not said to be so yet: by the function words right before it, "could not have been"."""
    for at in range(n - 1, max(0, n - 5) - 1, -1):
        word = words[at]
        if word.text == "to" and at and words[at - 1].text in AS_GOOD_AS_DONE:
            return "may" if words[at - 1].text in PERMITTED else ""
        if word.text in YET:
            return YET[word.text]
        if not word.denies and word.text not in FUNCTION:
            break
    return ""


def _directs(words: Sequence[_Word], n: int) -> bool:
    """Whether an "up" or "down" says where something went: "was up", "up 12 %", "up by", "up from"."""
    following = words[n + 1].text if n + 1 < len(words) else ""
    return following[:1].isdigit() or following in ("$", "€", "£", "by", "from") or (n > 0 and words[n - 1].text in BE)
