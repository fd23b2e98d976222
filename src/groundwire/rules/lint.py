"""What a rule author should look at before anybody relies on a pack.

In: packs by name or path. Out: problems, each with its place: what does not load, rules that can never decide or
never fire, rules that contradict each other, too few examples, a domain's rule without the regulation it serves.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from groundwire.errors import RuleError, VerificationError
from groundwire.model import Action, Kind, Reason, Verdict
from groundwire.rules.load import LoadedPack, files_of, read_pack
from groundwire.rules.rule import Rule
from groundwire.rules.ruleset import RuleSet

ENOUGH = 2

# What a condition may compare with, where that is not any text.
_VALUES: Mapping[str, tuple[str, ...]] = {
    "verdict": tuple(Verdict),
    "reason": ("", *Reason),
    "claim.kind": tuple(Kind),
}
_COMPARED = re.compile(r"""(?<![\w.])(verdict|reason|claim\.kind)\s*[!=]=\s*(?:"([^"]*)"|'([^']*)')""")

# Every verdict with every reason that it may have.
_CASES = tuple(
    (verdict, reason) for verdict in Verdict for reason in (tuple(Reason) if verdict is Verdict.UNCHECKED else ("",))
)
_ORDER = {action: rank for rank, action in enumerate(Action)}


class Problem(NamedTuple):
    """Something that a rule author should look at. `where` is file:line:column."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class _Placed(NamedTuple):
    """A rule, where it stands, and in which cases its condition holds."""

    rule: Rule
    pack: LoadedPack
    number: int
    never: frozenset[int]  # of _CASES: does not hold, whatever else is the case
    always: frozenset[int]

    def where(self, *fields: str) -> str:
        """The place of the first of these fields that the rule has."""
        written = self.pack.pack.rules[self.number].model_fields_set
        field = next((field for field in fields if field in written), "id")
        return self.pack.document.where(("rules", self.number, field))


def lint(*packs: str | Path) -> list[Problem]:
    """Problems of packs (names, files or folders) that are used together, in this order.

    Raises nothing for what is in a file; RuleError when there is no such pack.
    """
    problems: list[Problem] = []
    placed: list[_Placed] = []
    for file in [file for pack in packs for file in files_of(str(pack))]:
        try:
            loaded = read_pack(file)
            RuleSet([loaded])
        except RuleError as error:
            problems.append(Problem(error.where, f"{error.what} {error.expected}".rstrip()))
            continue
        rules = [_placed(loaded, number) for number in range(len(loaded.pack.rules))]
        placed += rules
        problems += [problem for rule in rules for problem in _alone(rule)]
    for first, second in combinations(placed, 2):
        problems += _together(first, second)
    return problems


def _alone(placed: _Placed) -> Iterator[Problem]:
    rule, pack = placed.rule, placed.pack.pack
    for expect, verb in (("fires", "fires"), ("quiet", "stays quiet")):
        count = sum(example.expect == expect for example in rule.examples)
        if count < ENOUGH:
            what = f'"{rule.id}" has {count} of at least {ENOUGH} examples on which it {verb}.'
            yield Problem(placed.where("id"), what)
    if pack.domain and not rule.sources:
        what = f'"{rule.id}" names no source, and {pack.domain} is a domain: say which regulation it serves.'
        yield Problem(placed.where("id"), what)
    yield from _impossible(placed)
    if rule.prohibited and rule.do is Action.REWRITE:
        what = (
            f'"{rule.id}" rewrites what it prohibits: a statement that is supported has no other value to put in its '
            "place. Expected remove, hedge, flag or block."
        )
        yield Problem(placed.where("do"), what)


def _impossible(placed: _Placed) -> Iterator[Problem]:
    from groundwire.strict_yaml import nearest

    misspelt = False
    for name, double, single in _COMPARED.findall(placed.rule.when):
        value = double or single
        if value not in _VALUES[name]:
            misspelt = True
            known = ", ".join(each or '""' for each in _VALUES[name])
            what = f'{name} is never "{value}".{nearest(value, _VALUES[name])} It is one of {known}.'
            yield Problem(placed.where("when"), what)
    if len(placed.never) == len(_CASES) and not misspelt:
        yield Problem(placed.where("when"), f'"{placed.rule.id}" never fires: its condition holds of no verdict.')


def _together(first: _Placed, second: _Placed) -> Iterator[Problem]:
    one, other = first.rule, second.rule
    if one.id == other.id:
        yield Problem(second.where("id"), f'"{other.id}" is also in {first.pack.document.name}.')
        return
    for requiring, prohibiting in ((one, other), (other, one)):
        if same := _shared(requiring.required, prohibiting.prohibited):
            what = f'"{requiring.id}" requires what "{prohibiting.id}" prohibits: "{same}".'
            yield Problem(second.where("require", "prohibit"), what)
    if one.shadow or other.shadow:
        return
    where = second.where("when", "prohibit", "require", "pattern")
    if _same(one, other):
        loser = _weaker(one, other)
        yield Problem(where, f'"{other.id}" has the condition of "{one.id}"; "{loser.id}" never decides.')
        if one.on_error and other.on_error and one.on_error != other.on_error:
            what = f'"{other.id}" says on_error: {other.on_error}, and "{one.id}" says {one.on_error}, of the same.'
            yield Problem(second.where("on_error"), what)
        return
    weak, strong = (first, second) if _weaker(one, other) is one else (second, first)
    if len(weak.never) < len(_CASES) and _covers(strong, weak):
        what = f'"{weak.rule.id}" never decides: whenever it fires, so does "{strong.rule.id}", which goes before it.'
        yield Problem(weak.where("when", "prohibit", "pattern"), what)


def _same(one: Rule, other: Rule) -> bool:
    return one.when.split() == other.when.split() and _looks_for(one) == _looks_for(other)


def _looks_for(rule: Rule) -> tuple[object, ...]:
    return rule.pattern, rule.scope, frozenset(rule.prohibited), frozenset(rule.required), rule.threshold


def _covers(strong: _Placed, weak: _Placed) -> bool:
    """Whether the strong rule surely fires wherever the weak one may."""
    if strong.rule.whole_answer or weak.rule.whole_answer:
        return False
    narrowed = strong.rule.pattern or strong.rule.prohibited
    if narrowed and _looks_for(strong.rule) != _looks_for(weak.rule):
        return False
    return frozenset(range(len(_CASES))) - weak.never <= strong.always


def _weaker(one: Rule, other: Rule) -> Rule:
    """The one that does not decide where both fire. `one` stands first."""
    return one if _ORDER[other.do] > _ORDER[one.do] else other


def _shared(one: Sequence[str], other: Sequence[str]) -> str | None:
    plain = {" ".join(text.casefold().split()).rstrip(".") for text in other}
    return next((text for text in one if " ".join(text.casefold().split()).rstrip(".") in plain), None)


def _placed(loaded: LoadedPack, number: int) -> _Placed:
    rule = loaded.pack.rules[number]
    every = frozenset(range(len(_CASES)))
    if not rule.when:
        return _Placed(rule, loaded, number, never=frozenset(), always=every)
    from groundwire.rules.condition import Condition

    condition = Condition(rule.when)
    outcomes = [_in_case(condition, verdict, reason) for verdict, reason in _CASES]
    never = frozenset(place for place, outcome in enumerate(outcomes) if outcome is False)
    always = frozenset(place for place, outcome in enumerate(outcomes) if outcome is True)
    return _Placed(rule, loaded, number, never, always)


def _in_case(condition: object, verdict: str, reason: str) -> bool | None:
    """Whether a condition holds by verdict and reason alone; None where more must be known."""
    from groundwire.rules.condition import Condition

    assert isinstance(condition, Condition)  # noqa: S101 - the type is loaded late
    try:
        return condition.holds({"verdict": str(verdict), "reason": str(reason)})
    except VerificationError:
        return None
