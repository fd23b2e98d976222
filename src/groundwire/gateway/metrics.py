"""Figures for Prometheus. Labels are words of ours from short lists: never a prompt, a user, a claim or a path."""

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from groundwire import __version__
from groundwire.gateway.bounded import stuck
from groundwire.gateway.threads import cores
from groundwire.model import BROKEN, Label, Reason, Report, Verdict

if TYPE_CHECKING:
    from groundwire.client import Groundwire

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which several processes keep their figures: Prometheus' client's own.

It has to be set before that is imported. Then whichever process is asked gives the figures of all.
"""

CONTENT_TYPE = CONTENT_TYPE_LATEST

# What a request may come to: a verdict, or one of these.
OTHERS = (
    *("passed", "refused", "unauthorized", "limited", "overloaded", "aborted"),
    *("upstream_error", "verification_failed", "error"),
)
_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)
_FAILED = (Label.ERROR, Label.DEADLINE)


class Metrics:
    """The figures of one gateway, in a registry of their own. Safe to share between threads."""

    def __init__(self, pairs: Callable[[], int], in_flight: Callable[[], int]) -> None:
        self.registry = made = CollectorRegistry()
        self._requests = Counter("groundwire_requests", "Requests by what they came to.", ["outcome"], registry=made)
        self._claims = Counter("groundwire_claims", "Claims by verdict.", ["verdict"], registry=made)
        self._seconds = Histogram(
            "groundwire_stage_seconds", "Time of a check by stage.", ["stage"], registry=made, buckets=_SECONDS
        )
        self._errors = Counter(
            "groundwire_stage_errors", "Stages that failed, hung or came late, and what the policy was.",
            ["stage", "policy"], registry=made,
        )  # fmt: skip
        self._took = Histogram(
            "groundwire_request_seconds", "Time of a request, the model's included.", registry=made, buckets=_SECONDS
        )
        self.lag = Histogram(
            "groundwire_event_loop_lag_seconds", "How late the event loop comes round.", registry=made, buckets=_LAGS
        )
        flight = Gauge(
            "groundwire_requests_in_flight", "Requests under way.", registry=made, multiprocess_mode="livesum"
        )
        depth = Gauge(
            "groundwire_queue_depth", "What waits: checks for a core, pairs for the model.", ["queue"],
            registry=made, multiprocess_mode="livesum",
        )  # fmt: skip
        hung = Gauge(
            "groundwire_stuck_checks", "Checks that hang and were left behind.",
            registry=made, multiprocess_mode="livesum",
        )  # fmt: skip
        tasks = Gauge(
            "groundwire_event_loop_tasks", "Tasks of the event loop.", registry=made, multiprocess_mode="livesum"
        )
        self._now: list[tuple[Gauge, Callable[[], int]]] = [
            (flight, in_flight),
            (depth.labels("checks"), lambda: cores().waiting),
            (depth.labels("pairs"), pairs),
            (hung, stuck),
            (tasks, lambda: len(asyncio.all_tasks())),
        ]
        self._build = Gauge(
            "groundwire_build_info", "What runs here.", ["version", "rules", "on_error", "mode"],
            registry=made, multiprocess_mode="livemax",
        )  # fmt: skip
        self._running: tuple[str, ...] | None = None
        for verdict in Verdict:
            self._claims.labels(verdict.value)

    def runs(self, gw: "Groundwire") -> None:
        """Say what is in force now."""
        runs = (__version__, gw.rules.revision, gw.config.on_error, gw.config.mode)
        if self._running is not None and self._running != runs:
            if TOGETHER in os.environ:  # there a label is never forgotten
                self._build.labels(*self._running).set(0)
            else:
                self._build.remove(*self._running)
        self._running = runs
        self._build.labels(*runs).set(1)

    def look(self) -> None:
        """Take down what is under way and what waits. To be called on the event loop."""
        for gauge, read in self._now:
            gauge.set(read())

    def request(self, outcome: str, seconds: float) -> None:
        """One request is over."""
        self._requests.labels(outcome).inc()
        self._took.observe(seconds)

    def failed(self, stage: str, policy: Literal["open", "closed"]) -> None:
        self._errors.labels(stage, policy).inc()

    def report(self, report: Report, policy: Literal["open", "closed"]) -> None:
        """One text was checked."""
        for stage, milliseconds in report.timings.items():
            self._seconds.labels(stage).observe(milliseconds / 1000)
        for claim in report.claims:
            self._claims.labels(claim.verdict.value).inc()
        for stage in stages_that_failed(report):
            self.failed(stage, policy)

    def text(self) -> bytes:
        """Prometheus' text format. To be called on the event loop."""
        self.look()
        if TOGETHER not in os.environ:
            return generate_latest(self.registry)
        every = CollectorRegistry()
        MultiProcessCollector(every)  # type: ignore[no-untyped-call]
        return generate_latest(every)


def stages_that_failed(report: Report) -> list[str]:
    """The stages that could not do their work for some claim, each once."""
    found = []
    for claim in report.claims:
        failed = [finding.judge for finding in claim.findings if finding.label in _FAILED]
        found += failed
        if claim.decision.rule == BROKEN:
            found.append("rules")
        elif claim.skipped in (Reason.ERROR, Reason.DEADLINE) and not failed:
            found.append("claims")
    return list(dict.fromkeys(found))
