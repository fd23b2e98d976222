"""All that a calibration found, and in which words and rows it is told."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from groundwire.calibrate import platt, threshold
from groundwire.calibrate.collect import Answers
from groundwire.calibrate.figures import Share, area_under_curve, expected_calibration_error, wilson
from groundwire.nli import Calibration

ALLOWED = (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass
class Result:
    """`before` and `after` are expected calibration errors: as configured, and under a calibration fitted on others.

    `held_out`: false positives and detected ones at thresholds chosen on others. `notes`: what a user should know.
    """

    n: int
    base_rate: Share
    calibration: Calibration
    allowed: float
    point: threshold.Point
    held_out: tuple[Share, Share]
    auc: float
    before: float
    after: float
    operating: dict[float, threshold.Point]
    notes: list[str] = field(default_factory=list)


def calibrate(answers: Answers, configured: Calibration, allowed: float) -> Result:
    """Fit the calibration, choose the threshold, and measure both. `configured`: what is in force now."""
    found = platt.fitted(answers)
    calibration = found or configured
    point = threshold.choose(answers, calibration, allowed)
    labels = answers.labels.tolist()
    result = Result(
        n=len(answers),
        base_rate=wilson(sum(labels), len(labels)),
        calibration=calibration,
        allowed=allowed,
        point=point,
        held_out=threshold.held_out(answers, calibration, allowed),
        auc=area_under_curve(labels, platt.scores(answers, calibration).tolist()),
        before=expected_calibration_error(labels, platt.scores(answers, configured)),
        after=expected_calibration_error(labels, platt.held_out(answers, configured)),
        operating={share: threshold.choose(answers, calibration, share) for share in ALLOWED},
    )
    if found is None:
        result.notes.append(
            f"The calibration stays what it was: fewer than {platt.FEWEST} answers of either label hang on entailment, "
            "or more support does not mean fewer faults."
        )
    elif result.after > result.before:
        result.notes.append("On answers that it has not seen, the new calibration is no better than the old one.")
    if not point.reached:
        share = point.false_positives.value
        result.notes.append(
            f"No threshold flags at most {allowed:.1%} of the clean answers: {share:.1%} are flagged under the lowest, "
            "for values, graphs or checks that failed. The lowest was chosen."
        )
    return result


def as_json(result: Result) -> dict[str, Any]:
    """Everything, in plain numbers; shares are 0 to 1, with the ends of their 95 % intervals."""
    return {
        "n": result.n,
        "base_rate": _numbers(result.base_rate),
        "max_false_positives": result.allowed,
        "reached": result.point.reached,
        "calibration": {"slope": result.calibration.slope, "intercept": result.calibration.intercept},
        "supported": result.point.supported,
        "false_positive_rate": _numbers(result.point.false_positives),
        "detection_rate": _numbers(result.point.detected),
        "held_out": {
            "false_positive_rate": _numbers(result.held_out[0]),
            "detection_rate": _numbers(result.held_out[1]),
        },
        "auc": result.auc,
        "calibration_error": {"before": result.before, "after": result.after},
        "operating": [
            {
                "max_false_positives": allowed,
                "supported": point.supported,
                "false_positive_rate": point.false_positives.value,
                "detection_rate": point.detected.value,
                "reached": point.reached,
            }
            for allowed, point in result.operating.items()
        ],
        "notes": result.notes,
    }


def as_rows(result: Result) -> Iterator[tuple[str, str]]:
    """What was measured, and how it is shown."""
    yield "answers", f"{result.n:,}"
    yield "hold something unsupported", _interval(result.base_rate)
    yield "calibration", f"slope {result.calibration.slope:g}, intercept {result.calibration.intercept:g}"
    yield "supported from", f"{result.point.supported:g}"
    yield "clean answers flagged", _interval(result.point.false_positives)
    yield "  by thresholds chosen on other answers", _interval(result.held_out[0])
    yield "faulty answers flagged", _interval(result.point.detected)
    yield "  by thresholds chosen on other answers", _interval(result.held_out[1])
    yield "AUC of the score", f"{result.auc:.1%}"
    yield "calibration error of the score, before", f"{result.before:.1%}"
    yield "  after, fitted on other answers", f"{result.after:.1%}"


def as_points(result: Result) -> Iterator[tuple[str, str, str, str]]:
    """The operating table: allowed, threshold, clean answers flagged, faulty ones flagged."""
    for allowed, point in result.operating.items():
        reached = "" if point.reached else " (not reached)"
        yield (
            f"{allowed:.0%}{reached}",
            f"{point.supported:g}",
            f"{point.false_positives.value:.1%}",
            f"{point.detected.value:.1%}",
        )


def _numbers(share: Share) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else value for name, value in share._asdict().items()}


def _interval(share: Share) -> str:
    return f"{share.value:.1%} [{share.low:.1%}, {share.high:.1%}]"
