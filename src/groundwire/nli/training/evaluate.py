"""Measure a model on labelled pairs. What Groundwire as a whole makes of answers, `groundwire bench` says."""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwire.nli.entailment import EntailmentModel
from groundwire.nli.training.corpora import ENTAILMENT, UNSUPPORTED, fit, read_pairs

Row = dict[str, Any]
Floats = NDArray[np.float64]


def evaluate(model: EntailmentModel, data_dir: Path, *, limit: int = 1000, seed: int = 0) -> list[Row]:
    """Measure on every `pairs.*` file of a folder, at most so many rows of each, and on their mean.

    A row of the table has `set`, `n`, `accuracy` (3-way; 2-way where the set has two labels) and `calibration_error`
    of entailment.
    """
    table = [measure_pairs(model, path, limit, seed) for path in pair_files(data_dir)]
    if table:
        keys = ("accuracy", "calibration_error")
        means = {key: round(float(np.mean([row[key] for row in table])), 4) for key in keys}
        table.append({"set": "mean", "n": sum(row["n"] for row in table), **means})
    return table


def measure_pairs(model: EntailmentModel, path: Path, limit: int, seed: int) -> Row:
    """Accuracy and calibration on one file of pairs."""
    pairs = read_pairs(path)
    random.Random(seed).shuffle(pairs)
    pairs = pairs[:limit]
    labels = np.array([p.label for p in pairs])
    rows = model.predict([(p.premise, p.hypothesis) for p in pairs]).astype(np.float64)
    entailed = rows[:, ENTAILMENT]
    right = hits(rows, labels)
    return {
        "set": path.name.removesuffix(".jsonl.gz"),
        "n": len(pairs),
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(calibration_error(entailed, labels == ENTAILMENT), 4),
    }


def read_answers(path: Path, seed: int) -> list[Row]:
    """Read an `answers.*` file, in random order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(seed).shuffle(rows)
    return rows


def calibration_error(probabilities: Floats, outcomes: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: the mean gap, over equal bins, between what is said and what is so."""
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(probabilities[index == b].mean() - outcomes[index == b].mean()) * (index == b).mean()
        for b in range(bins)
        if (index == b).any()
    ]
    return float(sum(gaps))


def as_text(table: Sequence[Row]) -> str:
    """A Markdown table of rows with the same keys."""
    keys = list(table[0])
    lines = ["| " + " | ".join(keys) + " |", "|" + "---|" * len(keys)]
    return "\n".join(lines + ["| " + " | ".join(str(row.get(key, "")) for key in keys) + " |" for row in table])


def quick_look(model: Any, tokenizer: Any, dev_dir: Path, rows: int = 60) -> Row:
    """Accuracy of a network in training on the same few rows of every `pairs.*` file: a glance, not a figure."""
    import torch

    from groundwire.nli.training.loop import Batcher

    device = next(model.parameters()).device
    batcher = Batcher(tokenizer, 4096, 64, 224)
    result: Row = {}
    for path in pair_files(dev_dir):
        pairs = read_pairs(path)
        random.Random(0).shuffle(pairs)
        right: list[bool] = []
        for batch in batcher.batches([fit(pair, 120) for pair in pairs[:rows]], random.Random(0)):
            inputs = {key: value.to(device) for key, value in batch["inputs"].items()}
            with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                scores = model(**inputs)[0].float().softmax(-1).cpu().numpy()
            right += hits(scores, batch["labels"].numpy()).tolist()
        result[path.name.split(".")[1]] = round(float(np.mean(right)), 3)
    return result


def hits(rows: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are right: 3-way, or entailed or not where a set draws only that line."""
    if (labels == UNSUPPORTED).any():
        return np.asarray((rows[:, ENTAILMENT] >= 0.5) == (labels == ENTAILMENT))
    return np.asarray(rows.argmax(1) == labels)


def pair_files(folder: Path) -> list[Path]:
    """The `pairs.*` files of a folder, in order."""
    return sorted(folder.glob("pairs.*.jsonl.gz"))


def answer_files(folder: Path) -> list[Path]:
    """The `answers.*` files of a folder, in order."""
    return sorted(folder.glob("answers.*.jsonl.gz"))
