"""What the last days were like: verdicts by model and application, and how often two reviewers said the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, groupby
from typing import Any

import sqlalchemy as sa

from groundwire.review.database import Database
from groundwire.review.tables import decisions, reports

MOST_ROWS = 20
_RIGHT = {"confirm": True, "correct": True, "false_alarm": False}
"""Whether a decision says that it was right to flag something."""


def last_days(count: int) -> list[str]:
    """The last days, today among them, oldest first."""
    today = datetime.now(UTC).date()
    return [(today - timedelta(days=back)).isoformat() for back in range(count - 1, -1, -1)]


def by_model(database: Database, days: int) -> list[tuple[str | None, dict[str, int]]]:
    """Reports by verdict for each model that answered in the last days, those with the most answers first."""
    return _by(database, reports.c.model, days)


def by_application(database: Database, days: int) -> list[tuple[str | None, dict[str, int]]]:
    """Reports by verdict for each application that asked in the last days, those that asked most first."""
    return _by(database, reports.c.application, days)


def _by(database: Database, what: sa.Column[Any], days: int) -> list[tuple[str | None, dict[str, int]]]:
    """Reports by verdict for each value of a column.

    Each report is looked at, in no index: at a hundred thousand on SQLite that takes half a second.
    """
    query = sa.select(what, reports.c.verdict, sa.func.count()).where(reports.c.day >= last_days(days)[0])
    found: dict[str | None, dict[str, int]] = {}
    with database.reading() as connection:
        for value, verdict, count in connection.execute(query.group_by(what, reports.c.verdict)):
            found.setdefault(value, {})[verdict] = count
    ordered = sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0] or ""))
    return ordered[:MOST_ROWS]


def agreement(database: Database, days: int) -> tuple[int, int]:
    """On the reports of the last days: how often two reviewers judged one claim alike, and how often they judged one.

    The last word of each counts, and whether it says that it was right to flag the claim.
    """
    with database.reading() as connection:
        pairs = [one is other for words in _words(connection, days) for one, other in combinations(words, 2)]
    return sum(pairs), len(pairs)


def _words(connection: sa.Connection, days: int) -> Iterator[list[bool]]:
    """For each claim on which several decided, the last word of each of them."""
    settle = decisions.c.kind.in_(_RIGHT)
    several = sa.select(decisions.c.report).where(settle).group_by(decisions.c.report)
    several = several.having(sa.func.count(decisions.c.by.distinct()) > 1)
    joined = sa.join(decisions, reports, decisions.c.report == reports.c.number)  # few: looked up by number, not by day
    query = sa.select(decisions.c.report, decisions.c.claim, decisions.c.by, decisions.c.kind).select_from(joined)
    query = query.where(settle, decisions.c.report.in_(several), reports.c.day >= last_days(days)[0])
    query = query.order_by(decisions.c.number)
    rows = sorted(connection.execute(query).all(), key=lambda row: (row.report, row.claim or ""))
    for _, mine in groupby(rows, key=lambda row: (row.report, row.claim)):
        yield list({row.by: _RIGHT[row.kind] for row in mine}.values())
