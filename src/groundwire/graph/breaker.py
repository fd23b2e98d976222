"""A circuit breaker: what keeps failing is left alone for a while, and then tried once."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row; `rest` seconds later one caller may try, and its outcome decides.

    Safe to share between threads.
    """

    def __init__(self, *, failures: int = 3, rest: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until: float | None = None

    def wait(self) -> float:
        """Seconds until the next try is allowed; 0: the caller may try, and says how it went."""
        with self._lock:
            if self._until is None:
                return 0.0
            left = self._until - self._clock()
            if left > 0:
                return left
            self._until = self._clock() + self._rest  # others wait for this trial
            return 0.0

    def worked(self) -> None:
        with self._lock:
            self._failed, self._until = 0, None

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._until = self._clock() + self._rest
