"""Facts that a claim has the wrong way round: "Peru is the capital of Lima"."""

from collections.abc import Iterator
from dataclasses import dataclass

from groundwire.graph.direction import backwards
from groundwire.graph.links import MOST_NODES, STATED, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.store import Fact

_BY_ITS_NAME = 0.85


@dataclass(frozen=True)
class Turned:
    """A fact whose subject and object the claim has changed over. `sure`: of these two, both cannot be so."""

    fact: Fact
    subject: Mention
    object: Mention
    sure: bool


def turned(linker: Linker) -> Iterator[Turned]:
    """What a claim says the wrong way round, where the graph does not have it that way too."""
    for link in linker.links:
        subject, object, fact = link.subject, link.object, link.path[0]
        if len(link.path) > 1 or link.said >= STATED or object is None or not (subject.nodes and object.nodes):
            continue
        relation = linker.book.get(fact.relation)
        if relation.symmetric or relation.inverse == relation.id:
            continue
        if any(linker.reading.unsure(end) and len(end.nodes) > 1 for end in (subject, object)):
            continue
        if any(
            other.stated and {id(other.subject), id(other.object)} == {id(subject), id(object)}
            for other in linker.links
        ):
            continue
        if not any(backwards(linker.reading, name, subject, object) for name in (fact.relation, relation.id)):
            continue
        if linker.said(Fact("", fact.relation, ""), object, subject, wider=False) >= _BY_ITS_NAME:
            yield Turned(fact, subject, object, relation.inverse is not None or _of_two_sorts(linker, subject, object))


def _of_two_sorts(linker: Linker, one: Mention, other: Mention) -> bool:
    """Whether the graph calls the two different things: no supplier is a part."""
    ours, theirs = (
        {kind for node in mention.nodes[:MOST_NODES] for kind in linker.graph.types(node)} for mention in (one, other)
    )
    return bool(ours and theirs) and ours.isdisjoint(theirs)
