"""A world small enough to see through: sentences, clauses and a list of what is true, false or unknown in it."""

import re
from collections.abc import Callable, Mapping, Sequence

from groundwire.model import (
    Action,
    CheckedClaim,
    Claim,
    Correction,
    Decision,
    Finding,
    JudgedClaim,
    Label,
    Patch,
    Piece,
    Reason,
    Span,
    Verdict,
)
from groundwire.rewrite import settle

SENTENCE = re.compile(r"[^\s.!?|*#{}\"-][^.!?\n|*{}\"]*[.!?]?")
CLAUSE = re.compile(r"(?:, (?:which|who) | and )(is|was|has) ([^.,]+)")


class LittleWorld:
    """`wrong` maps words to the right ones; statements with words of `unknown` are unsupported; the rest is true."""

    def __init__(
        self, *, wrong: Mapping[str, str] | None = None, unknown: Sequence[str] = (), doing: Action = Action.REMOVE
    ) -> None:
        self.wrong, self.unknown, self.doing = wrong or {}, unknown, doing
        self.checks: list[str] = []

    def claims(self, text: str, since: int = 0) -> list[Claim]:
        found = []
        for sentence in SENTENCE.finditer(text, since):
            start, end = sentence.span()
            if not sentence[0].strip(" .0123456789"):
                continue
            clauses = list(CLAUSE.finditer(text, start, end))
            own = min([clause.start() for clause in clauses], default=end)
            found.append(self._claim(text, Span(start, end), start, own))
            found += [self._claim(text, Span(c.start(1), c.end()), c.start(1), c.end()) for c in clauses]
        return [claim.model_copy(update={"id": f"c{number}"}) for number, claim in enumerate(found, start=1)]

    @staticmethod
    def _claim(text: str, span: Span, start: int, end: int) -> Claim:
        words = text[start:end]
        skipped = Reason.NOT_A_CLAIM if words.endswith("?") else None
        return Claim(id="", text=words, span=span, pieces=(Piece(0, start, end - start),), skipped=skipped)

    def judge(self, claim: Claim) -> JudgedClaim:
        verdict, findings = Verdict.SUPPORTED, []
        if claim.skipped:
            verdict = Verdict.UNCHECKED
        elif any(word in claim.text for word in self.unknown):
            verdict = Verdict.UNSUPPORTED
        for wrong, right in self.wrong.items() if claim.checkable else ():
            at = claim.text.find(wrong)
            span = claim.locate(at, at + len(wrong)) if at >= 0 else None
            if span is not None:
                verdict = Verdict.CONTRADICTED
                correction = Correction(span=span, old=wrong, new=right) if right else None
                findings.append(Finding(judge="w", version="1", label=Label.CONTRADICTED, correction=correction))
        fields = {name: getattr(claim, name) for name in Claim.model_fields}
        return JudgedClaim(**fields, verdict=verdict, reason=claim.skipped, findings=tuple(findings))

    def check(self, text: str) -> list[JudgedClaim]:
        self.checks.append(text)
        return [self.judge(claim) for claim in self.claims(text)]

    def decided(self, text: str) -> list[CheckedClaim]:
        return [self.decide(self.judge(claim)) for claim in self.claims(text)]

    def decide(self, claim: JudgedClaim) -> CheckedClaim:
        bad = claim.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
        decision = Decision(action=self.doing if bad else Action.ALLOW, rule="r")
        return CheckedClaim(**{name: getattr(claim, name) for name in JudgedClaim.model_fields}, decision=decision)

    def settle(self, text: str, check: Callable[[str], Sequence[JudgedClaim]] | None = None) -> tuple[Patch, ...]:
        return settle(text, Span(0, len(text)), self.decided(text), check or self.check)
