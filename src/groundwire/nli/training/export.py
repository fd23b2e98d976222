"""From a checkpoint to the files that `nli.OnnxModel` reads."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwire.nli.entailment import COLUMNS
from groundwire.nli.onnx_model import OnnxModel, content_hash
from groundwire.nli.training.corpora import ENTAILMENT, Pair, read_pairs
from groundwire.nli.training.evaluate import pair_files

Floats = NDArray[np.float64]

_PLAIN = {"temperature": 1.0, "bias": [0.0, 0.0, 0.0]}
_HALF = {"supported": 0.5, "contradicted": 0.5}


def export(
    checkpoint: Path,
    out_dir: Path,
    *,
    dev_dir: Path | None = None,
    name: str = "groundwire-minilm",
    max_length: int = 256,
    quantised: bool = True,
) -> Path:
    """Write `model.onnx`, `tokenizer.json` and `config.json` to `out_dir`, and return it.

    The averaged weights of the checkpoint are used. With `dev_dir` the probabilities are calibrated on its pairs.
    """
    import onnx
    import torch

    run = json.loads((checkpoint.parent / "config.json").read_text("utf-8"))
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = {key: value.float().numpy() for key, value in state["average"].items()}
    encoder = _encoder(run["encoder"])
    shape = json.loads((encoder / "config.json").read_text("utf-8"))

    from groundwire.nli.training.graph import build_graph

    graph = build_graph(
        weights, layers=shape["num_hidden_layers"], heads=shape["num_attention_heads"], quantised=quantised
    )
    out_dir.mkdir(parents=True, exist_ok=True)
    onnx.save(graph, str(out_dir / "model.onnx"))
    _write_tokenizer(encoder / "tokenizer.json", out_dir / "tokenizer.json")
    config = {
        "name": name,
        "labels": list(COLUMNS),
        "max_length": max_length,
        "thresholds": _HALF,
        "calibration": _PLAIN,
        "trained_pairs": state["pairs"],
        "trained_steps": state["steps"],
    }
    _write_config(out_dir, config)
    if dev_dir is not None:
        config["calibration"] = calibrate(OnnxModel(out_dir), dev_dir)
        _write_config(out_dir, config)
    return out_dir


def calibrate(model: OnnxModel, dev_dir: Path, *, rows: int = 400, seed: int = 1) -> dict[str, Any]:
    """Fit a temperature and a bias for each label on some rows of every `pairs.*` file, every file counting alike.

    The labels `supported` and `unsupported` count as entailment against the other two. `model` must be uncalibrated.
    """
    logits, labels, weights = [], [], []
    for path in pair_files(dev_dir):
        pairs = read_pairs(path)
        random.Random(seed).shuffle(pairs)
        pairs = pairs[:rows]
        logits.append(_log_probabilities(model, pairs))
        labels.append(np.array([pair.label for pair in pairs]))
        weights.append(np.full(len(pairs), 1 / len(pairs)))
    return fit(np.concatenate(logits), np.concatenate(labels), np.concatenate(weights))


def fit(logits: Floats, labels: NDArray[np.int64], weights: Floats, steps: int = 3000) -> dict[str, Any]:
    """Temperature and biases (3,) that minimise the weighted log-loss of `logits` (n, 3), by gradient descent."""
    weights = weights / weights.sum()
    log_scale, bias = 0.0, np.zeros(3)
    targets = np.zeros((len(labels), 3))
    for _ in range(steps):
        scale = np.exp(log_scale)
        scaled = logits * scale + bias
        odds = np.exp(scaled - scaled.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        targets[:] = 0
        sure = labels <= 2
        targets[sure, labels[sure]] = 1
        rest = odds[~sure, ENTAILMENT + 1 :]
        targets[~sure, ENTAILMENT + 1 :] = rest / rest.sum(1, keepdims=True)
        slope = (odds - targets) * weights[:, None]
        bias -= 1.0 * slope.sum(0)
        log_scale -= 0.5 * float((slope * logits).sum() * scale)
    bias -= bias.mean()
    return {"temperature": round(float(np.exp(-log_scale)), 4), "bias": [round(float(b), 4) for b in bias]}


def _log_probabilities(model: OnnxModel, pairs: Sequence[Pair]) -> Floats:
    rows = model.predict([(pair.premise, pair.hypothesis) for pair in pairs]).astype(np.float64)
    return np.log(np.maximum(rows, 1e-9))


def _encoder(name: str) -> Path:
    from groundwire.nli.training.loop import encoder_path

    return encoder_path(name)


def _write_tokenizer(source: Path, target: Path) -> None:
    """Copy the tokenizer without its own padding and truncation: what is too long must not be cut in silence."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(source))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(target), pretty=False)


def _write_config(folder: Path, config: dict[str, Any]) -> None:
    model, vocabulary = ((folder / name).read_bytes() for name in ("model.onnx", "tokenizer.json"))
    config["sha256"] = content_hash(config, model, vocabulary)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
