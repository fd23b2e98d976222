"""`groundwire audit` as it is typed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.batch import fake_client
from tests.batch.fake_client import FakeGroundwire
from typer.testing import CliRunner, Result

from groundwire.batch.cli import audit
from groundwire.errors import GroundwireError

app = typer.Typer()
app.command()(audit)

TOP = Path(__file__).resolve().parents[2]

LINES = [
    {"id": "a", "answer": "right", "context": "c"},
    {"id": "b", "answer": "wrong", "context": ["c", "d"], "question": "Q?", "knowledge": "own.ttl"},
    {"id": "c", "answer": "right"},
]


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "groundwire.client", fake_client.module())
    monkeypatch.setattr(FakeGroundwire, "asked", [])


def an_input(folder: Path, lines: Sequence[Any] = LINES) -> Path:
    path = folder / "in.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def run(*arguments: object, input: str | None = None) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--workers", "1"], input=input)


def rows_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_an_audit(tmp_path: Path) -> None:
    out, graph = tmp_path / "out.jsonl", tmp_path / "facts.ttl"
    graph.touch()
    result = run(an_input(tmp_path), "-o", out, "-k", graph, "-r", "strict", "-r", "own.yaml")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("3 answers (2 clean, 1 flagged); ")
    assert [(row["id"], row["verdict"]) for row in rows_in(out)] == [("a", "clean"), ("b", "flagged"), ("c", "clean")]
    assert [(ask["context"], ask["question"], ask["knowledge"]) for ask in FakeGroundwire.asked] == [
        (("c",), None, (str(graph),)),
        (("c", "d"), "Q?", ("own.ttl",)),
        (None, None, (str(graph),)),
    ]
    assert FakeGroundwire.asked[0]["rules"] == ("strict", "own.yaml")


def test_a_bad_line_is_named_and_the_rest_is_checked(tmp_path: Path) -> None:
    path = an_input(tmp_path, [LINES[0], "{oops", {"id": "x", "answer": "broken"}, LINES[2]])
    result = run(path, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert said[0].startswith(f"{path}:2: column 2: not JSON: Expecting property name")
    assert said[1] == f"{path}:3: facts.ttl:3: not a triple."
    assert said[2].startswith("3 answers (2 clean, 1 unchecked); 1 lines skipped; 1 could not be checked; ")
    rows = rows_in(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == ["a", "x", "c"]
    assert rows[1]["error"] == "facts.ttl:3: not a triple."


def test_from_standard_input_to_standard_output() -> None:
    result = run("-", input=json.dumps(LINES[0]) + "\n")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["id"] == "a"
    assert "1 answers (1 clean)" in result.stderr


def test_the_summary_as_json(tmp_path: Path) -> None:
    result = run(an_input(tmp_path), "-o", tmp_path / "out.jsonl", "--json")
    summary = json.loads(result.stdout)
    assert summary.pop("seconds") >= 0
    assert summary == {
        "answers": 3,
        "before": 0,
        "bad": 0,
        "errors": 0,
        "verdicts": {"clean": 2, "flagged": 1},
    }
    assert result.stderr == ""


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    path, out = an_input(tmp_path, LINES[:2]), tmp_path / "out.jsonl"
    run(path, "-o", out)
    an_input(tmp_path)
    result = run(path, "-o", out)
    assert [ask["answer"] for ask in FakeGroundwire.asked] == ["right", "wrong", "right"]
    assert "2 of them from before" in result.stderr
    assert result.exit_code == 1, "what was flagged before counts"
    again = run(path, "-o", out, "-r", "other")
    assert isinstance(again.exception, GroundwireError)
    assert "other settings" in str(again.exception)
    (tmp_path / "strict.yaml").write_text("entailment: {thresholds: {supported: 0.9}}")
    stricter = run(path, "-o", out, "-c", tmp_path / "strict.yaml")
    assert "other settings" in str(stricter.exception)
    assert len(rows_in(out)) == 3
    assert run(path, "-o", out, "-r", "other", "--restart").exit_code == 1
    assert len(FakeGroundwire.asked) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/none.jsonl", "-o", "{tmp}/out.jsonl"], "none.jsonl: cannot be read (No such file or directory)."),
        (["{tmp}", "-o", "{tmp}/out.jsonl"], "cannot be read (Is a directory)."),
        (["{tmp}/in.jsonl", "-o", "{tmp}/in.jsonl"], "in.jsonl: is the input too."),
        (["{tmp}/in.jsonl", "-o", "{tmp}"], "cannot be written (Is a directory)."),
        (["{tmp}/in.jsonl", "-k", "{tmp}/none.ttl"], "none.ttl: there is no such file."),
        (["{tmp}/in.jsonl", "-c", "{tmp}/none.yaml"], "none.yaml: "),
    ],
)
def test_what_cannot_begin_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    before = an_input(tmp_path).read_bytes()
    result = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert isinstance(result.exception, GroundwireError), result.output
    assert said in str(result.exception)
    assert "\n" not in str(result.exception)
    assert (tmp_path / "in.jsonl").read_bytes() == before
    assert not (tmp_path / "out.jsonl").exists()


def test_a_killed_audit_is_continued_where_it_was(tmp_path: Path) -> None:
    lines = [{"id": number, "answer": "wrong" if number % 7 == 0 else "right"} for number in range(100)]
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "tests.batch.fake_client", str(an_input(tmp_path, lines)), "-o", str(out)]
    command += ["--workers", "1"]
    began = subprocess.Popen(command, cwd=TOP)
    while not (out.exists() and out.stat().st_size > 1000):
        time.sleep(0.01)
        assert began.poll() is None
    os.kill(began.pid, signal.SIGKILL)
    began.wait()
    done = out.read_bytes().count(b"\n")
    assert 0 < done < 100
    again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOP)
    assert f"{done:,} of them from before" in again.stderr
    assert again.returncode == 1
    assert [row["id"] for row in rows_in(out)] == list(range(100))


def test_the_bar_shows_on_request_and_not_for_what_is_quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "━━" not in run(an_input(tmp_path), "-o", tmp_path / "1.jsonl", "--progress").stderr
    monkeypatch.setattr(FakeGroundwire, "slow", 0.5)
    monkeypatch.setattr("groundwire.batch.progress.SHOWN_AFTER_S", 0.1)
    assert "━━" in run(an_input(tmp_path), "-o", tmp_path / "2.jsonl", "--progress").stderr
    assert "━━" not in run(an_input(tmp_path), "-o", tmp_path / "3.jsonl").stderr
