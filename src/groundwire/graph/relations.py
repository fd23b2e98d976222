"""What relations mean in English and in logic: phrases with their argument order, and what follows from a fact.

A relation that no pack knows still works: the words of its own name are looked for in the claim.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from groundwire.errors import KnowledgeError
from groundwire.graph.names import (
    FUNCTION_WORDS,
    local_name,
    name_stems,
    relation_key,
    relation_words,
    stem,
    tokenize,
)
from groundwire.graph.units import in_full, unit_in, unit_of_type, without_unit

SUBJECT, OBJECT = "{subject}", "{object}"
_OPAQUE = re.compile(r"[PQ]\d+")
_MARKS = ("as", "by")


class Phrase(NamedTuple):
    """A wording of a relation. `before`, `between`, `after` are the stems around the two arguments.

    `exact` holds the words between where they are all function words: then they must stand there alone. `marks` are
    function words between that tell one relation from another: hired as a pilot, hired by a firm.
    """

    subject_first: bool
    before: tuple[str, ...]
    between: tuple[str, ...]
    after: tuple[str, ...]
    exact: tuple[str, ...] | None
    marks: tuple[str, ...]

    @property
    def stems(self) -> tuple[str, ...]:
        """All that a text must hold for the phrase to stand in it."""
        return (*self.before, *self.between, *self.after)


class Example(NamedTuple):
    """A sentence that states the relation of two names. Tests read it."""

    text: str
    subject: str
    object: str


@dataclass(frozen=True)
class Relation:
    """One relation of a pack.

    `domain`, `object`: what the subject and the object are. `functional`: a subject has one object only, so another
    one contradicts; `inverse_functional`: an object has one subject only; `per_time`: one at a time, so that a claim
    about another time contradicts nothing. `symmetric`, `transitive`: as in logic. `within`: the object is a place, or
    a class, that holds the subject; `nested`: a wider or narrower one answers as well. `closed_world`: what the graph
    does not have is not so.
    `compare`: how objects are compared: "name", "exact" for codes, "number" (with `unit`, in which the graph's bare
    numbers are, and a relative `tolerance`), "date". None: by what they look like. `documented`: the unit that they are
    in by the vocabulary's documentation, which a graph that borrows its names need not follow.
    `not_after`: relations whose dates cannot be earlier than this one's; `at_most`: those whose numbers this one's
    cannot exceed. `most`, `least`: what is called so has the largest value, or the latest, of its kind; the least.
    `narrower_of`: relations that hold wherever this one does; `wider` has their phrases, which a fact of this one
    bears out, though they do not say so much: a capital is in its country. `words`: the stems of the name, for a
    relation without phrases. `sentence`: the first phrase, as it is written.
    """

    id: str
    about: str = ""
    names: tuple[str, ...] = ()
    domain: str = "thing"
    object: str = "thing"
    unit: str | None = None
    documented: str | None = None
    compare: str | None = None
    tolerance: float = 0.0
    functional: bool = False
    inverse_functional: bool = False
    per_time: bool = False
    symmetric: bool = False
    transitive: bool = False
    within: bool = False
    nested: bool = False
    closed_world: bool = False
    not_after: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()
    most: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    inverse: str | None = None
    narrower_of: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    wider: tuple[Phrase, ...] = ()
    words: tuple[str, ...] = ()
    sentence: str | None = None
    examples: tuple[Example, ...] = field(default=(), compare=False)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all its names: what a thing in this relation may be called."""
        return frozenset(word for name in (self.id, *self.names) for word in name_stems(name))

    def unit_of(self, datatype: str | None) -> tuple[str | None, bool]:
        """The unit of a bare number of this relation, and whether that is sure."""
        told = unit_of_type(datatype) or self.unit
        return (told, True) if told else (self.documented, False)


class RelationBook:
    """All relations that are known by name, from one pack or several. Later packs win.

    `units`: the units that vocabularies document for the bare numbers of their relations, by the relation's IRI.
    """

    def __init__(self, relations: Iterable[Relation] = (), units: Mapping[str, str] | None = None) -> None:
        self.units = {in_full(name): unit for name, unit in (units or {}).items()}
        self._relations: dict[str, Relation] = {}
        self._by_key: dict[str, Relation] = {}
        self._by_name: dict[str, Relation] = {}
        self._orders: dict[str, list[tuple[Relation, bool]]] = {}
        given = {relation.id: relation for relation in relations}
        for relation in given.values():
            wider = dict.fromkeys(phrase for known in _wider(relation, given)[1:] for phrase in known.phrases)
            known = self._relations[relation.id] = replace(relation, wider=tuple(wider))
            for name in (relation.id, *relation.names):
                self._by_key[relation_key(name)] = known
        self.superlatives: dict[tuple[str, ...], list[tuple[Relation, bool]]] = {}
        for known in self._relations.values():
            for most, texts in ((True, known.most), (False, known.least)):
                for text in texts:
                    words = tuple(token.norm for token in tokenize(text))
                    self.superlatives.setdefault(words, []).append((known, most))
        self.stems = frozenset(word for known in given.values() for phrase in known.phrases for word in phrase.stems)

    def __iter__(self) -> Any:
        return iter(self._relations.values())

    def get(self, name: str) -> Relation:
        """What is known of a graph's relation; for one that no pack names, what its own words say."""
        known = self._by_name.get(name)
        if known is None:
            # "office (workedAt, workedAs)" is an office.
            keys = (relation_key(name), relation_key(name.split("(")[0]))
            known = next((self._by_key[key] for key in keys if key in self._by_key), None) or self._measured(name)
            unit, documented = unit_in(name) or known.unit, self.units.get(in_full(name))
            known = replace(known, unit=unit, documented=None if unit else documented)
            self._by_name[name] = known
        return known

    def _measured(self, name: str) -> Relation:
        """The relation of a name that ends in a unit, weight_g; or one that says what the words of the name do."""
        plain = without_unit(name)
        known = self._by_key.get(relation_key(plain)) if plain else None
        return known if known is not None and known.object == "number" else _from_name(name)

    def inverse(self, relation: Relation) -> Relation | None:
        """The relation that says the same the other way round, if a pack names one."""
        return self._relations.get(relation.inverse) if relation.inverse else None

    def orders(self, known: Relation) -> list[tuple[Relation, bool]]:
        """The relations whose values one of this relation bounds, and whether theirs must be later (or larger)."""
        if known.id not in self._orders:
            every = self._relations.values()
            earlier = [(one, False) for one in every if known.id in (*one.not_after, *one.at_most)]
            later = [(one, True) for one in every if one.id in (*known.not_after, *known.at_most)]
            self._orders[known.id] = [*earlier, *later]
        return self._orders[known.id]

    def sentence(self, name: str) -> str | None:
        """The phrase that says a fact of this relation; None where the pack means more than the name says."""
        relation = self.get(name)
        own = (relation.id, *relation.names[:1])
        told = _OPAQUE.fullmatch(local_name(name)) or relation_key(name) in map(relation_key, own)
        return relation.sentence if told else None

    def title(self, name: str) -> str:
        """A relation's name in words, without its unit; the one that a pack gives it, where it is a mere number."""
        words = relation_words(self.get(name).id if _OPAQUE.fullmatch(local_name(name)) else without_unit(name) or name)
        return " ".join(words) or name

    def knows(self, name: str) -> bool:
        return relation_key(name) in self._by_key


def _wider(relation: Relation, given: Mapping[str, Relation]) -> list[Relation]:
    """A relation, then those that hold wherever it does."""
    found = [relation]
    for known in found:
        found += [given[wider] for wider in known.narrower_of if wider in given and given[wider] not in found]
    return found


def phrase(text: str, where: str = "") -> Phrase:
    """Read one phrase, such as "{subject} was born in {object}".

    Raises: KnowledgeError unless both arguments stand in it, once each.
    """
    if text.count(SUBJECT) != 1 or text.count(OBJECT) != 1:
        raise KnowledgeError(where, f'"{text}" is not a phrase.', f"{SUBJECT} and {OBJECT}, once each")
    subject_first = text.index(SUBJECT) < text.index(OBJECT)
    first, second = (SUBJECT, OBJECT) if subject_first else (OBJECT, SUBJECT)
    before, rest = text.split(first)
    between, after = rest.split(second)
    words = [[token.norm for token in tokenize(part)] for part in (before, between, after)]
    stems = [tuple(stem(word) for word in part if word not in FUNCTION_WORDS) for part in words]
    exact = None if any(stems) else tuple(words[1])
    marks = tuple(word for word in words[1] if word in _MARKS)
    return Phrase(subject_first, stems[0], stems[1], stems[2], exact, marks)


def _from_name(name: str) -> Relation:
    return Relation(id=name, names=(name,), words=name_stems(name))
