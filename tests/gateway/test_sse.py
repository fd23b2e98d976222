"""Event streams and clients that wait, leave, or never come back. Raw ASGI: no HTTP client is this rude."""

import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.requests import ClientDisconnect, Request
from tests.gateway.scripted_world import RIGHT

from groundwire.client import Groundwire
from groundwire.gateway import FailingUpstream, Scripted, ScriptedUpstream, create_app
from groundwire.gateway.problems import encode
from groundwire.gateway.sse import COMMENT, EventStream, until_gone

World = Callable[..., Groundwire]
SCOPE = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "query_string": b"", "headers": []}


async def never() -> Any:
    await anyio.sleep_forever()


async def test_a_held_stream_is_kept_alive() -> None:
    async def slowly() -> Any:
        yield b"data: 1\n\n"
        await anyio.sleep(0.25)
        yield b"data: 2\n\n"

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await EventStream(slowly(), {}, keep_alive=0.05)(SCOPE, never, send)
    bodies = [message["body"] for message in sent if message["type"] == "http.response.body"]
    assert bodies[0] == b"data: 1\n\n"
    assert bodies[-2:] == [b"data: 2\n\n", b""]
    assert bodies[1:-2]
    assert set(bodies[1:-2]) == {COMMENT}
    assert not sent[-1]["more_body"]


async def test_a_slow_reader_holds_up_the_source() -> None:
    made = 0

    async def endless() -> Any:
        nonlocal made
        while True:
            made += 1
            yield b"x" * 1000

    async def send(message: Any) -> None:
        await anyio.sleep(0 if message["type"] == "http.response.start" else 60)

    with anyio.move_on_after(0.2):
        await EventStream(endless(), {})(SCOPE, never, send)
    assert made < 20


@pytest.mark.parametrize("streaming", [True, False])
async def test_a_client_that_leaves_frees_the_upstream_within_a_second(world: World, streaming: bool) -> None:
    gw = world()
    upstream = ScriptedUpstream(lambda request: Scripted(f"{RIGHT} {RIGHT}", breaks="silent", after=14))
    if not streaming:
        upstream = FailingUpstream(seconds=60)  # type: ignore[assignment]
    body = encode({"stream": streaming, "messages": [{"role": "user", "content": "Which?"}]})
    left: list[float] = []
    sent: list[Any] = []
    told = anyio.Event()
    asked = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        if message := next(asked, None):
            return message
        if streaming:
            await told.wait()
        await anyio.sleep(0.1)
        left.append(time.monotonic())
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if b"Canberra" in message.get("body", b""):
            told.set()

    with anyio.fail_after(30):
        await create_app(gw, upstream)(dict(SCOPE), receive, send)
    assert time.monotonic() - left[0] < 1
    if streaming:
        assert upstream.closed == 1
        id = dict(sent[0]["headers"])[b"x-groundwire-report"].decode()
        kept = gw.store.get(id)
        assert kept
        assert kept.verdict == "unchecked"
        assert kept.delivered == RIGHT


async def test_waiting_ends_with_what_the_work_raises_or_with_the_client() -> None:
    async def work() -> int:
        return 1

    async def broken() -> int:
        raise KeyError("mine")

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    request = Request(dict(SCOPE), never)
    assert await until_gone(request, work) == 1
    with pytest.raises(KeyError, match="mine"):
        await until_gone(request, broken)
    with pytest.raises(ClientDisconnect):
        await until_gone(Request(dict(SCOPE), gone), never)
