"""All persons that a request names, where the first was kept, and of reports of schema 1 none; saved views.

Salts have room to be encrypted.
"""

import json

import sqlalchemy as sa
from alembic import op

from groundwire.review.rows import person_key, persons_of

revision = "3"
down_revision = "2"

AT_ONCE = 500

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("report", _NUMBER, primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
    )
    op.create_index("ix_persons_person", "persons", ["person"])
    op.create_table(
        "views",
        sa.Column("user", sa.String(128), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
    )
    _fill(op.get_bind())
    op.drop_index("ix_reports_person", "reports")
    op.drop_column("reports", "person")
    if op.get_bind().dialect.name == "postgresql":  # SQLite holds to no length
        for table in ("reports", "decisions", "proposals"):
            op.alter_column(table, "salt", type_=sa.Text())


def _fill(connection: sa.Connection) -> None:
    old = sa.table("reports", *(sa.column(name) for name in ("number", "person", "content", "request")))
    new = sa.table("persons", sa.column("report"), sa.column("person"))
    key, last = "", 0
    query = sa.select(old).where(sa.or_(old.c.person.is_not(None), old.c.request.is_not(None)))
    while rows := connection.execute(query.where(old.c.number > last).order_by(old.c.number).limit(AT_ONCE)).all():
        key = key or person_key(connection)
        found = [{"report": row.number, "person": person} for row in rows for person in _persons(row, key)]
        if found:
            connection.execute(sa.insert(new), found)
        last = rows[-1].number


def _persons(row: sa.Row[tuple[object, ...]], key: str) -> list[str]:
    """The persons of a report. Those of schema 1 were hashed without a key, and found by nobody."""
    try:
        request = json.loads(row.request) if row.request and row.content == "full" else None
        request = request if isinstance(request, dict) else None
    except ValueError:  # damaged: `audit-log verify` says so
        request = None
    found = persons_of(request, key)
    kept = [row.person] if row.person and row.person not in persons_of(request, "") else []
    return list(dict.fromkeys((*kept, *found)))
