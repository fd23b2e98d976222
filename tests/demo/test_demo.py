"""The demo end to end, and how it looks."""

import io
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from groundwire.demo.cli import demo, run
from groundwire.demo.readme import current, replaced, section
from groundwire.demo.render import answer_view, heading, next_steps, serving, summary_view
from groundwire.demo.scenarios import SCENARIOS, Scenario
from groundwire.demo.show import Answer, ask, started
from groundwire.errors import GroundwireError, InputError
from groundwire.model import Evidence, Outcome
from groundwire.terminal import width_of


def shown(*parts: Any, width: int = 92, **settings: Any) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, **settings)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def test_json_is_one_document_and_nothing_else(printed: str) -> None:
    document = json.loads(printed)
    assert set(document) == {"model", "answers", "summary"}
    assert len(document["answers"]) == document["summary"]["answers"] == len(SCENARIOS) >= 8


def test_json_and_serve_exclude_each_other() -> None:
    app = typer.Typer()
    app.command()(demo)
    result = CliRunner().invoke(app, ["--json", "--serve"])
    assert result.exit_code == 2
    assert "--serve" in result.output


def test_the_capital_of_australia_is_put_right(document: dict[str, Any]) -> None:
    first = document["answers"][0]
    assert first["answer"] == "The capital of Australia is Sydney."
    assert first["delivered"] == "The capital of Australia is Canberra."
    assert first["report"]["verdict"] == "rewritten"
    (claim,) = first["report"]["claims"]
    assert (claim["verdict"], claim["evidence"][0]["path"][0]["object"]) == ("contradicted", "Canberra")


def test_every_verdict_is_met(document: dict[str, Any]) -> None:
    claims = document["summary"]["claims"]
    assert all(claims[verdict] for verdict in ("supported", "contradicted", "unsupported", "unchecked"))


def test_what_was_delivered_is_what_the_report_says(answers: Sequence[Answer]) -> None:
    for answer in answers:
        assert answer.delivered == answer.report.delivered
        assert (answer.report.verdict is Outcome.REWRITTEN) == (answer.delivered != answer.report.answer)


def test_what_was_edited_is_supported_as_delivered(answers: Sequence[Answer]) -> None:
    edited = [answer for answer in answers if answer.report.applied]
    assert edited
    for answer in edited:
        assert answer.after.answer == answer.delivered
        assert {claim.verdict.value for claim in answer.after.claims} == {"supported"}


def test_what_nobody_knows_is_not_called_true(answers: Sequence[Answer]) -> None:
    (unknown,) = [answer for answer in answers if "Ballinskell" in answer.scenario.question]
    assert {claim.verdict.value for claim in unknown.report.claims} == {"unchecked"}
    assert unknown.delivered == unknown.report.answer


@pytest.mark.parametrize("width", [80, 92, 100])
def test_nothing_is_wider_than_the_terminal(answers: Sequence[Answer], width: int) -> None:
    console = Console(width=width)
    parts = [answer_view(number, answer, width_of(console)) for number, answer in enumerate(answers, start=1)]
    parts += [summary_view(answers, width_of(console)), next_steps()]
    parts.append(heading("gemma-3-270m", "http://127.0.0.1:43210", facts=1146, recorded=True))
    text = shown(*parts, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert all(answer.scenario.question[:30] in text for answer in answers)


def test_without_colour_the_words_say_it_all(answers: Sequence[Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(answer_view(1, answers[0], 80), force_terminal=True)
    for words in ("contradicted", "Sydney → Canberra", "delivered", "Australia — capital → Canberra"):
        assert words in re.sub(r"\x1b\[[\d;]*m", "", text)
    assert not re.search(r"\x1b\[(\d+;)*[349]\d[;m]", text)


def test_a_model_cannot_write_to_the_terminal(answers: Sequence[Answer]) -> None:
    evil = "It is \x1b[2J[bold]free[/bold]\x07 \u202eevil."
    first = answers[0].report
    claim = first.claims[0].model_copy(update={"text": evil, "evidence": (Evidence(source="\x1b]0;x", text=evil),)})
    report = first.model_copy(update={"answer": evil, "delivered": evil, "claims": (claim,), "patches": ()})
    text = shown(answer_view(1, Answer(Scenario(evil, ""), evil, report, 0.0, report), 80), force_terminal=False)
    assert "[bold]free[/bold]" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_an_excerpt_is_the_sentence_that_speaks_of_the_claim(answers: Sequence[Answer]) -> None:
    passage = "The shop opened in May. " * 10 + "Dogs are not allowed in the garden. It closes at nine."
    claim = (
        answers[0]
        .report.claims[0]
        .model_copy(
            update={"text": "Dogs are allowed in the garden.", "evidence": (Evidence(source="rules.md", text=passage),)}
        )
    )
    report = answers[0].report.model_copy(update={"claims": (claim,), "patches": ()})
    text = shown(answer_view(1, answers[0]._replace(report=report), 92))
    assert "rules.md  … Dogs are not allowed in the garden. …" in text


def test_serving_prints_the_url_a_curl_line_and_four_lines_of_python() -> None:
    text = shown(serving("http://127.0.0.1:1234", "gemma-3-270m"), width=400)
    (curl,) = [line for line in text.splitlines() if line.startswith("curl ")]
    body = json.loads(curl.split(" -d '")[1].rstrip().removesuffix("'"))
    assert body["messages"][0]["content"] == SCENARIOS[0].question
    python = [
        line for line in text.splitlines()[text.splitlines().index("from openai import OpenAI") :] if line.strip()
    ]
    assert len(python) == 4
    compile("\n".join(python), "printed", "exec")


def test_the_printed_python_works(capsys: pytest.CaptureFixture[str]) -> None:
    with started() as url:
        text = shown(serving(url, "gemma-3-270m"), width=400)
        exec(text[text.index("from openai") :], {})
    assert capsys.readouterr().out.strip() == "The capital of Australia is Canberra. rewritten"


def test_a_question_that_was_not_recorded_is_one_line() -> None:
    with started() as url, pytest.raises(GroundwireError, match="never asked"):
        list(ask(url, "gemma-3-270m", [Scenario("What is the colour of a lemon?", "")]))


def test_another_model_is_asked_through_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that cannot be reached is one line that names it."""
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    out = Console(file=io.StringIO(), width=90)
    with pytest.raises(GroundwireError, match="openai/nobody"):
        run(out, upstream="openai/nobody")


def test_the_readme_shows_what_the_demo_prints(answers: Sequence[Answer]) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    assert current(readme.read_text("utf-8")) == section(answers), "stale: run python -m groundwire.demo.readme"


def test_the_readme_section_is_replaced_and_nothing_else() -> None:
    before = "a\n<!-- demo:begin -->\nold\n<!-- demo:end -->\nb\n"
    after = replaced(before, "new")
    assert after == "a\n<!-- demo:begin -->\nnew\n<!-- demo:end -->\nb\n"
    assert current(after) == "new"
    with pytest.raises(InputError, match="markers"):
        replaced("no markers", "new")


def test_the_readme_section_names_no_port_and_no_time(answers: Sequence[Answer]) -> None:
    text = section(answers)
    assert "127.0.0.1" not in text
    assert " ms" not in text
    assert os.linesep.join(line.rstrip() for line in text.splitlines()) == text
