"""A Report in a terminal: the answer in colours, then each claim with its verdict, evidence and edits.

Everything shown is untrusted text: markup in it is never read, control characters are shown as their pictures.
"""

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from groundwire.model import CheckedClaim, Evidence, Outcome, Patch, Report, Verdict

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
# C0, DEL, C1 and the bidirectional controls can move the cursor, recolour the screen or reorder what is read.
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))} | {
    code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000))
}


def safe(text: str) -> str:
    """Untrusted text with every character that a terminal would obey replaced by its escape."""
    return text.translate(_UNSAFE)


def print_report(report: Report, console: Console | None = None) -> None:
    """Print one report, 80 columns or wider."""
    (console or Console(highlight=False)).print(render(report))


def render(report: Report) -> Group:
    """The report as something rich prints: the answer, its claims, and a line that sums up."""
    return Group(
        Padding(answer_text(report), (0, 0, 1, 0)),
        claims_table(report),
        Padding(_summary(report), (1, 0, 0, 0)),
    )


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


def claims_table(report: Report) -> Table:
    """One row a claim: its verdict, then the claim over its evidence and edits."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, width=17)
    table.add_column(ratio=1)
    for claim in report.claims:
        patches = [patch for patch in report.patches if patch.claim == claim.id]
        table.add_row(_badge(claim), _claim(claim, patches))
    return table


def _badge(claim: CheckedClaim) -> Text:
    badge = Text(claim.verdict.value, VERDICT_STYLE[claim.verdict])
    if claim.confidence is not None:
        badge.append(f" {claim.confidence:4.0%}", "dim")
    return badge


def _claim(claim: CheckedClaim, patches: list[Patch]) -> Text:
    text = Text(safe(claim.text))
    if claim.reason:
        text.append(f"\nnot checked: {claim.reason.value.replace('_', ' ')}", "dim")
    for evidence in claim.evidence[:2]:
        text.append("\n").append_text(_evidence(evidence))
    for finding in claim.findings:
        if finding.label == claim.verdict.value and finding.explanation:
            text.append(f"\n{safe(finding.explanation)}", "dim")
    for patch in patches:
        text.append("\n").append_text(_patch(patch))
    return text


def _evidence(evidence: Evidence) -> Text:
    text = Text(safe(f"{evidence.source}: "), "blue")
    return text.append(safe(" ".join(evidence.text.split())), "not blue")


def _patch(patch: Patch) -> Text:
    text = Text("edit " if patch.accepted else "edit refused ", "dim")
    text.append(safe(patch.old), "red strike").append(" → ")
    text.append(safe(patch.new) or "(removed)", "green")
    return text if patch.accepted or not patch.reason else text.append(f" ({safe(patch.reason)})", "dim")


def _summary(report: Report) -> Text:
    counts = {verdict: sum(claim.verdict is verdict for claim in report.claims) for verdict in Verdict}
    parts = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
    text = Text(report.verdict.value, OUTCOME_STYLE[report.verdict])
    text.append(f"  {', '.join(parts) or 'no claims'}  ", "default")
    return text.append(f"coverage {report.coverage:.0%}  score {report.score:.2f}  {report.id}", "dim")
