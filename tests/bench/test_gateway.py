"""The proxy's own figures: what they are made of. The run itself takes minutes."""

import asyncio

import pytest

from groundwire.bench import load
from groundwire.bench.gateway import RESULTS, Progress, lag, rows
from groundwire.bench.processes import FACTS, long_answer

METRICS = """\
groundwire_event_loop_lag_seconds_bucket{le="0.001"} 90.0
groundwire_event_loop_lag_seconds_bucket{le="0.01"} 98.0
groundwire_event_loop_lag_seconds_bucket{le="0.05"} 99.0
groundwire_event_loop_lag_seconds_bucket{le="+Inf"} 100.0
"""


def test_the_lag_is_the_end_of_its_bucket() -> None:
    assert lag(METRICS) == 50
    # Fifty more came round since, all of them within a millisecond.
    later = METRICS.replace("90.0", "140.0").replace("98.0", "148.0").replace("99.0", "149.0").replace("100.0", "150.0")
    assert lag(later, METRICS) == 1


def test_every_sentence_of_the_long_answer_is_another() -> None:
    sentences = long_answer().split(". ")
    assert len(set(sentences)) == len(sentences) == 40
    assert FACTS.count(".") == 3


def test_what_was_measured_is_told_in_words() -> None:
    way = {"p50_ms": 2.0, "p99_ms": 9.0}
    ways = dict.fromkeys(("straight", "acompletion", "off", "nothing to check", "checking"), way)
    counts = dict.fromkeys(RESULTS, 0) | {"whole": 200}
    streams = {"count": 200, "seconds": 9.5, "first_sentence_p50_ms": 88.0, **counts}
    above = dict.fromkeys(("off", "nothing to check", "checking"), 1.5)
    found = {"ways": ways, "above_acompletion_ms": above, "streams": streams, "loop_lag_p99_ms": 50.0}
    told = rows(found)
    assert len(told) == 7
    assert "+1.5 ms beside acompletion" in told[3][1]
    assert "200 whole, 0 damaged" in told[5][1]


def test_a_load_is_told_in_words() -> None:
    state = {"memory_mb": 300.0, "files": 20.0, "tasks": 6.0, "under_way": 0.0}
    served = {"served": 90, "p50_ms": 100.0, "p95_ms": 150.0, "failed": 0}
    refused = {"refused": 40, "refused_p50_ms": 3.0, "refused_p95_ms": 9.0, "with_retry_after": 40}
    found = {
        "at_once": 200, "streams": dict.fromkeys(RESULTS, 0) | {"whole": 800}, "seconds": 60.0,
        "first_sentence_p50_ms": 90.0, "first_sentence_p95_ms": 200.0, "memory_growth_mb": 31.0,
        "loop_lag_p99_ms": 50.0, "requests": 1000, "before": state, "after": state,
        "twice": {"alone": served | refused, "both": served | refused},
    }  # fmt: skip
    told = dict(load.rows(found))
    assert told["200 streams of 10 sentences at once for 60 s"].startswith("800 whole, 0 damaged")
    assert "+31 MB at most" in told["  memory"]
    assert told["  of these refused"].endswith("40 with Retry-After")


def test_requests_that_somebody_stops_are_counted_and_keep_what_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    asking: asyncio.Future[int]

    async def slowly(_url: str, count: int, _at_once: int, progress: Progress) -> None:
        for number in range(count):
            progress(f"requests {number + 1}/{count}")
            if number == 2:
                asking.cancel()
            await asyncio.sleep(0)

    async def measured() -> int:
        nonlocal asking
        asking = asyncio.ensure_future(load._until_stopped("http://localhost", 100_000, lambda _: None))
        return await asking

    monkeypatch.setattr(load, "_requests", slowly)
    assert asyncio.run(measured()) == 3
