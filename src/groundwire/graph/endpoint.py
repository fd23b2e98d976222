"""A graph at a SPARQL 1.1 endpoint, for what one machine does not hold.

A claim costs a handful of queries: one for all its names, one for the facts about all that they may mean, one for what
those facts' objects are called. What was fetched is kept for five minutes.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from groundwire.graph import queries
from groundwire.graph.kept import Kept
from groundwire.graph.labelled import Labelled
from groundwire.graph.lookup import LookedUpNames, Named, forms_of
from groundwire.graph.names import FUNCTION_WORDS, Token, name_stems
from groundwire.graph.sparql import Endpoint
from groundwire.graph.store import Fact, Literal, Node
from groundwire.graph.terms import node
from groundwire.graph.vocabulary import is_alias, is_label, is_type

_MOST_WORDS = 8
_MOST_PLAIN_WORDS = 3
_MOST_STRETCHES = 300
_MOST_NODES = 8
_MOST_EXPECTED = 40
_CLOSING = '.)"”»'
_SHORT = 4
"""Capitals of no more letters are an abbreviation."""

Found = tuple[tuple[str, Node], ...]
"""Relations and objects."""


class EndpointGraph(Labelled):
    """A graph that is asked over HTTP. Every method that looks something up may raise EndpointError.

    When a fact holds is not asked for: every fact reads as lasting.
    `revision` is of the address: what the endpoint holds may change under it. Names are found by their labels and
    aliases, word for word, in the case of the answer, in title case and in lower case; typos are not.
    """

    def __init__(self, endpoint: Endpoint, name: str | None = None) -> None:
        self.name = name or endpoint.host
        self._endpoint = endpoint
        address = f"{endpoint.url} {endpoint.graph or ''}"
        self.revision = hashlib.sha256(address.encode()).hexdigest()
        self.names = EndpointNames(endpoint, self._expect)
        self._facts: Kept[str, Found] = Kept(self._fetch_facts, (), at_once=20)
        self._called: Kept[str, Found] = Kept(self._fetch_called, (), at_once=200)
        self._in_roles: Kept[Node, frozenset[str]] = Kept(self._fetch_roles, frozenset(), at_once=20)
        self._spread: Kept[str, tuple[int, int]] = Kept(self._fetch_spread, (0, 0), at_once=1)
        self._relations: Kept[str, frozenset[str]] = Kept(self._fetch_vocabulary, frozenset(), seconds=3600)
        # What this thread's claim speaks of, so that it is fetched in one go.
        self._expected = threading.local()

    def facts_about(self, subject: Node) -> tuple[Fact, ...]:
        if not isinstance(subject, str) or subject.startswith("_:"):
            return ()
        found = self._facts.get(subject, self._nodes("nodes"))
        objects = [object for _, object in found if isinstance(object, str) and not object.startswith("_:")]
        self._expected.objects = list(dict.fromkeys([*objects, *self._nodes("objects")]))[:400]
        return tuple(Fact(subject, relation, object) for relation, object in found if not is_label(relation))

    def complete(self, subject: Node) -> bool:
        if not isinstance(subject, str):
            return True
        return not subject.startswith("_:") and len(self._facts.get(subject, self._nodes("nodes"))) < queries.MOST_FACTS

    def facts_between(self, one: Node, other: Node) -> tuple[Fact, ...]:
        found = [fact for pair in ((one, other), (other, one)) for fact in self._from_to(*pair)]
        return tuple(dict.fromkeys(found))

    def facts_to(self, object: Node, most: int) -> tuple[Fact, ...]:
        rows = self._endpoint.select(queries.facts_to(object, most))
        found = (Fact(str(node(row["subject"])), str(node(row["relation"])), object) for row in rows)
        return tuple(fact for fact in found if not is_label(fact.relation))

    def subjects(self, relation: str, object: Node, most: int) -> tuple[str, ...]:
        return tuple(
            str(node(row["subject"])) for row in self._endpoint.select(queries.subjects(relation, object, most))
        )

    def having(self, relation: str, most: int) -> tuple[str, ...]:
        return tuple(str(node(row["subject"])) for row in self._endpoint.select(queries.having(relation, most)))

    def roles(self, node: Node) -> frozenset[str]:
        if isinstance(node, str) and node.startswith("_:"):
            return frozenset()
        return self._in_roles.get(node, self._nodes("nodes"))

    def types(self, node: Node) -> frozenset[str]:
        found = self._what_is(node)
        return frozenset(object for relation, object in found if is_type(relation) and isinstance(object, str))

    def spread(self, relation: str) -> tuple[int, int]:
        return self._spread.get(relation)

    def aliases(self, entity: str) -> tuple[str, ...]:
        first = self.label(entity)
        found = self._facts.get(entity)
        others = [object.text for relation, object in found if _names(relation) and isinstance(object, Literal)]
        return tuple(dict.fromkeys(text for text in others if text != first))

    @property
    def vocabulary(self) -> frozenset[str]:
        return self._relations.get("")

    def _expect(self, nodes: Sequence[Node]) -> None:
        latest = [node for node in nodes if isinstance(node, str)]
        self._expected.nodes = list(dict.fromkeys([*latest, *self._nodes("nodes")]))[:_MOST_EXPECTED]

    def _nodes(self, kind: str) -> list[str]:
        found: list[str] = getattr(self._expected, kind, [])
        return found

    def _from_to(self, subject: Node, object: Node) -> Iterator[Fact]:
        if not isinstance(subject, str) or subject.startswith("_:"):
            return
        about = self.facts_about(subject)
        if len(about) < queries.MOST_FACTS // 2:  # all of them, labels included
            yield from (fact for fact in about if fact.object == object)
            return
        for row in self._endpoint.select(queries.between(subject, object)):
            if not is_label(relation := str(node(row["relation"]))):
                yield Fact(subject, relation, object)

    def _what_is(self, node: Node) -> Found:
        if not isinstance(node, str) or node.startswith("_:"):
            return ()
        return self._called.get(node, [*self._nodes("nodes"), *self._nodes("objects")])

    def _labels(self, entity: str) -> list[Node]:
        labels = [object for relation, object in self._what_is(entity) if is_label(relation)]
        return [label for label in labels if isinstance(label, Literal) and label.text]

    def _fetch_facts(self, nodes: list[str]) -> Mapping[str, Found]:
        return _by_node(self._endpoint.select(queries.facts(nodes)))

    def _fetch_called(self, nodes: list[str]) -> Mapping[str, Found]:
        rows = self._endpoint.select(queries.called(nodes))
        if len(rows) < queries.MOST_NAMED or len(nodes) == 1:
            return _by_node(rows)
        half = len(nodes) // 2  # what was cut off would pass for not being there
        return {**self._fetch_called(nodes[:half]), **self._fetch_called(nodes[half:])}

    def _fetch_roles(self, nodes: list[Node]) -> Mapping[Node, frozenset[str]]:
        found: dict[Node, set[str]] = {}
        for row in self._endpoint.select(queries.roles(nodes)):
            if not is_label(relation := str(node(row["relation"]))):
                found.setdefault(nodes[int(row["number"].value)], set()).add(relation)
        return {node: frozenset(relations) for node, relations in found.items()}

    def _fetch_spread(self, relations: list[str]) -> Mapping[str, tuple[int, int]]:
        found = {}
        for relation in relations:
            for row in self._endpoint.select(queries.spread(relation)):
                found[relation] = (int(row["subjects"].value), int(row["facts"].value))
        return found

    def _fetch_vocabulary(self, _: list[str]) -> Mapping[str, frozenset[str]]:
        rows = self._endpoint.select(queries.relations())
        return {"": frozenset(word for row in rows for word in name_stems(str(node(row["relation"]))))}


class EndpointNames(LookedUpNames):
    """The names of an endpoint's entities: all that a text may hold are asked for in one query."""

    def __init__(self, endpoint: Endpoint, expect: Callable[[Sequence[Node]], None]) -> None:
        self._endpoint, self._expect = endpoint, expect
        self._nodes: Kept[str, tuple[Node, ...]] = Kept(self._fetch, (), at_once=_MOST_STRETCHES)

    def _exact(self, tokens: Sequence[Token], text: str) -> list[Named]:
        found = self._nodes.all(_spellings(tokens, text))
        named = [Named(name, thing) for name, things in found.items() for thing in things[:_MOST_NODES]]
        self._expect(list(dict.fromkeys(each.node for each in named)))
        return named

    def _near(self, tokens: Sequence[Token]) -> tuple[Named, ...]:
        return ()

    def _with_all(self, tokens: Sequence[Token]) -> tuple[Named, ...]:
        return ()

    def _fetch(self, names: list[str]) -> Mapping[str, tuple[Node, ...]]:
        rows = self._endpoint.select(queries.named(names))
        if len(rows) >= queries.MOST_NAMED and len(names) > 1:
            half = len(names) // 2  # what was cut off would pass for not being there
            return {**self._fetch(names[:half]), **self._fetch(names[half:])}
        found: dict[str, list[Node]] = {}
        for row in rows:
            things = found.setdefault(row["name"].value, [])
            if (thing := node(row["node"])) not in things:
                things.append(thing)
        return {name: tuple(sorted(things, key=str)) for name, things in found.items()}


def _spellings(tokens: Sequence[Token], text: str) -> list[str]:
    """The stretches of a text that may be names, as they stand and as a label may have them. Capitalised ones first."""
    capitalised: dict[str, None] = {}
    plain: dict[str, None] = {}
    for at, first in enumerate(tokens):
        for last in range(at, min(at + _MOST_WORDS, len(tokens))):
            words = text[first.start : tokens[last].end]
            inside = [token.norm for token in tokens[at : last + 1]]
            if "\n" in words or "; " in words:
                break
            if inside[-1] in FUNCTION_WORDS:
                continue
            key = " ".join(inside)
            others = [form for form in forms_of(key) if form != key]
            if any(char.isupper() for char in words):
                capitalised |= dict.fromkeys(_as_a_name(form) for form in others)
                closed = words + text[tokens[last].end : tokens[last].end + 1]
                capitalised |= dict.fromkeys((words, closed) if closed[-1] in _CLOSING else (words,))
                plain |= dict.fromkeys(_recased(words))
            elif last - at < _MOST_PLAIN_WORDS and inside[0] not in FUNCTION_WORDS:
                for form in (words, *others):
                    plain |= dict.fromkeys((form, form[:1].upper() + form[1:], form.title()))
    return list(capitalised | plain)[:_MOST_STRETCHES]


def _as_a_name(key: str) -> str:
    """A normal form as a label may have it: bosnia and herzegovina → Bosnia and Herzegovina."""
    return " ".join(word if word in FUNCTION_WORDS else word.capitalize() for word in key.split())


def _recased(words: str) -> tuple[str, ...]:
    """What begins a sentence, or is cried out, in other letters."""
    if words.isupper() and len(words) > _SHORT:
        return words.title(), words.lower()
    return (words[:1].lower() + words[1:],) if words[1:] == words[1:].lower() else ()


def _by_node(rows: Sequence[Mapping[str, object]]) -> dict[str, Found]:
    found: dict[str, list[tuple[str, Node]]] = {}
    for row in rows:
        found.setdefault(str(node(row["node"])), []).append((str(node(row["relation"])), node(row["object"])))
    return {name: tuple(sorted(dict.fromkeys(facts), key=_order)) for name, facts in found.items()}


def _order(fact: tuple[str, Node]) -> tuple[str, bool, str]:
    return fact[0], isinstance(fact[1], str), str(fact[1])


def _names(relation: str) -> bool:
    return is_label(relation) or is_alias(relation)
