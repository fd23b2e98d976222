"""Reports in a database, through SQLAlchemy: SQLite in write-ahead mode here, any other by its URL.

One thread writes. Whatever waits when it comes round goes into one transaction, so that many answers at once
share the one slow step, the flush to disk. `save` returns after that flush.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from groundwire.errors import ConfigError, VerificationError
from groundwire.model import Report
from groundwire.review.by_time import by_time
from groundwire.review.store import Stored, body_of, in_utc, is_report_id, request_of

SCHEMA = 1
"""The version of the tables below. A database that says a higher one was written by a newer Groundwire."""

SAVE_WITHIN_S = 10.0
LOCKED_WITHIN_S = 5.0
MOST_AT_ONCE = 256

_metadata = sa.MetaData()
_meta = sa.Table(
    "meta",
    _metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_reports = sa.Table(
    "reports",
    _metadata,
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),  # in UTC
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("coverage", sa.Float, nullable=False),
    sa.Column("model", sa.Text),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("request", sa.Text),
)


class _Write(NamedTuple):
    row: dict[str, Any]
    written: Future[None]


class SqlStore:
    """Keeps reports in the database at `url`: `sqlite:///groundwire.db`, `postgresql+psycopg://...`.

    Raises: ConfigError, one line, where the database cannot be opened or written, or is newer than this
    program.
    """

    def __init__(self, url: str) -> None:
        self._engine, self.url = _engine(url)
        self._open()
        self._waiting: SimpleQueue[_Write | None] = SimpleQueue()
        self._closing = Lock()
        self._closed = False
        self._writer = Thread(target=self._write_all, name="groundwire-store", daemon=True)
        self._writer.start()

    def save(self, report: Report, *, request: Mapping[str, Any] | None = None) -> None:
        """Keep `report`. It is on disk when this returns, and not (or not yet) when it raises.

        Raises: InputError for an id that no store takes; VerificationError for a database that fails or is
        locked, for more than 10 s of waiting, for an id that is already kept, and after `close`.
        """
        write = _Write(_row(report, request), Future())
        with self._closing:
            if self._closed:
                raise VerificationError("the store is closed", report.id)
            self._waiting.put(write)
        try:
            write.written.result(SAVE_WITHIN_S)
        except TimeoutError:
            write.written.cancel()
            raise VerificationError(f"report {report.id} was not stored within {SAVE_WITHIN_S:g} s") from None

    def get(self, id: str) -> Report | None:
        """The report, equal to the one saved, or None. Raises: VerificationError where the database fails."""
        if not is_report_id(id):
            return None
        try:
            with self._engine.connect() as connection:
                body = connection.scalar(sa.select(_reports.c.body).where(_reports.c.id == id))
        except SQLAlchemyError as failed:
            raise VerificationError(f"{self.url}: report {id} cannot be read: {_words(failed)}", id) from None
        return None if body is None else self._report(id, body)

    def reports(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Stored]:
        """The reports created from `since` to before `until`, oldest first. Raises: VerificationError, when read."""
        return by_time(self._engine.connect, _reports, self._report, since, until)

    def _report(self, id: str, body: str) -> Report:
        try:
            return Report.model_validate_json(body)
        except ValidationError as invalid:
            first = invalid.errors(include_url=False)[0]
            field = ".".join(map(str, first["loc"]))
            raise VerificationError(f"{self.url}: report {id}: {field}: {first['msg']}", id) from None

    def close(self) -> None:
        """Write what waits, then let go of the database."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._writer.join()
        self._engine.dispose()

    def _open(self) -> None:
        try:
            with self._engine.begin() as connection:
                _metadata.create_all(connection)
                found = connection.scalar(sa.select(_meta.c.value).where(_meta.c.key == "schema"))
                # Written even where it is there, so that a database that can only be read is found out now.
                connection.execute(sa.delete(_meta).where(_meta.c.key == "schema"))
                connection.execute(sa.insert(_meta).values(key="schema", value=found or str(SCHEMA)))
        except SQLAlchemyError as failed:
            self._engine.dispose()
            what = f"{self.url}: {_words(failed)}."
            raise ConfigError("store", what, "a database that can be written") from None
        if found not in (None, str(SCHEMA)):
            self._engine.dispose()
            what = f"{self.url} has schema {found:.20}, which this program does not know."
            raise ConfigError("store", what, f"schema {SCHEMA}, or a newer Groundwire")

    def _write_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, last = [first], False
            while len(batch) < MOST_AT_ONCE and not self._waiting.empty():
                write = self._waiting.get()
                if write is None:
                    last = True
                    break
                batch.append(write)
            self._write([write for write in batch if write.written.set_running_or_notify_cancel()])
            if last:
                return

    def _write(self, batch: Sequence[_Write]) -> None:
        if not batch:
            return
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(_reports), [write.row for write in batch])
        except IntegrityError:
            if len(batch) == 1:
                [write] = batch
                id = write.row["id"]
                write.written.set_exception(VerificationError(f"report {id} is already stored", id))
                return
            for write in batch:  # one of them is there already: the others must not suffer for it
                self._write([write])
        except Exception as failed:  # noqa: BLE001 - the writer outlives any failure; each thread is told
            what = f"{self.url}: the report was not stored: {_words(failed)}"
            for write in batch:
                write.written.set_exception(VerificationError(what))
        else:
            for write in batch:
                write.written.set_result(None)


def _row(report: Report, request: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "id": report.id,
        "created": in_utc(report.created),
        "verdict": report.verdict.value,
        "score": report.score,
        "coverage": report.coverage,
        "model": report.model,
        "body": body_of(report),
        "request": request_of(request),
    }


def _engine(url: str) -> tuple[sa.Engine, str]:
    expected = "a database URL, such as sqlite:///groundwire.db"
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError("store", "not a database URL.", expected) from None  # not shown: passwords
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite":
        _look_at_file(parsed.database, shown, uri="uri" in parsed.query)
    try:
        if parsed.get_backend_name() != "sqlite":
            return sa.create_engine(parsed, pool_pre_ping=True), shown
        engine = sa.create_engine(parsed, connect_args={"timeout": LOCKED_WITHIN_S})
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as unknown:
        raise ConfigError("store", f"{shown}: {_words(unknown)}.", expected) from None
    event.listen(engine, "connect", _durable)
    return engine, shown


def _look_at_file(database: str | None, shown: str, *, uri: bool) -> None:
    if not database or ":memory:" in database or "mode=memory" in shown:
        raise ConfigError("store", f"{shown} keeps nothing on disk.", "a file, such as sqlite:///groundwire.db")
    folder = Path(database).absolute().parent
    if not uri and not folder.is_dir():
        raise ConfigError("store", f"{shown}: there is no folder {folder}.", "an existing folder")


def _durable(connection: Any, _: Any) -> None:
    """FULL flushes the write-ahead log at every commit; NORMAL may lose the last ones at a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _words(failed: BaseException) -> str:
    """The database's own words, without the statement: it would hold the report's text."""
    cause = failed.orig if isinstance(failed, DBAPIError) and failed.orig else failed
    return " ".join(str(cause).split()).rstrip(".") or type(cause).__name__
