"""spaCy's transition parsers, step by step, with Python's lock kept.

spaCy lets go of Python's lock for a whole parse, and then every small question about a parser's state takes it and
gives it back: ten thousand times an answer, and at each of them another thread may get in between. Held throughout,
the same steps take half the time, and other threads wait no longer than they did.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

_BATCH = 256


def annotated(component: Any, docs: "Sequence[Doc]") -> "list[Doc]":
    """The documents with what a component of a spaCy pipeline says of them."""
    from spacy.pipeline.transition_parser import Parser

    if not isinstance(component, Parser) or component.cfg.get("beam_width") != 1:
        return list(component.pipe(docs, batch_size=_BATCH))
    states = component.moves.init_batch(docs)
    if unfinished := [state for state in states if not state.is_final()]:
        _decide(component, docs, unfinished)
    component.set_annotations(docs, states)
    return list(docs)


def _decide(component: Any, docs: "Sequence[Doc]", states: list[Any]) -> None:
    """Take the best transition of every state until all are final, as `Parser.greedy_parse` does."""
    model = component.model.predict(docs)
    if not component.model.attrs["has_upper"] or component.model.attrs["unseen_classes"]:
        while states:
            states = component.transition_states(states, model.predict(states))
        return
    upper = model.vec2scores
    weights, bias = upper.get_param("W"), upper.get_param("b")
    while states:
        hidden = model.state2vec(model.get_token_ids(states), False)[0]
        scores = upper.ops.gemm(hidden, weights, trans2=True)
        scores += bias
        states = component.transition_states(states, scores)
