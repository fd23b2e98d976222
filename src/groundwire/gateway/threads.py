"""Worker threads for checks: as many as there are cores, and a look at how long the next one would wait."""

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from anyio import to_thread
from anyio.lowlevel import RunVar

if TYPE_CHECKING:
    from groundwire.client import Groundwire

T = TypeVar("T")

WAITING = 32  # checks at once where a model takes answers apart

# How much of the last piece of work goes into the mean: about the last twenty count.
_WEIGHT = 0.05


class Cores:
    """Threads of one event loop. More checks at once than there are cores would only make each slower."""

    def __init__(self) -> None:
        self.limiter = anyio.CapacityLimiter(os.cpu_count() or 1)
        self.seconds = 0.0

    @property
    def waiting(self) -> int:
        """Pieces of work that no thread has begun."""
        return self.limiter.statistics().tasks_waiting

    def expected_wait(self) -> float:
        """Seconds until work that came now would begin, from how long work took of late."""
        return self.waiting * self.seconds / self.limiter.total_tokens

    def took(self, seconds: float) -> None:
        self.seconds += _WEIGHT * (seconds - self.seconds)


_cores: RunVar[Cores] = RunVar("groundwire_cores")


def cores() -> Cores:
    """Those of this event loop."""
    try:
        return _cores.get()
    except LookupError:
        _cores.set(found := Cores())
        return found


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Run on a worker thread. A cancelled caller does not wait for it."""
    here = cores()
    began: list[float] = []

    def timed() -> T:
        began.append(time.perf_counter())
        return work(*arguments)

    try:
        return await to_thread.run_sync(timed, abandon_on_cancel=True, limiter=here.limiter)
    finally:
        if began:
            here.took(time.perf_counter() - began[0])


def make_room(gw: "Groundwire") -> None:
    """More checks at once than cores, where they wait for a model most of the time. To be called on the event loop."""
    if gw.config.claims.extractor == "llm":
        cores().limiter.total_tokens = max(WAITING, cores().limiter.total_tokens)
