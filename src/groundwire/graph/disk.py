"""A graph on disk, for tens of millions of facts: triples in pyoxigraph, names in SQLite beside them.

`groundwire graph import` makes the folder; here it is opened read-only, by as many processes as like.
"""

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph
from rapidfuzz import fuzz

from groundwire.errors import KnowledgeError
from groundwire.graph.labelled import Labelled, in_words
from groundwire.graph.loading import by_language
from groundwire.graph.lookup import LookedUpNames, Named, stretches
from groundwire.graph.names import Token, name_stems
from groundwire.graph.store import MOST_FACTS, Fact, Literal, Node
from groundwire.graph.terms import entity, node, term
from groundwire.graph.vocabulary import is_alias, is_label, is_type

SUFFIX = ".oxigraph"
TRIPLES, NAMES, MANIFEST = "triples", "names.sqlite", "groundwire.json"

_MOST_LOOKED_AT = 1_000
_COMMON_TOKEN = 200
_ALIKE = 85.0
_AT_ONCE = 500
_MOST_NAMESAKES = 1_000
# The first names of each key. No text is after the blob, so that it bounds nothing where there are fewer.
_NAMESAKES = """
WITH wanted(key) AS (VALUES {keys})
SELECT name, node, literal, datatype, language FROM wanted JOIN names ON names.key = wanted.key AND node <= COALESCE(
    (SELECT node FROM names WHERE names.key = wanted.key ORDER BY node LIMIT 1 OFFSET {most}), x'ff')
"""


def is_disk_graph(path: Path) -> bool:
    """Whether a folder was made by `groundwire graph import`, finished or not."""
    return (path / MANIFEST).is_file()


class DiskGraph(Labelled):
    """A graph that `groundwire graph import` made. Safe to share between threads.

    When a fact holds is not kept: what the import was told to be over is left out, and the rest reads as lasting.
    Numbers and times come back in the form that pyoxigraph keeps them in: 58.0 as 58.

    Raises: KnowledgeError where the folder is no such graph, or its import was not finished.
    """

    def __init__(self, folder: Path, name: str | None = None) -> None:
        self.name = name or folder.stem
        self._folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
            complete = manifest.get("complete") is True
        except (OSError, ValueError, AttributeError):
            raise KnowledgeError(
                str(folder), "this is no graph.", "a folder made by `groundwire graph import`"
            ) from None
        if not complete:
            raise KnowledgeError(
                str(folder), "its import was not finished.", "the same `graph import` again, to the end"
            )
        self.revision: str = manifest["revision"]
        self._count: int = manifest["facts"]
        try:
            self._store = pyoxigraph.Store.read_only(str(folder / TRIPLES))
        except OSError as error:
            raise KnowledgeError(str(folder), f"cannot be read: {error}.", "a new import") from error
        self.names = DiskNames(folder / NAMES)
        self._stated_of = lru_cache(maxsize=65536)(super()._stated)
        self._facts = lru_cache(maxsize=4096)(self._read_facts)
        self.roles = lru_cache(maxsize=16384)(self._roles)

    def __len__(self) -> int:
        return self._count

    def facts_about(self, subject: Node) -> tuple[Fact, ...]:
        return tuple(fact for fact in self._facts(subject) if not is_label(fact.relation))

    def complete(self, subject: Node) -> bool:
        return len(self._facts(subject)) < MOST_FACTS

    def facts_between(self, one: Node, other: Node) -> tuple[Fact, ...]:
        found = [
            Fact(subject, relation, object)
            for subject, object in ((one, other), (other, one))
            if isinstance(subject, str)
            for quad in self._store.quads_for_pattern(entity(subject), None, term(object), None)
            if not is_label(relation := str(node(quad.predicate)))
        ]
        return tuple(dict.fromkeys(found))

    def facts_to(self, object: Node, most: int) -> tuple[Fact, ...]:
        quads = self._store.quads_for_pattern(None, None, term(object), None)
        found = (Fact(str(node(quad.subject)), str(node(quad.predicate)), object) for quad in quads)
        return tuple(islice((fact for fact in found if not is_label(fact.relation)), most))

    def subjects(self, relation: str, object: Node, most: int) -> tuple[str, ...]:
        quads = self._store.quads_for_pattern(None, entity(relation), term(object), None)
        return tuple(str(node(quad.subject)) for quad in islice(quads, most))

    def having(self, relation: str, most: int) -> tuple[str, ...]:
        quads = self._store.quads_for_pattern(None, entity(relation), None, None)
        found: dict[str, None] = {}
        for quad in quads:
            found[str(node(quad.subject))] = None
            if len(found) == most:
                break
        return tuple(found)

    def types(self, node: Node) -> frozenset[str]:
        facts = self._facts(node)
        return frozenset(fact.object for fact in facts if is_type(fact.relation) and isinstance(fact.object, str))

    def spread(self, relation: str) -> tuple[int, int]:
        return self._relations.get(relation, (0, 0))

    def aliases(self, entity: str) -> tuple[str, ...]:
        facts = self._facts(entity)
        labels = sorted(self._labels(entity), key=by_language)
        others = [fact.object for fact in facts if is_alias(fact.relation)]
        first = self.label(entity)
        return tuple(dict.fromkeys(text for text in map(in_words, [*labels[1:], *others]) if text != first))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(word for name in self._relations for word in name_stems(name))

    def facts(self) -> Iterator[Fact]:
        """All facts, those about one subject together."""
        for quad in self._store.quads_for_pattern(None, None, None, None):
            yield Fact(str(node(quad.subject)), str(node(quad.predicate)), node(quad.object))

    @cached_property
    def _relations(self) -> dict[str, tuple[int, int]]:
        rows = self.names.rows("SELECT relation, subjects, facts FROM relations ORDER BY relation")
        return {relation: (subjects, facts) for relation, subjects, facts in rows}

    def _read_facts(self, subject: Node) -> tuple[Fact, ...]:
        if not isinstance(subject, str):
            return ()
        quads = islice(self._store.quads_for_pattern(entity(subject), None, None, None), MOST_FACTS)
        facts = (Fact(subject, str(node(quad.predicate)), node(quad.object)) for quad in quads)
        return tuple(sorted(facts, key=lambda fact: (fact.relation, isinstance(fact.object, str), str(fact.object))))

    def _roles(self, node: Node) -> frozenset[str]:
        """Of a node that much points to, each relation is probed: that many look-ups, however many facts."""
        target = term(node)
        quads = list(islice(self._store.quads_for_pattern(None, None, target, None), _MOST_LOOKED_AT))
        found = {quad.predicate for quad in quads}
        if len(quads) == _MOST_LOOKED_AT:
            every = map(entity, self._relations)
            found |= {
                role for role in every if any(True for _ in self._store.quads_for_pattern(None, role, target, None))
            }
        return frozenset(name for role in found if not is_label(name := _name(role)))

    def _stated(self, entity: str) -> str | None:
        return self._stated_of(entity)

    def _labels(self, entity: str) -> list[Node]:
        return [fact.object for fact in self._facts(entity) if is_label(fact.relation)]


class DiskNames(LookedUpNames):
    """The names of a graph on disk: a table of normal forms, and a full-text index of their words."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._opened)
        self._holding = lru_cache(maxsize=4096)(self._keys_holding)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every thread reads through a connection of its own. Raises: KnowledgeError."""
        try:
            if not hasattr(self._local, "connection"):
                uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
                # Used on this thread only, but closed on whichever drops the graph.
                self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
                self._opened.append(self._local.connection)
            return list(self._local.connection.execute(query, values))
        except sqlite3.Error as error:
            raise KnowledgeError(str(self._path), f"cannot be read: {error}.", "a new import") from error

    def _exact(self, tokens: Sequence[Token], text: str) -> Iterator[Named]:
        words = list(dict.fromkeys(token.norm for token in tokens))
        longest = dict(self._in("SELECT word, longest FROM heads WHERE word IN", words))
        return self._named(list(stretches(tokens, longest)))

    def _near(self, tokens: Sequence[Token]) -> Iterator[Named]:
        key = " ".join(token.norm for token in tokens)
        keys = dict.fromkeys(name for token in tokens for name in self._holding(token.norm))
        return self._named([name for name in keys if fuzz.ratio(key, name, score_cutoff=_ALIKE)])

    def _with_all(self, tokens: Sequence[Token]) -> Iterator[Named]:
        rows = sorted((self._holding(token.norm, rare=False) for token in tokens), key=len)
        wanted = {token.norm for token in tokens}
        if not rows or not rows[0] or len(rows[0]) > _COMMON_TOKEN:
            return iter(())
        return self._named([name for name in rows[0] if wanted <= set(name.split())])

    def _keys_holding(self, word: str, rare: bool = True) -> tuple[str, ...]:
        """The longer normal forms that hold a word; of a word that too many hold, none, or one too many."""
        query = "SELECT key FROM words WHERE words MATCH ? LIMIT ?"
        found = tuple(key for (key,) in self.rows(query, (f'"{word}"', _COMMON_TOKEN + 1)))
        return () if rare and len(found) > _COMMON_TOKEN else found

    def _named(self, keys: Sequence[str]) -> Iterator[Named]:
        for at in range(0, len(keys), _AT_ONCE):
            some = keys[at : at + _AT_ONCE]
            query = _NAMESAKES.format(keys=",".join(["(?)"] * len(some)), most=_MOST_NAMESAKES)
            for name, text, literal, datatype, language in self.rows(query, some):
                yield Named(name, Literal(text, datatype, language) if literal else text)

    def _in(self, query: str, values: Sequence[str]) -> Iterable[Any]:
        for at in range(0, len(values), _AT_ONCE):
            some = values[at : at + _AT_ONCE]
            yield from self.rows(f"{query} ({','.join('?' * len(some))})", some)


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _name(term: Any) -> str:
    return str(node(term))
