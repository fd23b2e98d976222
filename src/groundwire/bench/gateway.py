"""What the proxy costs, in one run: the client straight at a provider, `litellm.acompletion`, and through Groundwire.

The provider and the gateway are processes of their own on this machine, and the ways take turns, so that a busy
machine is busy for all of them.
"""

import asyncio
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from groundwire.bench.figures import percentile

Progress = Callable[[str], None]
Ask = Callable[[], Awaitable[str]]

NOTHING = "What would you like to know?"
SENTENCE = "Refunds are paid within 14 days of the return. "
FACTS = SENTENCE * 3
DOCUMENT = "Refunds are paid within 14 days of the return. Cash is never paid. The shop opens at nine."
PROVIDER = """
import sys, time
from groundwire.bench.gateway import FACTS, NOTHING, long_answer
from groundwire.gateway import Scripted, serve_scripted
said = {"nothing": NOTHING, "facts": FACTS, "long": long_answer()}
with serve_scripted(lambda request: Scripted(said[request["model"]])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
MODELS = ("nothing", "facts", "long")
TURN = 10
RESULTS = ("whole", "damaged", "refused", "failed")


def long_answer() -> str:
    """An answer of 40 sentences, each of them another, so that a lost or a doubled byte is seen."""
    return " ".join(f"Refund number {number} was paid within 14 days of the return." for number in range(40))


def measure(times: int, streams: int, progress: Progress) -> dict[str, Any]:
    """Milliseconds by way, p50 and p99 over `times`; then `streams` streams at once, compared byte for byte."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        progress("starting a provider and two gateways")
        provider, _ = stack.enter_context(_process([sys.executable, "-c", PROVIDER]))
        checking = stack.enter_context(_gateway(folder / "hold", provider, "hold"))
        off = stack.enter_context(_gateway(folder / "off", provider, "off"))
        return asyncio.run(_measure(provider, checking, off, times, streams, progress))


def rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What was measured, in words."""
    names = {
        "straight": "the client straight at the provider",
        "acompletion": "litellm.acompletion in this process",
        "off": "through Groundwire, mode off",
        "nothing to check": "through Groundwire, an answer with nothing to check",
        "checking": "through Groundwire, three statements checked",
    }
    more = found["above_acompletion_ms"]
    lines = []
    for way, what in names.items():
        beside = f"; {more[way]:+.1f} ms beside acompletion" if way in more else ""
        row = found["ways"][way]
        computed = f"; {row['cpu_ms']} ms of processor time in that process" if "cpu_ms" in row else ""
        lines.append((what, f"p50 {row['p50_ms']} ms, p99 {row['p99_ms']} ms{beside}{computed}"))
    streams = found["streams"]
    counts = ", ".join(f"{streams[what]} {what}" for what in RESULTS)
    first = f"first sentence p50 {streams['first_sentence_p50_ms']:.0f} ms"
    lines.append((f"{streams['count']} streams of 40 sentences at once", f"{counts}; {streams['seconds']} s, {first}"))
    return [*lines, ("event loop late meanwhile, p99", f"at most {found['loop_lag_p99_ms']:g} ms")]


async def _measure(
    provider: str, checking: tuple[str, int], off: tuple[str, int], times: int, streams: int, progress: Progress
) -> dict[str, Any]:
    import httpx
    import openai

    from groundwire.gateway import load_litellm

    litellm = load_litellm()
    straight, through, passing = (
        openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0, timeout=120)
        for url in (provider, f"{checking[0]}/v1", f"{off[0]}/v1")
    )
    messages: Any = [{"role": "user", "content": "When are refunds paid?"}]
    given = {"groundwire": {"documents": [DOCUMENT]}}

    def by(client: openai.AsyncOpenAI, model: str, **fields: Any) -> Ask:
        async def ask() -> str:
            answer = await client.chat.completions.create(model=model, messages=messages, **fields)
            return answer.choices[0].message.content or ""

        return ask

    async def acompletion() -> str:
        answer = await litellm.acompletion(
            model="openai/nothing", messages=messages, api_base=provider, api_key="k", num_retries=0, max_retries=0
        )
        return str(answer.choices[0].message.content)

    ways: dict[str, Ask] = {
        "straight": by(straight, "nothing"),
        "acompletion": acompletion,
        "off": by(passing, "nothing"),
        "nothing to check": by(through, "nothing"),
        "checking": by(through, "facts", extra_body=given),
    }
    busy: dict[str, Callable[[], float]] = {
        "acompletion": time.process_time,
        "off": partial(_processor_time, off[1]),
        "nothing to check": partial(_processor_time, checking[1]),
        "checking": partial(_processor_time, checking[1]),
    }
    found: dict[str, Any] = {"ways": await _in_turns(ways, busy, times, progress)}
    base = found["ways"]["acompletion"]["p50_ms"]
    found["above_acompletion_ms"] = {
        name: round(found["ways"][name]["p50_ms"] - base, 2) for name in ("off", "nothing to check", "checking")
    }
    progress(f"{streams} streams at once")
    found["streams"] = await _streams(through, messages, given, streams)
    async with httpx.AsyncClient() as http:
        found["loop_lag_p99_ms"] = _lag((await http.get(f"{checking[0]}/metrics")).text)
    for client in (straight, through, passing):
        await client.close()
    return found


async def _in_turns(
    ways: dict[str, Ask], busy: dict[str, Callable[[], float]], times: int, progress: Progress
) -> dict[str, dict[str, float]]:
    """The ways in turns, ten requests each, because a process's processor time is counted in hundredths of a second."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    spent = dict.fromkeys(ways, 0.0)
    for number in range(-1, max(1, times // TURN)):  # the first turn is not counted
        progress(f"requests {max(number, 0) * TURN}/{times}")
        for name, ask in ways.items():
            clock = busy.get(name)
            before = clock() if clock else 0.0
            for _ in range(TURN):
                began = time.perf_counter()
                await ask()
                if number >= 0:
                    taken[name].append((time.perf_counter() - began) * 1000)
            if number >= 0 and clock:
                spent[name] += clock() - before
    return {
        name: {
            "p50_ms": round(median(each), 2),
            "p99_ms": round(percentile(each, 0.99), 2),
            **({"cpu_ms": round(spent[name] * 1000 / len(each), 2)} if name in busy else {}),
        }
        for name, each in taken.items()
    }


def _processor_time(pid: int) -> float:
    """Seconds that a process has computed; NaN where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return math.nan


async def _streams(client: Any, messages: Any, given: Any, count: int) -> dict[str, Any]:
    """So many at once: how many came whole, how many were told to come back, and the time to the first sentence."""
    import openai

    expected, firsts = long_answer(), []

    async def one() -> str:
        began, text = time.perf_counter(), ""
        try:
            chunks = await client.chat.completions.create(
                model="long", messages=messages, stream=True, extra_body=given, timeout=600
            )
            async for chunk in chunks:
                said = chunk.choices[0].delta.content if chunk.choices else None
                if said and not text:
                    firsts.append((time.perf_counter() - began) * 1000)
                text += said or ""
        except openai.RateLimitError:
            return "refused"
        except openai.APIError as error:
            return f"failed: {type(error).__name__}"
        return "whole" if text == expected else "damaged"

    began = time.perf_counter()
    results = await asyncio.gather(*(one() for _ in range(count)))
    return {
        "count": count,
        **{what: sum(result.startswith(what) for result in results) for what in RESULTS},
        "seconds": round(time.perf_counter() - began, 1),
        "first_sentence_p50_ms": round(percentile(firsts, 0.5), 1),
    }


def _lag(metrics: str) -> float:
    """The upper end of the bucket in which the 99th percentile lies, in milliseconds."""
    name = "groundwire_event_loop_lag_seconds_bucket{le="
    lines = [line.removeprefix(name).split("} ") for line in metrics.splitlines() if line.startswith(name)]
    buckets = [(float(end.strip('"')), float(count)) for end, count in lines]
    total = buckets[-1][1]
    return next((end * 1000 for end, count in buckets if total and count >= 0.99 * total), float("nan"))


@contextmanager
def _gateway(folder: Path, provider: str, mode: str) -> Iterator[tuple[str, int]]:
    folder.mkdir()
    models = [
        {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": provider, "api_key": "k"}}
        for name in MODELS
    ]
    settings = {
        "listen": "127.0.0.1:0", "upstream": {"model_list": models}, "rules": ["default"], "mode": mode,
        "store": f"sqlite:///{folder}/reports.db", "deadline_ms": 600_000, "limits": {"wait_ms": 600_000},
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
