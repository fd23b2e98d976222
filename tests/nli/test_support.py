import numpy as np
import pytest

from groundwire.model import Case, Claim, Evidence, Label, Span
from groundwire.nli import EntailmentJudge, FakeEntailment, Thresholds
from groundwire.nli.support import FEATURES, Combiner, combiner_of, features

WEIGHTS = {"bias": 0.0, "entailment": 1.0, "words": 0.0, "names": -4.0, "numbers": -4.0}


@pytest.mark.parametrize(
    ("premise", "claim", "expected"),
    [
        ("Canberra is the capital of Australia.", "The capital of Australia is Sydney.", (2 / 3, 0.5, 0.0)),
        ("It has 1,200 rooms on three floors.", "It has 1200 rooms on 3 floors.", (0.5, 0.0, 0.0)),
        ("It has 1,200 rooms.", "It has 1,300 rooms.", (2 / 3, 0.0, 1.0)),
        ("Anna sang.", "It is so.", (1.0, 0.0, 0.0)),
        ("", "", (1.0, 0.0, 0.0)),
    ],
)
def test_features(premise: str, claim: str, expected: tuple[float, float, float]) -> None:
    assert features(premise, claim) == pytest.approx(expected)


def test_with_the_models_weight_alone_nothing_changes() -> None:
    neutral = Combiner({**dict.fromkeys(FEATURES, 0.0), "entailment": 1.0})
    rows = np.array([[0.7, 0.2, 0.1], [0.01, 0.5, 0.49]], np.float32)
    pairs = [("Canberra.", "Sydney 5."), ("a", "b")]
    np.testing.assert_allclose(neutral.adjust(rows, pairs), rows, atol=1e-5)


def test_a_strange_name_costs_support_and_the_rest_keeps_its_shares() -> None:
    rows = np.array([[0.7, 0.2, 0.1]], np.float32)
    (row,) = Combiner(WEIGHTS).adjust(rows, [("Canberra is its capital.", "The capital is Sydney.")])
    assert row[0] < 0.1
    assert row[1] / row[2] == pytest.approx(2, rel=1e-3)
    assert row.sum() == pytest.approx(1, abs=1e-6)


def test_nan_stays_nan() -> None:
    rows = np.full((1, 3), np.nan, np.float32)
    assert np.isnan(Combiner(WEIGHTS).adjust(rows, [("a", "b")])).all()
    assert Combiner(WEIGHTS).adjust(np.empty((0, 3), np.float32), []).shape == (0, 3)


def test_the_judge_decides_by_it_and_its_version_says_so() -> None:
    model = FakeEntailment(default=(0.7, 0.2, 0.1))
    plain = EntailmentJudge(model, Thresholds(0.5, 0.5))
    model.calibration = {"support": WEIGHTS}  # type: ignore[attr-defined]
    judge = EntailmentJudge(model, Thresholds(0.5, 0.5))
    text = "The capital is Sydney."
    case = Case(Claim(id="c1", text=text, span=Span(0, len(text))), (Evidence(source="d", text="It is Canberra."),))
    assert plain.judge([case])[0].label is Label.SUPPORTED
    assert judge.judge([case])[0].label is Label.UNSUPPORTED
    assert plain.version != judge.version


def test_a_model_without_one_has_none() -> None:
    assert combiner_of(FakeEntailment()) is None
