"""What whoever runs it gets to see: figures, a description, lines in a log; and never a word of an answer."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.routing import Route
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import CANARY, FAILS, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.errors import UpstreamError
from groundwire.gateway import FailingUpstream, ScriptedUpstream, create_app
from groundwire.gateway.logs import FIELDS, JsonLines, TextLines
from groundwire.gateway.openapi import document
from groundwire.model import Verdict
from groundwire.review import FailingStore

World = Callable[..., Groundwire]
ASKED = [{"role": "user", "content": "Which secret-question-word?"}]
BODY = {"model": "secret-model-word", "user": "secret-user-word", "messages": ASKED}


async def figures(client: Any) -> Mapping[tuple[str, ...], float]:
    """Every sample by its name and its labels' values, in the order of the labels' names."""
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    for word in ("secret", CANARY, "Australia"):
        assert word not in response.text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


async def test_requests_claims_and_stages_are_counted(world: World, connect: Client) -> None:
    async with connect(world(), ScriptedUpstream(f"{RIGHT} {WRONG}")) as client:
        for streaming in (False, True):
            await client.post("/v1/chat/completions", json=BODY | {"stream": streaming})
        await client.post("/v1/messages", json=BODY | {"max_tokens": 9})
        await client.post("/v1/chat/completions", json={})
        await client.post("/v1/embeddings", json={"input": "a"})
        await client.get("/v1/models")
        await client.get("/healthz")
        found = await figures(client)
    assert found["groundwire_requests_total", "flagged"] == 3
    assert found["groundwire_requests_total", "refused"] == 1
    assert found["groundwire_requests_total", "passed"] == 2
    assert found["groundwire_claims_total", "supported"] == 3
    assert found["groundwire_claims_total", "contradicted"] == 3
    assert {key[1] for key in found if key[0] == "groundwire_claims_total"} == {verdict.value for verdict in Verdict}
    assert found["groundwire_stage_seconds_count", "atlas"] == 3
    assert found["groundwire_requests_in_flight",] == 0
    assert found["groundwire_queue_depth", "checks"] == found["groundwire_queue_depth", "pairs"] == 0
    [build] = [key for key in found if key[0] == "groundwire_build_info"]
    assert build[1:3] == ("hold", "closed")


@pytest.mark.parametrize("policy", ["open", "closed"])
async def test_stages_that_fail_are_counted_with_their_policy(world: World, connect: Client, policy: str) -> None:
    async with connect(world(on_error=policy, store=FailingStore()), ScriptedUpstream(FAILS)) as client:
        await client.post("/v1/chat/completions", json=BODY)
        found = await figures(client)
    assert found["groundwire_stage_errors_total", policy, "atlas"] == 1
    assert found["groundwire_stage_errors_total", policy, "store"] == 1
    outcome = "unchecked" if policy == "open" else "verification_failed"
    assert found["groundwire_requests_total", outcome] == 1


async def test_a_failing_provider_is_counted_as_such(world: World, connect: Client) -> None:
    async with connect(world(), FailingUpstream(UpstreamError("no", status=429))) as client:
        for streaming in (False, True):
            await client.post("/v1/chat/completions", json=BODY | {"stream": streaming})
        found = await figures(client)
    assert found["groundwire_requests_total", "upstream_error"] == 2


async def test_the_description_names_every_route_and_every_reference(world: World, connect: Client) -> None:
    app = create_app(world(), ScriptedUpstream(RIGHT))
    async with connect(world(), ScriptedUpstream(RIGHT)) as client:
        told = (await client.get("/openapi.json")).json()
    served = {(route.path, method.lower()) for route in app.routes if isinstance(route, Route)
              for method in set(route.methods or ()) - {"HEAD"} if not route.path.startswith("/review")}  # fmt: skip
    assert {(path, method) for path, methods in told["paths"].items() for method in methods} == served
    text = json.dumps(told)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in told["components"]["schemas"]
    assert document() == told
    assert {"claims", "verdict", "patches"} <= set(told["components"]["schemas"]["Report"]["properties"])


async def test_a_report_is_what_the_description_says(world: World, connect: Client) -> None:
    async with connect(world("rewrite"), ScriptedUpstream(RIGHT)) as client:
        told = (await client.get("/openapi.json")).json()
        report = (await client.post("/v1/verify", json={"answer": f"{RIGHT} {WRONG}", "context": RIGHT})).json()
        stored = (await client.get(f"/v1/reports/{report['id']}")).json()
        refused = (await client.post("/v1/verify", json={})).json()
    assert report["claims"][0]["span"] == {"start": 0, "end": len(RIGHT)}
    for name, value in (("Report", report), ("Report", stored), ("Failure", refused)):
        jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", "components": told["components"]})


async def test_a_line_for_every_request_without_its_words(
    world: World, connect: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "groundwire"):
        for content in (False, True):
            async with connect(world(log={"content": content}), ScriptedUpstream(f"{RIGHT} {FAILS}")) as client:
                await client.post("/v1/chat/completions", json=BODY)
    quiet, open_ = [record for record in caplog.records if record.name == "groundwire.access"]
    told = getattr(quiet, FIELDS)
    assert told["outcome"] == "verification_failed"
    assert told["status"] == 502
    line = json.loads(JsonLines(content=False).format(quiet))
    assert line["message"] == "POST /v1/chat/completions"
    assert line["report"].startswith("gw_")
    for formatted in (JsonLines(content=False).format(quiet), TextLines(content=False).format(quiet)):
        assert "Canberra" not in formatted
        assert "secret" not in formatted
    assert "Canberra" in JsonLines(content=True).format(open_)


def test_a_failure_is_logged_by_its_kind_and_place_and_its_words_only_where_asked() -> None:
    try:
        raise ValueError("a secret in an error")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
        record = logging.LogRecord("groundwire", logging.ERROR, "f", 1, "check failed", None, raised)
    for lines in (JsonLines, TextLines):
        assert "secret" not in lines(content=False).format(record)
        assert "ValueError" in lines(content=False).format(record)
        assert "test_metrics.py" in lines(content=False).format(record)
        assert "a secret in an error" in lines(content=True).format(record)
