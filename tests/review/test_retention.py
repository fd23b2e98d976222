"""How long content is kept: by age, and for a time of its own where a rule fired."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from tests.review.reports import a_report

from groundwire.config import Config
from groundwire.review import SqlStore, open_store
from groundwire.review.erasing import Retention
from groundwire.review.inspection import inspect

AGES = (1, 15, 45, 200)


def keep(store: SqlStore, name: str, *rules: str) -> None:
    """Reports of several ages, each with a claim for every rule that fired."""
    for days in AGES:
        report = a_report(f"{name}-{days}").model_copy(update={"created": datetime.now(UTC) - timedelta(days=days)})
        [claim] = report.claims
        fired = [
            claim.model_copy(update={"id": f"c{at}", "decision": claim.decision.model_copy(update={"rule": rule})})
            for at, rule in enumerate(rules)
        ]
        store.save(report.model_copy(update={"claims": tuple(fired), "patches": ()}))


@pytest.mark.parametrize(("days", "others"), [(30, [1, 15]), (None, [1, 15, 45, 200])])
def test_the_rule_that_keeps_longest_counts(kept: SqlStore, days: float | None, others: list[int]) -> None:
    keep(kept, "short", "r.short")
    keep(kept, "long", "r.long", "r.other")
    keep(kept, "both", "r.short", "r.long")
    keep(kept, "alike", "r.alike")
    keep(kept, "other", "r.other")
    keep(kept, "none")
    retention = Retention(days, {"r.short": 10, "r.long": 100, "r.alike": 100, "r.nowhere": 1})
    while retention.due(time.monotonic()):
        retention.run(kept.database)
    left = {
        name: [age for age in AGES if kept.get(f"{name}-{age}")]
        for name in ("short", "long", "both", "alike", "other", "none")
    }
    long = [1, 15, 45]
    assert left == {"short": [1], "long": long, "both": long, "alike": long, "other": others, "none": others}
    assert inspect(kept.database).problems == ()


def test_it_is_configured_without_a_time_for_all(url: str) -> None:
    config = Config.model_validate({"store": url, "record": {"keep_days_by_rule": {"r.short": 10}}})
    store = open_store(config)
    try:
        [retention] = [chore for chore in store._chores if isinstance(chore, Retention)]
        assert (retention.days, retention.by_rule) == (None, {"r.short": 10})
    finally:
        store.close()


@pytest.mark.parametrize("days", [0, -1, "inf"])
def test_a_time_that_is_none_is_refused(days: object) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"record": {"keep_days_by_rule": {"r.short": days}}})
