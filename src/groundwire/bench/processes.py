"""The other processes of a measurement: a provider, and gateways in front of it. What they say is known here."""

import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NOTHING = "What would you like to know?"
SENTENCE = "Refunds are paid within 14 days of the return. "
FACTS = SENTENCE * 3
DOCUMENT = "Refunds are paid within 14 days of the return. Cash is never paid. The shop opens at nine."


def long_answer(sentences: int = 40) -> str:
    """An answer of so many sentences, each of them another, so that a lost or a doubled byte is seen."""
    return " ".join(f"Refund number {number} was paid within 14 days of the return." for number in range(sentences))


SAID = {"nothing": NOTHING, "facts": FACTS, "long": long_answer(), "ten": long_answer(10)}
"""The answers of the provider, by the model that is asked for."""

PROVIDER = """
import sys, time
from groundwire.bench.processes import SAID
from groundwire.gateway import Scripted, serve_scripted
with serve_scripted(lambda request: Scripted(SAID[request["model"]])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def provider() -> Iterator[str]:
    """Its URL."""
    with _process([sys.executable, "-c", PROVIDER]) as (url, _):
        yield url


@contextmanager
def gateway(
    folder: Path, provider: str, mode: str, limits: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, int]]:
    """Its URL and the id of its process, once it is ready."""
    folder.mkdir()
    models = [
        {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": provider, "api_key": "k"}}
        for name in SAID
    ]
    settings = {
        "listen": "127.0.0.1:0", "upstream": {"model_list": models}, "rules": ["default"], "mode": mode,
        "store": f"sqlite:///{folder}/reports.db", "deadline_ms": 600_000,
        "limits": {"wait_ms": 600_000, **(limits or {})},
    }  # fmt: skip
    path = folder / "groundwire.yaml"
    path.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    command = [sys.executable, "-m", "groundwire", "serve", "-c", str(path)]
    with _process(command, errors=True) as (line, pid):
        url = line.split()[-1]
        _until_ready(url)
        yield url, pid


@contextmanager
def _process(command: list[str], *, errors: bool = False) -> Iterator[tuple[str, int]]:
    """A process: the first line that it says, and its id. What it says afterwards is thrown away."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # noqa: S603 - ours
        command, stdin=pipe, stdout=None if errors else pipe, stderr=pipe if errors else None, text=True
    )
    with process:
        stream = process.stderr if errors else process.stdout
        try:
            first = stream.readline().strip() if stream else ""
            threading.Thread(target=lambda: list(stream or ()), daemon=True).start()
            yield first, process.pid
        finally:
            process.kill()


def _until_ready(url: str) -> None:
    import httpx

    for _ in range(600):
        if httpx.get(f"{url}/readyz", timeout=60).status_code == 200:
            return
        time.sleep(0.1)


def processor_time(pid: int) -> float:
    """Seconds that a process has computed; NaN where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return math.nan


def memory_mb(pid: int) -> float:
    """What a process holds in memory; NaN where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return math.nan


def open_files(pid: int) -> float:
    """How many file descriptors a process has; NaN where the system does not tell."""
    try:
        return float(len(os.listdir(f"/proc/{pid}/fd")))
    except OSError:
        return math.nan
