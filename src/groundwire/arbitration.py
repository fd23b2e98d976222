"""Findings of several judges → one verdict for one claim.

In: a claim, what each judge found, and whether the documents at hand ought to speak of it. Out: a JudgedClaim.
Nothing is averaged: the order of the rules below is the order in which they hold.

1. A contradiction stands, and cites its passage, unless another source supports the claim: then it is `conflict`.
2. A judge that failed leaves the claim `unchecked: error`, even where another judge found support.
3. A judge that ran out of time leaves it `unchecked: deadline` in the same way.
4. Support from any one passage or path is enough.
5. Silence counts where a source ought to speak: a graph that knows the subject, a document given as the source.
6. Otherwise nothing was there to check against: `unchecked: no_evidence`.

Within the documents the value judge and the contrast judge override entailment on what they compared: they are
deterministic.
"""

from collections.abc import Sequence

from groundwire.model import Claim, Evidence, Finding, JudgedClaim, Label, Reason, Verdict

GRAPH = "graph"
VALUE = "value"
CONTRAST = "contrast"
OVERRIDING = (VALUE, CONTRAST)

# Deterministic judges state no probability. One error in fifty is what their own tests allow them.
DETERMINISTIC_CONFIDENCE = 0.98


def unchecked(claim: Claim, reason: Reason, findings: Sequence[Finding] = ()) -> JudgedClaim:
    """The claim as one that was not checked, and why."""
    risk = 0.0 if reason is Reason.NOT_A_CLAIM else 0.5
    return _judged(claim, Verdict.UNCHECKED, findings, reason=reason, risk=risk)


def arbitrate(claim: Claim, findings: Sequence[Finding], *, spoken: bool) -> JudgedClaim:
    """Decide one claim. `spoken`: documents were at hand whose silence counts."""
    graph = [finding for finding in findings if finding.judge == GRAPH]
    documents = _words_over_entailment([finding for finding in findings if finding.judge != GRAPH])
    heard = [*graph, *documents]
    contradicted = _labelled(heard, Label.CONTRADICTED)
    supported = _labelled(heard, Label.SUPPORTED)
    if contradicted and supported:
        return _judged(claim, Verdict.UNCHECKED, findings, reason=Reason.CONFLICT, cite=heard)
    if contradicted:
        return _judged(claim, Verdict.CONTRADICTED, findings, cite=contradicted)
    if _labelled(findings, Label.ERROR):
        return unchecked(claim, Reason.ERROR, findings)
    if _labelled(findings, Label.DEADLINE):
        return unchecked(claim, Reason.DEADLINE, findings)
    if supported:
        return _judged(claim, Verdict.SUPPORTED, findings, cite=supported)
    silent = _labelled(graph, Label.UNSUPPORTED)
    if spoken:
        silent += [finding for finding in documents if finding.label in (Label.UNSUPPORTED, Label.UNCHECKED)]
    if silent or spoken:
        return _judged(claim, Verdict.UNSUPPORTED, findings, cite=silent)
    return unchecked(claim, Reason.NO_EVIDENCE, findings)


def _words_over_entailment(findings: list[Finding]) -> list[Finding]:
    """A value that clashes or stands nowhere, and an opposite, beat a model that overlooked it.

    That these judges find nothing against a claim proves nothing.
    """
    overriding = [finding for finding in findings if finding.judge in OVERRIDING]
    if against := _labelled(overriding, Label.CONTRADICTED):
        return [*against, *_labelled(findings, Label.ERROR)]
    if _labelled(overriding, Label.UNSUPPORTED):
        return [finding for finding in findings if finding.label is not Label.SUPPORTED]
    return [finding for finding in findings if finding.judge not in OVERRIDING]


def _labelled(findings: Sequence[Finding], label: Label) -> list[Finding]:
    return [finding for finding in findings if finding.label is label]


def _judged(
    claim: Claim,
    verdict: Verdict,
    findings: Sequence[Finding],
    *,
    reason: Reason | None = None,
    cite: Sequence[Finding] = (),
    risk: float | None = None,
) -> JudgedClaim:
    if risk is None:
        risk = _risk(verdict, cite)
    confidence = {
        Verdict.SUPPORTED: 1 - risk,
        Verdict.CONTRADICTED: risk,
        Verdict.UNSUPPORTED: risk,
        Verdict.UNCHECKED: None,
    }[verdict]
    return JudgedClaim(
        **{name: getattr(claim, name) for name in Claim.model_fields},
        verdict=verdict,
        reason=reason,
        confidence=confidence,
        risk=risk,
        evidence=_cited(cite),
        findings=tuple(findings),
    )


def _risk(verdict: Verdict, cite: Sequence[Finding]) -> float:
    """The probability that the evidence does not support the claim, from the judges that decided it."""
    if verdict is Verdict.UNCHECKED:
        return 0.5
    entailment = [finding.probabilities["entailment"] for finding in cite if "entailment" in finding.probabilities]
    if verdict is Verdict.SUPPORTED:
        deterministic = any("entailment" not in finding.probabilities for finding in cite)
        return 1 - max([*entailment, DETERMINISTIC_CONFIDENCE] if deterministic else entailment)
    deterministic = any(
        finding.label is Label.CONTRADICTED and "entailment" not in finding.probabilities for finding in cite
    )
    if deterministic or not entailment:
        return DETERMINISTIC_CONFIDENCE
    return 1 - max(entailment)


def _cited(findings: Sequence[Finding]) -> tuple[Evidence, ...]:
    """Each cited passage once, in the judges' order."""
    return tuple(dict.fromkeys(evidence for finding in findings for evidence in finding.evidence))
