"""The model that ships: ONNX Runtime and the `tokenizers` library, on the CPU."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from groundwire.errors import DeadlineError, ModelError
from groundwire.nli.entailment import Pair
from groundwire.nli.windows import combine, windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUILTIN = Path(__file__).parent / "builtin"

_DECIDING = ("max_length", "calibration", "thresholds")

_BATCH_TOKENS = 384
"""Tokens of one run, padding included: enough to keep one core busy, few enough to notice a deadline."""


class _Parts(NamedTuple):
    tokenizer: Any
    session: Any
    cls: int
    sep: int


class OnnxModel:
    """An exported model in a folder: `model.onnx`, `tokenizer.json`, `config.json`.

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
        self.threads = threads or _cores()
        self._lock = threading.Lock()
        self._loaded: _Parts | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, version={self.version[:12]!r})"

    def warm(self) -> None:
        """Read the files now. Raises: ModelError when they are missing, damaged or of another version."""
        self._parts()

    def length(self, text: str) -> int:
        tokenizer = self._parts().tokenizer
        return len(tokenizer.encode(_whole(text), add_special_tokens=False).ids)

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        """Return calibrated probabilities, float32 (len(pairs), 3); see `EntailmentModel.predict`.

        Pairs run in batches of nearly equal length. The batch does not touch the numbers: activations are quantised
        token by token, padding is masked out, and what is left is the rounding of float32 (about 1e-7).
        """
        import numpy as np

        cls, sep = self._parts().cls, self._parts().sep
        rows: list[list[int]] = []
        types: list[list[int]] = []
        owners: list[int] = []
        for index, (premise_part, hypothesis) in self._encoded(pairs):
            rows.append([cls, *premise_part, sep, *hypothesis, sep])
            types.append([0] * (len(premise_part) + 2) + [1] * (len(hypothesis) + 1))
            owners.append(index)
        logits = np.empty((len(rows), 3), np.float32)
        for batch in _batches([len(row) for row in rows]):
            if deadline is not None and time.monotonic() >= deadline:
                raise DeadlineError(f"{self.name} had no time left for {len(pairs)} pairs")
            logits[batch] = self._run([rows[i] for i in batch], [types[i] for i in batch])
        probabilities = self._calibrated(logits)
        result = np.empty((len(pairs), 3), np.float32)
        start = 0
        for index in range(len(pairs)):
            stop = start
            while stop < len(owners) and owners[stop] == index:
                stop += 1
            result[index] = combine(probabilities[start:stop])
            start = stop
        return result

    def _encoded(self, pairs: Sequence[Pair]) -> Iterator[tuple[int, tuple[Sequence[int], Sequence[int]]]]:
        """Yield (index of the pair, (tokens of a part of the premise, tokens of the hypothesis)), in order."""
        tokenizer = self._parts().tokenizer
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        encodings = tokenizer.encode_batch([_whole(text) for text in texts], add_special_tokens=False)
        ids = {text: encoding.ids for text, encoding in zip(texts, encodings, strict=True)}
        for index, (premise, hypothesis) in enumerate(pairs):
            claim = ids[hypothesis]
            if len(claim) > self.max_length // 2:
                raise ModelError(
                    f"a hypothesis takes {len(claim)} tokens; {self.name} reads at most {self.max_length // 2}"
                )
            for part in windows(ids[premise], self.max_length - 3 - len(claim)):
                yield index, (part, claim)

    def _run(self, rows: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        import numpy as np

        width = max(len(row) for row in rows)
        ids = np.zeros((len(rows), width), np.int64)
        mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
        for i, (row, kind) in enumerate(zip(rows, types, strict=True)):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
            kinds[i, : len(row)] = kind
        session = self._parts().session
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
        logits: NDArray[np.float32] = session.run(["logits"], feed)[0]
        return logits

    def _calibrated(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        scaled = logits.astype(np.float64) / self.calibration["temperature"] + np.asarray(self.calibration["bias"])
        scaled -= scaled.max(1, keepdims=True)
        odds = np.exp(scaled)
        odds /= odds.sum(1, keepdims=True)
        return np.asarray(odds, np.float32)

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
            vocabulary = (self._folder / "tokenizer.json").read_bytes()
        except OSError as error:
            raise ModelError(f"{self._folder}: {error.strerror or error}: {error.filename}") from error
        if content_hash(self._config, model, vocabulary) != self.version:
            raise ModelError(f"{self._folder}: the files are not the ones whose sha256 config.json names")
        options = onnxruntime.SessionOptions()
        # One thread a batch, and as many batches at once as there are callers: the parts of one small batch would wait
        # for each other at every layer.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_str(vocabulary.decode("utf-8"))
        except Exception as error:  # both libraries raise types of their own, without a common base
            raise ModelError(f"{self._folder}: {error}") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        if cls is None or sep is None:
            raise ModelError(f"{self._folder}: tokenizer.json has no [CLS] and [SEP]")
        return _Parts(tokenizer, session, cls, sep)


class BuiltinModel(OnnxModel):
    """The model inside the package. What it is good and bad at: `builtin/MODEL_CARD.md`."""

    def __init__(self, *, threads: int | None = None) -> None:
        super().__init__(BUILTIN, threads=threads)


def _whole(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def content_hash(config: Mapping[str, Any], model: bytes, vocabulary: bytes) -> str:
    """SHA-256, in hex, of all that decides a model's numbers and labels: what config.json sets, and both files."""
    settings = json.dumps({key: config[key] for key in _DECIDING}, sort_keys=True)
    digest = hashlib.sha256(settings.encode("utf-8"))
    digest.update(model)
    digest.update(vocabulary)
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


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indices of items of nearly equal length, longest first, within `_BATCH_TOKENS` a batch."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS or Windows
        return os.cpu_count() or 1
