"""Many callers, one model: what is shared, what is refused, what is given up, and that nobody gets another's rows."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from groundwire.errors import DeadlineError, ModelError, OverloadError
from groundwire.nli import BuiltinModel, EntailmentModel, FakeEntailment, QueuedModel
from groundwire.nli.entailment import Pair

YES, NO = (0.9, 0.1, 0.0), (0.1, 0.2, 0.7)
PATIENCE = 10.0


class Held(FakeEntailment):
    """Begins nothing before it is let go, and tells when somebody asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default": YES, **options})
        self.go, self.asked = threading.Event(), threading.Event()
        self.threads: set[str] = set()

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        self.asked.set()
        self.threads.add(threading.current_thread().name)
        assert self.go.wait(PATIENCE)
        return super().predict(pairs, deadline=deadline)


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.001)


def busy(model: Held, queue: QueuedModel, callers: ThreadPoolExecutor) -> Future[Any]:
    """The one worker is in the model with a pair of its own; whatever comes now waits."""
    first = callers.submit(queue.predict, [("first", "x")])
    assert model.asked.wait(PATIENCE)
    return first


def test_it_is_a_model_and_gives_each_pair_its_row() -> None:
    fake = FakeEntailment({("p", "a"): YES, ("p", "b"): NO})
    queue = QueuedModel(fake)
    assert isinstance(queue, EntailmentModel)
    np.testing.assert_allclose(queue.predict([("p", "a"), ("p", "b"), ("p", "a")]), [YES, NO, YES], atol=1e-6)
    np.testing.assert_allclose(queue.predict([("p", "b"), ("p", "a")]), [NO, YES], atol=1e-6)
    assert sorted(pair for call in fake.calls for pair in call) == [("p", "a"), ("p", "b")]
    assert queue.predict([]).shape == (0, 3)
    assert queue.predict([("\ud800", "a"), ("", "")]).shape == (2, 3)
    assert queue.pending == 0


def test_what_is_on_its_way_is_not_scored_again(callers: ThreadPoolExecutor) -> None:
    model = Held()
    queue = QueuedModel(model)
    first = busy(model, queue, callers)
    second = callers.submit(queue.predict, [("first", "x"), ("p", "a")])
    third = callers.submit(queue.predict, [("p", "a")])
    until(lambda: sum(len(call.jobs) for call in queue._calls) == 3)
    assert queue.pending == 2
    model.go.set()
    assert [len(call.result(PATIENCE)) for call in (first, second, third)] == [1, 2, 1]
    assert model.calls == [[("first", "x")], [("p", "a")]]


def test_callers_share_batches_and_the_model_runs_on_threads_of_its_own(callers: ThreadPoolExecutor) -> None:
    model = Held()
    queue = QueuedModel(model)
    busy(model, queue, callers)
    for claim in "abcd":
        callers.submit(queue.predict, [("p", claim)])
    until(lambda: queue.pending == 5)
    model.go.set()
    until(lambda: queue.pending == 0)
    assert [len(call) for call in model.calls] == [1, 4]
    assert model.threads == {"groundwire-entailment"}


def test_a_batch_is_bounded_and_of_nearly_one_length() -> None:
    model = FakeEntailment(default=YES)
    pairs = [("p" * length, str(length)) for length in range(1, 400)]
    QueuedModel(model, characters=1_000).predict(pairs)
    assert sorted(pair for call in model.calls for pair in call) == sorted(pairs)
    for call in model.calls:
        lengths = [len(premise) + len(claim) for premise, claim in call]
        assert len(call) == 1 or max(lengths) * len(call) <= 1_000
        assert min(lengths) >= 0.7 * max(lengths)
    assert len(model.calls) < 150


@pytest.mark.parametrize("length", [3, 40, 4_000])
def test_a_small_request_passes_between_the_parts_of_a_large_one(callers: ThreadPoolExecutor, length: int) -> None:
    model = Held()
    queue = QueuedModel(model, characters=200)
    busy(model, queue, callers)
    large = callers.submit(queue.predict, [("p" * 40, f"{number:03}") for number in range(400)])
    until(lambda: queue.pending == 401)
    small = callers.submit(queue.predict, [("q" * length, "a"), ("q" * length, "b")])
    until(lambda: queue.pending == 403)
    model.go.set()
    small.result(PATIENCE)
    large.result(PATIENCE)
    last = max(at for at, call in enumerate(model.calls) if any(premise[0] == "q" for premise, _ in call))
    assert len(model.calls) > 90
    assert last <= 4


def test_what_is_too_much_is_refused_at_once(callers: ThreadPoolExecutor) -> None:
    model = Held()
    queue = QueuedModel(model, bound=10)
    busy(model, queue, callers)
    waiting = callers.submit(queue.predict, [("p", str(number)) for number in range(9)])
    until(lambda: queue.pending == 10)
    with pytest.raises(OverloadError, match="10 pairs"):
        queue.predict([("p", "one more")])
    again = callers.submit(queue.predict, [("p", "0")])  # brings nothing new
    model.go.set()
    assert waiting.result(PATIENCE).shape == (9, 3)
    assert again.result(PATIENCE).shape == (1, 3)
    until(lambda: queue.pending == 0)
    assert queue.predict([("q", str(number)) for number in range(50)]).shape == (50, 3)  # large, but alone


def test_what_nobody_waits_for_any_longer_is_dropped(callers: ThreadPoolExecutor) -> None:
    model = Held()
    queue = QueuedModel(model)
    first = busy(model, queue, callers)
    patient = callers.submit(queue.predict, [("p", "both")])
    until(lambda: queue.pending == 2)
    began = time.monotonic()
    with pytest.raises(DeadlineError, match="2 pairs"):
        queue.predict([("p", "both"), ("p", "mine")], deadline=began + 0.05)
    assert 0.05 <= time.monotonic() - began < PATIENCE / 2
    assert queue.pending == 2
    model.go.set()
    assert patient.result(PATIENCE).shape == first.result(PATIENCE).shape == (1, 3)
    assert model.calls == [[("first", "x")], [("p", "both")]]


def test_after_the_deadline_only_what_is_known_is_given() -> None:
    model = FakeEntailment(default=YES)
    queue = QueuedModel(model)
    queue.predict([("p", "a")])
    assert queue.predict([("p", "a")], deadline=time.monotonic() - 1).shape == (1, 3)
    with pytest.raises(DeadlineError):
        queue.predict([("p", "a"), ("p", "b")], deadline=time.monotonic() - 1)
    assert queue.predict([("p", "c")], deadline=time.monotonic() + 1e12).shape == (1, 3)
    assert model.calls == [[("p", "a")], [("p", "c")]]


def test_a_failure_meets_the_callers_of_its_batch_and_nobody_else(callers: ThreadPoolExecutor) -> None:
    def script(premise: str, claim: str) -> tuple[float, float, float]:
        if claim == "bad":
            raise ZeroDivisionError("on purpose")
        return YES

    model = Held(script=script, default=None)
    queue = QueuedModel(model, characters=300)
    first = busy(model, queue, callers)
    hit = [
        callers.submit(queue.predict, [("p" * 100, "bad"), ("p", "dropped")]),
        callers.submit(queue.predict, [("p" * 100, "yes")]),
    ]
    spared = callers.submit(queue.predict, [("p" * 50, "yes")])
    until(lambda: queue.pending == 5)
    model.go.set()
    assert first.result(PATIENCE).shape == spared.result(PATIENCE).shape == (1, 3)
    for call in hit:
        with pytest.raises(ZeroDivisionError, match="on purpose"):
            call.result(PATIENCE)
    until(lambda: queue.pending == 0)
    np.testing.assert_allclose(queue.predict([("p" * 100, "yes")]), [YES], atol=1e-6)
    with pytest.raises(ZeroDivisionError):
        queue.predict([("p" * 100, "bad")])
    assert all(claim != "dropped" for call in model.calls for _, claim in call)


@pytest.mark.parametrize("fails", ["shape", "rows"])
def test_a_wrong_shape_is_refused(fails: str) -> None:
    with pytest.raises(ModelError):
        QueuedModel(FakeEntailment(fails=fails)).predict([("p", "a"), ("p", "b")])  # type: ignore[arg-type]


def test_what_is_not_a_probability_is_asked_again() -> None:
    fake = FakeEntailment(default=YES, fails="nan")
    queue = QueuedModel(fake)
    assert np.isnan(queue.predict([("p", "a")])).all()
    fake._fails = None
    np.testing.assert_allclose(queue.predict([("p", "a")]), [YES], atol=1e-6)


def test_many_threads_get_their_own_rows() -> None:
    fake = FakeEntailment(lambda p, h: (int(h) / 1000, 0.0, 1 - int(h) / 1000))
    queue = QueuedModel(fake, size=50, workers=4, characters=30)
    wrong: list[int] = []

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(40):
            numbers = [chance.randrange(300) for _ in range(chance.randint(1, 30))]
            deadline = time.monotonic() + chance.choice((0.0005, PATIENCE))
            try:
                rows = queue.predict([("p", str(n)) for n in numbers], deadline=deadline)
            except DeadlineError:
                continue
            wrong.extend(n for n, row in zip(numbers, rows, strict=True) if abs(float(row[0]) - n / 1000) > 1e-6)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    until(lambda: queue.pending == 0)
    assert not queue._calls
    assert len(queue._cache) <= 50


def test_nobody_waits_for_a_batch_to_fill() -> None:
    queue = QueuedModel(FakeEntailment(default=YES))
    queue.predict([("p", "warm")])
    began = time.monotonic()
    for number in range(200):
        queue.predict([("p", str(number))])
    assert time.monotonic() - began < 200 * 0.004


def test_workers_without_work_end_and_others_come_when_there_is_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundwire.nli.queue._IDLE", 0.02)
    queue = QueuedModel(FakeEntailment(default=YES), workers=3)
    for claim in ("a", "b"):
        assert queue.predict([("p", claim)]).shape == (1, 3)
        until(lambda: not queue._threads)


def test_the_built_in_model_gives_every_caller_what_it_gives_a_lone_one(callers: ThreadPoolExecutor) -> None:
    chance = random.Random(7)
    words = ["the", "a", "museum", "opened", "in", "1994", "by", "Anna", "Zürich", "employs", "3,120", "people", "not"]

    def text(most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(1, most)))

    pairs = [(text(chance.choice((8, 60, 300))), text(20)) for _ in range(60)]
    alone = BuiltinModel(threads=1)
    expected = {pair: alone.predict([pair])[0] for pair in pairs}
    queue = QueuedModel(BuiltinModel(threads=2), size=5)
    asked = [chance.sample(pairs, chance.randint(1, 12)) for _ in range(24)]
    for request, rows in zip(asked, callers.map(queue.predict, asked), strict=True):
        np.testing.assert_allclose(rows, [expected[pair] for pair in request], atol=1e-6, rtol=0)


FORK = """
import os, threading
from groundwire.nli import FakeEntailment, QueuedModel

class Slow(FakeEntailment):
    def predict(self, pairs, *, deadline=None):
        begun.set()
        if os.getpid() == parent:
            end.wait()
        return super().predict(pairs)

parent, begun, end = os.getpid(), threading.Event(), threading.Event()
queue = QueuedModel(Slow())
thread = threading.Thread(target=queue.predict, args=([("p", "a"), ("q" * 2000, "b")],))
thread.start()
begun.wait()
if (child := os.fork()) == 0:
    os._exit(queue.predict([("p", "a")]).shape != (1, 3))
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
end.set()
thread.join()
assert queue.pending == 0
raise SystemExit(code)
"""

EXIT = """
import threading, time
from groundwire.nli import BuiltinModel, QueuedModel

queue = QueuedModel(BuiltinModel(threads=2))
queue.warm()
pairs = [("word " * 200 + str(number), "A word.") for number in range(5000)]
threading.Thread(target=queue.predict, args=(pairs,), daemon=True).start()
time.sleep(0.3)
assert 0 < queue.pending < 5001
print("the end")
"""


@pytest.mark.parametrize("program", [FORK, EXIT], ids=["fork", "exit"])
def test_a_fork_and_the_end_of_the_program_do_not_hang_or_crash(program: str) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_what_was_put_in_the_queue_is_counted_once() -> None:
    queue = QueuedModel(FakeEntailment({("p", "a"): YES}, default=NO))
    assert queue.queued == 0
    queue.predict([("p", "a"), ("p", "a"), ("p", "b")])
    assert queue.queued == 2
    queue.predict([("p", "a"), ("p", "c")])
    assert queue.queued == 3
    with pytest.raises(DeadlineError):
        queue.predict([("p", "d")], deadline=0.0)
    assert queue.queued == 3
