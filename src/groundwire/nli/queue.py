"""One queue in front of the model for everybody in the process: each pair is scored once, in shared batches."""

from __future__ import annotations

import atexit
import os
import threading
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from groundwire.errors import DeadlineError, ModelError, OverloadError
from groundwire.nli.cache import RowCache, key_of
from groundwire.nli.combiner import Combiner
from groundwire.nli.doubt import Stretch
from groundwire.nli.entailment import EntailmentModel, Pair, checked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEAR = 0.7
"""The share of a batch's longest pair that the others have at least: what is missing is computed as padding."""

_IDLE = 10.0
"""Seconds without work after which a worker ends. The next call starts another."""

_GRACE = 2.0
"""Seconds that the end of the program waits for a batch under way: a thread may not be cut off inside a runtime."""


class _Job:
    """A pair on its way, and the calls that wait for it."""

    __slots__ = ("calls", "key", "length", "pair", "taken")

    def __init__(self, key: bytes, pair: Pair) -> None:
        self.key, self.pair, self.length = key, pair, len(pair[0]) + len(pair[1])
        self.calls: list[_Call] = []
        self.taken = False


class _Call:
    """A caller: the rows that it has, the jobs that it waits for, and those of them that no worker has taken."""

    __slots__ = ("done", "error", "jobs", "rows", "waiting")

    def __init__(self, rows: dict[bytes, NDArray[np.float32]], jobs: list[_Job]) -> None:
        self.rows = rows
        self.jobs = {job.key: job for job in jobs}
        self.waiting = sorted((job for job in jobs if not job.taken), key=_length)
        self.error: BaseException | None = None
        self.done = threading.Event()

    def next(self, longest: int | None) -> _Job | None:
        """Take the longest job that waits, or the longest that goes well into a batch with `longest`."""
        while self.waiting:
            at = len(self.waiting) if longest is None else bisect_right(self.waiting, longest, key=_length)
            if at == 0 or (longest is not None and self.waiting[at - 1].length < _NEAR * longest):
                return None
            job = self.waiting.pop(at - 1)
            if not job.taken:  # not taken for another call meanwhile
                job.taken = True
                return job
        return None


class QueuedModel:
    """An entailment model behind a cache and a queue. Any number of threads may call `predict` at once.

    A pair that is known or on its way is not scored again. Workers take batches of nearly equal length from the
    callers in turn, so that a small request passes between the parts of a large one, and take what there is: nobody
    waits for a batch to fill. Work that no caller waits for any longer is dropped. What the model raises goes to the
    callers that had a pair in the batch.

    `workers` threads call `model.predict`; default is the model's `threads`, or one where it names none. A batch has
    at most `characters`, padding included, or one pair. `bound` is how many pairs may be on their way before a call
    that brings more is refused; a call that finds nothing on its way is not. `size` is that of the cache, in pairs.
    `queued` counts the pairs that were ever put in the queue: what the cache knew, or was on its way already, was not.
    """

    def __init__(
        self,
        model: EntailmentModel,
        *,
        workers: int | None = None,
        characters: int = 1_600,
        bound: int = 8_192,
        size: int = 20_000,
    ) -> None:
        self._model = model
        self.thresholds: Mapping[str, float] = getattr(model, "thresholds", None) or {}
        self.combiner: Combiner | None = getattr(model, "combiner", None)
        self._workers = workers or getattr(model, "threads", None) or 1
        self._characters, self._bound = characters, bound
        self._cache = RowCache(size)
        self._closed = False
        self.queued = 0
        self._start_afresh()
        _queues.add(self)

    def _start_afresh(self) -> None:
        """Nobody waits and nobody works, as in a process that was just forked: threads stay behind."""
        self._changed = threading.Condition()  # its lock is held around all that follows, and around the cache
        self._jobs: dict[bytes, _Job] = {}
        self._calls: deque[_Call] = deque()
        self._threads: list[threading.Thread] = []

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def version(self) -> str:
        return self._model.version

    @property
    def max_length(self) -> int:
        return self._model.max_length

    @property
    def pending(self) -> int:
        """How many pairs are on their way. No `__len__`: a model with nothing to do would be false."""
        return len(self._jobs)

    @property
    def bound(self) -> int:
        """How many pairs may be on their way."""
        return self._bound

    def warm(self) -> None:
        """Let the model read its files now, where it can."""
        if warm := getattr(self._model, "warm", None):
            warm()

    def length(self, text: str) -> int:
        return self._model.length(text)

    def doubted(self, pairs: Sequence[Pair]) -> list[list[Stretch]]:
        """The words of each hypothesis that its premise does not say, where the model can tell; none where not.

        Asked in the caller's own thread, of the few claims that were found wanting.
        """
        tell = getattr(self._model, "doubted", None)
        return tell(pairs) if tell else [[] for _ in pairs]

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        """See `EntailmentModel.predict`. Waits for the workers; never call it on an event loop.

        Raises: DeadlineError when `deadline` passes first; OverloadError at once when too much is on its way; what the
        model raises.
        """
        import numpy as np

        keys = [key_of(pair) for pair in pairs]
        call = self._enter(dict(zip(keys, pairs, strict=True)), deadline)
        try:
            left = threading.TIMEOUT_MAX if deadline is None else deadline - time.monotonic()
            call.done.wait(min(max(left, 0), threading.TIMEOUT_MAX))
        finally:
            with self._changed:
                self._leave(call)
        if call.error is not None:
            raise call.error
        if len(call.rows) < len(set(keys)):
            raise DeadlineError(f"{self.name} had no time left for {len(set(keys)) - len(call.rows)} pairs")
        return np.stack([call.rows[key] for key in keys]) if keys else np.empty((0, 3), np.float32)

    def _enter(self, pairs: Mapping[bytes, Pair], deadline: float | None) -> _Call:
        with self._changed:
            rows = {key: row for key in pairs if (row := self._cache.get(key)) is not None}
            missing = {key: pair for key, pair in pairs.items() if key not in rows}
            if not missing:
                call = _Call(rows, [])
                call.done.set()
                return call
            if self._closed:
                raise ModelError(f"{self.name} is closed: the program ends")
            if deadline is not None and time.monotonic() >= deadline:
                raise DeadlineError(f"{self.name} had no time left for {len(missing)} pairs")
            new = {key: _Job(key, pair) for key, pair in missing.items() if key not in self._jobs}
            if self._jobs and len(self._jobs) + len(new) > self._bound:
                raise OverloadError(f"{self.name} has {len(self._jobs)} pairs to score; {len(new)} more are too many")
            self._hire()
            self._jobs |= new
            self.queued += len(new)
            call = _Call(rows, [self._jobs[key] for key in missing])
            for job in call.jobs.values():
                job.calls.append(call)
            self._calls.append(call)
            self._changed.notify_all()
            return call

    def _leave(self, call: _Call) -> None:
        """The call waits no longer: what nobody else waits for, and nobody has taken, is dropped."""
        if call in self._calls:
            self._calls.remove(call)
        for job in call.jobs.values():
            job.calls.remove(call)
            if not job.calls and not job.taken:
                del self._jobs[job.key]
        call.jobs.clear()

    def _hire(self) -> None:
        for _ in range(self._workers - len(self._threads)):
            # A daemon, so that a model that hangs does not keep the program from ending.
            thread = threading.Thread(target=self._work, name="groundwire-entailment", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _work(self) -> None:
        while batch := self._next_batch():
            try:
                rows = checked(self._model.predict([job.pair for job in batch]), len(batch))
            except BaseException as error:  # noqa: BLE001 - raised where it belongs, in the threads that wait for it
                self._fail(batch, error)
            else:
                self._settle(batch, rows)

    def _next_batch(self) -> list[_Job]:
        """Wait for work. Returns nothing when the worker is to end."""
        with self._changed:
            while not self._closed:
                if batch := self._draw():
                    return batch
                if not self._changed.wait(_IDLE) and not self._calls:
                    break
            self._threads.remove(threading.current_thread())
            return []

    def _draw(self) -> list[_Job]:
        """A batch from the callers in turn, each giving the longest of its jobs that fits."""
        batch: list[_Job] = []
        passed = 0
        while passed < len(self._calls):
            longest = batch[0].length if batch else None
            if longest is not None and (len(batch) + 1) * longest > self._characters:
                break
            call = self._calls[0]
            if (job := call.next(longest)) is not None:
                batch.append(job)
                passed = 0
            else:
                passed += 1
            if call.waiting:
                self._calls.rotate(-1)
            else:
                self._calls.popleft()
                passed = 0
        return batch

    def _settle(self, batch: Sequence[_Job], rows: NDArray[np.float32]) -> None:
        with self._changed:
            for job, row in zip(batch, rows, strict=True):
                self._cache.keep(job.key, row)
                del self._jobs[job.key]
                for call in job.calls:
                    call.rows[job.key] = row
                    del call.jobs[job.key]
                    if not call.jobs:
                        call.done.set()

    def _fail(self, batch: Sequence[_Job], error: BaseException) -> None:
        with self._changed:
            for job in batch:
                del self._jobs[job.key]
                for call in list(job.calls):
                    call.error = error
                    self._leave(call)
                    call.done.set()

    def _close(self) -> None:
        """The program ends: let the batches under way come to their end, and take no other."""
        with self._changed:
            self._closed = True
            threads = list(self._threads)
            self._changed.notify_all()
        for thread in threads:
            thread.join(_GRACE)


def _length(job: _Job) -> int:
    return job.length


_queues: WeakSet[QueuedModel] = WeakSet()


def _close_all() -> None:
    for queue in list(_queues):
        queue._close()


def _start_all_afresh() -> None:
    for queue in list(_queues):
        queue._start_afresh()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_start_all_afresh)
