"""How good a score is: does it rank, does it mean what it says, and how sure is a share of so many answers.

Labels are 1 for what ought to be flagged; scores are higher the more suspicious. numpy is imported inside:
`groundwire --help` comes past here.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

BINS = 10

_SURE = 1.959964
"""Standard deviations either side that hold 95 % of a normal distribution."""


class Share(NamedTuple):
    """A share, 0 to 1, and the ends of its 95 % interval; NaN of nothing."""

    value: float
    low: float
    high: float


def wilson(hits: int, n: int) -> Share:
    """The share of `hits` among `n` with Wilson's score interval (Wilson 1927), which holds for few and for none."""
    if not n:
        return Share(math.nan, math.nan, math.nan)
    share, square = hits / n, _SURE**2 / n
    middle = (share + square / 2) / (1 + square)
    half = _SURE / (1 + square) * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return Share(share, max(0.0, middle - half), min(1.0, middle + half))


def area_under_curve(labels: Sequence[int], scores: Sequence[float]) -> float:
    """The area under the ROC curve: how often a 1 scores above a 0, ties counting half (Mann-Whitney U)."""
    import numpy as np

    truth, values = np.asarray(labels), np.asarray(scores, dtype=float)
    positive, negative = int((truth == 1).sum()), int((truth == 0).sum())
    if not positive or not negative:
        return math.nan
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[truth == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def expected_calibration_error(labels: Any, probabilities: Any) -> float:
    """How far, on average, the probability of a 1 is from the share of 1s among what was given that probability.

    0 to 1, lower is better (Naeini, Cooper and Hauskrecht 2015): in ten bins of equal width, the distance between the
    mean probability and the share of 1s, weighted by how many fell in. NaN of nothing.
    """
    import numpy as np

    truth, values = np.asarray(labels, float), np.asarray(probabilities, float)
    if not len(values):
        return math.nan
    places = np.minimum((values * BINS).astype(int), BINS - 1)
    return float(
        sum(
            np.count_nonzero(places == place) * abs(values[places == place].mean() - truth[places == place].mean())
            for place in np.unique(places)
        )
        / len(values)
    )
