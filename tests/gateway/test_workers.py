"""`groundwire serve --workers 2`: one port, one limit for a key, one set of figures, whoever answers or dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.gateway.test_serve_command import free_port, ready

from groundwire.gateway.keys import new_key

RATE = 30
NAMES = ("together", "killed", "fresh", "figures")
KEYS = {name: new_key() for name in NAMES}


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "groundwire", "serve", "-c", str(folder / "groundwire.yaml"), "--workers", "2", *more]


def configured(folder: Path, extra: str = "") -> str:
    port = free_port()
    keys = "".join(f"  - {{name: {n}, sha256: {digest}, rate: {RATE}/day}}\n" for n, (_, digest) in KEYS.items())
    told = f"listen: 127.0.0.1:{port}\nstore: sqlite:///{folder}/reports.db\nupstream: {{model: openai/m}}\n"
    (folder / "groundwire.yaml").write_text(f"{told}keys:\n{keys}{extra}", encoding="utf-8")
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    folder = tmp_path_factory.mktemp("workers")
    url = configured(folder)
    memory = Path("/dev/shm")
    before = set(memory.glob("groundwire-*"))
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(command(folder), stderr=said, text=True)
        try:
            assert ready(url, process)
            until(lambda: len(workers(process)) == 2)
            yield url, process
            process.terminate()
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        assert "Traceback" not in said.read()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")
    assert not set(memory.glob("groundwire-*")) - before


def until(done: Any, seconds: float = 150) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "never came true"
        time.sleep(0.05)


def workers(process: "subprocess.Popen[str]") -> list[int]:
    """The pids of its workers; beside them, multiprocessing keeps a process that watches over resources."""
    found = []
    for each in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        with_words = Path(f"/proc/{each}/cmdline").read_bytes()
        if b"spawn_main" in with_words and b"resource_tracker" not in with_words:
            found.append(int(each))
    return found


def ask(url: str, name: str) -> httpx.Response:
    return httpx.get(f"{url}/v1/models", headers={"authorization": f"Bearer {KEYS[name][0]}"}, timeout=30)


@contextmanager
def without(pid: int) -> Iterator[None]:
    """While this process stands still, the others answer."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def serving(url: str, process: "subprocess.Popen[str]") -> list[int]:
    """Both workers, each of which answers while the other one stands still."""
    until(lambda: len(workers(process)) == 2)
    both = workers(process)
    for pid in both:
        with without(pid):
            until(lambda: _answers(url))
    return both


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=1).status_code == 200
    except httpx.TransportError:
        return False


def test_a_keys_limit_is_one_for_all_workers(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    first, second = serving(url, process)
    with without(first):
        assert [ask(url, "together").status_code for _ in range(20)] == [200] * 20
    with without(second):
        answers = [ask(url, "together") for _ in range(20)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 10
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert answers[-1].json()["error"]["code"] == "rate_limited"


def test_a_worker_that_is_killed_is_replaced_and_its_counts_stay(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    first, second = serving(url, process)
    lost = 0

    def asked(number: int) -> int:
        nonlocal lost
        if number == 12:
            os.kill(first, signal.SIGKILL)
        try:
            return ask(url, "killed").status_code
        except httpx.TransportError:
            lost += 1
            return 0

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(asked, range(60)))
    assert RATE - lost <= statuses.count(200) <= RATE
    assert statuses.count(200) + statuses.count(429) + lost == 60
    until(lambda: second in (now := workers(process)) and first not in now and len(now) == 2)
    for pid in serving(url, process):
        with without(pid):
            assert ask(url, "killed").status_code == 429
    assert ask(url, "fresh").status_code == 200


def test_whichever_worker_is_asked_gives_the_figures_of_all(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    both = serving(url, process)
    before = _passed(url)
    for pid in both:
        with without(pid):
            assert [ask(url, "figures").status_code for _ in range(5)] == [200] * 5
    until(lambda: _passed(url) == before + 10, 30)  # a request is counted once its answer has left
    for pid in both:
        with without(pid):
            assert _passed(url) == before + 10


def _passed(url: str) -> float:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    assert sum(line.startswith("groundwire_build_info{") for line in lines) == 1
    return next((float(n.split()[-1]) for n in lines if 'requests_total{outcome="passed"}' in n), 0.0)


def test_a_hangup_is_for_the_workers_and_ends_none(served: tuple[str, "subprocess.Popen[str]"]) -> None:
    url, process = served
    both = serving(url, process)
    process.send_signal(signal.SIGHUP)
    time.sleep(1)
    assert workers(process) == both
    assert _answers(url)


def test_what_a_worker_cannot_load_is_one_line(tmp_path: Path) -> None:
    configured(tmp_path, "knowledge: [{name: gone, path: gone.ttl}]\n")
    ran = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 2
    [line] = ran.stderr.splitlines()
    assert line.startswith("groundwire: ")
    assert "gone.ttl" in line


def test_workers_do_not_outlive_their_parent(tmp_path: Path) -> None:
    url = configured(tmp_path)
    with subprocess.Popen(command(tmp_path), stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert ready(url, process)
            left = workers(process)
        finally:
            process.kill()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")
