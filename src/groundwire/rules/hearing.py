"""The rules at work on one answer, a few finished sentences at a time.

In: judged claims as they come, and a function that asks an entailment model. Out: a decision for each claim, and at
the end one for the answer as a whole. What needs the model is asked once for all claims that come together.

A requirement can be seen to be missed only at the end of the answer. Until it is met, a rule that would block keeps
the text back: `holding` says so, from the statement on for which the rule is in effect to the one that meets it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from groundwire.model import Action, Decision, JudgedClaim
from groundwire.rules.rule import OnError, Rule
from groundwire.rules.ruleset import ALLOWED, Compiled, Fires, Known, Pair, RuleSet, Unknown, holds, said

Ask: TypeAlias = Callable[[Sequence[Pair]], Sequence[float | Unknown]]
"""Pairs in; for each the probability, 0 to 1, that its first entails its second, or why that is not known."""

# A pattern sees this much of what was said before, so that time does not grow with the square of the answer.
LOOK_BACK = 2_000


def nobody(pairs: Sequence[Pair]) -> list[float | Unknown]:
    """An `Ask` without a model: nothing is known."""
    return [Unknown("there is no entailment model")] * len(pairs)


@dataclass
class _Standing:
    """A rule about the whole answer, and how it stands so far."""

    entry: Compiled
    in_effect: Fires
    found: bool = False  # the requirement is met, or the pattern was found
    doubt: Unknown | None = None  # the model failed on a statement that might have met it
    heard: int = 0  # statements that the model was asked about

    @property
    def rule(self) -> Rule:
        return self.entry.rule

    @property
    def fires(self) -> Fires:
        """What holds if the answer ended here."""
        if self.rule.required and self.found:
            return False
        if self.in_effect is not True:
            return self.in_effect
        if self.rule.required:
            return self.doubt or True
        return self.found


class Hearing:
    """One answer. Belongs to one request; not safe to share between threads.

    `default` is what happens where a rule could not be tried and has no `on_error` of its own.
    """

    def __init__(
        self,
        rules: RuleSet,
        request: Mapping[str, Any] | None = None,
        ask: Ask = nobody,
        default: OnError = "closed",
    ) -> None:
        self.rules, self._request, self._ask, self._default = rules, request, ask, default
        self._standing = [_Standing(entry, in_effect=not entry.rule.when) for entry in rules.on_answers]
        self._texts: list[str] = []

    def copy(self, ask: Ask | None = None) -> "Hearing":
        """The hearing as it stands, to go on from here apart from this one."""
        other = Hearing(self.rules, self._request, ask or self._ask, self._default)
        other._standing = [replace(standing) for standing in self._standing]
        other._texts = list(self._texts)
        return other

    def decide(self, claims: Sequence[JudgedClaim], answer: str, start: int = 0) -> list[Decision]:
        """A decision for each claim. `answer` is the text so far; what is new in it begins at `start`."""
        from groundwire.rules.condition import facts

        seen = [facts(claim, self._request, answer) for claim in claims]
        outcomes = [self.rules.tried(claim, of_claim, answer) for claim, of_claim in zip(claims, seen, strict=True)]
        if self._standing:
            self._texts += [claim.text for claim in claims]
        for standing in self._standing:
            self._take_effect(standing, seen)
            self._search(standing, answer, start)
        prohibited = [
            (claim.text, statement)
            for claim, tried in zip(claims, outcomes, strict=True)
            for rule, outcome in tried
            if outcome is True
            for statement in rule.prohibited
        ]
        known = self._asked([*prohibited, *self._requirements()])
        for standing in self._standing:
            self._meet(standing, known)
        return [
            self.rules.ruled(self.rules.completed(tried, claim, known))
            for claim, tried in zip(claims, outcomes, strict=True)
        ]

    @property
    def holding(self) -> bool:
        """Whether text must be kept back: a requirement that would stop the answer is not met yet."""
        return any(
            standing.rule.required and not standing.rule.shadow and self._stops(standing) for standing in self._standing
        )

    def ended(self) -> Decision | None:
        """What is to be done about the answer as a whole if it ends here; None where no rule speaks of it."""
        return self._ruled(standing for standing in self._standing)

    def found(self) -> Decision | None:
        """What is to be done already, whatever may follow: of patterns, not of requirements."""
        return self._ruled(standing for standing in self._standing if not standing.rule.required)

    def _ruled(self, standing: Iterable[_Standing]) -> Decision | None:
        decision = self.rules.ruled([(each.rule, each.fires) for each in standing])
        return None if decision.rule == ALLOWED and decision.shadow is None else decision

    def _stops(self, standing: _Standing) -> bool:
        fires = standing.fires
        if isinstance(fires, Unknown):
            return (standing.rule.on_error or self._default) == "closed"
        return fires and standing.rule.do is Action.BLOCK

    def _take_effect(self, standing: _Standing, seen: Iterable[Mapping[str, Any]]) -> None:
        for of_claim in seen:
            if standing.in_effect is True:
                return
            standing.in_effect = holds(standing.entry, of_claim) or standing.in_effect

    def _search(self, standing: _Standing, answer: str, start: int) -> None:
        pattern = standing.entry.pattern
        if pattern is not None and not standing.found:
            standing.found = pattern.found_in(answer, max(0, start - LOOK_BACK))

    def _requirements(self) -> list[Pair]:
        """Every statement so far against every requirement that is in effect and not met."""
        return [
            (text, statement)
            for standing in self._standing
            if standing.rule.required and standing.in_effect is True and not standing.found
            for text in self._texts[standing.heard :]
            for statement in standing.rule.required
        ]

    def _meet(self, standing: _Standing, known: Known) -> None:
        rule = standing.rule
        if not rule.required or standing.in_effect is not True or standing.found:
            return
        for text in self._texts[standing.heard :]:
            outcome = said(text, rule.required, rule.threshold, known)
            standing.found = standing.found or outcome is True
            standing.doubt = outcome if isinstance(outcome, Unknown) else standing.doubt
        standing.heard = len(self._texts)

    def _asked(self, pairs: Sequence[Pair]) -> Known:
        unique = list(dict.fromkeys(pairs))
        return dict(zip(unique, self._ask(unique), strict=True)) if unique else {}
