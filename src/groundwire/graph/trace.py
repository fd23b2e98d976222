"""How a graph came to its finding: the names it linked, the facts it looked at, how each compared."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from groundwire.graph.cite import sentence
from groundwire.graph.index import Grade
from groundwire.graph.judge import GraphJudge
from groundwire.graph.links import MOST_FACTS
from groundwire.graph.meaning import Entails
from groundwire.graph.packs import shipped_relations
from groundwire.graph.store import Fact, GraphStore, Literal, Node
from groundwire.model import Case, Finding

_HOW = {
    Grade.EXACT: "exact",
    Grade.VARIANT: "short form",
    Grade.TYPO: "misspelt",
    Grade.PART: "part of its name",
    Grade.ADJECTIVE: "adjective",
}
_MOST_NODES = 8


@dataclass(frozen=True)
class Thing:
    """A node: its identifier, None for a value, and what it is called."""

    id: str | None
    label: str


@dataclass(frozen=True)
class Linked:
    """Words of the claim, what they are (name, date, number), and the nodes that they may mean, the surest first."""

    words: str
    kind: str
    how: str
    means: tuple[Thing, ...]


@dataclass(frozen=True)
class LookedAt:
    """A fact, in words and as it stands, and how it compared with the claim.

    `compared`: "agrees" (it ties two mentions), "differs" (the claim has `claimed` in its place) or "not spoken of".
    `stated`: how clearly the claim states its relation, 0 to 1. `why`: what made a difference count, or not.
    """

    text: str
    subject: Thing
    relation: str
    object: Thing
    compared: str
    stated: float
    claimed: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Trace:
    """All of it for one claim and one graph."""

    graph: str
    claim: str
    names: tuple[Linked, ...]
    facts: tuple[LookedAt, ...]
    finding: Finding

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        return {**found, "finding": self.finding.model_dump(mode="json")}


def trace(
    case: Case, graph: GraphStore, compare: Callable[[str, str], bool | None], entails: Entails | None = None
) -> Trace:
    """What `GraphJudge` does with the claim of a case, step by step. Raises: as `entails`; EndpointError."""
    book = shipped_relations()
    judge = GraphJudge([graph], compare=compare, relations=book, entails=entails)
    (finding,) = judge.judge([case])
    linker, clashes, breaches = judge.looked_at(case)
    reading = linker.reading
    names = tuple(
        Linked(
            reading.words(mention),
            mention.kind,
            _HOW.get(mention.grade, "") if mention.nodes else "",
            tuple(_thing(graph, node) for node in mention.nodes[:_MOST_NODES]),
        )
        for mention in reading.mentions
    )
    facts: dict[Fact, LookedAt] = {}

    def look(fact: Fact, compared: str, stated: float, claimed: str | None = None, why: str = "") -> None:
        before = facts.get(fact)
        if before is None or (before.compared != "agrees" and stated > before.stated):
            text, subject, object = sentence(graph, book, fact), _thing(graph, fact.subject), _thing(graph, fact.object)
            facts[fact] = LookedAt(text, subject, fact.relation, object, compared, round(stated, 2), claimed, why)

    for link in linker.links:
        for fact in link.path:
            look(fact, "agrees", link.said)
    for clash in clashes:
        for fact in clash.facts:
            why = [words for words, holds in _reasons(clash) if holds]
            look(fact, "differs", clash.said, reading.words(clash.object), ", ".join(why))
    for breach in breaches:
        for fact in breach.facts:
            look(fact, "differs", 1.0, breach.words, breach.why)
    for mention in linker.named:
        for fact in linker.facts_of(mention)[:MOST_FACTS]:
            if fact not in facts:
                look(fact, "not spoken of", 0.0)
    return Trace(graph.name, case.claim.text, names, tuple(facts.values()), finding)


def _reasons(clash: Any) -> tuple[tuple[str, bool], ...]:
    return (
        ("the relation has one object only", clash.exclusive),
        ("the graph has these words in this role elsewhere", clash.fits),
        ("a true object is in the claim too", clash.held),
        ("the graph does not know the name", clash.unknown),
        ("so the claim is contradicted", clash.certain),
        ("so the claim is unsupported", clash.doubtful and not clash.certain),
    )


def _thing(graph: GraphStore, node: Node) -> Thing:
    return Thing(None if isinstance(node, Literal) else node, graph.full_name(node))
