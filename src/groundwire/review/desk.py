"""What reviewers see and do, as data: the queue, one report with its decisions, trends, and decisions themselves.

A decision names the version of the report that it was made on. If somebody else decided meanwhile it is refused, and
that it was tried is written into the audit chain as well.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.model import Action, Report
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.people import Role, acting
from groundwire.review.rows import RANKS, at_utc
from groundwire.review.searching import catch_up
from groundwire.review.sql import read
from groundwire.review.tables import claims, decisions, reports, search
from groundwire.review.trending import last_days

PAGE = 50
MOST_AT_ONCE = 500
FEW = 5000
MOST_CHOICES = 200
KINDS = ("confirm", "false_alarm", "missed", "correct", "note", "reopen")
"""What a reviewer may say of a claim or an answer. The first two decide what was flagged."""
_SETTLES = ("confirm", "false_alarm", "correct")
LONGEST_WORDS = 10_000


class ConflictError(Exception):
    """Somebody else decided on this report in the meantime: `by` them, and how."""

    def __init__(self, by: str, kind: str) -> None:
        self.by, self.kind = by, kind
        super().__init__(f"{by} decided on this report in the meantime ({kind.replace('_', ' ')}).")


@dataclass(frozen=True)
class Filter:
    """Which reports a queue shows. Empty fields filter nothing; days are ISO dates in UTC, both included."""

    state: str = "open"
    verdict: str = ""
    rule: str = ""
    model: str = ""
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
            verdict=query.get("verdict", "") if query.get("verdict", "") in RANKS else "",
            rule=query.get("rule", "")[:128],
            model=query.get("model", "")[:200],
            reviewer=query.get("reviewer", "")[:128].replace("\x00", ""),
            since=since if day.fullmatch(since) else "",
            until=until if day.fullmatch(until) else "",
            text=query.get("text", "")[:200].replace("\x00", ""),
            sort=_one_of(query.get("sort", ""), ("newest", "worst")),
            page=min(int(page), 1000) if page.isascii() and page.isdigit() and page != "0" else 1,
        )

    def query(self, **changes: Any) -> str:
        """The query of an address that shows it, with changes; without what a filter has by default."""
        fields, plain = asdict(replace(self, **changes)), asdict(Filter())
        return urlencode({name: value for name, value in fields.items() if value != plain[name]})


class Line(NamedTuple):
    """One report in the queue. `words` are the statement that it is about, `shown` how many claims were flagged."""

    id: str
    created: datetime
    verdict: str
    score: float
    model: str | None
    state: str
    version: int
    words: str
    rules: tuple[str, ...]


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
    state: str
    version: int
    report: Report | None
    request: Mapping[str, Any]
    decisions: list[Made]


class Desk:
    """The reviewers' side of a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def queue(self, wanted: Filter) -> Page:
        """One page of reports. What was stored a moment ago is made searchable first.

        Raises: InputError where words are looked for in content that is encrypted.
        """
        if wanted.text and self.database.seal:
            raise InputError("text", "what was said is encrypted here, and cannot be searched.", "other filters")
        if wanted.text:
            catch_up(self.database, MOST_AT_ONCE)
        names = ("number", "id", "created", "verdict", "score", "model", "state", "version", "body")
        query = sa.select(*(reports.c[name] for name in names)).where(*self._where(wanted))
        newest = (reports.c.created.desc(), reports.c.number.desc())
        order = (reports.c.rank.desc(), *newest) if wanted.sort == "worst" else newest
        query = query.order_by(*order).limit(PAGE + 1).offset(PAGE * (wanted.page - 1))
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return Page([_line(row) for row in rows[:PAGE]], len(rows) > PAGE)

    def counts(self) -> dict[str, int]:
        """Open reports by verdict."""
        query = sa.select(reports.c.rank, sa.func.count()).where(reports.c.state == "open").group_by(reports.c.rank)
        with self.database.reading() as connection:
            found: dict[int, int] = {rank: count for rank, count in connection.execute(query)}  # noqa: C416 - rows
        return {verdict: found[rank] for verdict, rank in RANKS.items() if rank in found}

    def choices(self) -> tuple[list[str], list[str], list[str]]:
        """The rules that fired, the models that answered and the people who decided, to filter by."""
        with self.database.reading() as connection:
            by = connection.scalars(sa.select(decisions.c.by).distinct().order_by(decisions.c.by).limit(MOST_CHOICES))
            return _distinct(connection, claims.c.rule), _distinct(connection, reports.c.model), list(by)

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
        report = read(self.database.shown, id, row.body) if row.body else None
        request = json.loads(row.request) if row.request else {}
        when = _utc(row.created)
        return Opened(id, when, row.verdict, row.content, row.state, row.version, report, request, made)

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
        _sensible(kind, words)
        by_whom: ConflictError | None = None
        with self.database.writing() as connection:
            row = connection.execute(
                sa.select(reports.c.number, reports.c.version, reports.c.content).where(reports.c.id == id)
            ).first()
            if row is None:
                raise InputError("report", f"there is no {id!r:.140}.", "the id of a stored report")
            acted = acting(connection, by, Role.REVIEWER)
            if row.version != version:
                by_whom = _other(connection, row.number)
                content = {"kind": kind, "claim": claim, "why": "conflict"}
                chain.append(connection, [chain.Event("decision.refused", id, by, content)])
            elif words and row.content == "erased":
                raise InputError("report", f"{id} was erased: no words are kept of it.", "a decision without words")
            else:
                targets = _targets(connection, row.number, kind, claim)
                made = _write(connection, row.number, kind, by, targets, words)
                state = _state(connection, row.number, kind)
                changed = sa.update(reports).where(reports.c.number == row.number)
                connection.execute(changed.values(version=version + 1, state=state))
                became = {"state": state, "version": version + 1, **acted}
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
        last = _last_decisions().where(decisions.c.report.in_(recent))
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

    def _where(self, wanted: Filter) -> list[sa.ColumnElement[bool]]:
        where: list[sa.ColumnElement[bool]] = []
        if wanted.state != "all":
            where.append(reports.c.state == wanted.state)
        if wanted.verdict:
            where.append(reports.c.rank == RANKS[wanted.verdict])
        if wanted.model:
            where.append(reports.c.model == wanted.model)
        if wanted.reviewer:
            mine = sa.select(decisions.c.report).where(decisions.c.by == wanted.reviewer)
            where.append(reports.c.number.in_(mine))
        if since := _day(wanted.since):  # by the moment and not by `day`: the queue is indexed by it
            where.append(reports.c.created >= since)
        if until := _day(wanted.until):
            where.append(reports.c.created < until + timedelta(days=1))
        if wanted.rule:
            where.append(self._fired(wanted.rule))
        if sought := re.findall(r"\w+", wanted.text):
            where.append(reports.c.number.in_(self._found(sought)))
        return where

    def _fired(self, rule: str) -> sa.ColumnElement[bool]:
        """Reports on which a rule fired: looked up where they are few, met on the way where they are many."""
        mine = sa.select(claims.c.report).where(claims.c.rule == rule)
        with self.database.reading() as connection:
            few = sa.select(sa.func.count()).select_from(mine.limit(FEW + 1).subquery())
            if (connection.scalar(few) or 0) <= FEW:
                return reports.c.number.in_(mine)
        return mine.where(claims.c.report == reports.c.number).exists()

    def _found(self, sought: Sequence[str]) -> sa.Select[Any]:
        query = sa.select(search.c.rowid)
        if self.database.is_sqlite:
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


def _utc(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _line(row: sa.Row[Any]) -> Line:
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
    return Line(row.id, when, row.verdict, row.score, row.model, row.state, row.version, words[:300], rules)


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


def _sensible(kind: str, words: Mapping[str, str]) -> None:
    if kind not in KINDS:
        raise InputError("kind", f"{kind!r:.40} is not a decision.", ", ".join(KINDS))
    if kind in ("missed", "correct") and "right" not in words:
        what = "the words that should have been flagged" if kind == "missed" else "what is right"
        raise InputError("right", "it is empty.", what)
    if kind == "note" and "note" not in words:
        raise InputError("note", "it is empty.", "a note")
    for name, text in words.items():
        if len(text) > LONGEST_WORDS:
            raise InputError(name, f"it has {len(text)} characters.", f"at most {LONGEST_WORDS}")


def _other(connection: sa.Connection, report: int) -> ConflictError:
    query = sa.select(decisions).where(decisions.c.report == report).order_by(decisions.c.number.desc()).limit(1)
    last = connection.execute(query).first()
    return ConflictError(last.by, last.kind) if last else ConflictError("Somebody", "in another way")


def _last_decisions() -> sa.Select[Any]:
    """Numbers of the decisions that stand: the last on each claim, and after any reopening."""
    return (
        sa.select(sa.func.max(decisions.c.number))
        .where(decisions.c.kind.in_(_SETTLES), _stands())
        .group_by(decisions.c.report, decisions.c.claim)
    )


def _stands() -> sa.ColumnElement[bool]:
    """The report was not opened again since."""
    later = decisions.alias()
    same = (later.c.report == decisions.c.report, later.c.number > decisions.c.number)
    return ~sa.select(later.c.number).where(*same, later.c.kind == "reopen").exists()


def _flagged(connection: sa.Connection, report: int) -> dict[str, str | None]:
    query = sa.select(claims.c.claim, claims.c.rule).where(claims.c.report == report, claims.c.rule.is_not(None))
    return {claim: rule for claim, rule in connection.execute(query)}  # noqa: C416 - rows


def _settled(connection: sa.Connection, report: int, kinds: Sequence[str] = _SETTLES) -> set[str | None]:
    """The claims of a report on which a decision of these kinds stands; the others' decisions are not looked at."""
    query = sa.select(decisions.c.claim).where(decisions.c.report == report, decisions.c.kind.in_(kinds), _stands())
    return set(connection.scalars(query))


def _targets(
    connection: sa.Connection, report: int, kind: str, claim: str | None
) -> list[tuple[str | None, str | None]]:
    """The claims, with their rules, that a decision is about."""
    query = sa.select(claims.c.claim, claims.c.rule).where(claims.c.report == report)
    known: dict[str, str | None] = {name: rule for name, rule in connection.execute(query)}  # noqa: C416 - rows
    if claim is not None:
        if claim not in known:
            raise InputError("claim", f"there is no {claim!r:.40}.", "a claim of this answer")
        return [(claim, known[claim])]
    if kind not in _SETTLES:
        return [(None, None)]
    settled = _settled(connection, report)
    left: list[tuple[str | None, str | None]] = [
        (name, rule) for name, rule in known.items() if rule is not None and name not in settled
    ]
    return left or [(None, None)]


def _write(
    connection: sa.Connection,
    report: int,
    kind: str,
    by: str,
    targets: Sequence[tuple[str | None, str | None]],
    words: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Write decisions down. Returns what the chain is to know of each."""
    made = []
    number = int(connection.scalar(sa.select(sa.func.max(decisions.c.number))) or 0)
    for claim, rule in targets:
        number += 1
        salt, text, now = chain.salt(), json.dumps(words, ensure_ascii=False) if words else None, datetime.now(UTC)
        row: dict[str, Any] = {"number": number, "report": report, "claim": claim, "rule": rule, "kind": kind, "by": by}
        row |= {"at": now, "salt": salt if text else None, "words": text}
        connection.execute(sa.insert(decisions).values(**row))
        known = {"decision": number, "claim": claim, "kind": kind, "rule": rule, "at": at_utc(now)}
        made.append({**known, "words": chain.digest(salt, text) if text else None})
    return made


def _state(connection: sa.Connection, report: int, kind: str) -> str:
    """Decided once every flagged claim is, or, where none was flagged, once the answer is or a miss was found."""
    if kind == "reopen":
        return "open"
    settled = _settled(connection, report)
    flagged = _flagged(connection, report)
    if flagged:
        return "decided" if set(flagged) <= settled or None in settled else "open"
    if settled or _settled(connection, report, ("missed",)):
        return "decided"
    return str(connection.scalar(sa.select(reports.c.state).where(reports.c.number == report)))
