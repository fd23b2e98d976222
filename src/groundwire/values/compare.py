"""Compares two values: what a claim says with what is known."""

from collections.abc import Iterable
from enum import Enum

from groundwire.values.read import values
from groundwire.values.units import DOLLARS, PERIODS, convert
from groundwire.values.value import AGE, Bound, Day, Measure, Value

_ABOUT = 0.05  # "about 100" is right for 95 to 105
_NEAR = 0.15  # and not plainly wrong for 85 to 115
_ROUNDED = 0.05  # an integer that ends in zeros may be a rounded one, if it is this near
_EQUAL = 1e-9
_CONVERTED = 0.005  # what rounding may do to a number that somebody converted
_RECKONED = 0.03  # and what a rounder number in the other unit may: an oven of 180 °C is one of 350 °F
_MONTHLY = 0.1  # months and years are of no one length
_TIMES = (2, 4, 7, 12, 24, 52, 60, 365)  # what a month's amount may be multiplied by where one text names no period
_HALF_DAY = 720.0


class Relation(Enum):
    AGREES = "agrees"
    CLASHES = "clashes"
    OPEN = "open"  # neither: the claim says more than is known, or both are vague
    APART = "apart"  # they do not measure one thing


_SAID = {Relation.AGREES: True, Relation.CLASHES: False, Relation.OPEN: None, Relation.APART: None}
_FILLER_WORDS = (
    "in on the of about around at by from since until during circa c ca a an year approximately roughly nearly almost "
    "over than more less fewer greater higher lower above below under up to least most maximum minimum no not excess "
    "exceed exceeds exceeded exceeding upwards some or plus for after before earlier later prior till xsd date"
)
_FILLER = frozenset(_FILLER_WORDS.split())


def compare(claimed: str, known: str) -> bool | None:
    """Whether two texts that are each one value agree (True), clash (False) or cannot be compared (None).

    The precision of the claim decides: "in 1994" agrees with "3 May 1994", "1.2 million" with "1,203,000", "5 km"
    with "5,000 m", "the 1990s" with "1994". None also where the claim is more precise than what is known, where a
    date can be read two ways, and where either text is not a value but words. Raises nothing.
    """
    left, right = _only(claimed), _only(known)
    return _SAID[relate(left, right)] if left and right else None


def _only(text: str) -> Value | None:
    """The value that a text is, None where it says anything else beside it."""
    if len(text) > 200:
        return None
    found = values(text)
    if len(found) != 1:
        return None
    rest = text[: found[0].span.start] + " " + text[found[0].span.end :]
    words = "".join(c if c.isalnum() else " " for c in rest).lower().split()
    return found[0] if all(word in _FILLER for word in words) else None


def relate(claimed: Value, known: Value) -> Relation:
    """How a claimed value stands to a known one."""
    if claimed.days and known.days:
        if Bound.EXACT is claimed.bound is known.bound:
            return _dates(claimed.days, known.days)
        return _dates_within(claimed, known)
    if Measure.DATE in (claimed.measure, known.measure):
        return Relation.APART
    if {claimed.measure, known.measure} == {Measure.NUMBER, Measure.QUANTITY}:
        same = abs(claimed.magnitude - known.magnitude) <= _EQUAL * max(1.0, abs(known.magnitude))
        return Relation.AGREES if same else Relation.APART
    claimed, known = _sterling(claimed, known), _sterling(known, claimed)
    if claimed.measure is not known.measure:
        return Relation.APART
    if claimed.measure is Measure.TIME:
        return _times(claimed, known)
    if claimed.measure is Measure.SCORE:
        same = {claimed.low, claimed.high} == {known.low, known.high}
        return Relation.AGREES if same else Relation.CLASHES
    if AGE in (claimed.per, known.per) and claimed.per != known.per:
        plain = relate(claimed._replace(per=None), known._replace(per=None))
        return Relation.APART if plain is Relation.CLASHES else plain  # 65 years old, and 10 years ill
    if claimed.unit != known.unit:
        return _units(claimed, known)
    return _periods(claimed, known) if claimed.per != known.per else _magnitudes(claimed, known, converted=False)


def _sterling(value: Value, other: Value) -> Value:
    """Pounds beside an amount of money are pounds sterling."""
    if value.unit == "pound" and other.measure is Measure.MONEY:
        return value._replace(measure=Measure.MONEY, unit="GBP")
    return value


def _times(claimed: Value, known: Value) -> Relation:
    if claimed.bound is not known.bound or claimed.per != known.per:
        return Relation.OPEN  # "before 3 pm", another time zone
    apart = abs(claimed.low - known.low)
    if "12" in (claimed.unit, known.unit):
        apart %= _HALF_DAY
    return Relation.CLASHES if apart else Relation.AGREES


def _units(claimed: Value, known: Value) -> Relation:
    if claimed.measure is Measure.MONEY:
        # "$" may be any of these, and there are cents of all of them.
        if {claimed.unit, known.unit} <= DOLLARS or "cents" in claimed.text + known.text:
            return _magnitudes(claimed, known, converted=False)
        same = (claimed.low, claimed.high, claimed.per) == (known.low, known.high, known.per)
        return Relation.CLASHES if same else Relation.APART  # 20 million in another currency: a swapped sign
    if claimed.measure is not Measure.QUANTITY or claimed.unit is None or known.unit is None:
        return Relation.APART
    return _convert(claimed, known, claimed.unit, known.unit)


def _periods(claimed: Value, known: Value) -> Relation:
    """Amounts for periods: $900 a month is $10,800 a year, and not $900 a year."""
    plain = _magnitudes(claimed, known, converted=False)
    if claimed.per is None or known.per is None:
        low, high = sorted((abs(claimed.magnitude), abs(known.magnitude)))
        hidden = any(abs(high - low * times) <= _CONVERTED * high for times in _TIMES)
        return Relation.OPEN if plain is Relation.CLASHES and hidden else plain
    times = convert(1.0, known.per, claimed.per) if claimed.per in PERIODS and known.per in PERIODS else None
    if times is None:
        return Relation.APART
    low, high = claimed.low * times, claimed.high * times
    if low <= known.high * (1 + _MONTHLY) and known.low <= high * (1 + _MONTHLY):
        return Relation.AGREES
    return Relation.CLASHES if claimed.bound is known.bound else Relation.OPEN


def _convert(claimed: Value, known: Value, unit: str, wanted: str) -> Relation:
    low, high = convert(claimed.low, unit, wanted), convert(claimed.high, unit, wanted)
    step = convert(claimed.step, unit, wanted, size=True)
    if low is None or high is None or step is None:
        return Relation.APART
    return _magnitudes(claimed._replace(low=low, high=high, step=step, unit=wanted), known, converted=True)


def _magnitudes(claimed: Value, known: Value, *, converted: bool) -> Relation:
    if claimed.is_range or known.is_range:
        return _ranges(claimed, known)
    apart, size = abs(claimed.low - known.low), max(abs(claimed.low), abs(known.low))
    slack = _EQUAL * size
    if claimed.measure is Measure.ORDINAL:
        return Relation.AGREES if apart <= slack else Relation.CLASHES
    if claimed.is_limit:
        return _bounded(claimed, known)
    if known.is_limit:
        if apart <= slack:
            return Relation.CLASHES if known.strict and _to_the_unit(claimed) else Relation.OPEN
        beyond = claimed.low > known.low + slack
        return Relation.OPEN if beyond is (known.bound is Bound.LEAST) else Relation.CLASHES
    if apart <= claimed.step / 2 + slack or (claimed.bound is Bound.ABOUT and apart <= _ABOUT * size):
        return Relation.AGREES
    if converted and apart <= _CONVERTED * size:
        return Relation.AGREES
    vague = Bound.ABOUT in (claimed.bound, known.bound)
    if apart < _limit(claimed, known, size) or (vague and apart <= _NEAR * size):
        return Relation.OPEN
    if claimed.low == -known.low and not (claimed.unit or "").startswith("deg"):
        return Relation.OPEN  # a loss of 5 is a profit of -5
    if converted and apart <= max(_RECKONED * size, known.step / 2):
        return Relation.OPEN
    return Relation.CLASHES


def _limit(claimed: Value, known: Value, size: float) -> float:
    """How far apart two numbers may be and still be one, cut off or rounded: to their last place, or to zeros."""
    limit = max(
        claimed.step if claimed.step != 1.0 else 0.0,
        known.step if known.step != 1.0 else 0.0,
    )
    zeros = max(_zeros(claimed.low), _zeros(known.low))
    if zeros > 1.0:
        limit = max(limit, min(zeros / 2, _ROUNDED * size) + _EQUAL)
    return limit


def _zeros(number: float) -> float:
    """The place of the last digit that is not zero: 100 for 1,200; 1 for what has decimals or one zero at most."""
    if number != int(number) or number == 0.0 or abs(number) >= 1e15:
        return 1.0
    whole, place = abs(int(number)), 1
    while whole % 10 == 0:
        whole, place = whole // 10, place * 10
    return float(place) if place >= 100 else 1.0


def _bounded(claimed: Value, known: Value) -> Relation:
    """ "More than 500" is right for 512; for 50,000 it is true and says little, so it stays open.

    Two limits that are themselves the statement must be one: "up to 30 days" is not "up to 14 days".
    """
    size = max(abs(claimed.low), abs(known.low))
    slack = _EQUAL * size
    if claimed.bound is known.bound and claimed.firm and known.firm:
        apart = abs(claimed.low - known.low)
        if apart <= claimed.step / 2 + slack:
            return Relation.AGREES
        return Relation.OPEN if apart < _limit(claimed, known, size) else Relation.CLASHES
    opposite = {claimed.bound, known.bound} == {Bound.LEAST, Bound.MOST}
    if abs(claimed.low - known.low) <= slack and not opposite and claimed.strict and not known.strict:
        # More than 500 is not 500, and what is at least 500 may be.
        said_exactly = known.bound is Bound.EXACT and _to_the_unit(known)
        return Relation.CLASHES if said_exactly else Relation.OPEN
    beyond = known.low >= claimed.low - slack
    if claimed.bound is Bound.MOST:
        beyond = known.low <= claimed.low + slack
    if beyond and opposite:
        return Relation.OPEN  # what is less than 800 may be more than 500, or not
    if not beyond:
        rounding = max((value.step for value in (claimed, known) if value.step != 1.0), default=0.0)
        near = abs(claimed.low - known.low) <= rounding / 2 + slack
        return Relation.OPEN if known.bound is not Bound.EXACT or opposite or near else Relation.CLASHES
    near = size <= 2 * min(abs(claimed.low), abs(known.low))
    return Relation.AGREES if near else Relation.OPEN


def _to_the_unit(value: Value) -> bool:
    """Whether a number was not rounded, by its looks: 1,002, and not 1,000 or 10.5."""
    return value.bound is Bound.EXACT and value.step == 1.0 and _zeros(value.low) == 1.0


def _ranges(claimed: Value, known: Value) -> Relation:
    if claimed.is_range and known.is_range:
        ends = (
            _magnitudes(claimed._replace(high=claimed.low), known._replace(high=known.low), converted=False),
            _magnitudes(claimed._replace(low=claimed.high), known._replace(low=known.high), converted=False),
        )
        if ends[0] is ends[1]:
            apart = claimed.low > known.high or claimed.high < known.low
            return Relation.OPEN if ends[0] is Relation.CLASHES and not apart else ends[0]
        return Relation.CLASHES if Relation.CLASHES in ends and Relation.AGREES in ends else Relation.OPEN
    inside = claimed.low <= known.high and known.low <= claimed.high
    if not inside:
        loose = Bound.EXACT is not claimed.bound or Bound.EXACT is not known.bound
        return Relation.OPEN if loose else Relation.CLASHES
    return Relation.AGREES if claimed.is_range and known.bound is Bound.EXACT else Relation.OPEN


def _dates(claimed: Iterable[Day], known: Iterable[Day]) -> Relation:
    """A date that can be read two ways agrees or clashes only when both readings do."""
    relations = {_days(left, right) for left in claimed for right in known}
    return relations.pop() if len(relations) == 1 else Relation.OPEN


def _dates_within(claimed: Value, known: Value) -> Relation:
    """ "After 1990" is right for 1991; an exact date is neither shown nor refuted by "before 1990"."""
    plain = _dates(claimed.days, known.days)
    if claimed.bound is known.bound:
        return plain if plain is Relation.AGREES else Relation.OPEN
    if not claimed.strict and plain is Relation.AGREES and known.bound is Bound.EXACT:
        return plain  # "by 1950", "no later than 1950"
    years = [year for day in (*claimed.days, *known.days) for year in (day.first, day.last)]
    if claimed.bound not in (Bound.LEAST, Bound.MOST) or known.bound is not Bound.EXACT or None in years:
        return Relation.AGREES if plain is Relation.AGREES and known.bound is Bound.EXACT else Relation.OPEN
    stated, given = claimed.days[0], known.days[0]
    sign = 1 if claimed.bound is Bound.LEAST else -1
    left = (given.first or 0) * sign, (given.last or 0) * sign
    right = (stated.first or 0) * sign, (stated.last or 0) * sign
    if min(left) > max(right):
        return Relation.AGREES
    return Relation.CLASHES if max(left) < min(right) else Relation.OPEN


def _days(claimed: Day, known: Day) -> Relation:
    parts = [_years(claimed, known), _part(claimed.month, known.month), _part(claimed.day, known.day)]
    if Relation.CLASHES in parts:
        return Relation.CLASHES
    said = [part for part in parts if part is not Relation.APART]
    if Relation.OPEN in said:
        return Relation.OPEN
    return Relation.AGREES if said else Relation.APART


def _part(claimed: int | None, known: int | None) -> Relation:
    """APART: the claim does not say. OPEN: only the claim does."""
    if claimed is None:
        return Relation.APART
    if known is None:
        return Relation.OPEN
    return Relation.AGREES if claimed == known else Relation.CLASHES


def _years(claimed: Day, known: Day) -> Relation:
    if claimed.first is None or claimed.last is None:
        return Relation.APART
    if known.first is None or known.last is None:
        return Relation.OPEN
    if (claimed.first, claimed.last) == (known.first, known.last):
        return Relation.AGREES
    if claimed.last < known.first or known.last < claimed.first:
        return Relation.CLASHES
    if claimed.span and known.span and (claimed.first == known.first or claimed.last == known.last):
        return Relation.CLASHES  # one end is right and the other is not
    within = claimed.first <= known.first and known.last <= claimed.last
    return Relation.AGREES if within and not claimed.span and not known.span else Relation.OPEN
