"""CEL conditions: checked when loaded, and never quietly wrong when run."""

import time

import pytest
from tests.rules.judged_claims import judged

from groundwire.errors import VerificationError
from groundwire.model import Kind, Reason, Verdict
from groundwire.rules.condition import VARIABLES, Condition, ConditionError, facts
from groundwire.rules.topic import about

REQUEST = {"model": "m1", "user": "u1", "metadata": {"tenant": "acme", "tier": 2, "vip": True, "deep": {"a": 1}}}
CLAIM = judged("The borrowing rate is 3 % a year.", kind=Kind.QUANTITY, pointer="/loan/rate", unresolved=("the loan",))


def holds(source: str) -> bool:
    return Condition(source).holds(facts(CLAIM, REQUEST, "The whole answer."))


@pytest.mark.parametrize(
    "source",
    [
        'verdict == "contradicted"',
        'claim.kind == "quantity" && claim.about("borrowing rates") && verdict == "contradicted"',
        'claim.text.startsWith("The") && claim.text.matches("[0-9]+ %")',
        'claim.pointer == "/loan/rate" && claim.id == "c1"',
        'claim.unresolved.size() > 0 && "the loan" in claim.unresolved',
        'reason == ""',
        "confidence > 0.5 && confidence <= 1",
        "risk > 0.5",
        'evidence.exists(e, e.source == "rates.txt" && e.text.contains("5 %") && e.uri == "file:rates")',
        "evidence.size() == 1",
        'findings.exists(f, f.judge == "value" && f.label == "contradicted" && f.explanation != "")',
        'request.model == "m1" && request.user == "u1"',
        'request.metadata.tenant == "acme" && request.metadata["tier"] == "2" && request.metadata.vip == "true"',
        "!has(request.metadata.deep) && !('absent' in request.metadata)",
        'answer.contains("whole")',
        'claim.kind in ["date", "quantity"]',
    ],
)
def test_what_a_condition_may_speak_of(source: str) -> None:
    assert holds(source)
    assert not holds(f"!({source})")


def test_every_variable_is_there() -> None:
    assert set(facts(CLAIM, None, "")) == set(VARIABLES)


@pytest.mark.parametrize(
    ("source", "what", "line", "column"),
    [
        ('verdikt == "x"', "verdikt", 1, 1),
        ('true && claim.knd == "x"', "undefined field 'knd'", 1, 14),
        ('evidence.exists(e, e.sorce == "x")', "undefined field 'sorce'", 1, 21),
        ("verdict == 1", "no matching overload", 1, 9),
        ("claim.about(3)", "no matching overload", 1, 12),
        ('claim.aboot("x")', "aboot", 1, 12),
        ("verdict ==", "Syntax error", 1, 11),
        ('verdict == "x" &&\n  nope', "nope", 2, 3),
        ("verdict", "gives string, not true or false", 1, 1),
        ("1 + 1", "gives int, not true or false", 1, 1),
        ("confidence", "gives dyn, not true or false", 1, 1),
        ("import os", "reserved identifier", 1, 1),
        ('__import__("os") == verdict', "__import__", 1, 11),
    ],
)
def test_mistakes_are_found_at_load_with_their_place(source: str, what: str, line: int, column: int) -> None:
    with pytest.raises(ConditionError) as caught:
        Condition(source)
    assert what in caught.value.what
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "source",
    ['request.metadata["absent"] == "x"', 'evidence[7].source == "x"', "1 / (evidence.size() - 1) == 1"],
)
def test_a_condition_that_cannot_be_evaluated_is_neither_true_nor_false(source: str) -> None:
    with pytest.raises(VerificationError, match="cannot be evaluated"):
        holds(source)


def test_a_missing_confidence_is_not_a_low_one() -> None:
    known = facts(judged(confidence=None), None, "")
    with pytest.raises(VerificationError):
        Condition("confidence < 0.5").holds(known)
    assert not Condition("confidence != null && confidence < 0.5").holds(known)


def test_reasons_are_seen() -> None:
    known = facts(judged(verdict=Verdict.UNCHECKED, reason=Reason.CONFLICT), None, "")
    assert Condition('verdict == "unchecked" && reason == "conflict"').holds(known)


def test_patterns_cannot_hang() -> None:
    known = facts(judged("a" * 50_000 + "!"), None, "")
    condition = Condition('claim.text.matches("^(a+)+$")')
    started = time.process_time()
    assert not condition.holds(known)
    assert time.process_time() - started < 1


def test_any_text_can_be_looked_at() -> None:
    odd = "lone \ud800 surrogate, NUL \x00, \u202e and 👩‍👩‍👧"
    claim = judged(odd, pointer=odd)
    known = facts(claim, {"user": odd, "metadata": {odd: odd}}, odd)
    assert Condition('claim.text.contains("surrogate") && answer.contains("NUL")').holds(known)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("The interest rates rose.", "interest rate"),
        ("The rate of INTEREST is 3 %.", "interest rates"),
        ("Mortgages are expensive.", "mortgage"),
        ("He was dosed twice.", "dose"),
    ],
)
def test_a_statement_is_about_a_topic_whose_words_it_holds(text: str, topic: str) -> None:
    assert about(text, topic)


@pytest.mark.parametrize(
    ("text", "topic"),
    [("He has an interest in art.", "interest rate"), ("Corporate taxes.", "rate"), ("Anything.", ""), ("", "rate")],
)
def test_and_not_about_one_whose_words_are_missing(text: str, topic: str) -> None:
    assert not about(text, topic)
