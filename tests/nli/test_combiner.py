import itertools
import json

import pytest

from groundwire.model import Case, Claim, Evidence, Label, Span
from groundwire.nli import EntailmentJudge, FakeEntailment, Thresholds
from groundwire.nli.combiner import FALLING, FEATURES, RISING, Combiner, features
from groundwire.nli.onnx_model import BUILTIN
from groundwire.nli.signals import Signals

PLAIN = Signals(words=0.5, words_anywhere=0.5, phrases=0.2, names=0.5, numbers=0.5, size=6)


def combiner(**weights: float) -> Combiner:
    return Combiner({**dict.fromkeys(FEATURES, 0.0), **weights})


def test_its_features_are_those_that_it_names() -> None:
    assert set(features(0.5, 0.5, PLAIN)) == set(FEATURES)


def test_without_weights_nothing_is_known() -> None:
    assert combiner().support(0.99, 0.0, PLAIN) == 0.5


def test_with_the_model_alone_it_gives_what_the_model_gave() -> None:
    assert combiner(entailment=1.0).support(0.8, 0.1, PLAIN) == pytest.approx(0.8)


def test_the_one_that_ships_never_holds_support_against_a_claim() -> None:
    shipped = json.loads((BUILTIN / "config.json").read_text("utf-8"))["combiner"]
    assert set(shipped) == set(FEATURES)
    assert all(shipped[name] >= 0 for name in RISING)
    assert all(shipped[name] <= 0 for name in FALLING)
    weigh = Combiner(shipped)
    for low, high in itertools.pairwise((0.01, 0.2, 0.5, 0.8, 0.99)):
        assert weigh.support(low, 0.1, PLAIN) <= weigh.support(high, 0.1, PLAIN)
        assert weigh.support(0.5, low, PLAIN) >= weigh.support(0.5, high, PLAIN)
        assert weigh.support(0.5, 0.1, PLAIN._replace(words=low)) <= weigh.support(0.5, 0.1, PLAIN._replace(words=high))


def test_a_judge_weighs_what_the_model_said_with_the_words() -> None:
    model = FakeEntailment({}, default=(0.6, 0.3, 0.1))
    model.combiner = combiner(entailment=1.0, names=4.0, always=-2.0)  # type: ignore[attr-defined]
    judge = EntailmentJudge(model, Thresholds(0.5, 0.5))

    def case(text: str) -> Case:
        claim = Claim(id="c1", text=text, span=Span(0, len(text)))
        return Case(claim, (Evidence(source="doc", text="The capital of Australia is Canberra."),))

    right, wrong = judge.judge([case("The capital is Canberra."), case("The capital is Sydney.")])
    assert (right.label, wrong.label) == (Label.SUPPORTED, Label.UNSUPPORTED)
    assert right.probabilities["entailment"] > 0.8 > 0.3 > wrong.probabilities["entailment"]
    assert sum(wrong.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert wrong.probabilities["neutral"] == pytest.approx(3 * wrong.probabilities["contradiction"], rel=1e-3)
