"""The demo in a terminal: each answer, its claims with verdict, evidence and edits, and a table that sums up.

In: answers. Out: things that rich prints, 80 to 100 columns wide. What the words say does not depend on colour.
All text of models, documents and graphs is untrusted: markup in it is never read, control characters are escaped.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from groundwire.demo.show import Answer, summary
from groundwire.model import Outcome, Verdict
from groundwire.terminal import OUTCOME_STYLE, VERDICT_STYLE, answer_text, claim_rows, delivered_text, rows, safe


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
            rows(_answer_rows(answer), width),
            Text(),
            rows(claim_rows(report), width),
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


def _answer_rows(answer: Answer) -> Iterator[tuple[Text, Text]]:
    report = answer.report
    if answer.scenario.document:
        yield Text("given", "dim"), Text(f"{answer.scenario.document}.md (invented)", "dim")
    yield Text("model", "dim"), answer_text(report)
    if answer.delivered != report.answer:
        yield Text("delivered", "dim"), delivered_text(report, answer.delivered)


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
    text = Text(f"{counted['answers']} answers, ").append_text(_verdicts(counted["claims"]))
    text.append(f"; {counted['edits']} edit{'' if counted['edits'] == 1 else 's'}")
    if timings and answers:
        middle = sorted(counted["check_ms"])[len(answers) // 2]
        text.append(f". Checking took {middle:.0f} ms an answer (median).")
    else:
        text.append(".")
    text.append("\nAs delivered: ").append_text(_verdicts(counted["claims_delivered"])).append(".")
    return Padding(text, (1, 0, 0, 0))


def _verdicts(claims: Mapping[str, int]) -> Text:
    text = Text(f"{sum(claims.values())} claims: ")
    for number, verdict in enumerate(Verdict):
        text.append(", " if number else "").append(f"{claims[verdict.value]} {verdict.value}", VERDICT_STYLE[verdict])
    return text


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
