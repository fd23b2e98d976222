"""A decision: what one may say, which claims it is about, and what becomes of the report."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.review import chain
from groundwire.review.entries import agreed
from groundwire.review.rows import at_utc
from groundwire.review.tables import audit, claims, decisions, reports

KINDS = ("confirm", "false_alarm", "missed", "correct", "note", "reopen")
"""What a reviewer may say of a claim or an answer. The first two decide what was flagged."""
_SETTLES = ("confirm", "false_alarm", "correct")
LONGEST_WORDS = 10_000


class ConflictError(Exception):
    """Somebody else decided on this report, or assigned it, in the meantime: `by` them, and how."""

    def __init__(self, by: str, kind: str) -> None:
        self.by, self.kind = by, kind
        did = "assigned this report" if kind == "assigned" else "decided on this report"
        how = "" if kind == "assigned" else f" ({kind.replace('_', ' ')})"
        super().__init__(f"{by} {did} in the meantime{how}.")


def sensible(kind: str, words: Mapping[str, str]) -> None:
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


def other(connection: sa.Connection, id: str) -> ConflictError:
    """Who did something about a report last, and what."""
    mine = (audit.c.subject == id, audit.c.kind.in_(("decision", "report.assigned")))
    last = connection.execute(sa.select(audit).where(*mine).order_by(audit.c.seq.desc()).limit(1)).first()
    if last is None:
        return ConflictError("Somebody", "in another way")
    return ConflictError(last.actor, str(json.loads(last.content).get("kind", "assigned")))


def last_decisions() -> sa.Select[Any]:
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


def by_two(connection: sa.Connection, report: int) -> dict[str, dict[str, str]]:
    """The claims on which two must agree, each with the last word of each person, the latest last."""
    needed = sa.select(claims.c.claim).where(claims.c.report == report, claims.c.second == 1)
    said: dict[str, dict[str, str]] = {claim: {} for claim in connection.scalars(needed)}
    if said:
        query = sa.select(decisions).where(decisions.c.report == report, decisions.c.kind.in_(_SETTLES), _stands())
        for one in connection.execute(query.order_by(decisions.c.number)):
            if one.claim in said:
                said[one.claim].pop(one.by, None)
                said[one.claim][one.by] = one.kind
    return said


def waiting(connection: sa.Connection, report: int) -> dict[str, dict[str, str]]:
    """Those of them on which no two agree, or the latest word is another."""
    said = by_two(connection, report)
    return {claim: words for claim, words in said.items() if not agreed(list(words.values()))}


def _settled(connection: sa.Connection, report: int, kinds: Sequence[str] = _SETTLES) -> set[str | None]:
    """The claims of a report on which a decision of these kinds stands; the others' decisions are not looked at."""
    query = sa.select(decisions.c.claim).where(decisions.c.report == report, decisions.c.kind.in_(kinds), _stands())
    found = set(connection.scalars(query))
    return found - set(waiting(connection, report)) if kinds == _SETTLES else found


def targets(
    connection: sa.Connection, report: int, kind: str, claim: str | None, by: str
) -> list[tuple[str | None, str | None]]:
    """The claims, with their rules, that a decision is about."""
    query = sa.select(claims.c.claim, claims.c.rule).where(claims.c.report == report)
    known: dict[str, str | None] = {name: rule for name, rule in connection.execute(query)}  # noqa: C416 - rows
    if claim is not None and claim not in known:
        raise InputError("claim", f"there is no {claim!r:.40}.", "a claim of this answer")
    if kind not in _SETTLES:
        return [(claim, known[claim] if claim is not None else None)]
    mine = {name for name, words in waiting(connection, report).items() if words.get(by) == kind}
    if claim is not None:
        left = [] if claim in mine else [claim]
    else:
        settled = _settled(connection, report)
        left = [name for name, rule in known.items() if rule is not None and name not in settled | mine]
    if not left and mine:
        raise InputError("decision", f"{by} said so already, and a second person must.", "another reviewer")
    return [(name, known[name]) for name in left] or [(None, None)]


def write(
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


def state(connection: sa.Connection, report: int, kind: str) -> str:
    """Decided once every flagged claim is, or, where none was flagged, once the answer is or a miss was found."""
    if kind == "reopen":
        return "open"
    settled = _settled(connection, report)
    flagged = _flagged(connection, report)
    if flagged:
        return "decided" if set(flagged) <= settled or (None in settled and not waiting(connection, report)) else "open"
    if settled or _settled(connection, report, ("missed",)):
        return "decided"
    return str(connection.scalar(sa.select(reports.c.state).where(reports.c.number == report)))
