"""Numbers that a claim has in words, and amounts of several parts: nine hours, two and a half hours, 2 h 40 min."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from groundwire.graph.amounts import BARE_NUMBER, DURATION
from groundwire.graph.mentions import Mention, regroup
from groundwire.graph.names import relation_words, stem
from groundwire.graph.store import Fact

if TYPE_CHECKING:
    from groundwire.graph.links import Linker

_TO_19 = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_SMALL = _TO_19.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORTH = {word: number for number, word in enumerate(_SMALL)}
_WORTH |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_TO_99 = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_SMALL[1:10])}))?|{'|'.join(reversed(_SMALL))})"
_WORDS = rf"(?:{_TO_99}|an?) hundred(?: and {_TO_99})?|{_TO_99}"
_DIGITS = r"(?<![\d.,])\d+(?:\.\d+)?"
_PARTS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
# Units that are counted on in the next smaller one, and how many of the smallest they are.
_LADDERS = (
    {"week": 604_800, "day": 86_400, "hour": 3_600, "hr": 3_600, "h": 3_600, "minute": 60, "min": 60, "second": 1},
    {"year": 12, "month": 1},
    {"foot": 12, "feet": 12, "ft": 12, "inch": 1},
    {"pound": 16, "lb": 16, "ounce": 1, "oz": 1},
    {"kilogram": 1_000, "kilo": 1_000, "kg": 1_000, "gram": 1, "g": 1},
    {"kilometre": 1_000, "kilometer": 1_000, "km": 1_000, "metre": 1, "meter": 1, "m": 1},
)
_ALONE = "centimetre centimeter millimetre millimeter mile litre liter milligram tonne hectare acre decade"
_NAMES = sorted({*_ALONE.split(), *(name for ladder in _LADDERS for name in ladder)}, key=len, reverse=True)
_UNIT = rf"(?:{'|'.join(_NAMES)})(?:s|(?<=inch)es)?\b"
_FIRST = re.compile(
    rf"\b(?P<number>{_WORDS}|{_DIGITS}|an?)(?: and (?:an? |one )?(?P<part>half|quarter|third))?[ -]?(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"(?:,? and |, | )(?P<number>{_WORDS}|{_DIGITS})[ -]?(?P<unit>{_UNIT})", re.IGNORECASE)
_AND_A = re.compile(r" and an? (?P<part>half|quarter|third)\b(?! of)", re.IGNORECASE)
_PART_OF = re.compile(
    rf"\b(?P<times>(?:an? |one |two[ -]|three[ -])?)(?P<part>half|quarter|third)s?(?: of)? an? (?P<unit>{_UNIT})",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"\b(?:{_WORDS})\b(?=[ -][^\W\d_])", re.IGNORECASE)
_MOST_WORDS = 4  # "three USB-C ports"
# "The two courts" are not counted here, and "thirteen years after" is by how much two dates differ.
_BEFORE = "the these those all both other another its his her their our every each last past next first by after or to"
_NOT_AFTER = frozenset(_BEFORE.split())
_AFTER = (
    "after before later earlier ago older younger longer shorter taller more fewer less than prior apart since times"
)
_NOT_BEFORE = frozenset(_AFTER.split())
_HAVING = """
has have had having with are is were was just only exactly of least most than offers features includes contains
provides comprises
"""
_COUNTING = frozenset(_HAVING.split())
_ENDING = frozenset(["and", "but", "on", "in", "at"])
_HINTED, _STATED = 0.25, 0.6


class _Said(NamedTuple):
    """An amount in a text: where it stands, what it is in digits, and the unit's place if it goes that far."""

    start: int
    end: int
    amount: str
    whole: bool


def hear(linker: "Linker") -> None:
    """Takes up the numbers in words of a claim, where a fact of what it speaks of has or ought to have them.

    An amount of several parts is one number: "2 h 40 min". A number in words that no fact is about stays a word.
    """
    reading = linker.reading
    others = [one for one in reading.mentions if one.kind != "number"]
    numbers = [one for one in reading.mentions if one.kind == "number"]
    found = [one for said in amounts(reading.text) if (one := _mention(linker, said)) is not None]
    found = [one for one in found if not any(_overlap(one, other) for other in others)]
    parts = [one for one in found if any(_overlap(one, number) for number in numbers)]
    rest = [one for one in numbers if not any(_overlap(one, part) for part in parts)]
    tried = [one for one in found if one not in parts]
    if not (parts or tried or rest):
        return
    counted = [other for other in others if any(_counts(linker, number, other) for number in (*rest, *tried))]
    others = [one for one in others if one not in counted]
    if not (parts or tried or counted):
        return
    regroup(reading, [*others, *rest, *parts, *tried])
    kept = [one for one in tried if any(_meant(linker, subject, one) for subject in (*linker.named, *linker.before))]
    linker.forget()
    regroup(reading, [*others, *rest, *parts, *kept])
    linker.named = [one for one in reading.mentions if one.nodes]


def _counts(linker: "Linker", number: Mention, noun: Mention) -> bool:
    """Whether a common noun, of which the graph has a class, is what a number counts: "11 judges"."""
    if noun.first < number.last or noun.kind != "name" or not linker.reading.words(noun).islower():
        return False
    subjects = [one for one in (*linker.named, *linker.before) if one is not noun]
    places = (
        _noun_after(linker, number, fact)
        for subject in subjects
        for fact in linker.facts_of(subject)
        if BARE_NUMBER.fullmatch(linker.graph.label(fact.object))
    )
    return any(at is not None and noun.last <= at + 1 for at in places)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _mention(linker: "Linker", said: _Said) -> Mention | None:
    tokens = linker.reading.tokens
    inside = [at for at, token in enumerate(tokens) if said.start <= token.start and token.end <= said.end]
    if not inside or (inside[0] and tokens[inside[0] - 1].norm in _NOT_AFTER):
        return None
    after = tokens[inside[-1] + 1 : inside[-1] + 3]
    if any(token.norm in _NOT_BEFORE for token in (after[:1] if said.whole else after)):
        return None
    return Mention(said.start, said.end, inside[0], inside[-1] + 1, "number", amount=said.amount)


def _meant(linker: "Linker", subject: Mention, number: Mention) -> bool:
    """Whether a fact has the number, or the claim says plainly that it has."""
    for fact in linker.facts_of(subject):
        label = linker.graph.label(fact.object)
        if not (BARE_NUMBER.match(label) or DURATION.fullmatch(label)) or not _of_one_sort(linker, number, fact):
            continue
        said, verdict = linker.said(fact, subject, number), linker.agrees(number, fact)
        if (verdict and said >= _HINTED) or (verdict is False and said >= _STATED and _plainly(linker, number)):
            return True
    return False


def _plainly(linker: "Linker", number: Mention) -> bool:
    """Whether a claim says that something has so many, or so much: not "three judges dissented"."""
    if _FIRST.match(linker.reading.text, number.start):
        return True
    return number.first > 0 and linker.reading.tokens[number.first - 1].norm in _COUNTING


def _of_one_sort(linker: "Linker", number: Mention, fact: Fact) -> bool:
    """Whether a number is of what a fact has: an amount in a unit, as the fact's is, or so many of what it counts."""
    reading, amount = linker.reading, str(number.amount)
    if not BARE_NUMBER.fullmatch(amount):
        return linker.measured(fact)
    if _FIRST.match(reading.text, number.start) and linker.measured(fact):
        return True
    return _noun_after(linker, number, fact) is not None


def _noun_after(linker: "Linker", number: Mention, fact: Fact) -> int | None:
    """The place of the noun after a number, where a fact's relation counts what it and the words before it call."""
    reading, words = linker.reading, [stem(word) for word in relation_words(fact.relation)]
    for at in range(number.last, min(number.last + _MOST_WORDS, len(reading.tokens))):
        if reading.stems[at] not in words:
            return None
        ended = reading.text[reading.tokens[at].end :].lstrip()[:1] in ("", *".,;:!?)")
        if ended or reading.tokens[at + 1].norm in _ENDING:
            return at
    return None


def amounts(text: str) -> Iterator[_Said]:
    """The amounts of a text that are not plain digits, as they stand."""
    taken = 0
    for said in sorted([*_in_units(text), *_parts_of(text), *_in_words(text)], key=lambda one: (one.start, -one.end)):
        if said.start >= taken:
            taken = said.end
            yield said


def _in_units(text: str) -> Iterator[_Said]:
    at = 0
    while (first := _FIRST.search(text, at)) is not None:
        ladder, size = _rung(first["unit"])
        part = first["part"] or ""
        total = (_number(first["number"]) + _PARTS.get(part.lower(), 0)) * size
        end, unit, several = first.end(), first["unit"], bool(part)
        if not part and (more := _AND_A.match(text, end)) is not None:
            total, end, several = total + size * _PARTS[more["part"].lower()], more.end(), True
        while (more := _NEXT.match(text, end)) is not None:
            same, smaller = _rung(more["unit"])
            if same is not ladder or ladder is None or smaller >= size:
                break
            total, size, unit = total + _number(more["number"]) * smaller, smaller, more["unit"]
            end, several = more.end(), True
        if several:
            yield _Said(first.start(), end, f"{total / size:g} {unit}", whole=True)
        at = max(end, first.start() + 1)


def _parts_of(text: str) -> Iterator[_Said]:
    for found in _PART_OF.finditer(text):
        times = {"two": 2, "three": 3}.get(found["times"].strip(" -").lower(), 1)
        yield _Said(*found.span(), f"{times * _PARTS[found['part'].lower()]:.4g} {found['unit']}", whole=True)


def _in_words(text: str) -> Iterator[_Said]:
    for found in _PLAIN.finditer(text):
        yield _Said(*found.span(), f"{_number(found.group()):g}", whole=False)


def _rung(unit: str) -> tuple[dict[str, int] | None, float]:
    """The ladder of a unit, and what the unit is of its smallest."""
    name = unit.lower()
    for ladder in _LADDERS:
        for form in (name, name.removesuffix("s"), name.removesuffix("es")):
            if form in ladder:
                return ladder, ladder[form]
    return None, 1


def number_in(words: str) -> float | None:
    """The number that these words are, in words or digits; None where they are none."""
    return _number(words) if re.fullmatch(rf"{_WORDS}|{_DIGITS}", words, re.IGNORECASE) else None


def _number(words: str) -> float:
    if words[:1].isdigit():
        return float(words)
    total = 0
    for word in re.split(r"[ -]", words.lower()):
        if word == "hundred":
            total *= 100
        elif word in ("a", "an"):
            total = 1
        elif word != "and":
            total += _WORTH[word]
    return float(total)
