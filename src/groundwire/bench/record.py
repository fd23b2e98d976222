"""`groundwire bench record`: what storing an answer costs, and how fast reviewers find it among many."""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundwire.bench.figures import percentile
from groundwire.bench.machine import in_words, machine

if TYPE_CHECKING:
    from groundwire.model import Report

_TIMES = 5
_AT_ONCE = 5_000


def record(
    reports: Annotated[int, typer.Option("--reports", min=100, metavar="N", help="How many are stored.")] = 10_000,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="An empty database; a new SQLite file by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")] = False,
) -> None:
    """Store reports of ten claims, one after the other and many at once, then open the queue and search."""
    with tempfile.TemporaryDirectory() as folder:
        url = store or f"sqlite:///{Path(folder) / 'groundwire.db'}"
        found = measure(
            url, reports, lambda stored: print(f"{stored:,} of {reports:,} reports stored", file=sys.stderr)
        )
    if as_json:
        print(json.dumps({**found, "measured_on": machine()}, indent=2))
        return
    for name, value in found.items():
        print(f"{name.replace('_', ' '):34} {value:10.1f}")
    print(in_words(machine()))


def measure(url: str, reports: int, progress: Callable[[int], None] = lambda stored: None) -> dict[str, float]:
    """Milliseconds unless a name says otherwise: medians of storing, and of pages with `reports` stored."""
    from groundwire.review import Desk, Filter, SqlStore

    with closing(SqlStore(url)) as store:
        alone = [_ms(partial(store.save, report)) for report in map(_report, range(100))]
        spent = 0.0
        with ThreadPoolExecutor(32) as threads:
            for start in range(100, reports, _AT_ONCE):  # a million reports do not fit into memory
                made = [_report(number) for number in range(start, min(start + _AT_ONCE, reports))]
                began = time.perf_counter()
                list(threads.map(store.save, made))
                spent += time.perf_counter() - began
                progress(start + len(made))
        together = (reports - 100) / spent if spent else 0.0
        store.catch_up()
        desk = Desk(store.database)

        day = _report(reports // 2).created.date().isoformat()

        def paged(**wanted: str | int) -> Callable[[], object]:
            return lambda: desk.queue(Filter(**wanted))  # type: ignore[arg-type]

        return {
            "reports": float(reports),
            "save_p50": statistics.median(alone),
            "save_p95": percentile(alone, 0.95),
            "saved_a_second_by_32_at_once": together,
            "queue_newest": _median(paged()),
            "queue_worst": _median(paged(sort="worst")),
            "queue_by_rule": _median(paged(rule="bench.flag")),
            "queue_by_verdict": _median(paged(verdict="blocked")),
            "queue_by_model": _median(paged(model="openai/gpt-4o-mini")),
            "queue_of_a_day": _median(paged(since=day, until=day)),
            "queue_tenth_page": _median(paged(page=10)),
            "search_a_rare_word": _median(paged(text=f"unique{reports // 2}")),
            "search_a_common_word": _median(paged(text="loan")),
            "trends": _median(lambda: desk.trends(30)),
        }


def _median(call: Callable[[], object]) -> float:
    return statistics.median(_ms(call) for _ in range(_TIMES))


def _ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def _report(number: int) -> "Report":
    from groundwire.model import Action, CheckedClaim, Decision, Evidence, Outcome, Report, Severity, Span, Verdict

    choose = random.Random(number)
    statements = [f"The loan {number} of kind {choose.randrange(5000)} costs {k}.4 % a year." for k in range(10)]
    answer = " ".join(statements) + f" unique{number}"
    passage = Evidence(source="policy.md", text="The borrowing rate of the consumer loan is 5.4 % a year. " * 5)
    decision = Decision(action=Action.FLAG, rule="bench.flag", severity=Severity.HIGH, message="A source disagrees.")
    at, claims = 0, []
    for k, text in enumerate(statements, start=1):
        span = Span(at, at + len(text))
        at = span.end + 1
        claims.append(
            CheckedClaim(
                id=f"c{k}", text=text, span=span, verdict=Verdict.CONTRADICTED, evidence=(passage,), decision=decision
            )
        )
    return Report(
        id=f"bench_{number}",
        created=datetime.now(UTC) - timedelta(minutes=number),
        verdict=choose.choice(list(Outcome)),
        answer=answer,
        revised=answer,
        delivered=answer,
        model="openai/gpt-4o-mini",
        claims=tuple(claims),
    )
