"""A changed configuration is taken up while requests are served; a bad one is not, and says so."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from groundwire.claims import FakeExtractor
from groundwire.client import Groundwire
from groundwire.gateway import Scripted, ScriptedUpstream, create_app, serve_scripted
from groundwire.gateway.reloading import reload
from groundwire.pipeline import Pipeline

TOP = Path(__file__).resolve().parents[2]
PACK = """\
pack: mine
about: For the tests of reloading.
rules:
  - id: mine.any
    about: Whatever has no evidence.
    when: {when}
    do: {action}
    severity: high
    message: Not said.
    examples:
      - {{answer: The shop opens at nine., expect: fires}}
      - {{answer: Does it open?, expect: quiet}}
"""
ASKED: Any = [{"role": "user", "content": "When?"}]
SAID = "The shop opens at nine."


def write(folder: Path, action: str, when: str = 'verdict == "unchecked"') -> Path:
    (folder / "mine.yaml").write_text(PACK.format(action=action, when=when), "utf-8")
    config = folder / "groundwire.yaml"
    config.write_text(f"rules: [mine.yaml]\nstore: sqlite:///{folder}/reports.db\n", "utf-8")
    return config


def light(gw: Groundwire) -> Groundwire:
    gw._pipeline = Pipeline(FakeExtractor(), (), gw.rules)
    return gw


async def ask(client: httpx.AsyncClient) -> str:
    body = {"messages": ASKED}
    answer = (await client.post("/v1/chat/completions", json=body)).json()
    return str(answer["choices"][0]["finish_reason"])


async def test_a_good_change_is_in_force_and_a_bad_one_is_not(tmp_path: Path) -> None:
    config = write(tmp_path, "flag")
    app = create_app(light(Groundwire(config)), ScriptedUpstream(SAID))
    state: Any = app.state
    state.not_ready = None
    state.groundwire.warm = lambda: None
    before = state.groundwire.store
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        assert await ask(client) == "stop"
        write(tmp_path, "block")
        await reload(state, config)
        assert await ask(client) == "content_filter"
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        revision = state.groundwire.rules.revision

        write(tmp_path, "blok")
        await reload(state, config)
        ready = await client.get("/readyz")
        assert ready.status_code == 200
        assert "mine.yaml:7:" in ready.json()["not_reloaded"]
        assert '"blok"' in ready.json()["not_reloaded"]
        assert state.groundwire.rules.revision == revision
        assert await ask(client) == "content_filter"

        write(tmp_path, "flag")
        config.write_text(config.read_text("utf-8") + "listen: 127.0.0.1:9999\n", "utf-8")
        await reload(state, config)
        assert (await client.get("/readyz")).json()["not_reloaded"] == "listen: changed; needs a restart"
        assert await ask(client) == "stop"
        assert state.groundwire.store is before
        assert (await client.get("/metrics")).text.count("groundwire_build_info{") == 1
    before.close()


async def test_requests_under_way_end_with_what_they_began_with(tmp_path: Path) -> None:
    config = write(tmp_path, "flag")
    app = create_app(light(Groundwire(config)), ScriptedUpstream(f"{SAID} {SAID}", pace=0.02))
    state: Any = app.state
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        body = {"messages": ASKED, "stream": True}
        asked = asyncio.create_task(client.post("/v1/chat/completions", json=body))
        await asyncio.sleep(0.1)
        write(tmp_path, "block")
        await reload(state, config)
        assert "content_filter" not in (await asked).text
    state.groundwire.store.close()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., tuple[Any, str]]]:
    """`groundwire serve` on a configuration: the process and its URL, once it is ready."""
    running: list[Any] = []

    def start(config: Path) -> tuple[Any, str]:
        served = subprocess.Popen(
            [sys.executable, "-m", "groundwire", "serve", "-c", str(config), "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TOP / "src"), *sys.path])},
        )
        running.append(served)
        assert served.stderr
        line = served.stderr.readline()
        assert "listening on" in line, line + served.stderr.read()
        url = line.split()[-1]
        for _ in range(600):
            if httpx.get(f"{url}/readyz", timeout=60).status_code == 200:
                return served, url
            time.sleep(0.1)
        raise AssertionError("never ready")

    yield start
    for served in running:
        served.kill()
        served.wait()
        served.stderr.close()


def test_a_running_gateway_notices_and_drains(tmp_path: Path, process: Callable[..., tuple[Any, str]]) -> None:
    """SIGHUP and a changed file are taken up; after SIGTERM an answer under way comes to its end."""
    config = write(tmp_path, "flag")
    with serve_scripted(lambda request: Scripted(f"{SAID} " * 10), pace=0.02) as provider:
        upstream = f"upstream: {{model: openai/scripted, api_base: {provider}, api_key: k}}\nlog: {{format: json}}\n"
        config.write_text(config.read_text("utf-8") + upstream, "utf-8")
        served, url = process(config)
        (tmp_path / "mine.yaml").write_text(PACK.format(action="blok", when='verdict == "unchecked"'), "utf-8")
        served.send_signal(signal.SIGHUP)
        told: dict[str, Any] = {}
        for _ in range(100):
            told = httpx.get(f"{url}/readyz").json()
            if "not_reloaded" in told:
                break
            time.sleep(0.1)
        assert "blok" in told["not_reloaded"]
        (tmp_path / "mine.yaml").write_text(PACK.format(action="flag", when='verdict == "unchecked"'), "utf-8")
        for _ in range(200):
            if "not_reloaded" not in httpx.get(f"{url}/readyz").json():
                break
            time.sleep(0.1)
        assert "not_reloaded" not in httpx.get(f"{url}/readyz").json(), "without a signal, by the file alone"

        texts: list[str] = []
        ends: list[str] = []
        with openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0) as client:
            for chunk in client.chat.completions.create(model="scripted", messages=ASKED, stream=True):
                if not "".join(texts) and chunk.choices[0].delta.content:
                    served.send_signal(signal.SIGTERM)
                texts += [choice.delta.content or "" for choice in chunk.choices]
                ends += [choice.finish_reason for choice in chunk.choices if choice.finish_reason]
        assert "".join(texts) == f"{SAID} " * 10
        assert ends == ["stop"]
        assert served.wait(timeout=30) in (0, -signal.SIGTERM)
        lines = served.stderr.read().splitlines()
    assert any('"outcome": "flagged"' in line for line in lines)
    assert all(line.startswith("{") for line in lines if line and "nobody can review yet" not in line)
    assert SAID not in "".join(lines)
    assert threading.active_count() < 50
