"""Answer in, Report out. Read this first.

One answer goes one way: claims are extracted, evidence is gathered for each, judges say what they find, findings are
arbitrated into verdicts, rules turn verdicts into decisions, decisions become patches, and every patch is verified
again. An answer that comes as a stream goes the same way, a few finished sentences at a time: a whole answer is a
stream of one piece, so both give the same report.
"""

import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from groundwire.arbitration import arbitrate, unchecked
from groundwire.claims import Extractor, Growing
from groundwire.evidence import EvidenceIndex
from groundwire.judging import Judge, ask
from groundwire.model import (
    BROKEN,
    Action,
    Case,
    CheckedClaim,
    Claim,
    Decision,
    Evidence,
    Finding,
    JudgedClaim,
    Label,
    Outcome,
    Patch,
    Reason,
    Report,
    Span,
    Verdict,
)
from groundwire.rewrite import Lists, LlmRewriter, apply, behind, renumbered, settle, unfinished
from groundwire.rules import Hearing, Pair, RuleSet, Unknown
from groundwire.ruling import decided, entailed, halt, halt_of
from groundwire.unread import Unread, Whole

if TYPE_CHECKING:
    from groundwire.nli import EntailmentModel

# Claims judged together: enough to fill batches, few enough that a deadline is noticed in time.
GROUP = 32

# The rank from which on a passage of a collection is about the claim. Every word of the claim once is about 0.6.
ABOUT = 0.2

UNDECIDED = (Label.UNCHECKED, Label.UNSUPPORTED)


@dataclass(frozen=True)
class Sources:
    """What one answer is checked against: the request's documents, the configured collections, graphs.

    The silence of a document that speaks counts against every claim; that of a collection only against a claim that
    one of its passages is about.
    """

    documents: Sequence[EvidenceIndex] = ()
    collections: Sequence[EvidenceIndex] = ()
    graphs: Sequence[Judge] = ()

    def gather(self, claim: Claim) -> tuple[tuple[Evidence, ...], bool]:
        """The passages that bear on the claim, and whether the sources ought to speak of it."""
        own = [passage for index in self.documents for passage in index.gather(claim)]
        found = [passage for index in self.collections for passage in index.gather(claim)]
        about = any((passage.score or 0) >= ABOUT for passage in found)
        return (*own, *found), about or any(index.speaks for index in self.documents)

    def by_priority(self) -> list[list[Judge]]:
        """The graphs in rows of equal `priority` (0, where a judge states none), the highest first."""
        rows: dict[int, list[Judge]] = {}
        for graph in self.graphs:
            rows.setdefault(getattr(graph, "priority", 0), []).append(graph)
        return [rows[priority] for priority in sorted(rows, reverse=True)]

    def revisions(self) -> dict[str, str]:
        evidence = "+".join(index.revision for index in (*self.documents, *self.collections))
        graphs = "+".join(graph.version for graph in self.graphs)
        return {"evidence": evidence or "none", "graph": graphs or "none"}


@dataclass(frozen=True)
class Pipeline:
    """The parts that do not change from answer to answer. Safe to share between threads.

    `judges` read passages, the one whose contradiction overrides the others' findings first. `entailment` says what
    statements entail for the rules that prohibit or require some; without it those rules cannot be tried. `rewriter`
    mends statements that no value of the evidence puts right.
    """

    extractor: Extractor
    judges: Sequence[Judge]
    rules: RuleSet
    on_error: Literal["closed", "open"] = "closed"
    entailment: "EntailmentModel | None" = None
    rewriter: LlmRewriter | None = None

    def start(
        self,
        sources: Sources,
        *,
        question: str | None = None,
        rules: RuleSet | None = None,
        deadline: float | None = None,
        request: Mapping[str, Any] | None = None,
        model: str | None = None,
    ) -> "Check":
        """Begin the check of one answer. `deadline` is in seconds of checking time, not of waiting for the model."""
        return Check(self, sources, question, rules or self.rules, deadline, request or {}, model)

    def verify(self, answer: str, sources: Sources, **options: Any) -> Report:
        """The whole answer at once. Options: those of `start`."""
        check = self.start(sources, **options)
        check.finish(answer)
        return check.report


class Mark(NamedTuple):
    """How far a check had come."""

    answer: int
    claims: int
    patches: int
    checked: int
    delivered: int
    kept_back: tuple[str, ...]
    decision: Decision | None
    hearing: Hearing | None
    lists: Lists


@dataclass
class Check:
    """One answer on its way through. Belongs to one request; not safe to share between threads."""

    pipeline: Pipeline
    sources: Sources
    question: str | None
    rules: RuleSet
    deadline: float | None
    request: Mapping[str, Any]
    model: str | None
    id: str = field(default_factory=lambda: f"gw_{uuid.uuid4().hex}")
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    answer: str = ""
    claims: list[CheckedClaim] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    decision: Decision | None = None
    blocked: Decision | None = None
    failed: str | None = None
    aborted: str | None = None
    _growing: Growing | Whole = field(default_factory=Growing)
    _checked: int = 0
    _delivered: list[str] = field(default_factory=list)
    _kept_back: list[str] = field(default_factory=list)
    _ended: bool = False
    _hearing: Hearing | None = None
    _lists: Lists = field(default_factory=Lists)
    _spent: float = 0.0
    _until: float | None = None
    _timings: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        # A check that goes on from another shares nothing with it that either may change.
        self._kept_back = list(self._kept_back)
        self._hearing = self._hearing and self._hearing.copy(self._entailed)

    @property
    def hearing(self) -> Hearing:
        """What the rules know of the answer: of all segments that are through, and of none that is on its way."""
        if self._hearing is None or self._hearing.rules is not self.rules:
            self._hearing = Hearing(self.rules, self.request, self._entailed, self.pipeline.on_error)
        return self._hearing

    def feed(self, text: str) -> str:
        """More of the answer in; the verified and edited text that may leave now, out (often none)."""
        self.answer += text
        return self._advance(self._growing.feed(text))

    def finish(self, text: str = "") -> str:
        """The answer is complete with `text`: check what is left of it and return what may leave."""
        self.answer += text
        return self._advance(len(self.answer), last=True)

    @property
    def left(self) -> float | None:
        """Seconds of checking time that are left; None without a deadline."""
        return None if self.deadline is None else max(0.0, self.deadline - self._spent)

    def mark(self) -> Mark:
        """How far it has come, to go back to where the next step hangs or breaks."""
        counts = len(self.answer), len(self.claims), len(self.patches), self._checked, len(self._delivered)
        return Mark(*counts, tuple(self._kept_back), self.decision, self._hearing, self._lists)

    def unread(self, mark: Mark, reason: Reason, *, rules: bool = True) -> "Check":
        """This check as it was at `mark`, for an answer that from there on cannot be checked, for `reason`.

        What follows is one unchecked claim a step, about which the rules decide, or, without `rules`, the setting
        `on_error` alone. Nothing that the step under way may still find is used.
        """
        end = mark.answer
        return replace(
            self,
            pipeline=replace(
                self.pipeline, extractor=Unread(reason, self.pipeline.extractor.version), judges=(), entailment=None
            ),
            sources=Sources(),
            rules=self.rules if rules else RuleSet(()),
            answer=self.answer[:end],
            claims=self.claims[: mark.claims],
            patches=self.patches[: mark.patches],
            _growing=Whole(end),
            _checked=mark.checked,
            _delivered=self._delivered[: mark.delivered],
            _kept_back=list(mark.kept_back),
            _lists=mark.lists,
            decision=mark.decision,
            # Where the rules broke at the very end, the check had said that it was through.
            _hearing=mark.hearing if rules else None,
            _ended=False,
            _spent=0.0,
            deadline=1.0,  # for the rules alone
            _timings=defaultdict(float, list(self._timings.items())),
        )

    def fail(self, why: str) -> None:
        """The answer broke off or could not be checked: the report says so, and nothing more may leave."""
        self.failed = self.aborted = why

    @property
    def report(self) -> Report:
        """Everything so far. Complete once `finish` was called."""
        accepted = [patch for patch in self.patches if patch.accepted]
        delivered = self.blocked.message if self.blocked else "".join(self._delivered)
        return Report(
            id=self.id,
            created=self.created,
            verdict=self._outcome(delivered),
            answer=self.answer,
            revised=apply(self.answer, accepted),
            delivered=delivered,
            question=self.question,
            model=self.model,
            score=_score(self.claims),
            coverage=_coverage(self.claims),
            claims=tuple(self.claims),
            patches=tuple(self.patches),
            decision=self.decision,
            timings={stage: round(spent * 1000, 3) for stage, spent in self._timings.items()},
            aborted=self.aborted,
            revisions={
                "rules": self.rules.revision,
                "claims": self.pipeline.extractor.version,
                **{judge.name: judge.version for judge in self.pipeline.judges},
                **self.sources.revisions(),
                **({"rewriter": self.pipeline.rewriter.version} if self.pipeline.rewriter else {}),
            },
        )

    def _advance(self, end: int, *, last: bool = False) -> str:
        segment = Span(self._checked, max(end, self._checked))
        if self.blocked or self.failed or self._ended:
            return ""
        if segment.end > segment.start and not self._check(segment, last=last):
            return ""
        if last and not (self.blocked or self.failed):
            self._ended = True
            self._conclude(self.hearing.ended())
        if self.blocked or self.failed or self.hearing.holding:
            return ""
        text = "".join(self._kept_back)
        self._kept_back.clear()
        self._delivered.append(text)
        return text

    def _check(self, segment: Span, *, last: bool) -> bool:
        """One segment all the way through; its text, as it may leave, waits in `_kept_back`.

        What goes with a cut behind the segment belongs to it too. False where more of that may come: nothing is done.
        """
        began = time.monotonic()
        self._until = None if self.deadline is None else began + self.deadline - self._spent
        judged = list(self._judged(self._extract(segment), self.answer[: segment.end]))
        hearing = self.hearing.copy()
        with self._timed("rules"):
            checked, whole = decided(hearing, judged, self.answer[: segment.end], segment.start)
        with self._timed("rewrite"):
            wide = Span(segment.start, behind(self.answer, segment.end))
            seen = self.answer[: wide.end + 1]  # with a letter more, if there is one: whether the line goes on
            reword = self._reword if self.pipeline.rewriter else None
            patches = settle(seen, wide, checked, lambda edited: self._recheck(edited, segment), reword, self._may_stay)
            if not last and any(patch.accepted and unfinished(self.answer, patch.span) for patch in patches):
                self._spent += time.monotonic() - began
                return False
            end = max([segment.end, *(patch.span.end for patch in patches if patch.accepted)])
            segment = Span(segment.start, end)
            self._lists, numbers = renumbered(self._lists, self.answer[: segment.end], patches, segment.start)
        self.claims += checked
        self.patches += sorted((*patches, *numbers), key=lambda patch: patch.span)
        self._checked = segment.end
        self._spent += time.monotonic() - began
        self._hearing = hearing
        self._stop(halt(self.rules, judged, checked, self.pipeline.on_error))
        self._conclude(whole)
        edits = {claim.id for claim in checked if claim.decision.action.edits}
        made = [patch for patch in patches if patch.accepted and patch.claim in edits]
        self._kept_back.append(apply(segment.of(self.answer), (*made, *numbers), offset=segment.start))
        return True

    def _extract(self, segment: Span, answer: str | None = None) -> list[Claim]:
        """The claims of one segment, numbered through the whole answer. A failed extractor leaves one claim: all."""
        text = self.answer[: segment.end] if answer is None else answer
        with self._timed("claims"):
            try:
                claims = _in_place(
                    self.pipeline.extractor.extract(
                        text, question=self.question, since=segment.start, deadline=self._until
                    ),
                    len(text),
                )
            except Exception:  # noqa: BLE001 - whatever an extractor does, its text is not checked, and says so
                whole = text[segment.start :]
                claims = (Claim(id="", text=whole, span=Span(segment.start, len(text)), skipped=Reason.ERROR),)
        return [
            claim.model_copy(update={"id": f"c{number}"})
            for number, claim in enumerate(claims, start=len(self.claims) + 1)
        ]

    def _judged(self, claims: Sequence[Claim], answer: str) -> Iterator[JudgedClaim]:
        for at in range(0, len(claims), GROUP):
            group = claims[at : at + GROUP]
            if self._until is not None and time.monotonic() > self._until:
                yield from (unchecked(claim, claim.skipped or Reason.DEADLINE) for claim in group)
            else:
                yield from self._judge(group, answer)

    def _judge(self, claims: Sequence[Claim], answer: str) -> list[JudgedClaim]:
        with self._timed("evidence"):
            gathered = {claim.id: self.sources.gather(claim) for claim in claims if claim.skipped is None}
        cases = [Case(claim, gathered[claim.id][0], self.question, answer) for claim in claims if claim.id in gathered]
        findings: dict[str, list[Finding]] = {case.claim.id: [] for case in cases}
        asked = cases
        for graphs in self.sources.by_priority():  # they bring their own evidence
            for graph in graphs:
                self._hear(graph, asked, findings)
            # What one graph decided, or should have and could not, no graph of a lower priority is asked.
            asked = [case for case in asked if all(each.label in UNDECIDED for each in findings[case.claim.id])]
        open_cases = [case for case in cases if case.evidence]
        for judge in self.pipeline.judges:
            self._hear(judge, open_cases, findings)
            # Judges stand in the order of their authority: what one contradicts, the next need not read.
            open_cases = [case for case in open_cases if findings[case.claim.id][-1].label is not Label.CONTRADICTED]
        return [
            unchecked(claim, claim.skipped)
            if claim.skipped
            else arbitrate(claim, findings[claim.id], spoken=gathered[claim.id][1])
            for claim in claims
        ]

    def _hear(self, judge: Judge, cases: Sequence[Case], findings: Mapping[str, list[Finding]]) -> None:
        with self._timed(judge.name):
            for case, finding in zip(cases, ask(judge, cases, self._until), strict=True):
                findings[case.claim.id].append(finding)

    def _entailed(self, pairs: Sequence[Pair]) -> list[float | Unknown]:
        """What the rules ask: the probability that the first of each pair entails the second."""
        return entailed(self.pipeline.entailment, pairs, self._until)

    def _recheck(self, edited: str, segment: Span) -> list[JudgedClaim]:
        """The verdicts on an edited segment: `edited` is the answer up to the end of the segment, with edits."""
        changed = Span(segment.start, len(edited))
        return list(self._judged(self._extract(changed, edited), edited))

    def _may_stay(self, claim: JudgedClaim) -> bool:
        """Whether the rules let an edited statement leave as it is, flagged at most."""
        (checked,), _ = decided(self.hearing.copy(), [claim], self.answer, claim.span.start)
        return checked.decision.action in (Action.ALLOW, Action.FLAG) and checked.decision.rule != BROKEN

    def _reword(self, words: str, evidence: Sequence[Evidence]) -> str:
        """Other words for a statement. Raises: ValueError."""
        if self.pipeline.rewriter is None:
            raise ValueError("there is no model to ask")
        with self._timed("rewriter"):
            return self.pipeline.rewriter.reworded(words, evidence, deadline=self._until)

    def _conclude(self, decision: Decision | None) -> None:
        """Take note of what the rules say of the answer as a whole. That they broke once is not unsaid later."""
        if decision is not None and (self.decision is None or self.decision.rule != BROKEN):
            self.decision = decision
        self._stop(halt_of(self.rules, decision, self.pipeline.on_error))

    def _stop(self, halted: Decision | str | None) -> None:
        """Block, or hold what could not be checked. What was stopped stays so."""
        if self.blocked or self.failed:
            return
        if isinstance(halted, Decision):
            self.blocked = halted
        else:
            self.failed = halted

    def _outcome(self, delivered: str) -> Outcome:
        if self.blocked:
            return Outcome.BLOCKED
        if self.aborted:
            return Outcome.UNCHECKED
        if delivered != self.answer and not self.failed:
            return Outcome.REWRITTEN
        decisions = [claim.decision for claim in self.claims] + ([self.decision] if self.decision else [])
        if any(decision.action is not Action.ALLOW for decision in decisions):
            return Outcome.FLAGGED
        if self.failed or any(claim.checkable and claim.verdict is Verdict.UNCHECKED for claim in self.claims):
            return Outcome.UNCHECKED
        return Outcome.CLEAN

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._timings[stage] += time.perf_counter() - started


def _in_place(claims: Sequence[Claim], length: int) -> Sequence[Claim]:
    """The claims. Raises: ValueError where one of them lies outside of the text that it is said to be from."""
    for claim in claims:
        if not 0 <= claim.span.start <= claim.span.end <= length:
            raise ValueError(f"a claim spans {claim.span} of {length} characters")
    return claims


def _coverage(claims: Sequence[CheckedClaim]) -> float:
    checkable = [claim for claim in claims if claim.checkable]
    if not checkable:
        return 1.0
    return sum(claim.verdict is not Verdict.UNCHECKED for claim in checkable) / len(checkable)


def _score(claims: Sequence[CheckedClaim]) -> float:
    """The risk of the riskiest claim: an answer is as good as its worst statement."""
    return max((claim.risk for claim in claims if claim.checkable), default=0.0)
