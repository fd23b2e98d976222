"""Saved views: filters of the queue that a user named, for that user only."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

import sqlalchemy as sa
from starlette.responses import Response

from groundwire.errors import InputError
from groundwire.review.access import Guarded, Visit
from groundwire.review.database import Database
from groundwire.review.filters import Filter
from groundwire.review.people import Role
from groundwire.review.tables import views

MOST = 30
LONGEST_NAME = 60


class View(NamedTuple):
    """`query` is that of the queue's address."""

    name: str
    query: str


class Views:
    """What the users of a database saved."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user: str) -> list[View]:
        """The views of a user, by name."""
        query = sa.select(views.c.name, views.c.query).where(views.c.user == user).order_by(views.c.name)
        with self._database.reading() as connection:
            return [View(*row) for row in connection.execute(query)]

    def save(self, user: str, name: str, wanted: Filter) -> View:
        """Keep a filter under a name, in place of what has that name. Raises: InputError."""
        view = View(" ".join(name.split()), wanted.query(page=1))
        if not view.name or len(view.name) > LONGEST_NAME or not view.name.isprintable():
            raise InputError("name", f"{name!r:.80} is not one.", f"1 to {LONGEST_NAME} characters")
        mine = views.c.user == user
        with self._database.writing() as connection:
            connection.execute(sa.delete(views).where(mine, views.c.name == view.name))
            if (connection.scalar(sa.select(sa.func.count()).select_from(views).where(mine)) or 0) >= MOST:
                raise InputError("name", f"there are {MOST} views already.", "one view less")
            connection.execute(sa.insert(views).values(user=user, **view._asdict()))
        return view

    def remove(self, user: str, name: str) -> None:
        with self._database.writing() as connection:
            connection.execute(sa.delete(views).where(views.c.user == user, views.c.name == name))


def change(visit: Visit) -> Response:
    """Save the filter of an address under a name, or forget a view."""
    kept = Views(visit.desk.database)
    query = _one_of_each(visit.given("query"))
    if visit.given("what") == "remove":
        kept.remove(visit.name, visit.given("name"))
        return visit.go("/?" + Filter.of(query).query())
    return visit.go("/?" + kept.save(visit.name, visit.given("name"), Filter.of(query)).query)


PAGES = (Guarded("/views", "POST", Role.VIEWER, change),)


def _one_of_each(query: str) -> Mapping[str, str]:
    try:
        return dict(parse_qsl(query[:4000], max_num_fields=100))
    except ValueError:
        return {}
