"""What a decision teaches: an example for a rule, or a fact, shown as a diff, and written once a second person agrees.

An example goes into the rule pack that has the rule, where that is a file of yours; a fact goes into `review.facts`, a
table of three columns. A pack that would not load any more is not written.
"""

import difflib
import io
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.tables import proposals, reports
from groundwire.rules import read_pack

_SUFFIXES = (".yaml", ".yml")
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


@dataclass(frozen=True)
class Places:
    """The files that may be taught: rule packs of your own, and the table of reviewed facts."""

    packs: tuple[Path, ...] = ()
    facts: Path | None = None

    @classmethod
    def of(cls, config: Config) -> "Places":
        named = [Path(pack) for pack in config.rules]
        files = [path for path in named if path.suffix in _SUFFIXES and path.is_file()]
        files += [
            file for path in named if path.is_dir() for file in sorted(path.iterdir()) if file.suffix in _SUFFIXES
        ]
        return cls(tuple(files), config.review.facts)


class Proposals:
    """The proposals of a database, and the files that they would change."""

    def __init__(self, database: Database, places: Places) -> None:
        self._database, self._places = database, places

    def propose(self, report: str, kind: str, target: str, content: Mapping[str, Any], by: str) -> None:
        """Write a proposal down. Raises: InputError where it could not be done even now."""
        words = json.dumps(content, ensure_ascii=False)
        if len(words) > LONGEST:
            raise InputError(kind, f"it has {len(words)} characters.", f"at most {LONGEST}")
        self._changed(kind, target, content)
        with self._database.writing() as connection:
            query = sa.select(reports.c.number, reports.c.content).where(reports.c.id == report)
            found = connection.execute(query).first()
            if found is None:
                raise InputError("report", f"there is no {report!r:.140}.", "the id of a stored report")
            if found.content == "erased":
                raise InputError("report", f"{report} was erased: it teaches nothing.", "a report with its content")
            salt = chain.salt()
            row = {"report": found.number, "kind": kind, "target": target[:500], "by": by, "at": datetime.now(UTC)}
            row |= {"state": "open", "salt": salt, "words": words}
            made = connection.execute(sa.insert(proposals).values(**row)).inserted_primary_key
            content = {"proposal": made[0] if made else 0, "kind": kind, "words": chain.digest(salt, words)}
            chain.append(connection, [chain.Event("proposal", report, by, content)])

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
            if accept:
                path, text = self._changed(row.kind, row.target, json.loads(row.words))
                _replace(path, text)
            state = "accepted" if accept else "refused"
            mine = proposals.c.number == number
            connection.execute(sa.update(proposals).where(mine).values(state=state, decided_by=by))
            id = connection.scalar(sa.select(reports.c.id).where(reports.c.number == row.report)) or ""
            chain.append(connection, [chain.Event(f"proposal.{state}", id, by, {"proposal": number})])

    def _shown(self, row: sa.Row[Any]) -> Proposal:
        diff: list[str] = []
        wrong = "" if row.words else "erased"
        if row.words and row.state == "open":
            try:
                path, text = self._changed(row.kind, row.target, json.loads(row.words))
                before = path.read_text("utf-8") if path.exists() else ""
                names = (path.name, path.name)
                lines = difflib.unified_diff(before.splitlines(), text.splitlines(), *names, n=3, lineterm="")
                diff = list(lines)[2:200]
            except InputError as problem:
                wrong = str(problem)
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        return Proposal(row.number, row.id, row.kind, row.target, row.by, at, row.state, row.decided_by, diff, wrong)

    def _changed(self, kind: str, target: str, content: Mapping[str, Any]) -> tuple[Path, str]:
        """The file, and what it would say. Raises: InputError."""
        if kind == "example":
            return self._with_example(target, content)
        if kind == "fact":
            return self._with_fact(content)
        raise InputError("kind", f"{kind!r:.40} is no proposal.", "example or fact")

    def _with_example(self, rule: str, example: Mapping[str, Any]) -> tuple[Path, str]:
        for path in self._places.packs:
            pack = read_pack(path).pack
            numbers = [number for number, one in enumerate(pack.rules) if one.id == rule]
            if numbers:
                text = _added(path.read_text("utf-8"), numbers[0], dict(example))
                _check(text)
                return path, text
        raise InputError("rule", f"{rule!r:.140} is in no pack of yours.", "a rule of a file in rules:")

    def _with_fact(self, fact: Mapping[str, Any]) -> tuple[Path, str]:
        path = self._places.facts
        if path is None:
            raise InputError("review.facts", "it is not set.", "a table for reviewed facts, such as reviewed.tsv")
        cells = [" ".join(str(fact.get(name, "")).split()) for name in ("subject", "relation", "object")]
        if not all(cells):
            raise InputError("fact", "a part of it is empty.", "subject, relation and object")
        if cells[0].startswith("#"):
            raise InputError("fact", "it begins with #, as a comment does.", "the name of a thing")
        before = path.read_text("utf-8") if path.exists() else ""
        line = "\t".join(cells)
        if line in before.splitlines():
            raise InputError("fact", "it is there already.", "another one")
        return path, before + ("\n" if before and not before.endswith("\n") else "") + line + "\n"


def _added(text: str, rule: int, example: dict[str, Any]) -> str:
    """The pack with one example more; its comments and its order stay."""
    from ruamel.yaml import YAML
    from ruamel.yaml.util import load_yaml_guess_indent

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16
    _, indent, offset = load_yaml_guess_indent(text)
    yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)
    document = yaml.load(text)
    document["rules"][rule].setdefault("examples", []).append(example)
    written = io.StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def _check(text: str) -> None:
    """Raises: InputError where this is no pack of rules."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.yaml"
        path.write_text(text, "utf-8")
        read_pack(path)


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
