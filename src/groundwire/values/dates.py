"""Dates of any precision in a text: a day, a month, a year, a decade, a century, a span of years."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from groundwire.values.numerals import ORDINALS
from groundwire.values.value import Day

_MONTHS = "January February March April May June July August September October November December"
MONTHS = _MONTHS.split()
_NUMBER = (
    {name.lower(): n for n, name in enumerate(MONTHS, 1)}
    | {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)}
    | {"sept": 9}
)
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_CENTURY_WORDS = {word: n for word, n in ORDINALS.items() if n <= 20} | {"twenty-first": 21}
_ERA = r"(?P<era>BCE?|B\.C\.(?:E\.)?|AD|A\.D\.|CE|C\.E\.)(?!\w)"
_YEAR = rf"(?P<year>\d{{3,4}}|\d{{1,2}}(?=\s?(?:BC|AD|CE)))(?:\s?{_ERA})?"
_CUES = ("in", "since", "until", "during", "by", "from", "to", "of", "late", "early", "mid", "every", "last", "next")
_CUED = "|".join(f"(?<=\\b{cue}\\s)" for cue in _CUES)

_PATTERNS = tuple(
    re.compile(rf"(?<![\w/.-]){pattern}", re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?:T\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?"
        r"(?:Z|[+-]\d{2}:\d{2})?)?(?![\w-])",
        rf"{_DAY}(?:\s{{1,3}}(?:of\s{{1,3}})?|-){_MONTH}(?:,?\s{{1,3}}(?:of\s{{1,3}})?{_YEAR})?(?!\w)",
        rf"{_MONTH}\s{{1,3}}{_DAY}(?![\d:])(?P<until>\s?[-–—]\s?\d{{1,2}})?(?:(?:,\s?|\s{{1,3}}){_YEAR})?(?!\w)",
        rf"{_MONTH},?\s{{1,3}}(?:of\s{{1,3}})?{_YEAR}(?!\w)",
        r"(?P<year>\d{4})(?P<dot>[./])(?P<number>\d{2})(?P=dot)(?P<day>\d{2})(?![\w/])",
        r"(?P<left>\d{1,2})(?P<mark>[/.])(?P<right>\d{1,2})(?P=mark)(?P<year>\d{4})(?![\w/])",
        r"(?P<decade>\d{3}0)['’]?s(?!\w)",
        r"(?:(?<=\bthe\s)|(?<=\bearly\s)|(?<=\bmid\s)|(?<=\blate\s))['’‘]?(?P<short>[2-9]0)['’]?s(?!\w)",
        rf"(?P<century>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(map(re.escape, _CENTURY_WORDS))})[\s-]century"
        rf"(?:\s{_ERA})?(?!\w)",
        rf"(?P<year>\d{{1,4}})\s?{_ERA}",
        r"(?:AD|A\.D\.)\s?(?P<year>\d{1,4})(?!\w)",
        rf"(?:{_CUED})(?P<month>{'|'.join(MONTHS)})(?![\w’'])(?!\s\d)",
        r"(?P<first>1\d{3}|20\d{2})\s?[-–—]\s?(?P<last>1\d{3}|20\d{2}|\d{2})(?![\w,-]|\.\d)",
    )
)

# Every date holds one of these: most sentences hold none, and are not searched for each form.
_IN_WORDS = re.compile("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|century|BC|B\\.C|AD|A\\.D|CE|C\\.E")
_IN_DIGITS = re.compile(r"\d\s?[-–—/.]\s?\d|0['’]?s", re.ASCII)


class Dated(NamedTuple):
    """A date at `text[start:end]` with its readings; none for what is a date but says no single one ("May 3–5")."""

    start: int
    end: int
    days: tuple[Day, ...]


def dates(text: str) -> Iterator[Dated]:
    """Yield the dates of a text that are written as such, in no order and without overlap. Bare years are not."""
    if not _IN_WORDS.search(text) and not _IN_DIGITS.search(text):
        return
    taken = bytearray(len(text))
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if any(taken[found.start() : found.end()]):
                continue
            days = _days({key: value for key, value in found.groupdict().items() if value})
            if days is None:
                continue
            taken[found.start() : found.end()] = b"\1" * (found.end() - found.start())
            yield Dated(*found.span(), days)


def _days(groups: dict[str, str]) -> tuple[Day, ...] | None:
    """The readings of what a pattern found; None where it is no date after all ("31/31/2021")."""
    if "until" in groups:
        return ()
    if "left" in groups:
        return _slashed(int(groups["left"]), int(groups["right"]), int(groups["year"]), groups["mark"])
    if "decade" in groups:
        first = int(groups["decade"])
        return (Day(first, first + (99 if first % 100 == 0 else 9)),)
    if "short" in groups:  # of which century, it does not say
        firsts = (century + int(groups["short"]) for century in (1900, 1800))
        return tuple(Day(first, first + 9) for first in firsts)
    if "century" in groups:
        return (_century(groups),)
    if "first" in groups:
        first, last = int(groups["first"]), int(groups["last"])
        last += first // 100 * 100 if last < 100 else 0
        return (Day(first, last, span=True),) if first < last else None
    year = int(groups["year"]) if "year" in groups else None
    if groups.get("era", "A").startswith("B"):
        year = -(year or 0)
    month = int(groups["number"]) if "number" in groups else None
    if "month" in groups:
        month = _NUMBER[groups["month"].rstrip(".").lower()]
    day = int(groups["day"]) if "day" in groups else None
    return (Day(year, year, month, day),) if _exists(year, month, day) else None


def _century(groups: dict[str, str]) -> Day:
    word = groups["century"].lower()
    number = int(word[:-2]) if word[0].isdigit() else _CENTURY_WORDS[word]
    if groups.get("era", "A").startswith("B"):
        return Day(-100 * number, -100 * (number - 1) - 1)
    # 1800 to 1900: some count from the one and some from the other, and neither is wrong here.
    return Day(100 * (number - 1), 100 * number)


def _slashed(left: int, right: int, year: int, mark: str) -> tuple[Day, ...] | None:
    """3.4.2021 has the day first; 3/4/2021 is read both ways, as half the world does each."""
    orders = [(left, right)] if mark == "." else [(left, right), (right, left)]
    days = dict.fromkeys(Day(year, year, month, day) for day, month in orders if _exists(year, month, day))
    return tuple(days) or None


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        date(max(year or 2000, 1), 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True
