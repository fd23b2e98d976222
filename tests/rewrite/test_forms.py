"""The revised answer as a diff and as Markdown with footnotes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from groundwire.cli import app
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
from groundwire.rewrite import annotated, apply, diff

FLAG = Decision(action=Action.FLAG, rule="mine.rule", message="See *there*.")
ALLOW = Decision(action=Action.ALLOW, rule="groundwire.allow")
FACT = Evidence(
    source="facts", text="Canberra", path=(Triple(subject="Australia", relation="capital", object="Canberra"),)
)
PAGE = Evidence(source="page_1.md", text="A <b>large</b>\n\n[country](x).")


def claim(answer: str, words: str, verdict: Verdict, decision: Decision = FLAG, **fields: Any) -> CheckedClaim:
    at = answer.index(words)
    defaults: dict[str, Any] = {"id": f"c{at}", "text": words, "evidence": (PAGE,)}
    return CheckedClaim(span=Span(at, at + len(words)), verdict=verdict, decision=decision, **{**defaults, **fields})


def edit(answer: str, old: str, new: str, of: CheckedClaim, accepted: bool = True) -> Patch:
    at = answer.index(old)
    return Patch(
        claim=of.id, span=Span(at, at + len(old)), old=old, new=new, kind=PatchKind.VALUE, rule="r", accepted=accepted
    )


def report(
    answer: str, claims: tuple[CheckedClaim, ...] = (), patches: tuple[Patch, ...] = (), **fields: Any
) -> Report:
    revised = apply(answer, patches)
    defaults: dict[str, Any] = {"verdict": Outcome.FLAGGED, "delivered": answer}
    return Report(
        id="gw_1",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        answer=answer,
        revised=revised,
        claims=claims,
        patches=patches,
        **{**defaults, **fields},
    )


ANSWER = "The capital is Sydney. It is **large**.\n\n- It is old\n- Thanks!"


def full_report() -> Report:
    wrong = claim(ANSWER, "The capital is Sydney", Verdict.CONTRADICTED, evidence=(FACT,))
    large = claim(ANSWER, "It is **large**", Verdict.SUPPORTED, ALLOW)
    old = claim(ANSWER, "It is old", Verdict.UNCHECKED, ALLOW, reason=Reason.NO_EVIDENCE, evidence=())
    thanks = claim(ANSWER, "Thanks!", Verdict.UNCHECKED, ALLOW, skipped=Reason.NOT_A_CLAIM)
    return report(ANSWER, (wrong, large, old, thanks), (edit(ANSWER, "Sydney", "Canberra", wrong),))


def test_markdown_has_a_footnote_for_every_statement_that_can_be_checked() -> None:
    text, *notes = annotated(full_report()).split("\n\n[^")
    assert text == "The capital is Canberra.[^gw1] It is **large**.[^gw2]\n\n- It is old[^gw3]\n- Thanks!"
    assert [note.rstrip("\n") for note in notes] == [
        "gw1]: **contradicted**: The capital is Sydney; facts: Australia — capital → Canberra; "
        "proposed: “Sydney” became “Canberra”; flag by `mine.rule`: See \\*there\\*.",
        "gw2]: **supported**: It is \\*\\*large\\*\\*; page\\_1.md: “A \\<b\\>large\\</b\\> \\[country\\](x).”",
        "gw3]: **not checked** (no_evidence): It is old",
    ]


def test_statements_that_end_together_have_their_footnotes_together() -> None:
    answer = "Anna and Bert sing."
    whole, half = claim(answer, answer, Verdict.SUPPORTED), claim(answer, "Bert sing.", Verdict.UNSUPPORTED)
    assert annotated(report(answer, (whole, half))).startswith("Anna and Bert sing.[^gw1][^gw2]\n")


def test_what_was_taken_out_or_added_is_said() -> None:
    answer = "It is old. It is large."
    gone = claim(answer, "It is old.", Verdict.UNSUPPORTED, FLAG.model_copy(update={"action": Action.REMOVE}))
    marked = claim(answer, "It is large", Verdict.UNSUPPORTED, FLAG.model_copy(update={"action": Action.HEDGE}))
    at = answer.index("large") + 5
    mark = Patch(
        claim=marked.id, span=Span(at, at), old="", new=" [not sure]", kind=PatchKind.HEDGE, rule="r", accepted=True
    )
    told = annotated(report(answer, (gone, marked), (edit(answer, "It is old. ", "", gone), mark)))
    assert told.startswith("[^gw1]It is large [not sure].[^gw2]\n")
    assert "; “It is old.” was taken out; remove by" in told
    assert "; “\\[not sure\\]” was added; hedge by" in told


def test_structured_output_keeps_its_words() -> None:
    answer = '{"capital": "Sydney"}'
    wrong = claim(answer, "Sydney", Verdict.CONTRADICTED, pointer="/capital")
    told = annotated(report(answer, (wrong,), (edit(answer, "Sydney", "Canberra", wrong),)))
    assert told.startswith('```\n{"capital": "Canberra"}\n```\n\n- **contradicted** at `/capital`: Sydney; ')


def test_what_the_rules_say_of_the_whole_answer_comes_first() -> None:
    blocked = report("Hello.", decision=Decision(action=Action.BLOCK, rule="mine.stop", message="No."))
    assert annotated(blocked) == "> **block** by `mine.stop`: No.\n\nHello.\n"


@pytest.mark.parametrize(
    "answer",
    [ANSWER, f"{ANSWER}\n", f"\n\n{ANSWER}", "Sydney", "a\u2028b Sydney\r\nc\x0bd\n\ne", "-- Sydney\n++ x\n@@ y"],
)
def test_a_diff_holds_both_texts_to_the_letter(answer: str) -> None:
    wrong = claim(answer, "Sydney", Verdict.CONTRADICTED)
    found = report(answer, (wrong,), (edit(answer, "Sydney", "Canberra\nor so", wrong),))
    lines = diff(found, context=100).split("\n")
    assert lines[:2] == ["--- answer", "+++ revised"]
    assert lines.pop() == ""
    for mark, text in (("-", found.answer), ("+", found.revised)):
        kept = ""
        for line, following in zip(lines[3:], [*lines[4:], ""], strict=True):
            if line[0] in (" ", mark):
                kept += line[1:] + ("" if following.startswith("\\ No newline") else "\n")
        assert kept == text


def test_without_edits_there_is_no_diff() -> None:
    wrong = claim(ANSWER, "Sydney", Verdict.CONTRADICTED)
    assert diff(report(ANSWER, (wrong,), (edit(ANSWER, "Sydney", "Canberra", wrong, accepted=False),))) == ""


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "The capital of Australia is Canberra.\n"),
        ("diff", "--- answer\n+++ revised\n@@ -1 +1 @@\n-The capital of Australia is Sydney.\n+The capital of"),
        ("markdown", "The capital of Australia is Canberra.[^gw1]\n\n[^gw1]: **contradicted**: "),
        ("json", '{\n  "id": "gw_'),
    ],
)
def test_the_command_prints_each_form(tmp_path: Any, form: str, expected: str) -> None:
    (tmp_path / "answer.txt").write_text("The capital of Australia is Sydney.\n", "utf-8")
    (tmp_path / "facts.tsv").write_text("subject\trelation\tobject\nAustralia\tcapital\tCanberra\n", "utf-8")
    files = ["-a", str(tmp_path / "answer.txt"), "-k", str(tmp_path / "facts.tsv")]
    run = CliRunner().invoke(app, ["verify", *files, "--format", form])
    assert run.exit_code == 1
    assert run.stdout.startswith(expected)
