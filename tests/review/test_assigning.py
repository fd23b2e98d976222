"""Which application asked and who is to decide: how the queue is filtered by it, and that nobody changes it unseen."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from tests.review.reports import a_report

from groundwire.model import Outcome, Severity
from groundwire.review import SqlStore, with_inputs
from groundwire.review.desk import Desk
from groundwire.review.filters import Filter
from groundwire.review.inspection import inspect
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
