"""What a claim may have worked out from its evidence: a difference, a sum, a share, an age, the time between dates."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from groundwire.values.units import PERCENT, convert
from groundwire.values.value import Bound, Day, Measure, Value

_MOST = 40  # values; of more, too much could be worked out for it to mean anything
_LONGEST_LIFE = 130.0
_ABOUT, _EQUAL = 0.1, 1e-9
_TRIFLE = 0.01  # what is less than this share of the other is not added to it or taken from it
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5, "century": 36525.0}


def derivable(value: Value, given: Sequence[Value]) -> bool:
    """Whether `value` can be had from two of the given values by subtraction, addition or division."""
    given = [end for one in given for end in _ends(one)]
    if (
        len(given) > _MOST
        or value.is_range
        or value.measure in (Measure.DATE, Measure.ORDINAL, Measure.SCORE, Measure.TIME)
    ):
        return False
    return any(_same(value, worked) for worked in _worked_out(value, given))


def _ends(value: Value) -> Iterator[Value]:
    """ "From $80 million to $100 million" is two amounts."""
    yield value._replace(high=value.low)
    if value.is_range:
        yield value._replace(low=value.high)


def _same(value: Value, worked: float) -> bool:
    apart = abs(worked - abs(value.magnitude))
    loose = _ABOUT if value.bound is Bound.ABOUT else _EQUAL
    return worked > 0 and apart <= value.step / 2 + loose * worked


def _worked_out(value: Value, given: Sequence[Value]) -> Iterator[float]:
    unit = value.unit
    if value.measure is Measure.QUANTITY or (value.measure is Measure.NUMBER and value.magnitude <= _LONGEST_LIFE):
        if unit in _DAYS or unit is None:
            yield from _between(unit or "year", given)
        if unit in ("second", "minute", "hour"):
            yield from _clocked(unit, given)
    if value.measure is Measure.PERCENT and unit == PERCENT:
        for left, right in _pairs(given, {Measure.MONEY, Measure.NUMBER, Measure.QUANTITY}):
            small, large = sorted((left, right))
            if small > 0:
                yield from (100 * small / large, 100 * (large - small) / small, 100 * (large - small) / large)
    for left, right in _pairs([one for one in given if one.unit == unit], {value.measure}):
        if min(abs(left), abs(right)) > _TRIFLE * max(abs(left), abs(right)):
            yield from (abs(left - right), left + right)


def _pairs(given: Iterable[Value], measures: set[Measure]) -> Iterator[tuple[float, float]]:
    plain = [value for value in given if value.measure in measures and not value.is_range]
    for left, right in combinations(plain, 2):
        if (left.measure, left.unit) == (right.measure, right.unit):
            yield left.low, right.low


def _between(unit: str, given: Iterable[Value]) -> Iterator[float]:
    """How long it is between any two dates, in whole units as people count them: both neighbours of the exact one."""
    moments = {at for value in given for day in value.days for at in _moments(day)}
    for left, right in combinations(sorted(moments), 2):
        exact = (right - left) / _DAYS[unit]
        yield from (float(int(exact)), float(int(exact) + 1))


def _moments(day: Day) -> Iterator[float]:
    """A date as days from the start of year 0; a bare year and month are taken at their start."""
    for year in {day.first or 0, day.last or 0}:
        yield year * 365.25 + ((day.month or 1) - 1) * 30.44 + (day.day or 1) - 1


def _clocked(unit: str, given: Iterable[Value]) -> Iterator[float]:
    moments = sorted({value.low for value in given if value.measure is Measure.TIME})
    for left, right in combinations(moments, 2):
        apart = convert(right - left, "minute", unit)
        if apart is not None:
            yield apart
