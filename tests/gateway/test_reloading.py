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

import groundwire.gateway.reloading
from groundwire.claims import FakeExtractor
from groundwire.client import Groundwire
from groundwire.config import Config
from groundwire.errors import ConfigError
from groundwire.gateway import Scripted, ScriptedUpstream, create_app, serve_scripted
from groundwire.gateway.keys import new_key
from groundwire.gateway.reloading import as_it_stands, keep_up, reload
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


def test_who_joins_takes_up_the_file_but_not_what_the_others_cannot_change(tmp_path: Path) -> None:
    config = write(tmp_path, "flag")
    began = Config.load(config)
    config.write_text("rules: [strict]\nstore: sqlite:///other.db\nlimits: {requests: 7, drain_s: 1}\n", "utf-8")
    now = as_it_stands(began, config)
    assert (now.rules, now.limits.requests) == (("strict",), 7)
    assert (now.store, now.limits.drain_s) == (began.store, began.limits.drain_s)
    assert as_it_stands(began, None) is began
    config.write_text("rules: [nowhere.yaml\n", "utf-8")
    with pytest.raises(ConfigError):
        as_it_stands(began, config)


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


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("record: {content: hashes}", "record"),
        ("review: {header: x-user}", "review"),
        ("limits: {drain_s: 5}", "limits.drain_s"),
        ("log: {format: json}", "log"),
    ],
)
async def test_what_needs_a_restart_says_so(tmp_path: Path, line: str, named: str) -> None:
    config = write(tmp_path, "flag")
    state: Any = create_app(light(Groundwire(config)), ScriptedUpstream(SAID)).state
    config.write_text(config.read_text("utf-8") + line + "\n", "utf-8")
    await reload(state, config)
    assert state.not_reloaded == f"{named}: changed; needs a restart"


async def test_what_a_key_asked_before_a_reload_counts_on(tmp_path: Path) -> None:
    key, digest = new_key()
    config = write(tmp_path, "flag")
    keys = f"keys: [{{name: a, sha256: {digest}, rate: 2/hour}}]\n"
    config.write_text(config.read_text("utf-8") + keys, "utf-8")
    app = create_app(light(Groundwire(config)), ScriptedUpstream(SAID))
    state: Any = app.state
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        told = []
        for _ in range(3):
            told.append((await client.get("/v1/models", headers=headers)).status_code)
            await reload(state, config)
    assert told == [200, 200, 429]


async def test_a_replaced_upstream_is_closed_when_its_last_answer_is_out(tmp_path: Path) -> None:
    class Closing(ScriptedUpstream):
        let = 0
        go = asyncio.Event()

        async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
            await self.go.wait()
            return await super().complete(request)

        async def let_go(self) -> None:
            self.let += 1

    config = write(tmp_path, "flag")
    old = Closing(SAID)
    app = create_app(light(Groundwire(config)), old)
    state: Any = app.state
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        asked = asyncio.create_task(ask(client))
        await asyncio.sleep(0.1)
        config.write_text(config.read_text("utf-8") + "upstream: {model: openai/other, api_key: k}\n", "utf-8")
        await reload(state, config)
        assert state.upstream is not old
        await state.let_go()
        assert old.let == 0
        old.go.set()
        assert await asked == "stop"
        await state.let_go()
        await state.let_go()
        assert old.let == 1
    state.groundwire.store.close()


async def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    config = write(tmp_path, "flag")
    for name in ("a.txt", "b.txt", "f.tsv", "g.tsv"):
        (tmp_path / name).write_text("Canberra\tcountry\tAustralia\n", "utf-8")
    named = "documents: [{name: a, path: a.txt}, {name: b, path: b.txt}]\n"
    named += "knowledge: [{name: f, path: f.tsv}, {name: g, path: g.tsv}]\n"
    config.write_text(config.read_text("utf-8") + named, "utf-8")
    gw = light(Groundwire(config))
    [(a, b), (f, g)] = gw._configured
    (tmp_path / "b.txt").write_text("Another text.", "utf-8")
    (tmp_path / "g.tsv").write_text("Sydney\tcountry\tAustralia\n", "utf-8")
    [(new_a, new_b), (new_f, new_g)] = gw.changed(gw.config)._configured
    assert (a is new_a, b is new_b, f is new_f, g is new_g) == (True, False, True, False)


async def test_the_watcher_reloads_once_for_a_change_and_reads_rules_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write(tmp_path, "flag")
    state: Any = create_app(light(Groundwire(config)), ScriptedUpstream(SAID)).state
    reloads: list[Path] = []

    async def counted(state: Any, path: Path, began: Any) -> None:
        reloads.append(path)
        await reload(state, path, began)

    monkeypatch.setattr(groundwire.gateway.reloading, "reload", counted)
    watching = asyncio.create_task(keep_up(state, config, every=0.05))
    await asyncio.sleep(0.3)
    first = state.groundwire.rules.revision
    write(tmp_path, "block")
    os.utime(config, ns=(1, 1))  # the pack alone has changed, whatever the clock says
    await asyncio.sleep(0.2)
    reloads.clear()
    (tmp_path / "mine.yaml").write_text(PACK.format(action="remove", when='verdict == "unchecked"'), "utf-8")
    await asyncio.sleep(0.3)
    assert state.groundwire.rules.revision != first
    assert reloads == []
    (tmp_path / "new.txt").write_text("A new document.", "utf-8")
    config.write_text(config.read_text("utf-8") + "documents: [{name: n, path: new.txt}]\n", "utf-8")
    for _ in range(100):
        await asyncio.sleep(0.05)
        if state.groundwire.config.documents:
            break
    await asyncio.sleep(0.3)
    assert len(reloads) == 1
    watching.cancel()


def test_loading_twice_is_loading_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Groundwire] = []
    monkeypatch.setattr(Groundwire, "_load", lambda gw: loads.append(gw))
    gw = Groundwire(write(tmp_path, "flag"))
    gw.warm()
    gw.warm()
    assert loads == [gw]


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
