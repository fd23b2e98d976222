"""Entailment together with what plain words say: a small calibrated combiner.

A small model takes much shared wording for support and overlooks a strange name; plain overlap knows nothing of
meaning, and on long answers it is still the better of the two. A logistic regression over the model's entailment and
three shares hears both. Its five weights are in the model's config.json, with how they were found in the model card.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from groundwire.nli.entailment import ENTAILMENT, Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURES = ("bias", "entailment", "words", "names", "numbers")

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[^.!?] )[A-Z][\w'’-]+")
_COUNTS = {
    word: str(number)
    for number, word in enumerate(_WORD.findall("zero one two three four five six seven eight nine ten eleven twelve"))
}
_COMMON = frozenset(
    _WORD.findall(
        "a an the of in on at to for from by with as and or but is are was were be been being has have had do does did"
        " it its he she his her they them their this that these those which who whom whose there also not no into than"
        " then will would can could may might must shall should i you we us our your my me him such if so about over"
    )
)
_CERTAIN = 8.0
"""Log-odds beyond which the model's certainty adds nothing."""


def features(premise: str, claim: str) -> tuple[float, float, float]:
    """Shares, 0 to 1: of the claim's content words that the premise has; of its names and of its numbers that it lacks.

    A claim without words has all of them, one without names or numbers lacks none.
    """
    words, numbers = _words(premise), _numbers(premise)
    wanted = _words(claim)
    names = {name.lower()[:6] for name in _NAME.findall(claim)} - _COMMON
    stated = _numbers(claim)
    return (
        len(wanted & words) / len(wanted) if wanted else 1.0,
        len(names - words) / len(names) if names else 0.0,
        len(stated - numbers) / len(stated) if stated else 0.0,
    )


class Combiner:
    """Adjusts entailment by the three shares; what is left is split between the other two as the model had it."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = [float(weights[name]) for name in FEATURES]

    def __repr__(self) -> str:
        return f"Combiner({self._weights})"

    def adjust(self, rows: NDArray[np.float32], pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Return rows (n, 3) like `rows`, of the same pairs. A row with NaN stays NaN."""
        import numpy as np

        if not len(pairs):
            return rows
        table = design(rows, pairs)
        support = 1 / (1 + np.exp(-(table @ np.asarray(self._weights))))
        rest = rows[:, ENTAILMENT + 1 :].astype(np.float64) + 1e-9
        rest *= ((1 - support) / rest.sum(1))[:, None]
        return np.concatenate([support[:, None], rest], 1).astype(np.float32)


def combiner_of(model: object) -> Combiner | None:
    """The combiner that was fitted for a model, or None where its calibration names none."""
    weights = (getattr(model, "calibration", None) or {}).get("support")
    return Combiner(weights) if weights else None


def design(rows: NDArray[np.float32], pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """The matrix (n, 5) of the regression, columns as in `FEATURES`; entailment is in log-odds."""
    import numpy as np

    entailed = np.clip(rows[:, ENTAILMENT].astype(np.float64), 1e-9, 1 - 1e-9)
    odds = np.clip(np.log(entailed / (1 - entailed)), -_CERTAIN, _CERTAIN)
    shares = np.array([features(*pair) for pair in pairs], np.float64).reshape(len(pairs), 3)
    return np.column_stack([np.ones(len(pairs)), odds, shares])


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """Lower-cased content words, cut to six letters so that inflections meet."""
    return frozenset(word[:6] for word in _WORD.findall(text.lower())) - _COMMON


@lru_cache(maxsize=4096)
def _numbers(text: str) -> frozenset[str]:
    digits = {number.replace(",", "") for number in _NUMBER.findall(text)}
    return frozenset(digits | {_COUNTS[word] for word in _WORD.findall(text.lower()) if word in _COUNTS})
