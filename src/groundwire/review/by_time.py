"""Kept reports in the order of their time, a page at a time: neither memory nor a lock grows with what is kept."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from groundwire.errors import VerificationError
from groundwire.model import Report
from groundwire.review.store import Stored, in_utc

PAGE = 500


def by_time(
    connect: Callable[[], AbstractContextManager[sa.Connection]],
    table: sa.Table,
    read: Callable[[str, str], Report],
    since: datetime | None,
    until: datetime | None,
) -> Iterator[Stored]:
    """The reports in `table` (`id`, `created`, `body`, `request`) from `since` to before `until`, oldest first.

    `read` makes a report of its id and body. A row without a body has none to give, and is passed over.
    Raises: VerificationError, while it is read.
    """
    columns = (table.c.created, table.c.id, table.c.body, table.c.request)
    query = sa.select(*columns).order_by(table.c.created, table.c.id).limit(PAGE)
    if since is not None:
        query = query.where(table.c.created >= in_utc(since))
    if until is not None:
        query = query.where(table.c.created < in_utc(until))
    page = query
    while True:
        try:
            with connect() as connection:
                rows = connection.execute(page).all()
        except SQLAlchemyError as failed:
            cause = failed.orig if isinstance(failed, DBAPIError) and failed.orig else failed
            raise VerificationError(f"reports cannot be read: {' '.join(str(cause).split())}") from None
        for row in rows:
            if row.body is not None:
                yield Stored(read(row.id, row.body), json.loads(row.request) if row.request else None)
        if len(rows) < PAGE:
            return
        last = rows[-1]
        later = sa.and_(table.c.created == last.created, table.c.id > last.id)
        page = query.where(sa.or_(table.c.created > last.created, later))
