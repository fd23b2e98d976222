"""Both databases: every test that takes `url` runs on SQLite and on a PostgreSQL that is started for the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from tests.programs import program

from groundwire.review import SqlStore


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a private server on loopback, without a database's name."""
    initdb, server = (program(name, package="postgresql", among="postgresql/*/bin") for name in ("initdb", "postgres"))
    folder = Path(tempfile.mkdtemp(prefix="groundwire-postgres-"))
    account = _account()
    if account:
        shutil.chown(folder, account)
    data = folder / "data"
    made = [str(initdb), "-D", str(data), "-A", "trust", "-U", "groundwire", "-E", "UTF8", "--no-sync"]
    run = subprocess.run(made, user=account, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 200}
    command = [str(server), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, user=account, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(f"host=127.0.0.1 port={port} user=groundwire dbname=postgres")
        yield f"postgresql://groundwire@127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own for one test."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'a.db'}"
    return new_database(request)


@pytest.fixture
def kept(url: str) -> Iterator[SqlStore]:
    """An empty store, on either database."""
    with closing(SqlStore(url)) as store:
        yield store


def new_database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty schema on the PostgreSQL of the tests: a whole database would take a second to make."""
    server: str = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}postgres?options=-csearch_path%3D{name}"


def _account() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _wait(conninfo: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(conninfo).close()
        except psycopg.OperationalError:
            assert time.monotonic() < until, "PostgreSQL does not start"
            time.sleep(0.1)
        else:
            return
