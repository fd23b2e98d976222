"""Which edits a decision calls for, in the order in which they are to be tried.

flag, block   the value from the evidence, as a proposal
rewrite       the value from the evidence, else a model's words; without either the statement stays, flagged
remove        the value from the evidence, else a model's words, else the clause goes, else the sentence
hedge         a mark after the statement
allow         nothing
"""

import json
from collections.abc import Iterator, Sequence

from groundwire.model import (
    Action,
    Claim,
    Correction,
    Decision,
    Evidence,
    JudgedClaim,
    Label,
    Patch,
    PatchKind,
    Reason,
    Span,
    Verdict,
)
from groundwire.rewrite import cut
from groundwire.rewrite.form import MARKS, Words, fitted

HEDGES = {
    Verdict.CONTRADICTED: "[the given sources say otherwise]",
    Verdict.UNSUPPORTED: "[not supported by the given sources]",
    Verdict.UNCHECKED: "[not checked]",
    Verdict.SUPPORTED: "[see the given sources]",
}
CONFLICT_HEDGE = "[the given sources disagree]"


def propose(
    answer: str,
    claim: JudgedClaim,
    decision: Decision,
    *,
    others: Sequence[Claim] = (),
    within: Span | None = None,
    by_model: bool = False,
) -> tuple[Patch, ...]:
    """Patches for one claim, none of them accepted yet, in the order to be tried.

    `others`: the claims of the same answer, which say what else a sentence states. `within`: the part of the answer
    that may still be changed (all of it by default). `by_model`: a model can be asked; its patch has no words yet.
    """
    within = within or Span(0, len(answer))
    return tuple(dict.fromkeys(_proposals(answer, claim, decision, others, within, by_model)))


def _proposals(
    answer: str, claim: JudgedClaim, decision: Decision, others: Sequence[Claim], within: Span, by_model: bool
) -> Iterator[Patch]:
    action = decision.action
    if action is Action.HEDGE:
        yield from _hedge(answer, claim, decision, within)
    elif action is not Action.ALLOW:
        yield from _values(answer, claim, decision, within)
    if by_model and action in (Action.REWRITE, Action.REMOVE) and _can_be_reworded(claim, within):
        yield _patch(answer, claim, decision, claim.span, "", PatchKind.MODEL)
    if action is Action.REMOVE and claim.pointer is None:
        cuts = (cut.clause(answer, claim, others, within), cut.sentence(answer, claim, others, within))
        for found in cuts:
            if found is not None and found.span.start < found.span.end:
                yield _patch(answer, claim, decision, found.span, found.new, PatchKind.DELETE)


def _can_be_reworded(claim: JudgedClaim, within: Span) -> bool:
    wrong = claim.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
    return wrong and claim.pointer is None and bool(claim.evidence) and within.contains(claim.span)


def _values(answer: str, claim: JudgedClaim, decision: Decision, within: Span) -> Iterator[Patch]:
    if claim.verdict not in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED):
        return
    for finding in claim.findings:
        correction = finding.correction
        # A judge that finds a statement unsupported may still know what stands in its place.
        if finding.label not in (Label.CONTRADICTED, Label.UNSUPPORTED) or correction is None:
            continue
        if not within.contains(correction.span) or correction.span.of(answer) != correction.old:
            continue
        if claim.pointer is None:
            words = fitted(answer, correction.span, correction.new, floor=within.start)
        elif _fits_json(correction):
            words = Words(correction.span, correction.new)
        else:
            continue
        if words.new != words.span.of(answer):
            yield _patch(answer, claim, decision, words.span, words.new, PatchKind.VALUE, finding.evidence)


def _fits_json(correction: Correction) -> bool:
    """Whether structured output stays what it is: text needs no new escapes, a number stays a number."""
    if json.dumps(correction.new, ensure_ascii=False)[1:-1] != correction.new:
        return False
    return not _is_number(correction.old) or _is_number(correction.new)


def _is_number(text: str) -> bool:
    try:
        value = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, int | float) and not isinstance(value, bool)


def _hedge(answer: str, claim: JudgedClaim, decision: Decision, within: Span) -> Iterator[Patch]:
    if claim.pointer is not None:  # a mark has no place in a value that a program reads
        return
    place = _end_of_statement(answer, claim, within)
    if place is not None:
        mark = CONFLICT_HEDGE if claim.reason is Reason.CONFLICT else HEDGES[claim.verdict]
        yield _patch(answer, claim, decision, Span(place, place), f" {mark}", PatchKind.HEDGE)


def _end_of_statement(answer: str, claim: Claim, within: Span) -> int | None:
    """Behind the claim's own last word, before the stop, outside of emphasis."""
    own = [
        Span(piece.source, piece.source + piece.length)
        for piece in claim.pieces
        if claim.span.contains(Span(piece.source, piece.source + piece.length))
    ]
    ends = [span.end for span in own if any(letter.isalnum() for letter in span.of(answer))]
    end = max(ends, default=claim.span.end)
    while end > claim.span.start and answer[end - 1] in ".!?,;: \t\n":
        end -= 1
    while end < within.end and answer[end] in MARKS + ')]"”’':
        end += 1
    return end if within.start <= end <= within.end else None


def _patch(
    answer: str,
    claim: JudgedClaim,
    decision: Decision,
    span: Span,
    new: str,
    kind: PatchKind,
    evidence: tuple[Evidence, ...] = (),
) -> Patch:
    return Patch(
        claim=claim.id,
        span=span,
        old=span.of(answer),
        new=new,
        kind=kind,
        rule=decision.rule,
        evidence=evidence or claim.evidence,
    )
