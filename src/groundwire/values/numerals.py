"""Numbers in digits and in words."""

import re
from typing import NamedTuple

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
ONES = _ONES.split()
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SHORT_SCALES = {"k": 1e3, "mn": 1e6, "mln": 1e6, "m": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
_RANKS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {word: rank for rank, word in enumerate(_RANKS.split(), start=1)}
ORDINALS |= {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_WORTH = {word: float(n) for n, word in enumerate(ONES)} | {word: 10.0 * n for n, word in enumerate(TENS) if word}
_LONGEST = 18  # digits; a longer one is an identifier

_TEN = "|".join(word for word in TENS if word)
_SMALL = "|".join(sorted(ONES, key=len, reverse=True))
_HUNDRED = f"(?:(?:{_TEN})(?:[ -](?:{'|'.join(ONES[1:10])}))?|{_SMALL})"
_THOUSAND = rf"(?:{_HUNDRED}(?:[ -]hundred(?:[ -](?:and[ -])?{_HUNDRED})?)?)"
_SCALE = "|".join(SCALES)
WORDED = re.compile(
    rf"\b(?:{_THOUSAND}(?:[ -](?:{_SCALE})s?(?:,? (?:and )?{_THOUSAND})?){{0,4}}"
    rf"|an? (?:hundred|{_SCALE}|dozen)|(?:two|three|four|five) dozen)\b(?!-(?:{'|'.join(ORDINALS)})\b)",
    re.IGNORECASE,
)
ORDINAL_WORD = re.compile(rf"\b(?:(?:{_TEN})-)?(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
# No digit run is entered twice: a match starts only where no word, point or comma after a digit stands before.
DIGITS = re.compile(
    r"(?<![\w.])(?<!\d,)(?:\d{1,3}(?:,\d{3})++(?!\d)(?:\.\d++)?|\d++(?:\.\d++|,\d{1,2}(?![\d,]))?)", re.ASCII
)
_AFTER = re.compile(rf"[ \t\u00a0-]?({_SCALE})s?\b", re.IGNORECASE)
_SHORT = re.compile(r"[ \t\u00a0]?(mln|mn|bn|tn)\b|(k|m|b|K|M|B)\b")

# Every number word holds one of these: a quick way to see that a text holds none.
_IN_ANY = "zero one two thr four five six seven nin ten eleven twel hundred thousand llion dozen"
IN_ANY = (*_IN_ANY.split(), "twen", "thir", "fort", "fif", "eigh", "first", "second")


class Numeral(NamedTuple):
    """A number in a text: `text[start:end]` without its scale word, which ends at `stop`."""

    start: int
    end: int
    stop: int
    magnitude: float
    step: float
    scale: float


def read_digits(text: str, found: re.Match[str], *, money: bool) -> Numeral | None:
    """The number that DIGITS found, with the scale word after it; None where it is too long to be a number."""
    digits = found.group()
    comma = "," in digits and "." not in digits and len(digits) - digits.rindex(",") < 4  # "42,33"
    digits = digits.replace(",", "." if comma else "")
    if len(digits) > _LONGEST:
        return None
    scale, stop = 1.0, found.end()
    if after := _AFTER.match(text, found.end()):
        scale, stop = SCALES[after[1].lower()], after.end()
    elif after := _SHORT.match(text, found.end()):
        word = (after[1] or after[2]).lower()
        if after[1] or word == "k" or money:
            scale, stop = SHORT_SCALES[word], after.end()
    places = len(digits.partition(".")[2])
    return Numeral(found.start(), found.end(), stop, float(digits) * scale, scale * 10.0**-places, scale)


def read_worded(found: re.Match[str]) -> Numeral:
    """The number that WORDED found."""
    total = current = 0.0
    step = scale = 1.0
    words = re.split(r"[ ,-]+", found.group().lower())
    words = [word[:-1] if word[:-1] in SCALES else word for word in words]
    for word in words:
        if word in ("a", "an"):
            current = 1.0
        elif word == "hundred":
            current *= 100.0
        elif word == "dozen":
            current *= 12.0
        elif word in SCALES:
            total, current = total + current * SCALES[word], 0.0
        elif word != "and":
            current += _WORTH[word]
    if words[-1] in SCALES:
        step = SCALES[words[-1]]
    elif words[-1] in ("hundred", "dozen") and words[0] in ("a", "an"):
        step = 10.0 if words[-1] == "hundred" else 1.0
    return Numeral(found.start(), found.end(), found.end(), total + current, step, scale)


def read_ordinal(word: str) -> int:
    """The number that ORDINAL_WORD found: "twenty-first" is 21."""
    tens, _, last = word.lower().rpartition("-")
    return (10 * TENS.index(tens) if tens in TENS else 0) + ORDINALS[last]


def in_words(number: int) -> str | None:
    """A whole number from 0 to 99 in words, None for another."""
    if 0 <= number < len(ONES):
        return ONES[number]
    if number > 99 or number < 0:
        return None
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")
