"""Content is erased, and the chain stays whole: it holds salted hashes, and the salts are erased with the content.

What stays of a report is its id, time, verdict, scores, model and rules: nothing that a person said.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.rows import person_hash, person_key
from groundwire.review.tables import claims, decisions, meta, persons, proposals, reports, search

AT_ONCE = 500
PAGES = 64
"""Of the search index, merged under one lock: some 20 ms, in which no answer can be stored."""
SLICE_S = 0.1
"""How long a store's own thread scrubs before it looks for answers again."""

PAUSE_S = 0.02
"""Between two steps at the command line: whoever waits for the lock looks that often whether it is free."""

_UNSCRUBBED = "unscrubbed"


class Retention:
    """Erases the content of reports that are older than `days`, looking once an hour.

    `by_rule`: days by the id of a rule, for reports on which it fired. Of several such rules the longest time counts.
    """

    at_the_end = False
    every_s = 3600.0

    def __init__(self, days: float | None, by_rule: Mapping[str, float] | None = None) -> None:
        self.days, self.by_rule = days, dict(by_rule or {})
        self._next = 0.0
        self._scrubbing: Scrubbing | None = None

    def due(self, now: float) -> bool:
        return self._scrubbing is not None or now >= self._next

    def run(self, database: Database) -> None:
        """Erase or scrub one portion; answers that wait to be stored go first, the next portion follows."""
        if self._scrubbing is not None:
            if self._scrubbing.run(time.monotonic() + SLICE_S):
                self._scrubbing = None
        elif _erase(database, _outlived(self.days, self.by_rule), "groundwire", "age", AT_ONCE) < AT_ONCE:
            self._next = time.monotonic() + self.every_s
            self._scrubbing = Scrubbing(database)


def erase_older(database: Database, days: float, actor: str) -> int:
    """Erase content older than `days`. Returns how many reports lost theirs."""
    return _erased(database, _older(days), actor, "age")


def erase_person(database: Database, name: str, actor: str) -> int:
    """Erase the content of every report whose request named this person as its user."""
    with database.reading() as connection:
        key = person_key(connection)
    mine = sa.select(persons.c.report).where(persons.c.person == person_hash(name, key))
    return _erased(database, reports.c.number.in_(mine), actor, "person")


def erase_report(database: Database, id: str, actor: str) -> int:
    """Erase the content of one report."""
    return _erased(database, reports.c.id == id, actor, "report")


def _older(days: float) -> sa.ColumnElement[bool]:
    return reports.c.created < datetime.now(UTC) - timedelta(days=days)


def _outlived(days: float | None, by_rule: Mapping[str, float]) -> sa.ColumnElement[bool]:
    """Reports whose time is over: that of the rules that fired on them, else `days`, if there is such a number."""
    kinds = [_older(days) & ~_fired(by_rule)] if days is not None else []
    for each in sorted(set(by_rule.values())):
        mine = [rule for rule, kept in by_rule.items() if kept == each]
        longer = [rule for rule, kept in by_rule.items() if kept > each]
        kinds.append(_older(each) & _fired(mine) & ~_fired(longer))
    return sa.or_(sa.false(), *kinds)


def _fired(rules: Iterable[str]) -> sa.ColumnElement[bool]:
    mine = (claims.c.report == reports.c.number, claims.c.rule.in_(list(rules)))
    return sa.select(claims.c.report).where(*mine).exists()


def _erased(database: Database, which: sa.ColumnElement[bool], actor: str, why: str) -> int:
    count = _erase(database, which, actor, why)
    scrub(database)
    return count


def to_scrub(connection: sa.Connection) -> None:
    """Note, with what makes it so, that there is something to scrub."""
    connection.execute(sa.delete(meta).where(meta.c.key == _UNSCRUBBED))
    connection.execute(sa.insert(meta).values(key=_UNSCRUBBED, value=secrets.token_hex(8)))


def scrub(database: Database) -> None:
    """Do all the scrubbing that is wanted, and let others write in between."""
    scrubbing = Scrubbing(database)
    while not scrubbing.run(0.0):
        time.sleep(PAUSE_S)


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
            to_scrub(connection)
        total += len(found)
    return total


class Scrubbing:
    """SQLite: what was deleted also leaves the search index's segments and the write-ahead log.

    The segments are merged a few pages at a time, because nobody else can write meanwhile. That it is to be done
    stands in the database, under a token: what was broken off is done by whoever erases next, and by a store that keeps
    for so many days when it opens; and what others erased meanwhile stays to be done.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted: str | None = None
        self._pages = -PAGES  # the first step takes all segments together, those after it go on with that

    def run(self, until: float) -> bool:
        """Make a step, and more `until` that moment of `time.monotonic()`. Returns whether nothing is left to do."""
        if not self._wanted:
            with self._database.reading() as connection:
                self._wanted = connection.scalar(sa.select(meta.c.value).where(meta.c.key == _UNSCRUBBED))
        if not self._wanted:
            return True
        while self._database.is_sqlite and self._merged():
            if time.monotonic() >= until:
                return False
        if self._database.is_sqlite:
            with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._database.writing() as connection:
            connection.execute(sa.delete(meta).where(meta.c.key == _UNSCRUBBED, meta.c.value == self._wanted))
        return True

    def _merged(self) -> bool:
        """Whether something was left to merge: SQLite counts the rows of the index that were written."""
        with self._database.writing() as connection:
            raw: Any = connection.connection.dbapi_connection
            before = raw.total_changes
            connection.exec_driver_sql("INSERT INTO search(search, rank) VALUES ('merge', ?)", (self._pages,))
            self._pages = PAGES
            return bool(raw.total_changes - before >= 2)
