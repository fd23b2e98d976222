"""What the graph has of others: the captain of Ajax, where the claim calls somebody else so."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from groundwire.graph.direction import identified
from groundwire.graph.links import MOST_NODES, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.names import normal
from groundwire.graph.relations import Relation
from groundwire.graph.store import Fact
from groundwire.graph.truths import kind_of

_CLEARLY = 0.9
_BY_ITS_NAME = 0.85
_MOST_ROLES = 20
_MOST_SUBJECTS = 5
_ALIKE = 0.25


class Unheard(NamedTuple):
    """`facts`: those that have the object with other subjects. `exclusive`: it can have no further subject."""

    relation: Relation
    facts: tuple[Fact, ...]
    said: float
    exclusive: bool


def unheard_of(linker: Linker, subject: Mention, object: Mention) -> Iterator[Unheard]:
    """A relation that the graph has for the object, but with other subjects, and not at all for this one."""
    if abs(subject.group - object.group) != 1 or not known_as(linker, subject) or not known_as(linker, object):
        return
    if not linker.whole(subject):
        return
    in_part = linker.reading.unsure(subject) or linker.reading.unsure(object)
    tied = in_part or not linker.explained().isdisjoint((id(subject), id(object)))
    roles = sorted({role for node in object.nodes[:MOST_NODES] for role in linker.graph.roles(node)})
    for role in roles[:_MOST_ROLES]:
        # "The head of A is B": where the graph has another head of A, what else ties the two is beside the point.
        named = identified(linker.reading, role, subject, object) and not linker.has(subject, role)
        if tied and not named:
            continue
        said = linker.said(Fact("", role, object.nodes[0]), subject, object, wider=False)
        relation = linker.book.get(role)
        others = linker.graph.subjects(role, object.nodes[0], _MOST_SUBJECTS)
        alike = (relation.inverse_functional and _is_a(linker, subject, relation.domain)) or _alike(
            linker, subject, others
        )
        if said >= (_BY_ITS_NAME if named else _CLEARLY) and linker.may_have(subject, relation) and alike:
            only = relation.inverse_functional and len(object.nodes) == 1 and bool(linker.facts_of(subject))
            yield Unheard(
                relation,
                tuple(Fact(other, role, object.nodes[0]) for other in others),
                said,
                (only or relation.closed_world) and not in_part,
            )


def known_as(linker: Linker, mention: Mention) -> bool:
    """Whether the graph has the name, or one thing only whose name begins or ends with it: a surname, "Ajax"."""
    if not linker.reading.unsure(mention):
        return True
    if len(mention.nodes) != 1:
        return False
    words, name = normal(linker.reading.words(mention)), normal(linker.graph.full_name(mention.nodes[0]))
    return f"{name} ".startswith(f"{words} ") or f" {name}".endswith(f" {words}") or _without_middle(words, name)


def _without_middle(words: str, name: str) -> bool:
    """ "Dr. Szalai" is short for "Dr. Ildiko Szalai"."""
    short, full = words.split(), name.split()
    return len(short) > 1 and len(full) > len(short) and full[: len(short) - 1] == short[:-1] and full[-1] == short[-1]


def roles_of(linker: Linker, mention: Mention) -> list[Relation]:
    """The relations that the graph has something named so as an object of."""
    return [linker.book.get(role) for node in mention.nodes[:MOST_NODES] for role in linker.graph.roles(node)]


def _is_a(linker: Linker, mention: Mention, kind: str) -> bool:
    """Whether the graph has what is named as an object of this kind, or says of it what is said of this kind only."""
    # Americans are objects of nationalities as America is: a place is what holds something.
    roles = {role.object for role in roles_of(linker, mention) if role.within or role.object != "place"}
    return kind in roles or kind in {linker.book.get(fact.relation).domain for fact in linker.facts_of(mention)}


def _alike(linker: Linker, subject: Mention, others: Sequence[str]) -> bool:
    """Whether a subject is of the kind of others, by what the graph says of both: a country among countries."""
    ours = kind_of(linker, subject.nodes[0])
    return any(
        len(ours & theirs) >= _ALIKE * len(ours | theirs) for theirs in (kind_of(linker, node) for node in others)
    )
