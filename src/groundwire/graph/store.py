"""Facts in memory: entities with their names and types, and the relations between them."""

import hashlib
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

import networkx as nx

from groundwire.graph.index import Hit, NameIndex
from groundwire.graph.names import Token, local_name, name_stems, written


class Literal(NamedTuple):
    """A value: its text as the graph has it, its datatype (IRI or prefixed name) and language, where stated."""

    text: str
    datatype: str | None = None
    language: str | None = None


# Identifiers that are no names: Wikidata's, numbers, blank nodes, UUIDs.
_OPAQUE = re.compile(r"[A-Z]?\d+|_:.*|[0-9a-f]{8}-[0-9a-f-]{27}", re.IGNORECASE)

# Values that are compared, not looked up by their words: numbers, with a unit or without, and dates.
_QUANTITY = re.compile(
    r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?: ?\([^()]*\)| ?%)?|-?\d{4}-\d{2}(?:-\d{2}(?:T.*)?)?"
)

_MOST_LOOKED_AT = 1_000
MOST_FACTS = 2_000
"""Facts about one entity that are read; a claim is compared with fewer."""

Node = str | Literal
"""An entity, by its identifier (an IRI, or the name that a table has), or a value."""


class Fact(NamedTuple):
    """One statement of a graph."""

    subject: str
    relation: str
    object: Node


class Period(NamedTuple):
    """When a fact holds: from `start` to `end`, each a year, a month or a day as ISO 8601 has them; None: not stated.

    `point`: it is known of `start` alone, and may go on.
    """

    start: str | None = None
    end: str | None = None
    point: bool = False


class Names(Protocol):
    """From the words of a text to the nodes that they may mean. `NameIndex` says what each method finds."""

    def find(self, name: str) -> tuple[Hashable, ...]: ...

    def mentions(self, tokens: Sequence[Token], text: str) -> Iterator[Hit]: ...

    def misspelt(self, tokens: Sequence[Token], first: int, last: int) -> Hit | None: ...

    def holding(self, tokens: Sequence[Token], most: int = 3) -> tuple[Hashable, ...]: ...

    def part_of_names(self, word: str) -> bool: ...


class GraphStore(Protocol):
    """What the judge asks of a graph. Every answer is bounded by what touches the nodes named, never a scan.

    In memory, on disk and at an endpoint: one contract, tested on all three. A store that cannot answer raises
    `EndpointError`; it never answers with less.
    """

    name: str

    @property
    def revision(self) -> str:
        """Content hash: the same facts and names give the same revision, whatever their order."""

    @property
    def names(self) -> Names:
        """Surface forms of all entities and of values that are names."""

    def facts_about(self, subject: Node) -> tuple[Fact, ...]:
        """The facts whose subject this is, up to some hundreds or thousands of them; none for a value."""

    def complete(self, subject: Node) -> bool:
        """Whether `facts_about` has every fact of a subject. Where it has not, what it lacks may be so all the same."""

    def facts_between(self, one: Node, other: Node) -> tuple[Fact, ...]:
        """The facts that link two nodes, in either direction."""

    def facts_to(self, object: Node, most: int) -> tuple[Fact, ...]:
        """Up to `most` facts whose object this is."""

    def subjects(self, relation: str, object: Node, most: int) -> tuple[str, ...]:
        """Up to `most` entities that have `object` as their `relation`."""

    def having(self, relation: str, most: int) -> tuple[str, ...]:
        """Up to `most` entities that have any object as their `relation`."""

    def roles(self, node: Node) -> frozenset[str]:
        """The relations of which this node is an object somewhere in the graph."""

    def types(self, node: Node) -> frozenset[str]:
        """The classes that the graph states for an entity."""

    def spread(self, relation: str) -> tuple[int, int]:
        """How many subjects and how many facts a relation has: equal numbers speak for a functional relation."""

    def periods(self, fact: Fact) -> tuple[Period, ...]:
        """When a fact holds: one for each time that the graph states, one without dates where it states none as well.

        None at all for a fact without dates: it holds, no matter when.
        """

    def label(self, node: Node) -> str:
        """The node as a person writes it."""

    def full_name(self, node: Node) -> str:
        """The label with what sets it apart: "Ardmore Airport (New Zealand)"."""

    def aliases(self, entity: str) -> tuple[str, ...]:
        """The other names that the graph states for an entity."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """The stems of the words in the names of its relations."""


class KnowledgeGraph:
    """A graph in memory, on networkx. Built once by a loader, then read only.

    `name` is what evidence cites as its source.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.names = NameIndex()
        self._graph: nx.MultiDiGraph[Node] = nx.MultiDiGraph()
        self._labels: dict[str, str] = {}
        self._aliases: dict[str, list[str]] = {}
        self._types: dict[str, set[str]] = {}
        self._roles: dict[Node, set[str]] = {}
        self._about: dict[str, tuple[str, ...]] = {}
        self._spread: dict[str, list[int]] = {}
        self._having: dict[str, list[str]] = {}
        self._periods: dict[Fact, list[Period]] = {}  # of the facts that have dates alone
        self._words: tuple[frozenset[str], tuple[str, ...]] = (frozenset(), ())
        self._facts = 0
        self._revision: str | None = None

    def __len__(self) -> int:
        return self._facts

    def add(self, subject: str, relation: str, object: Node, period: Period | None = None) -> None:
        """Add one fact, with the time in which it holds; a fact that is there already is not doubled."""
        known = self._graph.has_edge(subject, object, relation)
        if period is not None or (known and self._periods):
            self._date(Fact(subject, relation, object), period, known=known)
        if known:
            return
        for node in (subject, object):
            if node not in self._graph:
                self._name(node)
        counts = self._spread.setdefault(relation, [0, 0])
        about = self._about.get(subject, ())
        if relation not in about:
            self._about[subject] = (*about, relation)
            counts[0] += 1
            self._having.setdefault(relation, []).append(subject)
        counts[1] += 1
        self._graph.add_edge(subject, object, relation)
        self._roles.setdefault(object, set()).add(relation)
        self._facts += 1
        self._revision = None

    def add_label(self, entity: str, label: str) -> None:
        """Say how an entity is called; the first label is the one that answers are corrected to."""
        if entity in self._labels:
            self.add_alias(entity, label)
        else:
            self._labels[entity] = label
            self._register(entity, label)

    def add_alias(self, entity: str, alias: str) -> None:
        """Say how else an entity is called."""
        known = self._aliases.setdefault(entity, [])
        if alias not in known:
            known.append(alias)
            self._register(entity, alias)

    def add_type(self, entity: str, kind: str) -> None:
        """Say what an entity is."""
        self._types.setdefault(entity, set()).add(kind)
        if entity not in self._graph:
            self._name(entity)
        self._revision = None

    @property
    def revision(self) -> str:
        if self._revision is None:
            digest = hashlib.sha256()
            for line in sorted(self._lines()):
                digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
            self._revision = digest.hexdigest()
        return self._revision

    def facts_about(self, subject: Node) -> tuple[Fact, ...]:
        if not isinstance(subject, str) or subject not in self._graph:
            return ()
        edges = islice(self._graph.out_edges(subject, keys=True), MOST_FACTS)
        return tuple(Fact(subject, str(key), node) for _, node, key in edges)

    def complete(self, subject: Node) -> bool:
        return subject not in self._graph or self._graph.out_degree(subject) <= MOST_FACTS

    def facts_between(self, one: Node, other: Node) -> tuple[Fact, ...]:
        found = [
            Fact(subject, str(key), node)
            for subject, node in ((one, other), (other, one))
            if isinstance(subject, str)
            for key in self._graph.get_edge_data(subject, node, default={})
        ]
        return tuple(dict.fromkeys(found))

    def facts_to(self, object: Node, most: int) -> tuple[Fact, ...]:
        if object not in self._graph:
            return ()
        edges = self._graph.in_edges(object, keys=True)
        return tuple(islice((Fact(node, str(key), object) for node, _, key in edges if isinstance(node, str)), most))

    def subjects(self, relation: str, object: Node, most: int) -> tuple[str, ...]:
        if object not in self._graph:
            return ()
        edges = islice(self._graph.in_edges(object, keys=True), _MOST_LOOKED_AT)
        found = (node for node, _, key in edges if key == relation and isinstance(node, str))
        return tuple(islice(found, most))

    def having(self, relation: str, most: int) -> tuple[str, ...]:
        return tuple(self._having.get(relation, ())[:most])

    def roles(self, node: Node) -> frozenset[str]:
        return frozenset(self._roles.get(node, ()))

    def types(self, node: Node) -> frozenset[str]:
        return frozenset(self._types.get(node, ())) if isinstance(node, str) else frozenset()

    def periods(self, fact: Fact) -> tuple[Period, ...]:
        return tuple(self._periods.get(fact, ()))

    def spread(self, relation: str) -> tuple[int, int]:
        subjects, facts = self._spread.get(relation, (0, 0))
        return subjects, facts

    def label(self, node: Node) -> str:
        if isinstance(node, Literal):
            return node.text
        return self._labels.get(node) or written(local_name(node))

    def full_name(self, node: Node) -> str:
        if isinstance(node, Literal):
            return node.text
        return self._labels.get(node) or local_name(node).replace("_", " ")

    @property
    def vocabulary(self) -> frozenset[str]:
        if len(self._words[1]) != len(self._spread):
            words = frozenset(word for name in self._spread for word in name_stems(name))
            self._words = (words, tuple(self._spread))
        return self._words[0]

    def aliases(self, entity: str) -> tuple[str, ...]:
        return tuple(self._aliases.get(entity, ()))

    def facts(self) -> Iterator[Fact]:
        """All facts, in the order in which they came."""
        for subject, node, key in self._graph.edges(keys=True):
            if isinstance(subject, str):
                yield Fact(subject, key, node)

    def _date(self, fact: Fact, period: Period | None, *, known: bool) -> None:
        if period is None and fact not in self._periods:
            return
        periods = self._periods.setdefault(fact, [Period()] if known else [])
        if (period or Period()) not in periods:
            periods.append(period or Period())
            self._revision = None

    def _name(self, node: Node) -> None:
        self._graph.add_node(node)
        if (name := own_name(node)) is not None:
            self.names.add(name, node)

    def _register(self, entity: str, name: str) -> None:
        if entity not in self._graph:
            self._name(entity)
        self.names.add(name, entity)
        self._revision = None

    def _lines(self) -> Iterable[str]:
        for fact in self.facts():
            yield "\t".join(("fact", fact.subject, fact.relation, repr(fact.object)))
        for fact, periods in self._periods.items():
            yield "\t".join(("period", *fact[:2], repr(fact.object), *map(repr, sorted(periods, key=repr))))
        for entity, label in self._labels.items():
            yield "\t".join(("label", entity, label))
        for entity, aliases in self._aliases.items():
            yield from ("\t".join(("alias", entity, alias)) for alias in aliases)
        for entity, kinds in self._types.items():
            yield from ("\t".join(("type", entity, kind)) for kind in kinds)


def own_name(node: Node) -> str | None:
    """What a node is called by itself, without a label: its identifier in words, or the words of a value."""
    if isinstance(node, Literal):
        return node.text if _is_name(node) else None
    name = local_name(node)
    return None if _OPAQUE.fullmatch(name) else name.replace("_", " ")


def _is_name(value: Literal) -> bool:
    """Whether a value is words that a claim may hold as they are, and not a number, a date or a paragraph."""
    return len(value.text) <= 200 and not _QUANTITY.fullmatch(value.text)
