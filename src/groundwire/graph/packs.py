"""Relation packs: YAML files of relations, read with the place of every mistake."""

import importlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from groundwire.errors import KnowledgeError
from groundwire.graph.relations import Example, Relation, RelationBook, phrase
from groundwire.strict_yaml import read

OBJECT_KINDS = ("thing", "person", "place", "organisation", "work", "date", "number", "name")
COMPARISONS = ("name", "exact", "number", "date")
_FLAGS = (
    "functional",
    "inverse_functional",
    "per_time",
    "symmetric",
    "transitive",
    "within",
    "nested",
    "closed_world",
)
_LISTS = ("names", "narrower_of", "not_after", "at_most", "most", "least", "phrases")
_PACK = {"relations", "units"}
_FIELDS = (
    *("id", "about", "names", "domain", "object", "unit", "compare", "tolerance", *_FLAGS, "inverse", *_LISTS[1:]),
    "examples",
)


def load_relations(paths: Sequence[Path] | None = None) -> RelationBook:
    """Read relation packs: files, or the ones that ship when none are given.

    Raises: KnowledgeError with file and line.
    """
    files = sorted(_home().glob("*.yaml")) if paths is None else paths
    packs = [_read_pack(path) for path in files]
    units = {name: unit for _, of_pack in packs for name, unit in of_pack.items()}
    return RelationBook((relation for of_pack, _ in packs for relation in of_pack), units)


@lru_cache(maxsize=1)
def shipped_relations() -> RelationBook:
    """The packs that ship with the package, read once."""
    return load_relations()


def _home() -> Path:
    package = Path(str(importlib.import_module("groundwire").__file__)).parent
    shipped = package / "_rules"
    return (shipped if shipped.is_dir() else package.parents[1] / "rules") / "relations"


def _read_pack(path: Path) -> tuple[list[Relation], dict[str, str]]:
    """The relations of a pack, and the units that vocabularies document, by the names of their relations."""
    document = read(path, KnowledgeError)
    data = document.data
    if (
        not isinstance(data, Mapping)
        or not {"relations"} <= set(data) <= _PACK
        or not isinstance(data["relations"], list)
    ):
        raise KnowledgeError(document.where(()), "no list of relations.", "`relations:` with a list")
    relations = []
    for at, entry in enumerate(data["relations"]):
        place = document.where(("relations", at))
        if not isinstance(entry, Mapping):
            raise KnowledgeError(place, "not a relation.", "a mapping with " + ", ".join(_FIELDS))
        relations.append(_relation(entry, place))
    return relations, _units(data.get("units", {}), document.where(("units",)) if "units" in data else "")


def _units(given: Any, where: str) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise KnowledgeError(where, "units is no mapping.", "units: {metres: [name, name]}")
    return {name: unit for unit in given for name in _strings(given, unit, where)}


def _relation(entry: Mapping[str, Any], where: str) -> Relation:
    for name in entry:
        if name not in _FIELDS:
            raise KnowledgeError(where, f'"{name}" is not a field of a relation.', ", ".join(_FIELDS))
    if not isinstance(entry.get("id"), str) or not isinstance(entry.get("about"), str):
        raise KnowledgeError(where, "a relation without id or about.", "both, as text")
    for field_name, allowed in (("domain", OBJECT_KINDS), ("object", OBJECT_KINDS), ("compare", COMPARISONS)):
        if field_name in entry and entry[field_name] not in allowed:
            raise KnowledgeError(where, f'{field_name}: "{entry[field_name]}" is not a kind.', ", ".join(allowed))
    tolerance = entry.get("tolerance", 0.0)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
        raise KnowledgeError(where, f"tolerance: {tolerance!r}.", "a share, from 0 up to 1")
    for text in ("unit", "inverse"):
        if not isinstance(entry.get(text, ""), str):
            raise KnowledgeError(where, f"{text}: {entry[text]!r}.", "a text")
    for flag in _FLAGS:
        if not isinstance(entry.get(flag, False), bool):
            raise KnowledgeError(where, f"{flag}: {entry[flag]!r}.", "true or false")
    return Relation(
        id=entry["id"],
        about=" ".join(entry["about"].split()),
        names=_strings(entry, "names", where),
        domain=entry.get("domain", "thing"),
        object=entry.get("object", "thing"),
        unit=entry.get("unit"),
        compare=entry.get("compare"),
        tolerance=float(tolerance),
        inverse=entry.get("inverse"),
        narrower_of=_strings(entry, "narrower_of", where),
        not_after=_strings(entry, "not_after", where),
        at_most=_strings(entry, "at_most", where),
        most=_strings(entry, "most", where),
        least=_strings(entry, "least", where),
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
