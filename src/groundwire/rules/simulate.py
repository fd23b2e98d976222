"""What other rules would have done with answers of the past.

In: stored reports with their requests, and the rules to try. Out: for each what would be decided otherwise. Claims
and verdicts stay as they were found then; only the rules are asked anew. Nothing is edited: an answer counts as
rewritten where a rule would edit a claim and the edit is a mark, a deletion or one that was proved then.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from groundwire.model import Action, Decision, Outcome, Reason, Report, Verdict
from groundwire.rules.hearing import Ask, Hearing, nobody
from groundwire.rules.rule import OnError
from groundwire.rules.ruleset import ALLOWED, RuleSet

_UNMADE = (Reason.ERROR, Reason.DEADLINE)


class Change(NamedTuple):
    """One claim, or the answer as a whole (`claim` is empty), about which something else would be decided."""

    claim: str
    text: str
    before: Decision
    after: Decision


class Replayed(NamedTuple):
    """One report under other rules. `held`: the answer would not go out, for a check that could not be made."""

    report: str
    created: str
    before: Outcome
    after: Outcome
    held: bool
    claims: int
    decisions: tuple[Decision, ...]
    changes: tuple[Change, ...]


@dataclass
class Tally:
    """What many replayed reports come to."""

    reports: int = 0
    claims: int = 0
    changed: int = 0
    held: int = 0
    actions: Counter[tuple[Action, Action]] = field(default_factory=Counter)
    outcomes: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    on_trial: Counter[str] = field(default_factory=Counter)
    untried: Counter[str] = field(default_factory=Counter)

    def add(self, replayed: Replayed) -> None:
        self.reports += 1
        self.claims += replayed.claims
        self.changed += bool(replayed.changes or replayed.before is not replayed.after)
        self.held += replayed.held
        self.outcomes[replayed.before, replayed.after] += 1
        for change in replayed.changes:
            self.actions[change.before.action, change.after.action] += 1
        for decision in replayed.decisions:
            self.fired.update(decision.rules)
            self.untried.update(decision.untried)
            if decision.rule != ALLOWED:
                self.decided[decision.rule] += 1
            if decision.shadow is not None:
                self.on_trial.update(set(decision.shadow.rules) - set(decision.rules))


def simulate(
    rules: RuleSet,
    reports: Iterable[tuple[Report, Mapping[str, Any] | None]],
    ask: Ask = nobody,
    default: OnError = "closed",
) -> Iterator[Replayed]:
    """Replay reports, each with the request that it belongs to, in their order.

    `default`: what the configuration says of checks that could not be made.
    """
    for report, request in reports:
        yield _replayed(rules, report, request, ask, default)


def _replayed(
    rules: RuleSet, report: Report, request: Mapping[str, Any] | None, ask: Ask, default: OnError
) -> Replayed:
    hearing = Hearing(rules, request, ask, default)
    decisions = hearing.decide(report.claims, report.answer)
    whole = hearing.ended()
    changes = [
        Change(claim.id, claim.text, claim.decision, decision)
        for claim, decision in zip(report.claims, decisions, strict=True)
        if decision.action is not claim.decision.action
    ]
    nothing = Decision(action=Action.ALLOW, rule=ALLOWED)
    if (whole or nothing).action is not (report.decision or nothing).action:
        changes.append(Change("", report.answer, report.decision or nothing, whole or nothing))
    every = [*decisions, *([whole] if whole else [])]
    held = _held(rules, report, decisions, whole, default)
    return Replayed(
        report=report.id,
        created=report.created.isoformat(timespec="seconds"),
        before=report.verdict,
        after=_outcome(report, decisions, every, held),
        held=held,
        claims=len(report.claims),
        decisions=tuple(every),
        changes=tuple(changes),
    )


def _held(
    rules: RuleSet, report: Report, decisions: Sequence[Decision], whole: Decision | None, default: OnError
) -> bool:
    for claim, decision in zip(report.claims, decisions, strict=True):
        # An old rule that could not be tried left its claim unchecked: that says nothing about the new ones.
        unmade = claim.verdict is Verdict.UNCHECKED and claim.reason in _UNMADE and not claim.decision.untried
        setting = rules.on_error(claim.model_copy(update={"decision": decision})) or default
        if (unmade and setting == "closed") or rules.held(decision, default):
            return True
    return whole is not None and rules.held(whole, default) is not None


def _outcome(report: Report, decisions: Sequence[Decision], every: Sequence[Decision], held: bool) -> Outcome:
    if any(decision.action is Action.BLOCK for decision in every):
        return Outcome.BLOCKED
    if held:
        return Outcome.UNCHECKED
    proved = {patch.claim for patch in report.patches if patch.accepted}
    for claim, decision in zip(report.claims, decisions, strict=True):
        marks = decision.action is Action.HEDGE and claim.pointer is None
        cuts = decision.action is Action.REMOVE and claim.pointer is None
        if marks or cuts or (decision.action.edits and claim.id in proved):
            return Outcome.REWRITTEN
    if any(decision.action is not Action.ALLOW for decision in every):
        return Outcome.FLAGGED
    if any(claim.checkable and claim.verdict is Verdict.UNCHECKED for claim in report.claims):
        return Outcome.UNCHECKED
    return Outcome.CLEAN
