"""What a decision teaches, shown as a diff, and written once a second person agrees. `lessons` has what there is."""

import difflib
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.lessons import Places, changed
from groundwire.review.people import Role, acting
from groundwire.review.rows import at_utc
from groundwire.review.tables import proposals, reports

LONGEST = 20_000


class Proposal(NamedTuple):
    """`diff` is what would change, as unified lines; `wrong` says why it cannot be written now."""

    number: int
    report: str
    kind: str
    target: str
    by: str
    at: datetime
    state: str
    decided_by: str | None
    diff: list[str]
    wrong: str


class Proposals:
    """The proposals of a database, and the files that they would change."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database, self._places = database, places

    def propose(self, report: str, kind: str, target: str, content: Mapping[str, Any], by: str) -> None:
        """Write a proposal down. Raises: InputError where it could not be done even now."""
        words = json.dumps(content, ensure_ascii=False)
        if len(words) > LONGEST:
            raise InputError(kind, f"it has {len(words)} characters.", f"at most {LONGEST}")
        changed(self._places, kind, target, content)
        with self._database.writing() as connection:
            query = sa.select(reports.c.number, reports.c.content).where(reports.c.id == report)
            found = connection.execute(query).first()
            if found is None:
                raise InputError("report", f"there is no {report!r:.140}.", "the id of a stored report")
            if found.content == "erased":
                raise InputError("report", f"{report} was erased: it teaches nothing.", "a report with its content")
            acted, salt, now = acting(connection, by, Role.REVIEWER), chain.salt(), datetime.now(UTC)
            row = {"report": found.number, "kind": kind, "target": target[:500], "by": by, "at": now}
            row |= {"state": "open", "salt": salt, "words": words}
            made = connection.execute(sa.insert(proposals).values(**row)).inserted_primary_key
            known = {"proposal": made[0] if made else 0, "kind": kind, "target": row["target"], "at": at_utc(now)}
            known |= {"words": chain.digest(salt, words), **acted}
            chain.append(connection, [chain.Event("proposal", report, by, known)])

    def all(self) -> list[Proposal]:
        """Open ones first, then the last that were decided."""
        joined = sa.join(proposals, reports, proposals.c.report == reports.c.number)
        query = sa.select(proposals, reports.c.id.label("id")).select_from(joined)
        order = (proposals.c.state != "open", proposals.c.number.desc())
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(*order).limit(100)).all()
        return [self._shown(row) for row in rows]

    def decide(self, number: int, by: str, *, accept: bool) -> None:
        """Agree, which writes the file, or refuse. Raises: InputError, also for one's own proposal."""
        with self._database.writing() as connection:
            row = connection.execute(sa.select(proposals).where(proposals.c.number == number)).first()
            if row is None or row.state != "open" or row.words is None:
                raise InputError("proposal", f"there is no open one with the number {number}.", "an open proposal")
            if row.by == by and accept:
                raise InputError("proposal", "nobody agrees to their own.", "a second person")
            acted = acting(connection, by, Role.APPROVER)
            if accept:
                change = changed(self._places, row.kind, row.target, json.loads(row.words))
                _replace(change.path, change.text)
            state = "accepted" if accept else "refused"
            mine = proposals.c.number == number
            connection.execute(sa.update(proposals).where(mine).values(state=state, decided_by=by))
            id = connection.scalar(sa.select(reports.c.id).where(reports.c.number == row.report)) or ""
            chain.append(connection, [chain.Event(f"proposal.{state}", id, by, {"proposal": number, **acted})])

    def _shown(self, row: sa.Row[Any]) -> Proposal:
        diff: list[str] = []
        wrong = "" if row.words else "erased"
        if row.words and row.state == "open":
            try:
                before, after = changed(self._places, row.kind, row.target, json.loads(row.words)).shown
                lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=3, lineterm="")
                diff = list(lines)[2:200]
            except InputError as problem:
                wrong = str(problem)
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        return Proposal(row.number, row.id, row.kind, row.target, row.by, at, row.state, row.decided_by, diff, wrong)


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all: a gateway may read it at any moment."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.chmod(file.name, path.stat().st_mode & 0o777)
        os.replace(file.name, path)
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror}).", "a file that may be changed") from None
