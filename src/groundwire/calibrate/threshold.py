"""From which support on a claim counts as supported, so that no more than so many clean answers are flagged."""

from typing import TYPE_CHECKING, NamedTuple

from groundwire.calibrate.collect import Answers
from groundwire.calibrate.figures import Share, wilson
from groundwire.calibrate.platt import folds
from groundwire.nli import Calibration

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIGITS = range(2, 9)


class Point(NamedTuple):
    """A threshold for calibrated support, and what it does to these answers. `reached`: within the allowed share."""

    supported: float
    false_positives: Share
    detected: Share
    reached: bool


def choose(answers: Answers, calibration: Calibration, allowed: float) -> Point:
    """The highest threshold that flags at most `allowed` (a share, 0 to 1) of the clean answers.

    Where even the lowest flags more, because of what does not hang on the threshold: the lowest.
    """
    import numpy as np

    watched = calibration.of(answers.watched)
    values = np.unique(watched[watched < 1])  # without NaN
    clean = answers.labels == 0
    limit = int(np.floor(allowed * clean.sum() + 1e-9))
    alarms = int((clean & answers.always).sum())
    ordered = np.sort(watched[clean & ~answers.always & (watched < 1)])
    count = len(values)
    if alarms + len(ordered) > limit:
        # The first support that may not be flagged, and with it what is above.
        first = ordered[max(0, limit - alarms)]
        count = int(np.searchsorted(values, first))
    low = float(values[count - 1]) if count else 0.0
    high = float(values[count]) if count < len(values) else 1.0
    return at(answers, calibration, _between(low, high), reached=alarms <= limit)


def at(answers: Answers, calibration: Calibration, supported: float, *, reached: bool = True) -> Point:
    """What a threshold does to the answers."""
    clean = answers.labels == 0
    flagged = _flagged(answers, calibration, supported)
    return Point(
        supported,
        wilson(int((flagged & clean).sum()), int(clean.sum())),
        wilson(int((flagged & ~clean).sum()), int((~clean).sum())),
        reached,
    )


def held_out(answers: Answers, calibration: Calibration, allowed: float) -> tuple[Share, Share]:
    """False positives and detected ones where each fifth is judged by the threshold that the others lead to."""
    import numpy as np

    flagged = np.zeros(len(answers), np.bool_)
    for rest, fold in folds(answers.labels):
        flagged[fold] = _flagged(answers[fold], calibration, choose(answers[rest], calibration, allowed).supported)
    clean = answers.labels == 0
    return (
        wilson(int((flagged & clean).sum()), int(clean.sum())),
        wilson(int((flagged & ~clean).sum()), int((~clean).sum())),
    )


def _flagged(answers: Answers, calibration: Calibration, supported: float) -> "NDArray[np.bool_]":
    import numpy as np

    return np.asarray(answers.always | (calibration.of(answers.watched) < supported))  # NaN is not below


def _between(low: float, high: float) -> float:
    """The shortest number above `low` and up to `high` that lies near the middle."""
    middle = (low + high) / 2
    for digits in DIGITS:
        if low < (short := round(middle, digits)) <= high:
            return short
    return high
