"""What the README says of rules is what they do."""

from pathlib import Path

from groundwire.model import Action
from groundwire.rules import Rule, available, lint, load_rules, run_examples
from groundwire.rules.cli import app, pipeline_check
from groundwire.rules.condition import _TEXT_FIELDS, VARIABLES, VOCABULARY, Condition

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Write a rule")[2].partition("\n## ")[0]


def test_the_list_of_what_conditions_speak_of_is_that_of_the_code() -> None:
    written = SECTION.partition("<!-- vocabulary:begin -->\n")[2].partition("<!-- vocabulary:end -->")[0]
    rows = [f"| `{name}` | {meaning} |" for name, meaning in VOCABULARY.items()]
    assert written.splitlines() == ["| name | what it is |", "|---|---|", *rows]


def test_the_list_leaves_nothing_out() -> None:
    assert {name.partition(".")[0] for name in VOCABULARY} == set(VARIABLES)
    for field in (*_TEXT_FIELDS["Claim"], "unresolved", "about(...)"):
        assert f"claim.{field}" in VOCABULARY
    for variable, message in (("evidence", "Evidence"), ("findings", "Finding"), ("request", "Request")):
        for field in _TEXT_FIELDS[message]:
            assert f"`.{field}`" in VOCABULARY[variable]


def test_the_conditions_in_it_are_conditions() -> None:
    written = [text for meaning in VOCABULARY.values() for text in meaning.split("`")[1::2]]
    conditions = [text for text in written if any(mark in text for mark in (" > ", " == ", "!= null", ".exists("))]
    assert len(conditions) >= 4
    for condition in conditions:
        if condition != "risk > 0":
            Condition(condition)


def test_the_rule_that_a_newcomer_writes_has_no_problems_and_passes_its_examples(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SECTION.partition("```yaml\n")[2].partition("```")[0], "utf-8")
    assert lint(path) == []
    check = pipeline_check()
    rules = load_rules([path])
    assert len(rules.rules) >= 3
    assert [result for result in run_examples(rules, check, check.ask) if not result.passed] == []


def test_every_field_command_action_and_pack_is_explained() -> None:
    for field in Rule.model_fields:
        assert f"`{field}`" in SECTION or f"{field}:" in SECTION, field
    for command in app.registered_commands:
        assert f"rules {command.name}" in SECTION, command.name
    assert ", ".join(Action) in SECTION
    for name in available():
        assert f"`{name}`" in SECTION, name
