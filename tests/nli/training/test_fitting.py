import numpy as np
import pytest

from groundwire.model import Case, Claim, Evidence, Span
from groundwire.nli import EntailmentJudge, FakeEntailment, Thresholds
from groundwire.nli.combiner import FALLING, FEATURES, RISING, Combiner
from groundwire.nli.training.fitting import (
    FALSE_POSITIVES,
    Example,
    ascend,
    choose_threshold,
    fit_combiner,
    platt,
    sure_band,
    weakest,
)


def example(claim: str, passage: str, supported: bool, group: str = "") -> Example:
    case = Case(Claim(id="c1", text=claim, span=Span(0, len(claim))), (Evidence(source="d", text=passage),))
    return Example(case, supported, "set", group or claim)


def test_weights_are_found_again_and_kept_within_bounds() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(4000, len(FEATURES)))
    values[:, FEATURES.index("always")] = 1
    truth = np.zeros(len(FEATURES))
    truth[FEATURES.index("entailment")], truth[FEATURES.index("always")] = 1.5, -0.5
    truth[FEATURES.index("words")] = -1.0  # against the bound
    labels = (rng.random(4000) < 1 / (1 + np.exp(-(values @ truth)))).astype(float)
    found = dict(zip(FEATURES, ascend(values, labels, np.full(4000, 1 / 4000), 3000), strict=True))
    assert found["entailment"] == pytest.approx(1.3, abs=0.3)
    assert found["always"] == pytest.approx(-0.45, abs=0.2)
    assert found["words"] == 0
    assert all(found[name] >= 0 for name in RISING)
    assert all(found[name] <= 0 for name in FALLING)


def test_a_combiner_learns_that_names_tell_what_the_model_does_not() -> None:
    cities = [f"City{n}" for n in range(40)]
    right = [example(f"The king lives in {city}.", f"In {city} lives the king.", True) for city in cities]
    wrong = [
        example(f"The king lives in Elsewhere{n}.", f"In {city} lives the king.", False)
        for n, city in enumerate(cities)
    ]
    model = FakeEntailment({}, default=(0.7, 0.2, 0.1))
    weights = fit_combiner(EntailmentJudge(model, Thresholds()), [*right, *wrong])
    model.combiner = Combiner(weights)  # type: ignore[attr-defined]
    judge = EntailmentJudge(model, Thresholds(0.5, 0.99))
    assert [f.label.value for f in judge.judge([right[0].case, wrong[0].case])] == ["supported", "unsupported"]


def test_the_threshold_leaves_so_many_right_answers_unflagged() -> None:
    texts = [f"claim {n}" for n in range(20)]
    script = {("p", text): (0.3 + n / 40, 0.7 - n / 40, 0.0) for n, text in enumerate(texts)}
    judge = EntailmentJudge(FakeEntailment(script), Thresholds())
    answers = weakest(judge, [example(text, "p", True) for text in texts])
    found = choose_threshold(answers)
    assert sum(row[0] < found for row in script.values()) == int(FALSE_POSITIVES * len(texts))


def test_an_answer_is_as_good_as_its_weakest_claim() -> None:
    script = {("p", "a"): (0.9, 0.1, 0.0), ("p", "b"): (0.3, 0.7, 0.0), ("p", "c"): (0.6, 0.4, 0.0)}
    judge = EntailmentJudge(FakeEntailment(script), Thresholds())
    claims = [example("a", "p", False, "x"), example("b", "p", False, "x"), example("c", "p", True, "y")]
    [(faulty, _), (right, _)] = found = weakest(judge, claims)["set"]
    assert [faulty, right] == pytest.approx([0.3, 0.6])
    assert [is_right for _, is_right in found] == [False, True]


def test_support_becomes_a_probability() -> None:
    rng = np.random.default_rng(2)
    honest = rng.uniform(0.02, 0.98, 6000)
    right = rng.random(6000) < honest
    odds = 2 * np.log(honest / (1 - honest)) - 0.6  # twice as sure as it may be, and too pessimistic
    slope, intercept = platt({"set": list(zip(1 / (1 + np.exp(-odds)), right, strict=True))})
    assert slope == pytest.approx(0.5, abs=0.05)
    assert intercept == pytest.approx(0.3, abs=0.1)


def test_the_early_head_decides_only_where_the_last_one_would_agree() -> None:
    early = np.linspace(0, 1, 1001)
    last = np.where(early > 0.3, 1.0, 0.0)
    low, high = sure_band(early, last)
    assert 0.28 <= low <= 0.31
    assert high == 0.51
    assert sure_band(early, 1 - last) == [0.0, 1.0]
