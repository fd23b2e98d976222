"""Says what a knowledge graph says of a claim."""

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import lru_cache

from groundwire.errors import DeadlineError, GroundwireError
from groundwire.graph.cite import evidence, sentence
from groundwire.graph.clashes import SAID, Clash, clashes
from groundwire.graph.correct import correction
from groundwire.graph.links import Link, Linker
from groundwire.graph.mentions import Reading, read_claim
from groundwire.graph.names import FUNCTION_WORDS
from groundwire.graph.relations import RelationBook, shipped_relations
from groundwire.graph.store import GraphStore
from groundwire.graph.wording import negated
from groundwire.model import Case, Claim, Correction, Evidence, Finding, Label

_MOST_TEXT = 2_000
_MOST_CITED = 4


class GraphJudge:
    """Compares a claim with the facts of one or several graphs, the first that decides it first.

    A claim is `supported` when every mention in it is tied by facts that it states; `contradicted` when it gives
    another object to a relation that can have only one; `unsupported` when the graph knows the subject and the
    relation, or the object in this role, but not this fact; `unchecked` otherwise.

    `compare(claimed, known)` says whether two values agree, clash, or cannot be compared (None).
    """

    name = "graph"

    def __init__(
        self,
        graphs: Sequence[GraphStore],
        *,
        compare: Callable[[str, str], bool | None],
        relations: RelationBook | None = None,
    ) -> None:
        self._graphs = tuple(graphs)
        self._compare = lru_cache(maxsize=16384)(compare)
        self._book = shipped_relations() if relations is None else relations
        revisions = " ".join(graph.revision for graph in self._graphs)
        self.version = "1-" + hashlib.sha256(revisions.encode()).hexdigest()[:16]

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """One finding a case, in order; `deadline` from that moment of `time.monotonic()` on. Raises nothing."""
        return [
            self._judge(case.claim)
            if deadline is None or time.monotonic() < deadline
            else self._finding(Label.DEADLINE, "no time was left")
            for case in cases
        ]

    def _judge(self, claim: Claim) -> Finding:
        try:
            findings = [self._in_graph(claim, graph) for graph in self._graphs]
        except DeadlineError as late:
            return self._finding(Label.DEADLINE, str(late))
        except Exception as error:  # noqa: BLE001 a failure is a finding, never a default
            why = str(error) if isinstance(error, GroundwireError) else type(error).__name__
            return self._finding(Label.ERROR, f"the graph could not be used: {why}")
        for label in (Label.CONTRADICTED, Label.SUPPORTED, Label.UNSUPPORTED):
            for finding in findings:
                if finding.label is label:
                    return finding
        return findings[0] if findings else self._finding(Label.UNCHECKED, "no graph")

    def _in_graph(self, claim: Claim, graph: GraphStore) -> Finding:
        if not claim.checkable or not claim.text.strip():
            return self._finding(Label.UNCHECKED, "nothing is claimed")
        if len(claim.text) > _MOST_TEXT:
            return self._finding(Label.UNCHECKED, f"longer than {_MOST_TEXT} characters")
        reading = read_claim(claim, graph)
        linker = Linker(reading, graph, self._book, self._compare)
        if not linker.named:
            return self._finding(Label.UNCHECKED, f"{graph.name} knows none of the names")
        found = [clash for clash in clashes(linker) if _own(claim, clash)]
        if negated(reading):
            return self._denied(linker, graph, found)
        certain = [clash for clash in found if clash.certain]
        if certain:
            return self._contradicted(claim, reading, certain[0], graph)
        doubtful = [clash for clash in found if clash.doubtful]
        if doubtful:
            return self._unsupported(claim, reading, doubtful[0], graph)
        stated = [link for link in linker.links if link.said >= SAID]
        if stated and _covers(linker, stated):
            return self._supported(stated, graph)
        near = [evidence(graph, self._book, link.path) for link in linker.links[:_MOST_CITED]]
        return self._finding(Label.UNCHECKED, f"{graph.name} does not say this, nor otherwise", near)

    def _denied(self, linker: Linker, graph: GraphStore, found: Sequence[Clash]) -> Finding:
        """A claim that says "not": false where the graph has the fact, true where another object excludes it."""
        stated = [link for link in linker.links if link.said >= SAID]
        excluded = [clash for clash in found if clash.certain]
        if not stated and excluded:
            truth = excluded[0].truth or excluded[0].facts[0]
            return self._finding(Label.SUPPORTED, f"{graph.name} has another", [evidence(graph, self._book, (truth,))])
        if not stated:
            return self._finding(Label.UNCHECKED, f"{graph.name} does not say what the claim denies")
        cited = [evidence(graph, self._book, link.path) for link in stated[:_MOST_CITED]]
        return self._finding(Label.CONTRADICTED, f"the claim denies what {graph.name} has", cited)

    def _supported(self, links: Sequence[Link], graph: GraphStore) -> Finding:
        paths = list(dict.fromkeys(link.path for link in links))[:_MOST_CITED]
        return self._finding(
            Label.SUPPORTED, f"{graph.name} has it", [evidence(graph, self._book, path) for path in paths]
        )

    def _contradicted(self, claim: Claim, reading: Reading, clash: Clash, graph: GraphStore) -> Finding:
        truth = clash.truth or clash.facts[0]
        said = f"{graph.name}: {sentence(graph, self._book, truth)} The claim says {reading.words(clash.object)}."
        fix = correction(claim, reading, clash, graph)
        return self._finding(Label.CONTRADICTED, said, [evidence(graph, self._book, (truth,))], fix)

    def _unsupported(self, claim: Claim, reading: Reading, clash: Clash, graph: GraphStore) -> Finding:
        facts = [clash.truth] if clash.truth else list(clash.facts[:_MOST_CITED])
        words = f"{reading.words(clash.subject)}, {clash.relation.id.replace('_', ' ')}, {reading.words(clash.object)}"
        said = f"{graph.name} has no such fact: {words}."
        fix = correction(claim, reading, clash, graph)
        return self._finding(Label.UNSUPPORTED, said, [evidence(graph, self._book, (fact,)) for fact in facts], fix)

    def _finding(
        self, label: Label, explanation: str, cited: Sequence[Evidence] = (), fix: Correction | None = None
    ) -> Finding:
        return Finding(
            judge=self.name,
            version=self.version,
            label=label,
            evidence=tuple(cited),
            explanation=explanation,
            correction=fix,
        )


def _own(claim: Claim, clash: Clash) -> bool:
    """Whether the claim's own clause has the words. Words taken from elsewhere count only where they fit the role."""
    if not claim.pieces or clash.fits:
        return True
    span = claim.locate(clash.object.start, clash.object.end)
    return span is not None and claim.span.contains(span)


def _covers(linker: Linker, stated: Sequence[Link]) -> bool:
    """Whether the facts account for the claim: every mention is tied, and few other words say something."""
    explained = linker.explained()
    if any(id(mention) not in explained for mention in linker.reading.mentions):
        return False
    inside = {at for mention in linker.reading.mentions for at in range(mention.first, mention.last)}
    rest = [
        token.norm
        for at, token in enumerate(linker.reading.tokens)
        if at not in inside and token.norm not in FUNCTION_WORDS
    ]
    return len(rest) <= 4 + 3 * len(stated)
