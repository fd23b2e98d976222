"""Worker processes that outlive what goes wrong in them.

`concurrent.futures` gives up the whole pool when one process is killed, and does not say which item killed it. Here
every process holds one item at a time, so a death costs that item and nothing else.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, NamedTuple, Self, TypeVar

from groundwire.errors import GroundwireError

Item = TypeVar("Item")
Result = TypeVar("Result")

LIMIT_S = 600.0
"""The longest that one item may take before its process is ended."""

AHEAD = 32
"""How many items, for each process, may be finished before their turn in the order comes. Bounds memory."""

DEATHS_AT_START = 3


class Failure(NamedTuple):
    """What stands in for a result that could not be made: the exception's own line."""

    what: str


class _Ready(NamedTuple):
    pass


class _Broken(NamedTuple):
    what: str


def in_process(
    factory: Callable[[], Callable[[Item], Result]], items: Iterable[Item]
) -> Iterator[tuple[Item, Result | Failure]]:
    """The same as `Pool.map`, here and without processes. What `factory` raises is raised."""
    work = factory()
    for item in items:
        yield item, _attempt(work, item)


@dataclass(eq=False)
class _Worker(Generic[Item]):
    process: BaseProcess
    connection: Connection
    ready: bool = False
    place: int = -1
    item: Item | None = None
    since: float = 0.0

    @property
    def idle(self) -> bool:
        return self.ready and self.item is None


class Pool(Generic[Item, Result]):
    """`workers` spawned processes. `factory` is called once in each and gives the function that does the work.

    `factory`, items and results travel between processes: they must pickle. Use as a context manager.
    """

    def __init__(
        self, factory: Callable[[], Callable[[Item], Result]], workers: int, *, limit_s: float = LIMIT_S
    ) -> None:
        self._factory, self._size, self._limit_s = factory, workers, limit_s
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker[Item]] = []
        self._deaths_at_start = 0

    def __enter__(self) -> Self:
        self._workers = [self._start() for _ in range(self._size)]
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process. What they were doing is lost."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers = []

    def map(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result | Failure]]:
        """Each item with its result, in the order of the items. Reads at most 32 items a worker ahead.

        What the work raises, a process that dies and an item that takes too long become a Failure of that item.
        Raises: GroundwireError where the processes cannot start.
        """
        source = iter(items)
        finished: dict[int, tuple[Item, Result | Failure]] = {}
        given = yielded = 0
        exhausted = False
        while not exhausted or yielded < given:
            while not exhausted and given - yielded < AHEAD * self._size and (idle := self._idle()):
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                else:
                    self._give(idle, given, item)
                    given += 1
            while yielded in finished:
                yield finished.pop(yielded)
                yielded += 1
            if yielded < given or not exhausted:
                for place, item, result in self._hear():
                    finished[place] = (item, result)

    def _idle(self) -> _Worker[Item] | None:
        return next((worker for worker in self._workers if worker.idle), None)

    def _give(self, worker: _Worker[Item], place: int, item: Item) -> None:
        worker.place, worker.item, worker.since = place, item, time.monotonic()
        with suppress(OSError):  # it died while idle: `_hear` will notice, and the item fails with it
            worker.connection.send(item)

    def _hear(self) -> list[tuple[int, Item, Result | Failure]]:
        """Wait for something to happen; what was finished by it."""
        wait([worker.connection for worker in self._workers], timeout=1.0)
        outcomes = []
        for number, worker in enumerate(self._workers):
            result = self._look(worker)
            if result is None or isinstance(result, _Ready):
                continue
            if worker.item is not None:
                outcomes.append((worker.place, worker.item, result))
                worker.item = None
            if not worker.process.is_alive():
                worker.connection.close()
                self._workers[number] = self._start()
        return outcomes

    def _look(self, worker: _Worker[Item]) -> Any:
        """What a worker says, None where it is still at work, and a Failure where it is no more."""
        try:
            if not worker.connection.poll():
                if worker.item is None or time.monotonic() - worker.since <= self._limit_s:
                    return None
                worker.process.kill()
                worker.process.join()
                return Failure(f"took longer than {self._limit_s:g} s")
            message = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join()
            how = _how_it_ended(worker.process.exitcode)
            if not worker.ready:
                self._died_at_start(how)
            return Failure(f"the worker process {how}")
        if isinstance(message, _Broken):
            raise GroundwireError(message.what)
        if isinstance(message, _Ready):
            worker.ready, self._deaths_at_start = True, 0
        return message

    def _died_at_start(self, how: str) -> None:
        self._deaths_at_start += 1
        if self._deaths_at_start >= DEATHS_AT_START:
            raise GroundwireError(f"the worker processes cannot start: the last one {how}")

    def _start(self) -> _Worker[Item]:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(there, self._factory), daemon=True)
        process.start()
        there.close()  # so that the end of the process is the end of the connection
        return _Worker(process, here)


def _serve(connection: Connection, factory: Callable[[], Callable[[Any], Any]]) -> None:
    """The life of a worker process: until its parent closes the connection, or is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            work = factory()
        except Exception as broken:  # noqa: BLE001 - told to the parent, which raises it
            connection.send(_Broken(_line(broken)))
            return
        connection.send(_Ready())
        while True:
            connection.send(_attempt(work, connection.recv()))


def _attempt(work: Callable[[Item], Result], item: Item) -> Result | Failure:
    try:
        return work(item)
    except Exception as failed:  # noqa: BLE001 - one item's failure is that item's result
        return Failure(_line(failed))


def _line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words if isinstance(error, GroundwireError) else f"{type(error).__name__}: {words}"


def _how_it_ended(code: int | None) -> str:
    return f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
