"""Simulations and explanations as lines of text and as JSON. Nothing is decided here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from groundwire.rules.ruleset import ALLOWED
from groundwire.rules.simulate import Replayed, Tally

_WIDTH = 100


def printed(tally: Tally, changed: Sequence[Replayed], since: datetime, packs: Sequence[str]) -> Iterator[str]:
    """A simulation: what was looked at, what would be otherwise in numbers, and the answers one by one."""
    when = since.strftime("%Y-%m-%d %H:%M")
    yield (
        f"{tally.reports:,} reports since {when} UTC, {tally.claims:,} claims, under {', '.join(packs)}: "
        f"{tally.changed:,} answers would be otherwise."
    )
    if tally.held:
        yield f"{tally.held:,} would not go out: a check could not be made, and the rules say hold."
    if tally.untried:
        names = ", ".join(sorted(tally.untried))
        yield f"{sum(tally.untried.values()):,} times a rule could not be tried: {names}."
    moved = [(before, after, count) for (before, after), count in tally.outcomes.most_common() if before != after]
    yield from _table("answers", ("from", "to"), moved)
    yield from _table("claims", ("from", "to"), [(*pair, count) for pair, count in tally.actions.most_common()])
    yield from _rules_table(tally)
    for replayed in changed:
        yield ""
        yield f"{replayed.created}  {replayed.report}  {replayed.before} → {replayed.after}"
        for change in replayed.changes:
            what = change.text if change.claim else "(the answer as a whole)"
            rule = f"no rule; then {change.before.rule}" if change.after.rule == ALLOWED else change.after.rule
            yield _short(f"  {change.before.action} → {change.after.action}  {rule}  {what}")
    if left := tally.changed - len(changed):
        yield ""
        yield f"{left:,} more; --show 0 lists all."


def _table(what: str, names: tuple[str, str], rows: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    if rows:
        yield ""
        yield f"{what:>10}  {names[0]:<10}  {names[1]}"
        for before, after, count in rows:
            yield f"{count:>10,}  {before:<10}  {after}"


def _rules_table(tally: Tally) -> Iterator[str]:
    names = sorted({*tally.fired, *tally.on_trial})
    if names:
        width = max(len(name) for name in names)
        yield ""
        yield f"{'rule':<{width}}  {'fired':>8}  {'decided':>8}  {'on trial':>8}"
        for name in names:
            yield f"{name:<{width}}  {tally.fired[name]:>8,}  {tally.decided[name]:>8,}  {tally.on_trial[name]:>8,}"


def tally_as_json(tally: Tally, changed: Sequence[Replayed]) -> dict[str, Any]:
    """A simulation as data."""
    return {
        "reports": tally.reports,
        "claims": tally.claims,
        "changed": tally.changed,
        "held": tally.held,
        "untried": dict(tally.untried),
        "outcomes": [{"from": a, "to": b, "answers": count} for (a, b), count in tally.outcomes.most_common()],
        "actions": [{"from": a, "to": b, "claims": count} for (a, b), count in tally.actions.most_common()],
        "by_rule": {
            name: {"fired": tally.fired[name], "decided": tally.decided[name], "on_trial": tally.on_trial[name]}
            for name in sorted({*tally.fired, *tally.on_trial})
        },
        "changes": [_change(replayed) for replayed in changed],
    }


def _change(replayed: Replayed) -> dict[str, Any]:
    return {
        "report": replayed.report,
        "created": replayed.created,
        "from": replayed.before,
        "to": replayed.after,
        "held": replayed.held,
        "claims": [
            {
                "claim": change.claim,
                "text": change.text,
                "from": change.before.model_dump(mode="json"),
                "to": change.after.model_dump(mode="json"),
            }
            for change in replayed.changes
        ],
    }


def explanation(told: Mapping[str, Any]) -> Iterator[str]:
    """What `explained` found, as lines."""
    yield f"{told['report']}: {told['verdict']}"
    if not told["rules_unchanged"]:
        yield "(The rules in force now are not those that decided; this is said from the report alone.)"
    for claim in told["claims"]:
        yield ""
        yield f'{claim["id"]}  "{claim["text"]}"'
        yield from (f"    {line}" for line in claim["lines"])
    if told["answer"]:
        yield ""
        yield "The answer as a whole"
        yield from (f"    {line}" for line in told["answer"]["lines"])


def _short(line: str) -> str:
    line = " ".join(line.split(" "))
    line = line.replace("\n", " ")
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
