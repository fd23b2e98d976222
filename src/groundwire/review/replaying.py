"""A stored report, made again from what was stored of its inputs, and compared with what it said then."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.evidence import Document
from groundwire.model import Outcome, Report
from groundwire.review.database import Database
from groundwire.review.sql import read
from groundwire.review.store import INPUTS
from groundwire.review.tables import reports, rulesets


@dataclass(frozen=True)
class Stored:
    """A report, and what it was made from. `notes` say what of that was not stored."""

    report: Report
    documents: tuple[Document, ...]
    traits: Mapping[str, Any]
    packs: str | None
    mode: str = "hold"
    notes: list[str] = field(default_factory=list)


def stored(database: Database, id: str) -> Stored:
    """Read a report with its inputs. Raises: InputError where there is none, or none with content."""
    columns = (reports.c.body, reports.c.request, reports.c.content)
    with database.reading() as connection:
        row = connection.execute(sa.select(*columns).where(reports.c.id == id)).first()
        if row is None:
            raise InputError("report", f"there is no {id!r:.140}.", "the id of a stored report")
        if row.body is None:
            raise InputError("report", f"{id} has no content any more ({row.content}).", "a report with its content")
        report = read(database.shown, id, row.body)
        revision = report.revisions.get("rules", "")
        packs = connection.scalar(sa.select(rulesets.c.packs).where(rulesets.c.revision == revision))
    request = json.loads(row.request) if row.request else {}
    given = request.pop(INPUTS, None)
    notes = []
    if row.content == "redacted":
        notes.append("What is personal was masked before it was stored: names may be judged in another way.")
    if given is None:
        notes.append("The documents that came with the request were not stored.")
    if packs is None:
        notes.append(f"The rules {revision} were not stored: those of the configuration are used.")
    given = given or {}
    documents = tuple(_document(one) for one in given.get("documents", ()))
    return Stored(report, documents, request, packs, given.get("mode", "hold"), notes)


def differences(kept: Stored, again: Report) -> list[str]:
    """What is not the same, in words; empty where the report was reproduced."""
    then = kept.report
    found = [
        f"revision of {name}: {then.revisions.get(name, 'none')} then, {again.revisions.get(name, 'none')} now"
        for name in sorted({*then.revisions, *again.revisions})
        if then.revisions.get(name) != again.revisions.get(name)
    ]
    verdict = again.verdict
    if kept.mode == "annotate" and verdict in (Outcome.REWRITTEN, Outcome.BLOCKED):
        verdict = Outcome.FLAGGED  # what was found was told, and nothing was changed
    if then.verdict != verdict:
        found.append(f"verdict: {then.verdict} then, {verdict} now")
    found += _claims(then, again)
    names = ["revised", "score", "coverage", *(["delivered"] if kept.mode != "annotate" else [])]
    found += [f"{name}: another one now" for name in names if getattr(then, name) != getattr(again, name)]
    return found


def told(kept: Stored, found: list[str]) -> Iterator[str]:
    """The comparison in words."""
    yield from kept.notes
    yield from found
    then = kept.report
    same = f"The same: {then.verdict}, {len(then.claims)} claims, score {then.score:.3f}."
    yield f"{len(found)} differences." if found else same


def _claims(then: Report, now: Report) -> Iterator[str]:
    if [claim.text for claim in then.claims] != [claim.text for claim in now.claims]:
        yield f"claims: {len(then.claims)} then, {len(now.claims)} now, or in other words"
        return
    for old, new in zip(then.claims, now.claims, strict=True):
        for what, before, after in (
            ("verdict", old.verdict, new.verdict),
            ("action", old.decision.action, new.decision.action),
            ("rule", old.decision.rule, new.decision.rule),
        ):
            if before != after:
                yield f"claim {old.id}, {what}: {before} then, {after} now"


def _document(given: Mapping[str, Any]) -> Document:
    return Document(**{name: value for name, value in given.items() if name in Document._fields})
