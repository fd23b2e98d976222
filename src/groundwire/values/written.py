"""Values that are written in a form of their own: times of day, heights, shares, quarters, weekdays, scores."""

import re
from collections.abc import Iterator

from groundwire.model import Span
from groundwire.values.clock import times
from groundwire.values.numerals import ORDINALS
from groundwire.values.shares import shares
from groundwire.values.units import PERCENT, unit_after
from groundwire.values.value import Measure, Value

QUARTER, WEEKDAY = "quarter", "weekday"
# How exactly a share in words is meant: "half" is said of 47 %, and not of 40 %.
_SHARE_STEP = 8.0
_HEIGHT = re.compile(
    r"(?<![\w.,])(?P<feet>\d)(?:\s?['′’]\s?|\s?ft\.?\s?|[\s-](?:foot|feet)[\s-])(?P<inches>\d{1,2})(?![\d,])"
    r"(?:\s?(?:[\"″”]|''|in\b\.?|inch(?:es)?\b))?"
)
_QUARTER = re.compile(
    rf"\b(?:Q(?P<digit>[1-4])\b|(?P<word>{'|'.join(list(ORDINALS)[:4])}|[1-4](?:st|nd|rd|th))[\s-](?:fiscal\s)?quarter\b)",
    re.IGNORECASE,
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(
    rf"(?<=\b(?:on|by) )(?P<day>{'|'.join(_DAYS)})s?\b(?!\s?(?:[-–—,]|and|or|to|through)\b)", re.IGNORECASE
)
_SCORE = re.compile(r"(?<![\w.,/$€£%–-])(?P<ours>\d{1,3})[-–](?P<theirs>\d{1,3})(?![\w/%–-]|[.,]\d|\s?[-–]\s?\d)")


def written(text: str, taken: bytearray) -> Iterator[Value]:
    """Yield the values of such forms, but for those on characters that are `taken`."""
    small = text.lower()
    for clock in times(text):
        span = Span(clock.start, clock.end)
        unit = "24" if clock.half_known else "12"
        at = float(clock.minutes)
        yield Value(Measure.TIME, span.of(text), span, span, at, at, unit, per=clock.zone)
    for found in _HEIGHT.finditer(text):
        feet, inches = int(found["feet"]), int(found["inches"])
        if inches < 12 and not any(taken[found.start() : found.end()]):
            span, tall = Span(*found.span()), 12.0 * feet + inches
            number = Span(found.start(), found.end("inches"))
            yield Value(Measure.QUANTITY, span.of(text), span, number, tall, tall, "inch")
    for share in shares(text):
        span = Span(share.start, share.end)
        part = share.percent
        yield Value(Measure.PERCENT, span.of(text), span, span, part, part, PERCENT, _SHARE_STEP)
    for found in _QUARTER.finditer(text) if "q" in small else ():
        span = Span(*found.span())
        rank = float(found["digit"] or ORDINALS.get((found["word"] or "").lower(), 0) or found["word"][0])
        number = Span(*found.span("digit" if found["digit"] else "word"))
        yield Value(Measure.ORDINAL, span.of(text), span, number, rank, rank, QUARTER)
    for found in _WEEKDAY.finditer(text) if "day" in small else ():
        span, rank = Span(*found.span()), _DAYS.index(found["day"].lower()) + 1.0
        yield Value(Measure.ORDINAL, span.of(text), span, span, rank, rank, WEEKDAY)
    for found in _SCORE.finditer(text):
        ours, theirs = int(found["ours"]), int(found["theirs"])
        # The smaller number first is a range as well, and is read as one.
        if ours >= theirs and unit_after(text, found.end()) is None:
            span = Span(*found.span())
            yield Value(Measure.SCORE, span.of(text), span, span, float(ours), float(theirs))
