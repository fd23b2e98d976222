"""What a claim may state of what it names: each relation that the graph has of it, said in the claim's own words."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from groundwire.graph.amounts import limits
from groundwire.graph.cite import said_of
from groundwire.graph.mentions import Mention, measured_against, with_unit
from groundwire.graph.store import Literal, Node
from groundwire.graph.vocabulary import is_type

if TYPE_CHECKING:
    from groundwire.graph.links import Link, Linker

NOWHERE = -1
"""Where an object stands whose words are in the claim, though not in one piece."""
_DAY_OR_YEAR = re.compile(r"[-+]?\d{4}(?:-\d\d|$)")


class Said(NamedTuple):
    """A relation said of two mentions of a claim, each by where it starts."""

    relation: str
    subject: int
    object: int

    @property
    def turned(self) -> "Said":
        """The same the other way round."""
        return Said(self.relation, self.object, self.subject)


class Statement(NamedTuple):
    """A relation that a claim may state, as a sentence.

    `known`: the graph has this very fact. `turned`: it is the graph's fact the wrong way round, where that could be.
    `value`: its object is a date or a number.
    """

    said: Said
    sentence: str
    known: bool = False
    turned: bool = False
    value: bool = False


def statements(linker: "Linker") -> Iterator[Statement]:
    """All that the claim may state of its names, by the relations that the graph has of them."""
    known, within = _known(linker)
    own = [mention for mention in linker.reading.mentions if mention.elsewhere is None]
    for subject in (mention for mention in own if mention.nodes):
        for object in own:
            if object.group == subject.group or set(object.nodes) & set(subject.nodes):
                continue
            only_known = object.kind == "name" and measured_against(linker.reading, subject, object)
            for relation in _relations(linker, subject, object):
                said = Said(relation, subject.start, object.start)
                if said in within or (only_known and said not in known):
                    continue
                value = object.kind != "name"
                yield Statement(said, _sentence(linker, relation, subject, object), said in known, value=value)
                if said in known and _may_turn(linker, relation, subject, object):
                    yield Statement(said.turned, _sentence(linker, relation, object, subject), turned=True)
    for link in linker.links:
        if link.object is None and link.subject.elsewhere is None and len(link.path) == 1:
            (fact,) = link.path
            object_words, words = linker.graph.label(fact.object), linker.reading.words(link.subject)
            said = Said(fact.relation, link.subject.start, NOWHERE)
            yield Statement(said, said_of(linker.book, fact.relation, words, object_words), known=True)


def _known(linker: "Linker") -> tuple[set[Said], set[Said]]:
    """What the graph has; and what it has within a limit only: "up to 120" does not say a capacity of 80."""
    known: set[Said] = set()
    within: set[Said] = set()
    for link in linker.links:
        if link.object is not None and len(link.path) == 1:
            said = Said(link.path[0].relation, link.subject.start, link.object.start)
            (known if _equal(linker, link, link.object) else within).add(said)
    return known, within


def _equal(linker: "Linker", link: "Link", object: Mention) -> bool:
    if object.kind != "number" or limits(linker.reading, object.start)[0] == object.start:
        return True
    known = _with_unit(linker, link.path[0].relation, link.path[0].object)
    return any(linker.compare(each, known) for each in with_unit(linker.reading, object))


def _relations(linker: "Linker", subject: Mention, object: Mention) -> Iterator[str]:
    """The relations of the subject that may have such an object, each once.

    What is called by a common noun, and stands in other relations only, is none: silk is no painter. Nor is what is of
    another class than the graph's objects: no person is a seat.
    """
    roles = {role for node in object.nodes for role in linker.graph.roles(node)}
    common = bool(roles) and linker.reading.words(object).islower()
    kinds = {kind for node in object.nodes for kind in linker.graph.types(node)}
    seen: set[str] = set()
    for fact in linker.facts_of(subject):
        if fact.relation in seen or (fact.relation not in roles and (common or is_type(fact.relation))):
            continue
        others = set(linker.graph.types(fact.object)) if kinds else set()
        if others and kinds.isdisjoint(others) and fact.relation not in roles:
            continue
        if _comparable(linker, object, fact.relation, fact.object):
            seen.add(fact.relation)
            yield fact.relation


def _comparable(linker: "Linker", object: Mention, relation: str, known: Node) -> bool:
    """Whether a mention may stand where the graph has this object."""
    label = linker.graph.label(known)
    value = isinstance(known, Literal) and label[:1].isdigit()
    if object.kind == "name" or not value:
        return not value and object.kind == "name"
    if object.kind == "date":
        return _DAY_OR_YEAR.match(label) is not None
    amount = _with_unit(linker, relation, known)
    if amount == label:
        return _DAY_OR_YEAR.fullmatch(label) is None or object.end - object.start == len(label)
    said = list(with_unit(linker.reading, object))[:-1]
    return not said or any(linker.compare(each, amount) is not None for each in said)


def _with_unit(linker: "Linker", relation: str, known: Node) -> str:
    """A value with the unit that it is known to be in."""
    label = linker.graph.label(known)
    unit, _ = linker.book.get(relation).unit_of(known.datatype if isinstance(known, Literal) else None)
    return f"{label} {unit}" if unit else label


def _may_turn(linker: "Linker", relation: str, subject: Mention, object: Mention) -> bool:
    """Whether the relation could hold the other way round as well: both ends are of a kind."""
    if object.kind != "name" or linker.book.get(relation).symmetric:
        return False
    if any(fact.relation == relation for fact in linker.facts_of(object)):
        return True
    one, other = ({kind for node in end.nodes for kind in linker.graph.types(node)} for end in (subject, object))
    return bool(one & other) or any(relation in linker.graph.roles(node) for node in subject.nodes)


def _sentence(linker: "Linker", relation: str, subject: Mention, object: Mention) -> str:
    words = linker.reading.words(object)
    if object.kind == "number" and linker.book.get(relation).unit_of(None)[0]:
        words = next(with_unit(linker.reading, object))
    return said_of(linker.book, relation, linker.reading.words(subject), words)
