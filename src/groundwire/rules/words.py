"""Why an answer was treated as it was, in words: one report in, lines out.

Everything is said from the report itself; the rules in force add why a rule exists, and only where they are the ones
that decided.
"""

from collections.abc import Iterator
from typing import Any

from groundwire.model import Action, CheckedClaim, Decision, Evidence, Patch, Report, Verdict
from groundwire.rules.rule import Rule
from groundwire.rules.ruleset import ALLOWED, RuleSet

_DONE = {
    Action.ALLOW: "Nothing was done",
    Action.FLAG: "It was flagged",
    Action.HEDGE: "It was to carry a mark",
    Action.REWRITE: "It was to be rewritten",
    Action.REMOVE: "It was to be corrected or taken out",
    Action.BLOCK: "The answer was blocked",
}


def explained(report: Report, rules: RuleSet | None = None) -> dict[str, Any]:
    """The decisions of a report as data: `claims` and `answer`, each with `lines` in words.

    `rules`: those in force now; what they say of their reasons is left out where they are not those of the report.
    """
    same = rules is not None and rules.revision == report.revisions.get("rules")
    known = rules if same else None
    return {
        "report": report.id,
        "verdict": report.verdict.value,
        "rules": report.revisions.get("rules", ""),
        "rules_unchanged": same,
        "claims": [
            {
                "id": claim.id,
                "text": claim.text,
                "verdict": claim.verdict.value,
                "reason": claim.reason.value if claim.reason else None,
                "action": claim.decision.action.value,
                "rule": claim.decision.rule,
                "rules": claim.decision.rules,
                "lines": list(_of_claim(report, claim, known)),
            }
            for claim in report.claims
        ],
        "answer": report.decision
        and {
            "action": report.decision.action.value,
            "rule": report.decision.rule,
            "rules": report.decision.rules,
            "lines": list(_of_decision(report.decision, known)),
        },
    }


def _of_claim(report: Report, claim: CheckedClaim, rules: RuleSet | None) -> Iterator[str]:
    yield _verdict(claim)
    yield from _of_decision(claim.decision, rules)
    applied = report.applied
    for patch in report.patches:
        if patch.claim == claim.id:
            yield _edit(patch, done=patch in applied)


def _verdict(claim: CheckedClaim) -> str:
    cited = ", ".join(dict.fromkeys(_source(evidence) for evidence in claim.evidence))
    match claim.verdict:
        case Verdict.SUPPORTED:
            return f"Supported by {cited or 'the evidence'}."
        case Verdict.CONTRADICTED:
            return f"Contradicted by {cited or 'the evidence'}."
        case Verdict.UNSUPPORTED:
            return f"No source says so; nearest is {cited}." if cited else "No source says so."
    return f"Not checked: {claim.reason}." if claim.reason else "Not checked."


def _source(evidence: Evidence) -> str:
    text = " ".join(evidence.text.split())
    return f'{evidence.source} ("{text if len(text) <= 80 else text[:77] + "..."}")'


def _of_decision(decision: Decision, rules: RuleSet | None) -> Iterator[str]:
    if decision.rule == ALLOWED:
        yield "No rule fired, so it was let through."
    else:
        by = f"{_DONE[decision.action]} by {decision.rule} ({decision.severity})"
        yield f"{by}: {decision.message}" if decision.message else f"{by}."
        if rule := rules and rules.get(decision.rule):
            yield from _why(rule)
    if others := [rule for rule in decision.rules if rule != decision.rule]:
        why = "its action is the most severe, or it stands first of those as severe"
        yield f"{', '.join(others)} fired too; {decision.rule} decides because {why}."
    if decision.untried:
        yield f"Could not be tried: {', '.join(decision.untried)}."
    if decision.shadow is not None:
        trial = decision.shadow
        new = [rule for rule in trial.rules if rule not in decision.rules]
        yield f"On trial: {', '.join(new) or trial.rule}; with it, {trial.rule} would {trial.action}."


def _why(rule: Rule) -> Iterator[str]:
    yield f"That rule exists because: {' '.join(rule.about.split())}"
    for source in rule.sources:
        yield f"It serves {source.title}, {source.url}"
    yield f"It fires {fires_when(rule)}."


def fires_when(rule: Rule) -> str:
    """When a rule fires, in words: for `when` alone, `where verdict == "contradicted"`."""
    narrowed = f" where {' '.join(rule.when.split())}" if rule.when else ""
    wordings = " or ".join(f'"{text}"' for text in rule.prohibited or rule.required)
    if rule.prohibited:
        return f"on a statement that says {wordings}{narrowed}"
    if rule.required:
        return f"on an answer{' with a statement' + narrowed if narrowed else ''} that nowhere says {wordings}"
    if rule.pattern:
        where = "an answer" if rule.scope == "answer" else "a statement"
        return f"on {where} in which /{rule.pattern}/ is found{narrowed}"
    return narrowed.strip()


def _edit(patch: Patch, *, done: bool) -> str:
    what = f'"{patch.old}" became "{patch.new}"' if patch.new and patch.old else ""
    what = what or (f'"{patch.new.strip()}" was added' if patch.new else f'"{patch.old.strip()}" was taken out')
    state = "Edit" if done else "Edit proposed and proved, not made" if patch.accepted else "Edit tried and given up"
    return f"{state}: {what}; {patch.reason}." if patch.reason else f"{state}: {what}."
