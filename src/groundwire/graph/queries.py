"""The SPARQL queries that an endpoint is asked: SELECT only, each with a limit, and every term escaped by pyoxigraph.

No text of an answer and no user's own query ever becomes part of a query but as such a term.
"""

from collections.abc import Iterable

from pyoxigraph import Literal as Term
from pyoxigraph import NamedNode

from groundwire.graph.store import Node
from groundwire.graph.terms import entity, term

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"

LABELS = (f"{_RDFS}label", f"{_SKOS}prefLabel", "http://schema.org/name", "http://xmlns.com/foaf/0.1/name")
ALIASES = (f"{_SKOS}altLabel", "http://schema.org/alternateName")
TYPES = (f"{_RDF}type", "http://www.wikidata.org/prop/direct/P31")
LANGUAGES = ("", "en", "mul")
"""Of labels: none stated, English, and what Wikidata states for all languages."""

MOST_NAMED = 1_000
MOST_FACTS = 400
MOST_LOOKED_AT = 1_000
SAMPLED = 5_000

_ENGLISH = '(!isLiteral(?object) || LANG(?object) IN ("", "mul") || LANGMATCHES(LANG(?object), "en"))'


# One VALUES a query: two of them are joined with each other first, and then with every fact.


def named(names: Iterable[str]) -> str:
    """?name and the ?node that is called so, in one of `LANGUAGES`; relations are left out."""
    words = [Term(name, language=tag) if tag else Term(name) for name in names for tag in LANGUAGES]
    path = "|".join(str(NamedNode(relation)) for relation in (*LABELS, *ALIASES))
    return (
        f"SELECT DISTINCT ?name ?node WHERE {{ {_values('name', words)} ?node ({path}) ?name . "
        f"FILTER(isIRI(?node) && NOT EXISTS {{ ?any ?node ?other }}) }} LIMIT {MOST_NAMED}"
    )


def facts(nodes: Iterable[str]) -> str:
    """?node ?relation ?object: the first facts about each node, text in other languages left out."""
    each = (
        f"{{ SELECT (?this AS ?node) ?relation ?object WHERE {{ VALUES ?this {{ {entity(node)} }} "
        f"?this ?relation ?object . FILTER{_ENGLISH} }} LIMIT {MOST_FACTS} }}"
        for node in nodes
    )
    return f"SELECT ?node ?relation ?object WHERE {{ {' UNION '.join(each)} }}"


def called(nodes: Iterable[str]) -> str:
    """?node ?relation ?object: the labels and the types of nodes."""
    relations = ", ".join(str(NamedNode(relation)) for relation in (*LABELS, *TYPES))
    return (
        f"SELECT DISTINCT ?node ?relation ?object WHERE {{ {_values('node', map(entity, nodes))} "
        f"?node ?relation ?object . FILTER(?relation IN ({relations}) && {_ENGLISH}) }} LIMIT {MOST_NAMED}"
    )


def roles(nodes: Iterable[Node]) -> str:
    """?number ?relation: of which relations each node is an object, as far as the first facts show."""
    each = (
        f"{{ SELECT DISTINCT ({number} AS ?number) ?relation WHERE {{ {{ SELECT ?relation WHERE "
        f"{{ ?subject ?relation {term(node)} }} LIMIT {MOST_LOOKED_AT} }} }} }}"
        for number, node in enumerate(nodes)
    )
    return f"SELECT ?number ?relation WHERE {{ {' UNION '.join(each)} }}"


def between(subject: str, object: Node) -> str:
    """?relation: what links subject to object."""
    return f"SELECT DISTINCT ?relation WHERE {{ {entity(subject)} ?relation {term(object)} }} LIMIT {MOST_FACTS}"


def facts_to(object: Node, most: int) -> str:
    """?subject ?relation: facts whose object this is."""
    triple = f"?subject ?relation {term(object)}"
    return f"SELECT ?subject ?relation WHERE {{ {triple} . FILTER(isIRI(?subject)) }} LIMIT {most}"


def subjects(relation: str, object: Node, most: int) -> str:
    """?subject: what has this object."""
    triple = f"?subject {entity(relation)} {term(object)}"
    return f"SELECT DISTINCT ?subject WHERE {{ {triple} . FILTER(isIRI(?subject)) }} LIMIT {most}"


def having(relation: str, most: int) -> str:
    """?subject: what has any object."""
    triple = f"?subject {entity(relation)} ?object"
    return f"SELECT DISTINCT ?subject WHERE {{ {triple} . FILTER(isIRI(?subject)) }} LIMIT {most}"


def spread(relation: str) -> str:
    """?subjects and ?facts, counts over the first facts of a relation."""
    return (
        "SELECT (COUNT(DISTINCT ?subject) AS ?subjects) (COUNT(*) AS ?facts) WHERE { { SELECT ?subject WHERE "
        f"{{ ?subject {entity(relation)} ?object }} LIMIT {SAMPLED} }} }}"
    )


def relations() -> str:
    """?relation: those of the first facts."""
    sample = f"{{ SELECT ?relation WHERE {{ ?subject ?relation ?object }} LIMIT {SAMPLED} }}"
    return f"SELECT DISTINCT ?relation WHERE {{ {sample} }}"


def _values(name: str, terms: Iterable[NamedNode | Term]) -> str:
    return f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
