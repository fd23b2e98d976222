"""Rules at work: judged claims in, decided claims out, and whether the answer may go on.

In: what the rules hear of one answer (`Hearing`), its claims, an entailment model. Out: CheckedClaims, and what stops
the answer. Whatever breaks on the way is never a rule that did not fire.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from groundwire.model import BROKEN, Action, CheckedClaim, Decision, JudgedClaim, Reason, Severity, Verdict
from groundwire.rules import Hearing, OnError, Pair, RuleSet, Unknown, nobody

if TYPE_CHECKING:
    from groundwire.nli import EntailmentModel

UNMADE = (Reason.ERROR, Reason.DEADLINE)


def entailed(
    model: "EntailmentModel | None", pairs: Sequence[Pair], deadline: float | None = None
) -> list[float | Unknown]:
    """The probability, 0 to 1, that the first of each pair entails the second, or why the model does not say it.

    `deadline` is a moment of `time.monotonic()`, in seconds. Raises nothing.
    """
    if model is None:
        return nobody(pairs)
    from groundwire.nli import checked  # late: numpy takes a moment

    try:
        rows = checked(model.predict(pairs, deadline=deadline), len(pairs))
        return [_probability(float(row[0])) for row in rows]
    except Exception as error:  # noqa: BLE001 - a model may be a third party's; its rules say what follows
        return [Unknown(f"{type(error).__name__}: {error}")] * len(pairs)


def decided(
    hearing: Hearing, judged: Sequence[JudgedClaim], answer: str, start: int
) -> tuple[list[CheckedClaim], Decision | None]:
    """The claims with their decisions, and what there is to decide about the answer already.

    `answer` is the text so far; what is new in it begins at `start`.
    """
    try:
        decisions = hearing.decide(judged, answer, start)
        whole = hearing.found()
    except Exception as error:  # noqa: BLE001 - rules that break must not let anything pass as checked
        why = f"The rules could not be applied: {error}"
        whole = Decision(action=Action.FLAG, rule=BROKEN, severity=Severity.HIGH, message=why, untried=(BROKEN,))
        decisions = [whole] * len(judged)
    return [_with(claim, decision) for claim, decision in zip(judged, decisions, strict=True)], whole


def halt(
    rules: RuleSet, judged: Sequence[JudgedClaim], checked: Sequence[CheckedClaim], default: OnError
) -> Decision | str | None:
    """What stops the answer at one of these claims: the decision that blocks it, or why it is held, in words.

    `default` is the configuration's `on_error`.
    """
    for found, claim in zip(judged, checked, strict=True):
        if claim.decision.action is Action.BLOCK:
            return claim.decision
        unmade = found.verdict is Verdict.UNCHECKED and found.reason in UNMADE
        if unmade and (_said(rules, claim) or default) == "closed":
            return f'"{_short(claim.text)}" could not be checked: {found.reason}.'
        if why := rules.held(claim.decision, default):
            return f'"{_short(claim.text)}" could not be checked: {why}.'
    return None


def halt_of(rules: RuleSet, decision: Decision | None, default: OnError) -> Decision | str | None:
    """The same for what is decided about the answer as a whole."""
    if decision is None:
        return None
    if decision.action is Action.BLOCK:
        return decision
    why = rules.held(decision, default)
    return f"The answer could not be checked: {why}." if why else None


def _with(claim: JudgedClaim, decision: Decision) -> CheckedClaim:
    """The claim with its decision. Where a rule could not be tried, it does not pass as checked."""
    fields = {name: getattr(claim, name) for name in JudgedClaim.model_fields}
    if decision.untried and claim.verdict not in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED):
        reason = claim.reason if claim.reason in UNMADE else Reason.ERROR
        fields |= {"verdict": Verdict.UNCHECKED, "reason": reason, "confidence": None, "risk": 0.5}
    return CheckedClaim(**fields, decision=decision)


def _said(rules: RuleSet, claim: CheckedClaim) -> OnError | None:
    try:
        said = rules.on_error(claim)
    except Exception:  # noqa: BLE001 - rules that break say nothing, and the configuration's setting holds
        return None
    return said if said in ("open", "closed") else None


def _probability(value: float) -> float | Unknown:
    return value if 0 <= value <= 1 + 1e-6 else Unknown("the model answered with something that is no probability")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
