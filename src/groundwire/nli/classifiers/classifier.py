"""What transformers and ONNX Runtime have in common when they run a sequence classifier."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from groundwire.errors import DeadlineError, ModelError
from groundwire.nli.classifiers.checkpoint import Checkpoint, fingerprint, one_line, stamps
from groundwire.nli.entailment import Pair
from groundwire.nli.rows import Batch, PairReader, Row, batches, merged, padded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Engine(NamedTuple):
    """A loaded model. `tokens` is how many one batch takes; `noise` what rounding may do to a logit, by its size."""

    reader: PairReader
    run: Callable[[Batch], NDArray[np.float32]]
    pad: int
    tokens: int
    noise: float


class Classifier(ABC):
    """An entailment model from a folder as transformers writes it, whichever library runs it.

    What decides the numbers is hashed when `version` is first asked for, and loaded at the first use. Any number of
    threads may call `predict` at once.
    """

    runtime: ClassVar[str]

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.RLock()
        self._hashed: tuple[str, list[tuple[int, int]]] | None = None
        self._engine: Engine | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    @property
    @abstractmethod
    def checkpoint(self) -> Checkpoint:
        """The folder. Raises: ModelError when it cannot be had."""

    @abstractmethod
    def files(self) -> list[Path]:
        """All that decides the numbers."""

    @abstractmethod
    def load(self) -> Engine:
        """Load tokenizer and weights. Any exception it raises becomes a ModelError."""

    @property
    def version(self) -> str:
        """SHA-256, in hex, of all files that decide the numbers. Raises: ModelError."""
        with self._lock:
            if self._hashed is None:
                self._hashed = fingerprint(self.files(), self.runtime)
            return self._hashed[0]

    @property
    def max_length(self) -> int:
        return self.checkpoint.max_length

    def warm(self) -> None:
        """Load everything now. Raises: ModelError."""
        self._loaded()

    def length(self, text: str) -> int:
        return self._loaded().reader.length(text)

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        """Return probabilities, float32 (len(pairs), 3); see `EntailmentModel.predict`.

        Pairs run in batches of nearly equal length with padding masked out, or one by one where that changes a model's
        numbers.
        """
        import numpy as np

        engine = self._loaded()
        rows, counts = engine.reader.rows(pairs)
        table = np.empty((len(rows), 3), np.float32)
        for group in batches([len(row.ids) for row in rows], engine.tokens):
            if deadline is not None and time.monotonic() >= deadline:
                raise DeadlineError(f"{self.name} had no time left for {len(pairs)} pairs")
            logits = self._logits(engine, [rows[i] for i in group])
            table[group] = self.checkpoint.labels.probabilities(logits)
        return merged(table, counts)

    def _logits(self, engine: Engine, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Float32 (len(rows), labels)."""
        try:
            logits = engine.run(padded(rows, engine.pad))
        except Exception as error:  # torch and ONNX Runtime raise types of their own, without a common base
            raise ModelError(f"{self.name}: {one_line(error)}") from error
        expected = (len(rows), self.checkpoint.labels.size)
        if logits.shape != expected:
            raise ModelError(f"{self.name}: the model gave shape {logits.shape}, expected {expected}")
        return logits

    def _loaded(self) -> Engine:
        if self._engine is None:
            with self._lock:
                if self._engine is None:
                    self._engine = self._start()
        return self._engine

    def _start(self) -> Engine:
        self.version  # noqa: B018 - hashes the files, before they are read
        try:
            engine = self.load()
            changed = self._hashed is None or stamps(self.files()) != self._hashed[1]
        except ModelError:
            raise
        except Exception as error:  # transformers, safetensors and ONNX Runtime have no common base either
            raise ModelError(f"{self.name}: {one_line(error)}") from error
        if changed:
            raise ModelError(f"{self.name}: its files changed after they were hashed. Start again.")
        return engine if self._pads_well(engine) else engine._replace(tokens=0)

    def _pads_well(self, engine: Engine) -> bool:
        """Whether a row keeps its numbers beside a longer one. A model that looks at the last token does not."""
        import numpy as np

        text = "The shop opens at nine on Monday."
        rows, _ = engine.reader.rows([(text, "So."), (f"{text} " * 4, "So.")])
        alone = self._logits(engine, rows[:1])
        try:
            beside = self._logits(engine, [rows[1], rows[0]])[1:]
        except ModelError:  # a model without a padding token, or a graph of one row
            return False
        return bool(np.allclose(alone, beside, rtol=engine.noise, atol=engine.noise))
