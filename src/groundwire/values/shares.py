"""Shares in words: "half of the voters", "two-thirds of them", "one in five"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from groundwire.values.numerals import ONES

_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_COUNT = {"a": 1, "an": 1, **{word: n for n, word in enumerate(ONES) if 0 < n < 10}}
_SHARE = re.compile(
    r"(?:(?<!\w)(?<!first )(?<!second )(?<!last )(?<!latter )(?<!other )(?P<half>half)(?= (?:of|the|all|its|their)\b)"
    rf"|\b(?P<count>{'|'.join(_COUNT)})[\s-](?P<part>half|third|quarter|fifth|sixth|eighth|tenth)s?(?= of\b))"
    r"(?P<of> of\b)?"
    rf"|\b(?P<some>{'|'.join(ONES[1:10])}|\d)(?: in | out of (?:every )?)(?P<all>{'|'.join(ONES[2:11])}|\d{{1,3}})\b"
    r"(?![.,]?\d|\s(?:hours|days|weeks|months|years|matches|games))",
    re.IGNORECASE,
)

# Every share holds a part or, in small letters, a ratio: a quick way to see that a text holds none.
_RATIO = re.compile(rf" (?:in|out of) (?:every )?(?:{'|'.join(ONES[2:11])}|\d{{1,3}})\b")


class Share(NamedTuple):
    """A share at `text[start:end]`, in percent."""

    start: int
    end: int
    percent: float


def shares(text: str) -> Iterator[Share]:
    """Yield the shares of a text that are said in words."""
    small = text.lower()
    if not any(map(small.__contains__, _PARTS)) and not _RATIO.search(small):
        return
    for found in _SHARE.finditer(text):
        if found["all"]:
            some, whole = _number(found["some"]), _number(found["all"])
        else:
            some = 1 if found["half"] else _COUNT[found["count"].lower()]
            whole = _PARTS[(found["half"] or found["part"]).lower()]
        if 0 < some < whole:
            yield Share(*found.span(), 100.0 * some / whole)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else ONES.index(word.lower())
