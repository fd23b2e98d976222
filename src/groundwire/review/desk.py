"""What reviewers see and do, as data: the queue, one report with its decisions, trends, and decisions themselves.

A decision names the version of the report that it was made on. If somebody else decided meanwhile it is refused, and
that it was tried is written into the audit chain as well.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.model import Action, Report
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.deciding import ConflictError, last_decisions, other, sensible, state, targets, waiting, write
from groundwire.review.filters import Filter, conditions
from groundwire.review.people import Role, acting
from groundwire.review.rows import RANKS
from groundwire.review.searching import catch_up
from groundwire.review.sql import read
from groundwire.review.tables import claims, decisions, reports
from groundwire.review.trending import last_days

PAGE = 50
MOST_AT_ONCE = 500
MOST_CHOICES = 200


class Line(NamedTuple):
    """One report in the queue. `words` are the statement that it is about, `shown` how many claims were flagged."""

    id: str
    created: datetime
    verdict: str
    score: float
    model: str | None
    application: str | None
    state: str
    assigned: str | None
    version: int
    waits: bool
    words: str
    rules: tuple[str, ...]


class Choices(NamedTuple):
    """The rules that fired, the models that answered, the applications that asked, and the people who decided."""

    rules: list[str]
    models: list[str]
    applications: list[str]
    reviewers: list[str]


class Page(NamedTuple):
    lines: list[Line]
    more: bool


class Made(NamedTuple):
    """A decision that was made. `words`: note, correction, and what was missed."""

    number: int
    claim: str | None
    kind: str
    by: str
    at: datetime
    words: Mapping[str, Any]


class Opened(NamedTuple):
    """One report with what was decided. `report` is None where its content is not kept."""

    id: str
    created: datetime
    verdict: str
    content: str
    application: str | None
    state: str
    assigned: str | None
    version: int
    waits: frozenset[str]
    report: Report | None
    request: Mapping[str, Any]
    decisions: list[Made]


class Desk:
    """The reviewers' side of a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def queue(self, wanted: Filter, me: str = "") -> Page:
        """One page of reports, as `me` sees it. What was stored a moment ago is made searchable first.

        Raises: InputError where words are looked for in content that is encrypted.
        """
        if wanted.text and self.database.seal:
            raise InputError("text", "what was said is encrypted here, and cannot be searched.", "other filters")
        if wanted.text:
            catch_up(self.database, MOST_AT_ONCE)
        names = [
            "number",
            "id",
            "created",
            "verdict",
            "score",
            "model",
            "application",
            "state",
            "assigned",
            "version",
            "body",
        ]
        query = sa.select(*(reports.c[name] for name in names)).where(*conditions(self.database, wanted, me))
        newest = (reports.c.created.desc(), reports.c.number.desc())
        order = (reports.c.rank.desc(), *newest) if wanted.sort == "worst" else newest
        query = query.order_by(*order).limit(PAGE + 1).offset(PAGE * (wanted.page - 1))
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
            numbers = [row.number for row in rows]
            two = sa.select(claims.c.report).where(claims.c.report.in_(numbers), claims.c.second == 1).distinct()
            waits = {one for one in connection.scalars(two).all() if _waits(connection, one)}
        return Page([_line(row, row.number in waits) for row in rows[:PAGE]], len(rows) > PAGE)

    def counts(self) -> dict[str, int]:
        """Open reports by verdict."""
        query = sa.select(reports.c.rank, sa.func.count()).where(reports.c.state == "open").group_by(reports.c.rank)
        with self.database.reading() as connection:
            found: dict[int, int] = {rank: count for rank, count in connection.execute(query)}  # noqa: C416 - rows
        return {verdict: found[rank] for verdict, rank in RANKS.items() if rank in found}

    def choices(self) -> Choices:
        """What there is to filter by."""
        with self.database.reading() as connection:
            by = connection.scalars(sa.select(decisions.c.by).distinct().order_by(decisions.c.by).limit(MOST_CHOICES))
            columns = (claims.c.rule, reports.c.model, reports.c.application)
            rules, models, applications = (_distinct(connection, column) for column in columns)
            return Choices(rules, models, applications, list(by))

    def open(self, id: str) -> Opened | None:
        """One report, or None where there is none. Raises: VerificationError where it is damaged."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(reports).where(reports.c.id == id)).first()
            if row is None:
                return None
            query = sa.select(decisions).where(decisions.c.report == row.number).order_by(decisions.c.number)
            made = [
                Made(one.number, one.claim, one.kind, one.by, _utc(one.at), json.loads(one.words or "{}"))
                for one in connection.execute(query)
            ]
            waits = _waits(connection, row.number)
        report = read(self.database.shown, id, row.body) if row.body else None
        request = json.loads(row.request) if row.request else {}
        when = _utc(row.created)
        shown = (row.verdict, row.content, row.application, row.state, row.assigned, row.version)
        return Opened(id, when, *shown, waits, report, request, made)

    def next_open(self, id: str) -> str | None:
        """The next report to decide on, older than this one."""
        created = sa.select(reports.c.created).where(reports.c.id == id).scalar_subquery()
        query = sa.select(reports.c.id).where(reports.c.state == "open", reports.c.created < created)
        with self.database.reading() as connection:
            return connection.scalar(query.order_by(reports.c.created.desc()).limit(1))

    def decide(
        self,
        id: str,
        version: int,
        kind: str,
        by: str,
        *,
        claim: str | None = None,
        note: str = "",
        right: str = "",
    ) -> None:
        """Write down what somebody decided. Without `claim`: of every flagged claim that nobody decided on yet.

        `right` is what would be right, or the words that should have been flagged.
        Raises: InputError; ConflictError where the report is not in `version` any more.
        """
        words = {name: text for name, text in (("note", note.strip()), ("right", right.strip())) if text}
        sensible(kind, words)
        by_whom: ConflictError | None = None
        with self.database.writing() as connection:
            row = connection.execute(
                sa.select(reports.c.number, reports.c.version, reports.c.content).where(reports.c.id == id)
            ).first()
            if row is None:
                raise InputError("report", f"there is no {id!r:.140}.", "the id of a stored report")
            acted = acting(connection, by, Role.REVIEWER)
            if row.version != version:
                by_whom = other(connection, id)
                content = {"kind": kind, "claim": claim, "why": "conflict"}
                chain.append(connection, [chain.Event("decision.refused", id, by, content)])
            elif words and row.content == "erased":
                raise InputError("report", f"{id} was erased: no words are kept of it.", "a decision without words")
            else:
                about = targets(connection, row.number, kind, claim, by)
                made = write(connection, row.number, kind, by, about, words)
                now = state(connection, row.number, kind)
                changed = sa.update(reports).where(reports.c.number == row.number)
                connection.execute(changed.values(version=version + 1, state=now))
                became = {"state": now, "version": version + 1, **acted}
                chain.append(connection, [chain.Event("decision", id, by, {**one, **became}) for one in made])
        if by_whom is not None:
            raise by_whom

    def trends(self, days: int) -> list[tuple[str, dict[str, int]]]:
        """Reports by verdict for each of the last days, oldest first."""
        names = last_days(days)
        query = sa.select(reports.c.day, reports.c.verdict, sa.func.count()).where(reports.c.day >= names[0])
        found: dict[str, dict[str, int]] = {name: {} for name in names}
        with self.database.reading() as connection:
            for day, verdict, count in connection.execute(query.group_by(reports.c.day, reports.c.verdict)):
                if day in found:
                    found[day][verdict] = count
        return list(found.items())

    def by_rule(self, days: int) -> list[tuple[str, int, int]]:
        """Rule, decisions that were right to fire, and false alarms, on the reports of the last days.

        The last decision on a claim counts.
        """
        recent = sa.select(reports.c.number).where(reports.c.day >= last_days(days)[0])
        last = last_decisions().where(decisions.c.report.in_(recent))
        query = (
            sa.select(decisions.c.rule, decisions.c.kind, sa.func.count())
            .where(decisions.c.number.in_(last), decisions.c.rule.is_not(None))
            .group_by(decisions.c.rule, decisions.c.kind)
        )
        found: dict[str, dict[str, int]] = {}
        with self.database.reading() as connection:
            for rule, kind, count in connection.execute(query):
                found.setdefault(rule, {})[kind] = count
        return [
            (rule, kinds.get("confirm", 0) + kinds.get("correct", 0), kinds.get("false_alarm", 0))
            for rule, kinds in sorted(found.items())
        ]


def _utc(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _waits(connection: sa.Connection, report: int) -> frozenset[str]:
    """The claims on which one person decided, and that need a second."""
    return frozenset(claim for claim, words in waiting(connection, report).items() if words)


def _line(row: sa.Row[Any], waits: bool) -> Line:
    words, rules = "", ()
    if row.body:
        try:
            body = json.loads(row.body)
            flagged = [claim for claim in body["claims"] if claim["decision"]["action"] != Action.ALLOW]
            words = flagged[0]["text"] if flagged else body["answer"]
            rules = tuple(dict.fromkeys(claim["decision"]["rule"] for claim in flagged))
        except (ValueError, LookupError, TypeError):
            words = "(damaged)"
    when = _utc(row.created)
    shown = (row.model, row.application, row.state, row.assigned, row.version)
    return Line(row.id, when, row.verdict, row.score, *shown, waits, words[:300], rules)


def _distinct(connection: sa.Connection, column: sa.ColumnElement[Any]) -> list[str]:
    """The values of an indexed column, by jumping from one to the next: there are few, in very many rows."""
    found: list[str] = []
    query = sa.select(sa.func.min(column))
    while len(found) < MOST_CHOICES:
        value = connection.scalar(query.where(column > found[-1]) if found else query)
        if value is None:
            break
        found.append(value)
    return found
