"""From how much each token of a claim is doubted to the words that are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

DOUBTED = 0.5
"""From which probability on a word is called one that the premise does not say."""

_WORD = re.compile(r"[^\W_]+(?:[.,'’%-][^\W_]+)*%?")
_BETWEEN = re.compile(r"[\s,-]{0,2}")


class Stretch(NamedTuple):
    """`claim[start:end]`, whole words."""

    start: int
    end: int


def stretches(claim: str, offsets: Sequence[tuple[int, int]], doubts: Iterable[float]) -> list[Stretch]:
    """The words of which a token is doubted, neighbours as one stretch.

    `offsets` are start and end (code points) of the claim's tokens; `doubts` their probabilities of being unsaid.
    """
    places = [place for place, doubt in zip(offsets, doubts, strict=True) if doubt >= DOUBTED]
    found: list[Stretch] = []
    for match in _WORD.finditer(claim):
        start, end = match.span()
        if not any(a < end and start < b for a, b in places):
            continue
        if found and _BETWEEN.fullmatch(claim, found[-1].end, start):
            start = found.pop().start
        found.append(Stretch(start, end))
    return found
