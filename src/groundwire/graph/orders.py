"""What cannot be, whatever the graph lacks: a death before the birth, a part larger than the whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from groundwire.graph.clashes import CLEARLY
from groundwire.graph.links import Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.relations import Relation
from groundwire.graph.store import Fact

_DATE = re.compile(r"(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_YEAR = re.compile(r"\b\d{4}\b")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_COUNTED = "no one two three four five six seven eight nine ten eleven twelve"
NUMERALS = {word: number for number, word in enumerate(_COUNTED.split())}


@dataclass(frozen=True)
class Breach:
    """A claim about `words` that the facts rule out, if `sure`, or do not bear out. `why` says how, in English."""

    words: str
    facts: tuple[Fact, ...]
    why: str
    sure: bool = True


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


def _named(relation: Relation) -> str:
    return relation.id.replace("_", " ")
