"""Counts that several processes share: the same as in one, whoever is killed, and nobody waits for a lock."""

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from groundwire.config import Config
from groundwire.errors import OverloadError
from groundwire.gateway.keys import KeyRing, Uncounted, new_key
from groundwire.gateway.rates import Rates, SharedStorage

# Counts as often as it is let, and says so each time.
HAMMER = """
import sys
from pathlib import Path
from groundwire.gateway.keys import Uncounted
from groundwire.gateway.rates import Rates
rates = Rates(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
refused = 0
while refused < 20:
    try:
        if rates.wait(sys.argv[2], "key") is None:
            print("one", flush=True)
        else:
            refused += 1
    except Uncounted:
        pass
"""


def hammer(path: Path, rate: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HAMMER, str(path), rate]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_four_processes_together_get_what_one_would_and_one_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "counts" / "rates.db"
    processes = [hammer(path, "3000/day") for _ in range(4)]
    try:
        pipes = [(process.stdin, process.stdout) for process in processes if process.stdin and process.stdout]
        assert [out.readline() for _, out in pipes] == ["ready\n"] * 4
        for go, _ in pipes:
            go.write("\n")
            go.flush()
        assert [pipes[0][1].readline() for _ in range(200)] == ["one\n"] * 200
        processes[0].send_signal(signal.SIGKILL)
        said = [out.read().count("one\n") for _, out in pipes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    # The one that was killed may have counted once without coming to say so.
    assert sum(said) + 200 in (2999, 3000)
    assert min(said[1:]) > 100, "the others went on"


def test_windows_slide_as_those_of_one_process_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    chance = random.Random(3)
    with closing(SharedStorage(tmp_path / "rates.db")) as shared:
        ours, theirs = (SlidingWindowCounterRateLimiter(storage) for storage in (shared, MemoryStorage()))
        for rate in ("7/second", "9/minute", "40/hour"):
            limit = parse(rate)
            for _ in range(2000):
                now += chance.choice((0.01, 0.1, 0.5)) * limit.get_expiry() / 5
                if chance.random() < 0.01:
                    now += limit.get_expiry() * chance.randint(1, 4)
                assert ours.hit(limit, "a") == theirs.hit(limit, "a")
                assert ours.get_window_stats(limit, "a") == pytest.approx(theirs.get_window_stats(limit, "a"))
            ours.clear(limit, "a")
            assert ours.get_window_stats(limit, "a").remaining == limit.amount


async def test_a_lock_that_is_not_let_go_holds_up_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "rates.db"
    key, digest = new_key()
    entry = {"name": "support", "sha256": digest, "rate": "2/day"}
    ring = KeyRing(Config.load({"keys": [entry]}).keys, path)
    given = {"x-api-key": key}
    with closing(sqlite3.connect(path, isolation_level=None)) as stopped:
        stopped.execute("BEGIN IMMEDIATE")
        with pytest.raises(Uncounted):
            ring.admit("/v1/verify", given)
        late, asked = [], asyncio.create_task(ring.admitted("/v1/verify", given))
        began = time.monotonic()
        while not asked.done():
            before = time.monotonic()
            await asyncio.sleep(0.001)
            late.append(time.monotonic() - before)
        with pytest.raises(OverloadError):
            await asked
        assert time.monotonic() - began < 2
        assert len(late) > 5, "the event loop came round meanwhile"
        again = asyncio.create_task(ring.admitted("/v1/verify", given))
        await asyncio.sleep(0.01)
        stopped.execute("ROLLBACK")
        assert await again == "support"


def test_counting_together_takes_far_less_than_a_millisecond(tmp_path: Path) -> None:
    rates = Rates(tmp_path / "rates.db")
    took = []
    for _ in range(500):
        began = time.perf_counter()
        rates.wait("1000000/minute", "a")
        took.append(time.perf_counter() - began)
    assert sorted(took)[250] < 0.0005
