"""Who is to decide on a report: given by a reviewer to themselves or another, and written into the audit chain."""

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.deciding import ConflictError, other
from groundwire.review.people import Role, acting
from groundwire.review.tables import reports, users


def may_decide(database: Database) -> list[str]:
    """The users that a report can be assigned to, by name."""
    roles = [role.value for role in Role if role.covers(Role.REVIEWER)]
    with database.reading() as connection:
        return list(connection.scalars(sa.select(users.c.name).where(users.c.role.in_(roles)).order_by(users.c.name)))


def assign(database: Database, id: str, version: int, to: str | None, by: str) -> None:
    """Give a report to a user, or, with None, to nobody. It counts as a version, as a decision does.

    Raises: InputError; ConflictError where the report is not in `version` any more.
    """
    conflict: ConflictError | None = None
    with database.writing() as connection:
        mine = reports.c.id == id
        row = connection.execute(sa.select(reports.c.version, reports.c.assigned).where(mine)).first()
        if row is None:
            raise InputError("report", f"there is no {id!r:.140}.", "the id of a stored report")
        acted = acting(connection, by, Role.REVIEWER)
        if row.version != version:
            conflict = other(connection, id)
            content = {"kind": "assign", "claim": None, "why": "conflict"}
            chain.append(connection, [chain.Event("decision.refused", id, by, content)])
        elif row.assigned != to:
            _decides(connection, to)
            connection.execute(sa.update(reports).where(mine).values(assigned=to, version=version + 1))
            became = {"assigned": to, "version": version + 1, **acted}
            chain.append(connection, [chain.Event("report.assigned", id, by, became)])
    if conflict is not None:
        raise conflict


def _decides(connection: sa.Connection, to: str | None) -> None:
    role = connection.scalar(sa.select(users.c.role).where(users.c.name == to))
    if to is not None and (role is None or not Role(role).covers(Role.REVIEWER)):
        raise InputError("to", f"{to!r:.140} decides nothing here.", "the name of a reviewer, approver or admin")
