"""What reviewers decided, as data to calibrate, audit and train with."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError

from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.model import Report, Verdict
from groundwire.review.database import Database
from groundwire.review.deciding import waiting
from groundwire.review.store import INPUTS
from groundwire.review.tables import decisions, reports

_WRONG = ("confirm", "correct")


def labelled(database: Database) -> Iterator[dict[str, Any]]:
    """Decided answers, and those in which something was missed, as `groundwire audit` and `calibrate` read them.

    `{"id", "answer", "context", "question"?, "label"}`: 1 where a reviewer confirmed that something in it is not
    supported, corrected it or found something missed, 0 where all that was flagged was a false alarm.
    """
    for report, request, kinds, missed in _decided(database):
        row: dict[str, Any] = {"id": report.id, "answer": report.answer, "context": _context(report, request)}
        if report.question:
            row["question"] = report.question
        yield {**row, "label": int(bool(missed) or any(kind in _WRONG for kind in kinds.values()))}


def write_reviewed(config: Config, path: Path, *, pairs: bool = False) -> int:
    """Write `labelled`, or `training_pairs`, of a configured store as JSON lines. Returns how many.

    Raises: ConfigError where the store cannot be opened; InputError where the file cannot be written.
    """
    count = 0
    with closing(Database(config.store, config.record.encryption_key)) as database:
        rows = training_pairs(database) if pairs else labelled(database)
        try:
            with path.open("w", encoding="utf-8") as file:
                for count, row in enumerate(rows, start=1):  # noqa: B007 - counted
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise InputError(str(path), f"cannot be written ({error.strerror}).", "a file") from None
    return count


def training_pairs(database: Database) -> Iterator[dict[str, str]]:
    """Decided claims as `groundwire nli train` reads them: `{"premise", "hypothesis", "label"}`.

    A false alarm is entailed by its evidence; a contradiction or a missing support that was confirmed is what it was.
    What was missed is `unsupported`: it is not entailed, and nobody said whether it is contradicted.
    """
    for report, _, kinds, missed in _decided(database):
        overlooked = set(_overlooked(report, missed))
        for claim in report.claims:
            kind = kinds.get(claim.id)
            flagged = claim.verdict not in (Verdict.SUPPORTED, Verdict.UNCHECKED)
            if not claim.evidence:
                continue
            if flagged and kind == "false_alarm":
                label = "entailment"
            elif flagged and kind in _WRONG:
                label = "contradiction" if claim.verdict is Verdict.CONTRADICTED else "neutral"
            elif claim.id in overlooked:
                label = "unsupported"
            else:
                continue
            yield {"premise": claim.evidence[0].premise, "hypothesis": claim.text, "label": label}


class _Decided(NamedTuple):
    """A report whose content is kept. `kinds`: the decision that stands for each claim; `missed`: claim and words."""

    report: Report
    request: Mapping[str, Any]
    kinds: Mapping[str | None, str]
    missed: Sequence[tuple[str | None, str]]


def _decided(database: Database) -> Iterator[_Decided]:
    """Reports that are decided, or in which something was missed: that says enough, whatever else waits."""
    missing = sa.select(decisions.c.report).where(decisions.c.kind == "missed")
    query = sa.select(reports.c.number, reports.c.state, reports.c.body, reports.c.request).where(
        sa.or_(reports.c.state == "decided", reports.c.number.in_(missing)), reports.c.body.is_not(None)
    )
    with database.reading() as connection:
        made: dict[int, tuple[dict[str | None, str], list[tuple[str | None, str]]]] = {}
        for one in connection.execute(sa.select(decisions).order_by(decisions.c.number)):
            kinds, missed = made.setdefault(one.report, ({}, []))
            if one.kind == "reopen":
                kinds.clear()
                missed.clear()
            elif one.kind == "missed":
                missed.append((one.claim, json.loads(one.words or "{}").get("right", "")))
            elif one.kind != "note":
                kinds[one.claim] = one.kind
        for row in connection.execute(query.order_by(reports.c.number), execution_options={"yield_per": 100}):
            kinds, missed = made.get(row.number, ({}, []))
            if row.state != "decided" and not missed:
                continue
            try:
                report = Report.model_validate_json(row.body)
            except ValidationError:  # damaged: `audit-log verify` says so
                continue
            if row.state != "decided":  # on some claims two must agree, and have not
                kinds = {claim: kind for claim, kind in kinds.items() if claim not in waiting(connection, row.number)}
            yield _Decided(report, json.loads(row.request) if row.request else {}, kinds, missed)


def _overlooked(report: Report, missed: Sequence[tuple[str | None, str]]) -> Iterator[str]:
    """The claims that were missed: the one named, or those that the words cover, or the only one that has them."""
    own = {claim.id: report.answer[claim.span.start : claim.span.end] for claim in report.claims}
    for claim, words in missed:
        if claim is not None:
            yield claim
            continue
        yield from (id for id, text in own.items() if text and text in words)
        holding = [id for id, text in own.items() if words and words in text]
        yield from holding if len(holding) == 1 else ()


def _context(report: Report, request: Mapping[str, Any]) -> list[str]:
    """What the answer was checked against: the request's documents, else the passages that were found."""
    documents = [str(one.get("text", "")) for one in request.get(INPUTS, {}).get("documents", ())]
    return documents or list(dict.fromkeys(passage.text for claim in report.claims for passage in claim.evidence))
