"""`kill -9` of the gateway at any moment: what a client got is on disk, and the audit chain verifies."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from tests.gateway.scripted_world import CANARY, REPAIRED, RIGHT

from groundwire.model import Report
from groundwire.review import SqlStore
from groundwire.review.database import Database
from groundwire.review.inspection import inspect

TOP = Path(__file__).resolve().parents[2]
KILLS = 50
CLIENTS = 3
ASKED = {"model": "scripted", "messages": [{"role": "user", "content": "Which?"}]}


@contextmanager
def gateways(folder: Path, store: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.gateway.kill_world", str(folder), store],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TOP), *sys.path])},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask_until_killed(url: str, got: list[str], *, stream: bool) -> None:
    """Ask again and again, and note the id of every answer of which any word arrived."""
    with httpx.Client(base_url=url, timeout=30) as client:
        while True:
            try:
                if stream:
                    _read(client, got)
                else:
                    reply = client.post("/v1/chat/completions", json=ASKED)
                    got.append(reply.json()["groundwire"]["id"])
                    assert reply.json()["choices"][0]["message"]["content"] == f"{RIGHT} {REPAIRED} {RIGHT}"
            except (httpx.TransportError, json.JSONDecodeError):
                return


def _read(client: httpx.Client, got: list[str]) -> None:
    """An answer as a stream: its end, with the report, arrives after the report is on disk."""
    with client.stream("POST", "/v1/chat/completions", json={**ASKED, "stream": True}) as reply:
        for line in reply.iter_lines():
            event = json.loads(line[6:]) if line.startswith("data: {") else {}
            assert CANARY not in json.dumps(event.get("choices"))
            if "id" in (report := event.get("groundwire") or {}):
                got.append(report["id"])


def test_nothing_delivered_is_lost_and_the_chain_holds(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'reports.db'}"
    moments = random.Random(7)
    got: list[str] = []
    with gateways(tmp_path, store) as process:
        assert process.stdin
        assert process.stdout
        for number in range(KILLS):
            process.stdin.write("\n")
            process.stdin.flush()
            pid, url = process.stdout.readline().split()
            asking = [
                threading.Thread(target=ask_until_killed, args=(url, got), kwargs={"stream": client % 2 == 0})
                for client in range(CLIENTS)
            ]
            before = len(got)
            for thread in asking:
                thread.start()
            # Every other time it is let to answer first: what it starts with takes longer than what follows.
            until = time.monotonic() + (20 if number % 2 else 0)
            while len(got) == before and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(moments.uniform(0.0, 0.25))
            os.kill(int(pid), signal.SIGKILL)
            for thread in asking:
                thread.join(timeout=30)
                assert not thread.is_alive()
    assert len(got) > KILLS
    assert len(set(got)) == len(got)
    with closing(Database(store)) as database:
        assert inspect(database).problems == ()
    with closing(SqlStore(store)) as reports:
        for id in got:
            assert isinstance(reports.get(id), Report)
