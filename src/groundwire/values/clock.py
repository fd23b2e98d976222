"""Times of day in a text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ZONE = r"(?:\s?(?P<zone>UTC|GMT|[ECMP][SD]?T|CES?T|BST|IST|JST)\b)?"
_TIME = re.compile(
    r"(?<![\w.:,$€£/-])(?:"
    r"(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)\s?(?P<half>[ap])(?:\.m\.?|m\b)"
    r"|(?P<hour1>\d{1,2}):(?P<minute1>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
    r"|(?P<hour2>\d{1,2})\s?(?P<half2>[ap])(?:\.m\.?|m\b)(?!\w)"
    rf"|(?P<word>noon|midnight)\b){_ZONE}",
    re.ASCII | re.IGNORECASE,
)
_TO_TIME = re.compile(r"(?<![\w.:,$€£/-])(?P<hour>\d{1,2})(?=\s?(?:[-–—]|to)\s?\d{1,2}(?::\d{2})?\s?[ap]\.?m\b)", re.I)
# A bare 3:16 may be a verse, a ratio or a length; what stands before a time of day says that it is one.
_CUE = re.compile(r"\b(?:at|from|until|till|by|before|after|since|to|between|and|around|about|opens|closes)\s$", re.I)


class Clock(NamedTuple):
    """A time of day at `text[start:end]`, in minutes; `half_known` when it says, or shows, which half of the day."""

    start: int
    end: int
    minutes: int
    half_known: bool
    zone: str | None


def times(text: str) -> Iterator[Clock]:
    """Yield the times of day of a text, in no order and without overlap."""
    for found in _TIME.finditer(text):
        groups = {key.rstrip("12"): value for key, value in found.groupdict().items() if value}
        if "word" in groups:
            yield Clock(*found.span(), 720 if groups["word"].lower() == "noon" else 0, True, groups.get("zone"))
            continue
        hour, half = int(groups["hour"]), groups.get("half", "").lower()
        if hour > (12 if half else 23) or (not half and not _cued(text, found.start(), groups["hour"])):
            continue
        minutes = hour * 60 + int(groups.get("minute", 0))
        if half:
            minutes = minutes % 720 + (720 if half == "p" else 0)
        known = bool(half) or hour > 12 or groups["hour"].startswith("0")
        yield Clock(*found.span(), minutes, known, groups.get("zone"))
    for found in _TO_TIME.finditer(text):
        if int(found["hour"]) <= 12:
            yield Clock(*found.span(), int(found["hour"]) % 12 * 60, False, None)


def _cued(text: str, start: int, hour: str) -> bool:
    return len(hour) == 2 or bool(_CUE.search(text[max(0, start - 10) : start]))
