"""The demo in a terminal: each answer, its claims with verdict, evidence and edits, and a table that sums up.

In: answers. Out: things that rich prints, 80 to 100 columns wide. What the words say does not depend on colour.
All text of models, documents and graphs is untrusted: markup in it is never read, control characters are escaped.
"""

import json
import re
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from groundwire.demo.show import Answer, made, summary
from groundwire.model import CheckedClaim, Evidence, Outcome, Patch, Reason, Report, Verdict
from groundwire.terminal import OUTCOME_STYLE, VERDICT_STYLE, answer_text, safe

WIDTH = 96
LABEL = 14
EXCERPT = 150

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\n+")

WHY = {
    Reason.NOT_A_CLAIM: "states nothing that could be checked",
    Reason.NO_EVIDENCE: "no source speaks of it",
    Reason.DEADLINE: "the time for checking was over",
    Reason.ERROR: "the check failed",
    Reason.LANGUAGE: "not in a language that is checked",
    Reason.CONFLICT: "the judges disagree: this goes to a reviewer",
}


def width_of(console: Console) -> int:
    return max(40, min(console.width, WIDTH))


def heading(model: str, url: str, *, facts: int, recorded: bool) -> RenderableType:
    """What is shown, and how real it is."""
    said = f"Answers of {model}, asked now."
    if recorded:
        said = f"Recorded answers of {model}, a real model so small that it is often wrong."
    text = Text(safe(said), "bold").append(
        safe(
            f"\nEach question goes over HTTP to the proxy at {url}, which holds the answer against {facts:,} facts"
            " and, where one is given, a document. The documents are invented."
        ),
        "not bold",
    )
    return Padding(text, (1, 0))


def answer_view(number: int, answer: Answer, width: int) -> RenderableType:
    """One answer: question and outcome, what the model said, what was delivered, and the claims."""
    report = answer.report
    return Padding(
        Group(
            _title(number, answer.scenario.question, report.verdict, width),
            _rows(_answer_rows(answer), width),
            Text(),
            _rows(_claim_rows(report), width),
        ),
        (0, 0, 1, 0),
    )


def summary_view(answers: Sequence[Answer], width: int, *, timings: bool = True) -> RenderableType:
    """One line an answer: outcome, claims by verdict, edits, and the time that checking took."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, width=width, header_style="dim")
    table.add_column("", justify="right", width=2)
    table.add_column("question", ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("outcome", no_wrap=True)
    for name in ("supp.", "contr.", "unsupp.", "unch.", "edits"):
        table.add_column(name, justify="right", no_wrap=True)
    if timings:
        table.add_column("ms", justify="right", no_wrap=True)
    for number, answer in enumerate(answers, start=1):
        table.add_row(*_summary_row(number, answer, timings))
    return Group(Text("─" * width, "dim"), table, _total(answers, width, timings=timings))


def _title(number: int, question: str, outcome: Outcome, width: int) -> Text:
    said = Text(no_wrap=True, overflow="ellipsis").append(f"{number:>2}  ", "dim").append(safe(question), "bold")
    said.truncate(width - len(outcome.value) - 5, overflow="ellipsis")
    gap = width - said.cell_len - len(outcome.value) - 2
    return said.append(" " + "─" * gap + " ", "dim").append(outcome.value, OUTCOME_STYLE[outcome])


def _rows(rows: Iterator[tuple[Text, Text]], width: int) -> Table:
    """Labels on the left, text on the right, under the question."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=3)
    table.add_column(width=LABEL, no_wrap=True)
    table.add_column(width=width - LABEL - 5, overflow="fold")
    for label, text in rows:
        table.add_row("", label, text)
    return table


def _answer_rows(answer: Answer) -> Iterator[tuple[Text, Text]]:
    report = answer.report
    if answer.scenario.document:
        yield Text("given", "dim"), Text(f"{answer.scenario.document}.md (invented)", "dim")
    yield Text("model", "dim"), answer_text(report)
    if answer.delivered != report.answer:
        yield Text("delivered", "dim"), _delivered(report, answer.delivered)


def _delivered(report: Report, delivered: str) -> Text:
    """What the client got; the words that were put in are green."""
    text = Text(safe(delivered) or "(nothing)")
    done = [patch for patch in made(report) if patch.new]
    at, shift = 0, 0
    for patch in sorted(done, key=lambda patch: patch.span):
        at = patch.span.start + shift
        if delivered[at : at + len(patch.new)] == patch.new:
            text.stylize("bold green", at, at + len(patch.new))
        shift += len(patch.new) - len(patch.old)
    return text


def _claim_rows(report: Report) -> Iterator[tuple[Text, Text]]:
    done = made(report)
    for claim in report.claims:
        yield Text(claim.verdict.value, VERDICT_STYLE[claim.verdict]), Text(safe(claim.text))
        yield from _because(claim)
        for patch in report.patches:
            if patch.claim == claim.id:
                label = "edit" if patch in done else "proposed" if patch.accepted else "not edited"
                yield _under(label), _edit(patch)


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


def _summary_row(number: int, answer: Answer, timings: bool) -> Iterator[Text]:
    counted = summary([answer])
    outcome = answer.report.verdict
    yield Text(str(number), "dim")
    yield Text(safe(answer.scenario.question))
    yield Text(outcome.value, OUTCOME_STYLE[outcome])
    for verdict in Verdict:
        yield _count(counted["claims"][verdict.value], VERDICT_STYLE[verdict])
    yield _count(counted["edits"], "green")
    if timings:
        yield Text(f"{counted['check_ms'][0]:.0f}", "dim")


def _count(number: int, style: str) -> Text:
    return Text(str(number), style) if number else Text("·", "dim")


def _total(answers: Sequence[Answer], width: int, *, timings: bool) -> RenderableType:
    counted = summary(answers)
    claims = counted["claims"]
    text = Text(f"{counted['answers']} answers, {sum(claims.values())} claims: ")
    for number, verdict in enumerate(Verdict):
        text.append(", " if number else "").append(f"{claims[verdict.value]} {verdict.value}", VERDICT_STYLE[verdict])
    text.append(f"; {counted['edits']} edit{'' if counted['edits'] == 1 else 's'}")
    if timings and answers:
        middle = sorted(counted["check_ms"])[len(answers) // 2]
        text.append(f". Checking took {middle:.0f} ms an answer (median).")
    else:
        text.append(".")
    return Padding(text, (1, 0, 0, 0))


def next_steps() -> Text:
    """What to try next."""
    steps = (
        ("groundwire demo --serve", "leave the proxy running"),
        ("groundwire demo --upstream openai/gpt-4o-mini", "ask another model"),
        ("groundwire verify -a answer.txt -k facts.ttl", "check your own answer"),
        ("groundwire serve -c groundwire.yaml", "your own proxy"),
    )
    text = Text("\n")
    for command, does in steps:
        text.append(f"  {command:<47}", "bold").append(f"{does}\n", "dim")
    return text


def serving(url: str, model: str) -> Text:
    """How to talk to the proxy that is left running: a line of curl, four of Python."""
    question = "What is the capital of Australia?"
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": question}]})
    text = Text(f"\nThe proxy is running at {url} until Ctrl-C.\n", "bold")
    text.append(
        f"""
curl -s {url}/v1/chat/completions -H 'content-type: application/json' -d '{body}'

from openai import OpenAI
client = OpenAI(base_url="{url}/v1", api_key="none")
reply = client.chat.completions.create(model="{model}", messages=[{{"role": "user", "content": "{question}"}}])
print(reply.choices[0].message.content, reply.groundwire["verdict"])
""",
        "not bold",
    )
    return text
