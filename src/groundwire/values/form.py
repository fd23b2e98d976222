"""Writes a known value in the form of a claimed one."""

import re
from math import log10

from groundwire.values import numerals
from groundwire.values.dates import MONTHS
from groundwire.values.units import convert
from groundwire.values.value import Day, Measure, Value

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SLASHED = re.compile(r"\d{1,2}([/.])\d{1,2}\1\d{4}", re.ASCII)
_DAY_FIRST = re.compile(r"\d{1,2}(?:st|nd|rd|th)?\b.", re.ASCII)
_DIGITS = re.compile(r"\d(?:[\d,.]*\d)?", re.ASCII)
_PARTLY = re.compile(r"basis|\bbps?\b|\bcents\b|\bpence\b|¢")  # hundredths of what is compared
_PIECES = re.compile(
    r"(?P<month>[A-Za-z]{3,9}\.?)|(?P<day>(?<!\d)\d{1,2}(?!\d))(?P<suffix>st|nd|rd|th)?|(?P<year>\d{4})"
)


def in_form_of(claimed: Value, known: Value) -> str | None:
    """`known` written as `claimed` is: its unit, currency sign, scale word, separators, words or digits.

    None where that form cannot hold it: a day for a known year, a range, a word for a large number.
    """
    if claimed.is_range or known.is_range:
        return None
    if _as_given(claimed, known):
        return _given(claimed, known)
    if claimed.measure is Measure.DATE:
        return _date(claimed, known.days[0]) if len(claimed.days) == len(known.days) == 1 else None
    magnitude: float | None = known.low
    if claimed.unit and known.unit and claimed.unit != known.unit:
        magnitude = convert(known.low, known.unit, claimed.unit)
        if magnitude is not None:
            magnitude = float(f"{magnitude:.{_digits(known)}g}")
    if magnitude is None:
        return None
    number = _number(claimed, known, magnitude)
    if number is None:
        return None
    start = claimed.span.start
    before = claimed.text[: claimed.number.start - start]
    after = claimed.text[claimed.number.end - start :]
    if claimed.measure is Measure.ORDINAL:
        return number
    return (
        before.replace("-", "").replace("−", "")
        + ("-" if magnitude < 0 else "")
        + number
        + _plural(after, claimed, magnitude)
    )


def _as_given(claimed: Value, known: Value) -> bool:
    """Whether only the evidence's own words say it well: where the unit is what is wrong, "4 weeks" for "4 days"."""
    if claimed.measure in (Measure.TIME, Measure.SCORE) or (claimed.measure is Measure.ORDINAL and claimed.unit):
        return True
    if claimed.measure is Measure.DATE:
        return False
    if _PARTLY.search(claimed.text) or _is_share(claimed) or _is_share(known) or len(_DIGITS.findall(claimed.text)) > 1:
        return True
    if None is not claimed.per != known.per is not None:
        return True
    same_number = abs(claimed.low / claimed.scale) == abs(known.low / known.scale)
    return same_number and (claimed.unit, claimed.scale) != (known.unit, known.scale)


def _given(claimed: Value, known: Value) -> str | None:
    if claimed.per and claimed.per not in claimed.text:
        return None  # what is wrong stands further on
    said, part = known.text, " of"
    if _is_share(known) and said.endswith(part) and not claimed.text.endswith(part):
        said = said.removesuffix(part)
    elif claimed.text.endswith(part) and not said.endswith(part):
        said += part
    return said[0].upper() + said[1:] if claimed.text[0].isupper() else said


def _is_share(value: Value) -> bool:
    return value.measure is Measure.PERCENT and not (_DIGITS.search(value.text) or "cent" in value.text)


def _digits(value: Value) -> int:
    """How many digits a value states: 3 for 1.20 and for 120."""
    return max(1, len(f"{abs(value.low) / value.step:.0f}")) if value.low else 1


def _number(claimed: Value, known: Value, magnitude: float) -> str | None:
    words = claimed.text[claimed.number.start - claimed.span.start : claimed.number.end - claimed.span.start]
    if claimed.measure is Measure.ORDINAL:
        return _ordinal(words, int(magnitude))
    if not words[0].isdigit():
        said = numerals.in_words(int(magnitude)) if magnitude == int(magnitude) else None
        if said is None:
            said = _plain(magnitude, known, separators=True)
        return said[0].upper() + said[1:] if words[0].isupper() else said
    if claimed.scale > 1.0:
        scaled = f"{abs(magnitude) / claimed.scale:.6f}".rstrip("0").rstrip(".")
        return scaled if float(scaled) > 0 and len(scaled) <= 7 else None
    return _plain(abs(magnitude), known, separators="," in words or ("," in known.text and "." not in words))


def _plain(magnitude: float, known: Value, *, separators: bool) -> str:
    places = 0 if magnitude == int(magnitude) else min(6, max(1, len(repr(magnitude).partition(".")[2])))
    if "." in known.text and known.scale == 1.0 and magnitude == abs(known.low):
        places = min(6, max(0, round(-log10(known.step))))
    return f"{magnitude:,.{places}f}" if separators else f"{magnitude:.{places}f}"


def _ordinal(words: str, rank: int) -> str | None:
    if words[0].isdigit():
        return f"{rank}{_suffix(rank)}"
    said = next((word for word, n in numerals.ORDINALS.items() if n == rank), f"{rank}{_suffix(rank)}")
    return said.capitalize() if words[0].isupper() else said


def _suffix(rank: int) -> str:
    if rank % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")


def _plural(after: str, claimed: Value, magnitude: float) -> str:
    """ "1 mile" for "5 miles" and the other way round, for unit words written out."""
    if claimed.measure is not Measure.QUANTITY or "-" in after or len(after.strip()) < 4:
        return after
    if magnitude == 1 and after.endswith("s") and claimed.low != 1:
        return "".join(after[:-1])
    if magnitude != 1 and claimed.low == 1 and after[-1].isalpha() and not after.endswith("s"):
        return after + "s"
    return after


def _date(claimed: Value, known: Day) -> str | None:
    said = claimed.days[0]
    if said.first != said.last or known.first != known.last:
        return _period(claimed, known)
    if (said.month and not known.month) or (said.day and not known.day) or (said.first and not known.first):
        return None
    if (known.first or 1) < 0 or (said.first or 1) < 0:
        return (
            claimed.text.replace(str(-(said.first or 0)), str(-(known.first or 0)), 1)
            if ((known.first or 1) < 0 and (said.first or 1) < 0 and not said.month)
            else None
        )
    year, month, day = known.first or 0, known.month or 1, known.day or 1
    if _ISO.match(claimed.text):
        return f"{year:04d}-{month:02d}-{day:02d}"
    if slashed := _SLASHED.match(claimed.text):
        mark = slashed[1]
        month_first = mark == "/" and claimed.text.partition("/")[0].lstrip("0") == str(said.month)
        return mark.join(map(str, (month, day, year) if month_first else (day, month, year)))

    def piece(found: re.Match[str]) -> str:
        if found["year"]:
            return f"{year}"
        if found["day"]:
            return f"{day}" + (_suffix(day) if found["suffix"] else "")
        written = found["month"]
        if written.rstrip(".").title()[:3] not in {name[:3] for name in MONTHS}:
            return written
        short = len(written.rstrip(".")) <= 4 and written.rstrip(".").title() not in MONTHS
        return (MONTHS[month - 1][:3] + ("." if written.endswith(".") else "")) if short else MONTHS[month - 1]

    return _PIECES.sub(piece, claimed.text)


def _period(claimed: Value, known: Day) -> str | None:
    """A decade for a decade or a year in it; a century likewise."""
    said = claimed.days[0]
    if known.first is None or known.last is None or said.first is None or said.last is None or known.first < 0:
        return None
    length = said.last - said.first
    if length == 9 and known.last - known.first <= 9:
        return claimed.text.replace(str(said.first), str(known.first // 10 * 10), 1)
    if length == 100 and claimed.text[0].isdigit() and known.first == known.last:
        century = (known.first - 1) // 100 + 1
        return re.sub(r"^\d{1,2}(?:st|nd|rd|th)", f"{century}{_suffix(century)}", claimed.text)
    return None
