"""Graphs as a configuration names them: which decides first, how long one holds, whose it is."""

import logging
from datetime import date
from pathlib import Path

import pytest
from tests.graph.test_judge import claim, compare

from groundwire.client import Groundwire
from groundwire.errors import ConfigError, KnowledgeError
from groundwire.graph import GraphJudge, Literal, SourcedJudge, import_graph, open_graph, serve_facts
from groundwire.graph.disk import DiskGraph
from groundwire.graph.endpoint import EndpointGraph
from groundwire.graph.fakes import graph_of
from groundwire.model import Case, Finding, Label, Report

RIGHT = "The capital of Australia is Canberra."
WRONG = "The capital of Australia is Sydney."
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def judge_over(capital: str = "Canberra") -> GraphJudge:
    facts = [("Australia", "capital", capital), ("France", "capital", "Paris"), ("Peru", "capital", "Sydney")]
    return GraphJudge([graph_of([*facts, ("Spain", "capital", "Canberra")], name="atlas")], compare=compare)


def look(judge: SourcedJudge, text: str = RIGHT) -> Finding:
    (finding,) = judge.judge([Case(claim(text), ())])
    return finding


@pytest.mark.parametrize(
    ("today", "valid", "said"),
    [
        ("2026-01-01", ("2026-01-01", "2026-12-31"), None),
        ("2026-12-31", ("2026-01-01", "2026-12-31"), None),
        ("2026-06-01", (None, None), None),
        ("2025-12-31", ("2026-01-01", None), "company is not used: it holds from 2026-01-01 on"),
        ("2027-01-01", (None, "2026-12-31"), "company is not used: it held until 2026-12-31"),
    ],
)
def test_a_graph_is_used_while_it_holds(
    today: str, valid: tuple[str | None, str | None], said: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    first, last = (date.fromisoformat(day) if day else None for day in valid)
    judge = SourcedJudge("company", judge_over, valid=(first, last), today=lambda: date.fromisoformat(today))
    finding = look(judge)
    if said is None:
        assert finding.label is Label.SUPPORTED
        assert judge.version.startswith("3-")
        assert not caplog.text
    else:
        assert (finding.label, finding.explanation, finding.version) == (Label.UNCHECKED, said, "unused")
        assert said in caplog.text


def test_a_graph_is_opened_on_its_first_day() -> None:
    opened, today = [], [date(2025, 12, 31)]

    def make() -> GraphJudge:
        opened.append(today[0])
        return judge_over()

    judge = SourcedJudge("company", make, valid=(date(2026, 1, 1), None), today=lambda: today[0])
    assert look(judge).label is Label.UNCHECKED
    today[0] = date(2026, 1, 1)
    assert [look(judge).label for _ in range(2)] == [Label.SUPPORTED] * 2
    assert opened == [date(2026, 1, 1)]


def test_one_that_cannot_be_opened_then_is_an_error() -> None:
    def make() -> GraphJudge:
        raise KnowledgeError("facts.ttl", "cannot be read.", "a file of facts")

    today = [date(2025, 1, 1)]
    judge = SourcedJudge("company", make, valid=(date(2026, 1, 1), None), today=lambda: today[0])
    today[0] = date(2026, 1, 1)
    assert (look(judge).label, look(judge).explanation[:9]) == (Label.ERROR, "facts.ttl")
    with pytest.raises(KnowledgeError):
        SourcedJudge("company", make)


def test_source_and_licence_are_cited() -> None:
    finding = look(SourcedJudge("company", judge_over, credit=["Land register", "CC BY 4.0"]))
    assert [evidence.source for evidence in finding.evidence] == ["atlas (Land register; CC BY 4.0)"]


def test_open_graph_by_file_folder_and_address(tmp_path: Path) -> None:
    path = tmp_path / "facts.tsv"
    path.write_text("a\tp\tb\n")
    import_graph([path], tmp_path / "facts.oxigraph")
    assert open_graph(path).name == "facts"
    assert isinstance(open_graph(str(tmp_path / "facts.oxigraph"), name="big"), DiskGraph)
    far = open_graph("HTTPS://example.org/sparql?x=1", graph="http://g", token="t0k3n")
    assert isinstance(far, EndpointGraph)
    assert far.name == "example.org"
    assert far.revision != open_graph("HTTPS://example.org/sparql?x=1").revision
    with pytest.raises(KnowledgeError, match="this is no graph"):
        open_graph(tmp_path)
    with pytest.raises(KnowledgeError, match="cannot be read"):
        open_graph(tmp_path / "none.tsv")


def checked(tmp_path: Path, first: str, second: str, priorities: tuple[int, int], text: str = RIGHT) -> Report:
    for name, capital in (("one", first), ("two", second)):
        (tmp_path / f"{name}.tsv").write_text(
            f"Australia\tcapital\t{capital}\nPeru\tcapital\tSydney\nX\tcapital\tCanberra\n"
        )
    knowledge = [
        {"name": name, "path": str(tmp_path / f"{name}.tsv"), "priority": priority}
        for name, priority in zip(("one", "two"), priorities, strict=True)
    ]
    return Groundwire({"knowledge": knowledge}).verify(text)


def test_graphs_that_disagree_are_a_conflict_unless_one_goes_first(tmp_path: Path) -> None:
    verdicts = {
        priorities: checked(tmp_path, "Canberra", "Sydney", priorities).claims[0].verdict.value
        for priorities in ((0, 0), (1, 0), (0, 1), (-1, 0))
    }
    assert verdicts == {(0, 0): "unchecked", (1, 0): "supported", (0, 1): "contradicted", (-1, 0): "contradicted"}


def test_a_graph_that_does_not_know_leaves_it_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("Mars\tcolour\tred\n")
    (tmp_path / "full.tsv").write_text("Australia\tcapital\tCanberra\n")
    knowledge = [
        {"name": "empty", "path": str(tmp_path / "empty.tsv"), "priority": 9},
        {"name": "full", "path": str(tmp_path / "full.tsv")},
    ]
    assert Groundwire({"knowledge": knowledge}).verify(RIGHT).claims[0].verdict == "supported"


def test_a_graph_that_is_down_and_goes_first_leaves_nothing_to_others(tmp_path: Path) -> None:
    (tmp_path / "full.tsv").write_text("Australia\tcapital\tCanberra\n")
    knowledge = [
        {"name": "down", "url": "http://127.0.0.1:9/sparql", "priority": 1},
        {"name": "full", "path": str(tmp_path / "full.tsv")},
    ]
    claim = Groundwire({"knowledge": knowledge}).verify(RIGHT).claims[0]
    assert (claim.verdict, claim.reason) == ("unchecked", "error")
    assert [finding.label for finding in claim.findings] == ["error"]


def test_an_endpoint_with_a_token_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts: list[tuple[str, str, str | Literal]] = [
        ("http://e/au", LABEL, Literal("Australia")),
        ("http://e/cbr", LABEL, Literal("Canberra")),
        ("http://e/au", "http://e/capital", "http://e/cbr"),
    ]
    with serve_facts(facts) as address:
        settings = {"knowledge": [{"name": "far", "url": address, "token": "os.environ/GW_TEST_TOKEN"}]}
        with pytest.raises(ConfigError, match="GW_TEST_TOKEN"):
            Groundwire(settings).verify(RIGHT)
        monkeypatch.setenv("GW_TEST_TOKEN", "t0k3n")
        report = Groundwire(settings).verify(RIGHT)
        assert report.claims[0].verdict == "supported"
        assert report.claims[0].evidence[0].source == "far"
        assert Groundwire().verify(RIGHT, knowledge=address).claims[0].verdict == "supported"
    assert "t0k3n" not in report.model_dump_json()


def test_a_graph_on_disk_is_used_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.tsv"
    path.write_text("Australia\tcapital\tCanberra\nPeru\tcapital\tSydney\n")
    import_graph([path], tmp_path / "big")
    knowledge = [{"name": "big", "path": str(tmp_path / "big"), "source": "Somebody"}]
    report = Groundwire({"knowledge": knowledge}).verify(WRONG)
    assert report.claims[0].verdict == "contradicted"
    assert report.claims[0].evidence[0].source == "big (Somebody)"
    assert Groundwire().verify(RIGHT, knowledge=tmp_path / "big").claims[0].verdict == "supported"
