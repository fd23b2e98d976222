"""Rules that ask the entailment model, and rules about the whole answer, on the way through the pipeline."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from tests.rules.judged_claims import pack
from tests.test_pipeline import RIGHT, SOURCE, WRONG, ScriptedJudge, atlas, found

from groundwire.claims import SpacyExtractor
from groundwire.errors import DeadlineError
from groundwire.model import Action, Claim, Finding, Label, Outcome, Reason, Report, Verdict
from groundwire.nli import FakeEntailment
from groundwire.pipeline import Check, Pipeline
from groundwire.rules import Hearing, load_rules

WARNING = "Maps can be out of date."
REQUIRES = f"mine.warning; ; block; require: {WARNING}"
PROHIBITS = f"mine.sydney; ; remove; prohibit: {WRONG}"
FAILURES: list[Any] = [RuntimeError("out of memory"), DeadlineError("no time"), "nan", "shape", "rows", "sum"]


def supports(claim: Claim) -> Finding | None:
    return found(Label.SUPPORTED)


def parts(
    folder: Path, *rules: str, judge: Any = supports, model: Any = None, on_error: Literal["open", "closed"] = "closed"
) -> Pipeline:
    ruleset = load_rules([str(pack(folder, *rules))])
    entailment = FakeEntailment() if model is None else model
    return Pipeline(SpacyExtractor(), (ScriptedJudge(judge),), ruleset, on_error, entailment or None)


def in_pieces(check: Check, answer: str, size: int = 5) -> list[str]:
    return [check.feed(answer[at : at + size]) for at in range(0, len(answer), size)] + [check.finish()]


def same(one: Report, other: Report) -> bool:
    return one.model_copy(update={"id": other.id, "created": other.created, "timings": other.timings}) == other


def test_a_prohibited_statement_is_taken_out_even_where_the_sources_support_it(tmp_path: Path) -> None:
    answer = f"{RIGHT} {WRONG}"
    report = parts(tmp_path, PROHIBITS).verify(answer, SOURCE)
    assert report.delivered == RIGHT
    assert report.verdict is Outcome.REWRITTEN
    assert report.claims[1].verdict is Verdict.SUPPORTED
    assert report.claims[1].decision.rules == ("mine.sydney",)


@pytest.mark.parametrize("failure", FAILURES, ids=str)
@pytest.mark.parametrize("rule", [PROHIBITS, f"mine.warning; ; flag; require: {WARNING}"])
@pytest.mark.parametrize(
    ("own", "configured", "passes"),
    [
        ("", "open", True),
        ("", "closed", False),
        ("on_error: open", "closed", True),
        ("on_error: closed", "open", False),
    ],
)
def test_a_model_that_fails_never_lets_a_rule_pass_in_silence(
    tmp_path: Path, failure: Any, rule: str, own: str, configured: Literal["open", "closed"], passes: bool
) -> None:
    broken = parts(
        tmp_path, f"{rule}; {own}" if own else rule, model=FakeEntailment(fails=failure), on_error=configured
    )
    check = broken.start(SOURCE)
    assert check.finish(RIGHT) == (RIGHT if passes else "")
    assert (check.failed is None) is passes
    report = check.report
    decisions = [report.claims[0].decision, *([report.decision] if report.decision else [])]
    assert any(decision.untried for decision in decisions)
    assert report.verdict is not Outcome.CLEAN
    if rule == PROHIBITS:
        assert report.claims[0].verdict is Verdict.UNCHECKED
        assert report.coverage == 0.0


def test_without_a_model_such_rules_hold(tmp_path: Path) -> None:
    check = parts(tmp_path, PROHIBITS, model=False).start(SOURCE)
    assert check.finish(RIGHT) == ""
    assert check.failed is not None
    assert "mine.sydney" in check.failed


def test_a_rule_that_fails_takes_no_contradiction_back(tmp_path: Path) -> None:
    broken = parts(
        tmp_path,
        "mine.wrong; verdict == 'contradicted'; rewrite",
        f"{PROHIBITS}; on_error: open",
        judge=atlas,
        model=FakeEntailment(fails=RuntimeError("gone")),
    )
    report = broken.verify(WRONG, SOURCE)
    assert report.claims[0].verdict is Verdict.CONTRADICTED
    assert (report.claims[0].decision.action, report.claims[0].decision.untried) == (Action.REWRITE, ("mine.sydney",))
    assert report.delivered == RIGHT


def test_a_deadline_that_passed_is_said_of_the_rule(tmp_path: Path) -> None:
    late = parts(tmp_path, PROHIBITS, model=FakeEntailment(fails=DeadlineError("no time left")), on_error="open")
    report = late.verify(RIGHT, SOURCE)
    assert report.claims[0].reason is Reason.ERROR
    assert "no time left" in report.claims[0].decision.message


@pytest.mark.parametrize(
    ("answer", "outcome", "delivered"),
    [
        (f"{RIGHT} {WARNING} It is large.", Outcome.CLEAN, f"{RIGHT} {WARNING} It is large."),
        (f"{RIGHT} It is large.", Outcome.BLOCKED, "What."),
        ("", Outcome.BLOCKED, "What."),
    ],
)
def test_a_requirement_decides_at_the_end(tmp_path: Path, answer: str, outcome: Outcome, delivered: str) -> None:
    report = parts(tmp_path, REQUIRES).verify(answer, SOURCE)
    assert (report.verdict, report.delivered) == (outcome, delivered)
    assert (report.decision is not None) is (outcome is Outcome.BLOCKED)


def test_what_a_requirement_keeps_back_leaves_as_soon_as_it_is_met(tmp_path: Path) -> None:
    pipeline = parts(tmp_path, REQUIRES)
    answer = f"{RIGHT} It is large. {WARNING} It has a lake. "
    check = pipeline.start(SOURCE)
    pieces = in_pieces(check, answer)
    met = answer.index("It has a lake") // 5
    assert "".join(pieces[:met]) == ""
    assert WARNING in "".join(pieces[: met + 1])
    assert "".join(pieces) == answer
    assert same(check.report, pipeline.verify(answer, SOURCE))


def test_what_a_requirement_keeps_back_never_leaves_when_it_is_not_met(tmp_path: Path) -> None:
    pipeline = parts(tmp_path, REQUIRES)
    check = pipeline.start(SOURCE)
    assert "".join(in_pieces(check, f"{RIGHT} It is large. It has a lake. ")) == ""
    assert check.blocked is not None
    assert check.blocked.rule == "mine.warning"
    assert check.report.verdict is Outcome.BLOCKED
    assert check.finish() == check.feed("More.") == ""


def test_a_requirement_that_flags_keeps_nothing_back(tmp_path: Path) -> None:
    pipeline = parts(tmp_path, f"mine.warning; ; flag; require: {WARNING}")
    answer = f"{RIGHT} It is large. It has a lake."
    check = pipeline.start(SOURCE)
    pieces = in_pieces(check, answer)
    assert pieces[-1].strip() == "It has a lake."
    assert check.report.verdict is Outcome.FLAGGED
    assert check.report.decision is not None
    assert check.report.decision.rules == ("mine.warning",)
    assert same(check.report, pipeline.verify(answer, SOURCE))


def test_a_requirement_in_effect_later_keeps_back_from_there_on(tmp_path: Path) -> None:
    pipeline = parts(tmp_path, f"mine.warning; claim.about('lake'); block; require: {WARNING}")
    check = pipeline.start(SOURCE)
    text = "".join(in_pieces(check, f"{RIGHT} It is large. It has a lake. It is dry. "))
    assert text == f"{RIGHT} It is large."
    assert check.blocked is not None


def test_a_pattern_in_the_answer_stops_the_stream_before_it_leaves(tmp_path: Path) -> None:
    pipeline = parts(tmp_path, r"mine.card; ; block; pattern: \b4\d{3} \d{4}\b; scope: answer")
    check = pipeline.start(SOURCE)
    pieces = in_pieces(check, f"{RIGHT} The card is 4111 1111 here. {RIGHT} ")
    assert "".join(pieces) == RIGHT
    assert check.blocked is not None
    assert check.report.decision == check.blocked
    code = f"{RIGHT}\n\n```\n4111 1111\n```\n"
    assert pipeline.verify(code, SOURCE).verdict is Outcome.BLOCKED, "code states nothing, and is looked at"


def test_rules_on_trial_leave_the_answer_clean(tmp_path: Path) -> None:
    pipeline = parts(tmp_path, f"{PROHIBITS}; shadow: true", f"{REQUIRES}; shadow: true")
    report = pipeline.verify(WRONG, SOURCE)
    assert (report.verdict, report.delivered) == (Outcome.CLEAN, WRONG)
    assert report.claims[0].decision.shadow is not None
    assert report.claims[0].decision.shadow.action is Action.REMOVE
    assert report.decision is not None
    assert report.decision.shadow is not None
    assert Report.model_validate_json(report.model_dump_json()) == report
    quiet = pipeline.verify(f"{RIGHT} {WARNING}", SOURCE)
    assert "shadow" not in quiet.model_dump_json()
    assert "untried" not in quiet.model_dump_json()


def test_the_model_is_asked_once_for_each_segment(tmp_path: Path) -> None:
    model = FakeEntailment()
    parts(tmp_path, PROHIBITS, f"mine.warning; ; flag; require: {WARNING}", model=model).verify(
        f"{RIGHT} It is large. It has a lake.", SOURCE
    )
    assert [len(call) for call in model.calls] == [6]


def test_a_check_that_goes_on_from_another_knows_what_that_one_heard(tmp_path: Path) -> None:
    first = parts(tmp_path, REQUIRES).start(SOURCE)
    assert first.feed(f"{RIGHT} It is large. ") == ""
    second, third = replace(first), replace(first, rules=load_rules(["default"]))
    assert first.feed(f"{WARNING} It has a lake. ") == f"{RIGHT} It is large. {WARNING}"
    assert second.feed("It has a lake. It is dry. ") == ""
    assert second.finish() == ""
    assert second.blocked is not None
    assert first.finish() == " It has a lake. "
    assert third.finish("") == f"{RIGHT} It is large. ", "other rules keep nothing back"


@pytest.mark.parametrize("answer", [RIGHT, "```\ncode, which states nothing\n```\n"])
def test_rules_that_raise_do_not_let_the_answer_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the rules are broken")

    monkeypatch.setattr(Hearing, "_search", broken)
    rules = "mine.card; ; block; pattern: '4711'; scope: answer"
    report = parts(tmp_path, rules, on_error="open").verify(answer, SOURCE)
    assert report.verdict is Outcome.FLAGGED
    assert report.decision is not None
    assert report.decision.rule == "groundwire.error"
    assert "the rules are broken" in report.decision.message
    closed = parts(tmp_path, rules).start(SOURCE)
    assert closed.finish(answer) == ""
    assert closed.failed is not None


def test_rules_that_break_as_a_whole_do_not_let_the_answer_pass(tmp_path: Path) -> None:
    class Broken(FakeEntailment):
        def predict(self, pairs: Sequence[Any], *, deadline: float | None = None) -> Any:
            return object()

    for on_error, delivered in (("open", RIGHT), ("closed", "")):
        broken = parts(tmp_path, PROHIBITS, model=Broken(), on_error=on_error)  # type: ignore[arg-type]
        report = broken.verify(RIGHT, SOURCE)
        assert report.delivered == delivered
        assert report.claims[0].verdict is Verdict.UNCHECKED
