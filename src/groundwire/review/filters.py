"""Which reports a queue shows: what its address says, and how a database is asked for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from groundwire.model import Severity
from groundwire.review.database import Database
from groundwire.review.rows import LONGEST_NAME, RANKS, SEVERITIES
from groundwire.review.tables import claims, decisions, reports, search

FEW = 5000
WHOSE = ("me", "somebody", "nobody")
_RULE = claims.c.rule.is_not(None)


@dataclass(frozen=True)
class Filter:
    """Which reports a queue shows. Empty fields filter nothing; days are ISO dates in UTC, both included."""

    state: str = "open"
    verdict: str = ""
    severity: str = ""
    rule: str = ""
    model: str = ""
    application: str = ""
    assigned: str = ""
    reviewer: str = ""
    since: str = ""
    until: str = ""
    text: str = ""
    sort: str = "newest"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        """From a URL's query. What is no value of a field is left out: an old link still opens."""
        day = re.compile(r"\d{4}-\d\d-\d\d")
        page = query.get("page", "1")
        since, until = query.get("since", ""), query.get("until", "")
        return cls(
            state=_one_of(query.get("state", ""), ("open", "decided", "all")),
            verdict=_one_of(query.get("verdict", ""), ("", *RANKS)),
            severity=_one_of(query.get("severity", ""), ("", *SEVERITIES)),
            rule=query.get("rule", "")[:128],
            model=query.get("model", "")[:200],
            application=query.get("application", "")[:LONGEST_NAME].replace("\x00", ""),
            assigned=_one_of(query.get("assigned", ""), ("", *WHOSE)),
            reviewer=query.get("reviewer", "")[:128].replace("\x00", ""),
            since=since if day.fullmatch(since) else "",
            until=until if day.fullmatch(until) else "",
            text=query.get("text", "")[:200].replace("\x00", ""),
            sort=_one_of(query.get("sort", ""), ("newest", "worst")),
            page=min(int(page), 1000) if page.isascii() and page.isdigit() and page != "0" else 1,
        )

    @property
    def narrows(self) -> bool:
        """Whether it shows not all reports of a state."""
        return replace(self, state="open", sort="newest", page=1) != Filter()

    def query(self, **changes: Any) -> str:
        """The query of an address that shows it, with changes; without what a filter has by default."""
        fields, plain = asdict(replace(self, **changes)), asdict(Filter())
        return urlencode({name: value for name, value in fields.items() if value != plain[name]})


def conditions(database: Database, wanted: Filter, me: str = "") -> list[sa.ColumnElement[bool]]:
    """What a report must be like to be shown. `me`: whose reports are those that are assigned to me."""
    where: list[sa.ColumnElement[bool]] = []
    if wanted.state != "all":
        where.append(reports.c.state == wanted.state)
    if wanted.verdict:
        where.append(reports.c.rank == RANKS[wanted.verdict])
    if wanted.severity:
        where.append(reports.c.severity == SEVERITIES.index(Severity(wanted.severity)))
        if wanted.severity == SEVERITIES[0]:  # a report on which no rule fired has the same number
            where.append(sa.select(claims.c.rule).where(claims.c.report == reports.c.number, _RULE).exists())
    if wanted.model:
        where.append(reports.c.model == wanted.model)
    if wanted.application:
        where.append(reports.c.application == wanted.application)
    if wanted.assigned == "me":
        where.append(reports.c.assigned == me)
    elif wanted.assigned:
        nobody = reports.c.assigned.is_(None)
        where.append(nobody if wanted.assigned == "nobody" else ~nobody)
    if wanted.reviewer:
        mine = sa.select(decisions.c.report).where(decisions.c.by == wanted.reviewer)
        where.append(reports.c.number.in_(mine))
    if since := _day(wanted.since):  # by the moment and not by `day`: the queue is indexed by it
        where.append(reports.c.created >= since)
    if until := _day(wanted.until):
        where.append(reports.c.created < until + timedelta(days=1))
    if wanted.rule:
        where.append(_fired(database, wanted.rule))
    if sought := re.findall(r"\w+", wanted.text):
        where.append(reports.c.number.in_(_found(database, sought)))
    return where


def _fired(database: Database, rule: str) -> sa.ColumnElement[bool]:
    """Reports on which a rule fired: looked up where they are few, met on the way where they are many."""
    mine = sa.select(claims.c.report).where(claims.c.rule == rule)
    with database.reading() as connection:
        few = sa.select(sa.func.count()).select_from(mine.limit(FEW + 1).subquery())
        if (connection.scalar(few) or 0) <= FEW:
            return reports.c.number.in_(mine)
    return mine.where(claims.c.report == reports.c.number).exists()


def _found(database: Database, sought: Sequence[str]) -> sa.Select[Any]:
    query = sa.select(search.c.rowid)
    if database.is_sqlite:
        quoted = " ".join(f'"{word}"' for word in sought)
        return query.where(sa.text("search MATCH :sought").bindparams(sought=quoted))
    return query.where(sa.text("vector @@ plainto_tsquery('simple', :sought)").bindparams(sought=" ".join(sought)))


def _one_of(given: str, known: Sequence[str]) -> str:
    return given if given in known else known[0]


def _day(day: str) -> datetime | None:
    """The beginning of a day, or None where it is none: 30 February filters nothing."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None
