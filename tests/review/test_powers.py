"""Who may do what, what was proposed and who agreed: none of it is changed, added or taken away unseen."""

import ast
import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report
from tests.review.test_altered import change, checked, told

from groundwire.errors import InputError
from groundwire.review import SqlStore, chain, erasing, inspection
from groundwire.review.desk import Desk
from groundwire.review.entries import GENESIS, Entry
from groundwire.review.inspection import export, standalone
from groundwire.review.lessons import Places
from groundwire.review.people import People, RefusedError, Role
from groundwire.review.proposals import Proposals
from groundwire.review.tables import audit, links, meta, proposals, reports, sessions, users
from groundwire.review.verifier import examine

FACT = {"subject": "Australia", "relation": "capital", "object": "Canberra"}
PASSWORD = "four words and more"
LET_IN = "what lets them in is not what was stored"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(facts=tmp_path / "facts.tsv")


@pytest.fixture
def staffed(kept: SqlStore, places: Places) -> SqlStore:
    """Users of every kind, one who left, a decision, and three proposals: accepted, refused and open."""
    people = People(kept.database)
    people.accept(people.first_link() or "", "ada", PASSWORD)
    for name, role in (("rita", Role.VIEWER), ("anna", Role.APPROVER), ("vera", Role.VIEWER), ("gone", Role.ADMIN)):
        people.add(name, role, "ada")
    people.change("rita", Role.REVIEWER, "ada")
    people.change("gone", None, "command line (root)")
    people.accept(people.link("rita"), "rita", PASSWORD)
    assert people.log_in("rita", PASSWORD, "::1")
    for id in ("r-1", "r-2"):
        kept.save(a_report(id))
    Desk(kept.database).decide("r-1", 0, "confirm", "rita")
    taught = Proposals(kept.database, places)
    for subject in ("Australia", "Austria", "Aruba"):
        taught.propose("r-1", "fact", "facts", {**FACT, "subject": subject}, "rita")
    taught.decide(1, "anna", accept=True)
    taught.decide(2, "anna", accept=False)
    assert told(kept) == []
    return kept


@pytest.fixture(params=["kept", "erased"])
def proposed(request: pytest.FixtureRequest, staffed: SqlStore) -> SqlStore:
    """The same, once with its words and once without."""
    if request.param == "erased":
        erasing.erase_report(staffed.database, "r-1", "dpo")
        assert told(staffed) == []
    return staffed


def execute(store: SqlStore, statement: sa.Executable) -> None:
    with store.database.writing() as connection:
        connection.execute(statement)


def entry_about(store: SqlStore, kind: str, subject: str) -> int:
    with store.database.reading() as connection:
        where = (audit.c.kind == kind, audit.c.subject == subject)
        return int(connection.scalar(sa.select(sa.func.max(audit.c.seq)).where(*where)) or 0)


def found_in_both(store: SqlStore, folder: Path) -> list[str]:
    """What is found in the database, which an auditor must find in the export as well."""
    found = told(store)
    export(store.database, folder / "audit.zip")
    said = checked(folder / "audit.zip", 1 if found else 0)
    assert [line.removeprefix("WRONG  ") for line in said.splitlines() if line.startswith("WRONG")] == found
    return found


@pytest.mark.parametrize(
    ("name", "values", "kind", "said"),
    [
        ("vera", {"role": "approver"}, "user.add", "user vera is approver, and was made viewer"),
        ("rita", {"role": "admin"}, "user.role", "user rita is admin, and was made reviewer"),
        (
            "rita",
            {"password": "$argon2id$other"},
            "user.password",
            f"user rita: {LET_IN}",
        ),
        ("vera", {"password": "$argon2id$other"}, "user.add", f"user vera: {LET_IN}"),
        ("ada", {"password": None}, "user.add", f"user ada: {LET_IN}"),
        (
            "anna",
            {"created": LONG_AGO},
            "user.add",
            "user anna: the time is not what was stored",
        ),
    ],
)
def test_a_user_who_was_changed_is_found(
    staffed: SqlStore, tmp_path: Path, name: str, values: dict[str, Any], kind: str, said: str
) -> None:
    execute(staffed, sa.update(users).where(users.c.name == name).values(**values))
    assert found_in_both(staffed, tmp_path) == [f"entry {entry_about(staffed, kind, name)}: {said}"]


def test_users_who_came_and_went_are_found(staffed: SqlStore, tmp_path: Path) -> None:
    row = {"role": "admin", "password": None, "created": datetime.now(UTC)}
    execute(staffed, sa.insert(users).values([{"name": "gone", **row}, {"name": "mallory", **row}]))
    execute(staffed, sa.delete(users).where(users.c.name == "rita"))
    assert sorted(found_in_both(staffed, tmp_path)) == [
        f"entry {entry_about(staffed, 'user.role', 'rita')}: user rita is missing",
        f"entry {entry_about(staffed, 'user.remove', 'gone')}: user gone was taken away, and is there",
        "user mallory has no entry",
    ]


def test_a_role_that_was_lent_and_taken_back_is_found_in_what_was_done_with_it(
    staffed: SqlStore, places: Places, tmp_path: Path
) -> None:
    vera = users.c.name == "vera"
    execute(staffed, sa.update(users).where(vera).values(role="admin"))
    Desk(staffed.database).decide("r-2", 0, "false_alarm", "vera")
    Proposals(staffed.database, places).decide(3, "vera", accept=True)
    People(staffed.database).add("friend", Role.ADMIN, "vera")
    execute(staffed, sa.update(users).where(vera).values(role="viewer"))
    last = entry_about(staffed, "user.add", "friend")
    said = "vera did this as admin, and was viewer"
    assert found_in_both(staffed, tmp_path) == [f"entry {seq}: {said}" for seq in (last - 2, last - 1, last)]


def test_somebody_who_was_there_for_a_moment_is_found_in_what_they_did(staffed: SqlStore, tmp_path: Path) -> None:
    row = {"name": "mallory", "role": "reviewer", "password": None, "created": datetime.now(UTC)}
    execute(staffed, sa.insert(users).values(**row))
    Desk(staffed.database).decide("r-2", 0, "false_alarm", "mallory")
    execute(staffed, sa.delete(users).where(users.c.name == "mallory"))
    [problem] = found_in_both(staffed, tmp_path)
    assert problem.endswith(": mallory did this as reviewer, and was no user")


def test_a_password_that_was_lent_is_found_in_the_log_in(staffed: SqlStore, tmp_path: Path) -> None:
    people = People(staffed.database)
    with staffed.database.reading() as connection:
        of = {row.name: row.password for row in connection.execute(sa.select(users))}
    for password in (of["rita"], None):
        execute(staffed, sa.update(users).where(users.c.name == "anna").values(password=password))
        if password:
            assert people.log_in("anna", PASSWORD, "::1")
    assert people.log_in("rita", PASSWORD, "::1")
    last = entry_about(staffed, "login", "anna")
    assert found_in_both(staffed, tmp_path) == [f"entry {last}: anna came in by a way that was not theirs"]


def test_a_session_that_nobody_began_is_found_in_what_was_done_with_it(
    staffed: SqlStore, places: Places, tmp_path: Path
) -> None:
    forged = {"token": "0" * 64, "user": "anna", "expires": datetime.now(UTC) + timedelta(hours=1)}
    execute(staffed, sa.insert(sessions).values(**forged))
    Proposals(staffed.database, places).decide(3, "anna", accept=True)
    Desk(staffed.database).decide("r-2", 0, "confirm", "rita")  # who has one of her own
    execute(staffed, sa.delete(sessions).where(sessions.c.token == "0" * 64))
    last = entry_about(staffed, "proposal.accepted", "r-1")
    assert found_in_both(staffed, tmp_path) == [f"entry {last}: anna had a session that no log-in began"]


@pytest.mark.parametrize("whose", ["anna", None])
def test_a_link_that_nobody_gave_out_lets_nobody_in(kept: SqlStore, whose: str | None) -> None:
    people = People(kept.database)
    if whose:
        people.add(whose, Role.APPROVER, "test")
    given = people.link(whose)
    forged = {"token": hashlib.sha256(b"forged").hexdigest(), "user": whose}
    execute(kept, sa.insert(links).values(**forged, expires=datetime.now(UTC) + timedelta(hours=1)))
    with pytest.raises(InputError, match="it was used or is too old"):
        people.accept("forged", "anna", PASSWORD)
    assert people.accept(given, "anna", PASSWORD).name == "anna"
    assert told(kept) == []


def test_the_chain_says_who_gave_a_link_out(staffed: SqlStore) -> None:
    People(staffed.database).link("vera", "ada")
    with pytest.raises(InputError, match="rita is reviewer"):
        People(staffed.database).link("vera", "rita")
    with staffed.database.reading() as connection:
        [entry] = chain.about(connection, "user.link", "vera")
    assert (entry.actor, entry.content["as"]) == ("ada", "admin")


@pytest.mark.parametrize("said", ["x", 7, None, [7], [[]], {"x": 1}])
def test_what_no_entry_says_of_a_session_is_a_finding(staffed: SqlStore, tmp_path: Path, said: Any) -> None:
    with staffed.database.writing() as connection:
        chain.append(
            connection, [chain.Event("user.role", "vera", "ada", {"role": "viewer", "as": "admin", "in": said})]
        )
    [problem] = found_in_both(staffed, tmp_path)
    assert problem.endswith(": ada had a session that no log-in began")


def test_a_password_that_changed_while_it_was_tried_lets_nobody_in(
    staffed: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(hashed: str, password: str) -> bool:
        execute(staffed, sa.update(users).where(users.c.name == "rita").values(password=None))
        return True

    monkeypatch.setattr("groundwire.review.people._matches", meanwhile)
    assert People(staffed.database).log_in("rita", PASSWORD, "::1") is None


@pytest.mark.parametrize(
    "values",
    [
        {"report": 2},
        {"report": 77},
        {"kind": "alias"},
        {"target": "other"},
        {"by": "anna"},
        {"at": LONG_AGO},
    ],
)
def test_a_proposal_that_was_changed_is_found(proposed: SqlStore, tmp_path: Path, values: dict[str, Any]) -> None:
    execute(proposed, sa.update(proposals).where(proposals.c.number == 3).values(**values))
    last = entry_about(proposed, "proposal", "r-1")
    assert found_in_both(proposed, tmp_path) == [f"entry {last}: proposal 3 is not what was proposed"]


@pytest.mark.parametrize("values", [{"words": '{"subject": "X"}'}, {"salt": "0" * 32}, {"words": None, "salt": None}])
def test_words_of_a_proposal_that_were_changed_are_found(
    staffed: SqlStore, tmp_path: Path, values: dict[str, Any]
) -> None:
    execute(staffed, sa.update(proposals).where(proposals.c.number == 3).values(**values))
    last = entry_about(staffed, "proposal", "r-1")
    assert found_in_both(staffed, tmp_path) == [f"entry {last}: proposal 3: its words are not what was stored"]


@pytest.mark.parametrize(
    ("number", "values", "kind", "said"),
    [
        (1, {"decided_by": "rita"}, "accepted", "is accepted by rita, and was accepted by anna"),
        (1, {"state": "open", "decided_by": None}, "accepted", "is open, and was accepted by anna"),
        (2, {"state": "accepted"}, "refused", "is accepted by anna, and was refused by anna"),
        (3, {"state": "accepted", "decided_by": "anna"}, "", "is accepted by anna, and was open"),
    ],
)
def test_who_agreed_cannot_be_changed(
    proposed: SqlStore, tmp_path: Path, number: int, values: dict[str, Any], kind: str, said: str
) -> None:
    execute(proposed, sa.update(proposals).where(proposals.c.number == number).values(**values))
    seq = entry_about(proposed, f"proposal.{kind}" if kind else "proposal", "r-1")
    assert found_in_both(proposed, tmp_path) == [f"entry {seq}: proposal {number} {said}"]


def test_proposals_that_came_and_went_are_found(proposed: SqlStore, tmp_path: Path) -> None:
    row = {"report": 1, "kind": "fact", "target": "facts", "by": "rita", "at": datetime.now(UTC), "state": "open"}
    execute(proposed, sa.insert(proposals).values(number=9, **row))
    execute(proposed, sa.delete(proposals).where(proposals.c.number == 3))
    last = entry_about(proposed, "proposal", "r-1")
    found = found_in_both(proposed, tmp_path)
    assert found == ["proposal 9 has no entry", f"entry {last}: proposal 3 is missing"]


def test_entries_that_contradict_each_other_are_told(staffed: SqlStore, tmp_path: Path) -> None:
    """As somebody would write them who can append to the chain, to make the tables right."""
    with staffed.database.writing() as connection:
        seq = chain.head(connection)[0]
        events = [
            chain.Event("user.add", "vera", "ada", {"role": "admin", "way": None}),
            chain.Event("user.role", "nobody", "ada", {"role": "admin"}),
            chain.Event("proposal", "r-1", "anna", {"proposal": 1, "kind": "fact", "words": None}),
            chain.Event("proposal.refused", "r-1", "ada", {"proposal": 1}),
            chain.Event("proposal.accepted", "r-1", "anna", {"proposal": 7}),
            chain.Event("proposal.accepted", "r-1", "rita", {"proposal": 3}),
        ]
        chain.append(connection, events)
        changed = sa.update(proposals).where(proposals.c.number == 3)
        connection.execute(changed.values(state="accepted", decided_by="rita"))
    found = found_in_both(staffed, tmp_path)
    assert [problem.split(": ", 1)[0] for problem in found] == [f"entry {seq + each}" for each in range(1, 7)]
    assert "a second entry for user vera: entry" in found[0]
    assert found[1].endswith("user nobody was not there")
    assert "a second entry for proposal 1: entry" in found[2]
    assert "a second entry for proposal 1: entry" in found[3]
    assert found[4].endswith("proposal 7 was not there")
    assert found[5].endswith("proposal 3 was accepted by rita, who made it")


@pytest.mark.parametrize("version", [0, 7])
def test_the_count_of_decisions_is_held(staffed: SqlStore, tmp_path: Path, version: int) -> None:
    desk = Desk(staffed.database)
    desk.decide("r-1", 1, "note", "rita", note="So.")
    desk.decide("r-1", 2, "reopen", "rita")
    assert told(staffed) == []
    execute(staffed, sa.update(reports).where(reports.c.id == "r-1").values(version=version))
    [problem] = found_in_both(staffed, tmp_path)
    assert problem.endswith("report r-1: its version is not what was stored")
    execute(staffed, sa.update(reports).where(reports.c.id == "r-1").values(version=3))
    execute(staffed, sa.update(reports).where(reports.c.id == "r-2").values(version=1))
    [problem] = found_in_both(staffed, tmp_path)
    assert problem.endswith("report r-2: its version is not what was stored")


def test_whoever_may_not_any_more_is_refused_where_it_is_written(staffed: SqlStore, places: Places) -> None:
    """A page was asked for in time, and the role was taken before it was done."""
    people, taught = People(staffed.database), Proposals(staffed.database, places)
    people.change("rita", Role.VIEWER, "ada")
    people.change("anna", Role.REVIEWER, "ada")
    with pytest.raises(InputError, match="rita is viewer"):
        Desk(staffed.database).decide("r-2", 0, "confirm", "rita")
    with pytest.raises(InputError, match="rita is viewer"):
        taught.propose("r-2", "fact", "facts", {**FACT, "subject": "Albania"}, "rita")
    with pytest.raises(InputError, match="anna is reviewer"):
        taught.decide(3, "anna", accept=True)
    with pytest.raises(InputError, match="anna is reviewer"):
        people.add("friend", Role.ADMIN, "anna")
    with pytest.raises(InputError, match="anna is reviewer"):
        people.change("vera", Role.ADMIN, "anna")
    assert places.facts is not None
    assert "Aruba" not in places.facts.read_text()
    assert told(staffed) == []


def test_who_comes_by_a_provider_is_held_as_well(kept: SqlStore, tmp_path: Path) -> None:
    people = People(kept.database)

    def came(subject: str, role: Role | None) -> None:
        people.set_out(subject, "::1")
        people.vouched(people.came_back(subject) or 0, "https://issuer", subject, "olga", role)

    came("subject-1", Role.REVIEWER)
    came("subject-1", Role.APPROVER)
    with pytest.raises(RefusedError):
        came("subject-1", None)
    assert found_in_both(kept, tmp_path) == []
    with kept.database.reading() as connection:
        bound = connection.scalar(sa.select(users.c.password))
    change(kept, users, password="oidc:" + "0" * 64)
    assert found_in_both(kept, tmp_path) == ["entry 2: user olga: what lets them in is not what was stored"]
    change(kept, users, password=bound)
    change(kept, users, role="admin")
    assert found_in_both(kept, tmp_path) == ["entry 4: user olga is admin, and was made approver"]


_UNSAID = {
    "user.add": ("created", "way", "as", "in"),
    "user.role": ("as", "in"),
    "user.remove": ("as", "in"),
    "user.password": ("way",),
    "login": ("way", "in"),
    "decision": ("as", "in", "version"),
    "proposal": ("target", "at", "as", "in"),
    "proposal.accepted": ("as", "in"),
    "proposal.refused": ("as", "in"),
}


def test_records_from_before_this_was_said_verify_as_they_did(staffed: SqlStore) -> None:
    def problems() -> list[str]:
        with staffed.database.reading() as connection:
            old: list[Entry] = []
            for entry in chain.entries(connection):
                unsaid = _UNSAID.get(entry.kind, ())
                content = {name: value for name, value in entry.content.items() if name not in unsaid}
                entry = entry._replace(content=content, prev=old[-1].hash if old else GENESIS)
                old.append(entry._replace(hash=entry.computed))
            rows = [list(of(connection)) for of in (inspection._reports, inspection._decisions)]
            now, made = inspection._users(connection), inspection._proposals(connection)
            return [str(one) for one in examine(old, *rows, users=now, proposals=made).problems]

    assert problems() == []
    execute(staffed, sa.update(users).values(password=None, created=LONG_AGO))
    execute(staffed, sa.update(proposals).values(target="other", at=LONG_AGO))
    assert problems() == [], "what older entries do not say is not guessed at"
    execute(staffed, sa.update(users).where(users.c.name == "vera").values(role="admin"))
    execute(staffed, sa.update(proposals).where(proposals.c.number == 1).values(decided_by="vera"))
    assert len(problems()) == 2, "what they do say holds for the past too"


def test_a_session_from_before_sessions_were_named_may_last(staffed: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    append = chain.append

    def older(connection: sa.Connection, events: list[chain.Event]) -> None:
        append(connection, [event._replace(content={}) if event.kind == "login" else event for event in events])

    monkeypatch.setattr(chain, "append", older)
    assert People(staffed.database).log_in("rita", PASSWORD, "::1")
    monkeypatch.setattr(chain, "append", append)
    Desk(staffed.database).decide("r-2", 0, "confirm", "rita")
    assert told(staffed) == []
    with staffed.database.reading() as connection:
        marks = [entry.content.get("in") for entry in chain.entries(connection) if entry.subject == "r-2"]
    assert [len(mark or ()) for mark in marks] == [0, 2]


def test_no_secret_leaves_with_the_record(staffed: SqlStore, tmp_path: Path) -> None:
    export(staffed.database, tmp_path / "audit.zip")
    with staffed.database.reading() as connection:
        secrets = [*connection.scalars(sa.select(users.c.password).where(users.c.password.is_not(None)))]
        secrets += connection.scalars(sa.select(meta.c.value).where(meta.c.key == "person_key"))
    assert len(secrets) == 3
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        for name in archive.namelist():
            assert not any(secret in archive.read(name).decode() for secret in secrets), name
        rows = [json.loads(line) for line in archive.read("users.jsonl").splitlines()]
    assert [(row["name"], row["role"], row["way"] is None) for row in rows] == [
        ("ada", "admin", False),
        ("anna", "approver", True),
        ("rita", "reviewer", False),
        ("vera", "viewer", True),
    ]


def test_an_export_without_users_says_so(staffed: SqlStore, tmp_path: Path) -> None:
    export(staffed.database, tmp_path / "audit.zip")
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        for name in archive.namelist():
            if name not in ("users.jsonl", "proposals.jsonl"):
                old.writestr(name, archive.read(name))
    said = checked(tmp_path / "old.zip", 0)
    for name in ("users.jsonl", "proposals.jsonl"):
        assert f"{name} is not in this export: it was not held against the chain." in said


def test_the_verifier_of_an_export_is_one_whole() -> None:
    """Its parts are put together: none may overwrite another's name, and all that is not Python's own is in it."""
    tree = ast.parse(standalone())
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names += [name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)]
    assert len(names) == len(set(names))
    assert "groundwire.review" not in standalone()
    assert (ast.get_docstring(tree) or "").startswith("Says whether a record was bent.")


@pytest.fixture
def on_sqlite(tmp_path: Path, places: Places) -> Iterator[SqlStore]:
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        store.save(a_report("r-1"))
        People(store.database).add("rita", Role.REVIEWER, "test")
        Proposals(store.database, places).propose("r-1", "fact", "facts", FACT, "rita")
        assert told(store) == []
        yield store


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET name = CAST(X'ff' AS TEXT)",
        "UPDATE users SET name = X'ff'",
        "UPDATE users SET name = 'rita' || char(10) || '5 entries, 0 problems.'",
        "UPDATE users SET role = 7",
        "UPDATE users SET password = X'ff'",
        "UPDATE users SET created = 'never'",
        "UPDATE proposals SET at = 'never'",
        "UPDATE proposals SET report = 'one'",
        "UPDATE proposals SET words = CAST(X'ff' AS TEXT)",
        "UPDATE proposals SET state = CAST(X'ff' AS TEXT)",
        "UPDATE proposals SET decided_by = 7",
        "UPDATE reports SET version = 'one'",
    ],
)
def test_what_no_store_wrote_is_a_finding_of_one_line(on_sqlite: SqlStore, tmp_path: Path, statement: str) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as other, other:
        other.execute(statement)
    found = found_in_both(on_sqlite, tmp_path)
    assert found
    assert all(problem.isprintable() for problem in found)
