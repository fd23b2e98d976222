"""What an answer's score and its flag hang on, found by the product's own way.

The score of an answer is the risk of its riskiest claim; where entailment decided the claim, that is 1 - its support.
So each answer comes down to four things: the lowest support among the claims that hang on entailment, the highest
risk among the others (values and graphs state fixed ones, and what was not checked has 0.5), the lowest support among
the claims that the rules flag where they are not supported, and whether it is flagged whatever the threshold.

For this the answers are checked without a calibration and with both thresholds at 1: then no passage is left out
because another was enough, and the support on record is the best of all of them. In use, a claim that one passage
supports clearly is not held against the others: no verdict changes by it, but the score of an answer that passes may be
higher than here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groundwire.batch import Line, Row
from groundwire.model import Action, CheckedClaim, Label, Report, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from groundwire.config import Config

ENTAILMENT = "entailment"
VALUE = "value"
OVERRIDING = (VALUE, "contrast")


@dataclass(frozen=True)
class Collector:
    """Makes, in whichever process it is called, the function that checks one answer. The config is `searching`'s."""

    config: "Config"

    def __call__(self) -> Callable[[Line], Row]:
        from groundwire.client import Groundwire

        gw = Groundwire(self.config)
        gw.warm()

        def check(line: Line) -> Row:
            report = gw.verify(
                line.answer, context=line.context, question=line.question, knowledge=line.knowledge or None
            )
            return collected(line, report)

        return check


def searching(config: "Config") -> "Config":
    """The same settings without a calibration and with thresholds that nothing reaches."""
    from groundwire.config import CalibrationSettings, ThresholdSettings

    everything = {
        "thresholds": ThresholdSettings(supported=1, contradicted=1),
        "calibration": CalibrationSettings(),
    }
    return config.model_copy(update={"entailment": config.entailment.model_copy(update=everything)})


def collected(line: Line, report: Report) -> Row:
    """The row of one answer; `support` and `watched` are None where no claim hangs on entailment."""
    hanging = {claim.id: support for claim in report.claims if (support := support_of(claim)) is not None}
    counted = [claim for claim in report.claims if claim.checkable]
    flagged = [claim for claim in report.claims if claim.decision.action is not Action.ALLOW]
    always = {claim.id for claim in flagged if claim.id not in hanging or _overruled(claim)}
    watched = [hanging[claim.id] for claim in flagged if claim.id not in always]
    return {
        "id": line.id,
        "verdict": report.verdict.value,
        "score": report.score,
        "claims": len(counted),
        "support": min((hanging[claim.id] for claim in counted if claim.id in hanging), default=None),
        "fixed": max((claim.risk for claim in counted if claim.id not in hanging), default=0.0),
        "watched": min(watched, default=None),
        "always": bool(always),
    }


def support_of(claim: CheckedClaim) -> float | None:
    """The probability of entailment that decides the claim, or None where something else does."""
    judged = {finding.judge: finding for finding in claim.findings}
    own = judged.pop(ENTAILMENT, None)
    if own is None or ENTAILMENT not in own.probabilities:
        return None
    # A value that agrees proves nothing, so it takes no claim from entailment; a graph that backs or breaks one does.
    labels = {finding.label for judge, finding in judged.items() if judge != VALUE}
    if claim.verdict is Verdict.UNSUPPORTED or (
        claim.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED) and own.label.value == claim.verdict.value
    ):
        return None if {Label.SUPPORTED, Label.CONTRADICTED} & labels else own.probabilities[ENTAILMENT]
    return None


def _overruled(claim: CheckedClaim) -> bool:
    """Whether a value stands nowhere, or what is said is another's: not supported, whatever entailment says."""
    return any(finding.judge in OVERRIDING and finding.label is Label.UNSUPPORTED for finding in claim.findings)


@dataclass(frozen=True)
class Answers:
    """Labelled answers as arrays of length n: int labels, float64 probabilities, bool `always`.

    `support` and `watched` are NaN where no claim hangs on entailment.
    """

    labels: "NDArray[np.int64]"
    support: "NDArray[np.float64]"
    fixed: "NDArray[np.float64]"
    watched: "NDArray[np.float64]"
    always: "NDArray[np.bool_]"

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], labels: Iterable[int]) -> "Answers":
        import numpy as np

        found = list(rows)

        def column(name: str) -> "NDArray[np.float64]":
            return np.array([row[name] for row in found], np.float64)  # None becomes NaN

        always = np.array([row["always"] for row in found], np.bool_)
        return cls(np.array(list(labels), np.int64), column("support"), column("fixed"), column("watched"), always)

    def __getitem__(self, chosen: "NDArray[Any]") -> "Answers":
        """Those answers alone: a mask, or places."""
        return Answers(*(column[chosen] for column in vars(self).values()))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def hanging(self) -> "NDArray[np.bool_]":
        """Whose riskiest claim is one that entailment decides."""
        import numpy as np

        return np.asarray(1 - self.support >= self.fixed)  # NaN is not
