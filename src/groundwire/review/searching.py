"""The words of reports, made searchable after the answer left: it would be held up by a third of what storing takes.

How far that went stands in the database: whichever process has time takes the next portion, and a crash loses nothing.
"""

import json
import re
import time
from typing import Any

import sqlalchemy as sa

from groundwire.review.database import Database
from groundwire.review.tables import meta, reports, search

PORTION = 32
RETRY_S = 5.0
MOST_SEARCHED = 100_000
"""Characters of one report that are searched. PostgreSQL takes no more than a megabyte of words."""

_MARK = "searchable"


class Searchable:
    """A chore: makes one portion searchable. `due` until nothing is left, then again when reports came."""

    at_the_end = False

    def __init__(self) -> None:
        self.pending = True
        self._next = 0.0

    def due(self, now: float) -> bool:
        return self.pending and now >= self._next

    def run(self, database: Database) -> None:
        """Make one portion searchable; answers that wait to be stored go first, the next portion follows."""
        self._next = time.monotonic() + RETRY_S  # should it fail
        self.pending = catch_up(database, PORTION) == PORTION
        self._next = 0.0


def catch_up(database: Database, most: int) -> int:
    """Make up to `most` more reports searchable, oldest first. Returns how many were looked at.

    None where content is encrypted: the words would stand in the index for all to read.
    """
    if database.seal:
        return 0
    with database.reading() as connection:
        done = _done(connection)
        if not connection.scalar(sa.select(reports.c.number).where(reports.c.number > done).limit(1)):
            return 0
    with database.writing() as connection:
        done = _done(connection)
        query = sa.select(reports.c.number, reports.c.body).where(reports.c.number > done)
        rows = connection.execute(query.order_by(reports.c.number).limit(most)).all()
        if not rows:
            return 0
        found = [{"rowid": row.number, "words": words_of(row.body)} for row in rows if row.body]
        if found:
            connection.execute(sa.delete(search).where(search.c.rowid.in_([one["rowid"] for one in found])))
            connection.execute(sa.insert(search), found)
        connection.execute(sa.delete(meta).where(meta.c.key == _MARK))
        connection.execute(sa.insert(meta).values(key=_MARK, value=str(rows[-1].number)))
    return len(rows)


def words_of(body: str) -> str:
    """What a text search finds: question and answer, what went out, and the claims with names for pronouns.

    Only words: PostgreSQL would read `<script>` as a tag, and nothing after it.
    """
    try:
        report: dict[str, Any] = json.loads(body)
        texts = [report["question"], report["answer"], *(claim["text"] for claim in report["claims"])]
        texts.append(report["delivered"])
        joined = "\n".join(filter(None, dict.fromkeys(texts)))
    except (ValueError, LookupError, TypeError):  # damaged: `audit-log verify` says so
        return ""
    return " ".join(re.findall(r"\w+", joined))[:MOST_SEARCHED]


def _done(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.select(meta.c.value).where(meta.c.key == _MARK)) or 0)
