"""The fit finds what made the answers, and the figures of answers that it did not see are not flattered."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from groundwire.calibrate import expected_calibration_error, platt
from groundwire.calibrate.collect import Answers
from groundwire.nli import Calibration, log_odds

NAN = math.nan


def answers(rows: Sequence[tuple[int, float, float, float, bool]]) -> Answers:
    """Label, support, fixed risk, watched support, flagged whatever the threshold."""
    labels, support, fixed, watched, always = zip(*rows, strict=True)
    return Answers(np.array(labels), np.array(support), np.array(fixed), np.array(watched), np.array(always))


def drawn(n: int, slope: float, intercept: float, seed: int = 0) -> Answers:
    """Answers whose labels are drawn from the probabilities that a calibration gives."""
    chance = np.random.default_rng(seed)
    support = chance.uniform(0.02, 0.98, n)
    faulty = chance.uniform(size=n) > Calibration(slope, intercept).of(support)
    return answers([(int(f), float(s), 0.0, float(s), False) for f, s in zip(faulty, support, strict=True)])


def test_the_fit_finds_what_made_the_answers() -> None:
    found = platt.fitted(drawn(100_000, 1.6, -0.7))
    assert found is not None
    assert found.slope == pytest.approx(1.6, abs=0.06)
    assert found.intercept == pytest.approx(-0.7, abs=0.06)


def test_the_fit_is_where_the_loss_is_flat() -> None:
    data = drawn(300, 0.8, 0.5)
    numbers, clean = log_odds(data.support), data.labels == 0
    line = np.array(platt.logistic(numbers, clean))
    targets = np.where(clean, (clean.sum() + 1) / (clean.sum() + 2), 1 / ((~clean).sum() + 2))

    def loss(at: np.ndarray) -> float:
        odds = at[0] * numbers + at[1]
        return float((np.logaddexp(0, odds) - targets * odds).sum())

    for step in ([1e-3, 0], [-1e-3, 0], [0, 1e-3], [0, -1e-3]):
        assert loss(line + step) > loss(line)


def test_answers_told_apart_without_an_error_leave_it_finite() -> None:
    found = platt.fitted(answers([(int(n < 20), 0.1 + 0.8 * (n >= 20), 0.0, NAN, False) for n in range(40)]))
    assert found is not None
    assert 0 < found.slope < 10
    assert 0.9 < float(found.of(0.9)) < 1


def test_equal_supports_are_no_reason_to_break() -> None:
    assert platt.logistic(np.zeros(40), np.arange(40) < 30)[1] == pytest.approx(math.log(3), abs=0.2)


def test_support_that_says_the_opposite_fits_nothing() -> None:
    data = drawn(400, 1.0, 0.0)
    assert platt.fitted(data) is not None
    assert platt.fitted(replace(data, labels=1 - data.labels)) is None


def test_only_answers_that_hang_on_entailment_are_fitted() -> None:
    rows = [(int(n % 4 == 0), 0.2 + 0.6 * (n % 4 > 0), 0.0, NAN, False) for n in range(80)]
    values = [(0, 0.9, 0.98, NAN, True)] * 50 + [(1, NAN, 0.5, NAN, False)] * 50
    assert platt.fitted(answers(rows + values)) == platt.fitted(answers(rows))
    assert platt.fitted(answers(values)) is None
    assert platt.fitted(answers([(1, 0.2, 0.0, NAN, False)] * 9 + [(0, 0.8, 0.0, NAN, False)] * 90)) is None


def test_fixed_risks_stay_what_they_are() -> None:
    found = answers([(0, 0.5, 0.0, NAN, False), (1, 0.5, 0.98, NAN, True), (0, NAN, 0.02, NAN, False)])
    assert platt.scores(found, Calibration()).tolist() == [0.5, 0.98, 0.02]
    assert platt.scores(found, Calibration(1.0, 2.0)) == pytest.approx([1 / (1 + math.exp(2)), 0.98, 0.02])


def test_the_folds_part_both_labels_evenly_and_leave_nobody_out() -> None:
    labels = np.array([1] * 23 + [0] * 41)
    seen: list[int] = []
    for rest, fold in platt.folds(labels):
        assert not set(rest) & set(fold)
        assert len(rest) + len(fold) == 64
        assert 4 <= labels[fold].sum() <= 5
        seen += fold.tolist()
    assert sorted(seen) == list(range(64))


def test_a_calibration_helps_answers_that_it_has_not_seen() -> None:
    data = drawn(2_000, 0.4, -1.0)
    before = expected_calibration_error(data.labels, platt.scores(data, Calibration()))
    after = expected_calibration_error(data.labels, platt.held_out(data, Calibration()))
    assert before > 0.15
    assert after < 0.05


def test_what_is_held_out_does_not_see_its_own_label() -> None:
    data = drawn(200, 1.0, 0.0)
    fold = next(platt.folds(data.labels))[1]
    others = np.setdiff1d(np.arange(200), fold)
    expected = platt.scores(data[fold], platt.fitted(data[others]) or Calibration())
    assert platt.held_out(data, Calibration())[fold] == pytest.approx(expected)
