"""The record of a database for an auditor: checked here, or put into a zip that can be checked anywhere."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from groundwire.review import chain, ed25519, entries, holding, powers, verifier
from groundwire.review.checkpoints import verify_quickly
from groundwire.review.database import Database
from groundwire.review.people import way_in
from groundwire.review.rows import at_utc
from groundwire.review.tables import claims, decisions, proposals, reports, rulesets, users
from groundwire.review.verifier import Result, examine

_CLAIM = (claims.c.claim, claims.c.verdict, claims.c.action, claims.c.rule, claims.c.second)
_NONE: tuple[int, list[dict[str, Any]]] = (0, [])
_PARTS = (entries, ed25519, holding, powers, verifier)
_EACH_OTHER = re.compile(r"^from groundwire\S* import (?:\([^)]*\)|.*)\n", re.MULTILINE)

_README = """\
This is a record of Groundwire.

    python verify.py . KEY

checks it and needs nothing but Python 3.11. KEY is the public key that its checkpoints are signed with, as the owner
of the record told you, not as this folder says; without it, a record that was rewritten whole would not be found.

chain.jsonl        what happened, one entry a line, each with the hash of the one before
checkpoints.jsonl  the signed heads of the chain
reports.jsonl      every answer's report, as it was stored; body and request are empty where they were erased;
                   with the claims as they are listed
decisions.jsonl    what reviewers decided
proposals.jsonl    what they proposed to teach, and who agreed
users.jsonl        who may use the pages, in which role; of what lets them in only a hash that nobody can try guesses on
rules/             the rule packs by revision, as the reports name them
keys.json          the public keys named by the checkpoints
"""


def inspect(database: Database, checkpoints: Iterable[Mapping[str, Any]] = (), *, key: str | None = None) -> Result:
    """Check the record of a database. `key`: the public key, in hex, that checkpoints must be signed with."""
    with _as_it_is(database) as connection:
        return examine(
            chain.entries(connection),
            _reports(connection),
            _decisions(connection),
            checkpoints,
            users=_users(connection),
            proposals=_proposals(connection),
            key=key,
            verify=verify_quickly,
        )


def export(database: Database, path: Path, checkpoints: Iterable[Mapping[str, Any]] = ()) -> int:
    """Write the zip for an auditor. Returns the number of entries of the chain."""
    signed = list(checkpoints)
    with _as_it_is(database) as connection, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        count = 0
        with archive.open("chain.jsonl", "w") as file:
            for count, entry in enumerate(chain.entries(connection), start=1):  # noqa: B007 - counted
                _line(file, entry._asdict())
        for name, rows in (
            ("reports", _reports(connection)),
            ("decisions", _decisions(connection)),
            ("proposals", _proposals(connection)),
            ("users", _users(connection)),
            ("checkpoints", signed),
        ):
            with archive.open(f"{name}.jsonl", "w") as file:
                for row in rows:
                    _line(file, dict(row))
        for ruleset in connection.execute(sa.select(rulesets)):
            packs = json.dumps(json.loads(ruleset.packs), indent=1, ensure_ascii=False)
            archive.writestr(f"rules/{ruleset.revision}.json", packs)
        keys = sorted({str(one.get("key")) for one in signed})
        archive.writestr("keys.json", json.dumps({"ed25519": keys}, indent=1))
        archive.writestr("verify.py", standalone())
        archive.writestr("README.txt", _README)
    return count


def standalone() -> str:
    """The verifier as one file: its parts one after the other, without what they import from each other."""
    about = f'"""{verifier.__doc__}"""\n'
    texts = (Path(str(part.__file__)).read_text("utf-8").removeprefix(about) for part in _PARTS)
    return "\n\n".join((about, *(_EACH_OTHER.sub("", text).strip("\n") for text in texts))) + "\n"


@contextmanager
def _as_it_is(database: Database) -> Iterator[sa.Connection]:
    """A connection that reads texts that are no UTF-8 too, as SQLite may hold: that is a finding, and no failure."""
    with database.reading() as connection:
        raw: Any = connection.connection.dbapi_connection
        if database.is_sqlite:
            raw.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        try:
            yield connection
        finally:
            if database.is_sqlite:
                raw.text_factory = str


def _reports(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    """All reports with their claims as they are listed; last, without an id, claims of no report, where there are."""
    names = ("id", "day", "verdict", "rank", "severity", "score", "coverage", "model", "content", "state", "version")
    more = ("application", "assigned", "salt", "body", "request")
    columns = [reports.c[name] for name in (*names, *more)]
    query = sa.select(reports.c.number, *columns, _raw(reports.c.created)).order_by(reports.c.number)
    listed = _claims(connection)
    of, mine = next(listed, _NONE)
    for row in connection.execute(query, execution_options={"yield_per": 200}):
        found = mine if of == row.number else []
        if of == row.number:
            of, mine = next(listed, _NONE)
        kept = {name: value for name, value in row._mapping.items() if name != "number"}
        yield {**kept, "created": _moment(row.created), "claims": found}
    known = sa.select(reports.c.number).where(reports.c.number == claims.c.report)
    lost = connection.execute(sa.select(*_CLAIM).where(~known.exists())).all()
    if lost:
        yield {"id": None, "claims": [dict(row._mapping) for row in lost]}


def _claims(connection: sa.Connection) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Number and claims of each report that has any, in order: not joined to the bodies, which would come as often."""
    joined = sa.join(reports, claims, claims.c.report == reports.c.number)
    query = sa.select(reports.c.number, *_CLAIM).select_from(joined).order_by(reports.c.number)
    rows = connection.execute(query, execution_options={"yield_per": 1000})
    for number, mine in groupby(rows, key=lambda row: int(row.number)):
        yield number, [{column.name: row._mapping[column] for column in _CLAIM} for row in mine]


def _decisions(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    return _of_reports(connection, decisions, ("number", "claim", "rule", "kind", "by", "salt", "words"))


def _proposals(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    names = ("number", "kind", "target", "by", "state", "decided_by", "salt", "words")
    return _of_reports(connection, proposals, names)


def _of_reports(connection: sa.Connection, table: sa.Table, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Rows with the report that each is about, by its id; None where there is none of that number."""
    columns = [table.c[name] for name in names]
    joined = sa.outerjoin(table, reports, table.c.report == reports.c.number)
    query = sa.select(*columns, _raw(table.c.at), reports.c.id.label("report")).select_from(joined)
    for row in connection.execute(query.order_by(table.c.number), execution_options={"yield_per": 1000}):
        yield {**row._mapping, "at": _moment(row.at)}


def _users(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    """What lets them in leaves the database only as the hash that the chain has of it."""
    query = sa.select(users.c.name, users.c.role, users.c.password, _raw(users.c.created)).order_by(users.c.name)
    for row in connection.execute(query):
        way = way_in(connection, row.password)
        yield {"name": row.name, "role": row.role, "created": _moment(row.created), "way": way}


def _raw(moment: sa.Column[Any]) -> sa.Label[Any]:
    """As the database has it: one that is no time any more would be an error."""
    return sa.type_coerce(moment, sa.String).label(moment.name)


def _moment(found: Any) -> Any:
    """In UTC as the chain has it, or whatever else stands there."""
    try:
        return at_utc(found if isinstance(found, datetime) else datetime.fromisoformat(found))
    except (ValueError, TypeError):
        return found


def _line(file: IO[bytes], value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, default=repr)  # also of what is no JSON: it must be seen
    file.write(text.encode("utf-8", "surrogatepass") + b"\n")
