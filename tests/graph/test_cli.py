"""`groundwire graph`: what each command prints, and the code that it ends with."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from groundwire.cli import app
from groundwire.errors import InputError
from groundwire.graph import load, serve_facts
from groundwire.graph.loading import read_facts

TURTLE = """@prefix : <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:au a :Country ; rdfs:label "Australia"@en ; skos:altLabel "Oz" ; :capital :cbr ; :motto "none [bold]\\u001b"@en .
:cbr rdfs:label "Canberra" ; :isPartOf :au . :syd rdfs:label "Sydney" ; :isPartOf :au .
:fr a :Country ; rdfs:label "France" ; :capital :paris . :paris a :City ; rdfs:label "Paris" .
:cbr a :City . :syd a :City . :nsw rdfs:label "New South Wales" ; :capital :syd . :City rdfs:label "city" .
:Country rdfs:label "country" .
"""
BROKEN = """@prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Ada :birthDate "1815-12-10"^^xsd:date, "1816-01-01"^^xsd:date ; :deathDate "1810"^^xsd:gYear ; :knows :Q99 .
:Ada :birthPlace :London, :England . :London :isPartOf :England . :Ada :started "2021-02-30"^^xsd:date .
:A :isPartOf :B . :B :isPartOf :A . :Q7 :knows :Ada . :Bob :birthDate "1815"^^xsd:gYear, "1815-12-10"^^xsd:date .
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.ttl"
    path.write_text(TURTLE, "utf-8")
    return path


def run(*arguments: Any) -> Result:
    result = CliRunner().invoke(app, ["graph", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit | InputError):
        raise result.exception
    return result


def test_show_prints_names_types_and_facts_both_ways(facts: Path) -> None:
    result = run("show", "Oz", "-k", facts)
    assert result.exit_code == 0
    for words in ("Australia", "Oz", "country", "The capital of Australia is Canberra.", "Sydney"):
        assert words in result.stdout
    assert "\x1b" not in result.stdout
    assert "[bold]" in result.stdout


def test_show_in_json_takes_identifiers_and_several_graphs(facts: Path) -> None:
    result = run("show", "http://example.org/au", "-k", facts, "-k", facts, "--json")
    one, other = json.loads(result.stdout)
    assert one == other
    assert one["label"] == "Australia"
    assert (one["aliases"], one["types"]) == (["Oz"], ["country"])
    assert {fact["subject"][-3:] for fact in one["facts_to"]} == {"cbr", "syd"}
    assert [fact["relation"][-7:] for fact in one["facts"]] == ["capital", "g/motto"]


def test_show_of_what_no_graph_has(facts: Path) -> None:
    result = run("show", "Nobody", "-k", facts)
    assert (result.exit_code, result.stdout) == (1, "no graph has Nobody\n")
    assert run("show", "Nobody", "-k", facts, "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("claim", "code", "words"),
    [
        ("The capital of Australia is Canberra.", 0, ["agrees", "supported", "facts has it"]),
        (
            "The capital of Australia is Sydney.",
            1,
            ["differs", "the claim has: Sydney", "contradicted", "Sydney → Canberra"],
        ),
        ("Bananas are yellow.", 1, ["unchecked", "knows none of the names"]),
        ("What is this?", 1, ["nothing is claimed"]),
    ],
)
def test_ask_tells_how_a_claim_was_decided(facts: Path, claim: str, code: int, words: list[str]) -> None:
    result = run("ask", claim, "-k", facts)
    assert result.exit_code == code
    printed = " ".join(result.stdout.split())
    assert all(word in printed for word in words), printed


def test_ask_in_json(facts: Path) -> None:
    result = run("ask", "The capital of Oz is Sydney, and Atlantis is in France.", "-k", facts, "--json")
    first, *_ = json.loads(result.stdout)
    assert result.exit_code == 1
    named = {name["words"]: name for name in first["names"]}
    assert named["Oz"]["means"][0] == {"id": "http://example.org/au", "label": "Australia"}
    [differs] = [fact for fact in first["facts"] if fact["compared"] == "differs"]
    assert (differs["text"], differs["claimed"]) == ("The capital of Australia is Canberra.", "Sydney")
    assert first["finding"]["label"] == "contradicted"


def test_lint_finds_what_is_wrong_and_names_file_and_entity(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(BROKEN, "utf-8")
    result = run("lint", "-k", path)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert all(line.startswith(f"{path}: http://example.org/") for line in lines[:-1])
    assert lines[-1].endswith("6 problems")
    problems = {(found["kind"], found["entity"][-3:]) for found in json.loads(run("lint", "-k", path, "--json").stdout)}
    assert problems == {
        ("functional", "Ada"),
        ("date", "Ada"),
        ("dangling", "Ada"),
        ("cycle", "g/A"),
        ("label", "/Q7"),
    }


def test_lint_of_a_sound_graph(facts: Path) -> None:
    result = run("lint", "-k", facts)
    assert (result.exit_code, result.stdout) == (0, "12 facts, 0 problems\n")


def test_lint_of_a_graph_on_disk_finds_the_same(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(BROKEN, "utf-8")
    assert run("import", path, "-o", tmp_path / "g").exit_code == 0
    found = [json.loads(run("lint", "-k", where, "--json").stdout) for where in (path, tmp_path / "g")]
    one, other = ({(each["entity"], each["what"]) for each in problems} for problems in found)
    assert one == other


def test_import_then_use(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "facts.oxigraph"
    result = run("import", facts, "-o", out)
    assert (result.exit_code, result.stdout.split(":")[0]) == (0, str(out))
    assert "from 1 files\n" in result.stdout
    assert json.loads(run("import", facts, "-o", out, "--json").stdout)["skipped"] == 1
    assert run("ask", "The capital of Australia is Canberra.", "-k", out).exit_code == 0


def test_an_endpoint_is_asked_but_not_gone_through(facts: Path) -> None:
    with serve_facts(read_facts(facts)) as address:
        assert run("ask", "The capital of Australia is Canberra.", "-k", address).exit_code == 0
        assert "The capital of Australia is Canberra." in run("show", "Australia", "-k", address).stdout
        assert isinstance(run("lint", "-k", address).exception, InputError)


def test_the_graphs_of_the_configuration(facts: Path, tmp_path: Path) -> None:
    config = tmp_path / "groundwire.yaml"
    config.write_text("knowledge:\n  - {name: low, path: facts.ttl}\n  - {name: high, path: facts.ttl, priority: 2}\n")
    (tmp_path / "other.tsv").write_text("Australia\tcapital\tSydney\nPeru\tcapital\tCanberra\n")
    found = json.loads(run("show", "Oz", "-c", config, "--json").stdout)
    assert [each["graph"] for each in found] == ["high", "low"]
    claim = "The capital of Australia is Canberra."
    for other, code in (("", 1), (", priority: -1", 0), (", valid_until: 2001-01-01", 0)):
        config.write_text(f"knowledge:\n  - {{name: a, path: facts.ttl}}\n  - {{name: b, path: other.tsv{other}}}\n")
        result = run("ask", claim, "-c", config)
        assert result.exit_code == code, other
    assert "b is not used: it held until 2001-01-01" in result.stderr
    with pytest.raises(InputError, match="no graph is named"):
        raise run("show", "Oz").exception or AssertionError
    assert len(load(facts)) > 0
