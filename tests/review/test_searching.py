"""Reports become searchable after they were stored: each once, by whoever has time, and after a crash too."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report

from groundwire.errors import VerificationError
from groundwire.review import SqlStore, erasing, filters
from groundwire.review.desk import Desk
from groundwire.review.filters import Filter
from groundwire.review.searching import PORTION, catch_up, words_of
from groundwire.review.tables import search


def searchable(store: SqlStore) -> int:
    with store.database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(search)) or 0)


def test_what_was_stored_is_searchable_soon(kept: SqlStore) -> None:
    count = PORTION * 2 + 5
    for number in range(count):
        kept.save(a_report(f"r-{number}", answer=f"Answer {number}."))
    until = time.monotonic() + 30
    while searchable(kept) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_search_finds_what_was_stored_a_moment_ago(kept: SqlStore) -> None:
    kept.save(a_report("r-1", answer="Xylophone <script> metronome"))
    for sought in ("xylophone", "METRONOME", "xylophone metronome"):
        assert [line.id for line in Desk(kept.database).queue(Filter(text=sought)).lines] == ["r-1"]
    assert not Desk(kept.database).queue(Filter(text="xylophone trumpet")).lines


def test_a_rule_that_fired_often_is_found_as_one_that_did_not(kept: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        kept.save(a_report(f"r-{number}"))
    for few in (5, 6):
        monkeypatch.setattr(filters, "FEW", few)
        assert len(Desk(kept.database).queue(Filter(rule="default.wrong")).lines) == 6
        assert not Desk(kept.database).queue(Filter(rule="default.right")).lines


def test_many_at_once_make_each_searchable_once(kept: SqlStore) -> None:
    for number in range(40):
        kept.save(a_report(f"r-{number}"))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: catch_up(kept.database, 7), range(30)))
    while catch_up(kept.database, 7):
        pass
    assert searchable(kept) == 40


def test_a_crash_before_loses_nothing(url: str) -> None:
    with closing(SqlStore(url)) as store:
        for number in range(5):
            store.save(a_report(f"r-{number}"))
        erasing.erase_report(store.database, "r-2", "dpo")
    with closing(SqlStore(url)) as again:
        catch_up(again.database, 100)
        assert searchable(again) == 4


def test_an_error_in_the_log_shows_nothing_that_was_said(kept: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    with kept.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE meta RENAME TO elsewhere")
    kept.save(a_report("r-1", answer="Xylophone"))
    until = time.monotonic() + 30
    while not caplog.records:
        assert time.monotonic() < until
        time.sleep(0.02)
    with kept.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE claims")
    with pytest.raises(VerificationError) as refused:
        kept.save(a_report("r-2", answer="Xylophone"))
    assert "ylophone" not in str(refused.value) + caplog.text


def test_a_damaged_body_has_no_words() -> None:
    for body in ("", "{", "[]", "{}", '{"question": 1, "answer": 2, "claims": [], "delivered": 3}'):
        assert words_of(body) == ""
