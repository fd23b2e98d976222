"""Every schema that was released upgrades with its data; the tables are what the migrations make."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.review.reports import a_report

from groundwire.errors import ConfigError
from groundwire.review import SqlStore, chain, erasing
from groundwire.review.database import SCHEMA, Database
from groundwire.review.entries import Problem
from groundwire.review.inspection import inspect
from groundwire.review.rows import person_hash
from groundwire.review.searching import catch_up
from groundwire.review.tables import audit, claims, metadata, persons, reports, search
from groundwire.review.verifier import walk

SCHEMA_1 = (
    "CREATE TABLE meta (key VARCHAR(64) NOT NULL, value TEXT NOT NULL, PRIMARY KEY (key))",
    "CREATE TABLE reports (id VARCHAR(128) NOT NULL, created {when} NOT NULL, verdict VARCHAR(16) NOT NULL, "
    "score FLOAT NOT NULL, coverage FLOAT NOT NULL, model TEXT, body TEXT NOT NULL, request TEXT, PRIMARY KEY (id))",
    "CREATE INDEX ix_reports_created ON reports (created)",
    "INSERT INTO meta VALUES ('schema', '1')",
)


def make_schema_1(url: str, ids: list[str], request: str = '{"model": "m"}') -> None:
    """What the release before there was an audit chain left behind."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    when = "DATETIME" if engine.dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    old = sa.table("reports", *(sa.column(name) for name in ("id", "verdict", "score", "coverage", "model", "body")))
    old.append_column(sa.column("created", sa.DateTime(timezone=True)))
    old.append_column(sa.column("request"))
    with engine.begin() as connection:
        for statement in SCHEMA_1:
            connection.exec_driver_sql(statement.format(when=when))
        for id in ids:
            report = a_report(id, answer=f"Answer {id}")
            row = {"id": id, "created": report.created, "verdict": "flagged", "score": 0.1, "coverage": 2 / 3}
            row |= {"model": report.model, "body": report.model_dump_json(), "request": request}
            connection.execute(sa.insert(old), row)
    engine.dispose()


def test_schema_1_upgrades_with_its_data(url: str) -> None:
    make_schema_1(url, ["b", "a", "c"])
    with closing(SqlStore(url)) as store:
        for id in ("a", "b", "c"):
            assert store.get(id) == a_report(id, answer=f"Answer {id}")
        store.save(a_report("d"))
        catch_up(store.database, 100)
        with store.database.reading() as connection:
            rows = connection.execute(sa.select(reports).order_by(reports.c.number)).all()
            assert [row.id for row in rows] == ["a", "b", "c", "d"]
            assert {row.state for row in rows} == {"open"}
            assert {row.day for row in rows} == {"2026-11-22"}
            assert rows[0].request == '{"model": "m"}'
            assert rows[0].created.replace(tzinfo=UTC) == datetime(2026, 11, 22, 10, 20, 30, 123457, tzinfo=UTC)
            assert connection.scalar(sa.select(sa.func.count()).select_from(claims)) == 4
            assert connection.scalar(sa.select(sa.func.count()).select_from(search)) == 4
            problems: list[Problem] = []
            walked = list(walk(chain.entries(connection), problems))
            assert not problems
            assert [entry.kind for entry in walked] == ["begin", "report", "report", "report", "report"]
            assert [entry.content.get("adopted") for entry in walked] == [None, 1, 1, 1, None]
            assert not sa.inspect(connection).has_table("reports_1")
    with closing(SqlStore(url)) as again:
        assert again.get("d") is not None


def test_an_old_report_that_is_damaged_does_not_stop_the_upgrade(url: str) -> None:
    make_schema_1(url, ["a", "b"])
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE reports SET body = 'not a report' WHERE id = 'a'")
    engine.dispose()
    with closing(SqlStore(url)) as store:
        assert store.get("b") is not None
        with store.database.reading() as connection:
            assert connection.scalar(sa.select(reports.c.body).where(reports.c.id == "a")) == "not a report"
            assert connection.scalar(sa.select(sa.func.count()).select_from(audit)) == 3


def test_the_tables_are_what_the_migrations_make(url: str) -> None:
    with closing(Database(url)) as database, database.reading() as connection:

        def ours(name: str | None, kind: str, _: object) -> bool:
            return kind != "table" or not (name or "").startswith(("search", "alembic"))

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        assert compare_metadata(context, metadata) == []


def test_many_processes_may_open_a_new_database_at_once(url: str) -> None:
    def opened(_: int) -> None:
        SqlStore(url).close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(opened, range(8)))
    SqlStore(url).close()


def test_a_newer_database_is_refused(url: str) -> None:
    SqlStore(url).close()
    with closing(Database(url)) as database, database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE meta SET value = '{SCHEMA + 1}' WHERE key = 'schema'")
    with pytest.raises(ConfigError, match=f"schema {SCHEMA + 1}, which this program does not know"):
        SqlStore(url)


def make_schema_2(url: str, rows: list[dict[str, object]]) -> None:
    """What the release before a request could name several persons left behind."""
    from alembic import command
    from alembic.config import Config

    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", "groundwire.review:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "2")
        connection.exec_driver_sql("INSERT INTO meta VALUES ('schema', '2'), ('person_key', 'k')")
        old = sa.Table("reports", sa.MetaData(), autoload_with=connection)
        for number, row in enumerate(rows, start=1):
            report = a_report(f"r-{number}")
            values = {"number": number, "id": report.id, "created": report.created, "day": "2026-11-22"}
            values |= {"verdict": "flagged", "rank": 3, "severity": 3, "score": 0.1, "coverage": 2 / 3, "version": 0}
            values |= {"content": "full", "state": "open", "salt": "s", "body": report.model_dump_json(), **row}
            connection.execute(sa.insert(old).values(**values))
    engine.dispose()


def test_schema_2_upgrades_with_all_that_its_requests_named(url: str) -> None:
    anna, nobody = person_hash("anna", "k"), person_hash("anna", "")
    make_schema_2(
        url,
        [
            {"person": anna, "request": '{"user": "anna", "safety_identifier": "ben"}'},
            {"person": nobody, "request": '{"user": "anna"}'},  # one of schema 1
            {"person": anna, "request": '{"user": "████"}', "content": "redacted"},
            {"person": anna, "request": None, "body": None, "content": "hashes"},
            {"person": None, "request": None, "body": None, "content": "erased"},
            {"person": anna, "request": "no JSON"},
        ],
    )
    with closing(Database(url)) as database:
        with database.reading() as connection:
            found = connection.execute(sa.select(persons).order_by(persons.c.report, persons.c.person)).all()
        ben = person_hash("ben", "k")
        assert found == sorted([(1, anna), (1, ben), (2, anna), (3, anna), (4, anna), (6, anna)])
        assert erasing.erase_person(database, "Ben", "dpo") == 1
        assert erasing.erase_person(database, "Anna", "dpo") == 4


@pytest.mark.parametrize("damaged", [False, True])
def test_a_person_of_schema_1_is_found_and_erased(url: str, damaged: bool) -> None:
    make_schema_1(url, ["a", "b"], '{"user": "anna"}')
    if damaged:
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE reports SET body = 'not a report'")
        engine.dispose()
    with closing(SqlStore(url)) as store:
        store.save(a_report("c"), request={"user": "anna"})
        assert inspect(store.database).problems == ()
        assert erasing.erase_person(store.database, "anna", "dpo") == 3
        assert store.get("a") is None
        assert inspect(store.database).problems == ()
