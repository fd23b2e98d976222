"""Calibrated probabilities: Platt's map, rows that stay distributions, and a default that does nothing."""

import math

import numpy as np
import pytest
from tests.nli.test_judge import case

from groundwire.model import Label
from groundwire.nli import Calibration, EntailmentJudge, FakeEntailment, Thresholds

PROBABILITIES = np.array([0, 0.3, 0.5, 0.9, 1])


def test_the_map_is_a_line_in_log_odds() -> None:
    odds = 1.5 * math.log(0.3 / 0.7) - 0.4
    assert Calibration(1.5, -0.4).of(0.3) == pytest.approx(1 / (1 + math.exp(-odds)))


def test_the_identity_leaves_every_bit() -> None:
    assert Calibration().of(0.1 + 0.2) == 0.1 + 0.2


@pytest.mark.parametrize("calibration", [Calibration(0.4, 1.0), Calibration(3.0, -2.0), Calibration(1e6, 0.0)], ids=str)
def test_probabilities_stay_so_and_keep_their_order(calibration: Calibration) -> None:
    found = calibration.of(PROBABILITIES)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize(("slope", "intercept"), [(0, 0), (-1, 0), (math.nan, 0), (math.inf, 0), (1, math.nan)])
def test_a_slope_that_turns_the_order_round_is_refused(slope: float, intercept: float) -> None:
    with pytest.raises(ValueError, match="slope"):
        Calibration(slope, intercept)


def test_the_judge_calibrates_before_it_decides_and_says_so_in_its_version() -> None:
    model, half = FakeEntailment(default=(0.6, 0.3, 0.1)), Thresholds(0.5, 0.5)
    plain, same = EntailmentJudge(model, half), EntailmentJudge(model, half, Calibration())
    doubting = EntailmentJudge(model, half, Calibration(1.0, -1.0))
    assert plain.version == same.version != doubting.version
    assert plain.judge([case("a", "p")]) == same.judge([case("a", "p")])
    assert plain.judge([case("a", "p")])[0].label is Label.SUPPORTED
    [finding] = doubting.judge([case("a", "p")])
    assert finding.label is Label.UNSUPPORTED
    assert finding.probabilities["entailment"] == pytest.approx(1 / (1 + math.exp(1 - math.log(1.5))), abs=1e-6)
    assert sum(finding.probabilities.values()) == pytest.approx(1, abs=2e-6)


def test_a_model_that_fails_fails_under_calibration_too() -> None:
    judge = EntailmentJudge(FakeEntailment(default=(0.6, 0.3, 0.1), fails="nan"), None, Calibration(2.0, 1.0))
    assert judge.judge([case("a", "p")])[0].label is Label.ERROR
