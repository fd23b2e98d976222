"""What was fetched from elsewhere, kept for a while, and fetched many at a time."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Up to `most` values, each for `seconds`; the one that was longest not asked for goes first.

    `fetch` gets up to `at_once` keys and returns what it found; the others have `nothing`, which is kept as well.
    Safe to share between threads.
    """

    def __init__(
        self,
        fetch: Callable[[list[K]], Mapping[K, V]],
        nothing: V,
        *,
        most: int = 20_000,
        at_once: int = 50,
        seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch, self._nothing, self._clock = fetch, nothing, clock
        self._most, self._at_once, self._seconds = most, at_once, seconds
        self._values: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K, beside: Iterable[K] = ()) -> V:
        """The value of a key. Where it must be fetched, those of `beside` are fetched in the same go.

        Raises: what `fetch` raises; then nothing is kept.
        """
        return self.all([key], beside)[key]

    def all(self, keys: Iterable[K], beside: Iterable[K] = ()) -> dict[K, V]:
        """The values of several keys, in as few goes as it takes."""
        found, missing = self._held(dict.fromkeys(keys))
        if missing:
            _, also = self._held(dict.fromkeys(beside))
            missing = list(dict.fromkeys([*missing, *also[: max(0, self._at_once - len(missing))]]))
        for at in range(0, len(missing), self._at_once):
            some = missing[at : at + self._at_once]
            fetched = self._fetch(some)
            new = {key: fetched.get(key, self._nothing) for key in some}
            self._keep(new)
            found |= new
        return found

    def _held(self, keys: Iterable[K]) -> tuple[dict[K, V], list[K]]:
        found, missing, now = {}, [], self._clock()
        with self._lock:
            for key in keys:
                at, value = self._values.get(key, (None, self._nothing))
                if at is None or now - at > self._seconds:
                    missing.append(key)
                else:
                    self._values.move_to_end(key)
                    found[key] = value
        return found, missing

    def _keep(self, new: Mapping[K, V]) -> None:
        now = self._clock()
        with self._lock:
            for key, value in new.items():
                self._values[key] = (now, value)
                self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
