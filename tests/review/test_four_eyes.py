"""Four eyes: what a rule decided that asks for two is decided when two agree, and the chain knows that they did."""

from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.review.reports import a_report

from groundwire.client import Groundwire
from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.review import SqlStore, chain
from groundwire.review.desk import Desk
from groundwire.review.filters import Filter
from groundwire.review.inspection import inspect
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.store import asking_two
from groundwire.review.tables import claims, reports
from groundwire.review.teaching import training_pairs


def told(store: SqlStore) -> list[str]:
    return [str(problem) for problem in inspect(store.database).problems]


@pytest.fixture
def desk(kept: SqlStore) -> Desk:
    """One report with two flagged claims, of which the first was decided by a rule that asks for two."""
    report = a_report("r-1")
    [claim] = report.claims
    other = claim.decision.model_copy(update={"rule": "other.rule"})
    report = report.model_copy(update={"claims": (claim, claim.model_copy(update={"id": "c2", "decision": other}))})
    kept.save(report, request=asking_two({"user": "u"}, report, ["default.wrong", "never.fired"]))
    return Desk(kept.database)


def state(desk: Desk) -> tuple[str, set[str]]:
    opened = desk.open("r-1")
    assert opened is not None
    [line] = desk.queue(Filter(state="all")).lines
    assert line.waits == bool(opened.waits)
    return opened.state, set(opened.waits)


def test_it_waits_for_a_second_who_is_another(kept: SqlStore, desk: Desk) -> None:
    desk.decide("r-1", 0, "confirm", "anna")
    assert state(desk) == ("open", {"c1"})
    for claim in ("c1", None):
        with pytest.raises(InputError, match="anna said so already, and a second person must"):
            desk.decide("r-1", 1, "confirm", "anna", claim=claim)
    desk.decide("r-1", 1, "confirm", "ben")
    assert state(desk) == ("decided", set())
    opened = desk.open("r-1")
    assert opened is not None
    assert [(made.by, made.claim) for made in opened.decisions] == [("anna", "c1"), ("anna", "c2"), ("ben", "c1")]
    assert told(kept) == []
    desk.decide("r-1", 2, "reopen", "ben")
    desk.decide("r-1", 3, "confirm", "ben")
    assert state(desk) == ("open", {"c1"}), "what was said before it was opened again counts no more"
    assert told(kept) == []


def test_who_disagrees_leaves_it_open(kept: SqlStore, desk: Desk) -> None:
    desk.decide("r-1", 0, "confirm", "anna")
    desk.decide("r-1", 1, "false_alarm", "ben", claim="c1")
    assert state(desk) == ("open", {"c1"})
    desk.decide("r-1", 2, "missed", "ben", right="That.")
    assert state(desk) == ("open", {"c1"})
    assert not list(training_pairs(kept.database)) or told(kept) == []
    desk.decide("r-1", 3, "false_alarm", "anna", claim="c1")
    assert state(desk) == ("decided", set())
    desk.decide("r-1", 4, "confirm", "cleo", claim="c1")
    assert state(desk) == ("open", {"c1"}), "one alone does not overturn what two said"
    assert told(kept) == []


def test_what_was_bent_is_found(kept: SqlStore, desk: Desk) -> None:
    with kept.database.writing() as connection:
        connection.execute(sa.update(claims).values(second=0))
    assert told(kept) == ["entry 2: report r-1: its claims for two is not what was stored"]
    desk.decide("r-1", 0, "confirm", "anna")
    with kept.database.writing() as connection:
        connection.execute(sa.update(claims).where(claims.c.claim == "c1").values(second=1))
    assert told(kept) == ["entry 4: report r-1 was decided, and no two agreed on claim c1"]


def test_a_pack_asks_for_it_and_the_store_keeps_that(url: str, tmp_path: Path) -> None:
    said = "id: a.word, about: A word., do: flag, message: A word., pattern: mango, four_eyes: "
    (tmp_path / "a.yaml").write_text(f"pack: a\nabout: A.\nrules:\n  - {{{said}true}}\n")
    config = Config.model_validate({"store": url, "rules": [str(tmp_path / "a.yaml")]})
    groundwire = Groundwire(config)
    with closing(groundwire.store):
        rules = groundwire.rules
        assert rules.four_eyes == {"a.word"}
        report = a_report("r-1")
        [claim] = report.claims
        decision = claim.decision.model_copy(update={"rule": "a.word"})
        report = report.model_copy(update={"claims": (claim.model_copy(update={"decision": decision}),)})
        groundwire.keep(report, rules, {"user": "u"})
        store = groundwire.store
        assert isinstance(store, SqlStore)
        Desk(store.database).decide("r-1", 0, "confirm", "anna")
        assert state(Desk(store.database)) == ("open", {"c1"})
        assert told(store) == []


def test_the_pages_say_it(kept: SqlStore, desk: Desk) -> None:
    for name in ("anna", "ben"):
        People(kept.database).add(name, Role.REVIEWER, "test")
    app = create_pages(kept.database, header="x-user", proxies=("testclient",))
    anna = TestClient(app, base_url="http://desk", headers={"sec-fetch-site": "same-origin", "x-user": "anna"})
    form = {"version": "0", "kind": "confirm", "claim": "c1"}
    assert "waits for a second reviewer" in anna.post("/reports/r-1/decide", data=form).text
    assert "waits for a second" in anna.get("/").text
    assert anna.post("/reports/r-1/decide", data={**form, "version": "1"}).status_code == 400
    with kept.database.reading() as connection:
        assert connection.scalar(sa.select(reports.c.state)) == "open"
        assert [entry.content.get("four_eyes") for entry in chain.entries(connection)][1] == ["c1"]
