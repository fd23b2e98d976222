"""The names in sentences, by spaCy's entity recogniser, with most of its steps taken at once.

Outside a name, its transition depends on nothing but the word it stands at, so all words are scored together; only
inside names it goes from word to word. What comes out is what spaCy's own loop gives.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from groundwire.claims.transitions import annotated

if TYPE_CHECKING:
    from spacy.tokens import Doc

Entity = tuple[int, int, str]
"""The first token, the one behind the last, and OntoNotes' label."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class _Moves(NamedTuple):
    """The transitions by number: to begin a name, go on in it, end it, take one word as it, or (the rest) pass by.

    `closed`, `space` and `final` have minus infinity where a transition is impossible: outside a name, at white space,
    at the last word.
    """

    begin: dict[int, str]
    unit: dict[int, str]
    inner: dict[str, int]
    last: dict[str, int]
    closed: Floats
    space: Floats
    final: Floats


def entities(component: Any, docs: "Sequence[Doc]") -> list[list[Entity]]:
    """The names in each document: one sentence, of which nothing is known yet."""
    if not _is_usual(component) or not any(map(len, docs)):
        return [[(e.start, e.end, e.label_) for e in doc.ents] for doc in annotated(component, docs)]
    moves = _moves(component)
    score = _scores(component.model, docs)
    ends: list[int] = np.cumsum([len(doc) for doc in docs]).tolist()
    starts = [end - len(doc) for doc, end in zip(docs, ends, strict=True)]
    nowhere = np.full(ends[-1], -1)
    scores = score(np.arange(ends[-1]), nowhere, nowhere) + moves.closed
    scores[np.concatenate([doc.to_array("IS_SPACE") for doc in docs]) > 0] += moves.space
    scores[[end - 1 for start, end in zip(starts, ends, strict=True) if start < end]] += moves.final
    best: list[int] = scores.argmax(axis=1).tolist()
    found: list[list[Entity]] = [[] for _ in docs]

    def outside(doc: int, at: int) -> list[tuple[int, int, int, str]]:
        """From a word on, to where a name of several words begins: the document, first word, next word and label."""
        while at < ends[doc]:
            move = best[at]
            at += 1
            if label := moves.begin.get(move):
                return [(doc, at - 1, at, label)]
            if label := moves.unit.get(move):
                found[doc].append((at - 1 - starts[doc], at - starts[doc], label))
        return []

    inside = [begun for doc, start in enumerate(starts) for begun in outside(doc, start)]
    while inside:
        at = np.array([name[2] for name in inside])
        rows = score(at, np.array([name[1] for name in inside]), at - 1)
        names, inside = inside, []
        for row, (doc, first, here, label) in zip(rows, names, strict=True):
            if here + 1 < ends[doc] and row[moves.inner[label]] >= row[moves.last[label]]:
                inside.append((doc, first, here + 1, label))
            else:
                found[doc].append((first - starts[doc], here + 1 - starts[doc], label))
                inside += outside(doc, here + 1)
    return found


def _is_usual(component: Any) -> bool:
    """Whether the recogniser is of the kind that spaCy's pipelines have: looks at three words, with a hidden layer."""
    from spacy.pipeline import EntityRecognizer
    from spacy.pipeline._parser_internals.ner import BiluoPushDown

    if type(component) is not EntityRecognizer or type(component.moves) is not BiluoPushDown:
        return False
    attrs, lower = component.model.attrs, component.model.get_ref("lower")
    hidden = attrs["has_upper"] and lower.get_dim("nF") == 3 and lower.get_dim("nP") > 1
    return component.cfg.get("beam_width") == 1 and hidden and not attrs["unseen_classes"]


@lru_cache(maxsize=4)
def _moves(component: Any) -> _Moves:
    named = [component.moves.get_class_name(number) for number in range(component.moves.n_moves)]
    parts = [name.partition("-") for name in named]
    begin = {number: label for number, (move, _, label) in enumerate(parts) if move == "B" and label}
    unit = {number: label for number, (move, _, label) in enumerate(parts) if move == "U" and label}
    inner = {label: number for number, (move, _, label) in enumerate(parts) if move == "I"}
    last = {label: number for number, (move, _, label) in enumerate(parts) if move == "L"}
    out = {number for number, (move, _, _) in enumerate(parts) if move == "O"}

    def only(possible: set[int]) -> Floats:
        return np.array([0.0 if number in possible else -np.inf for number in range(len(named))], np.float32)

    closed = only({*begin, *unit, *out})
    return _Moves(begin, unit, inner, last, closed, only(out), only({*unit, *out}))


def _scores(model: Any, docs: "Sequence[Doc]") -> Callable[[Ints, Ints, Ints], Floats]:
    """The score of each transition by the word stood at, the first word of the name, the one before; -1 for none."""
    tok2vec, lower, upper = model.get_ref("tok2vec"), model.get_ref("lower"), model.get_ref("upper")
    vectors = lower.predict(tok2vec.predict(docs))  # the first row is that of no word
    pieces = lower.get_dim("nP")
    bias, weights, shift = lower.get_param("b"), upper.get_param("W"), upper.get_param("b")

    def score(at: Ints, first: Ints, before: Ints) -> Floats:
        features = vectors[at + 1, 0] + vectors[first + 1, 1]
        features += vectors[before + 1, 2]
        features += bias
        hidden: Floats = features[:, :, 0]
        for piece in range(1, pieces):
            hidden = np.maximum(hidden, features[:, :, piece])
        scores: Floats = upper.ops.gemm(hidden, weights, trans2=True)
        scores += shift
        return scores

    return score
