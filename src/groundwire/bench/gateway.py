"""What the proxy costs, in one run: the client straight at a provider, `litellm.acompletion`, and through Groundwire.

The provider and the gateway are processes of their own on this machine, and the ways take turns, so that a busy
machine is busy for all of them.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from groundwire.bench.figures import percentile
from groundwire.bench.processes import DOCUMENT, SAID, gateway, processor_time, provider

Progress = Callable[[str], None]
Ask = Callable[[], Awaitable[str]]

TURN = 10
ASKED: Any = [{"role": "user", "content": "When are refunds paid?"}]
GIVEN = {"groundwire": {"documents": [DOCUMENT]}}
RESULTS = ("whole", "damaged", "refused", "failed")


def measure(times: int, streams: int, progress: Progress) -> dict[str, Any]:
    """Milliseconds by way, p50 and p99 over `times`; then `streams` streams at once, compared byte for byte."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        progress("starting a provider and two gateways")
        asked = stack.enter_context(provider())
        checking = stack.enter_context(gateway(folder / "hold", asked, "hold"))
        off = stack.enter_context(gateway(folder / "off", asked, "off"))
        return asyncio.run(_measure(asked, checking, off, times, streams, progress))


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
    asked: str, checking: tuple[str, int], off: tuple[str, int], times: int, streams: int, progress: Progress
) -> dict[str, Any]:
    import httpx
    import openai

    from groundwire.gateway import load_litellm

    litellm = load_litellm()
    straight, through, passing = (
        openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0, timeout=120)
        for url in (asked, f"{checking[0]}/v1", f"{off[0]}/v1")
    )

    def by(client: openai.AsyncOpenAI, model: str, **fields: Any) -> Ask:
        async def ask() -> str:
            answer = await client.chat.completions.create(model=model, messages=ASKED, **fields)
            return answer.choices[0].message.content or ""

        return ask

    async def acompletion() -> str:
        answer = await litellm.acompletion(
            model="openai/nothing", messages=ASKED, api_base=asked, api_key="k", num_retries=0, max_retries=0
        )
        return str(answer.choices[0].message.content)

    ways: dict[str, Ask] = {
        "straight": by(straight, "nothing"),
        "acompletion": acompletion,
        "off": by(passing, "nothing"),
        "nothing to check": by(through, "nothing"),
        "checking": by(through, "facts", extra_body=GIVEN),
    }
    busy: dict[str, Callable[[], float]] = {
        "acompletion": time.process_time,
        "off": partial(processor_time, off[1]),
        "nothing to check": partial(processor_time, checking[1]),
        "checking": partial(processor_time, checking[1]),
    }
    found: dict[str, Any] = {"ways": await _in_turns(ways, busy, times, progress)}
    base = found["ways"]["acompletion"]["p50_ms"]
    found["above_acompletion_ms"] = {
        name: round(found["ways"][name]["p50_ms"] - base, 2) for name in ("off", "nothing to check", "checking")
    }
    progress(f"{streams} streams at once")
    found["streams"] = await _streams(through, streams)
    async with httpx.AsyncClient() as http:
        found["loop_lag_p99_ms"] = lag((await http.get(f"{checking[0]}/metrics")).text)
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


async def _streams(client: Any, count: int) -> dict[str, Any]:
    """So many at once: how many came whole, how many were told to come back, and the time to the first sentence."""
    firsts: list[float] = []
    began = time.perf_counter()
    results = await asyncio.gather(*(stream(client, "long", firsts) for _ in range(count)))
    return {
        "count": count,
        **counted(results),
        "seconds": round(time.perf_counter() - began, 1),
        "first_sentence_p50_ms": round(percentile(firsts, 0.5), 1),
    }


async def stream(client: Any, model: str, firsts: list[float]) -> str:
    """One answer of the provider as a stream: what became of it. `firsts` gets the time of its first sentence."""
    import httpx
    import openai

    began, text = time.perf_counter(), ""
    try:
        chunks = await client.chat.completions.create(
            model=model, messages=ASKED, stream=True, extra_body=GIVEN, timeout=600
        )
        async for chunk in chunks:
            said = chunk.choices[0].delta.content if chunk.choices else None
            if said and not text:
                firsts.append((time.perf_counter() - began) * 1000)
            text += said or ""
    except openai.RateLimitError:
        return "refused"
    except (openai.APIError, httpx.HTTPError) as error:
        return f"failed: {type(error).__name__}"
    return "whole" if text == SAID[model] else "damaged"


def counted(results: Sequence[str]) -> dict[str, int]:
    """How many of each."""
    return {what: sum(result.startswith(what) for result in results) for what in RESULTS}


def lag(metrics: str, before: str = "") -> float:
    """The upper end of the bucket in which the 99th percentile lies, in milliseconds, of what came after `before`."""
    buckets = _buckets(metrics)
    earlier = _buckets(before) or dict.fromkeys(buckets, 0.0)
    counts = {end: count - earlier[end] for end, count in buckets.items()}
    total = max(counts.values())
    return next((end * 1000 for end, count in counts.items() if total and count >= 0.99 * total), math.nan)


def _buckets(metrics: str) -> dict[float, float]:
    name = "groundwire_event_loop_lag_seconds_bucket{le="
    lines = [line.removeprefix(name).split("} ") for line in metrics.splitlines() if line.startswith(name)]
    return {float(end.strip('"')): float(count) for end, count in lines}
