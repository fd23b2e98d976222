"""A small graph and a judge with fixed answers, for tests of what stands on this room."""

from collections.abc import Iterable, Mapping, Sequence

from groundwire.graph.loading import take_all
from groundwire.graph.store import KnowledgeGraph, Node
from groundwire.model import Case, Finding, Label


def graph_of(facts: Iterable[tuple[str, str, Node]], *, name: str = "facts") -> KnowledgeGraph:
    """A graph of the facts given, labels and aliases told from the relations' names as a loader tells them."""
    return take_all(KnowledgeGraph(name), facts)


class FakeGraphJudge:
    """Answers each claim by its text; what it was not told is `unchecked`."""

    name = "graph"
    version = "fake"

    def __init__(self, findings: Mapping[str, Finding] | None = None) -> None:
        self._findings = dict(findings or {})

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        nothing = Finding(judge=self.name, version=self.version, label=Label.UNCHECKED, explanation="not told")
        return [self._findings.get(case.claim.text, nothing) for case in cases]
