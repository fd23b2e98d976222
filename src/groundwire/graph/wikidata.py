"""Wikidata's entity JSON, as Special:EntityData and the dumps have it.

https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html. Facts have the IRIs of Wikidata's own RDF
("truthy" statements: prop/direct) and the times that qualify them: start (P580), end (P582), point in time (P585).
What has ended is read beside what has a better rank. Left out are what was deprecated, what else has a better rank
beside it, values that are unknown, identifiers elsewhere, files and coordinates: nothing that an answer would state.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from groundwire.errors import KnowledgeError
from groundwire.graph.statements import DATE, Dated, Statement
from groundwire.graph.store import Literal, Node, Period

ENTITY = "http://www.wikidata.org/entity/"
RELATION = "http://www.wikidata.org/prop/direct/"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_ALIAS = "http://www.w3.org/2004/02/skos/core#altLabel"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LANGUAGES = ("en", "en-gb", "en-us", "en-ca", "mul")
_EXPECTED = 'an entity of Wikidata, with "id", "labels" and "claims"'

# Of dates: 11 is a day, 10 a month, 9 a year; what is less exact is no date that could be compared.
_DATES = {11: (slice(0, 10), "date"), 10: (slice(0, 7), "gYearMonth"), 9: (slice(0, 4), "gYear")}

_UNITS = {
    "Q11573": "metre", "Q828224": "kilometre", "Q174728": "centimetre", "Q174789": "millimetre", "Q3710": "foot",
    "Q253276": "mile", "Q218593": "inch", "Q712226": "square kilometre", "Q25343": "square metre", "Q35852": "hectare",
    "Q81292": "acre", "Q232291": "square mile", "Q11570": "kilogram", "Q41803": "gram", "Q191118": "tonne",
    "Q100995": "pound", "Q11574": "second", "Q7727": "minute", "Q25235": "hour", "Q573": "day", "Q577": "year",
    "Q5151": "month", "Q180154": "kilometre per hour", "Q182429": "metre per second", "Q25267": "degree Celsius",
    "Q42289": "degree Fahrenheit", "Q11579": "kelvin", "Q11582": "litre", "Q25517": "cubic metre", "Q11229": "percent",
    "Q6982035": "megawatt", "Q25236": "watt", "Q4917": "US dollar", "Q4916": "euro", "Q25224": "pound sterling",
}  # fmt: skip


def read_entity(entity: Any, where: str) -> Iterator[Statement]:
    """The statements about one entity; none about a property. Raises: KnowledgeError."""
    name = entity.get("id") if isinstance(entity, Mapping) else None
    if not isinstance(name, str) or not name:
        raise KnowledgeError(where, "this is no entity.", _EXPECTED)
    if entity.get("type") == "property":
        return  # "capital" in an answer is not a mention of the property that is called so
    subject = ENTITY + name
    try:
        yield from _names(subject, entity)
        claims = entity.get("claims") or {}
        for relation, statements in claims.items():
            for statement, best in _ranked(statements):
                value = _value(statement["mainsnak"])
                period = _period(statement.get("qualifiers") or {})
                if value is not None and (best or period.end):
                    stated = (subject, RELATION + relation, value)
                    yield stated if period == Period() else Dated(stated, period, former=not best)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise KnowledgeError(where, f"{name} cannot be read: {type(error).__name__} {error}.", _EXPECTED) from error


def _names(subject: str, entity: Mapping[str, Any]) -> Iterator[tuple[str, str, Node]]:
    labels = entity.get("labels") or {}  # an empty list where there are none
    aliases = entity.get("aliases") or {}
    for language in _LANGUAGES:
        if language in labels:
            yield subject, _LABEL, Literal(labels[language]["value"], None, language)
        for alias in dict(aliases).get(language, ()):
            yield subject, _ALIAS, Literal(alias["value"], None, language)


def _ranked(statements: list[Any]) -> Iterator[tuple[Any, bool]]:
    """The statements that are not deprecated, and whether each is of the best rank."""
    best = "preferred" if any(statement.get("rank") == "preferred" for statement in statements) else "normal"
    for statement in statements:
        rank = statement.get("rank", "normal")
        if rank in ("preferred", "normal"):
            yield statement, rank == best


def _period(qualifiers: Mapping[str, Any]) -> Period:
    """When a statement holds. An end that is known to be, and not when, leaves only the start known."""
    start, end, at = (_time(qualifiers.get(relation) or []) for relation in ("P580", "P582", "P585"))
    if "P580" in qualifiers or "P582" in qualifiers:
        return Period(start, end, point=bool(start) and end is None and "P582" in qualifiers)
    return Period(at, None, point=True) if at else Period()


def _time(snaks: list[Any]) -> str | None:
    """The only time of a qualifier, where it can be compared."""
    value = _value(snaks[0]) if len(snaks) == 1 else None
    return value.text if isinstance(value, Literal) and DATE.fullmatch(value.text) else None


def _value(snak: Mapping[str, Any]) -> Node | None:
    """The value of a snak, None for what no answer would state."""
    if snak["snaktype"] != "value" or snak.get("datatype") in ("external-id", "commonsMedia", "url"):
        return None
    kind, value = snak["datavalue"]["type"], snak["datavalue"]["value"]
    if kind == "wikibase-entityid":
        # Old dumps have the number alone.
        return ENTITY + str(value.get("id") or f"Q{value['numeric-id']}")
    if kind == "monolingualtext":
        return Literal(value["text"], None, value["language"])
    if kind == "time":
        return _date(value["time"], value["precision"])
    if kind == "quantity":
        return _quantity(value["amount"], value["unit"])
    return Literal(value) if kind == "string" else None


def _date(time: str, precision: int) -> Literal | None:
    """ "+1952-03-11T00:00:00Z" → 1952-03-11, as exactly as it is known."""
    if precision not in _DATES:
        return None
    sign, digits = ("-" if time.startswith("-") else ""), time.lstrip("+-")
    year, rest = digits.split("-", 1)
    part, kind = _DATES[precision]
    return Literal(sign + f"{int(year):04}-{rest}"[part], _XSD + kind)


def _quantity(amount: str, unit: str) -> Literal:
    """ "+8848.86" and the IRI of the metre → 8848.86 (metre)."""
    number, name = amount.removeprefix("+"), unit.rsplit("/", 1)[-1]
    return Literal(number) if name == "1" else Literal(f"{number} ({_UNITS.get(name, name)})")
