"""Work that may hang, with an end to the waiting for it.

A check calls judges, rules and stores that may be anybody's. One that never returns must not keep an answer, a core
or the end of the process: it is left behind on a thread of its own, counted, and not waited for.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from groundwire.errors import OverloadError

T = TypeVar("T")

# Left behind at once. What makes that many hang will make the next hang too, and each keeps its memory.
MOST_STUCK = 64

# How often one more is tried all the same: what hung may work again, and what was left behind may never return.
TRY_AGAIN = 30.0  # seconds


class Overdue(Exception):
    """The work has not returned in time, and is not waited for any longer."""


class _Worker:
    """A thread that does one piece of work after the other. A daemon: what hangs in it does not hold up the end."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        threading.Thread(target=self._run, name="groundwire-check", daemon=True).start()

    def do(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def _run(self) -> None:
        while True:
            self._jobs.get()()
            _idle.append(self)


_idle: deque[_Worker] = deque()
_stuck: set[int] = set()
_lock = threading.Lock()


class _Limit:
    """How many of those left behind count, and when one more was last tried. Guarded by the lock."""

    forgiven = 0
    tried = float("-inf")


def stuck() -> int:
    """How many pieces of work were left behind and have not returned."""
    return len(_stuck)


def within(seconds: float, work: Callable[..., T], *arguments: Any) -> T:
    """Do the work and return what it returns.

    Raises: Overdue after `seconds`; OverloadError at once where too much was left behind; what the work raises. Where
    too much was, one piece of work every 30 s is begun nevertheless, and each that returns makes room for another.
    """
    trial = _admitted()
    done = threading.Event()
    returned: list[T] = []
    raised: list[BaseException] = []

    def job() -> None:
        try:
            returned.append(work(*arguments))
        except BaseException as error:  # noqa: BLE001 - raised again below, where it is waited for
            raised.append(error)
        finally:
            with _lock:
                done.set()
                _stuck.discard(id(done))

    try:
        worker = _idle.pop()
    except IndexError:
        worker = _Worker()
    worker.do(job)
    if not done.wait(min(seconds, threading.TIMEOUT_MAX)):
        with _lock:
            if not done.is_set():
                _stuck.add(id(done))
                raise Overdue
    if trial:
        with _lock:
            _Limit.forgiven += 1
    if raised:
        raise raised[0]
    return returned[0]


def _admitted() -> bool:
    """Whether this is a trial. Raises: OverloadError where too much was left behind, and a trial was made of late."""
    with _lock:
        _Limit.forgiven = min(_Limit.forgiven, len(_stuck))
        if len(_stuck) - _Limit.forgiven < MOST_STUCK:
            return False
        if time.monotonic() - _Limit.tried < TRY_AGAIN:
            raise OverloadError(f"{len(_stuck)} checks hang.", retry_after=10)
        _Limit.tried = time.monotonic()
        return True
