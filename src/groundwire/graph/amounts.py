"""Dates and numbers of a claim against the values that a graph has."""

import operator
import re
from collections.abc import Callable

from groundwire.graph.mentions import Mention, Reading, with_unit

Compare = Callable[[str, str], bool | None]
"""Whether two values agree (True), clash (False) or cannot be compared (None)."""

BARE_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_UNIT = re.compile(r"^(\S+) ?\(([^()]+)\)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# "At least five" may be five; "more than five" is not.
_BEYOND = r"(?:more|greater|higher|less|fewer|lower) than|over|above|exceed(?:s|ed|ing)?|in excess of|under|below"
_NOT = r"(?:no|not|never|cannot|\w{2,6}n['’]t)"
_AT_BOUND = rf"at (?:the )?(?:least|most)|up to|(?:m(?:ax|in)imum|upwards) of|{_NOT} (?:{_BEYOND})"
_LONGEST_LIMIT = 24
_LIMIT = re.compile(rf"\b(?:(?P<at>{_AT_BOUND})|(?P<beyond>{_BEYOND}))\s+$", re.IGNORECASE)
_OR_MORE = re.compile(r"\s*(?:\+|plus\b|or (?:more|less|fewer|above|over|under)\b)", re.IGNORECASE)
_NOT_ON = re.compile(r"\b(?:before|after|prior to|earlier than|later than)\s+$", re.IGNORECASE)


def compare_values(compare: Compare, reading: Reading, mention: Mention, known: str) -> bool | None:
    """A date or number of the claim against a value of the graph; numbers with their unit, then without."""
    known, words = plain_value(known), reading.words(mention)
    limit = _before(_LIMIT, reading, mention)
    if mention.kind != "number" and (limit is None or not words.isdecimal()):  # "over 1200" is no year
        day = _before(_NOT_ON, reading, mention) if mention.kind == "date" else None
        return compare(f"{day.group()}{words}" if day else words, known)
    bare, claimed = BARE_NUMBER.match(known), BARE_NUMBER.match(words)
    more = _OR_MORE.match(reading.text, mention.end)
    beyond = limit is not None and limit["beyond"] is not None
    same = bare and claimed and not beyond and _number(bare.group()) == _number(claimed.group())
    if same and BARE_NUMBER.fullmatch(known):
        return True
    before, after = limit.group() if limit else "", more.group() if more else ""
    for claim in (plain_value(words),) if ")" in words else with_unit(reading, mention):
        verdict = compare(f"{before}{claim}{after}", known)
        if verdict is not None:
            return verdict
    if same:
        return True
    return compare(f"{before}{claimed.group()}{after}", known) if claimed else None


def limit_of(reading: Reading, mention: Mention) -> str:
    """The words before a number of the claim that set a limit which it is beyond itself: "more than "."""
    limit = _before(_LIMIT, reading, mention)
    return limit.group() if limit is not None and limit["beyond"] is not None else ""


def is_difference(reading: Reading, mention: Mention) -> bool:
    """Whether a number says by how much one thing exceeds another: "500 more employees than"."""
    after = reading.tokens[mention.last : mention.last + 1]
    return mention.kind == "number" and bool(after) and after[0].norm in ("more", "fewer", "less")


def is_telling(words: str) -> bool:
    """Whether a value is none that several things have by chance: a number of three digits or more, or with a point."""
    return sum(letter.isdigit() for letter in words) > 2 or "." in words.strip(".")


def limits(reading: Reading, start: int) -> tuple[int, Callable[[float, float], bool]]:
    """Where the words begin that limit a number at `start`, and whether a known number is within a limit.

    `start` and equality, where no such words stand there.
    """
    limit = _LIMIT.search(reading.text, max(0, start - _LONGEST_LIMIT), start)
    if limit is None:
        return start, operator.eq
    words = limit.group().lower()
    less = re.search(r"\b(?:less|fewer|lower|under|below|most|maximum|up)\b", words) is not None
    if limit["beyond"]:
        return limit.start(), operator.lt if less else operator.gt
    denied = not re.match(r"at |up|m(?:ax|in)imum", words)
    return limit.start(), operator.le if less is not denied else operator.ge


def _before(pattern: re.Pattern[str], reading: Reading, mention: Mention) -> re.Match[str] | None:
    return pattern.search(reading.text, max(0, mention.start - _LONGEST_LIMIT), mention.start)


def plain_value(text: str) -> str:
    """A value as a person writes it: "0.0348 (kilometrePerSeconds)" → "0.0348 kilometre per seconds"."""
    unit = _UNIT.match(text)
    return f"{unit[1]} {_CAMEL.sub(' ', unit[2]).lower()}" if unit else text


def close(claimed: str, known: str, tolerance: float) -> bool:
    """Whether two numbers differ by no more than a share of the known one."""
    one, other = BARE_NUMBER.match(claimed), BARE_NUMBER.match(known)
    if not tolerance or one is None or other is None:
        return False
    return abs(_number(one.group()) - _number(other.group())) <= tolerance * abs(_number(other.group()))


def _number(text: str) -> float:
    return float(text.replace(",", ""))
