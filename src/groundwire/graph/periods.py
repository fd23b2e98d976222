"""Whether a fact that holds for a time held when a claim says so."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from groundwire.graph.store import Period

Days = tuple[str, str]
"""The first and the last day of a time, as ISO 8601 has them: the texts are in the order of the days."""


class When(NamedTuple):
    """The time of which a claim speaks. `kind`: "in" it, "since", "until", the whole "span", or "began" in it."""

    kind: str
    first: Days
    last: Days


def today() -> str:
    return date.today().isoformat()


def days(written: str) -> Days:
    """ "2015" → all of it. Every month is said to have 31 days: that changes no order."""
    missing = len(written) // 3 - 1  # 0 for a year, 1 for a month, 2 for a day
    return written + ("-01-01", "-01", "")[missing], written + ("-12-31", "-31", "")[missing]


def agrees(periods: Iterable[Period], when: When) -> bool | None:
    """Whether a fact holds when the claim says so: False where all of its periods rule that out, None where unsure."""
    verdicts = [_agrees(period, when) for period in periods]
    if True in verdicts:
        return True
    return False if verdicts and all(verdict is False for verdict in verdicts) else None


def throughout(periods: Iterable[Period], when: When) -> bool:
    """Whether a fact surely holds all the time of which a claim speaks."""
    if when.kind not in ("in", "span"):
        return False
    first, last = when.first[0], when.last[1]
    return any(
        period.start is not None
        and not period.point
        and days(period.start)[1] <= first
        and last <= (days(period.end)[0] if period.end else today())
        for period in periods
    )


def over(periods: Iterable[Period]) -> bool:
    """Whether a fact held once, and surely does not any more."""
    ends = [None if period.point else period.end for period in periods]
    return bool(ends) and all(end is not None and days(end)[1] < today() for end in ends)


def _agrees(period: Period, when: When) -> bool | None:
    if _excludes(period, when.first) or _excludes(period, when.last):
        return False
    if when.kind == "in":
        return _holds_in(period, when.first) or None
    begins = period.start is not None and _within(period.start, when.first)
    ends = period.end is not None and not period.point and _within(period.end, when.last)
    if when.kind == "began":
        return begins or None
    if when.kind == "since":
        return (begins and not period.point and not over([period])) or None
    return (ends and (begins or when.kind == "until")) or None


def _excludes(period: Period, time: Days) -> bool:
    if period.point:
        return False
    return (period.start is not None and days(period.start)[0] > time[1]) or (
        period.end is not None and days(period.end)[1] < time[0]
    )


def _holds_in(period: Period, time: Days) -> bool:
    """Whether a fact surely holds at some moment of a time: in 2015, what began in May did."""
    if period.start is None:
        return period.end is not None and _within(period.end, time)
    if period.point:
        return _within(period.start, time)
    return days(period.start)[1] <= time[1] and time[0] <= (days(period.end)[0] if period.end else today())


def _within(written: str, time: Days) -> bool:
    first, last = days(written)
    return time[0] <= first and last <= time[1]
