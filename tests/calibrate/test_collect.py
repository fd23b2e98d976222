"""Which claims hang on entailment, and what an answer comes down to. The claims are arbitrated as the product does."""

import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from tests.review.reports import a_report

from groundwire.arbitration import arbitrate, unchecked
from groundwire.batch import Line
from groundwire.calibrate.collect import Answers, Collector, collected, searching, support_of
from groundwire.config import Config
from groundwire.model import Action, CheckedClaim, Claim, Decision, Finding, JudgedClaim, Label, Reason, Span


def finding(judge: str, label: Label, support: float | None = None) -> Finding:
    probabilities = {} if support is None else {"entailment": support, "neutral": 1 - support, "contradiction": 0.0}
    return Finding(judge=judge, version="1", label=label, probabilities=probabilities)


def checked(judged: JudgedClaim, action: Action = Action.FLAG) -> CheckedClaim:
    fields = {name: getattr(judged, name) for name in JudgedClaim.model_fields}
    return CheckedClaim(**fields, decision=Decision(action=action, rule="r"))


def a_claim(*findings: Finding, id: str = "c1", spoken: bool = True, action: Action = Action.FLAG) -> CheckedClaim:
    return checked(arbitrate(Claim(id=id, text="a", span=Span(0, 1)), findings, spoken=spoken), action)


SILENT = finding("entailment", Label.UNSUPPORTED, 0.3)


@pytest.mark.parametrize(
    ("findings", "support"),
    [
        ([SILENT], 0.3),
        ([finding("entailment", Label.SUPPORTED, 1.0)], 1.0),
        ([finding("entailment", Label.CONTRADICTED, 0.0)], 0.0),
        ([finding("value", Label.SUPPORTED), SILENT], 0.3),
        ([finding("value", Label.UNSUPPORTED), SILENT], 0.3),
        ([finding("graph", Label.UNSUPPORTED), SILENT], 0.3),
        ([finding("value", Label.CONTRADICTED)], None),
        ([finding("contrast", Label.UNSUPPORTED), SILENT], 0.3),
        ([finding("contrast", Label.CONTRADICTED)], None),
        ([finding("graph", Label.SUPPORTED), SILENT], None),
        ([finding("graph", Label.CONTRADICTED), SILENT], None),
        ([finding("entailment", Label.UNCHECKED)], None),
        ([finding("entailment", Label.ERROR)], None),
        ([], None),
    ],
)
def test_the_support_that_decides_a_claim(findings: Sequence[Finding], support: float | None) -> None:
    assert support_of(a_claim(*findings)) == support


def test_what_nothing_speaks_of_hangs_on_nothing() -> None:
    assert support_of(a_claim(SILENT, spoken=False)) is None


def test_an_answer_comes_down_to_its_worst_claims() -> None:
    claims = (
        a_claim(SILENT, id="c1", action=Action.ALLOW),  # counts for the score, and no rule flags it
        a_claim(finding("entailment", Label.UNSUPPORTED, 0.6), id="c2"),
        a_claim(finding("entailment", Label.UNSUPPORTED, 0.7), id="c3", action=Action.REMOVE),
        a_claim(finding("graph", Label.SUPPORTED), id="c4", action=Action.ALLOW),
        checked(unchecked(Claim(id="c5", text="a", span=Span(0, 1)), Reason.LANGUAGE), Action.ALLOW),
        checked(
            unchecked(Claim(id="c6", text="a", span=Span(0, 1), skipped=Reason.NOT_A_CLAIM), Reason.NOT_A_CLAIM),
            Action.ALLOW,
        ),
    )
    report = a_report().model_copy(update={"claims": claims})
    row = collected(Line(1, "x", "answer"), report)
    found = {name: row[name] for name in ("claims", "support", "fixed", "watched", "always")}
    assert found == {"claims": 5, "support": 0.3, "fixed": 0.5, "watched": 0.6, "always": False}


@pytest.mark.parametrize("judge", ["value", "contrast"])
@pytest.mark.parametrize("overruling", [Label.CONTRADICTED, Label.UNSUPPORTED])
def test_what_values_and_opposites_break_is_flagged_whatever_the_threshold(overruling: Label, judge: str) -> None:
    report = a_report().model_copy(update={"claims": (a_claim(finding(judge, overruling), SILENT),)})
    row = collected(Line(1, "x", "answer"), report)
    assert row["always"]
    assert row["watched"] is None


def test_an_answer_without_claims_has_no_risk() -> None:
    row = collected(Line(1, "x", ""), a_report().model_copy(update={"claims": ()}))
    found = Answers.of([row], [0])
    assert np.isnan(found.support).all()
    assert np.isnan(found.watched).all()
    assert (found.fixed.tolist(), found.always.tolist(), found.hanging.tolist()) == ([0.0], [False], [False])


def test_the_search_changes_the_thresholds_and_the_calibration_and_nothing_else() -> None:
    entailment = {"model": "m", "threads": 3, "thresholds": {"supported": 0.2}, "calibration": {"slope": 2.0}}
    config = Config.load({"mode": "annotate", "entailment": entailment})
    search = searching(config)
    assert search.entailment.thresholds.model_dump() == {"supported": 1, "contradicted": 1}
    assert search.entailment.calibration.model_dump() == {"slope": 1, "intercept": 0}
    assert (search.entailment.model, search.entailment.threads, search.mode) == ("m", 3, "annotate")


def test_it_travels_to_worker_processes() -> None:
    collector = Collector(searching(Config()))
    assert pickle.loads(pickle.dumps(collector)) == collector
