"""An alias and a threshold are lessons too: a diff, a second person, and a file that says it and is heeded."""

import os
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.review.reports import a_report

from groundwire.client import Groundwire
from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.model import Verdict
from groundwire.review import MemoryStore, ReviewPages, SqlStore, chain
from groundwire.review.desk import Desk
from groundwire.review.inspection import inspect
from groundwire.review.lessons import Places
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.proposals import Proposals

WRITTEN = """\
# What our proxy does.
upstream: {model: a/b, api_key: sk-written-here}
rules: [default, pack.yaml]
entailment:
  model: builtin   # small
  thresholds: {supported: 0.4}  # found in May
store: postgresql://rita:a-password@host/name
review: {facts: reviewed.tsv}   # the end
"""
PACK = """\
pack: ours
about: For the tests.
rules:
  - id: ours.promise
    about: We promise nothing.
    prohibit: The fund will rise.
    do: flag
    message: A promise.
  - id: ours.seven
    about: No sevens.
    pattern: "7"
    do: flag
    message: A seven.
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "pack.yaml").write_text(PACK)
    path = tmp_path / "groundwire.yaml"
    path.write_text(WRITTEN)
    return path


@pytest.fixture
def places(config: Path) -> Places:
    return Places.of(Config.load(config), config)


@pytest.fixture
def facts(places: Places) -> Path:
    """A table in which Acme Works is in Oslo."""
    assert places.facts
    places.facts.write_text(
        'Beta_Mills\theadquarters\tBergen\nAcme_Works\theadquarters\tOslo\nAcme_Works\tmotto\t"We \\"act\\""'
    )
    return places.facts


def browser(store: SqlStore, places: Places, name: str, role: Role) -> TestClient:
    People(store.database).add(name, role, "test")
    app = create_pages(store.database, header="x-user", proxies=("testclient",), places=places)
    return TestClient(app, headers={"sec-fetch-site": "same-origin", "x-user": name}, follow_redirects=False)


def learnt(store: SqlStore, places: Places, kind: str, target: str, content: dict[str, Any]) -> None:
    taught = Proposals(store.database, places)
    taught.propose("r-1", kind, target, content, "rita")
    taught.decide(taught.all()[0].number, "anna", accept=True)


@pytest.mark.parametrize(
    ("form", "file", "added"),
    [
        (
            {"kind": "alias", "name": "AcmeCo", "entity": "Acme Works"},
            "reviewed.tsv",
            "+Acme_Works\talias\t&#34;AcmeCo&#34;",
        ),
        ({"kind": "threshold", "of": "contradicted", "value": "0.71"}, "groundwire.yaml", "+    contradicted: 0.71"),
        ({"kind": "threshold", "of": "supported", "value": "0.71"}, "groundwire.yaml", "+    supported: 0.71"),
        ({"kind": "threshold", "of": "ours.promise", "value": "0.9"}, "groundwire.yaml", "+    threshold: 0.9"),
    ],
)
def test_one_proposes_and_another_agrees(
    kept: SqlStore, places: Places, facts: Path, form: dict[str, str], file: str, added: str
) -> None:
    kept.save(a_report("r-1"))
    Desk(kept.database).decide("r-1", 0, "confirm", "rita", claim="c1")
    vera = browser(kept, places, "vera", Role.VIEWER)
    rita = browser(kept, places, "rita", Role.REVIEWER)
    anna, ada = browser(kept, places, "anna", Role.APPROVER), browser(kept, places, "ada", Role.ADMIN)
    path = facts.parent / file
    before = path.read_text()
    assert "Propose the alias" in rita.get("/reports/r-1").text
    assert "Propose the threshold" not in vera.get("/reports/r-1").text
    assert vera.post("/reports/r-1/propose", data=form).status_code == 403
    assert rita.post("/reports/r-1/propose", data=form).headers["location"] == "/proposals"
    assert ada.post("/reports/r-1/propose", data=form).headers["location"] == "/proposals"
    for client in (vera, rita, anna):
        assert added in client.get("/proposals").text
    assert rita.post("/proposals/1", data={"answer": "accept"}).status_code == 403
    assert ada.post("/proposals/2", data={"answer": "accept"}).status_code == 400  # her own
    assert path.read_text() == before
    assert anna.post("/proposals/1", data={"answer": "accept"}).status_code == 303
    assert path.read_text() != before
    assert anna.post("/proposals/2", data={"answer": "accept"}).status_code == 400  # it is so already
    assert anna.post("/proposals/2", data={"answer": "refuse"}).status_code == 303
    with kept.database.reading() as connection:
        kinds = [entry.kind for entry in chain.entries(connection) if entry.kind.startswith("proposal")]
    assert kinds == ["proposal", "proposal", "proposal.accepted", "proposal.refused"]
    assert not inspect(kept.database).problems


def test_a_threshold_is_all_that_changes(kept: SqlStore, places: Places, config: Path) -> None:
    kept.save(a_report("r-1"))
    config.chmod(0o640)
    learnt(kept, places, "threshold", "supported", {"value": "0.55"})
    learnt(kept, places, "threshold", "ours.promise", {"value": 0.9})
    after = WRITTEN.replace("0.4}  #", "0.55} #") + "overrides:\n  ours.promise: {threshold: 0.9}\n"
    assert config.read_text() == after
    assert config.stat().st_mode & 0o777 == 0o640
    read = Config.load(config)
    assert read.entailment.thresholds.supported == 0.55
    assert read.rule_overrides["ours.promise"]["threshold"] == 0.9
    learnt(kept, places, "threshold", "ours.promise", {"value": 0.8})
    [rule] = [one for one in Groundwire(Config.load(config)).rules.rules if one.id == "ours.promise"]
    assert rule.threshold == 0.8


def test_what_else_the_configuration_says_is_shown_to_nobody(kept: SqlStore, places: Places, config: Path) -> None:
    kept.save(a_report("r-1"))
    config.write_text("{upstream: {model: a/b, api_key: sk-written-here}, entailment: {thresholds: {supported: 0.4}}}")
    vera = browser(kept, places, "vera", Role.VIEWER)
    Proposals(kept.database, places).propose("r-1", "threshold", "supported", {"value": 0.55}, "rita")
    page = vera.get("/proposals").text
    assert "-    supported: 0.4" in page
    assert "+    supported: 0.55" in page
    assert "sk-written-here" not in page


def test_the_linker_knows_the_alias_and_no_second_thing_of_that_name(
    kept: SqlStore, places: Places, facts: Path
) -> None:
    kept.save(a_report("r-1"))

    def verdict(answer: str) -> Verdict:
        # One for each: a graph is read once.
        gw = Groundwire({"knowledge": [{"name": "reviewed", "path": str(facts)}]})
        [claim] = gw.verify(answer).claims
        return claim.verdict

    wrong, right = "AcmeCo is headquartered in Bergen.", "AcmeCo is headquartered in Oslo."
    assert verdict(right) is not Verdict.SUPPORTED
    learnt(kept, places, "alias", "facts", {"name": "AcmeCo", "entity": "acme works"})
    assert facts.read_text().endswith('"We \\"act\\""\nAcme_Works\talias\t"AcmeCo"\n')
    assert verdict(right) is Verdict.SUPPORTED
    assert verdict(wrong) is Verdict.CONTRADICTED


def test_a_name_in_quotes_stays_one(kept: SqlStore, places: Places, facts: Path) -> None:
    from groundwire.graph import load

    kept.save(a_report("r-1"))
    learnt(kept, places, "alias", "facts", {"name": ' The "Works"\t\\ Co ', "entity": "Acme Works"})
    assert load(facts).aliases("Acme_Works") == ('The "Works" \\ Co',)
    with pytest.raises(InputError, match="it is there already"):
        learnt(kept, places, "alias", "facts", {"name": 'The "Works" \\ Co', "entity": "Acme_Works"})


@pytest.mark.parametrize(
    ("kind", "target", "content", "said"),
    [
        ("alias", "facts", {"name": " ", "entity": "Acme Works"}, "a part of it is empty"),
        ("alias", "facts", {"name": "AcmeCo"}, "a part of it is empty"),
        ("alias", "facts", {"name": "AcmeCo", "entity": "Acme Wroks"}, "reviewed.tsv has no 'Acme Wroks'"),
        ("alias", "facts", {"name": "AcmeCo", "entity": 'We "act"'}, "reviewed.tsv has no"),
        ("alias", "facts", {"name": "Oslo", "entity": "Acme Works"}, "is a thing of its own there"),
        ("alias", "facts", {"name": "acme works", "entity": "Oslo"}, "is a thing of its own there"),
        ("alias", "facts", {"name": "Known", "entity": "Oslo"}, "'Known' means 'Acme_Works' already"),
        *(
            ("threshold", "supported", {"value": value}, "is no probability")
            for value in ("", "x", "0", "1", "nan", "inf", "-0.1", "0.00001", "1e999", None, [0.5])
        ),
        ("threshold", "supported", {"value": "0.4"}, "it is 0.4 already"),
        ("threshold", "unsupported", {"value": "0.5"}, "there is no rule 'unsupported'"),
        ("threshold", "../x", {"value": "0.5"}, "there is no rule"),
        ("threshold", "ours.seven", {"value": "0.5"}, "ours.seven asks no model"),
        ("threshold", "default.contradicted", {"value": "0.5"}, "asks no model|there is no rule"),
    ],
)
def test_what_could_not_be_written_is_not_proposed(
    kept: SqlStore, places: Places, facts: Path, kind: str, target: str, content: dict[str, Any], said: str
) -> None:
    kept.save(a_report("r-1"))
    facts.write_text(facts.read_text() + '\nAcme_Works\talias\t"Known"\n')
    with pytest.raises(InputError, match=said):
        Proposals(kept.database, places).propose("r-1", kind, target, content, "rita")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode: nonsense", "mode"),
        ("[]", "not a mapping"),
        ("a: &x 1", "anchor"),
        ("entailment: {model: builtin", "not YAML"),
    ],
)
def test_a_configuration_that_is_none_stays_what_it_is(
    kept: SqlStore, places: Places, config: Path, text: str, said: str
) -> None:
    kept.save(a_report("r-1"))
    taught = Proposals(kept.database, places)
    taught.propose("r-1", "threshold", "supported", {"value": 0.5}, "rita")
    config.write_text(text)
    assert said in taught.all()[0].wrong
    with pytest.raises(InputError, match=said):
        taught.decide(1, "anna", accept=True)
    assert config.read_text() == text
    config.unlink()
    assert "cannot be read" in taught.all()[0].wrong


def test_without_a_file_there_is_nothing_to_teach(kept: SqlStore) -> None:
    kept.save(a_report("r-1"))
    taught = Proposals(kept.database, Places())
    with pytest.raises(InputError, match="there is no configuration to write it into"):
        taught.propose("r-1", "threshold", "supported", {"value": 0.5}, "rita")
    with pytest.raises(InputError, match="it is not set"):
        taught.propose("r-1", "alias", "facts", {"name": "a", "entity": "b"}, "rita")


def test_the_gateways_own_file_is_the_one_that_is_taught(kept: SqlStore, config: Path) -> None:
    kept.save(a_report("r-1"))
    pages = ReviewPages(lambda: kept, Config.load(config).model_copy(update={"review": _from_proxy()}), config)
    People(kept.database).add("rita", Role.REVIEWER, "test")
    client = TestClient(pages, headers={"sec-fetch-site": "same-origin", "x-user": "rita"}, follow_redirects=False)
    form = {"kind": "threshold", "of": "supported", "value": "0.5"}
    assert client.post("/reports/r-1/propose", data=form).status_code == 303
    assert "+    supported: 0.5" in client.get("/proposals").text
    assert TestClient(ReviewPages(MemoryStore, Config(), config)).get("/").status_code == 404
    assert os.listdir(config.parent).count("groundwire.yaml") == 1


def _from_proxy() -> Any:
    return Config.load({"review": {"header": "x-user", "proxies": ["testclient"]}}).review
