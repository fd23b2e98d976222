"""Reports from before there was a chain are taken into it. Their entry says so: nothing vouches for their past."""

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from groundwire.model import Report
from groundwire.review import chain
from groundwire.review.rows import Prepared, entry_of, keep, person_key, persons_of, prepare

AT_ONCE = 500

_old = sa.table(
    "reports_1",
    *(sa.column(name) for name in ("id", "verdict", "score", "coverage", "model", "body", "request")),
    sa.column("created", sa.DateTime(timezone=True)),
)


def adopt(connection: sa.Connection) -> None:
    """Move all reports of schema 1, where there are any, into the present tables, oldest first."""
    if not sa.inspect(connection).has_table("reports_1"):
        return
    key, last = person_key(connection), ""
    while rows := connection.execute(sa.select(_old).where(_old.c.id > last).order_by(_old.c.id).limit(AT_ONCE)).all():
        keep(connection, [_adopted(dict(row._mapping), key) for row in rows])
        last = rows[-1].id
    sa.Table("reports_1", sa.MetaData()).drop(connection)


def _adopted(old: dict[str, Any], key: str) -> Prepared:
    request = json.loads(old["request"]) if old["request"] else None
    try:
        report = Report.model_validate_json(old["body"])
    except ValidationError:  # damaged long ago: it stays what it is, and unreadable
        return _damaged(old, persons_of(request, key))
    prepared = prepare(report, request, person_key=key)
    event = prepared.event
    return replace(prepared, event=event._replace(content={**event.content, "adopted": 1}))


def _damaged(old: dict[str, Any], persons: list[str]) -> Prepared:
    created, salt = old["created"], chain.salt()
    row = {name: old[name] for name in ("id", "created", "verdict", "score", "coverage", "model", "body", "request")}
    row |= {"day": created.date().isoformat(), "rank": 0, "severity": 0, "content": "full", "application": None}
    row |= {"state": "none", "version": 0, "salt": salt}
    known = {
        "verdict": str(old["verdict"]),
        "rules": None,
        "content": "full",
        "body": chain.digest(salt, old["body"]),
        "request": chain.digest(salt, old["request"]) if old["request"] else None,
        "adopted": 1,
    }
    return Prepared(row, [], persons, entry_of(row, [], known))
