"""Relations that name or classify an entity, in the spellings of RDF vocabularies, DBpedia, Wikidata and tables."""

from functools import lru_cache

from groundwire.graph.names import local_name, relation_key

# Keys as `relation_key` makes them: the local name, lower case, letters and digits only.
_LABELS = frozenset({"label", "preflabel", "name", "title", "rdfslabel", "skospreflabel", "schemaname", "foafname"})
_ALIASES = frozenset(
    [
        "altlabel",
        "skosaltlabel",
        "alternatename",
        "alternativename",
        "alternativelabel",
        "alias",
        "aliases",
        "alsoknownas",
        "nickname",
        "fullname",
        "abbreviation",
        "shortname",
        "officialname",
        "longname",
        "birthname",
        "formername",
        "othername",
        "hiddenlabel",
        "synonym",
        "acronym",
    ]
)
_TYPES = frozenset({"type", "rdftype", "instanceof", "isa", "p31"})


@lru_cache(maxsize=16384)
def is_label(relation: str) -> bool:
    """Whether a relation gives the name by which an entity is called first."""
    return relation_key(relation) in _LABELS


@lru_cache(maxsize=16384)
def is_alias(relation: str) -> bool:
    """Whether a relation gives another name of an entity."""
    return relation_key(relation) in _ALIASES


@lru_cache(maxsize=16384)
def is_type(relation: str) -> bool:
    """Whether a relation says what an entity is."""
    return relation == "a" or relation_key(local_name(relation)) in _TYPES
