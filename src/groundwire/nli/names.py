"""The name that a passage has where a claim has another one: what could make the claim true.

In: a claim and the passage nearest to it. Out: stretches of the claim with names of the passage that may stand there.
Which of them, if any, the passage entails is for the model to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from groundwire.nli.signals import is_common, stem

MOST = 4
"""Names of a passage that are tried for one claim."""

_SHARED = 0.5
"""The share of a claim's other content words that the passage must have: what it does not speak of it cannot mend."""

_PART = r"(?:(?:[^\W\d_a-z]\.)+|(?:St|Mt|Ft|Mr|Mrs|Ms|Dr|Jr|Sr)\.|[^\W\d_a-z][^\W_]*(?:['’-][^\W_]+)*)"
_LINK = r"(?:\s(?:of|the|de|la|le|da|di|del|van|von|der|den|al|el|y|and|&)){0,2}"
_NAME = re.compile(rf"\b{_PART}(?:(?:{_LINK}\s|,\s){_PART})*(?:\s\d{{1,3}}\b)?")
_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_TIMES = frozenset(stem(word) for word in f"{_MONTHS} {_DAYS}".split())
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:]\s+|\n\s*)[\"“'‘(]*$")
_DETERMINER = re.compile(
    r"(?:the|a|an|this|that|its|his|her|their|our|in|on|at|by|from|after|before)\s+", re.IGNORECASE
)


class Swap(NamedTuple):
    """`new` may stand for `claim[start:end]`."""

    start: int
    end: int
    new: str

    def made_in(self, claim: str) -> str:
        """The claim with the other name."""
        return claim[: self.start] + self.new + claim[self.end :]


class _Name(NamedTuple):
    start: int
    end: int
    text: str


def swaps(claim: str, passage: str, others: Sequence[str] = ()) -> list[Swap]:
    """At most `MOST` swaps, the likeliest first: none unless exactly one name of the claim is in no passage at all.

    The names that may take its place are those of `passage`; what is in `others` is known too.
    """
    known = {stem(word) for text in (passage, *others) for word in _WORD.findall(text)}
    strange = [name for name in _names(claim) if not _words(name.text) <= known]
    if len(strange) != 1:
        return []
    (old,) = strange
    said = {stem(word) for word in _WORD.findall(claim)}
    rest = _words(claim[: old.start] + " " + claim[old.end :])
    if len(rest & {stem(word) for word in _WORD.findall(passage)}) < _SHARED * len(rest):
        return []
    found: dict[str, tuple[int, int]] = {}
    for name in _names(passage):
        if not _words(name.text) <= said:
            rank = (_alike(claim, old, passage, name), -abs(len(name.text.split()) - len(old.text.split())))
            if rank[0]:
                found[name.text] = max(found.get(name.text, rank), rank)
    best = sorted(found, key=lambda text: found[text], reverse=True)
    return [Swap(old.start, old.end, text) for text in best[:MOST]]


def _words(name: str) -> set[str]:
    return {stem(word) for word in _WORD.findall(name) if not is_common(word)}


def _names(text: str) -> Iterator[_Name]:
    """Capitalised runs. A capital that only opens a sentence makes no name, unless the word has one elsewhere too."""
    for match in _NAME.finditer(text):
        start, end = match.span()
        if _OPENING.search(text[:start]):
            if led := _DETERMINER.match(text, start, end):
                start = led.end()
            elif len(_WORD.findall(match[0])) == 1 and not re.search(rf"[^.!?:\s]\s+{re.escape(match[0])}\b", text):
                continue
        if (words := _words(text[start:end])) and not words & _TIMES:
            yield _Name(start, end, text[start:end])


def _alike(claim: str, old: _Name, passage: str, new: _Name) -> int:
    """How many of the words beside the two names are the same: 0 to 2."""
    before, after = _beside(claim, old), _beside(passage, new)
    return sum(one == other != "" for one, other in zip(before, after, strict=True))


def _beside(text: str, name: _Name) -> tuple[str, str]:
    left, right = (
        _WORD.findall(text[max(0, name.start - 40) : name.start]),
        _WORD.findall(text[name.end : name.end + 40]),
    )
    return _near(left[::-1]), _near(right)


def _near(words: Sequence[str]) -> str:
    return next((stem(word) for word in words if word.lower() not in ("the", "a", "an")), "")
