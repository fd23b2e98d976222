"""The words that a passage has where a claim has words that the passage does not say: what could make the claim true.

In: a claim, the passage nearest to it, and the words in doubt. Out: words of the passage that may stand there instead,
because the same words stand around them. Whether the passage entails the claim with them is for the model to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from groundwire.nli.doubt import Stretch
from groundwire.nli.names import Swap
from groundwire.nli.signals import stem

MOST = 3
"""Stretches of a passage that are tried for one claim."""

_LONGEST = 5
"""Words that are replaced, or put in, at most: more is another statement, not a mended one."""

_AROUND = 3
"""Words on either side that are compared."""

_WORD = re.compile(r"[^\W_]+(?:[.,'’%-][^\W_]+)*%?")
_END = re.compile(r"[.!?;:]\s|\n")
"""Between two words: the second begins another sentence."""


def aligned(claim: str, passage: str, doubted: list[Stretch]) -> list[Swap]:
    """At most `MOST` swaps, the likeliest first; none unless exactly one short stretch of the claim is in doubt.

    A word beside it, on either side where there is one, must stand beside the new words too.
    """
    if len(doubted) != 1:
        return []
    ((start, end),) = doubted
    old = [stem(word[0]) for word in _WORD.finditer(claim, start, end)]
    before = [stem(word[0]) for word in _WORD.finditer(claim, 0, start)][-_AROUND:]
    after = [stem(word[0]) for word in _WORD.finditer(claim, end)][:_AROUND]
    if not old or len(old) > _LONGEST or not before:
        return []
    found: dict[str, int] = {}
    for new, score in _places(passage, before, after):
        if [stem(word[0]) for word in _WORD.finditer(new)] != old:
            found[new] = max(score, found.get(new, 0))
    best = sorted(found, key=lambda new: (-found[new], len(new)))
    return [Swap(start, end, new) for new in best[:MOST]]


def _places(passage: str, before: list[str], after: list[str]) -> Iterator[tuple[str, int]]:
    """Words of the passage with the same word on either side, and how many words around them are the same."""
    words = list(_WORD.finditer(passage))
    stems = [stem(word[0]) for word in words]
    ends = [bool(_END.search(passage, one.end(), two.start())) for one, two in pairwise(words)] + [True]
    for at, word in enumerate(stems):
        if word != before[-1] or ends[at]:
            continue
        same = _same(stems[max(0, at + 1 - _AROUND) : at + 1][::-1], before[::-1])
        for last in range(at + 1, min(at + 1 + _LONGEST, len(words))):
            matched = 0 if ends[last] else _same(stems[last + 1 : last + 1 + _AROUND], after)
            if matched or (ends[last] and not after and same > 1):
                yield passage[words[at + 1].start() : words[last].end()], same + matched
            if ends[last]:
                break


def _same(one: list[str], other: list[str]) -> int:
    """How many words both begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
