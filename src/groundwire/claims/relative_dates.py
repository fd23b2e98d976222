"""Years said by way of another: "two years later" after "in 1998" is in 2000. Only where one year can be meant."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from groundwire.claims.parse import Tree

_NUMBERS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_RELATIVE = re.compile(
    r"\b(?:(?P<into>in|during|by|of|until|since|for|from)\s+)?(?:"
    r"(?:the|that)\s+(?:very\s+)?same\s+(?P<same>year)|that\s+(?P<that>year)"
    r"|the\s+(?P<next>next|following|previous|preceding)\s+year"
    r"|the\s+year\s+(?P<side>before|after)(?=\s*(?:[,.;]|\Z))"
    rf"|(?:(?:just|only|exactly)\s+)?{_COUNT}\s+years?\s+(?P<way>later|afterwards?|after\s+that|earlier|before\s+that)"
    r")\b(?!['’]s\b|\s+(?:of|when|that|than|in\s+which|after|before|as|or)\b)",
    re.I,
)
_OTHER = re.compile(
    r"\b(?:yesterday|tomorrow|last\s+(?:year|month|week|season|spring|summer|autumn|fall|winter)"
    r"|next\s+(?:year|month|week|season)|this\s+(?:year|month|week|season|decade|century)"
    r"|(?:the|that)\s+(?:same|next|following|previous|preceding)\s+(?:year|day|week|month|season|decade|century)"
    r"|that\s+(?:year|day|week|month|season|decade|century|time)"
    r"|(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a\s+few|several|some|many)\s+"
    r"(?:days?|weeks?|months?|years?|decades?|centur(?:y|ies))\s+(?:later|earlier|afterwards?|ago|before\s+that"
    r"|after\s+that))\b(?!\s+(?:than|when|that)\b)",
    re.I,
)
# One of these is in every such date: they are found sooner than the pattern finds that there is none.
_TIMES = (
    *("year", "month", "week", "season", "spring", "summer", "autumn", "fall", "winter", "decade", "centur", "day"),
    *("time", "tomorrow"),
)
_DIGIT = re.compile(r"\d")
_ROUGH = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|over|some|within|throughout|more than|less than)\s+\Z", re.I
)
_YEAR = re.compile(r"(?<![$€£#\d.,–-])\b(?:1\d{3}|20\d\d)\b(?![\d,.]*\d|\s*(?:%|percent|people|km|m\b|men|women))")
_WHEN = re.compile(
    r"(?:\b(?:in|during|on)\s+(?:(?:early|mid|late)[\s-]+)?|\b(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?|,\s*)\Z",
    re.I,
)
_ASIDE = frozenset(("relcl", "acl", "appos", "advcl", "ccomp", "xcomp"))


class Relative(NamedTuple):
    """A date said by way of another: the code points `start` to `end`; `text` says it in full, or is empty."""

    start: int
    end: int
    text: str


class Dates(NamedTuple):
    """A sentence's relative dates, and the one year in which it says that it happened."""

    found: tuple[Relative, ...]
    year: int | None


def relative_dates(tree: Tree, before: int | None) -> Dates:
    """The relative dates of a sentence, where the one before it happened in the year `before`."""
    text = tree.text
    low = text.casefold()
    others = list(_OTHER.finditer(text)) if any(word in low for word in _TIMES) else []
    has_digit = _DIGIT.search(text) is not None
    if not has_digit and not others and (before is None or "year" not in low):
        return Dates((), None)
    stated = [(match.start(), int(match[0]), sure) for match, sure in _years(tree)] if has_digit else []
    found: list[Relative] = []
    meant: set[int] = set()
    for match in _RELATIVE.finditer(text) if "year" in low else ():
        earlier = {year for at, year, _ in stated if at < match.start()}
        known = next(iter(earlier)) if len(earlier) == 1 else before if not earlier else None
        shift = _shift(match)
        if known is None or match["into"] == "for" or _ROUGH.search(text, 0, match.start()):
            continue
        meant.add(known + shift)
        found.append(Relative(*match.span(), f"{match['into'] or 'in'} {known + shift}"))
    for match in others:
        if not any(f.start < match.end() and match.start() < f.end for f in found) and not _owned(text, match.end()):
            found.append(Relative(*match.span(), ""))
    sure = {year for _, year, sure in stated if sure}
    all_years = {year for _, year, _ in stated} | meant
    sure |= meant
    return Dates(tuple(sorted(found)), next(iter(sure)) if len(sure) == 1 and all_years == sure else None)


def _owned(text: str, end: int) -> bool:
    """Whether the words that follow say which year: "the following year's race" does not, "the same year as" does."""
    return re.match(r"\s+(?:of|as|in which)\b", text[end:]) is not None


def _shift(match: re.Match[str]) -> int:
    if match["same"] or match["that"]:
        return 0
    if match["next"]:
        return 1 if match["next"].lower() in ("next", "following") else -1
    if match["side"]:
        return 1 if match["side"].lower() == "after" else -1
    count = match["count"].lower()
    number = int(count) if count.isdigit() else max(_NUMBERS.index(count), 1)
    return -number if match["way"].lower().startswith(("earlier", "before")) else number


def _years(tree: Tree) -> Iterator[tuple[re.Match[str], bool]]:
    """The years of the main clause, and whether they say when it happened. Years in brackets are of something else."""
    for match in _YEAR.finditer(tree.text):
        at = match.start()
        token = bisect_right(tree.starts, at) - 1
        if token < 0 or at >= tree.ends[token] or _is_aside(tree, token) or _in_brackets(tree.text, at):
            continue
        when = _WHEN.search(tree.text, 0, at) is not None
        yield match, when and tree.text[match.end() : match.end() + 1] not in ("–", "-", "s", "/")


def _is_aside(tree: Tree, token: int) -> bool:
    while tree.heads[token] != token:
        if tree.deps[token] in _ASIDE:
            return True
        token = tree.heads[token]
    return False


def _in_brackets(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at)
