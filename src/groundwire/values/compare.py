"""Compares two values: what a claim says with what is known."""

from collections.abc import Iterable
from enum import Enum

from groundwire.values.read import values
from groundwire.values.units import convert
from groundwire.values.value import Bound, Day, Measure, Value

_ABOUT = 0.05  # "about 100" is right for 95 to 105
_NEAR = 0.15  # and not plainly wrong for 85 to 115
_ROUNDED = 0.05  # an integer that ends in zeros may be a rounded one, if it is this near
_EQUAL = 1e-9
_CONVERTED = 0.005  # what rounding may do to a number that somebody converted


class Relation(Enum):
    AGREES = "agrees"
    CLASHES = "clashes"
    OPEN = "open"  # neither: the claim says more than is known, or both are vague
    APART = "apart"  # they do not measure one thing


_SAID = {Relation.AGREES: True, Relation.CLASHES: False, Relation.OPEN: None, Relation.APART: None}
_FILLER_WORDS = (
    "in on the of about around at by from since until during circa c ca a an year approximately roughly nearly almost "
    "over than more less under up to least most some for after before xsd date"
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
    if claimed.measure is not known.measure:
        return Relation.APART
    if claimed.unit == known.unit:
        return _magnitudes(claimed, known, converted=False)
    if claimed.measure is not Measure.QUANTITY or claimed.unit is None or known.unit is None:
        return Relation.APART
    return _convert(claimed, known, claimed.unit, known.unit)


def _convert(claimed: Value, known: Value, unit: str, wanted: str) -> Relation:
    low, high = convert(claimed.low, unit, wanted), convert(claimed.high, unit, wanted)
    step = convert(claimed.step, unit, wanted, size=True)
    if low is None or high is None or step is None:
        return Relation.APART
    return _magnitudes(claimed._replace(low=low, high=high, step=step, unit=wanted), known, converted=True)


def _magnitudes(claimed: Value, known: Value, *, converted: bool) -> Relation:
    if claimed.is_range or known.is_range:
        return _ranges(claimed, known)
    if claimed.bound in (Bound.LEAST, Bound.MOST):
        return _bounded(claimed, known)
    apart, size = abs(claimed.low - known.low), max(abs(claimed.low), abs(known.low))
    slack = _EQUAL * size
    if claimed.measure is Measure.ORDINAL:
        return Relation.AGREES if apart <= slack else Relation.CLASHES
    if known.bound in (Bound.LEAST, Bound.MOST):
        beyond = claimed.low > known.low + slack
        if apart <= slack or beyond is (known.bound is Bound.LEAST):
            return Relation.OPEN
        return Relation.CLASHES
    if apart <= claimed.step / 2 + slack or (claimed.bound is Bound.ABOUT and apart <= _ABOUT * size):
        return Relation.AGREES
    if converted and apart <= _CONVERTED * size:
        return Relation.AGREES
    vague = Bound.ABOUT in (claimed.bound, known.bound)
    if apart < _limit(claimed, known, size) or (vague and apart <= _NEAR * size):
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
    """ "More than 500" is right for 512; for 50,000 it is true and says little, so it stays open."""
    slack = _EQUAL * max(abs(claimed.low), abs(known.low))
    beyond = known.low >= claimed.low - slack
    if claimed.bound is Bound.MOST:
        beyond = known.low <= claimed.low + slack
    if not beyond:
        opposite = {claimed.bound, known.bound} == {Bound.LEAST, Bound.MOST}
        return Relation.OPEN if known.bound is Bound.ABOUT or opposite else Relation.CLASHES
    near = max(abs(claimed.low), abs(known.low)) <= 2 * min(abs(claimed.low), abs(known.low))
    return Relation.AGREES if near else Relation.OPEN


def _ranges(claimed: Value, known: Value) -> Relation:
    if claimed.is_range and known.is_range:
        half = claimed.step / 2 + _EQUAL * abs(claimed.high)
        if abs(claimed.low - known.low) <= half and abs(claimed.high - known.high) <= half:
            return Relation.AGREES
        return Relation.CLASHES if claimed.low > known.high or claimed.high < known.low else Relation.OPEN
    inside = claimed.low <= known.high and known.low <= claimed.high
    if not inside:
        return Relation.CLASHES
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
    within = claimed.first <= known.first and known.last <= claimed.last
    return Relation.AGREES if within and not claimed.span and not known.span else Relation.OPEN
