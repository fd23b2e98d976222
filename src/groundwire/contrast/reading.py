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
_KEPT = 8192  # sentences read lately: the same ones come as evidence of every claim
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
    items: list[Item] = []
    flip = False  # the next content word is denied
    back = 0  # how often the one before
    clause = part = 0
    forbids = False
    denials = 0
    share: int | None = None
    may = must = None
    for n, word in enumerate(words):
        small, following = word.text, words[n + 1].text if n + 1 < len(words) else ""
        before = {each.text for each in words[max(0, n - 3) : n]}
        part += small in TURNS and not (small == "but" and following in NEGATORS)  # "but not" goes on
        if not small[0].isalnum():
            clause += small in ",;:—–()"
            if small in "%$€£":
                items.append(_item(word, small, clause, part))
            continue
        if small == "charge" and n > 1 and words[n - 2].text == "free":
            continue  # "free of charge"
        if small == "longer" and n and words[n - 1].text in ("no", "any"):
            continue
        if small == "or" and n and items and items[-1].denied and items[-1].end == words[n - 1].end:
            flip = True  # "not wanted or needed"
        if small == "no" and not following[:1].isalpha():
            continue  # "No, it is", "No. 1"
        if small == "cannot":
            may = len(items) if may is None else may
        if word.denies or (small in TO_DO and following == "to"):
            flip, denials = not flip, denials + 1
            if small in NEGATORS or small in TO_DO:
                continue
        if small in MAY and not (word.capital and n):
            may = len(items) if may is None else may
        if small in MUST:
            must = len(items) if must is None else must
        if small in PERMITTED and before & BE:
            may = len(items) if may is None else may
            if flip and following != "to":
                back, flip, forbids = back + 1, False, True
        elif small in PROHIBITED:
            forbids = True
            passive = bool(before & BE) and following not in ("from", "to")
            back, flip = back + passive, flip != (not passive)
        elif small in SHARE:
            share = SHARE[small]
        elif small in LIGHT:
            items.append(_item(word, small, clause, part)._replace(light=True))
        elif small not in FUNCTION or (small in ("up", "down") and _directs(words, n)):
            key = NUMBERS.get(small, small.replace(",", "") if small[0].isdigit() else small)
            item = _item(word, key, clause, part)
            passed = flip and small.endswith("ly")  # "not expressly said" is not said
            denied = (flip and not passed) != (lemma(key) in NEGATED)
            items.append(item._replace(share=share, denied=denied, yet=_yet(words, n)))
            flip, share = passed, None
        if back:
            verb = max((at for at in range(n) if words[at].text in BE), default=n)  # "is expressly prohibited"
            end = next((at for at, item in enumerate(items) if item.at > words[verb].at), len(items))
            place = next((at for at in range(end - 1, -1, -1) if not items[at].light), None)
            if place is not None and (items[place].clause, items[place].part) == (clause, part):
                items[place] = items[place]._replace(denied=items[place].denied != bool(back % 2))
            back = 0
    if len(items) > _MOST:
        return None
    keys = frozenset(item.key for item in items if not item.light)
    limited = bool(LIMIT.search(plain)) or (denials > 1 and any(word.text == "without" for word in words))
    unclear = flip or denials > 2 or bool(UNCLEAR.search(plain))  # "he could not": what he could not stands elsewhere
    return Reading(text, tuple(items), keys, unclear, limited, may, must, forbids, words[0].text == "only")


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
