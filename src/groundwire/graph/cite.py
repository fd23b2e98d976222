"""Facts as sentences, and as evidence that a reader can follow."""

from collections.abc import Sequence

from groundwire.graph.links import plain_value
from groundwire.graph.names import relation_words
from groundwire.graph.store import Fact, GraphStore, Literal
from groundwire.model import Evidence, Triple


def sentence(graph: GraphStore, fact: Fact) -> str:
    """A fact in plain English: "The capital of Australia is Canberra." """
    relation = " ".join(relation_words(fact.relation)) or fact.relation
    verb = relation.split(" ", 1)[0]
    subject, object = graph.label(fact.subject), _words(graph, fact)
    if verb in ("is", "was", "has", "are", "were", "had"):
        return f"{subject} {relation} {object}."
    if relation in ("type", "rdf type"):
        return f"{subject} is of type {object}."
    return f"The {relation} of {subject} is {object}."


def evidence(graph: GraphStore, facts: Sequence[Fact]) -> Evidence:
    """A path of facts, cited by the graph's name; `uri` is the first subject's, where it has one."""
    first = facts[0].subject
    return Evidence(
        source=graph.name,
        text=" ".join(sentence(graph, fact) for fact in facts),
        uri=first if "://" in first else None,
        path=tuple(
            Triple(
                subject=graph.label(fact.subject),
                relation=" ".join(relation_words(fact.relation)) or fact.relation,
                object=_words(graph, fact),
            )
            for fact in facts
        ),
    )


def _words(graph: GraphStore, fact: Fact) -> str:
    label = graph.label(fact.object)
    return plain_value(label) if isinstance(fact.object, Literal) else label
