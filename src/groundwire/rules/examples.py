"""Rules are tested code: `lint` reads a pack for mistakes, `run_examples` tries each rule on its own examples."""

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, TypeAlias

from groundwire.errors import RuleError
from groundwire.model import JudgedClaim, Reason, Report, Verdict
from groundwire.rules.load import LoadedPack, files_of, read_pack
from groundwire.rules.rule import Example, Rule
from groundwire.rules.ruleset import RuleSet

Check: TypeAlias = Callable[[str, Sequence[str], Sequence[Sequence[str]]], Report]
"""Answer, passages and facts in, Report out: how examples are checked is the caller's business."""

ENOUGH = 2


class Problem(NamedTuple):
    """Something that a rule author should look at. `where` is file:line:column."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ExampleResult(NamedTuple):
    """One example, tried. `fired` names all rules that fired on the answer, in the order of its claims."""

    rule: str
    number: int
    example: Example
    passed: bool
    fired: tuple[str, ...]
    verdicts: tuple[str, ...]


def lint(path: str | Path) -> list[Problem]:
    """Problems of a pack (a name, a file or a folder): what stops it from loading, and what makes it untrustworthy.

    Raises nothing for what is in a file; RuleError when there is no such pack.
    """
    problems: list[Problem] = []
    for file in files_of(str(path)):
        try:
            pack = read_pack(file)
            RuleSet([pack])
        except RuleError as error:
            problems.append(Problem(error.where, f"{error.what} {error.expected}".rstrip()))
        else:
            problems += _read_closely(pack)
    return problems


def _read_closely(loaded: LoadedPack) -> list[Problem]:
    pack, document = loaded
    problems = []
    for number, rule in enumerate(pack.rules):
        for expect, verb in (("fires", "fires"), ("quiet", "stays quiet")):
            count = sum(example.expect == expect for example in rule.examples)
            if count < ENOUGH:
                where = document.where(("rules", number, "id"))
                what = f'"{rule.id}" has {count} of at least {ENOUGH} examples on which it {verb}.'
                problems.append(Problem(where, what))
    for (_, first), (number, second) in combinations(enumerate(pack.rules), 2):
        if _same(first, second):
            where = document.where(("rules", number, "when"))
            problems.append(Problem(where, f'"{second.id}" has the condition of "{first.id}"; {_loser(first, second)}'))
    return problems


def _same(first: Rule, second: Rule) -> bool:
    return first.when.split() == second.when.split()


def _loser(first: Rule, second: Rule) -> str:
    order = list(type(first.do))
    loser = first if order.index(second.do) > order.index(first.do) else second
    return f'"{loser.id}" never decides.'


def run_examples(rules: RuleSet, check: Check) -> list[ExampleResult]:
    """Try every rule on its examples. A rule fires on an answer when it fires on any of its claims."""
    return [
        _tried(rules, rule, number, example, check)
        for rule in rules.rules
        for number, example in enumerate(rule.examples, start=1)
    ]


def _tried(rules: RuleSet, rule: Rule, number: int, example: Example, check: Check) -> ExampleResult:
    claims: Sequence[JudgedClaim] = check(example.answer, example.passages, example.knowledge).claims
    if example.unchecked:
        claims = [_broken(claim, Reason(example.unchecked)) for claim in claims if claim.checkable]
    decisions = [rules.decide(claim, answer=example.answer) for claim in claims]
    fired = dict.fromkeys(name for decision in decisions for name in decision.rules)
    verdicts = tuple(f"{claim.verdict}: {claim.reason}" if claim.reason else str(claim.verdict) for claim in claims)
    passed = (rule.id in fired) == (example.expect == "fires")
    return ExampleResult(rule.id, number, example, passed, tuple(fired), verdicts)


def _broken(claim: JudgedClaim, reason: Reason) -> JudgedClaim:
    """The claim as it would be had its check ended with `reason`."""
    return claim.model_copy(
        update={"verdict": Verdict.UNCHECKED, "reason": reason, "confidence": None, "risk": 0.5, "evidence": ()}
    )
