"""Answers that nobody writes by accident: claims or none come out, in time and memory that follow their length."""

import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.claims import FakeExtractor, SpacyExtractor
from groundwire.claims.sentences import LONGEST
from groundwire.model import Claim

from .answers import MADE_UP, NESTED, RECORDED, WORDED
from .test_extract import EXTRACTOR, check

UNITS = [
    *(
        "word ",
        "- Rome is old\n",
        "**a ",
        "[a](",
        "`a",
        '"',
        "“a ",
        "(",
        "(a ",
        "> ",
        "# a\n",
        "| a | b |\n",
        "<b ",
        "[",
        "{",
    ),
    *(
        "Ro\u200bme\u200d is\ufeff old. ",
        "\u202eRome is old\u202c. ",
        "Rome \ud800 is \udfff old. ",
        "Rome\x00 is old. ",
    ),
    *(
        "روما مدينة قديمة. ",
        "רומא עתיקה. ",
        "e\u0301",
        "a\u2028",
        "a\x0b",
        "Rome\u00a0is\u3000old. ",
        "A: b\n",
        "a. ",
        "$$\n",
    ),
    *(
        "He saw him and she told her. ",
        "he ran; ",
        ", who was born in Rome",
        "Rome: It is old.\n",
        "is it? ",
        "It is. ",
    ),
    *(
        "The members are:\n- a\n",
        "- a\n  - b\n",
        "1. - > a\n",
        '{"a":',
        "[1,",
        "who said that ",
        "Rome, ",
        "and not only ",
    ),
]
SHAPES: dict[str, Callable[[int], str]] = {
    "one sentence of new words": lambda n: " ".join(f"word{at}" for at in range(n // 9)),
    "a JSON key over many leaves": lambda n: json.dumps({"k" * (n // 2): dict.fromkeys(map(str, range(n // 20)), 1)}),
    "a JSON name over many leaves": lambda n: json.dumps(
        {"name": "N" * (n // 2)} | dict.fromkeys(map(str, range(n // 20)), 1)
    ),
    "JSON that is deep": lambda n: '{"a":' * 150 + "[" + ",".join("1" * (n // 4)) + "]" + "}" * 150,
    "JSON that is too deep": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "a first cell and many others": lambda n: "| a | b |\n|---|---|\n| " + "A" * (n // 2) + " |" + " b |" * (n // 8),
    "a header and many rows": lambda n: "| a | " + "B" * (n // 2) + " |\n|---|---|\n" + "| r | v |\n" * (n // 20),
    "a lead-in and many items": lambda n: "The " + "very " * 150 + "old members are:\n" + "- a\n" * (n // 4),
    "a name and many pronouns": lambda n: "Xy" * 400 + " is a city. " + "It is. " * (n // 7),
    "many objects": lambda n: ("Rome met " + ", ".join(["Milan"] * 120) + " and Turin. ") * (n // 900),
    "many clauses": lambda n: ("The very old king of Rome " + "came and " * 95 + "left. ") * (n // 900),
}


def repeated(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit)) + "x"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MADE_UP | WORDED | NESTED | st.text(max_size=200))
def test_any_answer_gives_claims_that_slice(answer: str) -> None:
    check(answer, EXTRACTOR.extract(answer))
    check(answer, FakeExtractor().extract(answer))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDED, WORDED | MADE_UP)
def test_any_question_may_come_before(answer: str, question: str) -> None:
    check(answer, EXTRACTOR.extract(answer, question=question))


@pytest.mark.parametrize("make", [*map(repeated, UNITS), *SHAPES.values()], ids=[*map(ascii, UNITS), *SHAPES])
def test_twice_the_length_takes_at_most_about_twice_the_time(make: Callable[[int], str]) -> None:
    def cost(size: int) -> float:
        answer, extractor = make(size), SpacyExtractor()
        began = time.process_time()
        found = extractor.extract(answer)
        taken = time.process_time() - began
        check(answer, found)
        return taken

    cost(2_000)
    gc.collect()
    gc.disable()  # a collection takes as long as all that the process keeps
    try:
        small = large = 9.0
        for _ in range(5):
            small, large = min(small, cost(20_000)), min(large, cost(40_000))
            if large < 2.2 * small:
                break
    finally:
        gc.enable()
    assert large < 2.6 * small + 0.005


def test_a_sentence_of_a_hundred_thousand_words() -> None:
    answer = " ".join(["Rome is", *("old and big" for _ in range(33_000)), "."])
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    assert len(found) >= len(answer) / LONGEST


def test_ten_thousand_items() -> None:
    answer = "The cities are:\n" + "\n".join(f"- Rome {number}" for number in range(10_000))
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    assert [claim.text for claim in found[1:4]] == [f"The cities are Rome {number}." for number in range(3)]
    assert len(found) == 10_001


def test_what_many_claims_have_in_common_is_short() -> None:
    for name in ("a JSON name over many leaves", "a first cell and many others", "a header and many rows"):
        answer = SHAPES[name](100_000)
        assert sum(len(claim.text) for claim in EXTRACTOR.extract(answer)) < 40 * len(answer)
    for name in ("a JSON key over many leaves", "a lead-in and many items", "a name and many pronouns"):
        answer = SHAPES[name](100_000)
        assert sum(len(claim.text) for claim in EXTRACTOR.extract(answer)) < 2 * len(answer)


# A process of its own, in which nothing was freed before that it could use again.
MEMORY = """
import resource, sys
from groundwire.bench import prose
from groundwire.claims import SpacyExtractor
from tests.claims.test_hostile import SHAPES
extractor = SpacyExtractor()
extractor.extract(prose.answer(1, 2000))
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
before = peak()
texts = [" ".join(prose.answer(seed, 9_000) for seed in range(20)), *(make(200_000) for make in SHAPES.values())]
for answer in texts:
    found = len(extractor.extract(answer))
    print(len(answer), found, round(peak() - before))
"""


def test_an_answer_of_a_megabyte_takes_bounded_memory(request: pytest.FixtureRequest) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=False, cwd=request.config.rootpath
    )
    assert run.returncode == 0, run.stderr[-2000:]
    prose, *others = [tuple(map(int, line.split())) for line in run.stdout.splitlines()]
    assert prose[0] > 950_000
    assert prose[2] < 250, "megabytes for prose"
    assert others[-1][2] < 500, f"megabytes: {others}"


def test_a_hundred_threads_share_an_extractor() -> None:
    answers = [answer.replace("Rome", f"Rome {number}") for number in range(15) for answer in RECORDED][:100]
    expected = [SpacyExtractor().extract(answer) for answer in answers]
    shared = SpacyExtractor()
    found: list[tuple[Claim, ...]] = [()] * len(answers)
    start = threading.Barrier(len(answers))

    def extract(at: int) -> None:
        start.wait()
        found[at] = shared.extract(answers[at])

    threads = [threading.Thread(target=extract, args=(at,)) for at in range(len(answers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 100
    assert found == expected
