"""A report as text: the revised answer plain, as a unified diff, or as Markdown with the evidence in footnotes.

In: a Report. Out: text. The revised answer has every edit that was proved, those that the rules only propose too.
"""

import difflib
import re
from collections.abc import Iterator

from groundwire.model import Action, CheckedClaim, Evidence, Patch, Report, Verdict
from groundwire.rewrite.patches import chosen, moved

LABEL = "gw"
"""What footnotes are called, `[^gw1]`, so that they do not take the names of the answer's own."""

EXCERPT = 200

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MARKUP = re.compile(r"([\\`*_\[\]<>|~#$!&])")
_TITLES = {
    Verdict.SUPPORTED: "supported",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.UNSUPPORTED: "not supported by the given sources",
    Verdict.UNCHECKED: "not checked",
}


def diff(report: Report, *, context: int = 3) -> str:
    """From the answer to the revised answer, as `patch` and `git apply` read it; empty where nothing was edited."""
    before, after = _LINE.findall(report.answer), _LINE.findall(report.revised)
    lines = difflib.unified_diff(before, after, "answer", "revised", n=context)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def annotated(report: Report) -> str:
    """The revised answer in Markdown; every statement that could be checked has a footnote with verdict and evidence.

    The words of structured output stay as they are: its notes name the place by a JSON Pointer and have no mark.
    """
    claims = [claim for claim in report.claims if claim.checkable]
    patches = chosen(report.patches)
    marks: dict[int, str] = {}
    for number, claim in enumerate(claims, start=1):
        if claim.pointer is None:
            place = _past_stop(report.revised, moved(claim.span, patches).end)
            marks[place] = marks.get(place, "") + f"[^{LABEL}{number}]"
    pieces, at = [], 0
    for place in sorted(marks):
        pieces += [report.revised[at:place], marks[place]]
        at = place
    text = "".join([*pieces, report.revised[at:]]).rstrip("\n")
    if claims and any(claim.pointer is not None for claim in claims):
        text = f"```\n{text}\n```"
    notes = [_note(report, claim, number) for number, claim in enumerate(claims, start=1)]
    return "\n\n".join([*_heading(report), text, *notes]) + "\n"


def _past_stop(text: str, place: int) -> int:
    """Behind the stop and the marks that close a statement: there a footnote stands."""
    while text[place : place + 1] and text[place] in '.!?;:,*_~`)"”’':
        place += 1
    return place


def _heading(report: Report) -> Iterator[str]:
    decision = report.decision
    if decision is not None and decision.action is not Action.ALLOW:
        yield f"> **{decision.action}** by `{decision.rule}`: {_plain(decision.message)}"


def _note(report: Report, claim: CheckedClaim, number: int) -> str:
    where = f" at `{claim.pointer}`" if claim.pointer is not None else ""
    reason = f" ({claim.reason})" if claim.reason else ""
    parts = [f"**{_TITLES[claim.verdict]}**{reason}{where}: {_plain(claim.text)}"]
    parts += [_source(evidence) for evidence in dict.fromkeys(claim.evidence)]
    done = set(report.applied)
    parts += [_edit(patch, patch in done) for patch in report.patches if patch.claim == claim.id and patch.accepted]
    if claim.decision.action is not Action.ALLOW:
        parts.append(f"{claim.decision.action} by `{claim.decision.rule}`: {_plain(claim.decision.message)}")
    label = f"[^{LABEL}{number}]: " if claim.pointer is None else "- "
    return label + "; ".join(part.rstrip(" ;") for part in parts)


def _source(evidence: Evidence) -> str:
    if evidence.path:
        said = "; ".join(f"{triple.subject} — {triple.relation} → {triple.object}" for triple in evidence.path)
    else:
        said = " ".join(evidence.text.split())
        said = f"“{said if len(said) <= EXCERPT else said[: EXCERPT - 1].rsplit(' ', 1)[0] + '…'}”"
    return f"{_plain(evidence.source)}: {_plain(said)}"


def _edit(patch: Patch, done: bool) -> str:
    old, new = _plain(patch.old.strip()), _plain(patch.new.strip())
    what = f"“{old}” became “{new}”" if old and new else f"“{new}” was added" if new else f"“{old}” was taken out"
    return what if done else f"proposed: {what}"


def _plain(text: str) -> str:
    """Words of models and documents as words: on one line, and nothing in them is markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
