"""Whether a claim may have worked a value out of what all its passages say, in any of the ways that people do.

This is wider than what may be put right or refuted: it only keeps "no passage has it" from being said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from groundwire.model import Span
from groundwire.values.numerals import ONES
from groundwire.values.units import convert
from groundwire.values.value import Measure, Value

_MOST = 40  # different amounts; of more, anything could be worked out
_SOME, _FEW = 24, 12  # of so many, three are added, and two steps are taken
_TELLING = 3  # digits of what is no result by chance
_CHANCE = 20.0  # what is smaller is had from some two numbers of every text
_EQUAL = 1e-9
_BARE = (Measure.NUMBER, Measure.MONEY, Measure.QUANTITY)
_HALF_DAY = 720.0
# How people count periods in each other; exact ones are converted by `convert`.
_PERIODS = {("month", "year"): 12.0, ("week", "year"): 52.0, ("week", "month"): 4.0, ("day", "year"): 365.0}
_PERIODS |= {("day", "month"): 30.0, ("year", "decade"): 10.0, ("year", "century"): 100.0}
_UNITS = "minute|hour|day|week|month|year"
_COUNT = {word: float(n) for n, word in enumerate(ONES[:13]) if n}
# "A fortnight", "half an hour", "a quarter of an hour", "an hour and a half", "two and a half years", "a week"
_SPOKEN = re.compile(
    r"\b(?P<fortnight>fortnight)"
    rf"|\b(?P<part>half|quarter of|three[ -]quarters of) an? (?P<of>{_UNITS})\b"
    rf"|\ban? (?P<one>{_UNITS})\b(?P<half> and a half)?"
    rf"|\b(?P<count>{'|'.join(_COUNT)}|\d{{1,2}}) and a half[ -](?P<unit>{_UNITS})",
    re.IGNORECASE,
)
_PART = {"half": 0.5, "quarter of": 0.25}
# A share of something, with or without a word of what: "charged at three quarters", "a third in shares"
_SHARE = re.compile(
    r"\b(?:(?P<count>two|three|four|five)[ -])?(?P<part>half|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)\b",
    re.IGNORECASE,
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_CLOCK = re.compile(r"(?<![\d.,:£$€])(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)(?![\d%]|[.,:]\d)", re.ASCII)
_HOURS = re.compile(
    r"\b(?:at|until|till|from|to|before|after|by|and) (?P<half>half past |quarter past |quarter to )?"
    rf"(?P<hour>{'|'.join(_COUNT)}|\d{{1,2}})"
    r"\b(?![.,:]?\d)",
    re.IGNORECASE,
)
_PAST = {"half past": 30.0, "quarter past": 15.0, "quarter to": -15.0}


def reckonable(value: Value, claimed: Iterable[Value], given: Sequence[Value], texts: Sequence[str] = ()) -> bool:
    """Whether the value can be had from the given ones and from the other values of the claim."""
    given = [*given, *(spoken for text in texts for spoken in _spoken(text))]
    amounts = {amount for other in given for amount in _amounts(value, other)}
    size = abs(value.magnitude)
    plain = value.measure is Measure.NUMBER
    if any(_is(value, amount) for amount in amounts) or _clocked(value, given, texts):
        return True
    if value.measure is Measure.PERCENT and any(_is(value, 100 - amount) for amount in amounts):
        return True
    others = [other for other in claimed if other.span != value.span]
    amounts |= {amount for other in others for amount in _amounts(value, other)}
    if len(amounts) > _MOST:
        return True
    two = list(combinations(sorted(amounts), 2))
    if any(_is(value, left + right) or _is(value, right - left) for left, right in two):
        return True
    if size < _CHANCE and value.step >= 1.0:
        return False
    if len(amounts) > 2 and _is(value, sum(amounts)):
        return True
    # A plain number of things is no product of two quantities: 1000 tablets do not come of 200 mg and five days.
    factors = [other for other in (*given, *others) if not plain or other.measure is not Measure.QUANTITY]
    times = {rate for other in factors for rate in _rates(other)} | set(_shares(texts))
    if len(times) <= _MOST and any(_is(value, amount * by) for amount in amounts for by in times):
        return True
    if len(amounts) <= _SOME and _digits(value) > 1 and _of_three(value, amounts):
        return True
    few = len(amounts) <= _FEW and len(times) <= _SOME
    return few and of_many_digits(value) and _in_two_steps(value, amounts, times)


def _in_two_steps(value: Value, amounts: set[float], times: set[float]) -> bool:
    """Twelve months of a fee and a charge on top; a share of what goes beyond a sum, or of two sums together."""
    return any(
        _is(value, worked)
        for by in times
        for amount in amounts
        for other in amounts
        for worked in (amount * by + other, amount * by - other, (amount - other) * by, (amount + other) * by)
    )


def _of_three(value: Value, amounts: set[float]) -> bool:
    three = combinations(sorted(amounts), 3)
    return any(_is(value, abs(c + sign * a + other * b)) for a, b, c in three for sign in (1, -1) for other in (1, -1))


def _is(value: Value, worked: float) -> bool:
    apart = abs(worked - abs(value.magnitude))
    return worked > 0 and apart <= max(value.step / 2 if value.step < 1.0 else 0.0, _EQUAL * worked)


def of_many_digits(value: Value) -> bool:
    """Whether a value has so many digits that it is no result by chance."""
    return _digits(value) >= _TELLING


def _digits(value: Value) -> int:
    """How many digits of a value are no zeros at its end: 2 for 1,200 and for 0.12."""
    return len(f"{abs(value.magnitude):.6f}".replace(".", "").strip("0"))


def _amounts(value: Value, other: Value) -> Iterator[float]:
    """What the other value comes to in the unit of the first; nothing where it measures something else."""
    if Measure.PERCENT in (value.measure, other.measure):
        if value.measure is other.measure:
            yield from {abs(other.low), abs(other.high)}  # percentage points are a difference of percentages
        return
    if value.measure not in _BARE or other.measure not in _BARE:
        return
    if other.measure is not Measure.QUANTITY or value.measure is not Measure.QUANTITY or value.unit == other.unit:
        if Measure.NUMBER in (value.measure, other.measure) or value.measure is other.measure:
            yield from {abs(other.low), abs(other.high)}
        return
    one, two = value.unit or "", other.unit or ""
    for amount in {abs(other.low), abs(other.high)}:
        if (one, two) in _PERIODS:
            yield amount * _PERIODS[one, two]
        elif (two, one) in _PERIODS:
            yield amount / _PERIODS[two, one]
        elif (converted := convert(amount, two, one)) is not None:
            yield abs(converted)


def _rates(value: Value) -> Iterator[float]:
    """What an amount may be multiplied by: a number, a share and what it leaves or comes on top, one of so many."""
    if value.measure is Measure.PERCENT:
        part = abs(value.low) / 100
        yield from (part, abs(1 - part), 1 + part)
    elif value.measure in _BARE and value.low:
        yield abs(value.low)
        if value.scale == 1.0:
            yield 1 / abs(value.low)


def _shares(texts: Iterable[str]) -> Iterator[float]:
    """The shares that the texts name in words, and what each leaves or comes on top."""
    for text in texts:
        for found in _SHARE.finditer(text):
            part = _COUNT.get((found["count"] or "one").lower(), 1.0) / _PARTS[found["part"].lower().removesuffix("s")]
            yield from (part, abs(1 - part), 1 + part)


def _clocked(value: Value, given: Iterable[Value], texts: Iterable[str]) -> bool:
    """Whether the value is the time between two times of day, over noon or midnight as well."""
    if value.unit not in ("minute", "hour", "second"):
        return False
    moments = {other.low for other in given if other.measure is Measure.TIME}
    for text in texts:
        moments |= {int(found["hour"]) * 60.0 + int(found["minute"]) for found in _CLOCK.finditer(text)}
        for found in _HOURS.finditer(text):
            moments.add(_number(found["hour"]) * 60 + _PAST.get((found["half"] or "").strip().lower(), 0.0))
    minutes = convert(abs(value.magnitude), value.unit, "minute") or 0.0
    return any(
        abs((way * (right - left) - minutes) % _HALF_DAY) < _EQUAL * 1e3
        for left, right in combinations(moments, 2)
        for way in (1, -1)
    )


def _spoken(text: str) -> Iterator[Value]:
    """Durations in words that are read as no values: "a fortnight", "half an hour", "an hour and a half"."""
    for found in _SPOKEN.finditer(text):
        if found["fortnight"]:
            amount, unit = 2.0, "week"
        elif found["part"]:
            amount, unit = _PART.get(found["part"].lower(), 0.75), found["of"].lower()
        elif found["one"]:
            amount, unit = 1.5 if found["half"] else 1.0, found["one"].lower()
        else:
            amount, unit = _number(found["count"]) + 0.5, found["unit"].lower()
        span = Span(*found.span())
        yield Value(Measure.QUANTITY, found[0], span, span, amount, amount, unit)


def _number(word: str) -> float:
    return float(word) if word.isdigit() else _COUNT[word.lower()]
