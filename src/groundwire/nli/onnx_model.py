"""The model that ships: ONNX Runtime and the `tokenizers` library, on the CPU."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from groundwire.errors import DeadlineError, ModelError
from groundwire.nli.combiner import Combiner
from groundwire.nli.doubt import Stretch, stretches
from groundwire.nli.entailment import ENTAILMENT, Pair, softmax
from groundwire.nli.rows import PairReader, Row, batches, merged, padded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUILTIN = Path(__file__).parent / "builtin"

_DECIDING = ("max_length", "calibration", "thresholds")
_OPTIONAL = ("early", "combiner", "doubts")

_BATCH_TOKENS = 384
"""Tokens of one run, padding included: enough to keep one core busy, few enough to notice a deadline."""


class _Parts(NamedTuple):
    reader: PairReader
    session: Any
    rest: Any


class OnnxModel:
    """An exported model in a folder: `model.onnx`, `tokenizer.json`, `config.json`, and `rest.onnx` where it has one.

    Then `model.onnx` is the first layers with a head of their own. Pairs that this head is sure of end there; the
    states of the others go on through `rest.onnx`, and what the last layer says counts.

    The files are read at the first use, not at construction. A call computes in the thread that makes it, on one
    core; any number of threads may call `predict` at once. `threads` is how many of them are worth it, which
    `QueuedModel` goes by; the default is the cores that this process may run on.
    """

    def __init__(self, folder: Path | str = BUILTIN, *, threads: int | None = None) -> None:
        self._folder = Path(folder)
        self._config = config = _read_config(self._folder)
        self.name = str(config["name"])
        self.version = str(config["sha256"])
        self.max_length = int(config["max_length"])
        self.thresholds: Mapping[str, float] = config["thresholds"]
        self.calibration: Mapping[str, Any] = config["calibration"]
        self.early: Mapping[str, Any] | None = config.get("early")
        self.combiner = Combiner(config["combiner"]) if "combiner" in config else None
        self.doubts = bool(config.get("doubts"))
        self.threads = threads or available_cores()
        self._lock = threading.Lock()
        self._loaded: _Parts | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, version={self.version[:12]!r})"

    def warm(self) -> None:
        """Read the files now. Raises: ModelError when they are missing, damaged or of another version."""
        self._parts()

    def length(self, text: str) -> int:
        return self._parts().reader.length(text)

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        """Return calibrated probabilities, float32 (len(pairs), 3); see `EntailmentModel.predict`.

        Pairs run in batches of nearly equal length. The batch does not touch the numbers: activations are quantised
        token by token, padding is masked out, and what is left is the rounding of float32 (about 1e-7).
        """
        import numpy as np

        rows, counts = self._parts().reader.rows(pairs)
        probabilities = np.empty((len(rows), 3), np.float32)
        for group in batches([len(row.ids) for row in rows], _BATCH_TOKENS):
            if deadline is not None and time.monotonic() >= deadline:
                raise DeadlineError(f"{self.name} had no time left for {len(pairs)} pairs")
            probabilities[group] = self._run([rows[i] for i in group])
        return merged(probabilities, counts)

    def doubted(self, pairs: Sequence[Pair]) -> list[list[Stretch]]:
        """The words of each hypothesis that its premise does not say; none where the model was not trained to tell.

        Of a premise that is read in parts, what any part says is said.
        """
        if not self.doubts:
            return [[] for _ in pairs]
        reader = self._parts().reader
        rows, counts = reader.rows(pairs)
        doubts: list[list[float]] = [[] for _ in rows]
        for group in batches([len(row.ids) for row in rows], _BATCH_TOKENS):
            for index, found in zip(group, self._doubts([rows[i] for i in group]), strict=True):
                doubts[index] = [float(doubt) for doubt in found[: len(rows[index].ids)]]
        told, start = [], 0
        for (_, hypothesis), count in zip(pairs, counts, strict=True):
            offsets = reader.offsets(hypothesis)
            # The hypothesis stands last, before one special token.
            windows = [doubts[index][-1 - len(offsets) : -1] for index in range(start, start + count)]
            told.append(stretches(hypothesis, offsets, map(min, zip(*windows, strict=True))))
            start += count
        return told

    def _doubts(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """How much each token of the rows is doubted, 0 to 1: (len(rows), length)."""
        parts, batch = self._parts(), padded(rows)
        feed = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
        if parts.rest is None:
            return cast("NDArray[np.float32]", parts.session.run(["doubts"], feed)[0])
        states = parts.session.run(["states"], feed)[0]
        feed = {"states": states, "attention_mask": batch.mask, "token_type_ids": batch.types}
        return cast("NDArray[np.float32]", parts.rest.run(["doubts"], feed)[0])

    def _run(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Probabilities (len(rows), 3)."""
        parts, batch = self._parts(), padded(rows)
        feed = {"input_ids": batch.ids, "attention_mask": batch.mask, "token_type_ids": batch.types}
        if parts.rest is None or self.early is None:
            return _calibrated(parts.session.run(["logits"], feed)[0], self.calibration)
        logits, states = parts.session.run(["logits", "states"], feed)
        found = _calibrated(logits, self.early["calibration"])
        low, high = self.early["sure"]
        open_rows = (found[:, ENTAILMENT] > low) & (found[:, ENTAILMENT] < high)
        if open_rows.any():
            feed = {
                "states": states[open_rows],
                "attention_mask": batch.mask[open_rows],
                "token_type_ids": batch.types[open_rows],
            }
            found[open_rows] = _calibrated(parts.rest.run(["logits"], feed)[0], self.calibration)
        return found

    def _parts(self) -> _Parts:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = self._load()
        return self._loaded

    def _load(self) -> _Parts:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            model = (self._folder / "model.onnx").read_bytes()
            rest = (self._folder / "rest.onnx").read_bytes() if self.early else None
            vocabulary = (self._folder / "tokenizer.json").read_bytes()
        except OSError as error:
            raise ModelError(f"{self._folder}: {error.strerror or error}: {error.filename}") from error
        if content_hash(self._config, model, rest or b"", vocabulary) != self.version:
            raise ModelError(f"{self._folder}: the files are not the ones whose sha256 config.json names")
        options = onnxruntime.SessionOptions()
        # One thread a batch, and as many batches at once as there are callers: the parts of one small batch would wait
        # for each other at every layer.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            start = partial(onnxruntime.InferenceSession, sess_options=options, providers=["CPUExecutionProvider"])
            session, after = start(model), start(rest) if rest else None
            tokenizer = Tokenizer.from_str(vocabulary.decode("utf-8"))
        except Exception as error:  # both libraries raise types of their own, without a common base
            raise ModelError(f"{self._folder}: {error}") from error
        reader = PairReader(tokenizer, self.max_length, self.name)
        return _Parts(reader, session, after)


def _calibrated(logits: NDArray[np.float32], calibration: Mapping[str, Any]) -> NDArray[np.float32]:
    """Probabilities (n, 3) from logits (n, 3), by a temperature and a bias for each label."""
    import numpy as np

    scaled = logits.astype(np.float64) / calibration["temperature"] + np.asarray(calibration["bias"])
    return softmax(scaled).astype(np.float32)


class BuiltinModel(OnnxModel):
    """The model inside the package. What it is good and bad at: `builtin/MODEL_CARD.md`."""

    def __init__(self, *, threads: int | None = None) -> None:
        super().__init__(BUILTIN, threads=threads)


def content_hash(config: Mapping[str, Any], *files: bytes) -> str:
    """SHA-256, in hex, of all that decides a model's numbers and labels: what config.json sets, and the files."""
    settings = json.dumps({key: config[key] for key in (*_DECIDING, *_OPTIONAL) if key in config}, sort_keys=True)
    digest = hashlib.sha256(settings.encode("utf-8"))
    for file in files:
        digest.update(file)
    return digest.hexdigest()


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_text("utf-8"))
        missing = {"name", "sha256", *_DECIDING} - config.keys()
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"{path}: not an exported model's config: {error}") from error
    if missing:
        raise ModelError(f"{path}: no {', '.join(sorted(missing))}. Expected what `groundwire nli export` writes.")
    return config


def available_cores() -> int:
    """The cores that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS or Windows
        return os.cpu_count() or 1
