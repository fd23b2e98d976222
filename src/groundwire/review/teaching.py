"""What reviewers decided, as data to calibrate, audit and train with."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.model import Report, Verdict
from groundwire.review.database import Database
from groundwire.review.store import INPUTS
from groundwire.review.tables import decisions, reports

_WRONG = ("confirm", "correct")


def labelled(database: Database) -> Iterator[dict[str, Any]]:
    """Decided answers as `groundwire audit` and `groundwire calibrate` read them.

    `{"id", "answer", "context", "question"?, "label"}`: 1 where a reviewer confirmed that something in it is not
    supported, corrected it or found something missed, 0 where all that was flagged was a false alarm.
    """
    for report, request, kinds in _decided(database):
        row: dict[str, Any] = {"id": report.id, "answer": report.answer, "context": _context(report, request)}
        if report.question:
            row["question"] = report.question
        wrong = any(kind in (*_WRONG, "missed") for kind in kinds.values())
        yield {**row, "label": int(wrong)}


def write_reviewed(config: Config, path: Path, *, pairs: bool = False) -> int:
    """Write `labelled`, or `training_pairs`, of a configured store as JSON lines. Returns how many.

    Raises: ConfigError where the store cannot be opened; InputError where the file cannot be written.
    """
    count = 0
    with closing(Database(config.store)) as database:
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
    """
    for report, _, kinds in _decided(database):
        for claim in report.claims:
            kind = kinds.get(claim.id)
            if not claim.evidence or claim.verdict in (Verdict.SUPPORTED, Verdict.UNCHECKED):
                continue
            if kind == "false_alarm":
                label = "entailment"
            elif kind in _WRONG:
                label = "contradiction" if claim.verdict is Verdict.CONTRADICTED else "neutral"
            else:
                continue
            yield {"premise": claim.evidence[0].premise, "hypothesis": claim.text, "label": label}


def _decided(database: Database) -> Iterator[tuple[Report, Mapping[str, Any], dict[str | None, str]]]:
    """Reports that are decided and whose content is kept, with the decision that stands for each claim."""
    query = sa.select(reports.c.number, reports.c.body, reports.c.request).where(
        reports.c.state == "decided", reports.c.body.is_not(None)
    )
    with database.reading() as connection:
        made: dict[int, dict[str | None, str]] = {}
        for one in connection.execute(sa.select(decisions).order_by(decisions.c.number)):
            kinds = made.setdefault(one.report, {})
            if one.kind == "reopen":
                kinds.clear()
            elif one.kind != "note":
                kinds[one.claim if one.kind != "missed" else f"missed {one.number}"] = one.kind
        for row in connection.execute(query.order_by(reports.c.number), execution_options={"yield_per": 100}):
            try:
                report = Report.model_validate_json(row.body)
            except ValidationError:  # damaged: `audit-log verify` says so
                continue
            yield report, json.loads(row.request) if row.request else {}, made.get(row.number, {})


def _context(report: Report, request: Mapping[str, Any]) -> list[str]:
    """What the answer was checked against: the request's documents, else the passages that were found."""
    documents = [str(one.get("text", "")) for one in request.get(INPUTS, {}).get("documents", ())]
    return documents or list(dict.fromkeys(passage.text for claim in report.claims for passage in claim.evidence))
