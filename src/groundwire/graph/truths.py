"""Which fact a claim should state where it has another object, among the facts of one relation."""

from groundwire.graph.countries import country_of
from groundwire.graph.index import Grade
from groundwire.graph.links import MOST_FACTS, MOST_NODES, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.names import name_stems, normal
from groundwire.graph.store import Fact, Literal, Node


def truth_of(linker: Linker, subject: Mention, object: Mention, facts: list[Fact]) -> Fact | None:
    """The fact meant: the only one, or the one that the claim's words, names and value are nearest to."""
    open_facts = [fact for fact in facts if not is_said(linker, subject, fact)]
    if len(meanings := {fact.subject for fact in facts}) > 1:
        # The name has several meanings: what is so of each is meant, whichever is.
        of_each = [{linker.graph.label(fact.object) for fact in facts if fact.subject == one} for one in meanings]
        open_facts = [fact for fact in open_facts if linker.graph.label(fact.object) in set.intersection(*of_each)]
    by_label: dict[str, Fact] = {}
    for fact in open_facts:
        by_label.setdefault(normal(linker.graph.label(fact.object)), fact)
    # A year and a day of that year are one choice: the day.
    choices = [
        choice
        for label, choice in by_label.items()
        if not any(other != label and label.isdigit() and other.startswith(f"{label} ") for other in by_label)
    ]
    if len(choices) <= 1:
        return choices[0] if choices else None
    ties = [(_named(linker, fact), _ties(linker, subject, object, fact)) for fact in choices]
    tied = [fact for fact, count in zip(choices, ties, strict=True) if count == max(ties)]
    if len(tied) == 1:
        return tied[0]
    # Any of them makes the claim true: the one most like what it says, the first among equals.
    return max(tied, key=lambda fact: _likeness(linker, object, fact))


def is_said(linker: Linker, subject: Mention, fact: Fact) -> bool:
    """Whether the claim has a true object itself."""
    return any(
        link.subject is subject
        and link.path == (fact,)
        # Spanish is spoken beyond Spain, and what was said before is not said again.
        and not (link.object and (link.object.elsewhere is not None or is_adjective(linker, link.object)))
        for link in linker.links
    )


def is_adjective(linker: Linker, mention: Mention) -> bool:
    """Whether a mention is a country's adjective: "French"."""
    return mention.grade == Grade.ADJECTIVE or country_of(normal(linker.reading.words(mention))) is not None


def kind_of(linker: Linker, node: Node) -> set[str]:
    """What the graph says of a node besides its name: its classes, its relations and those that it is an object of."""
    about = {fact.relation for fact in linker.graph.facts_about(node)[:MOST_FACTS]}
    form = {"value"} if isinstance(node, Literal) else {"within"} if ", " in linker.graph.label(node) else set()
    return {*linker.graph.roles(node), *linker.graph.types(node), *about, *form}


def _named(linker: Linker, fact: Fact) -> int:
    """How many words of the relation's own name the claim has: "debuted with" means the debut team among the teams."""
    return len(set(linker.reading.stems) & set(name_stems(fact.relation)))


def _ties(linker: Linker, subject: Mention, object: Mention, fact: Fact) -> int:
    """How many other mentions of the claim the fact's object has something to do with."""
    others = [mention for mention in linker.named if mention is not subject and mention is not object]
    return sum(
        any(linker.graph.facts_between(node, fact.object) for node in mention.nodes[:MOST_NODES]) for mention in others
    )


def _likeness(linker: Linker, object: Mention, fact: Fact) -> float:
    """How much the true object and the stated one are of one kind, 0 to 1, by what the graph says of both."""
    here = kind_of(linker, fact.object)
    there = [kind_of(linker, node) for node in object.nodes[:MOST_NODES]]
    return max((len(here & kind) / len(here | kind) for kind in there if kind), default=0.0)
