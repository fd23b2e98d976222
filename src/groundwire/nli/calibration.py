"""What the model's probability of entailment is worth on somebody's own answers.

Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines"), with the log-odds of the model's
probability in the place of the machine's output: p → sigmoid(slope · logit(p) + intercept). `groundwire calibrate` fits
the two numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EDGE = 1e-6
"""Probabilities nearer than this to 0 or 1 count as this near: float32 knows no difference, and logits are finite."""


@dataclass(frozen=True)
class Calibration:
    """A monotone map of probabilities; the default is the identity. Raises ValueError for a slope of 0 or less."""

    slope: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        if not (0 < self.slope < math.inf and math.isfinite(self.intercept)):
            raise ValueError(f"{self} is none: the slope is a number above 0, the intercept a number")

    @property
    def identity(self) -> bool:
        """Whether it leaves every number what it is, to the last bit."""
        return self.slope == 1 and self.intercept == 0

    def of(self, probability: Any) -> NDArray[np.float64]:
        """The calibrated probabilities of entailment, float64, in the shape of what is given. NaN stays NaN."""
        import numpy as np

        given = np.asarray(probability, np.float64)
        if self.identity:
            return given
        # In this form, exp cannot overflow into a warning for what is far off.
        odds = np.clip(self.slope * log_odds(given) + self.intercept, -700, 700)
        return np.asarray(1 / (1 + np.exp(-odds)))


def log_odds(probability: Any) -> NDArray[np.float64]:
    """logit(p) = log(p / (1 - p)), finite also where p is 0 or 1; float64 in the shape of what is given."""
    import numpy as np

    known = np.clip(np.asarray(probability, np.float64), EDGE, 1 - EDGE)
    return np.asarray(np.log(known / (1 - known)))
