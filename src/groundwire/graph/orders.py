"""What cannot be, whatever the graph lacks: a death before the birth, a part larger than the whole, a wrong count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from groundwire.graph.clashes import CLEARLY
from groundwire.graph.links import Link, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.names import name_stems, normal
from groundwire.graph.relations import Relation
from groundwire.graph.store import Fact

_DATE = re.compile(r"(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_YEAR = re.compile(r"\b\d{4}\b")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_COUNTED = "no one two three four five six seven eight nine ten eleven twelve"
_NUMERALS = {word: number for number, word in enumerate(_COUNTED.split())}


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
        for fact in linker.facts_of(subject) if len(subject.nodes) == 1 else ():
            if linker.book.get(fact.relation).closed_world:
                facts.setdefault(linker.book.get(fact.relation).id, []).append(fact)
        for of_relation in facts.values():
            found = _stated(linker, of_relation[0])
            if found is None:
                continue
            at, stated = found
            known = len({normal(linker.graph.label(fact.object)) for fact in of_relation})
            mention = next((m for m in linker.reading.mentions if m.first <= at < m.last), None)
            if stated == known:
                links += [Link((fact,), subject, mention, 1.0) for fact in of_relation]
            else:
                words = linker.reading.tokens[at].norm
                wrong.append(Breach(words, tuple(of_relation), f"there are {known}"))
    return links, wrong


def _stated(linker: Linker, fact: Fact) -> tuple[int, int] | None:
    """The place and the value of the number before what a relation's objects are called, if there is one."""
    nouns = set(name_stems(linker.book.get(fact.relation).id)) | set(name_stems(fact.relation))
    reading = linker.reading
    for at in range(len(reading.tokens) - 1):
        word = reading.tokens[at].norm
        number = int(word) if word.isdecimal() and len(word) < 4 else _NUMERALS.get(word)
        if number is not None and reading.stems[at + 1] in nouns:
            return at, number
    return None


def _named(relation: Relation) -> str:
    return relation.id.replace("_", " ")
