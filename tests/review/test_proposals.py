"""Decisions teach: a diff, a second person, a file that still loads."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.review.reports import a_report

from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.review import SqlStore, chain, erasing, with_inputs
from groundwire.review.inspection import inspect
from groundwire.review.lessons import Places
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.proposals import Proposals
from groundwire.review.tables import proposals
from groundwire.rules import read_pack

PACK = """\
# Ours.
pack: default
about: For the tests.
rules:
  - id: default.wrong  # the one
    about: What a source contradicts.
    when: verdict == "contradicted"
    do: flag
    message: A source says otherwise.
    examples:
      - answer: A.
        context: B.
        expect: fires
"""
FACT = {"subject": "Australia", "relation": "capital", "object": "Canberra"}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "pack.yaml").write_text(PACK)
    config = tmp_path / "groundwire.yaml"
    config.write_text("rules: [default, pack.yaml]\nreview: {facts: reviewed.tsv}")
    return Places.of(Config.load(config))


def browser(store: SqlStore, places: Places, name: str, role: Role) -> TestClient:
    People(store.database).add(name, role, "test")
    app = create_pages(store.database, header="x-user", proxies=("testclient",), places=places)
    return TestClient(app, headers={"sec-fetch-site": "same-origin", "x-user": name}, follow_redirects=False)


def test_an_example_goes_into_the_pack_when_a_second_person_agrees(kept: SqlStore, places: Places) -> None:
    from groundwire.evidence import Document

    kept.save(a_report("r-1", answer="It is 7."), request=with_inputs({}, [Document("d", "It is 8: no?")], "hold"))
    rita = browser(kept, places, "rita", Role.REVIEWER)
    anna = browser(kept, places, "anna", Role.APPROVER)
    rita.post("/reports/r-1/decide", data={"version": "0", "kind": "confirm", "claim": "c1"})
    form = {"kind": "example", "claim": "c1", "expect": "fires"}
    assert "Propose as an example" in rita.get("/reports/r-1").text
    assert rita.post("/reports/r-1/propose", data=form).headers["location"] == "/proposals"
    [number] = re.findall(r'action="/proposals/(\d+)"', anna.get("/proposals").text)
    assert "It is 8: no?" in anna.get("/proposals").text
    assert rita.post(f"/proposals/{number}", data={"answer": "accept"}).status_code == 403
    assert places.packs[0].read_text() == PACK
    assert anna.post(f"/proposals/{number}", data={"answer": "accept"}).status_code == 303
    text = places.packs[0].read_text()
    assert text.startswith(PACK.rstrip("\n"))
    example = read_pack(places.packs[0]).pack.rules[0].examples[-1]
    assert (example.answer, example.passages, example.expect) == ("It is 7.", ("It is 8: no?",), "fires")
    assert anna.post(f"/proposals/{number}", data={"answer": "accept"}).status_code == 400
    assert "accepted by anna" in anna.get("/proposals").text
    with kept.database.reading() as connection:
        kinds = [entry.kind for entry in chain.entries(connection) if entry.kind.startswith("proposal")]
    assert kinds == ["proposal", "proposal.accepted"]
    assert not inspect(kept.database).problems


def test_nobody_agrees_to_their_own(kept: SqlStore, places: Places) -> None:
    kept.save(a_report("r-1"))
    ada = browser(kept, places, "ada", Role.ADMIN)
    assert ada.post("/reports/r-1/propose", data={"kind": "fact", **FACT}).status_code == 303
    assert ada.post("/proposals/1", data={"answer": "accept"}).status_code == 400
    assert ada.post("/proposals/1", data={"answer": "perhaps"}).status_code == 400
    assert ada.post("/proposals/x", data={"answer": "accept"}).status_code == 400
    assert ada.post("/proposals/1", data={"answer": "refuse"}).status_code == 303
    assert places.facts is not None
    assert not places.facts.exists()


def test_a_fact_goes_into_the_table(kept: SqlStore, places: Places) -> None:
    kept.save(a_report("r-1"))
    taught = Proposals(kept.database, places)
    taught.propose("r-1", "fact", "facts", FACT, "rita")
    taught.propose("r-1", "fact", "facts", {**FACT, "object": "A\tb\nc"}, "rita")
    for proposal in taught.all():
        assert proposal.diff
        taught.decide(proposal.number, "anna", accept=True)
    assert places.facts is not None
    lines = sorted(places.facts.read_text().splitlines())
    assert lines == ["Australia\tcapital\tA b c", "Australia\tcapital\tCanberra"]
    with pytest.raises(InputError, match="it is there already"):
        taught.propose("r-1", "fact", "facts", FACT, "rita")


@pytest.mark.parametrize(
    ("kind", "target", "content", "said"),
    [
        ("fact", "facts", {**FACT, "object": " "}, "a part of it is empty"),
        ("fact", "facts", {**FACT, "subject": "# x"}, "as a comment does"),
        ("example", "default.other", {"answer": "A.", "expect": "fires"}, "is in no pack of yours"),
        ("example", "default.wrong", {"answer": "A.", "expect": "never"}, "expect"),
        ("example", "default.wrong", {"answer": "A." * 20_000, "expect": "fires"}, "at most"),
        ("poem", "x", {}, "is no proposal"),
    ],
)
def test_what_could_not_be_written_is_not_proposed(
    kept: SqlStore, places: Places, kind: str, target: str, content: dict[str, str], said: str
) -> None:
    kept.save(a_report("r-1"))
    with pytest.raises(InputError, match=said):
        Proposals(kept.database, places).propose("r-1", kind, target, content, "rita")
    with pytest.raises(InputError, match="it is not set"):
        Proposals(kept.database, Places()).propose("r-1", "fact", "facts", FACT, "rita")


def test_what_was_erased_teaches_nothing(kept: SqlStore, places: Places) -> None:
    kept.save(a_report("r-1"))
    taught = Proposals(kept.database, places)
    taught.propose("r-1", "fact", "facts", FACT, "rita")
    erasing.erase_report(kept.database, "r-1", "dpo")
    [proposal] = taught.all()
    assert proposal.wrong == "erased"
    with pytest.raises(InputError, match="no open one"):
        taught.decide(proposal.number, "anna", accept=True)
    with kept.database.reading() as connection:
        assert connection.scalar(sa.select(proposals.c.words)) is None
    with pytest.raises(InputError, match="r-1 was erased: it teaches nothing"):
        taught.propose("r-1", "fact", "facts", {**FACT, "object": "Sydney"}, "rita")
    assert len(taught.all()) == 1
