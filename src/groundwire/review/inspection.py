"""The record of a database for an auditor: checked here, or put into a zip that can be checked anywhere."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from groundwire.review import chain, verifier
from groundwire.review.checkpoints import verify_quickly
from groundwire.review.database import Database
from groundwire.review.tables import decisions, reports, rulesets
from groundwire.review.verifier import Result, examine

_README = """\
This is a record of Groundwire.

    python verify.py . KEY

checks it and needs nothing but Python 3.11. KEY is the public key that its checkpoints are signed with, as the owner
of the record told you, not as this folder says; without it, a record that was rewritten whole would not be found.

chain.jsonl        what happened, one entry a line, each with the hash of the one before
checkpoints.jsonl  the signed heads of the chain
reports.jsonl      every answer's report, as it was stored; body and request are empty where they were erased
decisions.jsonl    what reviewers decided
rules/             the rule packs by revision, as the reports name them
keys.json          the public keys named by the checkpoints
"""


def inspect(database: Database, checkpoints: Iterable[Mapping[str, Any]] = (), *, key: str | None = None) -> Result:
    """Check the record of a database. `key`: the public key, in hex, that checkpoints must be signed with."""
    with database.reading() as connection:
        return examine(
            chain.entries(connection),
            _reports(connection),
            _decisions(connection),
            checkpoints,
            key=key,
            verify=verify_quickly,
        )


def export(database: Database, path: Path, checkpoints: Iterable[Mapping[str, Any]] = ()) -> int:
    """Write the zip for an auditor. Returns the number of entries of the chain."""
    signed = list(checkpoints)
    with database.reading() as connection, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        count = 0
        with archive.open("chain.jsonl", "w") as file:
            for count, entry in enumerate(chain.entries(connection), start=1):  # noqa: B007 - counted
                _line(file, entry._asdict())
        with archive.open("reports.jsonl", "w") as file:
            for row in _reports(connection):
                _line(file, dict(row))
        with archive.open("decisions.jsonl", "w") as file:
            for row in _decisions(connection):
                _line(file, dict(row))
        with archive.open("checkpoints.jsonl", "w") as file:
            for checkpoint in signed:
                _line(file, checkpoint)
        for ruleset in connection.execute(sa.select(rulesets)):
            packs = json.dumps(json.loads(ruleset.packs), indent=1, ensure_ascii=False)
            archive.writestr(f"rules/{ruleset.revision}.json", packs)
        keys = sorted({str(one.get("key")) for one in signed})
        archive.writestr("keys.json", json.dumps({"ed25519": keys}, indent=1))
        archive.write(str(verifier.__file__), "verify.py")
        archive.writestr("README.txt", _README)
    return count


def _reports(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    columns = (reports.c.id, reports.c.verdict, reports.c.salt, reports.c.body, reports.c.request)
    query = sa.select(*columns).order_by(reports.c.number)
    for row in connection.execute(query, execution_options={"yield_per": 200}):
        yield row._asdict()


def _decisions(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    columns = ("number", "claim", "kind", "by", "salt", "words")
    query = sa.select(*(decisions.c[name] for name in columns)).order_by(decisions.c.number)
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        yield row._asdict()


def _line(file: IO[bytes], value: Any) -> None:
    file.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
