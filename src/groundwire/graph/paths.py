"""Ways of two or three facts that a claim spells out: the capital of the country where someone was born."""

from collections.abc import Iterator

from groundwire.graph.clashes import Clash, fits
from groundwire.graph.links import Link, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.names import name_stems
from groundwire.graph.store import Fact, Literal
from groundwire.graph.wording import tells

_MOST_HOPS = 3
_MOST_FACTS = 60
_MOST_WAYS = 200
_SAID = 0.85


def paths(linker: Linker) -> tuple[list[Link], list[Clash]]:
    """The ways that tie two names of a claim which no single fact ties, and those that lead elsewhere.

    Every relation on the way must be named in the claim. Where a claim has two names only, and what its way leads to
    can be but one thing, another name in its place is a clash.
    """
    links: list[Link] = []
    found: list[Clash] = []
    loose = [m for m in linker.named if not linker.reading.unsure(m)]
    tied = linker.explained()
    if len(loose) < 2 or all(id(mention) in tied for mention in loose):
        return links, found
    for subject in loose:
        for object in loose:
            if object is subject or id(object) in tied or subject.group == object.group:
                continue
            ways = [way for way in _ways(linker, subject) if len(way) > 1]
            there = [way for way in ways if way[-1].object in object.nodes]
            if there:
                links.append(Link(there[0], subject, object, _SAID))
            elif len(loose) == 2 and (clash := _elsewhere(linker, subject, object, ways)) is not None:
                found.append(clash)
    return links, found


def _ways(linker: Linker, subject: Mention) -> Iterator[tuple[Fact, ...]]:
    """The ways from a name along relations that the claim names, each of them once."""
    frontier: list[tuple[Fact, ...]] = [
        (fact,) for fact in linker.facts_of(subject)[:_MOST_FACTS] if _named(linker, fact)
    ]
    for _ in range(_MOST_HOPS):
        yield from frontier
        frontier = [
            (*way, fact)
            for way in frontier[:_MOST_WAYS]
            if not isinstance(way[-1].object, Literal)
            for fact in linker.graph.facts_about(way[-1].object)[:_MOST_FACTS]
            if fact.relation not in {step.relation for step in way} and _named(linker, fact)
        ]


def _named(linker: Linker, fact: Fact) -> bool:
    """Whether the claim has the words of a relation, wherever."""
    relation = linker.book.get(fact.relation)
    if any(phrase.stems for phrase in linker.reading.phrases(relation) if phrase in relation.phrases):
        return True
    return tells(name_stems(fact.relation), set(linker.reading.stems))


def _elsewhere(linker: Linker, subject: Mention, object: Mention, ways: list[tuple[Fact, ...]]) -> Clash | None:
    longest = max((len(way) for way in ways), default=0)
    ends = {way[-1].object: way for way in ways if len(way) == longest}
    if len(ends) != 1:
        return None
    (way,) = ends.values()
    relation = linker.book.get(way[-1].relation)
    if not relation.functional or not fits(linker, object, [way[-1]]):
        return None
    return Clash(
        subject=subject,
        object=object,
        relation=relation,
        facts=(way[-1],),
        said=_SAID,
        fits=True,
        alike=True,
        exclusive=True,
        held=False,
        proper=True,
        unknown=False,
        anchored=False,
        truth=way[-1],
        way=way,
    )
