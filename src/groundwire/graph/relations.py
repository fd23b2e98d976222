"""What relations mean in English: packs of phrases with their argument order, read from YAML.

A relation that no pack knows still works: the words of its own name are looked for in the claim.
"""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from groundwire.errors import KnowledgeError
from groundwire.graph.names import FUNCTION_WORDS, name_stems, relation_key, stem, tokenize
from groundwire.strict_yaml import read

SUBJECT, OBJECT = "{subject}", "{object}"
OBJECT_KINDS = ("thing", "person", "place", "organisation", "work", "date", "number", "name")
_FLAGS = ("functional", "symmetric", "within", "nested")
_FIELDS = ("id", "about", "names", "object", *_FLAGS, "inverse", "narrower_of", "phrases", "examples")


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

    `functional`: a subject has one object only, so another one contradicts. `within`: the object is a place that
    holds the subject. `nested`: a wider or narrower place answers as well. `object`: what the object is.
    `narrower_of`: relations that hold wherever this one does; `wider` has their phrases, which a fact of this one
    bears out, though they do not say so much: a capital is in its country. `words`: the stems of the name, for a
    relation without phrases. `sentence`: the first phrase, as it is written.
    """

    id: str
    about: str = ""
    names: tuple[str, ...] = ()
    object: str = "thing"
    functional: bool = False
    symmetric: bool = False
    within: bool = False
    nested: bool = False
    inverse: str | None = None
    narrower_of: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    wider: tuple[Phrase, ...] = ()
    words: tuple[str, ...] = ()
    sentence: str | None = None
    examples: tuple[Example, ...] = field(default=(), compare=False)


class RelationBook:
    """All relations that are known by name, from one pack or several. Later packs win."""

    def __init__(self, relations: Iterable[Relation] = ()) -> None:
        self._relations: dict[str, Relation] = {}
        self._by_key: dict[str, Relation] = {}
        self._unknown: dict[str, Relation] = {}
        given = {relation.id: relation for relation in relations}
        for relation in given.values():
            wider = dict.fromkeys(phrase for known in _wider(relation, given)[1:] for phrase in known.phrases)
            known = self._relations[relation.id] = replace(relation, wider=tuple(wider))
            for name in (relation.id, *relation.names):
                self._by_key[relation_key(name)] = known
        self.stems = frozenset(word for known in given.values() for phrase in known.phrases for word in phrase.stems)

    def __iter__(self) -> Any:
        return iter(self._relations.values())

    def get(self, name: str) -> Relation:
        """What is known of a graph's relation; for one that no pack names, what its own words say."""
        known = self._by_key.get(relation_key(name)) or self._unknown.get(name)
        if known is None:
            known = self._by_key.get(relation_key(name.split("(")[0]))  # "office (workedAt, workedAs)"
        if known is None:
            known = self._unknown[name] = _from_name(name)
        return known

    def inverse(self, relation: Relation) -> Relation | None:
        """The relation that says the same the other way round, if a pack names one."""
        return self._relations.get(relation.inverse) if relation.inverse else None

    def sentence(self, name: str) -> str | None:
        """The phrase that says a fact of this relation; None where the pack means more than the name says."""
        relation = self.get(name)
        own = (relation.id, *relation.names[:1])
        return relation.sentence if relation_key(name) in map(relation_key, own) else None

    def knows(self, name: str) -> bool:
        return relation_key(name) in self._by_key


def _wider(relation: Relation, given: Mapping[str, Relation]) -> list[Relation]:
    """A relation, then those that hold wherever it does."""
    found = [relation]
    for known in found:
        found += [given[wider] for wider in known.narrower_of if wider in given and given[wider] not in found]
    return found


def load_relations(paths: Sequence[Path] | None = None) -> RelationBook:
    """Read relation packs: files, or the ones that ship when none are given.

    Raises: KnowledgeError with file and line.
    """
    files = sorted(_home().glob("*.yaml")) if paths is None else paths
    return RelationBook(relation for path in files for relation in _read_pack(path))


@lru_cache(maxsize=1)
def shipped_relations() -> RelationBook:
    """The packs that ship with the package, read once."""
    return load_relations()


def _home() -> Path:
    package = Path(str(importlib.import_module("groundwire").__file__)).parent
    shipped = package / "_rules"
    return (shipped if shipped.is_dir() else package.parents[1] / "rules") / "relations"


def _read_pack(path: Path) -> list[Relation]:
    document = read(path, KnowledgeError)
    data = document.data
    if not isinstance(data, Mapping) or set(data) != {"relations"} or not isinstance(data["relations"], list):
        raise KnowledgeError(document.where(()), "no list of relations.", "`relations:` with a list")
    relations = []
    for at, entry in enumerate(data["relations"]):
        place = document.where(("relations", at))
        if not isinstance(entry, Mapping):
            raise KnowledgeError(place, "not a relation.", "a mapping with " + ", ".join(_FIELDS))
        relations.append(_relation(entry, place))
    return relations


def _relation(entry: Mapping[str, Any], where: str) -> Relation:
    for name in entry:
        if name not in _FIELDS:
            raise KnowledgeError(where, f'"{name}" is not a field of a relation.', ", ".join(_FIELDS))
    if not isinstance(entry.get("id"), str) or not isinstance(entry.get("about"), str):
        raise KnowledgeError(where, "a relation without id or about.", "both, as text")
    kind = entry.get("object", "thing")
    if kind not in OBJECT_KINDS:
        raise KnowledgeError(where, f'object: "{kind}" is not a kind.', ", ".join(OBJECT_KINDS))
    for flag in _FLAGS:
        if not isinstance(entry.get(flag, False), bool):
            raise KnowledgeError(where, f"{flag}: {entry[flag]!r}.", "true or false")
    return Relation(
        id=entry["id"],
        about=" ".join(entry["about"].split()),
        names=_strings(entry, "names", where),
        object=kind,
        inverse=entry.get("inverse"),
        narrower_of=_strings(entry, "narrower_of", where),
        phrases=tuple(phrase(text, where) for text in _strings(entry, "phrases", where)),
        sentence=next(iter(_strings(entry, "phrases", where)), None),
        examples=_examples(entry.get("examples", []), where),
        **{flag: entry.get(flag, False) for flag in _FLAGS},
    )


def _strings(entry: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    values = entry.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise KnowledgeError(where, f"{name} is not a list of texts.", f"{name}: [text, text]")
    return tuple(str(value) for value in values)


def _examples(values: Any, where: str) -> tuple[Example, ...]:
    expected = "a list of {text, subject, object}"
    if not isinstance(values, list):
        raise KnowledgeError(where, "examples is not a list.", expected)
    for value in values:
        if not isinstance(value, Mapping) or set(value) != set(Example._fields):
            raise KnowledgeError(where, f"{value!r} is not an example.", expected)
    return tuple(Example(**{name: str(value[name]) for name in Example._fields}) for value in values)


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
    """A relation that no pack names."""
    return Relation(id=name, names=(name,), words=name_stems(name))
