"""Dates and numbers of a claim against the values that a graph has."""

import operator
import re
from collections.abc import Callable, Sequence

from groundwire.graph.mentions import Mention, Reading, with_unit

Compare = Callable[[str, str], bool | None]
"""Whether two values agree (True), clash (False) or cannot be compared (None)."""

BARE_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
DURATION = re.compile(r"P(?=.*\d)(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_UNIT = re.compile(r"^(\S+) ?\(([^()]+)\)$")
_CURRENCY = re.compile(r"([$€£¥₹]) ?$")
_NO_AMOUNT = "-90417"  # a number that no claim has
_MORE_THAN = """
deeper faster heavier higher larger lighter longer narrower older shorter slower smaller taller wider younger
"""
_EXCEEDING = frozenset(_MORE_THAN.split())
_USUAL = (
    "metres", "kilometres", "centimetres", "millimetres", "feet", "miles", "inches", "square metres",
    "square kilometres", "hectares", "square feet", "square miles", "cubic metres", "litres", "millilitres", "grams",
    "kilograms", "milligrams", "tonnes", "pounds", "seconds", "milliseconds", "minutes", "hours", "days", "weeks",
    "months", "years", "metres per second", "kilometres per hour", "miles per hour", "kelvins", "degrees Celsius",
    "degrees Fahrenheit", "watts", "kilowatts", "megawatts", "megabytes", "gigabytes", "hertz", "megahertz",
)  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# "At least five" may be five; "more than five" is not.
_BEYOND = r"(?:more|greater|higher|less|fewer|lower) than|over|above|exceed(?:s|ed|ing)?|in excess of|under|below"
_NOT = r"(?:no|not|never|cannot|\w{2,6}n['’]t)"
_AT_BOUND = rf"at (?:the )?(?:least|most)|up to|(?:m(?:ax|in)imum|upwards) of|{_NOT} (?:{_BEYOND})"
_LONGEST_LIMIT = 24
_LIMIT = re.compile(rf"\b(?:(?P<at>{_AT_BOUND})|(?P<beyond>{_BEYOND}))\s+$", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|circa|close to|(?:an )?estimated)\s+$", re.IGNORECASE
)
_OR_MORE = re.compile(r"\s*(?:\+|plus\b|or (?:more|less|fewer|above|over|under)\b)", re.IGNORECASE)
_NOT_ON = re.compile(r"\b(?:before|after|prior to|earlier than|later than)\s+$", re.IGNORECASE)


def compare_values(
    compare: Compare, reading: Reading, mention: Mention, known: str, unit: str | None = None, *, sure: bool = True
) -> bool | None:
    """A date or number of the claim against a value of the graph; numbers with their unit, then without.

    `unit`: what a bare number of the graph is in; not `sure`, where it is only by the vocabulary's documentation, so
    that the same number with another unit is neither right nor wrong. Where neither says the unit, the same number is
    right with any, and another is not wrong that would be the same amount in some unit.
    """
    known, words = plain_value(known), mention.amount or reading.words(mention)
    limit = _before(_LIMIT, reading, mention)
    sign = _CURRENCY.search(reading.text, max(0, mention.start - 2), mention.start)
    claims = [plain_value(words)] if ")" in words else list(with_unit(reading, mention))
    told = [f"{sign[1]}{claim}" for claim in claims if sign]
    told += [claim for claim in claims if not BARE_NUMBER.fullmatch(claim)]
    measure = next((claim for claim in told if is_amount(compare, claim)), None)
    # "Over 1200" is no year, nor is "1980 metres".
    if mention.kind != "number" and ((limit is None and measure is None) or not words.isdecimal()):
        day = _before(_NOT_ON, reading, mention) if mention.kind == "date" else None
        return compare(f"{day.group()}{words}" if day else words, known)
    bare, claimed = BARE_NUMBER.match(known), BARE_NUMBER.match(words)
    more = _OR_MORE.match(reading.text, mention.end)
    beyond = limit is not None and limit["beyond"] is not None
    same = bool(bare and claimed and not beyond and _number(bare.group()) == _number(claimed.group()))
    is_bare = BARE_NUMBER.fullmatch(known) is not None
    if same and is_bare and (unit is None or measure is None):
        return True
    vague = limit or _before(_VAGUE, reading, mention)
    before, after = vague.group() if vague else "", more.group() if more else ""
    told = [f"{before}{claim}{after}" for claim in told]
    plain = [
        f"{before}{claim}{after}" for claim in (words, *([claimed.group()] if claimed else ())) if ")" not in claim
    ]
    for value in dict.fromkeys([f"{known} {unit}" if unit and is_bare else known, known]):
        amounts = measure is not None and is_amount(compare, value)
        verdict = _first(compare, told if amounts else [*told, *plain], value)
        if amounts:  # its unit says otherwise
            return None if verdict is False and same and not sure else verdict
        if verdict is not None:
            break
    if measure and verdict is False and is_bare:
        return None if _in_some_unit(compare, told, known) else False
    return True if verdict is None and same else verdict


def _first(compare: Compare, claims: Sequence[str], known: str) -> bool | None:
    return next((verdict for claim in claims if (verdict := compare(claim, known)) is not None), None)


def is_amount(compare: Compare, text: str) -> bool:
    """Whether a number and the words after it are an amount of something: "9 kg", and not "9 apples"."""
    return bool(compare(text, text)) and compare(text, _NO_AMOUNT) is None


def _in_some_unit(compare: Compare, claims: Sequence[str], known: str) -> bool:
    """Whether a bare number of the graph is what the claim says in a unit that it may be in: 431000 and "431 km"."""
    values = [f"{known} {unit}" for unit in _USUAL] + [f"{_number(known) * 100:g} %"]
    return any(compare(claim, value) for claim in claims for value in values)


def in_place(compare: Compare, reading: Reading, mention: Mention, known: str) -> bool | None:
    """Whether the graph's number would be right in the place of the claim's, where it has its unit: known.

    Not where the claim has it in feet and the graph in metres.
    """
    bare, words = BARE_NUMBER.match(known), reading.words(mention)
    if mention.kind != "number" or bare is None or ")" in words:
        return None
    if mention.amount and not BARE_NUMBER.fullmatch(mention.amount):
        return False  # its unit would be replaced too
    words = mention.amount or words
    sign = _CURRENCY.search(reading.text, max(0, mention.start - 2), mention.start)
    claims = [bare.group() + claim[len(words) :] for claim in with_unit(reading, mention)]
    return _first(compare, [*(f"{sign[1]}{claim}" for claim in claims if sign), *claims], known)


def limit_of(reading: Reading, mention: Mention) -> str:
    """The words before a number of the claim that set a limit which it is beyond itself: "more than "."""
    limit = _before(_LIMIT, reading, mention)
    return limit.group() if limit is not None and limit["beyond"] is not None else ""


def is_difference(reading: Reading, mention: Mention) -> bool:
    """Whether a number says by how much one thing exceeds another: "500 more employees than", "20 minutes longer"."""
    after = [token.norm for token in reading.tokens[mention.last : mention.last + 3]]
    if mention.kind != "number" or not after:
        return False
    by = next((at for at, word in enumerate(after) if word in _EXCEEDING), None)
    if by is None:
        return after[0] in ("more", "fewer", "less")
    return not any(mark in reading.text[mention.end : reading.tokens[mention.last + by].start] for mark in ",;:.(")


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
    """A value as a person writes it: "0.5 (kilometrePerSeconds)" → "0.5 kilometre per seconds", PT1M → "60 seconds"."""
    unit = _UNIT.match(text)
    if text[:1] == "P" and (length := DURATION.fullmatch(text)) is not None:
        days, hours, minutes, seconds = (float(part or 0) for part in length.groups())
        return f"{((days * 24 + hours) * 60 + minutes) * 60 + seconds:.12g} seconds"
    return f"{unit[1]} {_CAMEL.sub(' ', unit[2]).lower()}" if unit else text


def close(claimed: str, known: str, tolerance: float) -> bool:
    """Whether two numbers differ by no more than a share of the known one."""
    one, other = BARE_NUMBER.match(claimed), BARE_NUMBER.match(known)
    if not tolerance or one is None or other is None:
        return False
    return abs(_number(one.group()) - _number(other.group())) <= tolerance * abs(_number(other.group()))


def _number(text: str) -> float:
    return float(text.replace(",", ""))
