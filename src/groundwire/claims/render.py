"""A clause's tokens → the sentence that states it, every character with its place in the answer."""

from array import array
from collections.abc import Mapping
from typing import NamedTuple

from groundwire.claims.marked import NOWHERE, Marked, joined, put_in, small
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import Part
from groundwire.claims.split import Clause
from groundwire.model import Span

_LEADING = " ,;:.–—-)"
_TRAILING = " ,;:–—-("
_NAMES = ("NNP", "NNPS", "CD")
_JOINERS = frozenset(("and", "but", "yet", "or", "so"))


class Rendered(NamedTuple):
    """A claim's sentence; `span` covers the clause's own words, `at` says where each token begins in the text."""

    words: Marked
    span: Span
    at: dict[int, tuple[int, int]]


def render(tree: Tree, words: Marked, clause: Clause, names: Mapping[int, Marked]) -> Rendered:
    """Write the clause out. `words` is the sentence that was parsed; `names` stand in place of their tokens, and a
    token whose name is empty is left out."""
    parts = _tidy(tree, clause.parts)
    kept = clause.own.intersection(part for part in parts if isinstance(part, int))
    pieces: list[Marked] = []
    at: dict[int, tuple[int, int]] = {}
    length = 0
    previous: Part | None = None
    for part in parts:
        piece = _piece(tree, words, part, names, clause.written)
        if not piece.text and isinstance(part, int):
            continue
        if length and part == 0 and tree.tags[0] not in _NAMES and tree.word(0) != "I" and part not in names:
            piece = small(piece)
        gap = _gap(tree, words, previous, part)
        pieces += [gap, piece]
        length += len(gap.text)
        if isinstance(part, int):
            at[part] = (length, length + len(piece.text))
        length += len(piece.text)
        previous = part
    text = _finished(_capital(joined(pieces)))
    own = [p for token in kept for p in words.places[tree.starts[token] : tree.ends[token]] if p != NOWHERE]
    span = Span(min(own), max(own) + 1) if own else words.span
    return Rendered(text, span, at)


def _piece(tree: Tree, words: Marked, part: Part, names: Mapping[int, Marked], written: Mapping[int, str]) -> Marked:
    if isinstance(part, str):
        return put_in(part)
    if part in written:
        return put_in(written[part])
    return names[part] if part in names else words.cut(tree.starts[part], tree.ends[part])


def _gap(tree: Tree, words: Marked, left: Part | None, right: Part) -> Marked:
    if left is None:
        return put_in("")
    if isinstance(left, int) and isinstance(right, int) and right == left + 1:
        return words.cut(tree.ends[left], tree.starts[right])
    if (
        isinstance(left, int)
        and isinstance(right, int)
        and right == left + 2
        and tree.ends[left] == tree.starts[right] - 1
    ):
        return put_in("")  # a comma went from before a closing quotation mark
    first = right if isinstance(right, str) else tree.word(right)
    return put_in("" if first[:1] in (",", ".", ";", ":", ")", "?", "!", "’", "'") else " ")


def _tidy(tree: Tree, parts: list[Part]) -> list[Part]:
    """Without commas and conjunctions at either end, and without a bracket whose partner is gone."""
    found = list(parts)
    while found and _is_loose(tree, found[0], _LEADING, _JOINERS):
        del found[0]
    while found and _is_loose(tree, found[-1], _TRAILING, _JOINERS):
        del found[-1]
    while (
        len(found) > 1
        and not isinstance(found[-1], str)
        and tree.word(found[-1]) == "."
        and (_is_loose(tree, found[-2], _TRAILING, _JOINERS))
    ):
        del found[-2]
    written = [part if isinstance(part, str) else tree.word(part) for part in found]
    for opener, closer in (("(", ")"), ("“", "”"), ("[", "]")):
        together = "".join(written)
        if together.count(opener) != together.count(closer):
            found = [p for p, w in zip(found, written, strict=True) if w not in (opener, closer)]
            written = [w for w in written if w not in (opener, closer)]
    if written.count('"') % 2:
        found = [p for p, w in zip(found, written, strict=True) if w != '"']
        written = [w for w in written if w != '"']
    kept: list[Part] = []
    for part, word in zip(found, written, strict=True):
        if word == "," and kept and not isinstance(kept[-1], str) and tree.word(kept[-1]) == ",":
            continue
        kept.append(part)
    return kept


def _is_loose(tree: Tree, part: Part, marks: str, joiners: frozenset[str]) -> bool:
    if isinstance(part, str):
        return False
    word = tree.lower(part)
    return not word.strip(marks) or word in joiners


def _capital(words: Marked) -> Marked:
    """A capital letter first: the letter is then no longer the answer's own."""
    first = words.text[:1]
    if not first.islower() or (len(words.text) > 1 and words.text[1].isupper()) or len(first.upper()) != 1:
        return words
    return Marked(first.upper() + words.text[1:], array("l", [NOWHERE]) + words.places[1:])


def _finished(words: Marked) -> Marked:
    words = words.strip()
    if not words.text or words.text[-1] in ".!?…。！？" or words.text[-2:-1] in (".", "!", "?"):
        return words
    return joined((words, put_in(".")))
