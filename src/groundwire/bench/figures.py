"""The arithmetic of the figures. Labels are 1 for what ought to be flagged; scores are higher the more suspicious.

numpy is imported inside: `groundwire --help` comes past here.
"""

import math
from collections.abc import Sequence
from enum import StrEnum


class Kinds(StrEnum):
    """What the figures of a graph can be broken down by."""

    CATEGORY = "category"
    RELATION = "relation"


def balanced_accuracy(labels: Sequence[int], flagged: Sequence[bool]) -> float:
    """The mean of the share of 1s flagged and the share of 0s not flagged; NaN where a label does not occur."""
    ones = [flag for label, flag in zip(labels, flagged, strict=True) if label == 1]
    zeros = [flag for label, flag in zip(labels, flagged, strict=True) if label == 0]
    if not ones or not zeros:
        return math.nan
    return (sum(ones) / len(ones) + 1 - sum(zeros) / len(zeros)) / 2


def best_balanced_accuracy(labels: Sequence[int], scores: Sequence[float]) -> float:
    """The balanced accuracy at the threshold that suits these very answers best: what no honest threshold beats."""
    import numpy as np

    truth, values = np.asarray(labels), np.asarray(scores, dtype=float)
    positive, negative = int((truth == 1).sum()), int((truth == 0).sum())
    if not positive or not negative:
        return math.nan
    order = np.argsort(-values, kind="stable")
    last_of_ties = np.append(np.diff(values[order]) != 0, True)
    hits = np.cumsum(truth[order] == 1)[last_of_ties] / positive
    alarms = np.cumsum(truth[order] == 0)[last_of_ties] / negative
    return float(max(0.5, ((hits + 1 - alarms) / 2).max()))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed: nearest rank, never between."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def mean(values: Sequence[float]) -> float:
    """The mean of what is a number; NaN where nothing is."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
