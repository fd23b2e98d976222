"""Pairs that were scored before are not scored again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from groundwire.nli.entailment import EntailmentModel, Pair, checked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CachedModel:
    """An entailment model behind a bounded cache, which also scores a pair once that a call holds twice.

    Keys are hashes of the pair's text, so the cache holds no text of a user. The pairs used longest ago go first.
    Rows that are not probabilities are not kept.
    """

    def __init__(self, model: EntailmentModel, *, size: int = 20_000) -> None:
        self._model = model
        self.thresholds: Mapping[str, float] = getattr(model, "thresholds", None) or {}
        self._size = size
        self._rows: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def version(self) -> str:
        return self._model.version

    @property
    def max_length(self) -> int:
        return self._model.max_length

    def __len__(self) -> int:
        return len(self._rows)

    def warm(self) -> None:
        """Let the model read its files now, where it can."""
        if warm := getattr(self._model, "warm", None):
            warm()

    def length(self, text: str) -> int:
        return self._model.length(text)

    def predict(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """See `EntailmentModel.predict`."""
        import numpy as np

        keys = [_key(pair) for pair in pairs]
        known: dict[bytes, NDArray[np.float32]] = {}
        with self._lock:
            for key in keys:
                if key in self._rows:
                    self._rows.move_to_end(key)
                    known[key] = self._rows[key]
        missing = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in known}
        if missing:
            rows = checked(self._model.predict(list(missing.values())), len(missing))
            known.update(zip(missing, rows, strict=True))
            with self._lock:
                for key, row in zip(missing, rows, strict=True):
                    if not np.isnan(row).any():
                        self._rows[key] = row
                while len(self._rows) > self._size:
                    self._rows.popitem(last=False)
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, 3), np.float32)


def _key(pair: Pair) -> bytes:
    premise, hypothesis = (text.encode("utf-8", "surrogatepass") for text in pair)
    # The length in front keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.blake2b(b"%d:" % len(premise) + premise + hypothesis, digest_size=16).digest()
