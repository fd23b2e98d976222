"""Edits carry their proof: a patch is accepted only when the edited text was checked again and is the better for it.

Accepted together are patches after which, in one and the same check of the edited text,

- every statement whose value was changed is supported, and every deleted one is gone; where a graph bears out the new
  value and nothing is known of the rest, the value is changed and the statement stays unchecked, unless it was to go;
- no other statement has a worse verdict than before, and none was lost, save those that shared a deleted sentence;
- no statement appeared that is not supported.

A patch that fails gives way to the next proposal for its claim; without one the statement stays as it is, flagged.
Marks (hedges) change no statement: they are accepted as they are and kept out of the text that is checked.
What the rules let through is settled first and on its own, proposals of rules that only flag on top of it: so what is
delivered was checked without the proposals that are not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from groundwire.model import (
    Action,
    CheckedClaim,
    Evidence,
    JudgedClaim,
    Patch,
    PatchKind,
    Reason,
    Span,
    Verdict,
)
from groundwire.rewrite.patches import apply, beside, chosen, clashes, moved
from groundwire.rewrite.propose import propose

DELIVERED = (Action.HEDGE, Action.REWRITE, Action.REMOVE)

# Checks of one segment. Together settle most in one; the rest is for edits that spoil each other.
MAX_CHECKS = 16

_WORTH = {Verdict.CONTRADICTED: 0, Verdict.UNSUPPORTED: 1, Verdict.UNCHECKED: 2, Verdict.SUPPORTED: 3}
_SEVERITY = {action: rank for rank, action in enumerate(Action)}
_HARMLESS = (Reason.NOT_A_CLAIM, Reason.LANGUAGE)

Recheck = Callable[[str], Sequence[JudgedClaim]]
Reword = Callable[[str, Sequence[Evidence]], str]
"""Other words for a statement, from its evidence. Raises ValueError that says why there are none."""
Stands = Callable[[JudgedClaim], bool]
"""Whether the rules let a statement leave as it is, flagged at most."""


def settle(
    answer: str,
    segment: Span,
    claims: Sequence[CheckedClaim],
    check: Recheck,
    reword: Reword | None = None,
    stands: Stands | None = None,
) -> tuple[Patch, ...]:
    """Propose, try and judge the edits of one segment.

    `answer`: the text up to the end of the segment, or beyond it, where it is seen whether a line goes on. `segment`:
    with what may go with its last sentence, see `behind`. `claims`: those of the segment, judged and decided.
    `check`: gets the answer up to its end, with edits inside the segment, and returns the claims of the edited
    segment, judged, with spans into the text it was given. It is not called when there is nothing to edit, nor for
    marks alone. `reword`: a language model, asked about statements that are to be rewritten or removed and that no
    value puts right. `stands`: asked about what stays unchecked in an edited statement; without it nothing may.
    Returns every patch that was tried, in the order of the answer: accepted or rejected, with its reason.
    """
    trial = _Trial(answer, segment, claims, check, reword, stands)
    trial.settle([claim for claim in claims if claim.decision.action in DELIVERED])
    trial.settle([claim for claim in claims if claim.decision.action not in DELIVERED])
    return tuple(sorted(trial.settled, key=lambda p: (p.span, not p.accepted, p.claim, p.new)))


class _Trial:
    """The edits of one segment on trial. `settled` grows; what is accepted in it stays accepted."""

    def __init__(
        self,
        answer: str,
        segment: Span,
        claims: Sequence[CheckedClaim],
        check: Recheck,
        reword: Reword | None,
        stands: Stands | None,
    ) -> None:
        self.answer, self.segment, self.claims = answer, segment, claims
        self.check, self.reword, self.stands = check, reword, stands
        self.settled: list[Patch] = []
        self.checks = 0

    def settle(self, claims: Sequence[CheckedClaim]) -> None:
        waiting = {claim.id: self._proposals(claim) for claim in sorted(claims, key=_most_severe_first)}
        trying: dict[str, Patch] = {}
        while True:
            self._draw(waiting, trying)
            if not trying:
                return
            failures, outcome = self._try(list(trying.values()))
            for claim, why in failures.items():
                self._reject(trying.pop(claim), why)
            if failures:
                continue
            self._accept(trying.values(), outcome)
            for claim in list(waiting):
                if claim in trying or (outcome and outcome.holds(claim)):
                    del waiting[claim]
            trying.clear()

    def _proposals(self, claim: CheckedClaim) -> list[Patch]:
        by_model = self.reword is not None
        return list(
            propose(self.answer, claim, claim.decision, others=self.claims, within=self.segment, by_model=by_model)
        )

    def _worded(self, patch: Patch) -> Patch | None:
        """The patch with a model's words; rejected where it has none."""
        if self.reword is None or patch.kind is not PatchKind.MODEL or patch.new:
            return patch
        try:
            return patch.model_copy(update={"new": self.reword(patch.old, patch.evidence)})
        except ValueError as why:
            self._reject(patch, str(why))
            return None

    def _draw(self, waiting: dict[str, list[Patch]], trying: dict[str, Patch]) -> None:
        """Take for each claim without one the next proposal that fits beside the others.

        Where another claim is trying the very same edit, wait for how that ends.
        """
        for claim, proposals in waiting.items():
            while claim not in trying and proposals:
                rivals = [*self._accepted(), *trying.values()]
                rival = next((p for p in rivals if _excludes(p, proposals[0])), None)
                if rival and not rival.accepted and (rival.span, rival.new) == (proposals[0].span, proposals[0].new):
                    break
                tried = proposals.pop(0)
                patch = self._fitted(tried, rivals)
                if patch is not None:
                    if worded := self._worded(patch):
                        trying[claim] = worded
                elif rival is not None:
                    self._reject(tried, f"the words are edited for {rival.claim} already")

    def _fitted(self, patch: Patch, rivals: Sequence[Patch]) -> Patch | None:
        """The patch as it can stand beside others, if it can."""
        fitted: Patch | None = patch
        for rival in sorted(rivals, key=lambda other: other.span):
            if fitted is not None and _excludes(rival, fitted):
                fitted = beside(fitted, rival, self.answer[: self.segment.end])
        return None if fitted is None or any(_excludes(rival, fitted) for rival in rivals) else fitted

    def _try(self, trying: list[Patch]) -> tuple[dict[str, str], "_Comparison | None"]:
        """Claims whose patch is not to be accepted, and why: none when all hold together. And what the check found."""
        statements = [patch for patch in trying if patch.kind is not PatchKind.HEDGE]
        if not statements:
            return {}, None
        if self.checks >= MAX_CHECKS:
            return {patch.claim: "too many edits to check" for patch in statements}, None
        self.checks += 1
        accepted = [patch for patch in self._accepted() if patch.kind is not PatchKind.HEDGE]
        edits = chosen(_granted(patch) for patch in (*accepted, *statements))
        seen = self.answer[: self.segment.end]
        outcome = _Comparison(self.claims, self.check(apply(seen, edits)), edits, self.stands)
        failures = {patch.claim: why for patch in statements if (why := outcome.fault_of(patch))}
        if failures:
            return failures, outcome
        harm = next((why for patch in accepted if (why := outcome.fault_of(patch))), None) or outcome.harm(edits)
        if harm is None:
            return {}, outcome
        # The last in the answer gives way: what comes later depends on what stands before, seldom the other way.
        return {max(statements, key=lambda patch: (patch.span, patch.claim)).claim: harm}, outcome

    def _accepted(self) -> list[Patch]:
        return [patch for patch in self.settled if patch.accepted]

    def _accept(self, patches: Iterable[Patch], outcome: "_Comparison | None") -> None:
        reasons = {
            PatchKind.VALUE: "with the evidence's value the statement is supported",
            PatchKind.DELETE: "the statement is gone and no other is worse for it",
            PatchKind.HEDGE: "a mark changes no statement",
            PatchKind.MODEL: "as rewritten the statement is supported",
        }
        for patch in patches:
            in_part = patch.kind is PatchKind.VALUE and not (outcome and outcome.holds(patch.claim))
            reason = "the evidence has the value; the rest of the statement was not checked" if in_part else None
            self.settled.append(patch.model_copy(update={"accepted": True, "reason": reason or reasons[patch.kind]}))

    def _reject(self, patch: Patch, why: str) -> None:
        self.settled.append(patch.model_copy(update={"reason": why}))


class _Comparison:
    """The claims before an edit beside those after it: the same statement stands where the edits have moved it."""

    def __init__(
        self,
        before: Sequence[CheckedClaim],
        after: Sequence[JudgedClaim],
        edits: Sequence[Patch],
        stands: Stands | None,
    ) -> None:
        self.before, self._stands = before, stands
        self._edits, self._standing = edits, after
        standing: defaultdict[Span, list[JudgedClaim]] = defaultdict(list)
        for claim in after:
            standing[claim.span].append(claim)
        self.after = {claim.id: _take(standing, moved(claim.span, edits)) for claim in before}
        left = [claim for claims in standing.values() for claim in claims]
        new_words = {
            patch.claim: moved(patch.span, edits) for patch in edits if patch.kind in (PatchKind.VALUE, PatchKind.MODEL)
        }
        for claim in before:
            if self.after[claim.id] is not None:
                continue
            near = _nearest(moved(claim.span, edits), left) or _holding(new_words.get(claim.id), left)
            if near is not None:
                self.after[claim.id] = near
                left.remove(near)
        self.appeared = left
        self._going = {claim.id for claim in before if claim.decision.action in (Action.REMOVE, Action.BLOCK)}

    def holds(self, claim: str) -> bool:
        """Whether a claim is supported as it stands now."""
        after = self.after.get(claim)
        return after is not None and after.verdict is Verdict.SUPPORTED

    def fault_of(self, patch: Patch) -> str | None:
        """Why a patch did not do what it was made for, if so."""
        after = self.after[patch.claim]
        if patch.kind is PatchKind.DELETE:
            return f'a statement is left: "{_short(after.text)}"' if after is not None and _states(after) else None
        if after is None:
            return "the edited words state nothing that can be checked"
        if after.verdict is Verdict.SUPPORTED or (
            patch.claim not in self._going and _has_the_fact(patch, after) and self._may_stay(after)
        ):
            return None
        verdict = f"{after.verdict} ({after.reason})" if after.reason else str(after.verdict)
        return f"the edited statement is {verdict}"

    def harm(self, patches: Sequence[Patch]) -> str | None:
        """What got worse elsewhere, if anything."""
        edited = {patch.claim for patch in patches}
        deleted = [patch.span for patch in patches if patch.kind is PatchKind.DELETE]
        for claim in self.before:
            if claim.id in edited or any(span.contains(claim.span) for span in deleted):
                continue
            after = self.after[claim.id] or self._larger(claim)
            if after is None:
                if _states(claim):
                    return f'another statement was lost: "{_short(claim.text)}"'
            elif _WORTH[after.verdict] < _WORTH[claim.verdict]:
                return f'another statement became {after.verdict}: "{_short(claim.text)}"'
        for new in self.appeared:
            if new.verdict is not Verdict.SUPPORTED and _states(new) and not self._was_said(new):
                return f'a statement appeared that is {new.verdict}: "{_short(new.text)}"'
        return None

    def _larger(self, claim: CheckedClaim) -> JudgedClaim | None:
        """The shortest claim of the edited text that holds all of a claim that no longer stands alone."""
        return _holding(moved(claim.span, self._edits), self._standing)

    def _was_said(self, new: JudgedClaim) -> bool:
        """Whether a claim is a part of one that was no better known before, and that the rules let stand."""
        return any(
            moved(claim.span, self._edits).contains(new.span)
            and _WORTH[claim.verdict] <= _WORTH[new.verdict]
            and claim.id not in self._going
            for claim in self.before
            if new.verdict is Verdict.UNCHECKED and new.reason is Reason.NO_EVIDENCE and self._may_stay(new)
        )

    def _may_stay(self, claim: JudgedClaim) -> bool:
        """Whether the rules, which decided on the words as they were, let the new ones leave unchecked."""
        return self._stands is not None and self._stands(claim)


def _take(standing: dict[Span, list[JudgedClaim]], span: Span) -> JudgedClaim | None:
    claims = standing.get(span)
    if not claims or span.start >= span.end:
        return None
    return claims.pop(0)


def _nearest(span: Span, claims: Sequence[JudgedClaim]) -> JudgedClaim | None:
    """The claim that shares most of a span: an edit may move the border of a statement by a word."""
    best, share = None, 0.5
    for claim in claims:
        common = min(span.end, claim.span.end) - max(span.start, claim.span.start)
        whole = max(span.end, claim.span.end) - min(span.start, claim.span.start)
        if whole > 0 and common / whole > share:
            best, share = claim, common / whole
    return best


def _holding(words: Span | None, claims: Sequence[JudgedClaim]) -> JudgedClaim | None:
    """The shortest claim that holds the edited words: with other words in it a sentence may be parted otherwise."""
    holding = [claim for claim in claims if words is not None and claim.span.contains(words)]
    return min(holding, key=lambda claim: claim.span.end - claim.span.start, default=None)


def _states(claim: JudgedClaim) -> bool:
    """Whether a claim states something. What could not even be read as a claim counts as a statement."""
    return claim.reason not in _HARMLESS


def _has_the_fact(patch: Patch, after: JudgedClaim) -> bool:
    """Whether the fact that a new value was taken from is found in the edited statement, and nothing speaks against it.

    The rest of such a statement was not checked, before or after: its verdict stays `unchecked`.
    """
    if patch.kind is not PatchKind.VALUE or (after.verdict, after.reason) != (Verdict.UNCHECKED, Reason.NO_EVIDENCE):
        return False
    taken = {evidence.path for evidence in patch.evidence}
    found = {evidence.path for finding in after.findings for evidence in finding.evidence}
    return bool(taken) and () not in taken and taken <= found


def _excludes(one: Patch, other: Patch) -> bool:
    same_mark = one.kind is PatchKind.HEDGE and one.span == other.span and one.new == other.new
    return same_mark or clashes(one, other)


def _granted(patch: Patch) -> Patch:
    return patch.model_copy(update={"accepted": True})


def _most_severe_first(claim: CheckedClaim) -> tuple[int, Span]:
    return -_SEVERITY[claim.decision.action], claim.span


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
