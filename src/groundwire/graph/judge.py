"""Says what a knowledge graph says of a claim."""

import hashlib
import time
from collections.abc import Callable, Container, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from groundwire.errors import DeadlineError, GroundwireError
from groundwire.graph.amounts import limit_of
from groundwire.graph.cite import evidence, sentence
from groundwire.graph.clashes import Clash, clashes, describes
from groundwire.graph.comparing import compared
from groundwire.graph.correct import correction
from groundwire.graph.counting import counts
from groundwire.graph.denials import apart, denials, denied
from groundwire.graph.index import Grade
from groundwire.graph.limits import UNTIL
from groundwire.graph.links import Link, Linker
from groundwire.graph.meaning import Entails, Meant, meant
from groundwire.graph.mentions import Mention, Reading, read_claim
from groundwire.graph.names import FUNCTION_WORDS, stem
from groundwire.graph.nested import described, may_describe, places, without
from groundwire.graph.orders import Breach, breaches
from groundwire.graph.others import another_is_named
from groundwire.graph.outdoing import outdone
from groundwire.graph.packs import shipped_relations
from groundwire.graph.paths import paths
from groundwire.graph.periods import over
from groundwire.graph.qualified import FORMERLY, leaving, narrowed, qualified, undone
from groundwire.graph.recall import Recall
from groundwire.graph.relations import RelationBook
from groundwire.graph.store import Fact, GraphStore
from groundwire.graph.superlatives import ranked
from groundwire.graph.turned import Turned, turned
from groundwire.graph.when import dated_otherwise, loose_dates, timely
from groundwire.model import Case, Claim, Correction, Evidence, Finding, Label, Span

_MOST_TEXT = 2_000
_MOST_CITED = 4
_LONGEST_NOUN = 2
_CLAUSE_AFTER = frozenset(["and", "but", "when", "where", "whereas", "while"])
_SAYING_NOTHING = frozenset(["a", "an", "as", "in", "or", "the", "which", "with"])


class Looked(NamedTuple):
    """The links of a claim, its clashes, the weightiest first, and what the facts rule out."""

    linker: Linker
    clashes: list[Clash]
    breaches: list[Breach]


class GraphJudge:
    """Compares a claim with the facts of one or several graphs, the first that decides it first.

    A claim is `supported` when every mention in it is tied by facts that it states; `contradicted` when it gives
    another object to a relation that can have only one; `unsupported` when the graph knows the subject and the
    relation, or the object in this role, but not this fact; `unchecked` otherwise.

    `compare(claimed, known)` says whether two values agree, clash, or cannot be compared (None). `entails` is asked
    which relation a claim states that no wording decides; without it, such a claim stays `unchecked`.
    """

    name = "graph"

    def __init__(
        self,
        graphs: Sequence[GraphStore],
        *,
        compare: Callable[[str, str], bool | None],
        relations: RelationBook | None = None,
        entails: Entails | None = None,
    ) -> None:
        self._graphs = tuple(graphs)
        self._recalls = [Recall(graph) for graph in self._graphs]
        self._compare = lru_cache(maxsize=16384)(compare)
        self._entails = entails
        self._book = shipped_relations() if relations is None else relations
        revisions = " ".join(graph.revision for graph in self._graphs)
        self.version = "3-" + hashlib.sha256(revisions.encode()).hexdigest()[:16]

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """One finding a case, in order; `deadline` from that moment of `time.monotonic()` on. Raises nothing."""
        return [
            self._judge(case)
            if deadline is None or time.monotonic() < deadline
            else self._finding(Label.DEADLINE, "no time was left")
            for case in cases
        ]

    def _judge(self, case: Case) -> Finding:
        try:
            findings = [
                self._in_graph(case, graph, recall) for graph, recall in zip(self._graphs, self._recalls, strict=True)
            ]
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

    def _in_graph(self, case: Case, graph: GraphStore, recall: Recall) -> Finding:
        """What a graph says of a claim; of what the claim describes at its beginning, where it names nothing there."""
        claim = case.claim
        if not claim.checkable or not may_describe(claim.text):
            return self._of_named(case, graph, recall)

        def states(sentence: str) -> tuple[Evidence, ...]:
            said = Claim(id=claim.id, text=sentence, span=Span(0, len(sentence)))
            found = self._of_named(Case(said, ()), graph, recall)
            return found.evidence if found.label is Label.SUPPORTED else ()

        in_clause, meant = described(read_claim(claim, graph), graph, self._book, states)
        if meant is not None:
            told = self._of_named(Case(without(claim, meant), case.evidence), graph, recall)
            cited = (*meant.cited, *told.evidence)[:_MOST_CITED]
            who = f"{claim.text[: meant.end]} is {meant.name}"
            told = told.model_copy(
                update={"evidence": cited, "explanation": f"{told.explanation.rstrip('.')} ({who})."}
            )
            if told.label is not Label.UNCHECKED:
                return told
        plain = self._of_named(case, graph, recall)
        if not in_clause and (meant is None or places(claim.text, meant, plain.evidence)):
            return plain
        # One fact of the name in the description says nothing of what is described.
        if any(len(one.path) > 1 for one in plain.evidence) or plain.label in (Label.ERROR, Label.UNCHECKED):
            return plain
        return self._finding(Label.UNCHECKED, f"{graph.name} does not say this, nor otherwise", plain.evidence)

    def _of_named(self, case: Case, graph: GraphStore, recall: Recall) -> Finding:
        claim = case.claim
        if not claim.checkable or not claim.text.strip():
            return self._finding(Label.UNCHECKED, "nothing is claimed")
        if len(claim.text) > _MOST_TEXT:
            return self._finding(Label.UNCHECKED, f"longer than {_MOST_TEXT} characters")
        return self._settled(case, graph, recall)[1]

    def _settled(self, case: Case, graph: GraphStore, recall: Recall) -> tuple[Looked, Finding]:
        """What the graph says of a claim by its words; where they leave it open, by what it means."""
        looked = self._looked(case, graph, recall)
        finding = self._decided(case, graph, looked)
        if self._entails is not None and finding.label is Label.UNCHECKED and looked.linker.named:
            says = meant(looked.linker, self._entails, UNTIL.get())
            if says.said:
                looked = self._looked(case, graph, recall, says)
                finding = self._decided(case, graph, looked)
        return looked, finding

    def _decided(self, case: Case, graph: GraphStore, looked: Looked) -> Finding:
        linker, found, wrong = looked
        reading = linker.reading
        if not linker.named and not linker.before:
            return self._finding(Label.UNCHECKED, f"{graph.name} knows none of the names")
        if denials(reading):
            return self._denied(case, linker, graph, found)
        certain = [clash for clash in found if clash.certain]
        if certain:
            return self._contradicted(case, reading, certain[0], graph)
        if wrong:
            first = max(wrong, key=lambda one: one.sure)
            cited = [evidence(graph, self._book, (fact,)) for fact in first.facts[:_MOST_CITED]]
            label = Label.CONTRADICTED if first.sure else Label.UNSUPPORTED
            return self._finding(label, f"{graph.name}: not {first.words}, {first.why}.", cited)
        stated = [link for link in linker.links if link.stated]
        at_once = {id(link): timely(linker, link) for link in stated}
        past = [link for link in stated if at_once[id(link)] is False and self._one_at_a_time(link)]
        if past and not any(at_once[id(link)] and link.object is past[0].object for link in stated):
            cited = [evidence(graph, self._book, past[0].path)]
            return self._finding(Label.CONTRADICTED, f"{graph.name} has it of another time", cited)
        if round_about := sorted(turned(linker), key=lambda one: not one.sure):
            return self._turned(reading, round_about[0], graph)
        doubtful = [clash for clash in found if clash.doubtful]
        if doubtful:
            return self._unsupported(case, reading, doubtful[0], graph)
        timed = [link for link in stated if at_once[id(link)]]
        if timed and _covers(linker, [*timed, *_dated(linker, timed)]):
            return self._supported(timed, graph)
        near = list(dict.fromkeys(link.path for link in sorted(linker.links, key=lambda link: -link.said)))
        cited = [evidence(graph, self._book, path) for path in near[:_MOST_CITED]]
        return self._finding(Label.UNCHECKED, f"{graph.name} does not say this, nor otherwise", cited)

    def _one_at_a_time(self, link: Link) -> bool:
        relation = self._book.get(link.path[0].relation)
        return relation.per_time or relation.functional

    def looked_at(self, case: Case) -> Looked:
        """What the judge looks at in its first graph before it decides. Raises: as `entails`; EndpointError."""
        return self._settled(case, self._graphs[0], self._recalls[0])[0]

    def _looked(self, case: Case, graph: GraphStore, recall: Recall, says: Meant | None = None) -> Looked:
        reading = read_claim(case.claim, graph)
        recall.settle(case.answer[: case.claim.span.start], reading)
        before = recall.before(case.answer[: case.claim.span.end], reading) if reading.mentions else ()
        linker = Linker(reading, graph, self._book, self._compare, before, says)
        counted = counts(linker)
        linker.links += counted.links
        first = ranked(linker)
        linker.links += first.links
        both = compared(linker)
        linker.links += both.links
        whole = outdone(linker)
        linker.links += whole.links
        linker.ranked = first.words | both.words | counted.words | whole.words
        ways, elsewhere = paths(linker)
        linker.links += ways
        found = [clash for clash in [*clashes(linker), *elsewhere] if _own(case.claim, clash)]
        return Looked(linker, found, [*counted.wrong, *first.wrong, *both.wrong, *whole.wrong, *breaches(linker)])

    def _denied(self, case: Case, linker: Linker, graph: GraphStore, found: Sequence[Clash]) -> Finding:
        """A claim that says "not": false where it denies what the graph has, true where another object excludes that.

        A "not" counts for what it governs alone. What the claim says besides must be as in any other claim, and what it
        denies besides leaves it unchecked.
        """
        reading = linker.reading
        stated = [link for link in linker.links if link.stated]
        false = [
            link
            for link in stated
            if link.object and any(True for _ in _denying(linker, link.subject, link.object, link.path))
            # Who is not the former mayor, or may not be the mayor, may be the mayor.
            if not _qualified(linker, link) and not undone(reading, linker.words_of(link.path))
            if timely(linker, link) and not dated_otherwise(linker, link)
        ]
        if false:
            cited = [evidence(graph, self._book, link.path) for link in false[:_MOST_CITED]]
            return self._finding(Label.CONTRADICTED, f"the claim denies what {graph.name} has", cited)
        excluded: list[Link] = []
        explained: set[int] = set()
        for clash in sorted(found, key=lambda clash: not clash.certain):
            by = set(_denying(linker, clash.subject, clash.object, clash.facts[:1]))
            if clash.certain and by:
                excluded.append(Link((clash.truth or clash.facts[0],), clash.subject, clash.object, clash.said))
                explained |= by
            elif clash.certain and apart(reading, clash.subject, clash.object):
                return self._contradicted(case, reading, clash, graph)
            elif clash.certain or not any(clash.object in (link.subject, link.object) for link in excluded):
                return self._finding(Label.UNCHECKED, f"{graph.name} does not say what the claim denies")
        if excluded and explained.issuperset(denials(reading)) and _covers(linker, [*stated, *excluded]):
            cited = [evidence(graph, self._book, link.path) for link in excluded[:_MOST_CITED]]
            return self._finding(Label.SUPPORTED, f"{graph.name} has another", cited)
        return self._finding(Label.UNCHECKED, f"{graph.name} does not say what the claim denies")

    def _supported(self, links: Sequence[Link], graph: GraphStore) -> Finding:
        paths = list(dict.fromkeys(link.path for link in links))[:_MOST_CITED]
        return self._finding(
            Label.SUPPORTED, f"{graph.name} has it", [evidence(graph, self._book, path) for path in paths]
        )

    def _contradicted(self, case: Case, reading: Reading, clash: Clash, graph: GraphStore) -> Finding:
        truth = clash.truth or clash.facts[0]
        wrong = clash.object if clash.truth or truth.subject in clash.subject.nodes else clash.subject
        words = limit_of(reading, wrong) + reading.words(wrong)
        said = f"{graph.name}: {sentence(graph, self._book, truth)} The claim says {words}."
        fix = correction(case, reading, clash, graph)
        return self._finding(Label.CONTRADICTED, said, [evidence(graph, self._book, clash.way or (truth,))], fix)

    def _turned(self, reading: Reading, one: Turned, graph: GraphStore) -> Finding:
        cited = [evidence(graph, self._book, (one.fact,))]
        words = f"{reading.words(one.object)} and {reading.words(one.subject)}"
        said = f"{graph.name}: {cited[0].text} The claim says it of {words} the other way round."
        return self._finding(Label.CONTRADICTED if one.sure else Label.UNSUPPORTED, said, cited)

    def _unsupported(self, case: Case, reading: Reading, clash: Clash, graph: GraphStore) -> Finding:
        own = [fact for fact in clash.facts if fact.subject in clash.subject.nodes]
        facts = [clash.truth] if clash.truth else (own or clash.facts)[:_MOST_CITED]
        role = self._book.title(clash.relation.id)
        words = f"{reading.words(clash.subject)}, {role}, {reading.words(clash.object)}"
        said = f"{graph.name} has no such fact: {words}."
        fix = correction(case, reading, clash, graph)
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


def _denying(linker: Linker, one: Mention, other: Mention, path: Sequence[Fact]) -> Iterator[int]:
    """The places of the words by which the claim denies a relation of two mentions."""
    own = linker.words_of(path)
    if len(path) == 1 and linker.means(path[0].relation, one, other):
        own |= leaving(linker.reading)
    return denied(linker.reading, one, other, own)


def _own_words(linker: Linker, link: Link) -> set[str]:
    """The stems by which a claim says what a link does; what is over, it may call former."""
    ended = len(link.path) == 1 and over(linker.graph.periods(link.path[0]))
    words = linker.words_of(link.path) | linker.ranked | {stem(word) for word in (FORMERLY if ended else ())}
    if len(link.path) == 1 and linker.means(link.path[0].relation, link.subject, link.object):
        words |= leaving(linker.reading)
    return words


def _by_name(reading: Reading, mention: Mention) -> bool:
    """Whether a mention is a proper name or a value: what a claim says of it must be a fact that the claim states."""
    return mention.kind != "name" or (mention.grade != Grade.ADJECTIVE and reading.words(mention)[:1].isupper())


def _dated(linker: Linker, timed: Sequence[Link]) -> list[Link]:
    """The dates of a claim, as far as they are those of facts that held at the time."""
    of_time = [link for link in timed if len(link.path) == 1 and linker.graph.periods(link.path[0])]
    return [Link(link.path, link.subject, date, link.said) for link in of_time for date in loose_dates(linker)]


def _qualified(linker: Linker, link: Link) -> bool:
    """Whether the claim says of two mentions something else than the facts that tie them, with a word more."""
    own = _own_words(linker, link)
    named = [end for end in (link.subject, link.object) if end and end.kind == "name" and end.elsewhere is None]
    counted = link.counted or linker.book.get(link.path[0].relation).closed_world
    return any(narrowed(linker.reading, end, own) for end in named) or any(
        True for _ in qualified(linker.reading, own, counted=counted)
    )


def _hangs(reading: Reading, group: int, stated: Sequence[Link]) -> bool:
    """Whether what the claim says up to some names is not shown, though what it says of them is.

    "Ulm is in Peru, which is in America" is not shown by that Ulm and Peru are in America.
    """
    words = reading.gap_words(group)
    begin = max((at + 1 for at, word in enumerate(words) if word in _CLAUSE_AFTER), default=0)
    if all(word in _SAYING_NOTHING for word in words[begin:]):
        return False  # a clause begins here
    ties = [
        (one, other)
        for link in stated
        for one, other in ((link.subject, link.object), (link.object, link.subject))
        if one is not None and one.group == group and one.elsewhere is None
    ]
    return bool(ties) and not any(
        other is None or other.elsewhere is not None or other.start < min(one.start for one, _ in ties)
        for _, other in ties
    )


def _goes_on(reading: Reading, mention: Mention, own: Container[str]) -> bool:
    """Whether a row of common nouns goes on with one that the graph does not have: "produces lithium and zinc"."""
    if mention.kind != "name" or mention.elsewhere is not None or not reading.words(mention).islower():
        return False
    after = reading.tokens[mention.last :]
    rest = [token.norm for token in after[1:]]
    return (
        bool(rest)
        and after[0].norm in ("and", "or")
        and len(rest) <= _LONGEST_NOUN
        and reading.mentions[-1].last <= mention.last
        and all(
            word not in FUNCTION_WORDS and not word.endswith(("ed", "ly")) and stem(word) not in own for word in rest
        )
    )


def _covers(linker: Linker, stated: Sequence[Link]) -> bool:
    """Whether the facts account for the claim: every mention is tied, and few other words say something."""
    tied = {id(end) for link in stated for end in (link.subject, link.object)}
    loose = [mention for mention in linker.reading.mentions if id(mention) not in tied]
    explained = linker.explained()
    for mention in loose:
        if _by_name(linker.reading, mention) or (id(mention) not in explained and not describes(linker, mention)):
            return False
    if any(_hangs(linker.reading, group, stated) for group in range(1, len(linker.reading.between) - 1)):
        return False
    own = {word for link in stated for word in _own_words(linker, link)}
    if any(_goes_on(linker.reading, link.object, own) for link in stated if link.object):
        return False
    if another_is_named(linker.reading, own) or undone(linker.reading, own):
        return False
    if any(_qualified(linker, link) for link in stated):
        return False
    inside = {at for mention in linker.reading.mentions for at in range(mention.first, mention.last)}
    rest = [
        token.norm
        for at, token in enumerate(linker.reading.tokens)
        if at not in inside and token.norm not in FUNCTION_WORDS
    ]
    return len(rest) <= 4 + 3 * len(stated)
