"""A clause's tokens → the sentence that states it, every character with its place in the answer."""

from collections.abc import Mapping
from typing import NamedTuple

from groundwire.claims.marked import Marked, begun, joined, put_in, small
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import Part
from groundwire.claims.split import Clause
from groundwire.model import Span, located

_LEADING = " ,;:.–—-)"
_TRAILING = " ,;:–—-("
_NAMES = ("NNP", "NNPS", "CD")
_SHORTENED = {"'re": " are", "'ve": " have", "'ll": " will", "'m": " am"}
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
    changed = {**names, **{token: put_in(form) for token, form in clause.written.items()}} if clause.written else names
    pieces: list[Marked] = []
    at: dict[int, tuple[int, int]] = {}
    changed = {**changed, **_spelt_out(tree, parts, names)}
    length = 0
    previous: Part | None = None
    for run in _runs(parts, changed):
        first, last = run[0], run[-1]
        piece = _piece(tree, words, run, changed)
        if not piece.text and isinstance(first, int):
            continue
        if length and first == 0 and tree.tags[0] not in _NAMES and tree.words[0] != "I" and first not in names:
            piece = small(piece)
        gap = _gap(tree, words, previous, first)
        pieces += (gap, piece)
        length += len(gap.text)
        if isinstance(first, int) and first in changed:
            at[first] = (length, length + len(piece.text))
        elif isinstance(first, int) and isinstance(last, int):
            shift = length - tree.starts[first]
            for token in range(first, last + 1):
                at[token] = (tree.starts[token] + shift, tree.ends[token] + shift)
        length += len(piece.text)
        previous = last
    kept = clause.own.intersection(part for part in parts if isinstance(part, int))
    return Rendered(_finished(_capital(joined(pieces))), _span(tree, words, sorted(kept)), at)


def _spelt_out(tree: Tree, parts: list[Part], names: Mapping[int, Marked]) -> dict[int, Marked]:
    """Verbs that were shortened behind a pronoun in whose place a name stands: "it's" is no "the plant's"."""
    found = {}
    for part in parts:
        if isinstance(part, str) or tree.tags[part] == "POS" or not names.get(part - 1, put_in("")).text:
            continue
        short = tree.lowers[part].replace("’", "'")
        if short == "'s":
            verb = tree.heads[part]
            owns = tree.child(verb, "dobj", "attr", "oprd") is not None
            had = tree.tags[verb] in ("VBN", "VBD") and (tree.deps[part] == "aux" or owns)
            found[part] = put_in(" has" if had else " is")
        elif short in _SHORTENED:
            found[part] = put_in(_SHORTENED[short])
    return found


def _runs(parts: list[Part], changed: Mapping[int, Marked]) -> list[list[Part]]:
    """The parts: tokens that follow one another in the sentence together, the first of it and changed ones alone."""
    runs: list[list[Part]] = []
    last: Part | None = None
    for part in parts:
        if last and isinstance(last, int) and part == last + 1 and last not in changed and part not in changed:
            runs[-1].append(part)
        else:
            runs.append([part])
        last = part
    return runs


def _piece(tree: Tree, words: Marked, run: list[Part], changed: Mapping[int, Marked]) -> Marked:
    first, last = run[0], run[-1]
    if isinstance(first, str) or isinstance(last, str):
        return put_in(str(first))
    return changed[first] if first in changed else words.cut(tree.starts[first], tree.ends[last])


def _span(tree: Tree, words: Marked, tokens: list[int]) -> Span:
    """The smallest stretch of the answer that holds those of the tokens that it has; the whole sentence's if none."""
    if tokens and (span := located(words.pieces, tree.starts[tokens[0]], tree.ends[tokens[-1]])):
        return span
    own = words.picked((tree.starts[token], tree.ends[token]) for token in tokens)
    return own.span if own.pieces else words.span


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
    first = right if isinstance(right, str) else tree.words[right]
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
        and tree.words[found[-1]] == "."
        and (_is_loose(tree, found[-2], _TRAILING, _JOINERS))
    ):
        del found[-2]
    written = [part if isinstance(part, str) else tree.words[part] for part in found]
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
        if word == "," and kept and not isinstance(kept[-1], str) and tree.words[kept[-1]] == ",":
            continue
        kept.append(part)
    return kept


def _is_loose(tree: Tree, part: Part, marks: str, joiners: frozenset[str]) -> bool:
    if isinstance(part, str):
        return False
    word = tree.lowers[part]
    return not word.strip(marks) or word in joiners


def _capital(words: Marked) -> Marked:
    """A capital letter first: the letter is then no longer the answer's own."""
    first = words.text[:1]
    if not first.islower() or (len(words.text) > 1 and words.text[1].isupper()) or len(first.upper()) != 1:
        return words
    return begun(words, first.upper())


def _finished(words: Marked) -> Marked:
    words = words.strip()
    if not words.text or words.text[-1] in ".!?…。！？" or words.text[-2:-1] in (".", "!", "?"):
        return words
    return joined((words, put_in(".")))
