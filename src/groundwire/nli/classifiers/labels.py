"""What a classifier calls its labels, and where entailment, neutral and contradiction stand among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from groundwire.errors import ModelError
from groundwire.nli.entailment import softmax

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ENTAILMENT, _NEUTRAL, _CONTRADICTION, _NOT_ENTAILMENT = "entailment", "neutral", "contradiction", "not_entailment"

SPELLINGS: Mapping[str, frozenset[str]] = {
    _ENTAILMENT: frozenset(
        {"entailment", "entail", "entails", "entailed", "support", "supports", "supported", "consistent"}
        | {"factually consistent", "grounded", "faithful", "attributable", "not hallucinated", "no hallucination"}
    ),
    _NEUTRAL: frozenset({"neutral", "not enough info", "not enough information", "nei", "undetermined"}),
    _CONTRADICTION: frozenset(
        {"contradiction", "contradict", "contradicts", "contradicted", "contradictory", "refute", "refutes", "refuted"}
    ),
    _NOT_ENTAILMENT: frozenset(
        {"not entailment", "non entailment", "nonentailment", "not entailed", "unsupported", "not supported"}
        | {"inconsistent", "not consistent", "factually inconsistent", "ungrounded", "not grounded", "unfaithful"}
        | {"not faithful", "not attributable", "hallucination", "hallucinated"}
    ),
}
"""Lower case, with one space for `_` and `-`. What is not entailment may be neutral or a contradiction."""


class LabelColumns(NamedTuple):
    """The columns of a classifier's logits. Without one of contradiction, all that is not entailment is neutral."""

    entailment: int
    contradiction: int | None
    size: int

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 (n, 3), columns as in `entailment.COLUMNS`, from logits (n, labels)."""
        import numpy as np

        odds = softmax(logits)
        entailed = odds[:, self.entailment]
        contradicted = np.zeros_like(entailed) if self.contradiction is None else odds[:, self.contradiction]
        others = [i for i in range(self.size) if i not in (self.entailment, self.contradiction)]
        return np.stack([entailed, odds[:, others].sum(1), contradicted], 1).astype(np.float32)


def label_columns(config: Mapping[str, Any], where: object) -> LabelColumns:
    """Read `id2label` of a transformers config. `where` names the config in what is raised.

    Two labels are entailment and anything else; three are entailment, contradiction and a third that is neither.

    Raises: ModelError, one line, when the labels do not say which is which.
    """
    names = _names(config, where)
    if len(names) == 1 or config.get("problem_type") == "regression":
        raise ModelError(f"{where}: one score and no classes. Expected two or three labels in id2label.")
    if config.get("problem_type") == "multi_label_classification":
        raise ModelError(f"{where}: its labels do not exclude each other. Expected a problem_type of single_label.")
    meanings = [_meaning(name) for name in names]
    entailment = [i for i, meaning in enumerate(meanings) if meaning == _ENTAILMENT]
    contradiction = [i for i, meaning in enumerate(meanings) if meaning == _CONTRADICTION]
    if len(entailment) == 1 and None not in meanings:
        if len(names) == 2:
            return LabelColumns(entailment[0], None, 2)
        if len(names) == 3 and len(contradiction) == 1:
            return LabelColumns(entailment[0], contradiction[0], 3)
    found = ", ".join(names)
    raise ModelError(
        f"{where}: the labels are {found}. Expected in id2label of config.json entailment, neutral and contradiction, "
        "or entailment and not_entailment, in the order of the model's outputs."
    )


def _names(config: Mapping[str, Any], where: object) -> list[str]:
    """The labels in the order of the logits. A config without them has the two that transformers then assumes."""
    labels = config.get("id2label")
    if not isinstance(labels, Mapping) or not labels:
        return [f"LABEL_{i}" for i in range(2)]
    names = [str(labels[key]) for key in map(str, range(len(labels))) if key in labels]
    if len(names) < len(labels):
        raise ModelError(f"{where}: id2label is numbered {', '.join(map(str, labels))}. Expected 0, 1 and so on.")
    return names


def _meaning(name: str) -> str | None:
    plain = " ".join(re.sub(r"[_-]", " ", name).casefold().split())
    return next((meaning for meaning, spellings in SPELLINGS.items() if plain in spellings), None)
