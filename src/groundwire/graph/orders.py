"""What cannot be, whatever the graph lacks: a death before the birth, a part larger than the whole, a wrong count."""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from groundwire.graph.amounts import limits
from groundwire.graph.clashes import CLEARLY
from groundwire.graph.denials import NEGATIONS
from groundwire.graph.links import Link, Linker
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import name_stems, normal
from groundwire.graph.relations import Relation
from groundwire.graph.store import Fact
from groundwire.graph.wording import possessed

_DATE = re.compile(r"(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_YEAR = re.compile(r"\b\d{4}\b")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_MORE_NUMERALS = """
dozen dozens eighteen eighty fifteen fifty forty fourteen half hundred hundreds million nineteen ninety seventeen
seventy sixteen sixty thirteen thirty thousand thousands twenty
"""
_PARTS_OF_NUMBERS = frozenset(_MORE_NUMERALS.split())
_LONGEST_COUNT = 7
_HAVING = frozenset(["had", "has", "have", "having", "with"])
_NO_MORE = "a all altogether did do does exactly in just of only precisely total who which that"
_EXACTLY = NEGATIONS.union(_NO_MORE.split())
_AND_ALSO = frozenset(["and", "but"])
_COUNTED = "no one two three four five six seven eight nine ten eleven twelve"
NUMERALS = {word: number for number, word in enumerate(_COUNTED.split())}


@dataclass(frozen=True)
class Breach:
    """A claim about `words` that the facts rule out. `why` says how, in English."""

    words: str
    facts: tuple[Fact, ...]
    why: str


def breaches(linker: Linker) -> Iterator[Breach]:
    """Values of a claim that break an order which a relation pack states, against a fact of the same subject."""
    explained = linker.explained()
    values = [m for m in linker.reading.mentions if m.kind != "name" and id(m) not in explained]
    for subject in linker.named if values else ():
        if linker.reading.unsure(subject) or len(subject.nodes) > 1:
            continue
        for fact in linker.facts_of(subject):
            known = linker.book.get(fact.relation)
            for relation, later in linker.book.orders(known):
                if linker.has(subject, relation.id):
                    continue
                for value in values:
                    said = linker.said(Fact("", relation.id, ""), subject, value, wider=False)
                    if said >= CLEARLY and _breaks(linker, value, fact, relation, later):
                        yield Breach(linker.reading.words(value), (fact,), f"{_named(relation)} cannot be so")


def _breaks(linker: Linker, value: Mention, fact: Fact, relation: Relation, later: bool) -> bool:
    """Whether a value is on the wrong side of a fact's: after it where it must not be `later`, before it else."""
    words, known = linker.reading.words(value), linker.graph.label(fact.object)
    if relation.object == "date":
        year, date = _YEAR.search(words), _DATE.match(known)
        if year is None or date is None or value.kind != "date":
            return False
        claimed, given = float(year.group()), float(date.group(1))
    else:
        numbers = _NUMBER.match(words), _NUMBER.match(known)
        if numbers[0] is None or numbers[1] is None or value.kind != "number":
            return False
        claimed, given = (float(number.group().replace(",", "")) for number in numbers if number)
    return claimed < given if later else claimed > given


def counts(linker: Linker) -> tuple[list[Link], list[Breach]]:
    """What a claim counts, where the graph is known to have all of it: "has three children"."""
    links: list[Link] = []
    wrong: list[Breach] = []
    for subject in linker.named:
        facts: dict[str, list[Fact]] = {}
        for fact in linker.facts_of(subject) if len(subject.nodes) == 1 and linker.whole(subject) else ():
            if linker.book.get(fact.relation).closed_world:
                facts.setdefault(linker.book.get(fact.relation).id, []).append(fact)
        for of_relation in facts.values():
            found = _stated(linker, subject, of_relation[0])
            if found is None:
                continue
            first, last, stated, within = found
            known = len({normal(linker.graph.label(fact.object)) for fact in of_relation})
            mention = next((m for m in linker.reading.mentions if m.first < last and first < m.last), None)
            if within(known, stated):
                links += [Link((fact,), subject, mention, 1.0) for fact in of_relation]
            else:
                tokens = linker.reading.tokens[first:last]
                words = linker.reading.text[tokens[0].start : tokens[-1].end]
                wrong.append(Breach(words, tuple(of_relation), f"there are {known}"))
    return links, wrong


def _stated(
    linker: Linker, subject: Mention, fact: Fact
) -> tuple[int, int, int, Callable[[float, float], bool]] | None:
    """From where to where the claim says how many of a relation's objects its subject has, the number, and its limit.

    None unless it says just that: "Ann had two children", "more than two children", and not "two hundred", "Ann's
    brother had two children" or "two children by her second husband".
    """
    reading, own = linker.reading, linker.words_of((fact,))
    nouns = set(name_stems(linker.book.get(fact.relation).id)) | set(name_stems(fact.relation))
    for at, noun in enumerate(reading.stems):
        if noun not in nouns or at == 0 or not subject.last < at:
            continue
        first = at
        while first > subject.last and _numeral(reading, first - 1):
            first -= 1
        number = _whole_number(reading, first, at)
        begin, within = limits(reading, reading.tokens[first].start)
        lead = [place for place in range(subject.last, first) if reading.tokens[place].start < begin]
        between, stems = [reading.tokens[place].norm for place in lead], [reading.stems[place] for place in lead]
        named = any(subject.last <= one.first < first for one in reading.mentions)
        if number is None or named or not _only_has(between, stems, own):
            continue
        ends = reading.text[reading.tokens[at].end :].lstrip()[:1] in ("", *".,;:!?)")
        goes_on = reading.tokens[at + 1].norm if at + 1 < len(reading.tokens) else ""
        if (ends or goes_on in _AND_ALSO) and not possessed(reading, own, subject):
            return subject.last + len(lead), at, number, within
    return None


def _numeral(reading: Reading, at: int) -> bool:
    norm = reading.tokens[at].norm
    return norm[:1].isdigit() or norm in NUMERALS or norm in _PARTS_OF_NUMBERS


def _whole_number(reading: Reading, first: int, last: int) -> int | None:
    """The whole number that some tokens are, as one word or in digits; None for any other."""
    if first == last:
        return None
    words = reading.text[reading.tokens[first].start : reading.tokens[last - 1].end]
    digits = words.replace(",", "")
    if digits.isdecimal():
        return (
            int(digits)
            if len(digits) < _LONGEST_COUNT
            and not reading.text[: reading.tokens[first].start].endswith(tuple(".-−+,/"))
            else None
        )
    return NUMERALS.get(words.lower())


def _only_has(words: Sequence[str], stems: Sequence[str], own: Container[str]) -> bool:
    """Whether no more is said between a subject and a number than that it has so many."""
    return bool(set(words) & _HAVING) and all(
        word in _HAVING or word in _EXACTLY or said in own for word, said in zip(words, stems, strict=True)
    )


def _named(relation: Relation) -> str:
    return relation.id.replace("_", " ")
