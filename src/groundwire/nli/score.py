"""From findings to one number: the probability that an answer says something its evidence does not support."""

from __future__ import annotations

from collections.abc import Iterable

from groundwire.model import Finding, Label


def unsupported_probability(finding: Finding) -> float | None:
    """The probability, 0 to 1, that the claim is not supported; None where the judge could not tell."""
    if finding.label in (Label.UNCHECKED, Label.ERROR) or "entailment" not in finding.probabilities:
        return None
    return 1.0 - finding.probabilities["entailment"]


def answer_score(findings: Iterable[Finding]) -> float | None:
    """The probability, 0 to 1, that at least one claim is not supported; None where no claim was judged.

    It is the highest of the claims' own. Their errors are not independent (a source written in an unusual way lowers
    them all), and the product of many nearly certain claims would call every long answer wrong.
    """
    known = [p for finding in findings if (p := unsupported_probability(finding)) is not None]
    return max(known, default=None)
