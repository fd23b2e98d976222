"""The arithmetic, against values that others worked out or that can be counted by hand."""

import math
import random

import pytest

from groundwire.calibrate import area_under_curve, expected_calibration_error, wilson


def test_the_area_under_the_curve_counts_the_pairs_in_order() -> None:
    chance = random.Random(1)
    labels = [chance.randint(0, 1) for _ in range(60)]
    scores = [chance.randint(0, 9) / 10 for _ in labels]  # with many ties
    ones = [score for label, score in zip(labels, scores, strict=True) if label]
    zeros = [score for label, score in zip(labels, scores, strict=True) if not label]
    above = sum((one > zero) + (one == zero) / 2 for one in ones for zero in zeros)
    assert area_under_curve(labels, scores) == pytest.approx(above / len(ones) / len(zeros))
    assert area_under_curve([0, 1], [0.2, 0.9]) == 1
    assert area_under_curve([1, 0], [0.2, 0.9]) == 0
    assert math.isnan(area_under_curve([0, 0], [0.2, 0.9]))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (15, 148, 0.0624, 0.1605)],
)
def test_the_interval_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    share = wilson(hits, n)
    assert share.value == hits / n
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


def test_of_nothing_there_is_no_share() -> None:
    assert all(math.isnan(value) for value in wilson(0, 0))


def test_the_calibration_error_is_the_distance_from_what_was_said() -> None:
    assert expected_calibration_error([1, 0, 1, 0], [0.5] * 4) == 0
    assert expected_calibration_error([1, 1], [1.0, 1.0]) == 0
    assert expected_calibration_error([0, 0], [1.0, 1.0]) == 1
    # Three in one bin that say 0.85 on average where two are, and one in another that says 0.1 where it is.
    assert expected_calibration_error([1, 1, 0, 1], [0.8, 0.85, 0.89, 0.1]) == pytest.approx(
        (3 * abs(2.54 / 3 - 2 / 3) + 0.9) / 4
    )
    assert math.isnan(expected_calibration_error([], []))
