"""The gateway in its own process, the real OpenAI client before it, a provider over real HTTP behind it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG

from groundwire.gateway import Scripted, serve_scripted
from groundwire.gateway.serving import listening

TOP = Path(__file__).resolve().parents[2]
CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Canberra"}'}}
SAID = {
    "right": Scripted(RIGHT),
    "wrong": Scripted(f"{RIGHT} {WRONG} {RIGHT}"),
    "failing": Scripted(f"{RIGHT} {FAILS} {RIGHT}"),
    "tools": Scripted(None, tool_calls=(CALL,), finish_reason="tool_calls"),
    "canary": Scripted(
        f"{WRONG} {RIGHT} {WRONG}", reasoning=WRONG, refusal=WRONG, logprobs=True, extra={"thinking": WRONG}
    ),
    **{how: Scripted(f"{RIGHT} {RIGHT}", breaks=how, after=9) for how in ("truncated", "cut", "error")},
    "silent": Scripted(f"{RIGHT} {RIGHT}", breaks="silent", after=9),
}
ASKED: Any = [{"role": "user", "content": "Which?"}]
NAMES = [*SAID, "status-429", "status-500"]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with serve_scripted(lambda request: SAID[request["model"]]) as url:
        yield url


@pytest.fixture(scope="module")
def gateway(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its URL, once it is ready. It must stop when it is told to."""
    folder = tmp_path_factory.mktemp("gateway")
    models = [
        {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": provider, "api_key": "k"}}
        for name in NAMES
    ]
    nobody = {"model": "openai/nobody", "api_base": "http://127.0.0.1:9/v1", "api_key": "k"}
    models.append({"model_name": "nobody", "litellm_params": nobody})
    configured = {
        "upstream": {"model_list": models},
        "deadline_ms": 60_000,
        "store": f"sqlite:///{folder}/reports.db",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.gateway.serve_world", str(folder), json.dumps(configured)],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TOP), *sys.path])},
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        assert line.startswith("groundwire: listening on http://127.0.0.1:"), line + process.stderr.read()
        url = line.split()[-1]
        rest: list[str] = []
        reader = threading.Thread(target=lambda: rest.extend(process.stderr or ()), daemon=True)
        reader.start()
        waits = _until_ready(url)
        assert sorted(waits)[len(waits) // 2] < 0.5, "the event loop stays free while litellm loads"
        yield url
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)
        reader.join(timeout=10)
        assert "Traceback" not in "".join(rest)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def _until_ready(url: str) -> list[float]:
    """Seconds that each question for readiness took."""
    waits = []
    for _ in range(1200):
        asked = time.monotonic()
        status = httpx.get(f"{url}/readyz", timeout=60).status_code
        waits.append(time.monotonic() - asked)
        if status == 200:
            return waits
        time.sleep(0.1)
    raise AssertionError("never ready")


def client(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0, timeout=60)


def ask(url: str, model: str, **fields: Any) -> Any:
    with client(url) as opened:
        return opened.chat.completions.create(model=model, messages=ASKED, **fields)


def stream(url: str, model: str, **fields: Any) -> tuple[list[str], Any, list[str]]:
    """The pieces of text, the last chunk, and the finish reasons."""
    texts, ends, last = [], [], None
    with client(url) as opened:
        chunks = opened.chat.completions.create(model=model, messages=ASKED, stream=True, **fields)
        for chunk in chunks:
            last = chunk
            texts += [choice.delta.content for choice in chunk.choices if choice.delta.content]
            ends += [choice.finish_reason for choice in chunk.choices if choice.finish_reason]
    return texts, last, ends


def test_plain(gateway: str) -> None:
    answer = ask(gateway, "right")
    assert answer.choices[0].message.content == RIGHT
    assert answer.groundwire["verdict"] == "clean"
    kept = httpx.get(f"{gateway}/v1/reports/{answer.groundwire['id']}")
    assert kept.json() == answer.groundwire


def test_streaming(gateway: str) -> None:
    texts, last, ends = stream(gateway, "wrong", user="rewrite")
    assert "".join(texts) == f"{RIGHT} {REPAIRED} {RIGHT}"
    assert len(texts) == 3
    assert ends == ["stop"]
    assert last.groundwire["verdict"] == "rewritten"


def test_streaming_as_the_client_accumulates_it(gateway: str) -> None:
    with (
        client(gateway) as opened,
        opened.chat.completions.stream(
            model="wrong", user="rewrite", messages=ASKED, n=2, stream_options={"include_usage": True}
        ) as events,
    ):
        final = events.get_final_completion()
    assert [choice.message.content for choice in final.choices] == [f"{RIGHT} {REPAIRED} {RIGHT}"] * 2
    assert final.usage


def test_rewritten(gateway: str) -> None:
    answer = ask(gateway, "wrong", user="rewrite")
    assert answer.choices[0].message.content == f"{RIGHT} {REPAIRED} {RIGHT}"
    assert answer.groundwire["verdict"] == "rewritten"
    assert answer.groundwire["patches"][0]["new"] == "Canberra"


def test_tool_calls(gateway: str) -> None:
    whole = ask(gateway, "tools").choices[0].message.tool_calls[0]
    with client(gateway) as opened, opened.chat.completions.stream(model="tools", messages=ASKED) as events:
        streamed = events.get_final_completion().choices[0].message.tool_calls
    assert whole.function.arguments == CALL["function"]["arguments"]  # type: ignore[index]
    assert streamed
    assert streamed[0].function.arguments == whole.function.arguments


def test_async_client(gateway: str) -> None:
    import asyncio

    async def told() -> str:
        async with openai.AsyncOpenAI(base_url=f"{gateway}/v1", api_key="k", max_retries=0) as opened:
            chunks = await opened.chat.completions.create(model="wrong", user="rewrite", messages=ASKED, stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])

    assert asyncio.run(told()) == f"{RIGHT} {REPAIRED} {RIGHT}"


@pytest.mark.parametrize("n", [1, 3])
def test_a_canary_is_in_no_byte_of_a_stream(gateway: str, n: int) -> None:
    body = {"model": "canary", "n": n, "stream": True, "user": "rewrite", "messages": ASKED}
    received = bytearray()
    with httpx.stream("POST", f"{gateway}/v1/chat/completions", json=body, timeout=60) as response:
        for line in response.iter_lines():
            event = json.loads(line[6:]) if line.startswith("data: {") else {}
            event.pop("groundwire", None)  # the report says what was wrong
            received += json.dumps(event).encode()
    assert REPAIRED.encode() in received
    assert CANARY.encode() not in received


def test_upstream_failures(gateway: str) -> None:
    for model, kind, status in [
        ("status-429", openai.RateLimitError, 429),
        ("status-500", openai.InternalServerError, 500),
        ("nobody", openai.InternalServerError, 502),
        ("not-configured", openai.NotFoundError, 404),
    ]:
        for fields in ({}, {"stream": True}):
            with pytest.raises(kind) as refused:
                ask(gateway, model, **fields)
            assert refused.value.status_code == status
            if model.startswith("status"):
                assert refused.value.body == {
                    "message": "refused on purpose", "type": "scripted", "param": None, "code": "on_purpose"
                }  # fmt: skip
                assert refused.value.response.headers["retry-after"] == "7"


@pytest.mark.parametrize("how", ["truncated", "cut", "error"])
def test_a_stream_that_breaks_raises_in_the_client(gateway: str, how: str) -> None:
    with pytest.raises(openai.APIError) as broken:
        stream(gateway, how)
    assert broken.value.type == "upstream_error"


def test_a_client_that_leaves_is_recorded(gateway: str) -> None:
    body = {"model": "silent", "stream": True, "user": "rewrite", "messages": ASKED}
    with httpx.stream("POST", f"{gateway}/v1/chat/completions", json=body, timeout=60) as response:
        id = response.headers["x-groundwire-report"]
    for _ in range(100):
        kept = httpx.get(f"{gateway}/v1/reports/{id}")
        if kept.status_code == 200:
            break
        time.sleep(0.1)
    assert kept.json()["verdict"] == "unchecked"


def test_flagged(gateway: str) -> None:
    answer = ask(gateway, "wrong", user="flag")
    assert answer.choices[0].message.content == f"{RIGHT} {WRONG} {RIGHT}"
    assert answer.groundwire["verdict"] == "flagged"
    texts, last, _ = stream(gateway, "wrong", user="flag")
    assert "".join(texts) == f"{RIGHT} {WRONG} {RIGHT}"
    assert last.groundwire["verdict"] == "flagged"


def test_blocked(gateway: str) -> None:
    answer = ask(gateway, "wrong", user="block")
    assert answer.choices[0].finish_reason == "content_filter"
    assert answer.choices[0].message.content == "The atlas says otherwise."
    texts, last, ends = stream(gateway, "wrong", user="block")
    assert "".join(texts) == f"{RIGHT}\n\nThe atlas says otherwise."
    assert ends == ["content_filter"]
    assert last.groundwire["verdict"] == "blocked"


def test_a_judge_that_fails_is_502_where_closed(gateway: str) -> None:
    with pytest.raises(openai.InternalServerError) as failed:
        ask(gateway, "failing")
    assert failed.value.status_code == 502
    assert failed.value.type == "verification_failed"
    with pytest.raises(openai.APIError) as broken:
        stream(gateway, "failing")
    assert broken.value.type == "verification_failed"


def test_a_judge_that_fails_lets_the_answer_pass_where_open(gateway: str) -> None:
    passed = ask(gateway, "failing", user="open")
    assert passed.choices[0].message.content == f"{RIGHT} {FAILS} {RIGHT}"
    assert passed.groundwire["claims"][1]["verdict"] == "unchecked"
    texts, _, _ = stream(gateway, "failing", user="open")
    assert "".join(texts) == f"{RIGHT} {FAILS} {RIGHT}"


def test_answers_do_not_wait_for_nagle() -> None:
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP, "asyncio sets TCP_NODELAY on such sockets only"


def test_a_port_in_use_is_one_line() -> None:
    from groundwire.errors import ConfigError

    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=rf"listen: 127.0.0.1:{port} cannot be had \(.+\)"),
            listening("127.0.0.1", port),
        ):
            pass
    with (
        pytest.raises(ConfigError, match=r"listen: no\.such\.host\.invalid:1 cannot be had"),
        listening("no.such.host.invalid", 1),
    ):
        pass
