"""The nouns survive a trip through JSON, and spans slice."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from groundwire.model import (
    Action,
    CheckedClaim,
    Claim,
    Decision,
    Evidence,
    Finding,
    Label,
    Outcome,
    Patch,
    PatchKind,
    Piece,
    Report,
    Span,
    Triple,
    Verdict,
)


def test_a_report_is_the_same_after_json() -> None:
    evidence = Evidence(
        source="graph", text="The capital is Canberra.", path=(Triple(subject="a", relation="b", object="c"),)
    )
    claim = CheckedClaim(
        id="c1",
        text="It is Sydney.",
        span=Span(0, 13),
        pieces=(Piece(0, 0, 13),),
        unresolved=("It",),
        verdict=Verdict.CONTRADICTED,
        evidence=(evidence,),
        findings=(Finding(judge="graph", version="1", label=Label.CONTRADICTED, evidence=(evidence,)),),
        decision=Decision(action=Action.REWRITE, rule="r"),
    )
    patch = Patch(claim="c1", span=Span(6, 12), old="Sydney", new="Canberra", kind=PatchKind.VALUE, rule="r")
    report = Report(
        id="gw_1",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        verdict=Outcome.REWRITTEN,
        answer="It is Sydney.",
        revised="It is Canberra.",
        delivered="It is Canberra.",
        claims=(claim,),
        patches=(patch,),
    )
    again = Report.model_validate_json(report.model_dump_json())
    assert again == report
    assert again.model_dump_json() == report.model_dump_json()
    assert again.claims[0].span.of(report.answer) == "It is Sydney."


def test_a_span_is_start_and_end_in_json() -> None:
    dumped = Claim(id="c1", text="a", span=Span(2, 5)).model_dump(mode="json")
    assert dumped["span"] == {"start": 2, "end": 5}
    assert Claim.model_validate(dumped).span == Span(2, 5)


def test_a_claim_says_which_words_are_not_known_and_one_kept_from_before_says_none() -> None:
    claim = Claim(id="c1", text="It is old.", span=Span(0, 10), unresolved=("It",))
    dumped = claim.model_dump(mode="json")
    assert dumped["unresolved"] == ["It"]
    assert Claim.model_validate(dumped) == claim
    del dumped["unresolved"]
    assert Claim.model_validate(dumped).unresolved == ()


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 50))
def test_locate_finds_only_what_the_answer_has(at: int, length: int, source: int) -> None:
    text = "x" * (at + length)
    claim = Claim(id="c1", text=text, span=Span(source, source + length), pieces=(Piece(at, source, length),))
    assert claim.locate(at, at + length) == Span(source, source + length)
    assert claim.locate(at, at + length + 1) is None
    if at:
        assert claim.locate(at - 1, at + 1) is None
