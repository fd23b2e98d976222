"""Repairs, counted: what was restored, what else was touched, what is supported before and after."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from groundwire.bench import cli, rewrites
from groundwire.bench.rewrites import Repair, Text
from groundwire.config import Config

TRUE = "The capital of Australia is Canberra."
SWAPPED = "The capital of Australia is Sydney."


def a_set(folder: Path) -> None:
    texts = [
        {"id": "1+", "answer": TRUE},
        {"id": "1-", "answer": SWAPPED, "spans": [[28, 34]]},
        {"id": "2-", "answer": "without its twin", "spans": [[0, 1]]},
    ]
    lines = "".join(f"{json.dumps(text)}\n" for text in texts)
    (folder / "graph.mine.answers.jsonl").write_text(lines, "utf-8")
    facts = "subject\trelation\tobject\nAustralia\tcapital\tCanberra\n"
    (folder / "graph.mine.graph.tsv").write_text(facts, "utf-8")


def test_the_command_repairs_by_graph_and_by_text(tmp_path: Path) -> None:
    a_set(tmp_path)
    run = CliRunner().invoke(cli.app, ["rewrite", "--data", str(tmp_path), "--json"])
    assert run.exit_code == 0
    found = json.loads(run.stdout)["rewrite"]
    by_graph, by_text = found["mine, by graph"], found["mine, by text"]
    assert (by_graph["n"], by_graph["restored"], by_graph["accepted"]) == (1, 1, 1)
    assert (by_graph["supported_before"], by_graph["supported_after"]) == (0, 1)
    assert by_graph["words_kept"] == pytest.approx(6 / 7)
    for figures in (by_graph, by_text):
        assert (figures["changed_elsewhere"], figures["true_changed"]) == (0, 0)
        assert set(figures) == set(rewrites.COLUMNS)
    table = CliRunner().invoke(cli.app, ["rewrite", "--data", str(tmp_path)])
    assert "100.0%" in table.stdout


def test_what_is_changed_elsewhere_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        (TRUE, "graph"): TRUE.replace("The", "A"),
        (SWAPPED, "graph"): SWAPPED.replace("capital", "seat"),
        (TRUE, "text"): TRUE,
        (SWAPPED, "text"): SWAPPED,
    }

    class Fake:
        def __init__(self, config: Config) -> None:
            pass

        def __call__(self) -> object:
            return lambda text: self.repair(text)

        def repair(self, text: Text) -> Repair:
            revised = made[text.answer, "graph" if text.knowledge else "text"]
            return Repair(revised, 2, 1, claims=2, supported=1, claims_after=1, supported_after=1, ms=3.0)

    a_set(tmp_path)
    monkeypatch.setattr(rewrites, "Repairer", Fake)
    found = rewrites.every(tmp_path, (), Config(), None, 1, lambda name: lambda more: None)
    graph, text = found["mine, by graph"], found["mine, by text"]
    assert (graph["restored"], graph["edited"], graph["changed_elsewhere"], graph["true_changed"]) == (0, 1, 1, 1)
    assert (text["restored"], text["edited"], text["changed_elsewhere"], text["true_changed"]) == (0, 0, 0, 0)
    assert (graph["accepted"], graph["supported_before"], graph["supported_after"], graph["ms"]) == (0.5, 0.5, 1.0, 3.0)
    assert [graph["words_kept"], text["words_kept"]] == pytest.approx([6 / 7, 1.0])
