"""A database by its URL: opened, brought up to the present schema, and written to by one at a time.

SQLite in write-ahead mode, flushed at every commit; PostgreSQL through psycopg; any other that SQLAlchemy knows.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from groundwire.errors import ConfigError
from groundwire.review.rows import person_key
from groundwire.review.sealing import FIELD, Seal
from groundwire.review.tables import meta

SCHEMA = 4
"""The version of the tables. A database that says a higher one was written by a newer Groundwire."""

SEALED = "sealed"
"""What of `meta` tells whether a key is the right one."""

LOCKED_WITHIN_S = 5.0
OPENED_WITHIN_S = 30.0  # several processes may start at once, and each writes the schema

# "ground" as a number: what PostgreSQL's advisory locks are called.
_LOCK = 0x67726F756E64

_EXPECTED = "a database URL, such as sqlite:///groundwire.db or postgresql://user@host/name"


class Database:
    """A database that has the present schema. `shown` is its URL without the password.

    `key` says where the key is that content is encrypted with, see `sealing.Seal`.
    Raises: ConfigError, one line, where it cannot be opened or written, or is newer than this program, or its
    content is encrypted with another key.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        self.seal = Seal(key) if key else None
        self.engine, self.shown = _engine(url)
        if self.seal:
            self.seal.of(self.engine)
        self._writer = self.engine.execution_options(writes=True)
        try:
            self._upgrade()
        except BaseException:
            self.engine.dispose()
            raise

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one state of the database, however long it reads."""
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer, of any process, is in at the same time: the chain must not fork."""
        with self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    def _upgrade(self) -> None:
        until = time.monotonic() + OPENED_WITHIN_S
        while not self._upgraded(last=time.monotonic() > until):
            pass

    def _upgraded(self, *, last: bool) -> bool:
        """Whether it worked; False where others are at it, and this was not the `last` try."""
        try:
            with self.writing() as connection:
                found = _schema(connection)
                if found not in (None, *map(str, range(1, SCHEMA + 1))):
                    what = f"{self.shown} has schema {found:.20}, which this program does not know."
                    raise ConfigError("store", what, f"schema {SCHEMA} or lower, or a newer Groundwire")
                if found is not None:
                    self._unseal(connection)
                if found != str(SCHEMA):
                    _migrate(connection, found)
                self._unseal(connection)
                person_key(connection)
                # Written even where it is there, so that a database that can only be read is found out now.
                connection.execute(sa.delete(meta).where(meta.c.key == "schema"))
                connection.execute(sa.insert(meta).values(key="schema", value=str(SCHEMA)))
        except SQLAlchemyError as failed:
            if "locked" in words(failed) and not last:
                return False
            what = f"{self.shown}: {words(failed)}."
            raise ConfigError("store", what, "a database that can be written") from None
        return True

    def _unseal(self, connection: sa.Connection) -> None:
        """Hold the key against a text that was encrypted with the first; without one, write that text."""
        found = connection.scalar(sa.select(meta.c.value).where(meta.c.key == SEALED))
        if found and not self.seal:
            raise ConfigError(FIELD, f"{self.shown} is encrypted, and no key is given.", "the key")
        if found and self.seal and self.seal.open(found) is None:
            raise ConfigError(FIELD, f"{self.shown} is encrypted with another key.", "the key it was encrypted with")
        if self.seal and not found:
            connection.execute(sa.insert(meta).values(key=SEALED, value=self.seal.close(SEALED)))


def words(failed: BaseException) -> str:
    """The database's own words, without the statement: it would hold the report's text."""
    cause = failed.orig if isinstance(failed, DBAPIError) and failed.orig else failed
    return " ".join(str(cause).split()).rstrip(".") or type(cause).__name__


def _schema(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("meta"):
        return None
    return connection.scalar(sa.select(meta.c.value).where(meta.c.key == "schema"))


def _migrate(connection: sa.Connection, found: str | None) -> None:
    """Bring the tables up to date, with what is in them, in the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    from groundwire.review.adopting import adopt

    config = Config()
    config.set_main_option("script_location", "groundwire.review:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if found is not None and not sa.inspect(connection).has_table("alembic_version"):
        command.stamp(config, found)  # schema 1 was made before alembic kept the count
    command.upgrade(config, "head")
    adopt(connection)


def _engine(url: str) -> tuple[sa.Engine, str]:
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError("store", "not a database URL.", _EXPECTED) from None  # not shown: passwords
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite":
        _look_at_file(parsed.database, shown, uri="uri" in parsed.query)
    elif parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise ConfigError("store", f"{shown}: {parsed.get_backend_name()} is not supported.", _EXPECTED)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        if parsed.get_backend_name() != "sqlite":
            return sa.create_engine(parsed, pool_pre_ping=True, hide_parameters=True), shown
        # Parameters are what people said: no log may show them with an error.
        engine = sa.create_engine(parsed, connect_args={"timeout": LOCKED_WITHIN_S}, hide_parameters=True)
    except ModuleNotFoundError as missing:
        expected = "pip install 'groundwire[postgres]'" if parsed.get_backend_name() == "postgresql" else _EXPECTED
        raise ConfigError("store", f"{shown}: {words(missing)}.", expected) from None
    except (ArgumentError, NoSuchModuleError) as unknown:
        raise ConfigError("store", f"{shown}: {words(unknown)}.", _EXPECTED) from None
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    return engine, shown


def _look_at_file(database: str | None, shown: str, *, uri: bool) -> None:
    if not database or ":memory:" in database or "mode=memory" in shown:
        raise ConfigError("store", f"{shown} keeps nothing on disk.", "a file, such as sqlite:///groundwire.db")
    folder = Path(database).absolute().parent
    if not uri and not folder.is_dir():
        raise ConfigError("store", f"{shown}: there is no folder {folder}.", "an existing folder")


def _durable(connection: Any, _: Any) -> None:
    """FULL flushes the write-ahead log at every commit; NORMAL may lose the last ones at a power cut."""
    connection.isolation_level = None  # Python would begin transactions later than the chain can bear
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")  # what was erased is overwritten
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """A writer takes the lock at once: one that reads first and then writes may be told to begin again."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
