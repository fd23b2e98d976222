"""Content is erased, and the chain stays whole: it holds salted hashes, and the salts are erased with the content.

What stays of a report is its id, time, verdict, scores, model and rules: nothing that a person said.
"""

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.rows import person_hash, person_key
from groundwire.review.tables import decisions, persons, proposals, reports, search

AT_ONCE = 500


class Retention:
    """Erases the content of reports that are older than `days`, looking once an hour."""

    at_the_end = False
    every_s = 3600.0

    def __init__(self, days: float) -> None:
        self.days = days
        self._next = 0.0

    def due(self, now: float) -> bool:
        return now >= self._next

    def run(self, database: Database) -> None:
        """Erase one portion; answers that wait to be stored go first, the next portion follows."""
        if erase_older(database, self.days, "groundwire", most=AT_ONCE) < AT_ONCE:
            self._next = time.monotonic() + self.every_s


def erase_older(database: Database, days: float, actor: str, *, most: int | None = None) -> int:
    """Erase content older than `days`. Returns how many reports lost theirs."""
    before = datetime.now(UTC) - timedelta(days=days)
    return _erase(database, reports.c.created < before, actor, "age", most)


def erase_person(database: Database, name: str, actor: str) -> int:
    """Erase the content of every report whose request named this person as its user."""
    with database.reading() as connection:
        key = person_key(connection)
    mine = sa.select(persons.c.report).where(persons.c.person == person_hash(name, key))
    return _erase(database, reports.c.number.in_(mine), actor, "person")


def erase_report(database: Database, id: str, actor: str) -> int:
    """Erase the content of one report."""
    return _erase(database, reports.c.id == id, actor, "report")


def _erase(database: Database, which: sa.ColumnElement[bool], actor: str, why: str, most: int | None = None) -> int:
    total = 0
    query = sa.select(reports.c.number, reports.c.id).where(which, reports.c.content != "erased").limit(AT_ONCE)
    while most is None or total < most:
        with database.writing() as connection:
            found = connection.execute(query).all()
            if not found:
                break
            numbers = [row.number for row in found]
            gone = {"body": None, "request": None, "salt": None, "content": "erased"}
            connection.execute(sa.update(reports).where(reports.c.number.in_(numbers)).values(**gone))
            for table in (decisions, proposals):
                mine = table.c.report.in_(numbers)
                connection.execute(sa.update(table).where(mine).values(words=None, salt=None))
            connection.execute(sa.delete(persons).where(persons.c.report.in_(numbers)))
            connection.execute(sa.delete(search).where(search.c.rowid.in_(numbers)))
            chain.append(connection, [chain.Event("erase", row.id, actor, {"why": why}) for row in found])
        total += len(found)
    if total:
        _scrub(database)
    return total


def _scrub(database: Database) -> None:
    """SQLite: what was deleted also leaves the search index's segments and the write-ahead log."""
    if not database.is_sqlite:
        return
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO search(search) VALUES ('optimize')")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
