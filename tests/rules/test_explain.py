"""Why an answer was treated as it was, in words and as data."""

import json
from pathlib import Path

import pytest
from tests.rules.judged_claims import judged, pack
from tests.rules.test_simulate import ALLOW, FLAG, report
from typer.testing import CliRunner

from groundwire import Groundwire
from groundwire.errors import InputError
from groundwire.model import Action, Decision, Outcome, Patch, PatchKind, Reason, Report, Severity, Span, Verdict
from groundwire.review import SqlStore
from groundwire.rules import Rule, load_rules
from groundwire.rules.cli import app
from groundwire.rules.words import explained, fires_when

DECIDED = Decision(
    action=Action.REWRITE,
    rule="mine.rate",
    severity=Severity.HIGH,
    message="The rate sheet says otherwise.",
    rules=("mine.other", "mine.rate"),
)
RULES = (
    "mine.rate; verdict == 'contradicted'; rewrite; sources: [{title: The Rate Act, url: https://example.org/rates}]",
    "mine.other; risk > 0.5; flag",
)


def lines(found: Report, *rules: str, folder: Path | None = None) -> str:
    ruleset = load_rules([str(pack(folder, *rules))]) if folder else None
    told = explained(found, ruleset)
    parts = [*told["claims"], *([told["answer"]] if told["answer"] else [])]
    return "\n".join(line for part in parts for line in part["lines"])


def test_it_says_what_was_found_which_rule_decided_and_what_else_fired(tmp_path: Path) -> None:
    revision = load_rules([str(pack(tmp_path, *RULES))]).revision
    patch = Patch(
        claim="c1",
        span=Span(12, 15),
        old="3 %",
        new="5 %",
        kind=PatchKind.VALUE,
        rule="mine.rate",
        accepted=True,
        reason="with the evidence's value the statement is supported",
    )
    found = report((judged(), DECIDED), patches=(patch,), revisions={"rules": revision})
    told = lines(found, *RULES, folder=tmp_path)
    assert told.splitlines() == [
        'Contradicted by rates.txt ("The rate is 5 %.").',
        "It was to be rewritten by mine.rate (high): The rate sheet says otherwise.",
        "That rule exists because: Why.",
        "It serves The Rate Act, https://example.org/rates",
        "It fires where verdict == 'contradicted'.",
        "mine.other fired too; mine.rate decides because its action is the most severe, or it stands first of those as "
        "severe.",
        'Edit: "3 %" became "5 %"; with the evidence\'s value the statement is supported.',
    ]


def test_rules_that_changed_since_explain_nothing(tmp_path: Path) -> None:
    told = explained(report((judged(), DECIDED)), load_rules([str(pack(tmp_path, *RULES))]))
    assert not told["rules_unchanged"]
    assert "exists because" not in lines(report((judged(), DECIDED)), *RULES, folder=tmp_path)


def test_what_was_allowed_not_checked_not_tried_or_on_trial() -> None:
    unmade = judged(verdict=Verdict.UNCHECKED, reason=Reason.DEADLINE)
    untried = FLAG.model_copy(update={"untried": ("mine.model",), "shadow": DECIDED})
    told = lines(report((judged(verdict=Verdict.SUPPORTED), ALLOW), (unmade, untried), decision=DECIDED))
    assert "Supported by rates.txt" in told
    assert "No rule fired, so it was let through." in told
    assert "Not checked: deadline." in told
    assert "Could not be tried: mine.model." in told
    assert "On trial: mine.other, mine.rate; with it, mine.rate would rewrite." in told
    assert told.endswith("as severe.")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"when": "risk > 0.1"}, "where risk > 0.1"),
        ({"prohibit": "A."}, 'on a statement that says "A."'),
        ({"prohibit": ("A.", "B."), "when": "risk > 0.1"}, 'on a statement that says "A." or "B." where risk > 0.1'),
        ({"require": "A."}, 'on an answer that nowhere says "A."'),
        (
            {"require": "A.", "when": "risk > 0.1"},
            'on an answer with a statement where risk > 0.1 that nowhere says "A."',
        ),
        ({"pattern": "a+"}, "on a statement in which /a+/ is found"),
        ({"pattern": "a+", "scope": "answer"}, "on an answer in which /a+/ is found"),
    ],
)
def test_when_a_rule_fires(fields: dict[str, object], words: str) -> None:
    rule = Rule.model_validate({"id": "a", "about": "Why.", "do": "flag", "message": "What.", **fields})
    assert fires_when(rule) == words


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    store = SqlStore(f"sqlite:///{tmp_path}/groundwire.db")
    store.save(report((judged(), FLAG)))
    store.save(report((judged(verdict=Verdict.SUPPORTED), ALLOW), number=1, verdict=Outcome.CLEAN))
    store.close()
    path = tmp_path / "groundwire.yaml"
    path.write_text(f"store: sqlite:///{tmp_path}/groundwire.db\n", "utf-8")
    return path


def test_the_command_explains_a_stored_report(stored: Path) -> None:
    run = CliRunner().invoke(app, ["explain", "gw_00000", "-c", str(stored)])
    assert run.exit_code == 1
    assert run.stdout.splitlines()[0] == "gw_00000: flagged"
    assert "    It was flagged by old.flag (info)." in run.stdout.splitlines()
    clean = CliRunner().invoke(app, ["explain", "gw_00001", "--json", "-c", str(stored)])
    assert clean.exit_code == 0
    assert json.loads(clean.stdout)["claims"][0]["action"] == "allow"


def test_the_command_explains_a_report_in_a_file(tmp_path: Path) -> None:
    found = Groundwire().verify("The loan costs 3.1 % a year.", context="The loan costs 5.4 % a year.")
    path = tmp_path / "report.json"
    for data in (found.model_dump(mode="json"), {"groundwire": found.model_dump(mode="json"), "choices": []}):
        path.write_text(json.dumps(data), "utf-8")
        run = CliRunner().invoke(app, ["explain", str(path)])
        assert run.exit_code == 1
        assert 'It fires where verdict == "contradicted".' in run.stdout
    other = CliRunner().invoke(app, ["explain", str(path), "-r", "strict"])
    assert "The rules in force now are not those that decided" in other.stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gw_absent", "there is no such report in the store"),
        ("no/such/file.json", "there is no such file"),
        ("broken.json", "cannot be read as JSON"),
        ("other.json", "this is no report: id: Field required"),
    ],
)
def test_what_cannot_be_explained_is_one_line(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "other.json").write_text('{"a": 1}', "utf-8")
    run = CliRunner().invoke(app, ["explain", name, "-c", str(stored)])
    assert isinstance(run.exception, InputError)
    assert message in str(run.exception)
