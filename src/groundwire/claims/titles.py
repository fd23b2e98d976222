"""Titles with a verb in them, which a parser takes for a clause: "I Want to Hold Your Hand" is a song.

They are found by their quotation marks or their markup, and by their capitals. The parser reads a name in their place.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from groundwire.claims.marked import Marked

if TYPE_CHECKING:
    from groundwire.claims.parse import Tree

Ranges = tuple[tuple[int, int], ...]

STAND_IN = "Emma"
"""What the parser reads instead of a title: a name that it knows."""

_QUOTED = re.compile(r"[\"“]([^\"“”\n]{2,120}?)[,.;]?[\"”]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MOST = 12  # words
_LONG = 5  # letters: words as long have a capital in titles
_MISREAD = ("VB", "MD", "PR", "WP", "WR")


def emphasised(words: Marked) -> Ranges:
    """The titles among the stretches that stood between markup: *They Shoot Horses, Don't They?*."""
    text = words.text
    gaps = [
        piece.at
        for before, piece in pairwise(words.pieces)
        if piece.at == before.at + before.length and piece.source > before.source + before.length
    ]
    if not gaps:
        return ()
    return tuple((a, b) for a, b in pairwise((0, *gaps, len(text))) if _is_title(text[a:b].strip(" .,"), 2))


def titles(tree: "Tree", marked: Ranges) -> list[tuple[int, int]]:
    """The titles of a sentence that hold a verb or a pronoun, as ranges of tokens; `marked` are those in markup."""
    quoted = [match.span(1) for match in _QUOTED.finditer(tree.text) if _is_title(match[1], 1)]
    found: list[tuple[int, int]] = []
    for start, end in sorted({*quoted, *marked}):
        inside = [t for t in range(len(tree.tags)) if start <= tree.starts[t] and tree.ends[t] <= end]
        while inside and tree.words[inside[-1]] in (",", ".", ";"):
            inside.pop()
        whole = len(inside) >= sum(any(c.isalnum() for c in word) for word in tree.words)
        if not inside or whole or (found and inside[0] < found[-1][1]):
            continue
        if any(tree.tags[t].startswith(_MISREAD) for t in inside):
            found.append((inside[0], inside[-1] + 1))
    return found


def spans(count: int, titles: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """So many tokens as ranges, those of a title as one."""
    at = 0
    found: list[tuple[int, int]] = []
    for start, end in [*titles, (count, count)]:
        found += [(t, t + 1) for t in range(at, start)]
        if start < end:
            found.append((start, end))
        at = end
    return found


def _is_title(text: str, fewest: int) -> bool:
    words = _WORD.findall(text)
    if not fewest <= len(words) <= _MOST or not words[0][0].isupper() or not words[-1][0].isupper():
        return False
    big = sum(not word[0].islower() for word in words)
    return 2 * big >= len(words) and not any(len(word) >= _LONG and word[0].islower() for word in words)
