"""Rules are tested code: `run_examples` tries each rule on its own examples."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from groundwire.model import Decision, JudgedClaim, Reason, Report, Verdict
from groundwire.rules.hearing import Ask, Hearing, nobody
from groundwire.rules.rule import Example, Rule
from groundwire.rules.ruleset import RuleSet

Check: TypeAlias = Callable[[str, Sequence[str], Sequence[Sequence[str]]], Report]
"""Answer, passages and facts in, Report out: how examples are checked is the caller's business."""


class ExampleResult(NamedTuple):
    """One example, tried. `fired` names all rules that fired on the answer, in the order of its claims.

    `untried` names those that could not be tried: an example of one of them has not passed.
    """

    rule: str
    number: int
    example: Example
    passed: bool
    fired: tuple[str, ...]
    verdicts: tuple[str, ...]
    untried: tuple[str, ...] = ()


def run_examples(rules: RuleSet, check: Check, ask: Ask = nobody) -> list[ExampleResult]:
    """Try every rule on its examples. A rule fires on an answer when it fires on any of its claims, or on it whole.

    `ask` is the entailment model's answer to what `prohibit` and `require` ask.
    """
    return [
        _tried(rules, rule, number, example, check, ask)
        for rule in rules.rules
        for number, example in enumerate(rule.examples, start=1)
    ]


def _tried(rules: RuleSet, rule: Rule, number: int, example: Example, check: Check, ask: Ask) -> ExampleResult:
    claims: Sequence[JudgedClaim] = check(example.answer, example.passages, example.knowledge).claims
    if example.unchecked:
        claims = [_broken(claim, Reason(example.unchecked)) for claim in claims if claim.checkable]
    hearing = Hearing(rules, example.request, ask)
    decisions = [_with_trials(decision) for decision in hearing.decide(claims, example.answer)]
    if whole := hearing.ended():
        decisions.append(_with_trials(whole))
    fired = dict.fromkeys(name for decision in decisions for name in decision.rules)
    untried = dict.fromkeys(name for decision in decisions for name in decision.untried)
    verdicts = tuple(f"{claim.verdict}: {claim.reason}" if claim.reason else str(claim.verdict) for claim in claims)
    passed = (rule.id in fired) == (example.expect == "fires") and rule.id not in untried
    return ExampleResult(rule.id, number, example, passed, tuple(fired), verdicts, tuple(untried))


def _with_trials(decision: Decision) -> Decision:
    """The decision as if rules on trial counted: their examples are tried like all others."""
    return decision.shadow or decision


def _broken(claim: JudgedClaim, reason: Reason) -> JudgedClaim:
    """The claim as it would be had its check ended with `reason`."""
    return claim.model_copy(
        update={"verdict": Verdict.UNCHECKED, "reason": reason, "confidence": None, "risk": 0.5, "evidence": ()}
    )
