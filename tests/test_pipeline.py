"""The way through, with scripted judges: what leaves, when, and what the report says of it."""

import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest

from groundwire.claims import SpacyExtractor
from groundwire.evidence import Document, EvidenceIndex
from groundwire.model import (
    Action,
    Case,
    Claim,
    Correction,
    Evidence,
    Finding,
    Label,
    Outcome,
    Reason,
    Report,
)
from groundwire.pipeline import Pipeline, Sources
from groundwire.rules import load_rules

CAPITALS = Evidence(source="atlas", text="The capital of Australia is Canberra.")
RIGHT = "The capital of Australia is Canberra."
WRONG = "The capital of Australia is Sydney."
SOURCE = Sources(documents=(EvidenceIndex([Document("atlas", CAPITALS.text)]),))


class ScriptedJudge:
    """Says of each claim what `script` says."""

    name = "scripted"
    version = "1"

    def __init__(self, script: Callable[[Claim], Finding | None]) -> None:
        self.script = script
        self.asked: list[str] = []

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        self.asked += [case.claim.text for case in cases]
        return [self.script(case.claim) or found(Label.UNSUPPORTED) for case in cases]


def found(label: Label, correction: Correction | None = None, **probabilities: float) -> Finding:
    return Finding(
        judge="scripted",
        version="1",
        label=label,
        probabilities=probabilities,
        evidence=(CAPITALS,),
        correction=correction,
    )


def atlas(claim: Claim) -> Finding | None:
    """Knows one capital; says which word is wrong."""
    at = claim.text.find("Sydney")
    span = claim.locate(at, at + len("Sydney")) if at >= 0 else None
    if span:
        return found(Label.CONTRADICTED, Correction(span=span, old="Sydney", new="Canberra"))
    return found(Label.SUPPORTED) if "Canberra" in claim.text else None


def pipeline(script: Callable[[Claim], Finding | None] = atlas, rules: str = "default", **settings: str) -> Pipeline:
    return Pipeline(SpacyExtractor(), (ScriptedJudge(script),), load_rules([rules]), **settings)  # type: ignore[arg-type]


def verdicts(report: Report) -> list[str]:
    return [claim.verdict.value for claim in report.claims]


def clock(now: Callable[[], float]) -> SimpleNamespace:
    """In place of `time` in one module: the event loops of other threads keep the real one."""
    return SimpleNamespace(monotonic=now, perf_counter=time.perf_counter)


def test_a_supported_answer_is_clean_and_untouched() -> None:
    report = pipeline().verify(RIGHT, SOURCE)
    assert report.verdict is Outcome.CLEAN
    assert report.coverage == 1.0
    assert report.delivered == report.revised == RIGHT
    assert verdicts(report) == ["supported"]


def test_a_wrong_answer_is_flagged_and_its_repair_proposed() -> None:
    report = pipeline().verify(WRONG, SOURCE)
    assert report.verdict is Outcome.FLAGGED
    assert report.delivered == WRONG
    assert report.revised == RIGHT
    assert report.patches[0].accepted
    assert report.claims[0].decision.action is Action.FLAG
    assert report.score > 0.9


def test_a_rule_that_rewrites_delivers_the_repair() -> None:
    report = pipeline(rules="correct").verify(f"{WRONG} {RIGHT}", SOURCE)
    assert report.verdict is Outcome.REWRITTEN
    assert report.delivered == f"{RIGHT} {RIGHT}"
    assert report.answer == f"{WRONG} {RIGHT}"


def test_a_repair_that_does_not_verify_is_refused() -> None:
    def stubborn(claim: Claim) -> Finding | None:
        finding = atlas(claim)
        return found(Label.UNSUPPORTED) if finding is None or finding.label is Label.SUPPORTED else finding

    report = pipeline(stubborn, rules="correct").verify(WRONG, SOURCE)
    assert report.delivered == report.revised == WRONG
    assert report.verdict is Outcome.FLAGGED
    assert report.patches
    assert not any(patch.accepted for patch in report.patches)
    assert all(patch.reason for patch in report.patches)


def test_a_stream_gives_the_report_of_the_whole() -> None:
    answer = f"{WRONG} It is a large country. Sydney is older than that. {RIGHT}\n\n- {WRONG}\n- {RIGHT}\n"
    parts = pipeline(rules="correct")
    whole = parts.verify(answer, SOURCE)
    for size in (1, 3, 7, 50):
        check = parts.start(SOURCE)
        left = "".join(check.feed(answer[at : at + size]) for at in range(0, len(answer), size)) + check.finish()
        assert left == whole.delivered
        same = {"id": whole.id, "created": whole.created, "timings": whole.timings}
        assert check.report.model_copy(update=same) == whole


GO, STAY = "Oslo is new.", "Rome is old."
CUTS = {
    "an item's first sentence": (f"1. {STAY}\n2. {GO} {STAY}\n3. {STAY}", f"1. {STAY}\n2. {STAY}\n3. {STAY}"),
    "the first item's first sentence": (f"1. {GO} {STAY}\n2. {STAY}", f"1. {STAY}\n2. {STAY}"),
    "an item's last sentence": (f"- {STAY} {GO}\n- {STAY}", f"- {STAY}\n- {STAY}"),
    "a whole item": (f"- {STAY}\n- {GO}  \n- {STAY}", f"- {STAY}\n- {STAY}"),
    "the first items": (f"1. {GO}\n2. {GO}\n\n{STAY}", STAY),
    "the first item of a loose list": (f"1. {GO}\n\n2. {STAY}", f"1. {STAY}"),
    "further in": (f"  - {GO}  \n- {GO}\n\n{STAY}", STAY),
    "the first sentences": (f"{GO} {GO}  {STAY} {GO}", STAY),
    "a paragraph's first sentence": (f"{STAY}\n\n{GO} {STAY}\n\n{STAY}", f"{STAY}\n\n{STAY}\n\n{STAY}"),
    "the first paragraphs": (f"{GO}\n\n{GO}\n\n{STAY}", STAY),
    "the first line": (f"{GO}\n{STAY}", STAY),
    "all": (f"{GO}\n\n{GO}\n", ""),
    "bold words": (f"- {STAY}\n- **{GO}** {STAY}\n- **{GO}**\n", f"- {STAY}\n- {STAY}\n"),
}


@pytest.mark.parametrize(("answer", "left"), CUTS.values(), ids=CUTS)
def test_a_stream_takes_out_what_the_whole_answer_loses_wherever_it_is_parted(answer: str, left: str) -> None:
    def script(claim: Claim) -> Finding:
        return found(Label.UNSUPPORTED if "Oslo" in claim.text else Label.SUPPORTED)

    parts = pipeline(script, rules="strict")
    whole = parts.verify(answer, SOURCE)
    assert whole.delivered == whole.revised == left
    parted = [(answer[:at], answer[at:]) for at in range(1, len(answer))]
    for pieces in (*parted, tuple(answer)):
        check = parts.start(SOURCE)
        assert "".join([check.feed(piece) for piece in pieces] + [check.finish()]) == left
        same = {"id": whole.id, "created": whole.created, "timings": whole.timings}
        assert check.report.model_copy(update=same) == whole


def test_a_list_that_lost_items_counts_on_in_a_stream_too() -> None:
    other = "The capital of Peru is Lima."
    items = [RIGHT, other, RIGHT, f"**{RIGHT}**", other, RIGHT]
    answer = (
        "Here:\n\n" + "\n".join(f"{number}. {words}" for number, words in enumerate(items, start=1)) + "\n\nSo it is."
    )
    parts = pipeline(lambda claim: atlas(claim) if "capital" in claim.text else found(Label.SUPPORTED), rules="strict")
    whole = parts.verify(answer, SOURCE)
    assert whole.delivered == f"Here:\n\n1. {RIGHT}\n2. {RIGHT}\n3. **{RIGHT}**\n4. {RIGHT}\n\nSo it is."
    assert whole.revised == whole.delivered
    assert set(whole.applied) == set(whole.patches)
    for size in (1, 3, 7, 50):
        check = parts.start(SOURCE)
        left = "".join(check.feed(answer[at : at + size]) for at in range(0, len(answer), size)) + check.finish()
        assert left == whole.delivered
        assert check.report.patches == whole.patches


def test_a_list_goes_on_with_its_own_numbers_where_nothing_more_can_be_checked() -> None:
    """What the step that hangs knew of a list is not used; what earlier steps knew is."""
    check = pipeline(rules="strict", on_error="open").start(SOURCE)
    assert check.feed(f"1. The capital of Peru is Lima.\n2. {RIGHT}\n3. {RIGHT}\n") == f"1. {RIGHT}\n2. {RIGHT}"
    mark = check.mark()
    check.feed(f"4. {RIGHT}\n5")
    rest = check.unread(mark, Reason.DEADLINE, rules=False)
    assert rest.finish(f"4. {RIGHT}") == f"\n3. {RIGHT}"


def test_nothing_leaves_before_its_verdict() -> None:
    check = pipeline(rules="correct").start(SOURCE)
    left = ""
    for character in f"{WRONG} And then.":
        left += check.feed(character)
        assert "Sydney" not in left
    assert (left + check.finish()).startswith(RIGHT)


def test_without_sources_nothing_is_called_checked() -> None:
    report = pipeline().verify(RIGHT, Sources())
    assert report.verdict is Outcome.UNCHECKED
    assert report.coverage == 0.0
    assert report.claims[0].reason is Reason.NO_EVIDENCE


def test_an_answer_that_states_nothing_is_clean() -> None:
    for answer in ("", "   \n", "Could you tell me your order number?"):
        report = pipeline().verify(answer, SOURCE)
        assert report.verdict is Outcome.CLEAN
        assert report.coverage == 1.0
        assert report.delivered == answer


def raises(claim: Claim) -> Finding:
    raise RuntimeError("the judge is down")


def says_nan(claim: Claim) -> Finding:
    return found(Label.SUPPORTED, entailment=float("nan"))


def says_too_much(claim: Claim) -> Finding:
    return found(Label.SUPPORTED, entailment=1.7)


@pytest.mark.parametrize("broken", [raises, says_nan, says_too_much])
def test_a_broken_judge_is_an_error_and_never_support(broken: Callable[[Claim], Finding]) -> None:
    closed = pipeline(broken).start(SOURCE)
    assert closed.feed(f"{RIGHT} ") + closed.finish() == ""
    assert closed.failed
    assert "could not be checked" in closed.failed
    assert closed.report.claims[0].reason is Reason.ERROR
    report = pipeline(broken, on_error="open").verify(RIGHT, SOURCE)
    assert report.delivered == RIGHT
    assert verdicts(report) == ["unchecked"]
    assert report.claims[0].findings[0].label is Label.ERROR


def test_a_judge_that_loses_a_finding_loses_its_word() -> None:
    class Forgetful(ScriptedJudge):
        def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
            return super().judge(cases, deadline=deadline)[:-1]

    parts = Pipeline(SpacyExtractor(), (Forgetful(atlas),), load_rules(["default"]), on_error="open")
    assert verdicts(parts.verify(f"{RIGHT} {RIGHT}", SOURCE)) == ["unchecked", "unchecked"]


def test_a_broken_extractor_leaves_its_text_unchecked() -> None:
    class Broken:
        name = "broken"
        version = "1"

        def warm(self) -> None:
            """Nothing to load."""

        def extract(
            self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
        ) -> tuple[Claim, ...]:
            raise ValueError("no parser")

    for on_error, delivered in (("open", RIGHT), ("closed", "")):
        parts = Pipeline(Broken(), (ScriptedJudge(atlas),), load_rules(["default"]), on_error=on_error)  # type: ignore[arg-type]
        report = parts.verify(RIGHT, SOURCE)
        assert report.delivered == delivered
        assert report.verdict is not Outcome.CLEAN
        assert report.coverage == 0.0


def test_a_deadline_that_has_passed_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def slow(claim: Claim) -> Finding:
        nonlocal now
        now += 1.0
        return found(Label.SUPPORTED)

    monkeypatch.setattr("groundwire.pipeline.time", clock(lambda: now))
    answer = " ".join(f"Town {number} is a town in Australia." for number in range(60))
    report = pipeline(slow, on_error="open").verify(answer, SOURCE, deadline=20)
    assert report.delivered == answer
    assert verdicts(report) == ["supported"] * 32 + ["unchecked"] * 28
    late = report.claims[32:]
    assert {claim.reason for claim in late} == {Reason.DEADLINE}
    assert report.verdict is not Outcome.CLEAN


class Clock:
    """A judge that takes a second for every question, minds the deadline, and remembers when it was to be done."""

    name = "clock"
    version = "1"

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.deadlines: list[float | None] = []
        monkeypatch.setattr("groundwire.pipeline.time", clock(lambda: self.now))

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        self.deadlines.append(deadline)
        self.now += 1
        if deadline is not None and self.now > deadline:
            return [found(Label.DEADLINE) for _ in cases]
        return [atlas(case.claim) or found(Label.UNSUPPORTED) for case in cases]


def test_a_judge_that_ran_out_of_time_leaves_it_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    for deadline, verdict in ((1.5, "supported"), (0.5, "unchecked")):
        parts = Pipeline(SpacyExtractor(), (Clock(monkeypatch),), load_rules(["default"]), on_error="open")
        report = parts.verify(RIGHT, SOURCE, deadline=deadline)
        assert verdicts(report) == [verdict]
    assert report.claims[0].reason is Reason.DEADLINE
    closed = Pipeline(SpacyExtractor(), (Clock(monkeypatch),), load_rules(["default"])).start(SOURCE, deadline=0.5)
    assert closed.finish(RIGHT) == ""
    assert closed.failed
    assert "deadline" in closed.failed


def test_a_deadline_counts_the_time_of_checking_and_not_that_between(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    check = Pipeline(SpacyExtractor(), (clock,), load_rules(["default"])).start(SOURCE, deadline=5)
    check.feed(f"{RIGHT}\n\n")
    clock.now += 1_000
    check.finish(RIGHT)
    assert clock.deadlines == [105, 1105]
    assert [claim.verdict.value for claim in check.report.claims] == ["supported"] * 2


@pytest.mark.parametrize(("deadline", "delivered"), [(9, RIGHT), (1.5, WRONG), (None, RIGHT)])
def test_the_check_of_an_edit_shares_the_deadline(
    monkeypatch: pytest.MonkeyPatch, deadline: float | None, delivered: str
) -> None:
    clock = Clock(monkeypatch)
    parts = Pipeline(SpacyExtractor(), (clock,), load_rules(["correct"]), on_error="open")
    report = parts.verify(WRONG, SOURCE, deadline=deadline)
    assert report.delivered == delivered
    assert clock.deadlines == [deadline and 100 + deadline] * 2
    assert verdicts(report) == ["contradicted"]
    if delivered == WRONG:
        assert any("deadline" in patch.reason for patch in report.patches)
    else:
        assert report.patches[0].accepted


def test_claims_slice_the_original_after_edits() -> None:
    answer = f"**Capitals** 🌏\n\n{WRONG} {RIGHT}"
    report = pipeline(rules="correct").verify(answer, SOURCE)
    assert [claim.id for claim in report.claims] == [f"c{n}" for n in range(1, len(report.claims) + 1)]
    for claim in report.claims:
        for piece in claim.pieces:
            assert answer[piece.source :][: piece.length] == claim.text[piece.at :][: piece.length]
    patch = next(patch for patch in report.patches if patch.accepted)
    assert patch.span.of(answer) == patch.old == "Sydney"


def test_the_same_inputs_give_the_same_report() -> None:
    parts = pipeline()
    one, two = (parts.verify(f"{WRONG} It rains there. {RIGHT}", SOURCE) for _ in range(2))
    assert one.id != two.id
    same = {"id": one.id, "created": one.created, "timings": one.timings}
    assert two.model_copy(update=same).model_dump_json() == one.model_dump_json()
