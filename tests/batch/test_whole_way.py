"""The audit with everything real: claims, evidence, graph, entailment, and processes of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import groundwire.graph
from groundwire.batch.audit import Line
from groundwire.batch.cli import Checker
from groundwire.config import Config

FACTS = "Australia\tcapital\tCanberra\nAustria\tcapital\tVienna\n"

LINES: list[dict[str, Any]] = [
    {"id": "true", "answer": "The capital of Australia is Canberra."},
    {"id": "false", "answer": "The capital of Australia is Sydney."},
    {"id": "backed", "answer": "The museum opened in 1994.", "context": "The museum opened in 1994."},
    {"id": "empty", "answer": "", "context": []},
    {"id": "torn", "answer": "Half a pair \ud83d and \u0000.", "context": "Something else."},
]


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.tsv"
    path.write_text(FACTS)
    return path


def test_an_audit_in_two_processes(tmp_path: Path, facts: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    command = [sys.executable, "-m", "groundwire", "audit", str(path), "-o", str(out), "-k", str(facts), "-w", "2"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in LINES]
    assert [row["verdict"] for row in rows[:4]] == ["clean", "flagged", "clean", "clean"]
    assert rows[4]["verdict"] != "clean"
    false = rows[1]
    assert false["revised"] == "The capital of Australia is Canberra."
    assert false["score"] > 0.5 > rows[0]["score"]
    [claim] = false["claims"]
    assert (claim["verdict"], claim["start"], claim["end"]) == ("contradicted", 0, 35)
    assert claim["evidence"][0]["path"][0]["object"] == "Canberra"
    assert not any("error" in row for row in rows)


def test_a_graph_is_loaded_once_however_many_lines_name_it(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Path] = []
    load = groundwire.graph.open_graph

    def counting(where: str) -> object:
        loaded.append(Path(where))
        return load(where)

    monkeypatch.setattr(groundwire.graph, "open_graph", counting)
    check = Checker(Config(), ())()
    for number in range(5):
        row = check(Line(number, number, "The capital of Austria is Vienna.", knowledge=(str(facts),)))
        assert row["verdict"] == "clean"
    assert loaded == [facts]
