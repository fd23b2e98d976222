"""A premise that is too long is read in overlapping parts, never cut off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groundwire.nli.entailment import CONTRADICTION, ENTAILMENT, NEUTRAL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def windows(tokens: Sequence[int], size: int) -> list[Sequence[int]]:
    """Split `tokens` into parts of `size`, each a quarter over the one before; the last one ends where `tokens` end."""
    if len(tokens) <= size:
        return [tokens]
    stride = max(1, size - size // 4)
    starts = [*range(0, len(tokens) - size, stride), len(tokens) - size]
    return [tokens[start : start + size] for start in starts]


def combine(parts: NDArray[np.float32]) -> NDArray[np.float32]:
    """One row (3,) from the rows (n, 3) of the windows of one premise.

    Entailment is the highest of any window, because support in one place is support; contradiction is the highest of
    any window, as far as entailment leaves room. More text can so never lower the entailment that a part of it had.
    """
    row: NDArray[np.float32] = parts[0].copy()
    if len(parts) == 1:
        return row
    row[ENTAILMENT] = parts[:, ENTAILMENT].max()
    row[CONTRADICTION] = min(parts[:, CONTRADICTION].max(), 1 - row[ENTAILMENT])
    row[NEUTRAL] = 1 - row[ENTAILMENT] - row[CONTRADICTION]
    return row
