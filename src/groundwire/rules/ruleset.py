"""Packs, compiled: a judged claim in, one decision out.

Precedence: the most severe action wins (allow, flag, hedge, rewrite, remove, block); among rules with the same
action, the one that stands first, in the order of the packs.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from groundwire.errors import RuleError, VerificationError
from groundwire.model import Action, CheckedClaim, Decision, JudgedClaim, Severity
from groundwire.rules.rule import OnError, Pack, Rule

if TYPE_CHECKING:
    from groundwire.rules.condition import Condition, ConditionError
    from groundwire.rules.pattern import Pattern
    from groundwire.strict_yaml import Document

ALLOWED = "groundwire.allow"
"""What a decision names when no rule fired."""

_ORDER = {action: rank for rank, action in enumerate(Action)}

Pair: TypeAlias = tuple[str, str]
"""What is said, and the statement of a rule that it may entail."""


class Unknown(NamedTuple):
    """It could not be found out, and why."""

    why: str


Known: TypeAlias = Mapping[Pair, float | Unknown]
"""The probability, 0 to 1, that the first of a pair entails the second."""

Fires: TypeAlias = bool | Unknown

_UNASKED = Unknown("no entailment model was asked")


class Compiled(NamedTuple):
    """A rule, ready to be tried."""

    rule: Rule
    condition: "Condition | None"
    pattern: "Pattern | None"


class RuleSet:
    """Rules in force. `revision` is a hash of their `content` (the packs as JSON), `names` are the packs in order.

    `on_claims` are the rules that speak of single statements, `on_answers` those that speak of the answer as a whole.
    Immutable; safe to share between threads.
    """

    def __init__(self, packs: Iterable[tuple[Pack, "Document"]]) -> None:
        """Compile conditions and patterns. Raises: RuleError with the place of the first that is not one."""
        packs = tuple(packs)
        compiled = [
            _compiled(rule, document, number) for pack, document in packs for number, rule in enumerate(pack.rules)
        ]
        self._take([pack for pack, _ in packs], compiled)

    def _take(self, packs: Sequence[Pack], compiled: Sequence[Compiled]) -> None:
        self._packs, self._compiled = tuple(packs), tuple(compiled)
        self.names = tuple(pack.pack for pack in packs)
        self.rules: tuple[Rule, ...] = tuple(entry.rule for entry in compiled)
        self.on_claims = tuple(entry for entry in compiled if not entry.rule.whole_answer)
        self.on_answers = tuple(entry for entry in compiled if entry.rule.whole_answer)
        self.four_eyes = frozenset(rule.id for rule in self.rules if rule.four_eyes)
        self._by_id = {rule.id: rule for rule in self.rules}
        content = [pack.model_dump(mode="json", exclude_defaults=True) for pack in packs if pack.rules]
        self.content = json.dumps(content, sort_keys=True)
        self.revision = hashlib.sha256(self.content.encode("utf-8")).hexdigest()[:16]

    def changed(self, rules: Mapping[str, Rule | None]) -> "RuleSet":
        """These rules with others in the place of some, by id, and without those that are None.

        What a rule looks for (`when`, `pattern`) stays as it was compiled.
        """
        new = RuleSet(())
        entries = ((entry, rules.get(entry.rule.id, entry.rule)) for entry in self._compiled)
        kept = [entry._replace(rule=rule) for entry, rule in entries if rule is not None]
        by_id = {entry.rule.id: entry.rule for entry in kept}
        new._take(
            [
                pack.model_copy(update={"rules": tuple(by_id[rule.id] for rule in pack.rules if rule.id in by_id)})
                for pack in self._packs
            ],
            kept,
        )
        return new

    @property
    def statements(self) -> bool:
        """Whether any rule needs an entailment model."""
        return any(rule.prohibited or rule.required for rule in self.rules)

    def get(self, id: str) -> Rule | None:
        """The rule of this id."""
        return self._by_id.get(id)

    def decide(
        self,
        claim: JudgedClaim,
        request: Mapping[str, Any] | None = None,
        *,
        answer: str = "",
        known: Known | None = None,
    ) -> Decision:
        """What is to be done about a claim. Without a rule that fires: allow, by `groundwire.allow`.

        `request`: `model`, `user` and `metadata` of the request. `answer`: its text as far as it is known. `known`:
        what the entailment model said of the claim and prohibited statements. A rule that could not be tried, for its
        condition or for the model, is named in `untried`, and the decision is then never to allow.
        """
        from groundwire.rules.condition import facts

        outcomes = self.tried(claim, facts(claim, request, answer), answer)
        return self.ruled(self.completed(outcomes, claim, known or {}))

    def tried(self, claim: JudgedClaim, facts: Mapping[str, Any], answer: str) -> list[tuple[Rule, Fires]]:
        """Which rules fire on the claim; of prohibitions, which look at it: the model is still to be asked."""
        return [(entry.rule, _looks(entry, claim, answer, facts)) for entry in self.on_claims]

    def completed(
        self, outcomes: Sequence[tuple[Rule, Fires]], claim: JudgedClaim, known: Known
    ) -> list[tuple[Rule, Fires]]:
        """The outcomes of `tried` with what the model said of prohibitions."""
        return [
            (rule, said(claim.text, rule.prohibited, rule.threshold, known))
            if outcome is True and rule.prohibited
            else (rule, outcome)
            for rule, outcome in outcomes
        ]

    def ruled(self, outcomes: Sequence[tuple[Rule, Fires]]) -> Decision:
        """One decision out of what each rule said."""
        live = [(rule, outcome) for rule, outcome in outcomes if not rule.shadow]
        decision = _ruled(live)
        if any(rule.shadow and outcome is not False for rule, outcome in outcomes):
            return decision.model_copy(update={"shadow": _ruled(outcomes)})
        return decision

    def on_error(self, claim: CheckedClaim) -> OnError | None:
        """What happens to the answer when this claim could not be checked: `open` lets it pass, `closed` holds it.

        The setting of the most severe rule that fired on the claim and has one; None leaves it to the configuration.
        """
        fired = [self._by_id[rule] for rule in claim.decision.rules if rule in self._by_id]
        speaking = [rule for rule in fired if rule.on_error]
        return _most_severe(speaking).on_error if speaking else None

    def held(self, decision: Decision, default: OnError) -> str | None:
        """Why the answer is held for a rule that could not be tried, if so. `default`: for rules without on_error."""
        for id in decision.untried:
            rule = self._by_id.get(id)
            if ((rule and rule.on_error) or default) == "closed":
                return f'the rule "{id}" could not be tried'
        return None


def said(text: str, statements: Sequence[str], threshold: float, known: Known) -> Fires:
    """Whether the text says one of the statements. Unknown where the model failed and none of the others is said."""
    answers = [known.get((text, statement), _UNASKED) for statement in statements]
    if any(not isinstance(answer, Unknown) and answer >= threshold for answer in answers):
        return True
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def holds(entry: Compiled, known: Mapping[str, Any]) -> Fires:
    """Whether the rule's condition holds; true without one."""
    try:
        return entry.condition is None or entry.condition.holds(known)
    except VerificationError as error:
        return Unknown(str(error))


def _looks(entry: Compiled, claim: JudgedClaim, answer: str, known: Mapping[str, Any]) -> Fires:
    if entry.pattern is not None and not entry.pattern.found_in(claim.text):
        own = claim.span.of(answer)  # the words with their Markdown and pronouns, where the answer is at hand
        if not own or own == claim.text or not entry.pattern.found_in(own):
            return False
    return holds(entry, known)


def _ruled(outcomes: Sequence[tuple[Rule, Fires]]) -> Decision:
    fired = [rule for rule, outcome in outcomes if outcome is True]
    untried = [(rule, outcome) for rule, outcome in outcomes if isinstance(outcome, Unknown)]
    names, unclear = tuple(rule.id for rule in fired), tuple(rule.id for rule, _ in untried)
    deciding = _most_severe(fired) if fired else None
    if untried and (deciding is None or deciding.do is Action.ALLOW):
        rule, unknown = untried[0]
        return Decision(
            action=Action.FLAG,
            rule=rule.id,
            severity=Severity.HIGH,
            message=f'The rule "{rule.id}" could not be tried: {unknown.why}',
            rules=names,
            untried=unclear,
        )
    if deciding is None:
        return Decision(action=Action.ALLOW, rule=ALLOWED)
    return Decision(
        action=deciding.do,
        rule=deciding.id,
        severity=deciding.severity,
        message=deciding.message,
        rules=names,
        untried=unclear,
    )


def _most_severe(rules: Iterable[Rule]) -> Rule:
    """The first among the rules with the most severe action."""
    return max(rules, key=lambda rule: _ORDER[rule.do])


def _compiled(rule: Rule, document: "Document", number: int) -> Compiled:
    condition = _condition(rule, document, number) if rule.when else None
    pattern = _pattern(rule, document, number) if rule.pattern else None
    return Compiled(rule, condition, pattern)


def _pattern(rule: Rule, document: "Document", number: int) -> "Pattern":
    from groundwire.rules.pattern import Pattern, PatternError

    try:
        return Pattern(rule.pattern)
    except PatternError as problem:
        where = document.where(("rules", number, "pattern"))
        raise RuleError(f"{where} pattern", f"{problem}.", "a regular expression in RE2's syntax") from None


def _condition(rule: Rule, document: "Document", number: int) -> "Condition":
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
