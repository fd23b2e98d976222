"""What every store does, and what only the database has to prove: durability, order, a clear line when it fails."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy
from tests.review.conftest import new_database
from tests.review.reports import a_report

import groundwire.review.database
import groundwire.review.sql
from groundwire.errors import ConfigError, InputError, VerificationError
from groundwire.review import FailingStore, MemoryStore, ReportStore, SqlStore, is_report_id

TOP = Path(__file__).resolve().parents[2]


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReportStore]:
    urls = {"sqlite": lambda: url_of(tmp_path / "a.db"), "postgresql": lambda: new_database(request)}
    made: ReportStore = MemoryStore() if request.param == "memory" else SqlStore(urls[request.param]())
    with closing(made):
        yield made


def test_a_report_comes_back_byte_for_byte(store: ReportStore) -> None:
    report = a_report()
    store.save(report, request={"messages": [{"role": "user", "content": "?"}], "odd": {1, 2}})
    kept = store.get(report.id)
    assert kept == report
    assert kept is not None
    assert kept.model_dump_json() == report.model_dump_json()


@pytest.mark.parametrize("id", ["unknown", "", "../etc/passwd", "a" * 129, "a\x00", "a'; DROP TABLE reports; --", "é"])
def test_an_unknown_or_impossible_id_is_none(store: ReportStore, id: str) -> None:
    store.save(a_report("r-1"))
    assert store.get(id) is None
    assert store.get("r-1") is not None


@pytest.mark.parametrize("id", ["", "a b", "-a", "a\n", "a" * 129, "ä", "a/b"])
def test_an_id_that_no_url_carries_is_refused(store: ReportStore, id: str) -> None:
    assert not is_report_id(id)
    with pytest.raises(InputError, match="letters, digits"):
        store.save(a_report(id))


def test_a_report_is_written_once(store: ReportStore) -> None:
    store.save(a_report("r-1", answer="first"))
    with pytest.raises(VerificationError, match="already stored"):
        store.save(a_report("r-1", answer="second"))
    kept = store.get("r-1")
    assert kept is not None
    assert kept.answer == "first"


@pytest.mark.parametrize("broken", [{"score": float("nan")}, {"answer": "half a pair: \ud83d"}])
def test_what_json_would_lose_is_refused_when_saved_not_when_read(
    store: ReportStore, broken: dict[str, object]
) -> None:
    with pytest.raises(VerificationError, match="cannot be written as JSON"):
        store.save(a_report().model_copy(update=broken))
    assert store.get("r-1") is None


def test_eight_threads_at_once_lose_nothing(store: ReportStore) -> None:
    def write(thread: int) -> None:
        for number in range(50):
            store.save(a_report(f"t{thread}-{number}", answer=f"{thread} {number}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    for thread in range(8):
        for number in range(50):
            kept = store.get(f"t{thread}-{number}")
            assert kept is not None
            assert kept.answer == f"{thread} {number}"


def test_a_doubled_id_in_a_batch_does_not_take_the_others_with_it(store: ReportStore) -> None:
    def write(number: int) -> str:
        try:
            store.save(a_report(f"r-{number // 2}"))
        except VerificationError as refused:
            return str(refused)
        return "saved"

    with ThreadPoolExecutor(16) as threads:
        said = list(threads.map(write, range(200)))
    assert {what for what in said if not what.endswith("is already stored")} == {"saved"}
    assert said.count("saved") == 100
    assert all(store.get(f"r-{number}") for number in range(100))


def test_closing_twice_is_fine_and_what_was_kept_opens_again(tmp_path: Path) -> None:
    store = SqlStore(url_of(tmp_path / "a.db"))
    store.save(a_report())
    store.close()
    store.close()
    with pytest.raises(VerificationError, match="closed"):
        store.save(a_report("r-2"))
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as again:
        assert again.get("r-1") == a_report()
        assert again.get("r-2") is None


def test_a_save_is_seen_by_another_process_at_once(tmp_path: Path) -> None:
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store:
        store.save(a_report(), request={"model": "m"})
        with closing(sqlite3.connect(tmp_path / "a.db")) as other:
            rows = other.execute("SELECT id, created, verdict, score, model, request FROM reports").fetchall()
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert rows == [("r-1", "2026-11-22 10:20:30.123457", "flagged", 0.1, "openai/gpt-4o-mini", '{"model": "m"}')]


def test_every_commit_is_flushed_to_disk(tmp_path: Path) -> None:
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store, store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_threads_that_wait_together_are_flushed_together(tmp_path: Path) -> None:
    commits = 0

    def count(connection: object) -> None:
        nonlocal commits
        commits += 1
        time.sleep(0.02)

    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store:
        sqlalchemy.event.listen(store._engine, "commit", count)
        with ThreadPoolExecutor(20) as threads:
            list(threads.map(lambda number: store.save(a_report(f"r-{number}")), range(100)))
    assert commits <= 20


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    acknowledged: list[str] = []
    for round in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.review.store_writer", url_of(path), f"w{round}"],
            stdout=subprocess.PIPE,
            text=True,
            cwd=TOP,
        )
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(5)]  # it is under way
        time.sleep(0.05 * round)
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.readlines()
        writer.stdout.close()
        writer.wait()
        acknowledged += [line.strip() for line in lines if line.endswith("\n")]
    assert len(acknowledged) >= 20
    with closing(SqlStore(url_of(path))) as store:
        for id in acknowledged:
            kept = store.get(id)
            assert kept is not None, f"{id} was acknowledged and is gone"
            assert kept.id == id
        with store._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/at/all/a.db", "there is no folder /nowhere/at/all"),
        ("sqlite:///{tmp}/file/a.db", "there is no folder"),
        ("sqlite:///{tmp}", "unable to open database file"),
        ("sqlite:///{tmp}/file", "file is not a database"),
        ("sqlite:///file:{tmp}/empty.db?mode=ro&uri=true", "readonly database"),
        ("sqlite://", "keeps nothing on disk"),
        ("sqlite:///:memory:", "keeps nothing on disk"),
        ("not a url", "not a database URL"),
        ("", "not a database URL"),
        ("cobol://x", "cobol"),
        ("sqlite:///{tmp}/newer.db", "schema 99, which this program does not know"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_clear_line(tmp_path: Path, url: str, said: str) -> None:
    (tmp_path / "file").write_text("This is text, and not a database. " * 100)
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        connection.execute("VACUUM")
    SqlStore(url_of(tmp_path / "newer.db")).close()
    with closing(sqlite3.connect(tmp_path / "newer.db")) as connection, connection:
        connection.execute("UPDATE meta SET value = '99'")
    with pytest.raises(ConfigError) as refused:
        SqlStore(url.format(tmp=tmp_path))
    assert said in str(refused.value)
    assert str(refused.value).startswith("store: ")
    assert "\n" not in str(refused.value)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(ConfigError) as refused:
        SqlStore("nosuchdatabase://user:hunter2@127.0.0.1/x")
    assert "hunter2" not in str(refused.value)


def test_a_locked_database_fails_that_report_and_recovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundwire.review.database, "LOCKED_WITHIN_S", 0.2)
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store:
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(VerificationError, match="locked"):
                store.save(a_report("r-1"))
            other.execute("ROLLBACK")
        store.save(a_report("r-2"))
        assert store.get("r-1") is None
        assert store.get("r-2") is not None


def test_a_store_that_is_stuck_gives_up_and_does_not_write_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groundwire.review.sql, "SAVE_WITHIN_S", 0.2)
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store:
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            first = Thread(target=_save_quietly, args=(store, "r-1"))
            first.start()
            time.sleep(0.05)  # the writer is now busy with r-1, so that r-2 waits behind it
            with pytest.raises(VerificationError, match=r"within 0\.2 s"):
                store.save(a_report("r-2"))
            other.execute("ROLLBACK")
            first.join()
        monkeypatch.undo()
        store.save(a_report("r-3"))
        assert store.get("r-2") is None


def test_a_full_disk_fails_that_report_and_no_other(tmp_path: Path) -> None:
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store:
        store.save(a_report("r-1"))
        with store._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

            def small(raw: sqlite3.Connection, record: object, proxy: object) -> None:
                raw.execute(f"PRAGMA max_page_count = {pages}")

            def large(raw: sqlite3.Connection, record: object, proxy: object) -> None:
                raw.execute("PRAGMA max_page_count = 100000")

        with _at_checkout(store, small), pytest.raises(VerificationError, match="full"):
            store.save(a_report("r-2", answer="x" * 100_000))
        with _at_checkout(store, large):
            store.save(a_report("r-3", answer="x" * 100_000))
        assert [store.get(id) is not None for id in ("r-1", "r-2", "r-3")] == [True, False, True]


def test_a_damaged_row_says_so_and_is_not_nothing(tmp_path: Path) -> None:
    with closing(SqlStore(url_of(tmp_path / "a.db"))) as store:
        store.save(a_report())
        with closing(sqlite3.connect(tmp_path / "a.db")) as other, other:
            other.execute("UPDATE reports SET body = replace(body, '\"flagged\"', '\"fine\"')")
        with pytest.raises(VerificationError, match="report r-1: verdict"):
            store.get("r-1")


@pytest.mark.parametrize("call", [lambda store: store.save(a_report()), lambda store: store.get("r-1")])
def test_the_failing_store_fails(call: Callable[[ReportStore], object]) -> None:
    with pytest.raises(VerificationError, match="on purpose"):
        call(FailingStore())
    with pytest.raises(VerificationError, match="on purpose"):
        call(FailingStore("hangs", seconds=0.01))


def test_a_hanging_store_lets_go_when_closed() -> None:
    store = FailingStore("hangs")
    caller = Thread(target=_save_quietly, args=(store, "r-1"))
    caller.start()
    time.sleep(0.05)
    assert caller.is_alive()
    store.close()
    caller.join(5)
    assert not caller.is_alive()


def test_the_door_loads_no_database() -> None:
    seen = "import sys, groundwire.review; print('sqlalchemy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def _save_quietly(store: ReportStore, id: str) -> None:
    with suppress(VerificationError):
        store.save(a_report(id))


class _at_checkout:
    def __init__(self, store: SqlStore, do: Callable[..., None]) -> None:
        self.pool, self.do = store._engine.pool, do

    def __enter__(self) -> None:
        sqlalchemy.event.listen(self.pool, "checkout", self.do)

    def __exit__(self, *_: object) -> None:
        sqlalchemy.event.remove(self.pool, "checkout", self.do)
