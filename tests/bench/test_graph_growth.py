"""Graphs that grow: made-up facts whose claims are decided, stores beside each other, and a plot of them."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from groundwire.bench import cli, graph_growth


def test_made_up_facts_are_about_as_many_as_asked_for_and_names_are_not_shared() -> None:
    facts = list(graph_growth.made_up(5_000))
    assert 5_000 <= len(facts) < 5_500
    assert len(set(facts)) == len(facts)
    names = [graph_growth.name(at) for at in range(20_000)]
    assert len(set(names)) == len(names)


def test_every_other_claim_is_true() -> None:
    facts = set(graph_growth.made_up(1_000))
    labels = {object.strip('"'): subject for subject, relation, object in facts if relation.endswith("label")}
    for text, true in graph_growth.claims(1_000):
        person, town = (labels[name] for name in text.removesuffix(".").split(" was born in "))
        born = (person, "http://example.org/birthPlace", f"<http://example.org/{town}>")
        assert (born in facts) is true


def test_all_stores_are_measured_on_the_same_claims() -> None:
    said: list[str] = []
    rows = graph_growth.grow(1_000, said.append)
    assert [row["store"] for row in rows] == list(graph_growth.STORES) == [line.split(", ")[1] for line in said]
    for row in rows:
        assert row["decided"] == 1.0
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["times_memory"] == row["p50_ms"] / rows[0]["p50_ms"]
        assert set(graph_growth.COLUMNS) <= set(row)


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: dict[str, Any] = {
        "load_s": 1.5,
        "load_cpu_s": 1.0,
        "mb": 3.0,
        "p99_ms": 9.0,
        "times_memory": 1.0,
        "decided": 1.0,
    }
    rows = [
        {"store": store, "size": size, "facts": size, "p50_ms": ms, **numbers}
        for size, ms in ((1_000, 1.0), (10_000, 2.0))
        for store in graph_growth.STORES
    ]
    monkeypatch.setattr(graph_growth, "grow", lambda largest, progress: rows)


@pytest.mark.usefixtures("grown")
def test_the_command_prints_and_draws(tmp_path: Path) -> None:
    picture = tmp_path / "growth.svg"
    printed = CliRunner().invoke(cli.app, ["graph-growth", "--plot", str(picture)])
    assert printed.exit_code == 0, printed.output
    assert "10,000, endpoint" in printed.stdout
    root = ElementTree.parse(picture).getroot()
    assert {"memory", "disk", "endpoint", "scan"} <= {text.text for text in root.iter()}
    found = json.loads(CliRunner().invoke(cli.app, ["graph-growth", "--json"]).stdout)
    assert len(found["graph_growth"]) == 8
