"""Kept reports by time, as the rules' replay reads them: in order, a page at a time, with their requests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report

from groundwire.errors import VerificationError
from groundwire.review import FailingStore, MemoryStore, ReportStore, SqlStore, by_time, sql

NOON = datetime(2026, 11, 25, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ReportStore]:
    kept = MemoryStore() if request.param == "memory" else SqlStore(f"sqlite:///{tmp_path}/reports.db")
    yield kept
    kept.close()


def save(store: ReportStore, name: str, created: datetime) -> None:
    store.save(a_report(name).model_copy(update={"created": created}), request={"user": name})


def names(store: ReportStore, since: datetime | None = None, until: datetime | None = None) -> list[str]:
    return [stored.report.id for stored in store.reports(since, until)]


def test_reports_come_oldest_first_with_their_requests(store: ReportStore) -> None:
    for name, hours in (("b", 2), ("a", 1), ("c", 3)):
        save(store, name, NOON + timedelta(hours=hours))
    store.save(a_report("d").model_copy(update={"created": NOON}))
    assert names(store) == ["d", "a", "b", "c"]
    first, second, *_ = store.reports()
    assert (first.request, second.request) == (None, {"user": "a"})
    assert second.report == a_report("a").model_copy(update={"created": NOON + timedelta(hours=1)})


def test_since_belongs_to_the_time_and_until_does_not(store: ReportStore) -> None:
    for name, minutes in (("a", 0), ("b", 1), ("c", 2)):
        save(store, name, NOON + timedelta(minutes=minutes))
    middle, end = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    assert names(store, middle) == ["b", "c"]
    assert names(store, None, end) == ["a", "b"]
    assert names(store, middle, end) == ["b"]
    assert names(store, end, middle) == []
    elsewhere = middle.astimezone(timezone(timedelta(hours=-7)))
    assert names(store, elsewhere, middle.replace(tzinfo=None)) == []
    assert names(store, elsewhere) == ["b", "c"]


def test_pages_lose_and_repeat_nothing(store: ReportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_time, "PAGE", 3)
    for number in range(10):  # many at the same moment
        save(store, f"r{number}", NOON + timedelta(seconds=number // 4))
    assert names(store) == [f"r{number}" for number in range(10)]
    assert names(store, NOON + timedelta(seconds=1)) == [f"r{number}" for number in range(4, 10)]


def test_a_report_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/reports.db")
    save(store, "good", NOON)
    save(store, "bad", NOON + timedelta(hours=1))
    with store._engine.begin() as connection:
        connection.execute(sa.update(sql._reports).where(sql._reports.c.id == "bad").values(body='{"id": 1}'))
    found = store.reports()
    assert next(found).report.id == "good"
    with pytest.raises(VerificationError, match="report bad"):
        next(found)
    store.close()


def test_a_store_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(VerificationError):
        list(FailingStore().reports())
    store = SqlStore(f"sqlite:///{tmp_path}/reports.db")
    with store._engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE reports"))
    with pytest.raises(VerificationError, match="reports cannot be read"):
        list(store.reports())
    store.close()
