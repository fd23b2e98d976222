"""Figures for Prometheus. Labels are words of ours from short lists: never a prompt, a user, a claim or a path."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from groundwire import __version__
from groundwire.gateway.bounded import stuck
from groundwire.gateway.threads import cores
from groundwire.model import BROKEN, Label, Reason, Report, Verdict

if TYPE_CHECKING:
    from groundwire.client import Groundwire

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
        flight = Gauge("groundwire_requests_in_flight", "Requests under way.", registry=made)
        flight.set_function(in_flight)
        depth = Gauge("groundwire_queue_depth", "What waits: checks for a core, pairs for the model.", ["queue"],
                      registry=made)  # fmt: skip
        depth.labels("checks").set_function(lambda: cores().waiting)
        depth.labels("pairs").set_function(pairs)
        hung = Gauge("groundwire_stuck_checks", "Checks that hang and were left behind.", registry=made)
        hung.set_function(stuck)
        self._build = Gauge(
            "groundwire_build_info", "What runs here.", ["version", "rules", "on_error", "mode"], registry=made
        )
        for verdict in Verdict:
            self._claims.labels(verdict.value)

    def runs(self, gw: "Groundwire") -> None:
        """Say what is in force now."""
        self._build.clear()
        self._build.labels(__version__, gw.rules.revision, gw.config.on_error, gw.config.mode).set(1)

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
        return generate_latest(self.registry)


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
