"""Bad requests: one line in OpenAI's shape, before the upstream is asked anything."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway import ScriptedUpstream

MAX_BODY = 10 * 1024 * 1024
World = Callable[..., Groundwire]
GOOD = '"messages": [{"role": "user", "content": "Hi"}]'

BAD: list[tuple[bytes, str]] = [
    (b"", "body"),
    (b"{", "body"),
    (b"[]", "body"),
    (b"\xff\xfe", "body"),
    (b'{"messages": NaN}', "body"),
    (b"[" * 100_000, "body"),
    (b'{"messages": [{"role": "user", "content": "\\ud800"}]}', "body"),
    (b"{}", "messages"),
    (b'{"messages": []}', "messages"),
    (b'{"messages": "hi"}', "messages"),
    (b'{"messages": ["hi"]}', "messages[0]"),
    (b'{"messages": [{"content": "hi"}]}', "messages[0]"),
    (b'{"messages": [{"role": "user", "content": [{"type": "grounding_source"}]}]}', "messages"),
    *(
        (b"{%s, %s}" % (GOOD.encode(), field.encode()), where)
        for field, where in [
            ('"model": 3', "model"),
            ('"stream": "yes"', "stream"),
            ('"n": 0', "n"),
            ('"n": true', "n"),
            ('"n": 100000', "n"),
            ('"groundwire": []', "groundwire"),
            ('"groundwire": {"mod": "hold"}', "groundwire.mod"),
            ('"groundwire": {"mode": "of"}', "groundwire.mode"),
            ('"groundwire": {"mode": "off"}', "groundwire.mode"),
            ('"groundwire": {"mode": ["hold"]}', "groundwire.mode"),
            ('"groundwire": {"deadline_ms": "1"}', "groundwire.deadline_ms"),
            ('"groundwire": {"documents": "text"}', "groundwire.documents"),
            ('"groundwire": {"documents": [{"txt": 1}]}', "groundwire.documents[0]"),
            ('"groundwire": {"documents": [{"url": "http://169.254.169.254/"}]}', "groundwire.documents[0]"),
            ('"groundwire": {"documents": [{"uri": "http://127.0.0.1/"}]}', "groundwire.documents[0].text"),
            ('"groundwire": {"knowledge": "/etc/passwd"}', "knowledge"),
        ]
    ),
]


@pytest.mark.parametrize(("body", "param"), BAD, ids=[f"{param}-{at}" for at, (_, param) in enumerate(BAD)])
async def test_a_bad_request_is_one_line_and_asks_nobody(
    world: World, connect: Client, body: bytes, param: str
) -> None:
    upstream = ScriptedUpstream(RIGHT)
    async with connect(world(), upstream) as client:
        response = await client.post("/v1/chat/completions", content=body)
    error = response.json()["error"]
    assert response.status_code == 400
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert "\n" not in error["message"]
    assert not upstream.requests


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_over_the_limit_is_413(world: World, connect: Client, declared: bool) -> None:
    async def endless() -> Any:
        for _ in range(MAX_BODY // 65536 + 2):
            yield b" " * 65536

    async with connect(world(), ScriptedUpstream(RIGHT)) as client:
        content = b" " * (MAX_BODY + 1) if declared else endless()
        response = await client.post("/v1/chat/completions", content=content)
    assert response.status_code == 413
    assert response.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("GET", "/v1/verify", 405)])
async def test_unknown_paths_and_methods_have_the_same_shape(
    world: World, connect: Client, method: str, path: str, status: int
) -> None:
    async with connect(world(), ScriptedUpstream(RIGHT)) as client:
        response = await client.request(method, path)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


async def test_a_stricter_mode_may_be_asked_for(world: World, connect: Client) -> None:
    body = {"messages": [{"role": "user", "content": "Hi"}], "groundwire": {"mode": "hold", "deadline_ms": 50}}
    async with connect(world("block", mode="annotate"), ScriptedUpstream(WRONG)) as client:
        response = await client.post("/v1/chat/completions", json=body)
    assert response.json()["choices"][0]["finish_reason"] == "content_filter"


async def test_what_is_unforeseen_keeps_its_details_to_itself(world: World, connect: Client) -> None:
    def broken(request: Any) -> str:
        raise RuntimeError("a password")

    async with connect(world(), ScriptedUpstream(broken)) as client:
        response = await client.post("/v1/chat/completions", content=b"{%s}" % GOOD.encode())
    assert response.status_code == 500
    assert response.json()["error"]["type"] == "internal_error"
    assert "password" not in response.text
