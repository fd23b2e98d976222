"""Reports in a database, through SQLAlchemy: SQLite in write-ahead mode here, PostgreSQL by its URL.

One thread writes. Whatever waits when it comes round goes into one transaction, so that many answers at once
share the one slow step, the flush to disk. `save` returns after that flush. A report and its entry in the audit
chain are written in the same transaction: there is never one without the other.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from groundwire.errors import VerificationError
from groundwire.model import Report
from groundwire.review.by_time import by_time
from groundwire.review.database import Database, words
from groundwire.review.rows import Content, Prepared, keep, person_key, prepare
from groundwire.review.searching import PORTION, Searchable, catch_up
from groundwire.review.store import Stored, is_report_id
from groundwire.review.tables import reports, rulesets

if TYPE_CHECKING:
    from groundwire.review.chores import Chore

log = logging.getLogger("groundwire.review")

SAVE_WITHIN_S = 10.0
LOOK_ROUND_S = 1.0
SOON_S = 0.05
MOST_BEHIND = PORTION
"""Reports after which a portion is made searchable even if answers never stop coming."""
MOST_AT_ONCE = 256


class _Write(NamedTuple):
    prepared: Prepared
    written: Future[None]


class SqlStore:
    """Keeps reports in the database at `url`: `sqlite:///groundwire.db`, `postgresql://user@host/name`.

    `content` says what is kept of texts: `full`, `redacted` (what is personal masked by `redact`) or `hashes`.
    `chores` are done in between, and those that sign the chain at the end too. `key` is where the key is that content
    is encrypted with: `os.environ/NAME` or a file.
    Raises: ConfigError, one line, where the database cannot be opened or written, or is newer than this
    program.
    """

    def __init__(
        self,
        url: str,
        *,
        content: Content = "full",
        redact: Callable[[str], str] | None = None,
        chores: "Sequence[Chore]" = (),
        key: str | None = None,
    ) -> None:
        self.database = Database(url, key)
        self.url, self._engine = self.database.shown, self.database.engine
        self._content, self._redact = content, redact
        self._searchable, self._behind = Searchable(), 0
        self._chores: tuple[Chore, ...] = (self._searchable, *chores)
        with self.database.reading() as connection:
            self.person_key = person_key(connection)
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
        prepared = prepare(report, request, content=self._content, person_key=self.person_key, redact=self._redact)
        write = _Write(prepared, Future())
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
        """The report, or None where there is none or its content is not kept.

        Equal to the one saved, but for masked secrets. Raises: VerificationError where the database fails.
        """
        if not is_report_id(id):
            return None
        try:
            with self.database.reading() as connection:
                body = connection.scalar(sa.select(reports.c.body).where(reports.c.id == id))
        except SQLAlchemyError as failed:
            raise VerificationError(f"{self.url}: report {id} cannot be read: {words(failed)}", id) from None
        return None if body is None else read(self.url, id, body)

    def reports(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Stored]:
        """The reports created from `since` to before `until`, oldest first. Raises: VerificationError, when read."""
        return by_time(self.database.reading, reports, lambda id, body: read(self.url, id, body), since, until)

    def keep_rules(self, revision: str, packs: str) -> None:
        """Keep rule packs, as JSON, by their revision: a report can be replayed under them, and an auditor reads them.

        Raises: VerificationError where the database fails.
        """
        try:
            with self.database.writing() as connection:
                if not connection.scalar(sa.select(rulesets.c.revision).where(rulesets.c.revision == revision)):
                    connection.execute(sa.insert(rulesets).values(revision=revision, packs=packs))
        except SQLAlchemyError as failed:
            raise VerificationError(f"{self.url}: the rules cannot be kept: {words(failed)}") from None

    def catch_up(self) -> None:
        """Make everything searchable that was stored so far. It happens by itself when no answer waits."""
        while catch_up(self.database, PORTION):
            pass

    def close(self) -> None:
        """Write what waits, sign the chain where that is wanted, then let go of the database."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._writer.join()
        self.database.close()

    def _write_all(self) -> None:
        last = False
        while not last:
            try:
                first = self._waiting.get(timeout=self._pause())
            except Empty:
                self._do_chores(idle=True)
                continue
            batch = [first] if first else []
            last = first is None
            while not last and len(batch) < MOST_AT_ONCE and not self._waiting.empty():
                write = self._waiting.get()
                if write is None:
                    last = True
                else:
                    batch.append(write)
            self._write([write for write in batch if write.written.set_running_or_notify_cancel()])
            self._behind += len(batch)
            self._searchable.pending = True
            self._do_chores(last=last)

    def _pause(self) -> float | None:
        """Seconds without a report after which there is time for something else; None: for ever."""
        if self._searchable.due(time.monotonic()):
            return SOON_S
        return LOOK_ROUND_S if self._searchable.pending or len(self._chores) > 1 else None

    def _write(self, batch: Sequence[_Write]) -> None:
        if not batch:
            return
        try:
            with self.database.writing() as connection:
                keep(connection, [write.prepared for write in batch])
        except IntegrityError:
            if len(batch) == 1:
                [write] = batch
                id = write.prepared.id
                write.written.set_exception(VerificationError(f"report {id} is already stored", id))
                return
            for write in batch:  # one of them is there already: the others must not suffer for it
                self._write([write])
        except Exception as failed:  # noqa: BLE001 - the writer outlives any failure; each thread is told
            what = f"{self.url}: the report was not stored: {words(failed)}"
            for write in batch:
                write.written.set_exception(VerificationError(what))
        else:
            for write in batch:
                write.written.set_result(None)

    def _do_chores(self, *, idle: bool = False, last: bool = False) -> None:
        now = time.monotonic()
        for chore in self._chores:
            if chore is self._searchable and not idle:
                if self._behind < MOST_BEHIND:
                    continue  # answers come first
                self._behind = 0
            if chore.due(now) or (last and chore.at_the_end):
                try:
                    chore.run(self.database)
                except Exception as error:
                    log.error("%s failed", type(chore).__name__, exc_info=error)


def read(url: str, id: str, body: str) -> Report:
    """A kept body as the report that it is. Raises: VerificationError that names the field that is damaged."""
    try:
        return Report.model_validate_json(body)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise VerificationError(f"{url}: report {id}: {field}: {first['msg']}", id) from None
