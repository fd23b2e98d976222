"""What a number, a date or an amount in a text says, and how exactly it says it."""

from enum import StrEnum
from typing import NamedTuple

from groundwire.model import Span

AGE = "age"  # what years are `per` that someone has lived, and not that something lasts


class Measure(StrEnum):
    """Only values of one measure are compared."""

    NUMBER = "number"
    QUANTITY = "quantity"  # with a physical unit, durations included
    PERCENT = "percent"
    MONEY = "money"
    ORDINAL = "ordinal"
    DATE = "date"
    TIME = "time"  # of day
    SCORE = "score"


class Bound(StrEnum):
    """How a text limits a value: "about 500", "more than 500", "up to 500"."""

    EXACT = "exact"
    ABOUT = "about"
    LEAST = "least"
    MOST = "most"


class Day(NamedTuple):
    """A date as exactly as it was given. Years before Christ are negative; None is not said.

    `first` and `last` differ for a decade, a century or a span of years; `span` is true only for the last of these,
    which is not one date vaguely given but two.
    """

    first: int | None
    last: int | None
    month: int | None = None
    day: int | None = None
    span: bool = False


class Value(NamedTuple):
    """One value of a text.

    `low` and `high` are its magnitude (in `unit`, scale words multiplied in); they differ for a range only. `step` is
    the size of the last place given: 0.1 for "1.2", 100,000 for "1.2 million". `unit` is a name that pint knows, or
    the ISO 4217 code of a currency. `days` holds the readings of a date: "3/4/2021" has two. `span` and `number` (the
    digits or number words alone) are into the text that was read. `certain` is false for what may be something else,
    as a bare "1800" that may be a year.

    `per` is what an amount is for: "month" in "$20 a month". `firm`: the limit itself is what is said, as in "at least
    18" or "up to 30 days", and no mere description, as "more than 500". `strict`: the limit itself is beyond it: "more
    than 500" is not 500, "at least 500" may be. A time of day is in minutes after midnight, its
    `unit` says how it was written: "12" without am or pm, else "24". The two sides of a score are `low` and `high`. A
    quarter of a year is an ordinal of the unit "quarter".
    """

    measure: Measure
    text: str
    span: Span
    number: Span
    low: float = 0.0
    high: float = 0.0
    unit: str | None = None
    step: float = 1.0
    scale: float = 1.0
    bound: Bound = Bound.EXACT
    days: tuple[Day, ...] = ()
    certain: bool = True
    per: str | None = None
    firm: bool = False
    strict: bool = False

    @property
    def magnitude(self) -> float:
        """The middle of a range, else the value itself, in `unit`."""
        return (self.low + self.high) / 2

    @property
    def is_range(self) -> bool:
        if self.measure is Measure.SCORE:
            return False
        return self.low != self.high or any(day.span for day in self.days)

    @property
    def is_limit(self) -> bool:
        return self.bound in (Bound.LEAST, Bound.MOST)
