"""What a file of facts states: subject, relation and object, and for some when it was so."""

import re
from collections.abc import Iterable, Iterator

from groundwire.graph.store import Node, Period

Statement = tuple[str, str, Node]
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
"""A year, a month or a day, as a period has them."""


class Dated(tuple[str, str, Node]):
    """A statement with the time in which it holds. Whoever has no use for times reads it as any other.

    `former`: it does not hold any more, and without its time nobody should read it.
    """

    period: Period
    former: bool

    def __new__(cls, statement: Statement, period: Period, *, former: bool = False) -> "Dated":
        self = super().__new__(cls, statement)
        self.period, self.former = period, former
        return self


def undated(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements that hold, no matter when, for a store that keeps no times."""
    return (statement for statement in statements if not (isinstance(statement, Dated) and statement.former))
