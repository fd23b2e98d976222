"""How the model's answer and what can be seen without it become one probability that a claim is supported.

A logistic regression over nine values. Word overlap tells much where answers paraphrase long sources and nothing
where they are edited copies; the model has it the other way round; together they are better than either.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from groundwire.nli.signals import Signals

_LEAST = 1e-3
"""Probabilities nearer to 0 or 1 count as this near: the model is not surer than that."""

RISING = ("entailment", "words", "words_anywhere", "phrases", "names", "numbers")
"""What speaks for support, never against it: so more passages can only raise it."""
FALLING = ("contradiction",)
FREE = ("always", "size")

FEATURES = (*FREE, *RISING, *FALLING)


def features(entailment: float, contradiction: float, found: Signals) -> dict[str, float]:
    """The values of `FEATURES`. Probabilities are the highest of any passage, or of two that were joined."""
    return {
        "always": 1.0,
        "size": math.log1p(found.size),
        "entailment": _logit(entailment),
        "words": found.words,
        "words_anywhere": found.words_anywhere,
        "phrases": found.phrases,
        "names": found.names,
        "numbers": found.numbers,
        "contradiction": _logit(contradiction),
    }


@dataclass(frozen=True)
class Combiner:
    """`weights` has one for each of `FEATURES`. They are fitted when a model is exported and stand in its config."""

    weights: Mapping[str, float]

    def support(self, entailment: float, contradiction: float, found: Signals) -> float:
        """The probability that the passages support the claim, 0 to 1."""
        values = features(entailment, contradiction, found)
        return 1 / (1 + math.exp(-sum(self.weights[name] * value for name, value in values.items())))


def _logit(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
