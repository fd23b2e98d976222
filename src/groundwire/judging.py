"""What a judge is, and how one is asked: whatever it does, a finding for every case comes back."""

from collections.abc import Sequence
from typing import Protocol

from groundwire.model import Case, Finding, Label

# The judge whose support is a probability: without one, it supports nothing.
ENTAILMENT = "entailment"


class Judge(Protocol):
    """Says of each case what it finds. `name` and `version` go into every report."""

    name: str

    @property
    def version(self) -> str: ...

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """One finding a case, in order. Raises nothing: what goes wrong is a finding labelled `error`.

        `deadline` is a moment of `time.monotonic()`, in seconds. What was not found out by then is a finding labelled
        `deadline`.
        """


def ask(judge: Judge, cases: Sequence[Case], deadline: float | None) -> list[Finding]:
    """What the judge finds. A judge that breaks its promise gets findings labelled `error` in its name."""
    if not cases:
        return []
    try:
        findings = judge.judge(cases, deadline=deadline)
        if len(findings) == len(cases):
            return [_sound(finding) for finding in findings]
        problem = f"{len(findings)} findings for {len(cases)} claims"
    except Exception as error:  # noqa: BLE001 - judges may be third-party code
        problem = f"{type(error).__name__}: {error}"
    return [_error(judge, problem) for _ in cases]


def _sound(finding: Finding) -> Finding:
    """The finding, unless its probabilities are none: numbers outside 0..1, or a missing one, support nothing."""
    odds = finding.probabilities
    if not all(-1e-6 <= probability <= 1 + 1e-6 for probability in odds.values()):
        wrong = "The probabilities are not probabilities."
    elif finding.label is Label.SUPPORTED and (odds or finding.judge == ENTAILMENT) and ENTAILMENT not in odds:
        wrong = "The probability of entailment is missing."
    else:
        return finding
    return finding.model_copy(update={"label": Label.ERROR, "probabilities": {}, "explanation": wrong})


def _error(judge: Judge, problem: str) -> Finding:
    return Finding(judge=judge.name, version=judge.version, label=Label.ERROR, explanation=problem)
