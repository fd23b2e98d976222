"""What is wrong with a graph's facts, as far as the facts themselves and the relation packs can tell."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple, Protocol, runtime_checkable

from groundwire.graph.names import local_name, normal, relation_key
from groundwire.graph.relations import RelationBook
from groundwire.graph.store import Fact, GraphStore, Literal, Node, own_name

_ISO = re.compile(r"-?(\d{4,})-(\d{2})(?:-(\d{2}))?(?:[T ].*)?$")
_SORTS = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?![\d-])")
_DATE_TYPES = ("date", "dateTime", "gYear", "gYearMonth")
_YEAR = re.compile(r"-?\d{1,}(?:[-+Z].*)?$")
# By the ids of the relation packs, or by a relation's own name where no pack has it.
_BEFORE = (
    ("birth_date", "death_date"),
    ("founded", "dissolutiondate"),
    ("building_start", "completion_date"),
    ("startdate", "enddate"),
)
_TREES = frozenset(["subclassof", "p279", "broader", "parenttaxon", "p171", "father", "mother", "parentcompany"])
_DEEPEST = 200


class Problem(NamedTuple):
    """What is wrong: `graph` (its path), `entity`, `kind` of problem, `what` and what was `expected`."""

    graph: str
    entity: str
    kind: str
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.graph}: {self.entity}: {self.what} Expected {self.expected}."


@runtime_checkable
class Scanned(GraphStore, Protocol):
    """A store whose facts can be gone through, one by one."""

    def facts(self) -> Iterator[Fact]: ...


def lint(graph: Scanned, book: RelationBook, where: str, tick: Callable[[], None] = lambda: None) -> Iterator[Problem]:
    """The problems of a graph, subject by subject. `tick` is called once a fact.

    Subjects are gone through as they come, so that a graph on disk is never in memory.
    """
    relations: set[str] = set()
    unlabelled: set[str] = set()
    last: str | None = None
    for fact in graph.facts():
        tick()
        relations.add(fact.relation)
        if fact.subject != last:
            last = fact.subject
            yield from _of_subject(graph, book, where, last, unlabelled)
        yield from _of_object(graph, book, where, fact, unlabelled)


def _of_subject(
    graph: GraphStore, book: RelationBook, where: str, subject: str, unlabelled: set[str]
) -> Iterator[Problem]:
    facts = graph.facts_about(subject)
    yield from _label_missing(graph, where, subject, unlabelled)
    yield from _two_values(graph, book, where, subject, facts)
    yield from _wrong_order(book, where, subject, facts)
    for relation in dict.fromkeys(fact.relation for fact in facts):
        if book.get(relation).within or relation_key(relation) in _TREES:
            yield from _cycle(graph, where, subject, relation)


def _of_object(
    graph: GraphStore, book: RelationBook, where: str, fact: Fact, unlabelled: set[str]
) -> Iterator[Problem]:
    object = fact.object
    if isinstance(object, Literal):
        if why := _no_date(object, dated=book.get(fact.relation).object == "date"):
            yield Problem(
                where, fact.subject, "date", f"{local_name(fact.relation)} is {object.text}: {why}.", "a date"
            )
    elif own_name(object) is None and not graph.facts_about(object) and not _called(graph, object):
        what = f"{local_name(fact.relation)} leads to {object}, of which nothing is stated."
        yield Problem(where, fact.subject, "dangling", what, "a label or a fact about it")
        unlabelled.add(object)


def _label_missing(graph: GraphStore, where: str, entity: str, unlabelled: set[str]) -> Iterator[Problem]:
    """An identifier that is no name, and no label: no claim can ever name the entity."""
    if entity.startswith("_:") or entity in unlabelled or own_name(entity) is not None or _called(graph, entity):
        return
    yield Problem(where, entity, "label", "it has no label, and its identifier is no name.", "a label")


def _called(graph: GraphStore, entity: str) -> bool:
    """Whether a label is stated: it may be the identifier's own words."""
    name = local_name(entity)
    return normal(graph.full_name(entity)) != normal(name) or entity in graph.names.find(name)


def _two_values(
    graph: GraphStore, book: RelationBook, where: str, subject: str, facts: Iterable[Fact]
) -> Iterator[Problem]:
    values: dict[str, dict[Node, None]] = {}
    for fact in facts:
        if book.get(fact.relation).functional:
            values.setdefault(fact.relation, {})[fact.object] = None
    for relation, objects in values.items():
        wider = {place for object in objects for place in _around(graph, book, object)}
        labels = sorted({graph.label(object) for object in objects if object not in wider}, key=len, reverse=True)
        # A year beside the day in that year says the same, less exactly.
        apart = [label for at, label in enumerate(labels) if not any(one.startswith(label) for one in labels[:at])]
        if len(apart) > 1:
            what = f"{local_name(relation)} is {' and '.join(sorted(apart)[:4])}, and can be one only."
            yield Problem(where, subject, "functional", what, "one of them")


def _around(graph: GraphStore, book: RelationBook, place: Node, steps: int = 3) -> set[Node]:
    """The places that hold a place."""
    found: set[Node] = set()
    inner = {place}
    for _ in range(steps):
        facts = [fact for node in inner for fact in graph.facts_about(node)]
        inner = {fact.object for fact in facts if book.get(fact.relation).within} - found
        found |= inner
    return found


def _wrong_order(book: RelationBook, where: str, subject: str, facts: Iterable[Fact]) -> Iterator[Problem]:
    dates: dict[str, Fact] = {}
    for fact in facts:
        if isinstance(fact.object, Literal):
            known = book.knows(fact.relation)
            dates.setdefault(book.get(fact.relation).id if known else relation_key(fact.relation), fact)
    for first, second in _BEFORE:
        one, other = dates.get(first), dates.get(second)
        if one is None or other is None:
            continue
        begins, ends = _date(one.object), _date(other.object)
        common = min(len(begins), len(ends))
        if common and ends[:common] < begins[:common]:
            what = f"{local_name(other.relation)} {ends} is before {local_name(one.relation)} {begins}."
            yield Problem(where, subject, "date", what, "the other way round")


def _cycle(graph: GraphStore, where: str, start: str, relation: str) -> Iterator[Problem]:
    """A place inside itself. It is told once, of the first of its places in alphabetical order."""
    frontier: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while frontier and len(seen) < _DEEPEST:
        path = frontier.pop()
        for fact in graph.facts_about(path[-1]):
            if fact.relation != relation or not isinstance(fact.object, str):
                continue
            if fact.object == start:
                if start == min(path):
                    way = " → ".join(graph.label(node) for node in (*path, start))
                    yield Problem(where, start, "cycle", f"{local_name(relation)} goes in a circle: {way}.", "a tree")
                return
            if fact.object not in seen:
                seen.add(fact.object)
                frontier.append((*path, fact.object))


def _no_date(value: Literal, *, dated: bool) -> str | None:
    """Why a value that should be a date cannot be one; None where it can, or need not be one."""
    kind = local_name(value.datatype or "").removeprefix("xsd:")
    iso = _ISO.match(value.text)
    if kind not in _DATE_TYPES and not (dated and iso):
        return None
    if iso:
        return None if _real(*iso.groups()) else "there is no such day"
    if kind == "gYear" and _YEAR.match(value.text):
        return None
    return "this is no date"


def _real(year: str, month: str, day: str | None) -> bool:
    try:
        date(min(max(int(year), 1), 9999) if len(year) <= 4 else 2000, int(month), int(day or 1))
    except ValueError:
        return False
    return True


def _date(node: Node) -> str:
    """A date of four-digit years, to the day, month or year, as text that sorts; empty where it is no such date."""
    match = _SORTS.match(node.text) if isinstance(node, Literal) else None
    return match.group(1) if match else ""
