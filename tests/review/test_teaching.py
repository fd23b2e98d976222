"""What reviewers decide teaches, what they missed too; and no decision takes longer for those that were made before."""

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report

from groundwire.model import Action, Decision, Outcome, Report, Span, Verdict
from groundwire.nli.training.corpora import LABEL_IDS
from groundwire.review import SqlStore
from groundwire.review.desk import Desk
from groundwire.review.filters import Filter
from groundwire.review.inspection import inspect
from groundwire.review.tables import reports
from groundwire.review.teaching import labelled, training_pairs


def unflagged(id: str, verdict: Outcome = Outcome.UNCHECKED) -> Report:
    """Two supported statements, each with its evidence, and nothing that a rule fired on."""
    report = a_report(id, answer="It opens at nine. It opens at ten.", verdict=verdict)
    fine = {"verdict": Verdict.SUPPORTED, "decision": Decision(action=Action.ALLOW, rule="default.fine")}
    first = report.claims[0].model_copy(update={**fine, "text": "It opens at nine.", "span": Span(0, 17)})
    second = first.model_copy(update={"id": "c2", "text": "The shop opens at ten.", "span": Span(18, 34)})
    return report.model_copy(update={"claims": (first, second), "patches": ()})


@pytest.mark.parametrize("verdict", [Outcome.CLEAN, Outcome.UNCHECKED])
@pytest.mark.parametrize(
    ("claim", "words", "found"),
    [
        ("c2", "The shop opens at ten.", ["The shop opens at ten."]),
        (None, "at ten", ["The shop opens at ten."]),
        (None, "It opens at nine. It opens at ten.", ["It opens at nine.", "The shop opens at ten."]),
        (None, "opens", []),
        (None, "elsewhere", []),
    ],
)
def test_what_was_missed_where_nothing_was_flagged_is_learnt_from(
    kept: SqlStore, verdict: Outcome, claim: str | None, words: str, found: list[str]
) -> None:
    kept.save(unflagged("r-1", verdict))
    desk = Desk(kept.database)
    desk.decide("r-1", 0, "missed", "anna", claim=claim, right=words)
    opened = desk.open("r-1")
    assert opened
    assert opened.state == "decided"
    assert [(row["id"], row["label"]) for row in labelled(kept.database)] == [("r-1", 1)]
    pairs = list(training_pairs(kept.database))
    assert [pair["hypothesis"] for pair in pairs] == found
    assert {pair["label"] for pair in pairs} <= {"unsupported"}
    desk.decide("r-1", 1, "reopen", "anna")
    assert not list(labelled(kept.database))
    assert not list(training_pairs(kept.database))
    assert not inspect(kept.database).problems


def test_what_was_missed_before_it_settled_anything_is_learnt_from_too(kept: SqlStore) -> None:
    kept.save(unflagged("r-1", Outcome.CLEAN))
    kept.save(a_report("r-2"))
    Desk(kept.database).decide("r-1", 0, "missed", "anna", right="at ten")
    Desk(kept.database).decide("r-2", 0, "missed", "anna", right="elsewhere")
    with kept.database.writing() as connection:
        connection.execute(sa.update(reports).where(reports.c.id == "r-1").values(state="none"))
    assert [(row["id"], row["label"]) for row in labelled(kept.database)] == [("r-1", 1), ("r-2", 1)]
    assert len(list(training_pairs(kept.database))) == 1


def test_what_trains_a_model_is_read_by_the_training(kept: SqlStore) -> None:
    kept.save(unflagged("r-1"))
    Desk(kept.database).decide("r-1", 0, "missed", "anna", right="at ten")
    assert {pair["label"] for pair in training_pairs(kept.database)} <= set(LABEL_IDS)


def test_a_decision_looks_at_its_own_report_only(kept: SqlStore) -> None:
    """Deciding on one of very many must not read the decisions on all the others."""
    for number in range(3):
        kept.save(a_report(f"r-{number}"))
    seen: list[tuple[str, object]] = []

    def noted(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        seen.append((statement, parameters))

    sa.event.listen(kept.database.engine, "before_cursor_execute", noted)
    Desk(kept.database).decide("r-1", 0, "confirm", "anna")
    Desk(kept.database).queue(Filter())
    sa.event.remove(kept.database.engine, "before_cursor_execute", noted)
    reads = [statement for statement, _ in seen if "FROM decisions" in statement]
    assert reads
    for statement in reads:
        assert "decisions.report = " in statement or "max(decisions.number)" in statement, statement
        assert "GROUP BY" not in statement
