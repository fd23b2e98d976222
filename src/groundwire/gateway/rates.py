"""How often each key has asked: counted in this process, or in a file that the workers of one gateway share.

`limits` has no storage for the processes of one machine that needs no server; this is one, at the place it has for it.
"""

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limits import parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage
from limits.storage.base import SlidingWindowCounterSupport
from limits.strategies import SlidingWindowCounterRateLimiter

from groundwire.gateway.keys import Uncounted

_TABLE = """
CREATE TABLE IF NOT EXISTS rates (
    key TEXT PRIMARY KEY, number INTEGER NOT NULL, before INTEGER NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID
"""

_SLIDING = "this storage counts in sliding windows and in no others"

# How long the setting up of the file may wait for another worker that does the same.
_OPENED_WITHIN = 10.0  # seconds


class Rates:
    """Counts what is asked, in sliding windows. `shared`: the file; without it, this process counts for itself."""

    def __init__(self, shared: Path | None = None) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(SharedStorage(shared) if shared else MemoryStorage())

    def wait(self, rate: str, key: str) -> float | None:
        """Count one: None where the rate lets it, or in how many seconds to come back. Raises: Uncounted, at once."""
        limit = parse(rate)
        try:
            if self._limiter.hit(limit, key):
                return None
            return max(0.0, self._limiter.get_window_stats(limit, key).reset_time - time.time())
        except StorageError as error:
            raise Uncounted(str(error)) from error


class SharedStorage(Storage, SlidingWindowCounterSupport):
    """A storage of `limits` in one SQLite file. Never waits: what is locked raises StorageError at once.

    The system frees the lock of a process that dies, and what that one had not finished counts as not begun. Nothing
    waits for the disk: the file need not outlive the machine's next start.
    """

    STORAGE_SCHEME = None

    def __init__(self, path: Path) -> None:
        super().__init__(wrap_exceptions=True)
        path.parent.mkdir(parents=True, exist_ok=True)  # whoever tidies up may have taken it away
        self._file = sqlite3.connect(path, timeout=_OPENED_WITHIN, isolation_level=None, check_same_thread=False)
        for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", _TABLE, "PRAGMA busy_timeout=0"):
            self._file.execute(line)

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._alone():
            now = time.time()
            before, left, count, _ = self._window(key, expiry, now)
            if math.floor(before * left / expiry + count) + amount > limit:
                return False
            row = (key, int(now // expiry), before, count + amount)
            self._file.execute("INSERT OR REPLACE INTO rates VALUES (?, ?, ?, ?)", row)
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        return self._window(key, expiry, time.time())

    def close(self) -> None:
        self._file.close()

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        self.clear(key)

    def clear(self, key: str) -> None:
        self._file.execute("DELETE FROM rates WHERE key = ?", (key,))

    def reset(self) -> int:
        return self._file.execute("DELETE FROM rates").rowcount

    def check(self) -> bool:
        return self._file.execute("SELECT count(*) FROM rates").fetchone() is not None

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError(_SLIDING)

    def get(self, key: str) -> int:
        raise NotImplementedError(_SLIDING)

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError(_SLIDING)

    def _window(self, key: str, expiry: int, now: float) -> tuple[int, float, int, float]:
        """What was counted in the window before this one and how long that counts on; in this one and how long."""
        number, left = int(now // expiry), expiry - now % expiry
        row = self._file.execute("SELECT number, before, count FROM rates WHERE key = ?", (key,)).fetchone()
        last, before, count = row or (number, 0, 0)
        if last != number:
            before, count = (count if last == number - 1 else 0), 0
        return before, left if before else 0.0, count, left + expiry

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While nobody else writes. The clock is read inside, so that windows never come in the wrong order."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")
