"""Rows of pairs that were scored before."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

from groundwire.nli.entailment import Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class RowCache:
    """At most `size` rows; the pairs used longest ago go first. Its owner holds a lock around it.

    Keys are hashes of the pair's text, so the cache holds no text of a user. Rows that are not probabilities are not
    kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: bytes) -> NDArray[np.float32] | None:
        """The row (3,), float32, or None where it is not known."""
        if key in self._rows:
            self._rows.move_to_end(key)
        return self._rows.get(key)

    def keep(self, key: bytes, row: NDArray[np.float32]) -> None:
        """Keep a row (3,), unless it has a NaN."""
        if bool((row != row).any()):  # NaN is the only value that differs from itself
            return
        self._rows[key] = row
        while len(self._rows) > self._size:
            self._rows.popitem(last=False)


def key_of(pair: Pair) -> bytes:
    """A hash of the pair's content."""
    premise, hypothesis = (text.encode("utf-8", "surrogatepass") for text in pair)
    # The length in front keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.blake2b(b"%d:" % len(premise) + premise + hypothesis, digest_size=16).digest()
