"""The proxy's own figures: what they are made of. The run itself takes minutes."""

from groundwire.bench.gateway import FACTS, RESULTS, _lag, long_answer, rows

METRICS = """\
groundwire_event_loop_lag_seconds_bucket{le="0.001"} 90.0
groundwire_event_loop_lag_seconds_bucket{le="0.01"} 98.0
groundwire_event_loop_lag_seconds_bucket{le="0.05"} 99.0
groundwire_event_loop_lag_seconds_bucket{le="+Inf"} 100.0
"""


def test_the_lag_is_the_end_of_its_bucket() -> None:
    assert _lag(METRICS) == 50


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
