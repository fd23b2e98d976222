"""Everything but chat: verify, reports, models, embeddings, health."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import FAILS, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway import FailingUpstream, ScriptedUpstream, create_app
from groundwire.review import FailingStore

World = Callable[..., Groundwire]


async def test_an_answer_is_verified_and_its_report_found_again(world: World, connect: Client) -> None:
    async with connect(world(), FailingUpstream()) as client:
        told = await client.post("/v1/verify", json={"answer": WRONG, "context": RIGHT, "question": "Which?"})
        found = await client.get(f"/v1/reports/{told.json()['id']}")
    assert told.json()["verdict"] == told.headers["x-groundwire-verdict"] == "flagged"
    assert told.json()["question"] == "Which?"
    assert found.json() == told.json()


async def test_a_check_that_cannot_be_made_is_told_and_not_refused(world: World, connect: Client) -> None:
    async with connect(world(), FailingUpstream()) as client:
        told = await client.post("/v1/verify", json={"answer": FAILS})
    assert told.status_code == 200
    assert told.json()["verdict"] == "unchecked"


async def test_a_report_that_cannot_be_kept_is_502(world: World, connect: Client) -> None:
    async with connect(world(store=FailingStore()), FailingUpstream()) as client:
        told = await client.post("/v1/verify", json={"answer": RIGHT})
        found = await client.get("/v1/reports/gw_1")
    assert told.status_code == found.status_code == 502


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "answer"),
        ({"answer": 3}, "answer"),
        ({"answer": "A.", "context": {"a": 1}}, "context"),
        ({"answer": "A.", "context": [1]}, "context"),
        ({"answer": "A.", "question": []}, "question"),
        ({"answer": "A.", "knowledge": "/etc/passwd"}, "knowledge"),
        ({"answer": "A.", "knowledge": [["a"]]}, "knowledge"),
        ({"answer": "A.", "rules": "/etc/passwd"}, "rules"),
    ],
)
async def test_what_cannot_be_verified_is_refused(world: World, connect: Client, body: Any, param: str) -> None:
    async with connect(world(), FailingUpstream()) as client:
        response = await client.post("/v1/verify", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == param


@pytest.mark.parametrize("id", ["gw_unknown", "..%2f..%2fetc%2fpasswd", "%00", "x" * 3000])
async def test_a_report_that_is_not_there_is_404(world: World, connect: Client, id: str) -> None:
    async with connect(world(), FailingUpstream()) as client:
        response = await client.get(f"/v1/reports/{id}")
    assert response.status_code == 404
    assert len(response.text) < 500


async def test_the_configured_models_are_listed(world: World, connect: Client) -> None:
    async with connect(world(), ScriptedUpstream(RIGHT, models=("one", "two"))) as client:
        response = await client.get("/v1/models")
    assert [model["id"] for model in response.json()["data"]] == ["one", "two"]


async def test_embeddings_pass_through(world: World, connect: Client) -> None:
    upstream = ScriptedUpstream(RIGHT)
    async with connect(world(), upstream) as client:
        response = await client.post("/v1/embeddings", json={"model": "e", "input": ["a", "b"], "new": 1})
    assert len(response.json()["data"]) == 2
    assert upstream.requests == [{"model": "e", "input": ["a", "b"], "new": 1}]


async def test_alive_at_once_and_ready_when_loaded(world: World, connect: Client) -> None:
    app = create_app(world(), ScriptedUpstream(RIGHT))
    async with connect(world(), ScriptedUpstream(RIGHT)) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).status_code == 503
    async with app.router.lifespan_context(app):
        for _ in range(200):
            if app.state.not_ready is None:
                break
            import asyncio

            await asyncio.sleep(0.01)
        assert app.state.not_ready is None
