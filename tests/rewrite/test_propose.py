"""What is proposed for a decision, and what never is."""

import json

import pytest
from tests.rewrite.little_world import LittleWorld

from groundwire.model import (
    Action,
    Claim,
    Correction,
    Decision,
    Evidence,
    Finding,
    JudgedClaim,
    Label,
    PatchKind,
    Reason,
    Span,
    Verdict,
)
from groundwire.rewrite import apply, propose

ROW = "| town | people |\n|---|---|\n| Rome | 17 |\n"


def judged(
    answer: str, words: str, verdict: Verdict, *, old: str = "", new: str = "", pointer: str | None = None
) -> JudgedClaim:
    start = answer.index(words)
    findings: tuple[Finding, ...] = ()
    if old:
        at = answer.index(old)
        correction = Correction(span=Span(at, at + len(old)), old=old, new=new)
        evidence = (Evidence(source="s", text="the fact"),)
        finding = Finding(judge="g", version="1", label=Label.CONTRADICTED, correction=correction, evidence=evidence)
        findings = (finding,)
    claim = Claim(id="c1", text=words, span=Span(start, start + len(words)), pointer=pointer)
    fields = {name: getattr(claim, name) for name in Claim.model_fields}
    return JudgedClaim(**fields, verdict=verdict, findings=findings)


def decided(action: Action) -> Decision:
    return Decision(action=action, rule="pack.rule")


def test_a_patch_carries_the_evidence_and_the_rule_that_asked_for_it() -> None:
    answer = "It is Sydney."
    claim = judged(answer, answer, Verdict.CONTRADICTED, old="Sydney", new="Canberra")
    (patch,) = propose(answer, claim, decided(Action.REWRITE))
    assert patch.rule == "pack.rule"
    assert patch.evidence == claim.findings[0].evidence
    assert not patch.accepted


@pytest.mark.parametrize("action", [Action.FLAG, Action.REWRITE, Action.REMOVE, Action.BLOCK])
def test_the_value_of_the_evidence_comes_first(action: Action) -> None:
    answer = "It is Sydney."
    claim = judged(answer, answer, Verdict.CONTRADICTED, old="Sydney", new="Canberra")
    assert propose(answer, claim, decided(action))[0].kind is PatchKind.VALUE


@pytest.mark.parametrize("verdict", [Verdict.SUPPORTED, Verdict.UNCHECKED])
def test_a_claim_that_nothing_speaks_against_takes_no_value(verdict: Verdict) -> None:
    answer = "It is Sydney."
    claim = judged(answer, answer, verdict, old="Sydney", new="Canberra")
    assert propose(answer, claim, decided(Action.REWRITE)) == ()


def test_a_correction_that_does_not_fit_the_answer_is_not_proposed() -> None:
    answer = "It is Sydney."
    claim = judged(answer, answer, Verdict.CONTRADICTED, old="Sydney", new="Canberra")
    assert propose("It is Hobart.", claim, decided(Action.REWRITE)) == ()
    assert propose(answer, claim, decided(Action.REWRITE), within=Span(0, 8)) == ()


def test_a_correction_that_changes_nothing_is_not_proposed() -> None:
    answer = "It is Sydney."
    claim = judged(answer, answer, Verdict.CONTRADICTED, old="Sydney", new="Sydney")
    assert propose(answer, claim, decided(Action.REWRITE)) == ()


@pytest.mark.parametrize(
    ("answer", "old", "new", "kept"),
    [
        ('{"city": "Sydney"}', "Sydney", "Canberra", True),
        ('{"city": "Sydney"}', "Sydney", 'the "bush"', False),
        ('{"n": 17}', "17", "18", True),
        ('{"n": 17}', "17", "1,800", False),
        ('{"n": 17}', "17", "many", False),
        ('{"n": 17}', "17", "NaN", False),
    ],
)
def test_structured_output_stays_valid(answer: str, old: str, new: str, kept: bool) -> None:
    claim = judged(answer, old, Verdict.CONTRADICTED, old=old, new=new, pointer="/x")
    patches = propose(answer, claim, decided(Action.REMOVE))
    assert len(patches) == kept
    for patch in patches:
        json.loads(apply(answer, [patch.model_copy(update={"accepted": True})]))


def test_structured_output_takes_no_marks() -> None:
    answer = '{"city": "Sydney"}'
    claim = judged(answer, "Sydney", Verdict.UNSUPPORTED, pointer="/city")
    assert propose(answer, claim, decided(Action.HEDGE)) == ()
    assert propose(answer, claim, decided(Action.REMOVE)) == ()


def test_a_cell_is_emptied_and_the_table_stays() -> None:
    (patch,) = propose(ROW, judged(ROW, "17", Verdict.UNSUPPORTED), decided(Action.REMOVE))
    assert apply(ROW, [patch.model_copy(update={"accepted": True})]) == ROW.replace("17", "–")


def test_a_heading_is_not_taken_out() -> None:
    answer = "# Rome is big\n\nText."
    assert propose(answer, judged(answer, "Rome is big", Verdict.UNSUPPORTED), decided(Action.REMOVE)) == ()


def test_the_clause_comes_before_the_sentence() -> None:
    answer = "The town was old and has a mayor. It is nice."
    world = LittleWorld(unknown=["mayor"])
    claims = world.decided(answer)
    old = [patch.old for patch in propose(answer, claims[1], claims[1].decision, others=claims)]
    assert old == [" and has a mayor", "The town was old and has a mayor. "]


def test_a_clause_takes_the_emphasis_with_it_that_it_opened() -> None:
    answer = "The stay is long, which is **free**."
    outer = judged(answer, answer, Verdict.SUPPORTED)
    inner = judged(answer, "is **free", Verdict.UNSUPPORTED).model_copy(update={"id": "c2"})
    patches = propose(answer, inner, decided(Action.REMOVE), others=(outer, inner))
    assert apply(answer, [patches[0].model_copy(update={"accepted": True})]) == "The stay is long."


@pytest.mark.parametrize(
    ("verdict", "reason", "mark"),
    [
        (Verdict.CONTRADICTED, None, "say otherwise"),
        (Verdict.UNSUPPORTED, None, "not supported"),
        (Verdict.UNCHECKED, Reason.CONFLICT, "disagree"),
        (Verdict.UNCHECKED, Reason.ERROR, "not checked"),
    ],
)
def test_a_mark_says_what_was_found(verdict: Verdict, reason: Reason | None, mark: str) -> None:
    answer = "It is **Sydney**!"
    claim = judged(answer, answer, verdict).model_copy(update={"reason": reason})
    (patch,) = propose(answer, claim, decided(Action.HEDGE))
    assert mark in patch.new
    assert apply(answer, [patch.model_copy(update={"accepted": True})]) == f"It is **Sydney**{patch.new}!"
