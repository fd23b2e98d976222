"""The proxy under load: many streams at once for a while, then many requests, then twice what it takes on.

What it costs is looked at from outside: memory and open files of its process, and the figures at /metrics.
"""

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from groundwire.bench.figures import percentile
from groundwire.bench.gateway import ASKED, GIVEN, RESULTS, Progress, counted, lag, stream
from groundwire.bench.processes import gateway, memory_mb, open_files, provider

SENTENCES = 10
CAPACITY = 16
WARM = 20
AT_ONCE = 32
LOOK_EVERY = 0.5  # seconds
SETTLED_AFTER = 3.0  # seconds
LONGEST_STAGE = 20.0  # seconds

_TASKS, _UNDER_WAY = "groundwire_event_loop_tasks", "groundwire_requests_in_flight"


def measure(seconds: float, streams: int, requests: int, progress: Progress) -> dict[str, Any]:
    """`streams` streams at once for so long, every statement checked; then so many `requests` with nothing to check.

    Then a gateway that takes on 16 requests at once gets 16, and twice as many, for a third of the time each. Ctrl-C
    during the requests ends them and nothing else.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        progress("starting a provider and two gateways")
        asked = stack.enter_context(provider())
        wide = stack.enter_context(gateway(folder / "wide", asked, "hold", {"requests": max(512, 2 * streams)}))
        narrow = stack.enter_context(gateway(folder / "narrow", asked, "hold", {"requests": CAPACITY}))
        found = asyncio.run(_at_once(*wide, seconds, streams, requests, progress))
        return {**found, "twice": asyncio.run(_twice(narrow[0], min(LONGEST_STAGE, seconds / 3), progress))}


def rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What was measured, in words."""
    counts = ", ".join(f"{found['streams'][what]} {what}" for what in RESULTS)
    times = f"first sentence p50 {found['first_sentence_p50_ms']:.0f} ms, p95 {found['first_sentence_p95_ms']:.0f} ms"
    twice, before, after = found["twice"], found["before"], found["after"]
    grown = f"{found['memory_growth_mb']:+.0f} MB at most"
    return [
        (f"{found['at_once']} streams of {SENTENCES} sentences at once for {found['seconds']:.0f} s",
         f"{counts}; {times}"),
        ("  memory", f"{before['memory_mb']:.0f} MB before, {grown}, {after['memory_mb']:.0f} MB after"),
        ("  event loop late, p99", f"at most {found['loop_lag_p99_ms']:g} ms"),
        (f"open files, tasks, requests under way, before and after these and {found['requests']:,} requests",
         ", ".join(f"{before[name]:.0f} and {after[name]:.0f}" for name in ("files", "tasks", "under_way"))),
        (f"{CAPACITY} requests at once where {CAPACITY} are taken on",
         f"{twice['alone']['served']} served, p50 {twice['alone']['p50_ms']:.0f} ms, "
         f"p95 {twice['alone']['p95_ms']:.0f} ms; {twice['alone']['refused']} refused"),
        ("  twice as many",
         f"{twice['both']['served']} served, p50 {twice['both']['p50_ms']:.0f} ms, "
         f"p95 {twice['both']['p95_ms']:.0f} ms; {twice['both']['failed']} failed"),
        ("  of these refused",
         f"{twice['both']['refused']}, in p50 {twice['both']['refused_p50_ms']:.0f} ms, "
         f"p95 {twice['both']['refused_p95_ms']:.0f} ms, {twice['both']['with_retry_after']} with Retry-After"),
    ]  # fmt: skip


async def _at_once(
    url: str, pid: int, seconds: float, streams: int, requests: int, progress: Progress
) -> dict[str, Any]:
    async with _client(url) as client:
        await asyncio.gather(*(stream(client, "ten", []) for _ in range(WARM)))
    # So many connections to the provider are kept: what is counted from here on is what more stays.
    most_at_once = max(streams, AT_ONCE)
    await _requests(url, 2 * most_at_once, most_at_once, progress)
    before, metrics = await _state(url, pid)
    firsts: list[float] = []
    results: list[str] = []
    began = time.perf_counter()
    most = before["memory_mb"]

    async def again_and_again(client: Any) -> None:
        while time.perf_counter() - began < seconds:
            results.append(await stream(client, "ten", firsts))

    async with _client(url) as client:
        asking = asyncio.gather(*(again_and_again(client) for _ in range(streams)))
        while not asking.done():
            await asyncio.wait([asking], timeout=LOOK_EVERY)
            most = max(most, memory_mb(pid))
            progress(f"{streams} streams at once, {time.perf_counter() - began:.0f} s, {len(results)} done")
        await asking
    took = time.perf_counter() - began
    _, later = await _state(url, pid)
    made = await _until_stopped(url, requests, progress)
    after, _ = await _state(url, pid)
    return {
        "at_once": streams,
        "streams": counted(results),
        "seconds": round(took, 1),
        "first_sentence_p50_ms": round(percentile(firsts, 0.5), 1),
        "first_sentence_p95_ms": round(percentile(firsts, 0.95), 1),
        "memory_growth_mb": round(max(most, after["memory_mb"]) - before["memory_mb"], 1),
        "loop_lag_p99_ms": lag(later, metrics),
        "requests": made,
        "before": before,
        "after": after,
    }


def _client(url: str) -> Any:
    import httpx
    import openai

    limits = httpx.Limits(max_connections=None)
    return openai.AsyncOpenAI(
        base_url=f"{url}/v1", api_key="k", max_retries=0, http_client=httpx.AsyncClient(limits=limits, timeout=600)
    )


async def _state(url: str, pid: int) -> tuple[dict[str, float], str]:
    """What the gateway holds once nobody asks it anything, and its figures."""
    import httpx

    await asyncio.sleep(SETTLED_AFTER)
    async with httpx.AsyncClient(timeout=60) as http:
        metrics = (await http.get(f"{url}/metrics")).text
        files = open_files(pid)
    gauges = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    return {
        "memory_mb": round(memory_mb(pid), 1),
        "files": files,
        "tasks": float(gauges[_TASKS]),
        "under_way": float(gauges[_UNDER_WAY]),
    }, metrics


async def _until_stopped(url: str, count: int, progress: Progress) -> int:
    """So many answers, or as many as there are when somebody presses Ctrl-C: how many. What was measured is kept."""
    done: list[int] = []

    def note(line: str) -> None:
        done.append(1)
        progress(line)

    try:
        await _requests(url, count, AT_ONCE, note)
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
    return len(done)


async def _requests(url: str, count: int, at_once: int, progress: Progress) -> None:
    """So many answers with nothing to check, some at once; `progress` hears of each."""
    import httpx

    left = iter(range(count))

    async def ask(http: httpx.AsyncClient) -> None:
        for number in left:
            (await http.post("/v1/chat/completions", json={"model": "nothing", "messages": ASKED})).raise_for_status()
            progress(f"requests {number + 1:,}/{count:,}")

    async with httpx.AsyncClient(base_url=url, timeout=600, limits=httpx.Limits(max_connections=None)) as http:
        await asyncio.gather(*(ask(http) for _ in range(at_once)))


async def _twice(url: str, seconds: float, progress: Progress) -> dict[str, Any]:
    await _clients(url, CAPACITY, min(2.0, seconds))  # not counted
    found = {}
    for name, clients in (("alone", CAPACITY), ("both", 2 * CAPACITY)):
        progress(f"{clients} clients where {CAPACITY} are taken on")
        found[name] = await _clients(url, clients, seconds)
    return found


async def _clients(url: str, clients: int, seconds: float) -> dict[str, float]:
    """So many that ask again when they are answered, and where they are refused, when they were told to."""
    import httpx

    served: list[float] = []
    refused: list[float] = []
    told = failed = 0
    until = time.perf_counter() + seconds
    body = {"model": "facts", "messages": ASKED, **GIVEN}

    async def ask(http: httpx.AsyncClient) -> None:
        nonlocal told, failed
        while (began := time.perf_counter()) < until:
            response = await http.post("/v1/chat/completions", json=body)
            took = (time.perf_counter() - began) * 1000
            if response.status_code == 429:
                refused.append(took)
                told += "retry-after" in response.headers
                await asyncio.sleep(float(response.headers.get("retry-after", 1)))
            elif response.status_code == 200:
                served.append(took)
            else:
                failed += 1

    async with httpx.AsyncClient(base_url=url, timeout=600, limits=httpx.Limits(max_connections=None)) as http:
        await asyncio.gather(*(ask(http) for _ in range(clients)))
    return {
        "served": len(served),
        "p50_ms": round(percentile(served, 0.5), 1),
        "p95_ms": round(percentile(served, 0.95), 1),
        "refused": len(refused),
        "refused_p50_ms": round(percentile(refused, 0.5), 1),
        "refused_p95_ms": round(percentile(refused, 0.95), 1),
        "with_retry_after": told,
        "failed": failed,
    }
