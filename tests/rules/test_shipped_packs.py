"""The packs that ship: read closely, and every example tried through the whole pipeline."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from tests.rules.judged_claims import checked, judged, pack
from typer.testing import CliRunner

from groundwire.model import Action, Outcome, Report, Verdict
from groundwire.rules import available, files_of, lint, load_rules, run_examples, schema
from groundwire.rules.cli import app, pipeline_check
from groundwire.rules.rule import Pack
from groundwire.strict_yaml import read

EXAMPLES = "examples: [{answer: x, expect: fires}, {answer: y, expect: fires}, {answer: z, expect: quiet}]"


@pytest.mark.parametrize("name", available())
def test_a_shipped_pack_has_no_problems(name: str) -> None:
    assert lint(name) == []


@pytest.mark.parametrize("name", available())
def test_every_example_of_a_shipped_pack_does_what_it_says(name: str) -> None:
    check = pipeline_check()
    results = run_examples(load_rules([name]), check, check.ask)
    assert [result for result in results if not result.passed] == []
    assert len(results) >= 4 * len(load_rules([name]).rules)


@pytest.mark.parametrize(
    ("name", "contradicted", "unsupported"),
    [
        ("default", Action.FLAG, Action.FLAG),
        ("correct", Action.REWRITE, Action.FLAG),
        ("strict", Action.REMOVE, Action.REMOVE),
        ("annotate", Action.HEDGE, Action.HEDGE),
    ],
)
def test_what_the_packs_do(name: str, contradicted: Action, unsupported: Action) -> None:
    rules = load_rules([name])
    assert rules.decide(judged(verdict=Verdict.CONTRADICTED)).action is contradicted
    assert rules.decide(judged(verdict=Verdict.UNSUPPORTED)).action is unsupported
    assert rules.decide(judged(verdict=Verdict.SUPPORTED)).action is Action.ALLOW
    assert rules.decide(judged(verdict=Verdict.UNCHECKED, reason="no_evidence")).action is Action.ALLOW
    assert rules.decide(judged(verdict=Verdict.UNCHECKED, reason="error")).action is not Action.ALLOW


def test_only_strict_and_annotate_overrule_the_configuration_on_failure() -> None:
    claim = judged(verdict=Verdict.UNCHECKED, reason="deadline", confidence=None)
    found = {}
    for name in ("default", "correct", "strict", "annotate"):
        rules = load_rules([name])
        found[name] = rules.on_error(checked(claim, rules.decide(claim)))
    assert found == {"default": None, "correct": None, "strict": "closed", "annotate": "open"}


def report(answer: str, verdict: Verdict) -> Report:
    claim = judged(answer, verdict)
    decision = load_rules(["default"]).decide(claim)
    return Report(
        id="r",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        verdict=Outcome.CLEAN,
        answer=answer,
        revised=answer,
        delivered=answer,
        claims=(checked(claim, decision),),
    )


def test_an_example_that_does_not_do_what_it_says_is_told(tmp_path: Path) -> None:
    rules = load_rules([str(pack(tmp_path, f"a.b; verdict == 'contradicted'; flag; {EXAMPLES}"))])

    def check(answer: str, context: Sequence[str], knowledge: Sequence[Sequence[str]]) -> Report:
        return report(answer, Verdict.SUPPORTED if answer == "y" else Verdict.CONTRADICTED)

    results = run_examples(rules, check)
    assert [(r.number, r.passed, r.fired) for r in results] == [
        (1, True, ("a.b",)),
        (2, False, ()),
        (3, False, ("a.b",)),
    ]
    assert results[1].verdicts == ("supported",)


def test_the_schema_accepts_what_a_pack_may_hold() -> None:
    assert schema()["required"] == ["pack", "about", "rules"]
    assert schema()["additionalProperties"] is False
    assert set(Pack.model_fields) == set(schema()["properties"])


@pytest.mark.parametrize("name", available())
def test_an_editor_accepts_every_pack_that_ships(name: str) -> None:
    (path,) = files_of(name)
    jsonschema.validate(read(path).data, schema())


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "destroy", "when": "risk > 0.1"},
        {"do": "flag"},
        {"do": "flag", "when": ""},
        {"do": "flag", "pattern": "a", "require": "b"},
        {"do": "flag", "when": "risk > 0.1", "on_eror": "open"},
        {"do": "flag", "prohibit": "a", "threshold": 2},
    ],
)
def test_an_editor_sees_the_mistakes_that_a_schema_can_tell(fields: dict[str, object]) -> None:
    rule = {"id": "a", "about": "Why.", "message": "What.", **fields}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"pack": "x", "about": "y", "rules": [rule]}, schema())


def test_every_field_is_explained_to_an_editor() -> None:
    for name, part in schema()["$defs"].items():
        for field, said in part.get("properties", {}).items():
            assert said.get("description"), f"{name}.{field}"


def test_the_commands(tmp_path: Path) -> None:
    run = CliRunner()
    good = run.invoke(app, ["lint"])
    assert good.exit_code == 0
    assert good.stdout.strip().endswith("packs, 0 problems")
    bad = run.invoke(app, ["lint", "--json", str(pack(tmp_path, "a; verdikt; flag"))])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)[0]["what"].startswith("undeclared reference")
    assert json.loads(run.invoke(app, ["schema"]).stdout) == schema()


def test_the_test_command_shows_what_fired_instead(tmp_path: Path) -> None:
    wrong = "examples: [{answer: Shall we go on?, expect: fires}]"
    result = CliRunner().invoke(app, ["test", str(pack(tmp_path, f"a.b; verdict == 'contradicted'; flag; {wrong}"))])
    assert result.exit_code == 1
    assert "a.b, example 1: expected that the rule fires" in result.stdout
    assert "unchecked: not_a_claim" in result.stdout
    assert result.stdout.strip().endswith("1 examples, 1 failed")
