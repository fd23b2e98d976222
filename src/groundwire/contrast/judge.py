"""Holds the words of a claim against those of its evidence: negations, opposites, limits."""

import time
from collections.abc import Sequence

from groundwire.contrast.compare import contrasts
from groundwire.contrast.passages import statements
from groundwire.contrast.reading import read
from groundwire.model import Case, Claim, Evidence, Finding, Label

_MOST_WORDS = 40  # of a claim; a longer one is no single statement
_QUOTED = 120  # characters of a passage in an explanation


class ContrastJudge:
    """Compares what a claim says with the sentences of its evidence that speak of the same thing.

    *contradicted*: a sentence has the claim's words, and denies what the claim says or has the opposite word in its
    place. *unsupported*: a sentence has them, and says it only within limits, or of somebody else. Else *unchecked*: it
    never says that a claim is supported, and a false alarm is worse than a miss. Deterministic, so `probabilities` is
    empty.
    """

    name = "contrast"
    version = "2"

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """One finding a case, in order; `deadline` from that moment of `time.monotonic()` on.

        Raises nothing: what goes wrong becomes a finding labelled `error`.
        """
        return [
            self._judge(case)
            if deadline is None or time.monotonic() < deadline
            else self._finding(Label.DEADLINE, "No time was left.")
            for case in cases
        ]

    def _judge(self, case: Case) -> Finding:
        try:
            return self._compare(case.claim, case.evidence)
        except Exception as error:  # noqa: BLE001 - a judge's failure is a finding, never an exception
            return self._finding(Label.ERROR, f"The words could not be compared: {type(error).__name__}.")

    def _compare(self, claim: Claim, evidence: Sequence[Evidence]) -> Finding:
        reading = read(claim.text)
        if reading is None or len(reading.items) > _MOST_WORDS:
            return self._finding(Label.UNCHECKED, "The claim is not one short statement.")
        found = contrasts(reading, statements(evidence))
        if found is None:
            return self._finding(Label.UNCHECKED, "No passage says the opposite of the claim.")
        passage = found.statement.passage
        source, said, against = passage.source[:80], found.said[:_QUOTED], found.against[:_QUOTED]
        if found.sure:
            explanation = f'The claim says "{said}" where {source} says "{against}".'
            return self._finding(Label.CONTRADICTED, explanation, [passage])
        return self._finding(Label.UNSUPPORTED, f'{source} says "{against}", and not "{said}".', [passage])

    def _finding(self, label: Label, explanation: str, evidence: Sequence[Evidence] = ()) -> Finding:
        return Finding(
            judge=self.name, version=self.version, label=label, evidence=tuple(evidence), explanation=explanation
        )
