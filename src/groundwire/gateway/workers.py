"""Several processes on one port: they share the store, the counts of the keys and the figures.

The parent listens, starts them, passes signals on and replaces those that die; it answers no request itself.
"""

import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

from groundwire.errors import GroundwireError

if TYPE_CHECKING:
    from groundwire.config import Config

log = logging.getLogger("groundwire.gateway")

# A file there never waits for a disk.
_MEMORY = "/dev/shm"  # noqa: S108 - a folder with a random name is made in it, for this user only

LOOK_EVERY = 0.5  # seconds
TRY_AGAIN = 5.0  # seconds after a worker that could not start
_END_WITHIN = 60.0  # seconds after `limits.drain_s`

_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none


@dataclass(frozen=True)
class _Task:
    """What a worker is told. It travels to another process."""

    config: "Config"
    source: Path | None
    listener: socket
    folder: Path

    @property
    def counts(self) -> Path:
        return self.folder / "rates.sqlite"  # the client of Prometheus reads every .db here


@dataclass
class _Worker:
    process: BaseProcess
    told: Connection
    ready: bool = False
    again: float = 0.0  # when another one is started in its place, once it is dead


def serve_by(count: int, config: "Config", *, source: Path | None = None) -> None:
    """`serve` with so many worker processes. Raises: as `serve`, and GroundwireError where a worker cannot start."""
    from groundwire.client import Groundwire
    from groundwire.gateway.logs import set_up
    from groundwire.gateway.metrics import TOGETHER
    from groundwire.gateway.rates import SharedStorage
    from groundwire.gateway.serving import greeting, listening

    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with (
        listening(config.host, config.port) as listener,
        TemporaryDirectory(prefix="groundwire-", dir=memory) as folder,
    ):
        task = _Task(config, source, listener, Path(folder))
        os.environ[TOGETHER] = folder
        set_up(config.log)
        with closing(Groundwire(config).store) as store:  # here, so that only one finds it new or of an older version
            lines = greeting(store, config, listener)
        SharedStorage(task.counts).close()
        _Workers(count, task).run(lambda: print(lines, file=sys.stderr, flush=True))


class _Workers:
    """So many processes that do the same, until SIGTERM or SIGINT."""

    def __init__(self, count: int, task: _Task) -> None:
        self._count, self._task = count, task
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._stopping = False

    def run(self, ready: Callable[[], None]) -> None:
        """`ready` is called once all of them serve. Raises: GroundwireError where one cannot start."""
        with self._signals():
            try:
                for _ in range(self._count):
                    self._workers.append(self._start())
                for worker in self._workers:
                    self._until_ready(worker)
                if not self._stopping:
                    ready()
                while not self._stopping:
                    wait([worker.process.sentinel for worker in self._workers if worker.process.is_alive()], LOOK_EVERY)
                    self._look()
            finally:
                self._end()

    def _start(self) -> _Worker:
        here, there = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(self._task, there), name="groundwire-worker")
        process.start()
        there.close()  # so that the end of the process is the end of the connection
        return _Worker(process, here)

    def _until_ready(self, worker: _Worker) -> None:
        with suppress(EOFError):
            if problem := worker.told.recv():
                raise GroundwireError(problem)
            worker.ready = True
            return
        worker.process.join()
        if not self._stopping:
            raise GroundwireError(f"A worker ended before it was ready ({_how(worker.process)}).")

    def _look(self) -> None:
        """Replace those that died."""
        from prometheus_client.multiprocess import mark_process_dead

        for place, worker in enumerate(self._workers):
            with suppress(EOFError):
                if not worker.told.closed and worker.told.poll():
                    problem = worker.told.recv()
                    worker.ready = problem is None
                    if problem:
                        log.error("a worker cannot start: %s", problem)
            if self._stopping or worker.process.is_alive():
                continue
            if not worker.again:
                log.error("worker %s ended (%s)", worker.process.pid, _how(worker.process))
                mark_process_dead(worker.process.pid, self._task.folder)  # type: ignore[no-untyped-call]
                worker.told.close()
                worker.again = time.monotonic() + (0.0 if worker.ready else TRY_AGAIN)
            if time.monotonic() >= worker.again:
                self._workers[place] = self._start()

    def _end(self) -> None:
        self._tell(signal.SIGTERM)
        last = time.monotonic() + self._task.config.limits.drain_s + _END_WITHIN
        for worker in self._workers:
            worker.process.join(max(0.0, last - time.monotonic()))
            worker.process.kill()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self._stopping = True
            self._tell(signal.SIGTERM)

        def pass_on(number: int, frame: FrameType | None) -> None:
            self._tell(number)

        handlers = {signal.SIGTERM: stop, signal.SIGINT: stop} | ({_HANGUP: pass_on} if _HANGUP else {})
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _tell(self, number: int) -> None:
        for worker in self._workers:
            if worker.process.is_alive() and worker.process.pid and (worker.ready or number == signal.SIGTERM):
                with suppress(ProcessLookupError):
                    os.kill(worker.process.pid, number)


def _work(task: _Task, told: Connection) -> None:
    """The life of a worker."""
    from groundwire.client import Groundwire
    from groundwire.gateway.reloading import as_it_stands
    from groundwire.gateway.serving import serve_on

    if _HANGUP:
        signal.signal(_HANGUP, signal.SIG_IGN)  # until it watches its configuration
    watch = threading.Thread(target=_end_with_parent, args=(task.folder,), name="groundwire-parent", daemon=True)
    watch.start()
    try:
        gw = Groundwire(as_it_stands(task.config, task.source))
        ready = lambda: told.send(None)  # noqa: E731
        serve_on(task.listener, gw, source=task.source, counts=task.counts, ready=ready)
    except GroundwireError as error:
        told.send(str(error))
        sys.exit(2)
    except KeyboardInterrupt:  # Ctrl-C reaches every process of a terminal
        pass


def _end_with_parent(folder: Path) -> None:
    """A worker whose parent was killed would hold the port for ever, and nobody would clear up."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(folder, ignore_errors=True)
        os.kill(os.getpid(), signal.SIGTERM)


def _how(process: BaseProcess) -> str:
    code = process.exitcode
    return f"signal {-code}" if code is not None and code < 0 else f"code {code}"
