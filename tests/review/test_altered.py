"""What the chain knows is held against what is stored: no column of a report or a decision is changed unseen."""

import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report

from groundwire.model import Outcome
from groundwire.review import SqlStore, chain, erasing, inspection
from groundwire.review.desk import Desk
from groundwire.review.entries import GENESIS, Entry
from groundwire.review.inspection import export, inspect
from groundwire.review.rows import prepare
from groundwire.review.tables import audit, claims, decisions, reports
from groundwire.review.verifier import examine


def told(store: SqlStore) -> list[str]:
    return [str(problem) for problem in inspect(store.database).problems]


def change(store: SqlStore, table: sa.Table, **values: Any) -> None:
    with store.database.writing() as connection:
        connection.execute(sa.update(table).values(**values))


@pytest.fixture(params=["kept", "erased", "hashes"])
def decided(request: pytest.FixtureRequest, url: str) -> Iterator[SqlStore]:
    """One report with a decision, of which the words are kept, or not any more, or never were."""
    with closing(SqlStore(url, content="hashes" if request.param == "hashes" else "full")) as store:
        store.save(a_report("r-1"), request={"model": "m"})
        Desk(store.database).decide("r-1", 0, "confirm", "anna", claim="c1", note="Checked.")
        if request.param == "erased":
            erasing.erase_report(store.database, "r-1", "dpo")
        assert told(store) == []
        yield store


COLUMNS: dict[str, Any] = {
    "verdict": "clean",
    "rank": 0,
    "severity": 0,
    "score": 0.11,
    "coverage": 1.0,
    "model": "openai/gpt-4o",
    "day": "2026-11-23",
    "state": "open",
    "application": "other",
    "content": "redacted",
}


@pytest.mark.parametrize("column", [*COLUMNS, "created"])
def test_a_column_of_a_report_that_was_changed_is_found(decided: SqlStore, column: str) -> None:
    value = COLUMNS.get(column, datetime(2026, 11, 22, 10, 20, 30, 123458, tzinfo=UTC))
    change(decided, reports, **{column: value})
    [problem] = told(decided)
    assert "report r-1: its " in problem
    with decided.database.reading() as connection:
        kept = connection.scalar(sa.select(reports.c.body)) is not None
    if kept and column != "severity":
        assert f"its {column} is not what was stored" in problem


@pytest.mark.parametrize("column", ["claim", "verdict", "action", "rule"])
def test_a_column_of_a_claim_that_was_changed_is_found(decided: SqlStore, tmp_path: Path, column: str) -> None:
    decided.save(a_report("r-2"))
    with decided.database.writing() as connection:
        connection.execute(sa.update(claims).where(claims.c.report == 1).values(**{column: "other"}))
    found = told(decided)
    assert found
    assert all(problem.startswith("entry 2: report r-1: its listing of claim") for problem in found)
    with decided.database.reading() as connection:
        kept = connection.scalar(sa.select(reports.c.body).where(reports.c.id == "r-1")) is not None
    if kept:
        assert "its listing of claim c1 is not what was stored" in found[0]
    export(decided.database, tmp_path / "audit.zip")
    assert found[0] in checked(tmp_path / "audit.zip", 1)


@pytest.mark.parametrize("what", ["deleted", "inserted", "moved", "of no report"])
def test_a_claim_that_came_or_went_is_found(decided: SqlStore, tmp_path: Path, what: str) -> None:
    decided.save(a_report("r-2"))
    one = {"claim": "c9", "verdict": "contradicted", "action": "flag", "rule": "default.wrong"}
    statement = {
        "deleted": sa.delete(claims).where(claims.c.report == 1),
        "inserted": sa.insert(claims).values(report=1, **one),
        "moved": sa.update(claims).where(claims.c.report == 1).values(report=2, claim="c2"),
        "of no report": sa.insert(claims).values(report=77, **one),
    }[what]
    with decided.database.writing() as connection:
        connection.execute(statement)
    found = told(decided)
    if what == "of no report":
        assert found == ["claim c9 is listed under a report that does not exist"]
    else:
        assert found[0].startswith("entry 2: report r-1: its listing of claim")
    assert len(found) == (2 if what == "moved" else 1)
    export(decided.database, tmp_path / "audit.zip")
    assert found[-1] in checked(tmp_path / "audit.zip", 1)


def test_claims_are_read_beside_their_reports_in_order(kept: SqlStore) -> None:
    """Reports without claims between such with several, of which the databases sort the ids in different ways."""
    for number in range(1, 8):
        report = a_report(f"r-{number}")
        [claim] = report.claims
        ids = ["Cé", "c_1", "c-1", "B", "c10", "c2", "a"][: number % 4 * 2]
        mine = tuple(claim.model_copy(update={"id": id}) for id in ids)
        kept.save(report.model_copy(update={"claims": mine, "patches": ()}))
    assert told(kept) == []
    with kept.database.reading() as connection:
        rows = list(inspection._reports(connection))
    assert [len(row["claims"]) for row in rows] == [2, 4, 6, 0, 2, 4, 6]


@pytest.mark.parametrize("column", ["report", "claim", "rule", "kind", "by", "at"])
def test_a_column_of_a_decision_that_was_changed_is_found(decided: SqlStore, column: str) -> None:
    decided.save(a_report("r-2"))
    value = {"report": 2, "at": datetime(2026, 1, 1, tzinfo=UTC)}.get(column, "other")
    change(decided, decisions, **{column: value})
    [problem] = told(decided)
    assert "decision 1 is not what was decided" in problem


def test_a_second_entry_does_not_replace_the_first(kept: SqlStore, tmp_path: Path) -> None:
    kept.save(a_report("r-1"))
    Desk(kept.database).decide("r-1", 0, "confirm", "anna", claim="c1")
    forged = a_report("r-1", answer="Something else.", verdict=Outcome.CLEAN)
    with kept.database.writing() as connection:
        prepared = prepare(forged, None)
        changed = {name: value for name, value in prepared.row.items() if name not in ("id", "version", "state")}
        connection.execute(sa.update(reports).values(**changed, state="decided"))
        connection.execute(sa.update(decisions).values(by="ben"))
        known = {"decision": 1, "claim": "c1", "kind": "confirm", "rule": "default.wrong", "words": None}
        again = chain.Event("decision", "r-1", "ben", {**known, "state": "decided"})
        chain.append(connection, [prepared.event, again])
    found = told(kept)
    assert "entry 4: a second entry for report r-1: entry 2 stands" in found
    assert "entry 5: a second entry for decision 1: entry 3 stands" in found
    assert "entry 2: report r-1: its body is not what was stored" in found
    assert "entry 3: decision 1 is not what was decided" in found
    zipped = tmp_path / "audit.zip"
    export(kept.database, zipped)
    assert "entry 4: a second entry for report r-1" in checked(zipped, 1)


def checked(zipped: Path, code: int) -> str:
    """What the small verifier says of an export."""
    verifier = zipped.parent / "verify.py"
    with zipfile.ZipFile(zipped) as archive:
        verifier.write_bytes(archive.read("verify.py"))
    run = subprocess.run([sys.executable, "-I", "-S", str(verifier), str(zipped)], capture_output=True, check=False)
    assert run.returncode == code, run.stdout + run.stderr
    assert run.stderr == b""
    return run.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("content", ['{"x": NaN}', '{"x": "\\ud800"}', '{"x": 1e999}', "[" * 100_000, '{"\\udc00": 1}'])
def test_an_entry_that_no_entry_can_be_is_a_finding(kept: SqlStore, tmp_path: Path, content: str) -> None:
    kept.save(a_report("r-1"))
    kept.save(a_report("r-2"))
    for hash in ("0" * 64, ""):
        with kept.database.writing() as connection:
            connection.execute(sa.update(audit).where(audit.c.seq == 2).values(content=content, hash=hash))
        assert any(problem.startswith("entry 2: was changed") for problem in told(kept))
        export(kept.database, tmp_path / "audit.zip")
        assert "entry 2: was changed" in checked(tmp_path / "audit.zip", 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET content = CAST(X'7bff7d' AS TEXT) WHERE seq = 2",
        "UPDATE audit SET content = 7 WHERE seq = 2",
        "UPDATE audit SET actor = X'ff' WHERE seq = 2",
        "UPDATE reports SET body = CAST(X'ff' AS TEXT)",
        "UPDATE reports SET body = X'ff'",
        "UPDATE reports SET created = 'never'",
        "UPDATE reports SET created = 7",
        "UPDATE reports SET score = 'much'",
        "UPDATE decisions SET \"by\" = CAST(X'ff' AS TEXT)",
        "UPDATE decisions SET at = 'never'",
        "UPDATE decisions SET report = 77",
        "UPDATE claims SET rule = CAST(X'ff' AS TEXT)",
        "UPDATE claims SET claim = X'ff'",
        "UPDATE claims SET report = 'one'",
    ],
)
def test_what_sqlite_would_hold_and_no_store_wrote_is_a_finding(tmp_path: Path, statement: str) -> None:
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        store.save(a_report("r-1"))
        Desk(store.database).decide("r-1", 0, "confirm", "anna", claim="c1")
        with closing(sqlite3.connect(tmp_path / "a.db")) as other, other:
            other.execute(statement)
        assert told(store)
        export(store.database, tmp_path / "audit.zip")
        assert "WRONG" in checked(tmp_path / "audit.zip", 1)


def test_an_export_that_is_none_is_one_line(kept: SqlStore, tmp_path: Path) -> None:
    kept.save(a_report("r-1"))
    zipped = tmp_path / "audit.zip"
    export(kept.database, zipped)
    folder = tmp_path / "export"
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
    (folder / "chain.jsonl").write_text('{"seq": "x"}\n')
    verifier = str(folder / "verify.py")
    for where in (folder, folder / "README.txt", folder / "nowhere"):
        run = subprocess.run([sys.executable, verifier, str(where)], capture_output=True, text=True, check=False)
        assert run.returncode == 1
        assert "is no export that can be read" in run.stdout
        assert run.stderr == ""


_UNSAID = ("listed", "claims", "state", "at", "version")


def test_what_older_entries_do_not_say_is_held_against_the_body(kept: SqlStore) -> None:
    """Entries from before they said how a report is listed and what became of it."""
    kept.save(a_report("r-1"))
    kept.save(a_report("r-2", verdict=Outcome.CLEAN).model_copy(update={"model": None}))
    Desk(kept.database).decide("r-1", 0, "confirm", "anna", claim="c1")

    def problems() -> list[str]:
        with kept.database.reading() as connection:
            old: list[Entry] = []
            for entry in chain.entries(connection):
                content = {name: text for name, text in entry.content.items() if name not in _UNSAID}
                entry = entry._replace(content=content, prev=old[-1].hash if old else GENESIS)
                old.append(entry._replace(hash=entry.computed))
            rows = list(inspection._reports(connection)), list(inspection._decisions(connection))
        return [str(problem) for problem in examine(old, *rows).problems]

    assert problems() == []
    for column in ("rank", "score", "coverage", "model", "day"):
        with kept.database.writing() as connection:
            before = connection.scalar(sa.select(reports.c[column]).where(reports.c.id == "r-1"))
            connection.execute(sa.update(reports).where(reports.c.id == "r-1").values(**{column: COLUMNS[column]}))
        assert problems() == [f"entry 2: report r-1: its {column} is not what was stored"]
        with kept.database.writing() as connection:
            connection.execute(sa.update(reports).where(reports.c.id == "r-1").values(**{column: before}))
    with kept.database.writing() as connection:
        connection.execute(sa.update(reports).where(reports.c.id == "r-2").values(state="decided"))
    assert problems() == ["entry 3: report r-2: its state is not what was stored"]
    with kept.database.writing() as connection:
        connection.execute(sa.update(claims).values(rule="other"))
    assert len(problems()) == 1, "what older entries do not say of claims is not guessed at"


def test_a_report_goes_its_way_and_the_chain_knows_it(kept: SqlStore) -> None:
    kept.save(a_report("r-1"))
    desk = Desk(kept.database)
    for version, kind in enumerate(("note", "confirm", "reopen", "missed", "false_alarm", "note")):
        words = {"note": "So.", "right": "That."} if kind in ("note", "missed") else {}
        desk.decide("r-1", version, kind, "anna", **words)
        assert told(kept) == [], kind
    with kept.database.reading() as connection:
        states = [entry.content.get("state") for entry in chain.entries(connection)][1:]
    assert states == ["open", "open", "decided", "open", "open", "decided", "decided"]


def test_a_model_whose_name_holds_a_secret_is_stored_without(kept: SqlStore) -> None:
    secret = "sk-" + "proj-" + "a1B2" * 10
    kept.save(a_report("r-1").model_copy(update={"model": f"gpt {secret} \x00 x"}))
    with kept.database.reading() as connection:
        model = connection.scalar(sa.select(reports.c.model))
    assert model is not None
    assert secret not in model
    assert model.startswith("gpt ***")
    assert told(kept) == []
