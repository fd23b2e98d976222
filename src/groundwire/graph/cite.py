"""Facts as sentences, and as evidence that a reader can follow."""

import re
from collections.abc import Sequence

from groundwire.graph.amounts import BARE_NUMBER, plain_value
from groundwire.graph.relations import OBJECT, SUBJECT, RelationBook
from groundwire.graph.store import Fact, GraphStore, Literal, Period
from groundwire.graph.units import without_unit
from groundwire.model import Evidence, Triple

_PREPOSITIONS = ("of", "by", "to", "in", "for", "with", "from", "at", "on")
_VERBS = ("is", "was", "has", "are", "were", "had")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$|^\d{1,2}\D{1,8}[A-Z]|^[A-Z][a-z]+\.? \d{1,2}\b")
_YEAR = re.compile(r"(?:^|[a-z.,] )\d{4}$|^\d{4}-\d\d$")
_IRI = re.compile(r"(?:https?|urn):\S+$")


def sentence(graph: GraphStore, book: RelationBook, fact: Fact) -> str:
    """A fact in plain English: "The capital of Australia is Canberra."; and when it holds, where the graph says so."""
    said = _sentence(graph, book, fact)
    times = ", ".join(filter(None, map(_time, graph.periods(fact))))
    return f"{said[:-1]} ({times})." if times else said


def _time(period: Period) -> str:
    if period.point:
        return f"in {period.start}"
    words = (f"from {period.start}" if period.start else "", f"until {period.end}" if period.end else "")
    return " ".join(filter(None, words))


def _sentence(graph: GraphStore, book: RelationBook, fact: Fact) -> str:
    return said_of(book, fact.relation, graph.label(fact.subject), _words(graph, book, fact))


def said_of(book: RelationBook, name: str, subject: str, object: str) -> str:
    """A relation of the graph said of any two, in plain English."""
    if phrase := book.sentence(name):
        said = phrase.replace(" a {object}", f" {_article(object)} {{object}}")
        said = said.replace(SUBJECT, subject).replace(OBJECT, object)
        return f"{said[:1].upper()}{said[1:]}."
    relation = without_unit(name) or book.title(name)
    words = relation.split(" ")
    first, last = words[0], words[-1]
    if first in _VERBS:
        return f"{subject} {relation} {object}."
    if len(words) == 1 and last.endswith("ed"):  # acquired a firm, or was acquired on a day
        when = "on" if _DAY.search(object) else "in" if _YEAR.search(object) else ""
        return f"{subject} was {relation} {when} {object}." if when else f"{subject} {relation} {object}."
    if last in _PREPOSITIONS or first in _PREPOSITIONS:
        # "successor of", "made by", "reports to": the name reads on, from the subject to the object.
        is_verb = first.endswith("s") and not first.endswith("ss")
        return f"{subject} {relation} {object}." if is_verb else f"{subject} is {relation} {object}."
    return f"The {relation} of {subject} is {object}."


def evidence(graph: GraphStore, book: RelationBook, facts: Sequence[Fact]) -> Evidence:
    """A path of facts, cited by the graph's name; `uri` is the first subject's, where it has one."""
    first = facts[0].subject
    return Evidence(
        source=graph.name,
        text=" ".join(sentence(graph, book, fact) for fact in facts),
        uri=first if _IRI.match(first) else None,
        path=tuple(
            Triple(
                subject=graph.label(fact.subject), relation=book.title(fact.relation), object=_words(graph, book, fact)
            )
            for fact in facts
        ),
    )


def _article(noun: str) -> str:
    return "an" if noun[:1].lower() in "aeiou" else "a"


def _words(graph: GraphStore, book: RelationBook, fact: Fact) -> str:
    """A fact's object, a number with its unit where the graph says it elsewhere."""
    label = graph.label(fact.object)
    if not isinstance(fact.object, Literal):
        return label
    unit, _ = book.get(fact.relation).unit_of(fact.object.datatype)
    return f"{label} {unit}" if unit and BARE_NUMBER.fullmatch(label) else plain_value(label)
