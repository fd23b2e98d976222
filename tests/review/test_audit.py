"""The chain: whatever is done to it is found, and what was erased on purpose is not taken for damage."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report

from groundwire.errors import ConfigError, InputError
from groundwire.review import SqlStore, chain, erasing
from groundwire.review.checkpoints import Checkpoints, make_key, read_checkpoints, verify_quickly
from groundwire.review.database import Database
from groundwire.review.desk import Desk
from groundwire.review.ed25519 import signature_holds
from groundwire.review.entries import Entry, canonical
from groundwire.review.inspection import export, inspect
from groundwire.review.searching import catch_up
from groundwire.review.tables import audit, decisions, persons, reports, search
from groundwire.review.verifier import Result

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def signer(tmp_path: Path) -> Checkpoints:
    make_key(tmp_path / "key.pem")
    return Checkpoints(tmp_path / "checkpoints.jsonl", tmp_path / "key.pem")


def fill(store: SqlStore, count: int, prefix: str = "r") -> None:
    for number in range(count):
        store.save(a_report(f"{prefix}-{number}"), request={"model": "m", "user": f"user {number % 3}"})


def looked_at(database: Database, signer: Checkpoints) -> Result:
    return inspect(database, read_checkpoints(signer.file), key=signer.public)


def entry_row(seq: int, prev: str, **fields: Any) -> dict[str, object]:
    entry = Entry(seq, "2026-01-01T00:00:00.000000+00:00", "report", "x", "groundwire", {}, prev, "")
    entry = entry._replace(**fields)
    return {**entry._asdict(), "content": canonical(entry.content).decode(), "hash": entry.computed}


def rewrite_from(connection: sa.Connection, first: int) -> None:
    """What an intruder with the program at hand does: change an entry, and every hash after it."""
    rows = [entry for entry in chain.entries(connection) if entry.seq >= first]
    connection.execute(sa.delete(audit).where(audit.c.seq >= first))
    _, prev = chain.head(connection)
    for entry in rows:
        changed = entry._replace(actor="nobody" if entry.seq == first else entry.actor, prev=prev)
        connection.execute(sa.insert(audit).values(**entry_row(**{**changed._asdict(), "prev": prev})))
        prev = changed.computed


DAMAGE: dict[str, tuple[Callable[[sa.Connection], object], str]] = {
    "edit": (lambda c: c.execute(sa.update(audit).where(audit.c.seq == 4).values(actor="x")), "entry 4: was changed"),
    "edit content": (
        lambda c: c.execute(sa.update(audit).where(audit.c.seq == 4).values(content="{}")),
        "entry 4: was changed",
    ),
    "no JSON": (lambda c: c.execute(sa.update(audit).where(audit.c.seq == 4).values(content="?")), "entry 4: was"),
    "delete": (lambda c: c.execute(sa.delete(audit).where(audit.c.seq.in_([4, 5]))), "entries 4 to 5: missing"),
    "insert": (
        lambda c: c.execute(sa.insert(audit).values(**entry_row(0, "f" * 64))),
        "stands after entry 0",
    ),
    "append": (
        lambda c: c.execute(sa.insert(audit).values(**entry_row(12, "f" * 64))),
        "entry 12: does not follow from the entry before it",
    ),
    "reorder": (
        lambda c: [
            c.execute(sa.update(audit).where(audit.c.seq == old).values(seq=new))
            for old, new in ((4, 99), (5, 4), (99, 5))
        ],
        "entry 4: does not follow",
    ),
    "cut the tail": (
        lambda c: [
            c.execute(sa.delete(audit).where(audit.c.seq > 9)),
            c.execute(sa.delete(reports).where(reports.c.number > 8)),
        ],
        "entries 10 to 11: cut off",
    ),
    "delete it all": (lambda c: [c.execute(sa.delete(audit)), c.execute(sa.delete(reports))], "entries 1 to 11: cut"),
    "rewrite a suffix": (lambda c: rewrite_from(c, 9), "entries 7 to 11: rewritten"),
    "rewrite a signed part": (lambda c: rewrite_from(c, 3), "entries 1 to 6: rewritten"),
    "edit a report": (
        lambda c: c.execute(sa.update(reports).where(reports.c.id == "r-3").values(body="{}")),
        "report r-3: its body is not what was stored",
    ),
    "edit a verdict": (
        lambda c: c.execute(sa.update(reports).where(reports.c.id == "r-3").values(verdict="clean")),
        "report r-3: its verdict is not what was stored",
    ),
    "edit a request": (
        lambda c: c.execute(sa.update(reports).where(reports.c.id == "r-3").values(request=None)),
        "report r-3: its request is not what was stored",
    ),
    "empty a report": (
        lambda c: c.execute(sa.update(reports).where(reports.c.id == "r-3").values(body=None, content="erased")),
        "the content of report r-3 is gone",
    ),
    "delete a report": (lambda c: c.execute(sa.delete(reports).where(reports.c.id == "r-3")), "report r-3 is missing"),
    "smuggle one in": (
        lambda c: c.execute(sa.update(reports).where(reports.c.id == "r-3").values(id="r-x")),
        "report r-x has no entry",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(kept: SqlStore, signer: Checkpoints, damage: str) -> None:
    fill(kept, 5)
    signer.sign_head(kept.database)
    for number in range(5, 10):
        kept.save(a_report(f"r-{number}"))
    signer.sign_head(kept.database)
    whole = looked_at(kept.database, signer)
    assert (whole.entries, whole.anchored, whole.problems) == (11, 11, ())
    do, said = DAMAGE[damage]
    with kept.database.writing() as connection:
        do(connection)
    found = looked_at(kept.database, signer)
    assert any(str(problem).startswith(said) or said in str(problem) for problem in found.problems), found.problems


def test_what_is_not_anchored_is_said(kept: SqlStore, signer: Checkpoints) -> None:
    fill(kept, 3)
    signer.sign_head(kept.database)
    fill(kept, 2, "later")
    result = looked_at(kept.database, signer)
    assert (result.entries, result.anchored, result.problems) == (6, 4, ())
    assert inspect(kept.database).anchored == 0


def test_a_chain_that_was_rewritten_and_signed_again_needs_the_key(
    kept: SqlStore, signer: Checkpoints, tmp_path: Path
) -> None:
    fill(kept, 3)
    make_key(tmp_path / "other.pem")
    forger = Checkpoints(tmp_path / "forged.jsonl", tmp_path / "other.pem")
    with kept.database.writing() as connection:
        rewrite_from(connection, 1)
    forger.sign_head(kept.database)
    assert not inspect(kept.database, read_checkpoints(forger.file)).problems
    [problem] = inspect(kept.database, read_checkpoints(forger.file), key=signer.public).problems
    assert "signed with another key" in str(problem)


@pytest.mark.parametrize("spoil", [{"seq": 3}, {"at": "2020"}, {"hash": "0" * 64}, {"signature": "00"}, {"seq": None}])
def test_a_checkpoint_that_was_changed_is_found(kept: SqlStore, signer: Checkpoints, spoil: dict[str, object]) -> None:
    fill(kept, 3)
    made = signer.sign_head(kept.database)
    assert made is not None
    result = inspect(kept.database, [{**made, **spoil}], key=signer.public)
    assert result.problems
    assert result.anchored == 0


def test_erasing_a_person_leaves_the_chain_whole(kept: SqlStore, signer: Checkpoints) -> None:
    fill(kept, 9)
    catch_up(kept.database, 100)
    signer.sign_head(kept.database)
    assert erasing.erase_person(kept.database, " User 1 ", "dpo") == 3
    assert erasing.erase_person(kept.database, "user 1", "dpo") == 0
    assert erasing.erase_report(kept.database, "r-0", "dpo") == 1
    signer.sign_head(kept.database)
    result = looked_at(kept.database, signer)
    assert result.problems == ()
    assert result.anchored == result.entries == 1 + 9 + 4
    assert kept.get("r-1") is None
    assert kept.get("r-2") is not None
    with kept.database.reading() as connection:
        gone = connection.execute(sa.select(reports).where(reports.c.id == "r-1")).one()
        assert (gone.body, gone.request, gone.salt, gone.content) == (None, None, None, "erased")
        assert connection.scalar(sa.select(sa.func.count()).select_from(persons)) == 5
        assert connection.scalar(sa.select(sa.func.count()).select_from(search)) == 5


@pytest.mark.parametrize("name", ["anna", "ben", "carol", "dora"])
def test_every_person_that_a_request_names_can_be_erased(kept: SqlStore, name: str) -> None:
    named = {"user": "anna", "safety_identifier": "ben", "metadata": {"user_id": "carol", "user": "Dora"}}
    kept.save(a_report("r-1"), request=named)
    kept.save(a_report("r-2"), request={"user": "erin", "safety_identifier": "erin"})
    assert erasing.erase_person(kept.database, name, "dpo") == 1
    assert kept.get("r-1") is None
    with kept.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(persons)) == 1
    assert not inspect(kept.database).problems


@pytest.mark.parametrize("kind", ["note", "missed", "correct", "confirm", "reopen"])
def test_no_words_are_kept_of_what_was_erased(kept: SqlStore, kind: str) -> None:
    kept.save(a_report("r-1"))
    erasing.erase_report(kept.database, "r-1", "dpo")
    desk = Desk(kept.database)
    with pytest.raises(InputError, match="r-1 was erased"):
        desk.decide("r-1", 0, kind, "anna", claim="c1", note="He is ill.", right="x" if kind != "note" else "")
    with kept.database.reading() as connection:
        assert not connection.execute(sa.select(decisions)).all()
    if kind in ("confirm", "reopen"):
        desk.decide("r-1", 0, kind, "anna", claim="c1")
    assert not inspect(kept.database).problems


def test_what_was_erased_is_not_in_the_file_any_more(tmp_path: Path) -> None:
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        for number in range(50):
            secret = "Xylophonist" if number == 7 else "pianist"
            store.save(a_report(f"r-{number}", answer=f"Ms Quaverly is a {secret}."), request={"user": f"u{number}"})
        catch_up(store.database, 100)
        assert any(b"ylophonist" in path.read_bytes() for path in tmp_path.iterdir())
        erasing.erase_person(store.database, "u7", "dpo")
    for path in tmp_path.iterdir():
        assert b"ylophonist" not in path.read_bytes().lower(), path.name


def many_searchable(store: SqlStore) -> None:
    words = " ".join(f"word{number}" for number in range(300))
    for number in range(60):
        secret = " Xylophonist" if number == 7 else ""
        report = a_report(f"r-{number}", answer=f"{words}{number}{secret}")
        store.save(report.model_copy(update={"created": datetime.now(UTC) - timedelta(days=60 - number)}))
        store.catch_up()


def says_it(folder: Path) -> bool:
    return any(b"ylophonist" in path.read_bytes().lower() for path in folder.iterdir())


def test_erasing_leaves_room_for_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "PAGES", 2)
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        many_searchable(store)
        steps = []

        def between(seconds: float) -> None:  # the lock is free: another answer is stored
            steps.append(seconds)
            if len(steps) < 4:
                store.save(a_report(f"new-{len(steps)}"))

        monkeypatch.setattr(time, "sleep", between)
        assert erasing.erase_report(store.database, "r-7", "dpo") == 1
        monkeypatch.undo()
        assert len(steps) > 3
        assert store.get("new-3") is not None
        assert not inspect(store.database).problems
    assert not says_it(tmp_path)


def test_what_another_erases_meanwhile_is_scrubbed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        many_searchable(store)
        monkeypatch.setattr(erasing, "scrub", lambda _: None)
        erasing.erase_report(store.database, "r-0", "dpo")
        first = erasing.Scrubbing(store.database)
        merged = first._merged

        def erased_after_the_last_step() -> bool:
            if more := merged():
                return more
            erasing.erase_report(store.database, "r-7", "dpo")
            return False

        monkeypatch.setattr(first, "_merged", erased_after_the_last_step)
        while not first.run(0.0):
            pass
        monkeypatch.undo()
        assert says_it(tmp_path)
        erasing.scrub(store.database)
    assert not says_it(tmp_path)


def test_what_is_too_old_is_scrubbed_in_slices_and_after_a_crash_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "PAGES", 2)
    monkeypatch.setattr(erasing, "SLICE_S", 0.0)
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        many_searchable(store)
        crashed = erasing.Retention(50)
        crashed.run(store.database)
        crashed.run(store.database)
        assert crashed.due(time.monotonic())
        assert store.get("r-7") is None
        assert says_it(tmp_path)
        retention, runs = erasing.Retention(50), 0
        while retention.due(time.monotonic()):
            retention.run(store.database)
            runs += 1
        assert runs > 3
    assert not says_it(tmp_path)


def test_old_content_goes_and_young_content_stays(kept: SqlStore) -> None:
    now = datetime.now(UTC)
    for days in (1, 29, 31, 400):
        report = a_report(f"d{days}").model_copy(update={"created": now - timedelta(days=days)})
        kept.save(report)
    retention = erasing.Retention(30)
    assert retention.due(time.monotonic())
    while retention.due(time.monotonic()):
        retention.run(kept.database)
    assert [kept.get(f"d{days}") is not None for days in (1, 29, 31, 400)] == [True, True, False, False]
    assert not inspect(kept.database).problems


def test_hashes_only_keeps_no_words(url: str, tmp_path: Path) -> None:
    with closing(SqlStore(url, content="hashes")) as store:
        store.save(a_report("r-1", answer="Xylophone"), request={"user": "u"})
        assert store.get("r-1") is None
        catch_up(store.database, 100)
        with store.database.reading() as connection:
            row = connection.execute(sa.select(reports)).one()
            assert (row.body, row.request, row.verdict) == (None, None, "flagged")
            assert connection.scalar(sa.select(sa.func.count()).select_from(search)) == 0
            entry = list(chain.entries(connection))[-1]
        report = a_report("r-1", answer="Xylophone")
        assert entry.content["body"] == chain.digest(row.salt, report.model_dump_json())  # who has it can prove it
        assert not inspect(store.database).problems


def test_the_export_is_checked_with_nothing_but_python(kept: SqlStore, signer: Checkpoints, tmp_path: Path) -> None:
    fill(kept, 6)
    kept.keep_rules("abc", '[{"pack": "p"}]')
    signer.sign_head(kept.database)
    erasing.erase_report(kept.database, "r-2", "dpo")
    zipped = tmp_path / "audit.zip"
    assert export(kept.database, zipped, read_checkpoints(signer.file)) == 8
    folder = tmp_path / "export"
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
        assert "rules/abc.json" in archive.namelist()

    def check(where: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(where), signer.public]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for where in (zipped, folder):
        run = check(where)
        assert run.returncode == 0, run.stdout + run.stderr
        assert "8 entries, 0 problems." in run.stdout
        assert "Entries 1 to 7 are anchored" in run.stdout
        assert "Entries 8 to 8 are not anchored" in run.stdout
    lines = (folder / "reports.jsonl").read_text("utf-8").split("\n")
    changed = {**json.loads(lines[0]), "verdict": "clean"}
    (folder / "reports.jsonl").write_text("\n".join([json.dumps(changed), *lines[1:]]), "utf-8")
    assert check(folder).returncode == 1


def test_the_small_verifier_agrees_with_the_library(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for number in range(8):
        key = Ed25519PrivateKey.generate()
        public, message = key.public_key().public_bytes_raw().hex(), os.urandom(number * 7)
        signature = key.sign(message).hex()
        for tried in (signature, signature[:-2] + "00", "00" + signature[2:], signature[:64] + "ff" * 32, "", "zz"):
            holds = verify_quickly(public, tried, message)
            assert holds == (tried == signature)
            assert signature_holds(public, tried, message) == holds
        assert not signature_holds(public, signature, message + b"x")


def test_eight_processes_write_one_chain(url: str) -> None:
    SqlStore(url).close()
    writers = [
        subprocess.Popen([sys.executable, "-m", "tests.review.chain_writer", url, f"w{number}", "1000"], cwd=TOP)
        for number in range(8)
    ]
    assert [writer.wait(250) for writer in writers] == [0] * 8
    with closing(Database(url)) as database:
        result = inspect(database)
        assert result.problems == ()
        assert result.entries == 1 + 8 * 1000


def test_kill_9_leaves_the_chain_whole_and_nothing_delivered_without_its_report(url: str) -> None:
    SqlStore(url).close()
    delivered: list[str] = []
    for round in range(5):
        writers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.review.store_writer", url, f"w{round}-{number}"],
                stdout=subprocess.PIPE,
                text=True,
                cwd=TOP,
            )
            for number in range(2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            delivered.append(writer.stdout.readline().strip())
        time.sleep(0.03 * round)
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        for writer in writers:
            assert writer.stdout is not None
            with writer.stdout:
                delivered += [line.strip() for line in writer.stdout if line.endswith("\n")]
            writer.wait()
        with closing(Database(url)) as database, database.reading() as connection:
            assert inspect(database).problems == ()
            found = set(connection.scalars(sa.select(reports.c.id)))
            assert set(delivered) <= found


def test_a_store_signs_when_it_closes(url: str, signer: Checkpoints) -> None:
    store = SqlStore(url, chores=[signer])
    fill(store, 3)
    store.close()
    with closing(Database(url)) as database:
        assert looked_at(database, signer).anchored == 4


def test_keys_and_files_that_cannot_be_used_are_one_line(tmp_path: Path) -> None:
    make_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="File exists"):
        make_key(tmp_path / "key.pem")
    (tmp_path / "text").write_text("no key")
    with pytest.raises(ConfigError, match="holds no private key"):
        Checkpoints(tmp_path / "c", tmp_path / "text")
    with pytest.raises(ConfigError, match="cannot be read"):
        Checkpoints(tmp_path / "c", tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="cannot be written"):
        Checkpoints(tmp_path / "nowhere" / "c", tmp_path / "key.pem")
