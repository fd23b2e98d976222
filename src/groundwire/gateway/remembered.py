"""What a call was asked, until its answer comes: for callers that ask about both in two requests."""

import time
from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

FOR = 900.0  # seconds
MOST = 4096
MOST_CHARACTERS = 64 * 1024 * 1024


class Remembered(Generic[T]):
    """Values by the id of a call, at most so many, so large and for so long. The oldest go first."""

    def __init__(self, *, most: int = MOST, characters: int = MOST_CHARACTERS, seconds: float = FOR) -> None:
        self._most, self._room, self._seconds = most, characters, seconds
        self._kept: OrderedDict[str, tuple[float, int, T]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def keep(self, id: str, value: T, size: int) -> None:
        """`size` is in characters. Without an id nothing is kept: it would be every other such call's too."""
        if not id:
            return
        with self._lock:
            self._drop(id)
            self._kept[id] = (time.monotonic(), size, value)
            self._size += size
            while self._kept and (len(self._kept) > self._most or self._size > self._room):
                self._drop(next(iter(self._kept)))

    def get(self, id: str | None) -> T | None:
        with self._lock:
            found = self._kept.get(id or "")
            if found is None or time.monotonic() - found[0] > self._seconds:
                return None
            return found[2]

    def _drop(self, id: str) -> None:
        if found := self._kept.pop(id, None):
            self._size -= found[1]
