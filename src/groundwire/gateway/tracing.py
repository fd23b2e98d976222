"""OpenTelemetry, where it is installed (`groundwire[otel]`) and set up: a span an answer, and an event for its verdict.

The event is `gen_ai.evaluation.result` of the semantic conventions for generative AI. No words of an answer are in it.
Without the package, or without a provider of the application's own, all of this costs a look at a variable.
"""

from typing import TYPE_CHECKING, Any

from groundwire import __version__

if TYPE_CHECKING:
    from groundwire.model import Report

EVENT = "gen_ai.evaluation.result"

try:
    from opentelemetry import trace
except ImportError:  # an extra
    _tracer: Any = None
else:
    _tracer = trace.get_tracer("groundwire", __version__)


def told(report: "Report") -> None:
    """Record that a text was checked, as a span with the event of its result."""
    if _tracer is None:
        return
    with _tracer.start_as_current_span("groundwire.check") as span:
        if not span.is_recording():
            return
        span.set_attributes({
            "gen_ai.request.model": report.model or "",
            "groundwire.report": report.id,
            "groundwire.coverage": report.coverage,
            "groundwire.claims": len(report.claims),
            **{f"groundwire.stage.{stage}_ms": spent for stage, spent in report.timings.items()},
        })  # fmt: skip
        span.add_event(EVENT, {
            "gen_ai.evaluation.name": "groundwire",
            "gen_ai.evaluation.score.value": report.score,
            "gen_ai.evaluation.score.label": report.verdict.value,
        })  # fmt: skip
