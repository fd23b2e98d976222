"""Thresholds of answers that can be counted by hand."""

import math

import pytest
from tests.calibrate.test_platt import NAN, answers, drawn

from groundwire.calibrate import threshold
from groundwire.nli import Calibration

PLAIN = Calibration()
# Twenty clean answers with supports of 0.05, 0.10 ... 1.0 and ten faulty ones of 0.02, 0.12 ... 0.92.
CLEAN = [(0, n / 20, 0.0, n / 20, False) for n in range(1, 21)]
FAULTY = [(1, n / 10 + 0.02, 0.0, n / 10 + 0.02, False) for n in range(10)]
BOTH = answers(CLEAN + FAULTY)


@pytest.mark.parametrize(
    ("allowed", "alarms", "detected"),
    [(0.0, 0, 1), (0.04, 0, 1), (0.05, 1, 1), (0.1, 2, 2), (0.2, 4, 3), (1.0, 19, 10)],
)
def test_the_highest_threshold_that_keeps_within_the_share(allowed: float, alarms: int, detected: int) -> None:
    point = threshold.choose(BOTH, PLAIN, allowed)
    assert point.reached
    assert (point.false_positives.value, point.detected.value) == (alarms / 20, detected / 10)
    counted = [sum(row[3] < point.supported for row in rows) for rows in (CLEAN, FAULTY)]
    assert counted == [alarms, detected]


def test_a_threshold_is_a_short_number() -> None:
    assert threshold.choose(BOTH, PLAIN, 0.1).supported == pytest.approx(0.14)  # between 0.12 and 0.15


def test_neighbours_that_are_close_get_as_many_digits_as_they_need() -> None:
    close = answers([(0, s, 0.0, s, False) for s in (0.5, 0.500004)] + [(1, 0.1, 0.0, 0.1, False)])
    point = threshold.choose(close, PLAIN, 0.5)
    assert 0.5 < point.supported <= 0.500004
    assert point.false_positives.value == 0.5


def test_ties_are_flagged_together_or_not_at_all() -> None:
    tied = answers([(0, 0.4, 0.0, 0.4, False)] * 10 + [(0, 0.9, 0.0, 0.9, False)] * 10 + FAULTY)
    assert threshold.choose(tied, PLAIN, 0.3).false_positives.value == 0
    assert threshold.choose(tied, PLAIN, 0.5).false_positives.value == 0.5


def test_a_share_that_other_judges_exceed_is_not_reached_and_the_closest_is_chosen() -> None:
    clashes = answers([(0, 0.9, 0.98, 0.9, True)] * 4 + CLEAN + FAULTY)
    point = threshold.choose(clashes, PLAIN, 0.1)
    assert not point.reached
    assert point.false_positives.value == 4 / 24
    assert threshold.choose(clashes, PLAIN, 4 / 24).reached


def test_the_same_answers_are_flagged_under_a_calibration() -> None:
    for allowed in (0.0, 0.05, 0.2, 0.5):
        plain, bent = (threshold.choose(BOTH, c, allowed) for c in (PLAIN, Calibration(2.5, -1.3)))
        assert (plain.false_positives, plain.detected) == (bent.false_positives, bent.detected)
        assert allowed == 0.0 or plain.supported != bent.supported


def test_answers_without_a_claim_that_hangs_on_it_are_never_flagged_by_it() -> None:
    silent = answers([(0, NAN, 0.02, NAN, False)] * 20 + FAULTY)
    point = threshold.choose(silent, PLAIN, 0.05)
    assert (point.false_positives.value, point.detected.value) == (0, 1)
    nothing = threshold.choose(answers([(0, NAN, 0.02, NAN, False), (1, NAN, 0.5, NAN, False)]), PLAIN, 0.05)
    assert (nothing.supported, nothing.detected.value) == (0.5, 0)


def test_held_out_rates_are_near_what_was_asked_for_where_there_are_many() -> None:
    data = drawn(4_000, 2.0, 0.0)
    alarms, detected = threshold.held_out(data, PLAIN, 0.1)
    assert alarms.low < 0.1 < alarms.high
    assert math.isclose(detected.value, threshold.choose(data, PLAIN, 0.1).detected.value, abs_tol=0.05)
