"""Stored answers under other rules: what would be otherwise, how it is told, and how long it takes."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.rules.judged_claims import checked, judged, pack
from typer.testing import CliRunner

from groundwire.errors import InputError
from groundwire.model import (
    Action,
    Decision,
    JudgedClaim,
    Outcome,
    Patch,
    PatchKind,
    Reason,
    Report,
    Span,
    Verdict,
)
from groundwire.review import SqlStore
from groundwire.review.rows import keep, prepare
from groundwire.rules import RuleSet, load_rules
from groundwire.rules.cli import app
from groundwire.rules.simulate import Replayed, Tally, simulate
from groundwire.rules.since import moment

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FLAG = Decision(action=Action.FLAG, rule="old.flag", rules=("old.flag",))
ALLOW = Decision(action=Action.ALLOW, rule="groundwire.allow")


def report(*claims: tuple[JudgedClaim, Decision], number: int = 0, **fields: Any) -> Report:
    answer = " ".join(claim.text for claim, _ in claims) or "Hello!"
    decided = tuple(
        checked(claim.model_copy(update={"id": f"c{place}"}), decision)
        for place, (claim, decision) in enumerate(claims, start=1)
    )
    defaults: dict[str, Any] = {
        "id": f"gw_{number:05}",
        "created": NOW - timedelta(minutes=number),
        "verdict": Outcome.FLAGGED,
        "answer": answer,
        "revised": answer,
        "delivered": answer,
        "claims": decided,
    }
    return Report(**{**defaults, **fields})


def rules(folder: Path, *lines: str) -> RuleSet:
    return load_rules([str(pack(folder, *lines))])


def replay(ruleset: RuleSet, stored: Report, request: dict[str, Any] | None = None, **options: Any) -> Replayed:
    (found,) = simulate(ruleset, [(stored, request)], **options)
    return found


def test_a_report_under_the_rules_that_decided_it_stays_as_it_is(tmp_path: Path) -> None:
    found = replay(rules(tmp_path, "old.flag; risk > 0.1; flag"), report((judged(), FLAG)))
    assert (found.changes, found.before, found.after) == ((), Outcome.FLAGGED, Outcome.FLAGGED)


@pytest.mark.parametrize(
    ("action", "after"),
    [
        ("allow", Outcome.CLEAN),
        ("hedge", Outcome.REWRITTEN),
        ("remove", Outcome.REWRITTEN),
        ("rewrite", Outcome.FLAGGED),
        ("block", Outcome.BLOCKED),
    ],
)
def test_what_another_action_would_come_to(tmp_path: Path, action: str, after: Outcome) -> None:
    found = replay(rules(tmp_path, f"new; risk > 0.1; {action}"), report((judged(), FLAG)))
    assert found.after is after
    (change,) = found.changes
    assert (change.claim, change.before.action, change.after.action) == ("c1", "flag", action)
    assert found.report == "gw_00000"


def test_a_rewrite_counts_where_the_edit_was_proved_then(tmp_path: Path) -> None:
    patch = Patch(claim="c1", span=Span(0, 3), old="The", new="A", kind=PatchKind.VALUE, rule="old", accepted=True)
    found = replay(rules(tmp_path, "new; risk > 0.1; rewrite"), report((judged(), FLAG), patches=(patch,)))
    assert found.after is Outcome.REWRITTEN


def test_the_request_and_the_whole_answer_are_seen(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "new; request.metadata.tenant == 'a'; flag", "p; ; block; pattern: rate; scope: answer")
    found = replay(ruleset, report((judged(), FLAG)), {"metadata": {"tenant": "a"}})
    (whole,) = found.changes
    assert (whole.claim, whole.before.action, whole.after.action) == ("", "allow", "block")
    assert found.after is Outcome.BLOCKED


def test_what_could_not_be_checked_is_held_as_the_rules_say(tmp_path: Path) -> None:
    unmade = judged(verdict=Verdict.UNCHECKED, reason=Reason.ERROR, confidence=None)
    stored = report((unmade, FLAG), verdict=Outcome.FLAGGED)
    for setting, held in (("on_error: open", False), ("on_error: closed", True), ("severity: low", True)):
        found = replay(rules(tmp_path, f"new; reason == 'error'; flag; {setting}"), stored)
        assert found.held is held
    assert not replay(rules(tmp_path, "new; risk > 0.9; flag"), stored, default="open").held


def test_rules_that_need_the_model_ask_it_or_say_that_they_could_not(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "new; ; remove; prohibit: The rate is low.; on_error: open")
    asked = replay(ruleset, report((judged(), ALLOW)), ask=lambda pairs: [0.9] * len(pairs))
    assert asked.changes[0].after.action is Action.REMOVE
    tally = Tally()
    tally.add(replay(ruleset, report((judged(), ALLOW))))
    assert tally.untried == {"new": 1}


def test_a_tally(tmp_path: Path) -> None:
    ruleset = rules(
        tmp_path, "new; risk > 0.5; remove", "also; risk > 0.1; flag", "trial; risk > 0.1; block; shadow: true"
    )
    tally = Tally()
    for replayed in simulate(
        ruleset, [(report((judged(), FLAG), (judged(risk=0.2), FLAG), number=n), None) for n in range(3)]
    ):
        tally.add(replayed)
    assert (tally.reports, tally.claims, tally.changed, tally.held) == (3, 6, 3, 0)
    assert tally.actions == {(Action.FLAG, Action.REMOVE): 3}
    assert tally.outcomes == {(Outcome.FLAGGED, Outcome.REWRITTEN): 3}
    assert tally.fired == {"new": 3, "also": 6}
    assert tally.decided == {"new": 3, "also": 3}
    assert tally.on_trial == {"trial": 6}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a store of ten answers, one every four days."""
    store = SqlStore(f"sqlite:///{tmp_path}/groundwire.db")
    began = datetime.now(UTC)
    for number in range(10):
        stored = report((judged(), FLAG), (judged("A\x1b[31mll\u202e fine."), ALLOW), number=number)
        store.save(
            stored.model_copy(update={"created": began - timedelta(days=4 * number, hours=1)}),
            request={"user": f"u{number}"},
        )
    store.close()
    path = tmp_path / "groundwire.yaml"
    path.write_text(f"store: sqlite:///{tmp_path}/groundwire.db\nrules: [strict]\n", "utf-8")
    return path


def test_the_command_prints_a_table_and_a_list(config: Path, tmp_path: Path) -> None:
    mine = pack(tmp_path, "new; verdict == 'contradicted'; remove")
    run = CliRunner().invoke(app, ["simulate", str(mine), "--since", "30d", "--show", "2", "-c", str(config)])
    assert run.exit_code == 1
    lines = run.stdout.splitlines()
    assert lines[0].startswith("8 reports since ")
    assert lines[0].endswith("16 claims, under mine: 8 answers would be otherwise.")
    table = [line.split() for line in lines]
    assert ["8", "flagged", "rewritten"] in table
    assert ["8", "flag", "remove"] in table
    assert ["8", "allow", "remove"] in table
    assert ["new", "16", "16", "0"] in table
    assert "  flag → remove  new  The rate is 3 %." in lines
    assert lines[-1] == "6 more; --show 0 lists all."
    assert not {"\x1b", "\u202e"} & set(run.stdout), "what a model wrote steers no terminal"


def test_the_command_as_json_and_without_changes(config: Path, tmp_path: Path) -> None:
    mine = str(pack(tmp_path, "new; request.user == 'u0'; block"))
    run = CliRunner().invoke(app, ["simulate", mine, "--since", "7d", "--json", "-c", str(config)])
    assert run.exit_code == 1
    told = json.loads(run.stdout)
    assert (told["reports"], told["changed"]) == (2, 2)
    assert told["by_rule"]["new"] == {"fired": 2, "decided": 2, "on_trial": 0}
    assert [change["to"] for change in told["changes"]] == ["clean", "blocked"]
    assert told["changes"][1]["claims"][0]["to"]["rule"] == "new"

    nothing = CliRunner().invoke(app, ["simulate", "--since", "1h", "--until", "2026-11-01", "-c", str(config)])
    assert nothing.exit_code == 0
    assert nothing.stdout.startswith("0 reports")


def test_the_command_creates_no_store(tmp_path: Path) -> None:
    path = tmp_path / "groundwire.yaml"
    path.write_text(f"store: sqlite:///{tmp_path}/absent.db\n", "utf-8")
    run = CliRunner().invoke(app, ["simulate", "-c", str(path)])
    assert isinstance(run.exception, InputError)
    assert "there is no database" in str(run.exception)
    assert not (tmp_path / "absent.db").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", NOW - timedelta(days=30)),
        ("12h", NOW - timedelta(hours=12)),
        ("2w", NOW - timedelta(weeks=2)),
        ("90m", NOW - timedelta(minutes=90)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T06:00:00+02:00", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("999999w", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment("--since", text, NOW) == expected


@pytest.mark.parametrize("text", ["", "30", "d", "30 days", "-3d", "2026-13-01", "yesterday"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(InputError, match=r"--since: .*neither a time ago nor a date"):
        moment("--since", text, NOW)


def test_a_thousand_stored_reports_take_less_than_a_second(tmp_path: Path) -> None:
    """So that ten thousand take less than ten. Read from a database, five claims in each."""
    stored = report(*[(judged(f"The rate of loan {place} is 3 %."), FLAG) for place in range(5)])
    store = SqlStore(f"sqlite:///{tmp_path}/groundwire.db")
    copies = (
        stored.model_copy(update={"id": f"gw_{number:05}", "created": NOW - timedelta(minutes=number)})
        for number in range(2_000)
    )
    with store.database.writing() as connection:
        keep(connection, [prepare(copy, {"user": "anna"}) for copy in copies])
    ruleset = load_rules(["strict", str(pack(tmp_path, "mine; ; flag; prohibit: The rate is low."))])
    ids: list[str] = []

    def read() -> Iterator[tuple[Report, dict[str, Any] | None]]:
        for each in store.reports(NOW - timedelta(minutes=999.5)):
            ids.append(each.report.id)
            yield each

    list(simulate(load_rules(["default"]), [(stored, None)]))
    spent = []
    for _ in range(3):  # the quickest counts: the others were disturbed
        ids.clear()
        started = time.process_time()
        list(simulate(ruleset, read(), ask=lambda pairs: [0.1] * len(pairs)))
        spent.append(time.process_time() - started)
    store.close()
    assert ids == [f"gw_{number:05}" for number in reversed(range(1_000))]
    assert min(spent) < 1
