"""Finds the values of a text."""

import re
from collections.abc import Iterator
from itertools import islice

from groundwire.model import Span
from groundwire.values import numerals
from groundwire.values.dates import MONTHS, dates
from groundwire.values.labels import in_name, no_amounts
from groundwire.values.numerals import Numeral
from groundwire.values.units import (
    BASIS_POINT,
    BEFORE,
    CURRENCIES,
    HUNDREDTHS,
    PERCENT,
    POINT,
    convert,
    per_after,
    unit_after,
)
from groundwire.values.value import AGE, Bound, Day, Measure, Value
from groundwire.values.written import written

_WINDOW = 32  # characters before a number that may say how it is meant
_MORE = r"(?:more|greater|higher) than|over|above|exceed(?:s|ed|ing)?|in excess of"
_LESS = r"(?:less|fewer|lower) than|under|below"
_NOT = r"(?:no|not|never|cannot|\w{2,6}n['’]t)\s"
# The bound that words set, and whether it is out of bounds itself: "more than 5" is not 5. What is denied comes first.
_BOUNDS = (
    (Bound.MOST, False, rf"{_NOT}(?:{_MORE})|up to|at (?:the )?most|maximum of|≤|<="),
    (Bound.LEAST, False, rf"{_NOT}(?:{_LESS})|at (?:the )?least|minimum of|upwards of|≥|>="),
    (Bound.LEAST, True, rf"{_MORE}|>"),
    (Bound.MOST, True, rf"{_LESS}|<"),
    (
        Bound.ABOUT,
        False,
        r"about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|c\.|ca\.|~|≈|estimated|close to",
    ),
)
_DATE_BOUNDS = (
    (Bound.MOST, False, rf"by|until|till|{_NOT}(?:later than|after)"),
    (Bound.LEAST, False, rf"{_NOT}(?:earlier than|before)"),
    (Bound.LEAST, True, r"after|later than"),
    (Bound.MOST, True, r"before|prior to|earlier than"),
    (Bound.ABOUT, False, r"about|around|approximately|circa|c\.|ca\.|~"),
)
_TIME_BOUNDS = ((Bound.LEAST, True, r"after|later than"), (Bound.LEAST, False, rf"{_NOT}(?:earlier than|before)"))

_Bounds = tuple[tuple[Bound, bool, re.Pattern[str]], ...]


def _ending(bounds: tuple[tuple[Bound, bool, str], ...]) -> _Bounds:
    return tuple(
        (
            bound,
            strict,
            re.compile(rf"(?:^|[\s(])(?:{words})\s?(?:an? |the age of |a total of )?$", re.IGNORECASE),
        )
        for bound, strict, words in bounds
    )


_BEFORE, _BEFORE_DATE, _BEFORE_TIME = _ending(_BOUNDS), _ending(_DATE_BOUNDS), _ending(_TIME_BOUNDS)
_FIRM = re.compile(
    rf"(?:at (?:the )?least|{_NOT}(?:{_LESS}|{_MORE})|minimum of|up to|at (?:the )?most|maximum of|[≤≥]|[<>]=)\s?$",
    re.IGNORECASE,
)
_AFTERWARDS = r"(?=\s*(?:[.,;:!?)]|$))"  # "5 at most.", and not "5 at most stores"
_OR_MORE = re.compile(rf"\+|\s(?:or more|or above|or over|plus)\b|\sat (?:the )?least\b{_AFTERWARDS}")
_OR_LESS = re.compile(rf"\s(?:or less|or fewer|or under|or below)\b|\sat (?:the )?most\b{_AFTERWARDS}")
_RANGE = re.compile(r"\s?(?:[-–—]|to)\s?(?=[\d$€£¥₹])")
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|during|year|before|after|of|and|to|for|late|early|mid|spring|summer|autumn|fall"
    r"|winter|season|between|through|circa|on|around)|[(,–-])\s?$",
    re.IGNORECASE,
)
_STRONG_CUE = re.compile(
    r"(?:\b(?:in|since|during|year|until|circa|late|early|mid|spring|summer|autumn|winter|season|fiscal|quarter|q[1-4])"
    r"(?:\sof)?|\()\s?$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s(?:[a-z]{2,30}\s)?(?:[a-z]{3,30}s|people|men|women|children)\b")
_ORDINAL_SUFFIX = re.compile(r"(?:st|nd|rd|th)(?![\w-])")
_DIGIT = re.compile(r"\d")
# Every value without a digit holds one of these.
_IN_ANY = (
    *numerals.IN_ANY,
    "noon",
    "midnight",
    "half",
    "quarter",
    "nday",
    "sday",
    "rday",
    "iday",
    *map(str.lower, MONTHS),
)
_CURRENCY_BEFORE = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(map(re.escape, BEFORE))}) ?$")
_CAPITAL_AFTER = re.compile(r"\s[A-Z]")
_BROKEN = re.compile(r"[.,] \d")  # "102. 5": spaces that a tokenizer put there
_GLUED = re.compile(r"\w|-[A-Z]")
_FIRST_YEAR, _LAST_YEAR, _FIRST_LIKELY = 1000, 2100, 1700
_YEAR_OF = re.compile(r"\b(?:the|an?|his|her|its|their|'s|’s)\s$", re.IGNORECASE)
_ONE_THING = re.compile(
    r"\s(?:census|series|crisis|congress|games|finals|elections|(?!seat|word|page|man\b|member|strong)[a-z]{3,30}(?<!s))\b"
)
_AGE = re.compile(r"\bage(?:[ds]|\sof|\sis|\swas)?\s?:?\s?$", re.IGNORECASE)
_TITLE = re.compile(r"\s(?:[A-Za-z]{2,12}\s){0,2}(?:film|movie|album|song|novel|book|series|game|play|musical|EP)\)")
_AGO = re.compile(r"\s(?:ago|from now)\b")
_HUNDREDTHS = tuple(HUNDREDTHS)
_COMPOUND = re.compile(r"(?:,? and|,)?\s?")


def values(text: str, *, most: int | None = None) -> tuple[Value, ...]:
    """The values of a text in the order of their spans. Linear in its length; raises nothing.

    With `most`, reading stops once there are more than so many: some `most + 1` of them are returned, not the first.
    """
    stop = None if most is None else most + 1
    small = text.lower()
    if not _DIGIT.search(text) and not any(map(small.__contains__, _IN_ANY)):
        return ()
    found: list[Value] = []
    taken = bytearray(len(text))
    for dated in islice(dates(text), stop):
        _take(taken, dated.start, dated.end)
        if dated.days:
            span = Span(dated.start, dated.end)
            bound, strict = _bound_before(text, dated.start, _BEFORE_DATE)
            found.append(Value(Measure.DATE, span.of(text), span, span, days=dated.days, bound=bound, strict=strict))
    for value in islice(written(text, taken), stop):
        if not any(taken[value.span.start : value.span.end]):
            _take(taken, *value.span)
            before = _BEFORE_TIME if value.measure is Measure.TIME else _BEFORE
            bound, strict = _bound_before(text, value.span.start, before)
            found.append(value._replace(bound=bound, strict=strict))
    for start, end in no_amounts(text):
        if not any(taken[start:end]):
            _take(taken, start, end)
    worded = any(map(small.__contains__, numerals.IN_ANY))
    found.extend(islice(_numbers(text, taken, worded=worded), stop))
    found.sort(key=lambda value: value.span)
    return tuple(found if most is not None and len(found) > most else _joined(text, found))


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\1" * (end - start)


def _numbers(text: str, taken: bytearray, *, worded: bool) -> Iterator[Value]:
    position = 0
    for match in numerals.DIGITS.finditer(text):
        if match.start() < position or any(taken[match.start() : match.end()]):
            continue
        value = _digits(text, match, taken)
        if value is not None:
            position = value.span.end
            _take(taken, value.span.start, value.span.end)
            yield value
    if not worded:
        return
    for match in numerals.WORDED.finditer(text):
        if not any(taken[match.start() : match.end()]):
            value = _worded(text, match)
            if value is not None:
                _take(taken, value.span.start, value.span.end)
                yield value
    for match in numerals.ORDINAL_WORD.finditer(text):
        if not any(taken[match.start() : match.end()]):
            span = Span(*match.span())
            rank = float(numerals.read_ordinal(match.group()))
            yield Value(Measure.ORDINAL, match.group(), span, span, rank, rank, certain=rank > 2)


def _digits(text: str, match: re.Match[str], taken: bytearray) -> Value | None:
    start, sign = _sign(text, match.start())
    found = _CURRENCY_BEFORE.search(text[max(0, start - 8) : start])
    code = found[1] if found else None
    start -= len(found[0]) - len(found[1]) if found else 0
    numeral = numerals.read_digits(text, match, money=code is not None)
    if numeral is None:
        return None
    high = None
    if to := _RANGE.match(text, numeral.stop):
        high = _range_end(text, to.end(), numeral, code)
        if high and high.stop - to.end() == to.start() - numeral.start == 4:
            high = None  # "1990 to 1995": years, each on its own
    last = high or numeral
    if suffix := _ORDINAL_SUFFIX.match(text, last.end):
        span = Span(numeral.start, suffix.end())
        rank = numeral.magnitude
        return Value(Measure.ORDINAL, span.of(text), span, Span(*match.span()), rank, rank)
    if code:
        start -= len(code)
    return _value(text, start, numeral, high, CURRENCIES[code] if code else None, sign)


def _sign(text: str, start: int) -> tuple[int, float]:
    before = text[max(0, start - 2) : start]
    if before[-1:] in ("-", "−") and (len(before) < 2 or before[0].isspace() or before[0] == "("):
        return start - 1, -1.0
    return start, 1.0


def _range_end(text: str, position: int, low: Numeral, code: str | None) -> Numeral | None:
    if code and text.startswith(code, position):
        position += len(code)
    match = numerals.DIGITS.match(text, position)
    if match is None and position < len(text):
        # DIGITS does not start after "5-" by itself, where the sign stands between two numbers
        match = numerals.DIGITS.match(text[position : position + 24])
        if match is None:
            return None
        match = re.compile(r"[\d,.]*\d", re.ASCII).match(text, position)
    if match is None:
        return None
    high = numerals.read_digits(text, match, money=code is not None)
    if high is None:
        return None
    if low.scale == 1.0 and high.scale > 1.0:
        low = low._replace(magnitude=low.magnitude * high.scale)
    return high if low.magnitude < high.magnitude else None


def _worded(text: str, match: re.Match[str]) -> Value | None:
    numeral = numerals.read_worded(match)
    value = _value(text, match.start(), numeral, None, None, 1.0)
    if value is not None and match.group().lower() in ("one", "zero") and value.unit is None:
        return None  # "one of them", "no one": mostly a pronoun
    return value


def _value(
    text: str, start: int, low: Numeral, high: Numeral | None, currency: str | None, sign: float
) -> Value | None:
    last = high or low
    measure, unit, stop, part = Measure.NUMBER, currency, last.stop, 1.0
    if currency:
        measure = Measure.MONEY
    elif after := unit_after(text, last.stop):
        unit, money, stop = after
        part = 0.01 if unit == BASIS_POINT or text[:stop].endswith(_HUNDREDTHS) else 1.0
        unit = POINT if unit == BASIS_POINT else unit
        measure = Measure.MONEY if money else Measure.PERCENT if unit in (PERCENT, POINT) else Measure.QUANTITY
    elif _AGE.search(text[max(0, start - 12) : start]) and not _GLUED.match(text, last.stop):
        measure, unit = Measure.QUANTITY, "year"
    elif _GLUED.match(text, last.stop):
        return None  # "3D", "747s", "7-Eleven"
    if start > 0 and (text[start - 1].isalnum() or _hyphenated(text, start)):
        return None  # "B-52", "Covid-19"
    per, stop = per_after(text, stop) or (None, stop)
    if unit == "year" and (text[:stop].endswith("old") or _AGE.search(text[max(0, start - 12) : start])):
        per = AGE
    scale = last.scale
    first = low.magnitude * (scale if high and low.scale == 1.0 else 1.0) * sign * part
    bound, strict = _bound(text, start, stop)
    value = Value(
        measure=measure,
        text=text[start:stop],
        span=Span(start, stop),
        number=Span(low.start, last.end),
        low=first,
        high=last.magnitude * sign * part if high else first,
        unit=unit,
        step=last.step * part,
        scale=scale,
        bound=bound,
        per=per,
        strict=strict,
        firm=bound is not Bound.EXACT and bool(_FIRM.search(text[max(0, start - _WINDOW) : start])),
    )
    if _BROKEN.match(text, stop) or _BROKEN.match(text[max(0, start - 2) : start + 1]):
        return value._replace(certain=False)
    if measure is not Measure.NUMBER:
        return value._replace(certain=not _AGO.match(text, stop))  # the text does not say when it was written
    return value._replace(certain=not in_name(text, start, stop)) if high else _as_year(text, value)


def _hyphenated(text: str, start: int) -> bool:
    return start > 1 and text[start - 1] in "-/" and text[start - 2].isalpha()


def _bound(text: str, start: int, stop: int) -> tuple[Bound, bool]:
    if _OR_MORE.match(text, stop):
        return Bound.LEAST, False
    if _OR_LESS.match(text, stop):
        return Bound.MOST, False
    return _bound_before(text, start, _BEFORE)


def _bound_before(text: str, start: int, bounds: _Bounds) -> tuple[Bound, bool]:
    before = text[max(0, start - _WINDOW) : start]
    found = ((bound, strict) for bound, strict, pattern in bounds if pattern.search(before))
    return next(found, (Bound.EXACT, False))


def _as_year(text: str, value: Value) -> Value:
    """A bare number of four digits as a year, where what stands around it says so; else a number, maybe a name's."""
    start, end = value.span
    before = text[max(0, start - _WINDOW) : start]
    if not (end - start == 4 and value.text.isdigit() and _FIRST_YEAR <= value.low <= _LAST_YEAR):
        return value._replace(certain=not in_name(text, start, end))
    day = Day(int(value.low), int(value.low))
    counted = _COUNTED.match(text, end)
    named = _CAPITAL_AFTER.match(text, end)  # "of 1097 Vicia"
    bound, strict = _bound_before(text, start, _BEFORE_DATE)
    dated = value._replace(measure=Measure.DATE, days=(day,), bound=bound, strict=strict)
    if before.endswith("(") and _TITLE.match(text, end):
        return dated._replace(certain=False)
    if _STRONG_CUE.search(before) or (_YEAR_CUE.search(before) and not counted and not named):
        return dated
    if _YEAR_OF.search(before) and value.low >= _FIRST_LIKELY and _ONE_THING.match(text, end):
        return dated  # "the 1973 film"
    if value.is_limit:
        return value._replace(certain=not in_name(text, start, end))  # "more than 1,002" is no year
    return value._replace(days=(day,), certain=bool(counted) and not in_name(text, start, end))


def _joined(text: str, found: list[Value]) -> Iterator[Value]:
    """Put "5 feet 11 inches" and "2 hours, 30 minutes" together: two units of one dimension, the larger first."""
    held: Value | None = None
    for value in found:
        joined = (_sum(text, held, value) or _between(text, held, value)) if held else None
        if held and joined is None:
            yield held
        held = joined or value
    if held:
        yield held


def _between(text: str, first: Value, last: Value) -> Value | None:
    """ "Between 5 and 10 km", "from 1990 to 1995": two values that are the ends of one range."""
    if last.span.start - first.span.end > 10 or first.is_range or last.is_range:
        return None
    join = text[first.span.end : last.span.start].strip()
    before = text[max(0, first.span.start - 9) : first.span.start].lower()
    if not (before.endswith("between ") and join == "and") and not (
        before.endswith("from ") and join in ("to", "until", "till", "through")
    ):
        return None
    span = Span(first.span.start, last.span.end)
    value = last._replace(text=span.of(text), span=span, number=Span(first.number.start, last.number.end))
    if first.measure is Measure.DATE is last.measure:
        return _years(value, first.days, last.days)
    same_unit = first.unit == last.unit or (first.unit is None and first.measure is Measure.NUMBER)
    if not same_unit or Measure.DATE in (first.measure, last.measure) or first.low >= last.low:
        return None
    return value._replace(low=first.low, bound=Bound.EXACT)


def _years(value: Value, first: tuple[Day, ...], last: tuple[Day, ...]) -> Value | None:
    if len(first) != 1 or len(last) != 1 or first[0].month or last[0].month:
        return None
    start, end = first[0].first, last[0].last
    if start is None or end is None or start >= end:
        return None
    return value._replace(days=(Day(start, end, span=True),), low=0.0, high=0.0, bound=Bound.EXACT)


def _sum(text: str, large: Value, small: Value) -> Value | None:
    if large.measure is not Measure.QUANTITY or small.measure is not Measure.QUANTITY:
        return None
    if large.unit is None or small.unit is None or large.unit == small.unit or large.is_range or small.is_range:
        return None
    between = text[large.span.end : small.span.start]
    if len(between) > 6 or not _COMPOUND.fullmatch(between):
        return None
    one = convert(1.0, large.unit, small.unit)
    if one is None or one <= 1.0 or small.low >= one or large.unit.startswith("deg"):
        return None
    total = large.low * one + small.low
    span = Span(large.span.start, small.span.end)
    number = Span(large.number.start, small.number.end)
    return small._replace(text=span.of(text), span=span, number=number, low=total, high=total, bound=large.bound)
