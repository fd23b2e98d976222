"""Reports as they come: with every field filled, in words that are hard to store."""

from datetime import UTC, datetime

from groundwire.model import (
    Action,
    CheckedClaim,
    Correction,
    Decision,
    Evidence,
    Finding,
    Kind,
    Label,
    Outcome,
    Patch,
    PatchKind,
    Piece,
    Report,
    Severity,
    Span,
    Triple,
    Verdict,
)

HARD = 'Zürich’s "7 %" — 東京 👩‍🚀 e\u0301 \u202eabc\u202c \u200b\x00\x1f\x7f \\u0000 \r\n\u2028 <script>'


def a_report(id: str = "r-1", *, answer: str = HARD, verdict: Outcome = Outcome.FLAGGED) -> Report:
    passage = Evidence(
        source="facts",
        text=HARD,
        span=Span(3, 9),
        uri="https://example.org/ü",
        score=0.1 + 0.2,
        path=(Triple(subject="Australia", relation="capital", object="Canberra", object_span=Span(1, 2)),),
    )
    claim = CheckedClaim(
        id="c1",
        text=answer,
        span=Span(0, len(answer)),
        kind=Kind.RELATION,
        pieces=(Piece(0, 0, len(answer)),),
        unresolved=(answer[:6],),
        verdict=Verdict.CONTRADICTED,
        confidence=1 / 3,
        risk=0.97,
        evidence=(passage,),
        findings=(
            Finding(
                judge="graph",
                version="1",
                label=Label.CONTRADICTED,
                probabilities={"contradicted": 1e-300, "supported": 5e-324},
                correction=Correction(span=Span(0, 1), old="Z", new="Y"),
                doubted=(Span(0, 1),),
            ),
        ),
        decision=Decision(action=Action.REWRITE, rule="default.wrong", severity=Severity.HIGH, message=HARD),
    )
    patch = Patch(
        claim="c1", span=Span(0, 1), old="Z", new="Y", kind=PatchKind.VALUE, rule="default.wrong", accepted=True
    )
    return Report(
        id=id,
        created=datetime(2026, 11, 22, 10, 20, 30, 123457, tzinfo=UTC),
        verdict=verdict,
        answer=answer,
        revised=answer,
        delivered=answer,
        question=HARD,
        model="openai/gpt-4o-mini",
        score=0.1,
        coverage=2 / 3,
        claims=(claim,),
        patches=(patch,),
        timings={"claims": 12.345678901234567},
        revisions={"rules": "sha256:ab"},
    )
