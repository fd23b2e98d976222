"""A report in a terminal: what is shown of untrusted text, and that the words say it without colour."""

from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from groundwire.model import (
    Action,
    CheckedClaim,
    Decision,
    Evidence,
    Outcome,
    Patch,
    PatchKind,
    Reason,
    Report,
    Span,
    Triple,
    Verdict,
)
from groundwire.terminal import print_report, safe

ANSWER = "The capital is Sydney. It is \x1b[31mold[/red]."


def shown(width: int = 80) -> str:
    path = (Triple(subject="Australia", relation="capital", object="Canberra"),)
    wrong = CheckedClaim(
        id="c1",
        text="The capital is Sydney.",
        span=Span(0, 22),
        verdict=Verdict.CONTRADICTED,
        confidence=0.98,
        evidence=(Evidence(source="facts", text="The capital of Australia is Canberra.", path=path),),
        decision=Decision(action=Action.REWRITE, rule="r"),
    )
    open_ = CheckedClaim(
        id="c2",
        text="It is \x1b[31mold[/red].",
        span=Span(23, len(ANSWER)),
        unresolved=("It",),
        verdict=Verdict.UNCHECKED,
        reason=Reason.NO_EVIDENCE,
        decision=Decision(action=Action.ALLOW, rule="groundwire.allow"),
    )
    patch = Patch(
        claim="c1", span=Span(15, 21), old="Sydney", new="Canberra", kind=PatchKind.VALUE, rule="r", accepted=True
    )
    report = Report(
        id="gw_1",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        verdict=Outcome.REWRITTEN,
        answer=ANSWER,
        revised=ANSWER.replace("Sydney", "Canberra"),
        delivered=ANSWER.replace("Sydney", "Canberra"),
        claims=(wrong, open_),
        patches=(patch,),
    )
    out = StringIO()
    print_report(report, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_the_words_say_everything_without_colour() -> None:
    text = shown()
    for word in ("contradicted", "unchecked", "rewritten", "no source speaks of it", "gw_1"):
        assert word in text
    assert "Australia — capital → Canberra" in text
    assert "Sydney → Canberra" in text


def test_words_whose_meaning_is_not_known_are_named() -> None:
    assert "unclear" in shown()
    assert "what “It” means" in shown()


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    text = shown()
    assert "\x1b" not in text
    assert "\\x1b[31mold[/red]" in text
    assert safe("a\x00b\u202ec\ud800") == "a\\x00b\\u202ec\\ud800"


def test_it_fits_the_width() -> None:
    for width in (60, 80, 200):
        assert max(map(len, shown(width).splitlines())) <= width
