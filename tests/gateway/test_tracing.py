"""OpenTelemetry: a span for every text that was checked, with its result, and none of its words."""

import json
from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway import ScriptedUpstream, tracing

World = Callable[..., Groundwire]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("groundwire"))
    yield exporter
    provider.shutdown()


async def test_a_verdict_is_an_event(world: World, connect: Client, spans: InMemorySpanExporter) -> None:
    async with connect(world(), ScriptedUpstream(f"{RIGHT} {WRONG}")) as client:
        body = {"model": "m", "messages": [{"role": "user", "content": "Which?"}]}
        answer = (await client.post("/v1/chat/completions", json=body)).json()
    [span] = spans.get_finished_spans()
    [event] = span.events
    assert span.name == "groundwire.check"
    assert span.attributes
    assert span.attributes["groundwire.report"] == answer["groundwire"]["id"]
    assert event.name == "gen_ai.evaluation.result"
    assert dict(event.attributes or {}) == {
        "gen_ai.evaluation.name": "groundwire",
        "gen_ai.evaluation.score.value": answer["groundwire"]["score"],
        "gen_ai.evaluation.score.label": "flagged",
    }
    assert "Canberra" not in json.dumps(json.loads(span.to_json()))


async def test_without_the_package_nothing_happens(
    world: World, connect: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "_tracer", None)
    async with connect(world(), ScriptedUpstream(RIGHT)) as client:
        assert (await client.post("/v1/verify", json={"answer": RIGHT})).status_code == 200
