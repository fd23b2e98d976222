"""Content is encrypted where a key is given: nothing of it can be read without, and all of it is used as before."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from starlette.testclient import TestClient
from tests.review.reports import a_report
from typer.testing import CliRunner

from groundwire.cli import app
from groundwire.config import Config
from groundwire.errors import ConfigError, InputError
from groundwire.review import SqlStore, erasing, open_store, with_inputs
from groundwire.review.database import Database
from groundwire.review.desk import Desk
from groundwire.review.filters import Filter
from groundwire.review.inspection import export, inspect
from groundwire.review.lessons import Places
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.proposals import Proposals
from groundwire.review.replaying import stored
from groundwire.review.resealing import reseal
from groundwire.review.sealing import Seal, new_key
from groundwire.review.tables import decisions, reports
from groundwire.review.teaching import labelled

FACT = {"subject": "Xylophonia", "relation": "capital", "object": "Marimba"}


@pytest.fixture
def key(tmp_path: Path) -> str:
    new_key(tmp_path / "content.key")
    return str(tmp_path / "content.key")


@pytest.fixture
def sealed(url: str, key: str) -> Iterator[SqlStore]:
    with closing(SqlStore(url, key=key)) as store:
        yield store


def raw(url: str) -> str:
    """All that stands in the database, as it stands there."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        found = repr([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names])
    engine.dispose()
    return found.lower()


def a_day(store: SqlStore, id: str = "r-1", places: Places | None = None) -> None:
    """A report, a note on it, and what it teaches; each says xylophone or the like."""
    asked = with_inputs({"model": "m", "user": "anna", "messages": ["Xylophone?"]}, (), "hold")
    store.save(a_report(id, answer=f"Xylophone {id}."), request=asked)
    Desk(store.database).decide(id, 0, "confirm", "rita", claim="c1", note="Xylophones are wooden.")
    if places:
        Proposals(store.database, places).propose(id, "fact", "facts", FACT, "rita")


def test_nothing_that_was_said_stands_in_the_database(sealed: SqlStore, url: str, tmp_path: Path) -> None:
    a_day(sealed, places=Places(facts=tmp_path / "facts.tsv"))
    sealed.catch_up()
    with sealed.database.reading() as connection:
        salt = connection.scalar(sa.select(reports.c.salt))
    assert salt
    assert re.fullmatch("[0-9a-f]{32}", salt)
    there = raw(url)
    for word in ("xylophon", "marimba", "wooden", salt):
        assert word not in there
    assert "sealed:" in there
    for path in tmp_path.glob("a.db*"):
        assert b"ylophon" not in path.read_bytes().lower()


def test_it_is_used_as_before(sealed: SqlStore, tmp_path: Path) -> None:
    a_day(sealed)
    assert sealed.get("r-1") == a_report("r-1", answer="Xylophone r-1.")
    [kept] = sealed.reports()
    assert kept.request
    assert kept.request["messages"] == ["Xylophone?"]
    assert stored(sealed.database, "r-1").report.answer == "Xylophone r-1."
    opened = Desk(sealed.database).open("r-1")
    assert opened
    assert opened.decisions[0].words == {"note": "Xylophones are wooden."}
    assert [line.words for line in Desk(sealed.database).queue(Filter(state="all")).lines] == ["Xylophone r-1."]
    assert [row["label"] for row in labelled(sealed.database)] == [1]
    assert inspect(sealed.database).problems == ()
    export(sealed.database, tmp_path / "audit.zip")
    assert erasing.erase_person(sealed.database, "Anna", "dpo") == 1
    assert sealed.get("r-1") is None
    assert inspect(sealed.database).problems == ()
    with sealed.database.reading() as connection:
        assert connection.execute(sa.select(decisions.c.salt, decisions.c.words)).one() == (None, None)


def test_words_are_not_searched(sealed: SqlStore) -> None:
    a_day(sealed)
    with pytest.raises(InputError, match="is encrypted here, and cannot be searched"):
        Desk(sealed.database).queue(Filter(text="xylophone"))
    People(sealed.database).add("rita", Role.REVIEWER, "test")
    pages = create_pages(sealed.database, header="x-user", proxies=("testclient",))
    client = TestClient(pages, headers={"x-user": "rita", "sec-fetch-site": "same-origin"})
    assert "data-search" not in client.get("/?state=all").text
    assert "Xylophone r-1." in client.get("/?state=all").text
    refused = client.get("/?text=xylophone")
    assert refused.status_code == 400
    assert "cannot be searched" in refused.text


def test_without_the_key_it_does_not_open(sealed: SqlStore, url: str, tmp_path: Path) -> None:
    a_day(sealed)
    with pytest.raises(ConfigError, match="is encrypted, and no key is given"):
        Database(url)
    new_key(tmp_path / "other.key")
    with pytest.raises(ConfigError, match="is encrypted with another key"):
        Database(url, str(tmp_path / "other.key"))
    assert inspect(sealed.database).problems == ()


@pytest.mark.parametrize("text", ["x", "{}", "sealed:x", "sealed:é"])
def test_what_was_changed_is_found_all_the_same(sealed: SqlStore, text: str) -> None:
    a_day(sealed)
    a_day(sealed, "r-2")
    with sealed.database.writing() as connection:
        connection.execute(sa.text("UPDATE reports SET body = :text WHERE id = 'r-1'"), {"text": text})
        connection.execute(sa.text("UPDATE decisions SET words = :text WHERE report = 1"), {"text": text})
    assert [str(problem) for problem in inspect(sealed.database).problems] == [
        "entry 2: report r-1: its body is not what was stored",
        "entry 3: decision 1: its words are not what was stored",
    ]
    swap = "UPDATE reports SET body = (SELECT body FROM reports r WHERE r.id = 'r-2') WHERE id = 'r-1'"
    with sealed.database.writing() as connection:
        connection.exec_driver_sql(swap)
    assert "its body is not" in str(inspect(sealed.database).problems[0])


def test_what_was_stored_in_the_clear_is_encrypted(url: str, key: str, tmp_path: Path) -> None:
    with closing(SqlStore(url)) as store:
        a_day(store, places=Places(facts=tmp_path / "facts.tsv"))
        store.catch_up()
        with pytest.raises(InputError, match="it is not set"):
            reseal(store.database)
    with closing(SqlStore(url, key=key)) as store:
        a_day(store, "r-2")
        assert store.get("r-1") == a_report("r-1", answer="Xylophone r-1.")
        assert "xylophon" in raw(url)
        assert reseal(store.database) == 5
        assert "xylophon" not in raw(url)
        assert "marimba" not in raw(url)
        for path in tmp_path.glob("a.db*"):
            assert b"ylophon" not in path.read_bytes().lower(), path.name
        assert store.get("r-1") == a_report("r-1", answer="Xylophone r-1.")
        assert inspect(store.database).problems == ()


def test_a_key_is_changed(url: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(SqlStore(url, key=key)) as store:
        a_day(store)
    new = Fernet.generate_key().decode()
    monkeypatch.setenv("GW_BOTH", f"{new} {Path(key).read_text()}")
    monkeypatch.setenv("GW_NEW", new)
    with closing(SqlStore(url, key="os.environ/GW_BOTH")) as store:
        assert store.get("r-1") is not None
        with pytest.raises(ConfigError, match="another key"):
            Database(url, "os.environ/GW_NEW")
        assert reseal(store.database) == 2
    with pytest.raises(ConfigError, match="another key"):
        Database(url, key)
    with closing(SqlStore(url, key="os.environ/GW_NEW")) as store:
        assert store.get("r-1") == a_report("r-1", answer="Xylophone r-1.")
        assert inspect(store.database).problems == ()


def test_what_is_damaged_stays_what_it_is(sealed: SqlStore) -> None:
    a_day(sealed)
    with sealed.database.writing() as connection:
        connection.execute(sa.text("UPDATE reports SET body = 'sealed:x'"))
    reseal(sealed.database)
    with sealed.database.reading() as connection:
        assert connection.execute(sa.text("SELECT body FROM reports")).scalar_one() == "sealed:x"


def test_keys_that_are_none_are_one_line_that_does_not_show_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "short").write_text("c2hvcnQ=\n")
    monkeypatch.setenv("GW_WRONG", "hunter2")
    named = {"empty": "holds no key", "short": "holds no key", "nowhere": "cannot be read"}
    for name, said in named.items():
        with pytest.raises(ConfigError, match=said):
            Seal(str(tmp_path / name))
    with pytest.raises(ConfigError, match="holds no key") as refused:
        Seal("os.environ/GW_WRONG")
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ConfigError, match="is not set"):
        Seal("os.environ/GW_NOT_SET")
    with pytest.raises(ConfigError, match="a key is not written here"):
        Config.load({"record": {"encryption_key": Fernet.generate_key().decode()}})
    (tmp_path / "groundwire.yaml").write_text("record: {encryption_key: content.key}")
    assert Config.load(tmp_path / "groundwire.yaml").record.encryption_key == str(tmp_path / "content.key")
    new_key(tmp_path / "content.key")
    assert (tmp_path / "content.key").stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="File exists"):
        new_key(tmp_path / "content.key")


def test_the_commands_use_the_configured_key(tmp_path: Path) -> None:
    run = CliRunner()

    def called(*arguments: str) -> str:
        return run.invoke(app, [*arguments], catch_exceptions=False).stdout

    config = tmp_path / "groundwire.yaml"
    config.write_text(f"store: sqlite:///{tmp_path / 'a.db'}\n")
    with closing(open_store(Config.load(config))) as store:
        a_day(store)
    called("reports", "key", str(tmp_path / "content.key"))
    config.write_text(config.read_text() + "record: {encryption_key: content.key}\n")
    assert called("reports", "encrypt", "-c", str(config)) == "2 reports, decisions and proposals are encrypted.\n"
    assert "3 entries, 0 problems." in called("audit-log", "verify", "-c", str(config))
    out = tmp_path / "out.jsonl"
    assert called("reports", "export", "-o", str(out), "-c", str(config)).endswith("1 lines.\n")
    assert json.loads(out.read_text())["answer"] == "Xylophone r-1."
    with closing(open_store(Config.load(config))) as store:
        assert store.get("r-1") is not None
    config.write_text(f"store: sqlite:///{tmp_path / 'a.db'}\n")
    with pytest.raises(ConfigError, match="no key is given"):
        called("audit-log", "verify", "-c", str(config))
