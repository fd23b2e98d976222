"""More than it can take: refused at once, with when to come back; and nothing grows without an end."""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import RIGHT, AtlasJudge

import groundwire.gateway.bounded
import groundwire.gateway.request
from groundwire.client import Groundwire
from groundwire.errors import OverloadError
from groundwire.gateway import Scripted, ScriptedUpstream, create_app, running
from groundwire.gateway.bounded import Overdue, stuck, within
from groundwire.gateway.problems import encode
from groundwire.model import Finding, Label
from groundwire.pipeline import Pipeline

World = Callable[..., Groundwire]
ASKED: Any = [{"role": "user", "content": "Which?"}]
BODY = {"model": "scripted", "messages": ASKED}


class Slow(ScriptedUpstream):
    """Takes half a second for an answer."""

    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        import anyio

        await anyio.sleep(0.5)
        return await super().complete(request)


def timed(client: httpx.Client) -> tuple[float, httpx.Response]:
    began = time.perf_counter()
    response = client.post("/v1/chat/completions", json=BODY)
    return time.perf_counter() - began, response


def opened(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=60, limits=httpx.Limits(max_connections=64))


def test_twice_the_capacity_is_told_to_come_back_within_100_ms(world: World) -> None:
    gw = world(limits={"requests": 8})
    with running(create_app(gw, Slow(RIGHT))) as url, opened(url) as client, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: client.get("/healthz"), range(16)))
        answers = list(pool.map(lambda _: timed(client), range(16)))
    served = [took for took, response in answers if response.status_code == 200]
    refused = [(took, response) for took, response in answers if response.status_code == 429]
    assert len(served) + len(refused) == 16
    assert len(served) >= 8
    assert refused
    for _, response in refused:
        assert int(response.headers["retry-after"]) >= 1
        assert response.json()["error"]["code"] == "overloaded"
    # Sixteen clients in this process are slow by themselves: the quickest tells about the gateway.
    assert min(took for took, _ in refused) < 0.1
    assert max(took for took, _ in refused) < min(served)


async def test_a_refusal_asks_nobody_and_is_quick(world: World, connect: Client) -> None:
    upstream = ScriptedUpstream(RIGHT)
    app_world = world(limits={"requests": 1})
    app = create_app(app_world, upstream)
    app.state.in_flight = 5
    transport = httpx.ASGITransport(app)
    took = []
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        for path in ("/v1/chat/completions", "/v1/messages", "/v1/verify", "/v1/embeddings") * 5:
            began = time.perf_counter()
            response = await client.post(path, content=b"x" * 1_000_000)
            took.append(time.perf_counter() - began)
            assert response.status_code == 429
            assert response.headers["retry-after"] == "1"
            assert (response.json().get("type") == "error") is (path == "/v1/messages")
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/v1/models")).status_code == 200
        assert 'groundwire_requests_total{outcome="overloaded"} 20.0' in (await client.get("/metrics")).text
    assert sorted(took)[len(took) // 2] < 0.1
    assert not upstream.requests


def test_checks_that_would_wait_too_long_are_refused_before_the_model_is_asked(world: World) -> None:
    gw = world(judge=AtlasJudge(0.3), limits={"wait_ms": 300}, deadline_ms=60_000)
    upstream = ScriptedUpstream(RIGHT)
    with running(create_app(gw, upstream)) as url, opened(url) as client, ThreadPoolExecutor(24) as pool:
        for _ in range(80):  # until it knows how long a check takes
            asked = [pool.submit(timed, client) for _ in range(8)]
            statuses = [each.result()[1].status_code for each in asked]
            assert set(statuses) <= {200, 429}
            if 429 in statuses:
                break
        assert set(statuses) == {200, 429}
    assert len(upstream.requests) < 640


class Refused:
    """A judge whose model has too much to do."""

    name, version = "atlas", "1"

    def judge(self, cases: Any, *, deadline: float | None = None) -> list[Finding]:
        words = "builtin failed: OverloadError: builtin has 8192 pairs to score; 3 more are too many"
        return [Finding(judge=self.name, version=self.version, label=Label.ERROR, explanation=words) for _ in cases]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1/verify"])
async def test_a_full_queue_of_the_model_is_429_and_not_502(world: World, connect: Client, path: str) -> None:
    body = {"answer": RIGHT} if path == "/v1/verify" else BODY | {"max_tokens": 9}
    async with connect(world(judge=Refused()), ScriptedUpstream(RIGHT)) as client:
        response = await client.post(path, json=body)
        streamed = await client.post("/v1/chat/completions", json=BODY | {"stream": True})
    assert response.status_code == 429
    assert response.headers["retry-after"] == "2"
    assert "overloaded" in streamed.text
    assert "[DONE]" not in streamed.text


async def test_nothing_is_taken_on_while_the_models_queue_is_half_full(world: World, connect: Client) -> None:
    class Full:
        pending, bound = 5000, 8192

    class Judge(AtlasJudge):
        model = Full()

    gw = world()
    gw._pipeline = Pipeline(gw.pipeline.extractor, (Judge(),), gw.rules)
    async with connect(gw, ScriptedUpstream(RIGHT)) as client:
        assert (await client.post("/v1/chat/completions", json=BODY)).status_code == 429
        assert 'groundwire_queue_depth{queue="pairs"} 5000.0' in (await client.get("/metrics")).text


async def test_an_answer_without_an_end_is_cut_off(world: World, connect: Client) -> None:
    upstream = ScriptedUpstream(lambda request: Scripted(" ".join(["word"] * 40_000), pieces=("word " * 200,) * 200))
    async with connect(world(limits={"answer_mb": 0.05}), upstream) as client:
        for mode in ("hold",):
            body = BODY | {"stream": True, "groundwire": {"mode": mode}}
            response = await client.post("/v1/chat/completions", json=body)
            assert "answer_too_large" in response.text
            assert "[DONE]" not in response.text
    assert upstream.closed == 1


async def test_a_body_that_does_not_come_is_408(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundwire.gateway.request, "BODY_WITHIN", 0.2)
    with running(create_app(world(), ScriptedUpstream(RIGHT))) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as drops:
            drops.sendall(b"POST /v1/verify HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{")
            assert b" 408 " in drops.recv(100)


@pytest.mark.parametrize("depth", [130, 900, 5000, 100_000])
async def test_a_body_that_is_too_deep_is_refused(world: World, connect: Client, depth: int) -> None:
    deep = b'{"a": ' * depth + b"1" + b"}" * depth
    body = b'{"messages": [{"role": "user", "content": "Hi"}], "tools": [%s]}' % deep
    upstream = ScriptedUpstream(RIGHT)
    async with connect(world(), upstream) as client:
        began = time.perf_counter()
        response = await client.post("/v1/chat/completions", content=body)
        took = time.perf_counter() - began
    assert response.status_code == 400
    assert "nested too deeply" in response.json()["error"]["message"]
    assert took < 1
    assert not upstream.requests


def test_a_reader_of_one_byte_a_second_holds_up_the_model_and_not_the_memory(world: World) -> None:
    made = 0

    class Endless(ScriptedUpstream):
        async def stream(self, request: dict[str, Any]) -> Any:
            nonlocal made
            import anyio

            frame = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
            while True:
                made += 1
                delta = {"content": f"{RIGHT} " * 100}
                yield {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
                await anyio.lowlevel.checkpoint()

    gw = world(mode="off")
    with running(create_app(gw, Endless(RIGHT))) as url:
        host, port = url.removeprefix("http://").split(":")
        content = encode(BODY | {"stream": True})
        with socket.socket() as reader:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect((host, int(port)))
            head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(content)
            reader.sendall(head + content)
            for _ in range(3):
                reader.recv(1)
                time.sleep(0.3)
            settled = made
            for _ in range(3):
                reader.recv(1)
                time.sleep(0.3)
            # What the kernel's buffers hold, and no more: each piece is 4 KB.
            assert made - settled <= 2
            assert made < 2000


def test_a_buffered_client_that_leaves_frees_the_provider_and_is_recorded_as_aborted(world: World) -> None:
    left = threading.Event()

    class Silent(ScriptedUpstream):
        async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
            import anyio

            try:
                await anyio.sleep(600)
            finally:
                left.set()
            return {}

    gw = world()
    with running(create_app(gw, Silent(RIGHT))) as url:
        with pytest.raises(openai.APITimeoutError):
            openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0, timeout=0.5).chat.completions.create(
                model="scripted", messages=ASKED
            )
        assert left.wait(1)
        for _ in range(100):
            if gw.store.requests:  # type: ignore[attr-defined]
                break
            time.sleep(0.02)
        [id] = gw.store.requests  # type: ignore[attr-defined]
        report = gw.store.get(id)
        assert report
        assert report.aborted == "The client left before the answer was complete."
        assert report.verdict == "unchecked"
        for _ in range(50):
            if 'outcome="aborted"} 1.0' in httpx.get(f"{url}/metrics").text:
                break
            time.sleep(0.02)
        assert 'outcome="aborted"} 1.0' in httpx.get(f"{url}/metrics").text


def test_what_hangs_is_left_behind_and_counted() -> None:
    go = threading.Event()
    before = stuck()
    with pytest.raises(Overdue):
        within(0.05, go.wait)
    assert stuck() == before + 1
    go.set()
    for _ in range(100):
        if stuck() == before:
            break
        time.sleep(0.01)
    assert stuck() == before
    assert within(5, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_what_hung_is_tried_again_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a judge that hung once in a bad hour would be refused for ever: what it left behind may never return."""
    before = stuck()
    monkeypatch.setattr(groundwire.gateway.bounded, "MOST_STUCK", before + 2)
    monkeypatch.setattr(groundwire.gateway.bounded, "TRY_AGAIN", 0.2)
    never = threading.Event()
    for _ in range(2):
        with pytest.raises(Overdue):
            within(0.02, never.wait)
    with pytest.raises(Overdue):  # the first trial
        within(0.02, never.wait)
    for _ in range(3):
        with pytest.raises(OverloadError):
            within(0.02, lambda: 3)
    time.sleep(0.25)
    assert within(5, lambda: 3) == 3, "a trial that returns ..."
    with pytest.raises(OverloadError):
        within(5, lambda: 3)
    for _ in range(2):
        time.sleep(0.25)
        within(5, lambda: 3)
    assert [within(5, lambda: 3) for _ in range(5)] == [3] * 5, "... makes room"
    with pytest.raises(Overdue):
        within(0.02, never.wait)
    never.set()
    for _ in range(100):
        if stuck() == before:
            break
        time.sleep(0.01)
