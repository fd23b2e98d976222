"""Which application asked and who is to decide: how the queue is filtered by it, and that nobody changes it unseen."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.review.reports import a_report

from groundwire.errors import InputError
from groundwire.model import Outcome, Severity
from groundwire.review import SqlStore, chain, with_inputs
from groundwire.review.assigning import assign
from groundwire.review.deciding import ConflictError
from groundwire.review.desk import Desk
from groundwire.review.filters import Filter
from groundwire.review.inspection import inspect
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.tables import reports
from groundwire.review.trending import by_application

V4 = ("application", "assigned")


def told(store: SqlStore) -> list[str]:
    return [str(problem) for problem in inspect(store.database).problems]


def shown(store: SqlStore, me: str = "", **wanted: str) -> list[str]:
    return sorted(line.id for line in Desk(store.database).queue(Filter(**wanted), me).lines)  # type: ignore[arg-type]


def keep(store: SqlStore, id: str, application: str | None, severity: Severity = Severity.HIGH) -> None:
    report = a_report(id).model_copy(update={"created": datetime.now(UTC)})
    [claim] = report.claims
    claim = claim.model_copy(update={"decision": claim.decision.model_copy(update={"severity": severity})})
    report = report.model_copy(update={"claims": (claim,)})
    store.save(report, request=with_inputs({"user": "u"}, (), "hold", application))


def test_schema_3_upgrades_with_its_data(url: str) -> None:
    """Its tables are these without two columns and three indices, and its chain says nothing of them."""
    with closing(SqlStore(url)) as store:
        store.save(a_report("r-1"), request=with_inputs({"user": "u"}, (), "hold"))
        Desk(store.database).decide("r-1", 0, "note", "anna", note="So.")
        with store.database.writing() as connection:
            for index in ("severity", "application", "assigned"):
                connection.exec_driver_sql(f"DROP INDEX ix_reports_{index}")
            connection.exec_driver_sql("ALTER TABLE claims DROP COLUMN second")
            for column in V4:
                connection.exec_driver_sql(f"ALTER TABLE reports DROP COLUMN {column}")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '3'")
            connection.exec_driver_sql("UPDATE meta SET value = '3' WHERE key = 'schema'")
    with closing(SqlStore(url)) as store:
        assert store.get("r-1") == a_report("r-1")
        keep(store, "r-2", "chat bot")
        assert shown(store, assigned="nobody") == ["r-1", "r-2"]
        assert shown(store, application="chat bot") == ["r-2"]
        assert told(store) == []


def test_the_queue_filters_by_application_and_severity(kept: SqlStore) -> None:
    keep(kept, "r-1", "chat bot", Severity.INFO)
    keep(kept, "r-2", "tax\x00 desk", Severity.CRITICAL)
    keep(kept, "r-3", None, Severity.INFO)
    unfired = a_report("r-4", verdict=Outcome.UNCHECKED).model_copy(update={"claims": (), "patches": ()})
    kept.save(unfired)
    assert shown(kept, application="chat bot") == ["r-1"]
    assert shown(kept, severity="info") == ["r-1", "r-3"], "r-4 has no severity: no rule fired"
    assert shown(kept, severity="critical", application="tax desk") == ["r-2"]
    assert Desk(kept.database).choices().applications == ["chat bot", "tax desk"]
    assert by_application(kept.database, 7) == [
        (None, {"flagged": 1}),
        ("chat bot", {"flagged": 1}),
        ("tax desk", {"flagged": 1}),
    ]
    assert told(kept) == []


def test_an_address_with_a_filter_that_is_none_still_opens() -> None:
    assert Filter.of({"severity": "huge", "assigned": "ben", "application": "\x00"}) == Filter()
    wanted = Filter(severity="high", assigned="me", application="a b")
    assert Filter.of(dict(one.split("=") for one in wanted.query().split("&"))).assigned == "me"
    assert wanted.narrows
    assert not Filter(state="all", sort="worst", page=3).narrows


@pytest.mark.parametrize("content", ["hashes", "redacted"])
def test_the_application_is_known_where_no_content_is_kept(url: str, content: str) -> None:
    def masked(_: str) -> str:
        return "####"

    with closing(SqlStore(url, content=content, redact=masked)) as store:  # type: ignore[arg-type]
        keep(store, "r-1", "chat bot")
        assert shown(store, application="chat bot") == ["r-1"]
        assert told(store) == []


@pytest.fixture
def visit(kept: SqlStore) -> Callable[[str], TestClient]:
    """A browser of somebody whom a proxy names, on this machine: anna, ben and, who only reads, vera."""
    app = create_pages(kept.database, header="x-user", proxies=("testclient",))
    for name, role in (("anna", Role.REVIEWER), ("ben", Role.REVIEWER), ("vera", Role.VIEWER)):
        People(kept.database).add(name, role, "test")

    def as_one(name: str) -> TestClient:
        headers = {"sec-fetch-site": "same-origin", "x-user": name}
        return TestClient(app, base_url="http://desk", headers=headers, follow_redirects=False)

    return as_one


def test_a_report_is_assigned_and_two_at_once_are_noticed(kept: SqlStore, visit: Callable[[str], TestClient]) -> None:
    keep(kept, "r-1", None)
    anna, ben = visit("anna"), visit("ben")
    assert anna.post("/reports/r-1/assign", data={"version": "0", "to": "ben"}).status_code == 303
    refused = ben.post("/reports/r-1/assign", data={"version": "0", "to": "anna"})
    assert refused.status_code == 409
    assert "anna assigned this report in the meantime." in refused.text
    assert ben.post("/reports/r-1/decide", data={"version": "0", "kind": "confirm"}).status_code == 409
    assert "for ben" in visit("vera").get("/reports/r-1").text
    assert "r-1" in ben.get("/?assigned=me").text
    assert "No report is like that" in anna.get("/?assigned=me").text
    assert shown(kept, assigned="somebody") == ["r-1"]
    assert told(kept) == []
    assert ben.post("/reports/r-1/decide", data={"version": "1", "kind": "confirm"}).status_code == 303
    assert told(kept) == [], "a decision leaves the assignment as it is"
    assert ben.post("/reports/r-1/assign", data={"version": "2", "to": ""}).status_code == 303
    assert shown(kept, assigned="nobody", state="all") == ["r-1"]
    with kept.database.reading() as connection:
        made = [(one.kind, one.actor, one.content.get("assigned")) for one in chain.entries(connection)]
    assert [one for one in made if one[0] == "report.assigned"] == [
        ("report.assigned", "anna", "ben"),
        ("report.assigned", "ben", None),
    ]
    assert told(kept) == []


def test_many_are_assigned_at_once_to_those_who_decide(kept: SqlStore, visit: Callable[[str], TestClient]) -> None:
    for number in range(3):
        keep(kept, f"r-{number}", None)
    assign(kept.database, "r-2", 0, "ben", "anna")
    form = {"kind": "assign", "to": "anna", "report": ["r-0@0", "r-1@0", "r-2@0"]}
    refused = visit("anna").post("/bulk", data=form)
    assert refused.status_code == 409
    assert shown(kept, "anna", assigned="me") == ["r-0", "r-1"]
    for nobody in ("vera", "zoe"):
        with pytest.raises(InputError, match="decides nothing here"):
            assign(kept.database, "r-0", 1, nobody, "anna")
    with pytest.raises(ConflictError):
        assign(kept.database, "r-0", 0, "ben", "anna")
    with pytest.raises(InputError, match="reviewer or more"):
        assign(kept.database, "r-0", 1, "ben", "vera")
    assert told(kept) == []


@pytest.mark.parametrize("before", ["ben", None])
@pytest.mark.parametrize("after", ["anna", None])
def test_an_assignment_that_was_changed_is_found(
    kept: SqlStore, visit: Callable[[str], TestClient], before: str | None, after: str | None
) -> None:
    keep(kept, "r-1", None)
    assign(kept.database, "r-1", 0, before, "anna")
    with kept.database.writing() as connection:
        connection.execute(sa.update(reports).values(assigned=after))
    expected = [] if before == after else ["entry 5: report r-1: its assignment is not what was stored"]
    assert told(kept) == expected
