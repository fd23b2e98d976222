"""A Report in a terminal: the answer in colours, then each claim with its verdict, evidence and edits.

What the words say does not depend on colour. All text of models, documents and graphs is untrusted: markup in it is
never read, control characters are escaped.
"""

import re
from collections.abc import Iterable, Iterator

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from groundwire.model import Action, CheckedClaim, Evidence, Outcome, Patch, Reason, Report, Verdict

WIDTH = 96
LABEL = 14
EXCERPT = 150

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\n+")

VERDICT_STYLE = {
    Verdict.SUPPORTED: "green",
    Verdict.CONTRADICTED: "bold red",
    Verdict.UNSUPPORTED: "yellow",
    Verdict.UNCHECKED: "dim",
}
OUTCOME_STYLE = {
    Outcome.CLEAN: "green",
    Outcome.FLAGGED: "yellow",
    Outcome.REWRITTEN: "cyan",
    Outcome.BLOCKED: "bold red",
    Outcome.UNCHECKED: "dim",
}
WHY = {
    Reason.NOT_A_CLAIM: "states nothing that could be checked",
    Reason.NO_EVIDENCE: "no source speaks of it",
    Reason.DEADLINE: "the time for checking was over",
    Reason.ERROR: "the check failed",
    Reason.LANGUAGE: "not in a language that is checked",
    Reason.CONFLICT: "the judges disagree: this goes to a reviewer",
}
# C0, DEL, C1 and the bidirectional controls can move the cursor, recolour the screen or reorder what is read.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))} | {
    code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000))
}


def safe(text: str) -> str:
    """Untrusted text with every character that a terminal would obey replaced by its escape."""
    return text.translate(_UNSAFE)


def width_of(console: Console) -> int:
    """Columns that a report takes: those of the terminal, as far as they are good to read."""
    return max(40, min(console.width, WIDTH))


def print_report(report: Report, console: Console | None = None) -> None:
    """Print one report: what it says of the answer, claim by claim, and a line that sums up."""
    console = console or Console(highlight=False)
    width = width_of(console)
    parts = (rows(_answer_rows(report), width), Text(), rows(claim_rows(report), width), Text(), _summary(report))
    console.print(Group(*parts))


def _answer_rows(report: Report) -> Iterator[tuple[Text, Text]]:
    yield Text("answer", "dim"), answer_text(report)
    if report.delivered != report.answer:
        yield Text("delivered", "dim"), delivered_text(report, report.delivered)


def answer_text(report: Report) -> Text:
    """The original answer, each claim's own words in the colour of its verdict."""
    text = Text()
    at = 0
    for claim in sorted(report.claims, key=lambda claim: claim.span):
        start, end = max(claim.span.start, at), claim.span.end
        if end <= at:
            continue
        text.append(safe(report.answer[at:start]))
        text.append(safe(report.answer[start:end]), VERDICT_STYLE[claim.verdict])
        at = end
    text.append(safe(report.answer[at:]))
    return text


def rows(lines: Iterable[tuple[Text, Text]], width: int) -> Table:
    """Labels on the left, text on the right, under the question."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=3)
    table.add_column(width=LABEL, no_wrap=True)
    table.add_column(width=width - LABEL - 5, overflow="fold")
    for label, text in lines:
        table.add_row("", label, text)
    return table


def delivered_text(report: Report, delivered: str) -> Text:
    """What the client got; the words that were put in are green."""
    text = Text(safe(delivered) or "(nothing)")
    done = [patch for patch in report.applied if patch.new]
    at, shift = 0, 0
    for patch in sorted(done, key=lambda patch: patch.span):
        at = patch.span.start + shift
        if delivered[at : at + len(patch.new)] == patch.new:
            text.stylize("bold green", at, at + len(patch.new))
        shift += len(patch.new) - len(patch.old)
    return text


def claim_rows(report: Report) -> Iterator[tuple[Text, Text]]:
    done = report.applied
    for claim in report.claims:
        yield Text(claim.verdict.value, VERDICT_STYLE[claim.verdict]), Text(safe(claim.text))
        yield from _because(claim)
        if doubted := _doubted(report, claim):
            yield _under("in doubt"), Text(safe(", ".join(f"“{words}”" for words in doubted)), "yellow")
        if claim.unresolved and claim.verdict is not Verdict.SUPPORTED:
            words = ", ".join(f"“{word}”" for word in claim.unresolved)
            yield _under("unclear"), Text(safe(f"what {words} means"), "dim")
        for patch in report.patches:
            if patch.claim == claim.id:
                label = "edit" if patch in done else "proposed" if patch.accepted else "not edited"
                yield _under(label), _edit(patch)
        if claim.decision.untried:
            yield _under("not tried"), Text(safe(", ".join(claim.decision.untried)), "dim")
    if report.decision and report.decision.action is not Action.ALLOW:
        yield Text("whole answer", "bold"), Text(safe(f"{report.decision.message}  {report.decision.rule}"))


def _because(claim: CheckedClaim) -> Iterator[tuple[Text, Text]]:
    """Why: the evidence, or the reason that there is none."""
    if claim.reason is not None:
        yield _under("because"), Text(WHY[claim.reason], "dim")
    elif not claim.evidence:
        yield _under("because"), Text("no source says so", "dim")
    if claim.reason in (None, Reason.CONFLICT):
        for evidence in claim.evidence[: 2 if claim.reason else 1]:
            yield (
                _under("nearest" if claim.verdict is Verdict.UNSUPPORTED else "evidence"),
                _evidence(evidence, claim.text),
            )


def _doubted(report: Report, claim: CheckedClaim) -> list[str]:
    """The words that the evidence shown does not say, where a judge could tell which."""
    if claim.verdict in (Verdict.SUPPORTED, Verdict.UNCHECKED):
        return []
    shown = claim.evidence[:1]
    return [
        span.of(report.answer)
        for finding in claim.findings
        if finding.evidence[:1] == shown
        for span in finding.doubted
    ]


def _under(label: str) -> Text:
    return Text(f"  {label}", "dim")


def _evidence(evidence: Evidence, claim: str) -> Text:
    text = Text().append(safe(f"{evidence.source}  "), "blue")
    if not evidence.path:
        return text.append(safe(_excerpt(evidence.text, claim)))
    for number, triple in enumerate(evidence.path):
        text.append("; " if number else "", "dim")
        text.append(safe(triple.subject)).append(" — ", "dim").append(safe(triple.relation))
        text.append(" → ", "dim").append(safe(triple.object))
    return text


def _excerpt(passage: str, claim: str) -> str:
    """The sentence of a passage that shares most words with the claim; the whole of a short passage."""
    whole = " ".join(passage.split())
    if len(whole) <= EXCERPT:
        return whole
    words = set(_WORD.findall(claim.casefold()))
    sentences = [" ".join(sentence.split()) for sentence in _SENTENCE_END.split(passage) if sentence.strip()]
    best = max(sentences, key=lambda sentence: len(words & set(_WORD.findall(sentence.casefold()))))
    shown = best if len(best) <= EXCERPT else best[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"
    before = "" if whole.startswith(best) else "… "
    after = "" if whole.endswith(best) or shown.endswith("…") else " …"
    return f"{before}{shown}{after}"


def _edit(patch: Patch) -> Text:
    text = Text().append(safe(patch.old), "red strike" if patch.accepted else "red").append(" → ", "dim")
    text.append(safe(patch.new) or "(removed)", "bold green" if patch.accepted else "green")
    return text if patch.accepted or not patch.reason else text.append(f"  {safe(patch.reason)}", "dim")


def _summary(report: Report) -> Text:
    counts = {verdict: sum(claim.verdict is verdict for claim in report.claims) for verdict in Verdict}
    parts = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
    text = Text(report.verdict.value, OUTCOME_STYLE[report.verdict])
    text.append(f"  {', '.join(parts) or 'no claims'}  ", "default")
    return text.append(f"coverage {report.coverage:.0%}  score {report.score:.2f}  {report.id}", "dim")
