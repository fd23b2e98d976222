"""Packs, compiled: a judged claim in, one decision out.

Precedence: the most severe action wins (allow, flag, hedge, rewrite, remove, block); among rules with the same
action, the one that stands first, in the order of the packs.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from groundwire.errors import RuleError, VerificationError
from groundwire.model import Action, CheckedClaim, Decision, JudgedClaim
from groundwire.rules.rule import OnError, Pack, Rule

if TYPE_CHECKING:
    from groundwire.rules.condition import Condition, ConditionError
    from groundwire.strict_yaml import Document

ALLOWED = "groundwire.allow"
"""What a decision names when no rule fired."""

_ORDER = {action: rank for rank, action in enumerate(Action)}


class _Compiled(NamedTuple):
    rule: Rule
    condition: "Condition"


class RuleSet:
    """Rules in force. `revision` is a hash of their `content` (the packs as JSON), `names` are the packs in order.

    Immutable; safe to share between threads.
    """

    def __init__(self, packs: Iterable[tuple[Pack, "Document"]]) -> None:
        """Compile every condition. Raises: RuleError with the place of the first that is not one."""
        packs = tuple(packs)
        self.names = tuple(pack.pack for pack, _ in packs)
        self._rules = tuple(
            _Compiled(rule, _compiled(rule, document, number))
            for pack, document in packs
            for number, rule in enumerate(pack.rules)
        )
        self._by_id = {entry.rule.id: entry.rule for entry in self._rules}
        self.content = json.dumps([pack.model_dump(mode="json") for pack, _ in packs], sort_keys=True)
        self.revision = hashlib.sha256(self.content.encode("utf-8")).hexdigest()[:16]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order in which ties are decided."""
        return tuple(entry.rule for entry in self._rules)

    def decide(self, claim: JudgedClaim, request: Mapping[str, Any] | None = None, *, answer: str = "") -> Decision:
        """What is to be done about a claim. Without a rule that fires: allow, by `groundwire.allow`.

        `request`: `model`, `user` and `metadata` of the request. `answer`: its text as far as it is known.
        Raises: VerificationError naming the rule whose condition could not be evaluated. The claim is then one that
        could not be checked; it must not pass as if no rule had fired.
        """
        fired = self._fired(claim, request, answer)
        if not fired:
            return Decision(action=Action.ALLOW, rule=ALLOWED)
        deciding = _most_severe(fired)
        return Decision(
            action=deciding.do,
            rule=deciding.id,
            severity=deciding.severity,
            message=deciding.message,
            rules=tuple(rule.id for rule in fired),
        )

    def on_error(self, claim: CheckedClaim) -> OnError | None:
        """What happens to the answer when this claim could not be checked: `open` lets it pass, `closed` holds it.

        The setting of the most severe rule that fired on the claim and has one; None leaves it to the configuration.
        """
        fired = [self._by_id[rule] for rule in claim.decision.rules if rule in self._by_id]
        speaking = [rule for rule in fired if rule.on_error]
        return _most_severe(speaking).on_error if speaking else None

    def _fired(self, claim: JudgedClaim, request: Mapping[str, Any] | None, answer: str) -> list[Rule]:
        from groundwire.rules.condition import facts

        known = facts(claim, request, answer)
        fired = []
        for rule, condition in self._rules:
            try:
                if condition.holds(known):
                    fired.append(rule)
            except VerificationError as error:
                raise VerificationError(f'rule "{rule.id}": {error}') from error
        return fired


def _most_severe(rules: Iterable[Rule]) -> Rule:
    """The first among the rules with the most severe action."""
    return max(rules, key=lambda rule: _ORDER[rule.do])


def _compiled(rule: Rule, document: "Document", number: int) -> "Condition":
    from groundwire.rules.condition import VARIABLES, Condition, ConditionError
    from groundwire.strict_yaml import nearest

    try:
        return Condition(rule.when)
    except ConditionError as problem:
        name = problem.what.partition("undeclared reference to '")[2].partition("'")[0]
        known = f" Known: {', '.join(VARIABLES)}." if name else ""
        where = _where(document, ("rules", number, "when"), problem)
        raise RuleError(f"{where} when", f"{problem.what}.{nearest(name, VARIABLES)}{known}") from None


def _where(document: "Document", loc: tuple[str | int, ...], problem: "ConditionError") -> str:
    """The place of the mistake where the file has the condition in one piece on a line, else that of the condition."""
    line, column = document.place(loc)
    lines = document.text.splitlines()
    written = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    source: Any = document.data
    for part in loc:
        source = source[part]
    for mark in ("", '"', "'"):
        if problem.line == 1 and written.startswith(mark + source):
            return f"{document.name}:{line}:{column + len(mark) + problem.column - 1}"
    return document.where(loc)
