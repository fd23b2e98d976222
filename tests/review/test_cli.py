"""The commands: what they print, and how they end."""

import json
from pathlib import Path

import pytest
from tests.gateway.scripted_world import WRONG, world
from typer.testing import CliRunner

from groundwire.cli import app
from groundwire.client import Groundwire
from groundwire.errors import InputError
from groundwire.evidence import Document
from groundwire.gateway.checking import Exchange
from groundwire.gateway.request import Asked

run = CliRunner()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "groundwire.yaml"
    run.invoke(app, ["audit-log", "key", str(tmp_path / "signing.pem")], catch_exceptions=False)
    path.write_text(
        f"store: sqlite:///{tmp_path / 'a.db'}\nrules: [flag.yaml]\n"
        "record: {checkpoints: {file: checkpoints.jsonl, key: signing.pem}}\n"
    )
    return path


def answered(config: Path, user: str = "alice") -> str:
    """One answer through the parts of the gateway that check and store. Returns the report's id."""
    world(config.parent, "flag")  # writes the pack
    gw = Groundwire(config)
    documents = (Document("atlas", "The capital of Australia is Canberra."),)
    exchange = Exchange(gw, Asked({"model": "m"}, documents=documents, traits={"user": user}), kept=True)
    exchange.begin(0, "content").finish(WRONG)
    exchange.settle()
    gw.store.close()
    return exchange.worst().id


def test_a_record_is_verified_exported_and_erased(config: Path, tmp_path: Path) -> None:
    id = answered(config)
    good = run.invoke(app, ["audit-log", "verify", "-c", str(config)], catch_exceptions=False)
    assert good.exit_code == 0
    assert "2 entries, 0 problems." in good.stdout
    assert "Entries 1 to 2 are anchored" in good.stdout
    erased = run.invoke(app, ["reports", "erase", "--user", "Alice", "-c", str(config)], catch_exceptions=False)
    assert erased.stdout == "1 reports lost their content.\n"
    told = run.invoke(app, ["audit-log", "verify", "--json", "-c", str(config)], catch_exceptions=False)
    assert json.loads(told.stdout)["anchored"] == 2
    signed = run.invoke(app, ["audit-log", "checkpoint", "-c", str(config)], catch_exceptions=False)
    assert json.loads(signed.stdout)["seq"] == 3
    out = tmp_path / "audit.zip"
    assert run.invoke(app, ["audit-log", "export", "-o", str(out), "-c", str(config)]).stdout.endswith("3 entries.\n")
    lines = (tmp_path / "checkpoints.jsonl").read_text().splitlines()
    (tmp_path / "checkpoints.jsonl").write_text(lines[0].replace('"seq": 2', '"seq": 1'))
    bad = run.invoke(app, ["audit-log", "verify", "-c", str(config)])
    assert bad.exit_code == 1
    assert "its signature does not hold" in bad.stdout
    with pytest.raises(InputError, match="no content any more"):
        run.invoke(app, ["replay", id, "-c", str(config)], catch_exceptions=False)


def test_erase_wants_to_know_what(config: Path) -> None:
    with pytest.raises(InputError, match="one of --user"):
        run.invoke(app, ["reports", "erase", "-c", str(config)], catch_exceptions=False)


def test_a_report_is_replayed_under_the_rules_that_were_stored(config: Path, tmp_path: Path) -> None:
    id = answered(config)
    same = run.invoke(app, ["replay", id, "-c", str(config)], catch_exceptions=False)
    assert same.exit_code == 0, same.stdout
    assert same.stdout.startswith("The same: flagged")
    pack = tmp_path / "flag.yaml"
    pack.write_text(pack.read_text().replace("severity: high", "severity: low"))
    other = run.invoke(app, ["replay", id, "-c", str(config)], catch_exceptions=False)
    assert other.exit_code == 0, other.stdout
    config.write_text(config.read_text() + "entailment: {thresholds: {supported: 0.01, contradicted: 0.999}}\n")
    told = run.invoke(app, ["replay", id, "--json", "-c", str(config)], catch_exceptions=False)
    assert told.exit_code == 1
    assert json.loads(told.stdout)["differences"]


def test_an_unknown_report_is_one_line(config: Path) -> None:
    world(config.parent, "flag")
    with pytest.raises(InputError, match="there is no 'nope'"):
        run.invoke(app, ["replay", "nope", "-c", str(config)], catch_exceptions=False)


def test_users_are_added_listed_and_removed(config: Path) -> None:
    def called(*arguments: str) -> str:
        return run.invoke(app, [*arguments, "-c", str(config)], catch_exceptions=False).stdout

    assert called("users", "add", "rita", "--role", "reviewer").startswith("http://127.0.0.1:8080/review/welcome/")
    assert called("users", "list") == "rita\treviewer\tno password yet\n"
    assert "/review/welcome/" in called("users", "link", "rita")
    with pytest.raises(InputError, match="there is a rita already"):
        called("users", "add", "rita")
    with pytest.raises(InputError, match="viewer, reviewer, approver, admin"):
        called("users", "add", "x", "--role", "king")
    called("users", "remove", "rita")
    assert called("users", "list") == ""
    with pytest.raises(InputError, match="there is no 'rita'"):
        called("users", "link", "rita")


def test_decisions_are_exported_and_calibrated_from(config: Path, tmp_path: Path) -> None:
    from groundwire.review import SqlStore
    from groundwire.review.desk import Desk

    id = answered(config)
    store = SqlStore(f"sqlite:///{tmp_path / 'a.db'}")
    Desk(store.database).decide(id, 0, "confirm", "rita")
    store.close()
    out = tmp_path / "out.jsonl"
    told = run.invoke(app, ["reports", "export", "-o", str(out), "-c", str(config)], catch_exceptions=False)
    assert told.stdout.endswith("1 lines.\n")
    [row] = [json.loads(line) for line in out.read_text().splitlines()]
    assert row == {"id": id, "answer": WRONG, "context": ["The capital of Australia is Canberra."], "label": 1}
    pairs = run.invoke(app, ["reports", "export", "--pairs", "-o", str(out), "-c", str(config)], catch_exceptions=False)
    assert pairs.stdout.endswith("1 lines.\n")
    assert json.loads(out.read_text())["label"] == "contradiction"
    with pytest.raises(InputError, match="reviews: 0 answers that could be checked have label 0 and 1 have label 1"):
        run.invoke(app, ["calibrate", "--from-reviews", "-c", str(config)], catch_exceptions=False)
    for arguments in ([], ["--from-reviews", str(out)]):
        with pytest.raises(InputError, match="either a file of labelled answers or --from-reviews"):
            run.invoke(app, ["calibrate", *arguments, "-c", str(config)], catch_exceptions=False)
