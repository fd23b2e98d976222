"""What an entailment model is, and the check that what it answered are probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from groundwire.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pair = tuple[str, str]
"""Premise, hypothesis."""

COLUMNS = ("entailment", "neutral", "contradiction")
ENTAILMENT, NEUTRAL, CONTRADICTION = range(3)


@runtime_checkable
class EntailmentModel(Protocol):
    """Gives for each pair the probabilities that the premise entails, leaves open or contradicts the hypothesis.

    `name` and `version` (a content hash of everything that decides its numbers) go into reports. `max_length` is in
    tokens of the model, for premise and hypothesis together.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def max_length(self) -> int: ...

    def length(self, text: str) -> int:
        """Return how many of the model's tokens the text takes."""

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        """Return float32 of shape (len(pairs), 3), columns as in `COLUMNS`; rows sum to 1.

        A row depends on its pair alone, whatever else is in `pairs`. Nothing is cut off: a model reads a premise that
        is too long in parts, and refuses a hypothesis that takes more than half of `max_length`. `deadline` is a moment
        of `time.monotonic()`, in seconds, from which on nobody waits for the rows.

        Raises: ModelError; DeadlineError where the model minds the deadline; OverloadError.
        """


def checked(rows: object, count: int) -> NDArray[np.float32]:
    """Return `rows` as float32 of shape (count, 3).

    A row that is not a distribution (NaN, below 0, a sum other than 1) comes back as NaN throughout, so that it
    cannot pass for an answer.

    Raises: ModelError when the shape is wrong.
    """
    import numpy as np

    try:
        table = np.array(rows, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ModelError(f"the entailment model returned {type(rows).__name__}, not numbers") from error
    if table.shape != (count, 3):
        raise ModelError(f"the entailment model returned shape {table.shape}, expected ({count}, 3)")
    with np.errstate(invalid="ignore"):
        good = np.isfinite(table).all(1) & (table >= -1e-6).all(1) & (np.abs(table.sum(1) - 1) <= 1e-3)
    table[~good] = np.nan
    return table


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return probabilities, float64 of the same shape, along the last axis."""
    import numpy as np

    odds = logits.astype(np.float64)
    odds -= odds.max(-1, keepdims=True)
    np.exp(odds, out=odds)
    odds /= odds.sum(-1, keepdims=True)
    return odds
