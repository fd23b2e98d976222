"""From a checkpoint to the files that `nli.OnnxModel` reads."""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwire.nli.entailment import COLUMNS, EntailmentModel
from groundwire.nli.onnx_model import OnnxModel, content_hash
from groundwire.nli.queue import QueuedModel
from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, UNSUPPORTED, read_pairs
from groundwire.nli.training.evaluate import answer_files, decisive_rows, pair_files, read_answers
from groundwire.nli.training.network import layer_count

Floats = NDArray[np.float64]

_PLAIN = {"temperature": 1.0, "bias": [0.0, 0.0, 0.0]}
FALSE_POSITIVES = 0.2
"""The share of right answers that the default threshold may flag, on the rows it is chosen on."""

_HALF = {"supported": 0.5, "contradicted": 0.5}


def export(
    checkpoint: Path,
    out_dir: Path,
    *,
    dev_dir: Path | None = None,
    name: str = "groundwire-minilm",
    max_length: int = 384,
    quantised: bool = True,
) -> Path:
    """Write `model.onnx`, `tokenizer.json`, `config.json` and `training.log` to `out_dir`, and return it.

    A network with an early head is cut behind it, and `rest.onnx` holds the layers that follow. The averaged weights of
    the checkpoint are used. With `dev_dir` the probabilities are calibrated on its files.
    """
    import onnx
    import torch

    from groundwire.nli.training.loop import read_round
    from groundwire.nli.training.start import start_path

    run = json.loads((checkpoint.parent / "config.json").read_text("utf-8"))
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = {key: value.float().numpy() for key, value in state["average"].items()}
    out_dir.mkdir(parents=True, exist_ok=True)
    for file, graph in _stretches(weights, run["network"], quantised).items():
        onnx.save(graph, str(out_dir / file))
    start = start_path(run["encoder"])
    _write_tokenizer((start if start.is_dir() else start.parent) / "tokenizer.json", out_dir / "tokenizer.json")
    planned = [read_round(checkpoint.parent, index) for index in range(run["mixture"]["rounds"])]
    config: dict[str, Any] = {
        "name": name,
        "labels": list(COLUMNS),
        "max_length": max_length,
        "thresholds": _HALF,
        "calibration": _PLAIN,
        **({"early": {"calibration": _PLAIN, "sure": [0.0, 1.0]}} if run["network"]["early"] else {}),
        "trained_pairs": state["pairs"],
        "trained_steps": state["steps"],
        "planned_pairs": sum(len(part) for part in planned),
        "made_pairs": sum(pair.source.startswith("made.") for part in planned for pair in part),
    }
    _write_config(out_dir, config)
    _write_log(checkpoint.parent / "training.log", out_dir / "training.log")
    if dev_dir is not None:
        config["calibration"], config["thresholds"] = calibrate(QueuedModel(OnnxModel(out_dir)), dev_dir)
        _write_config(out_dir, config)
    return out_dir


def _stretches(weights: Mapping[str, Any], network: Mapping[str, Any], quantised: bool) -> dict[str, Any]:
    """The files of a network: `model.onnx`, and `rest.onnx` where it has an early head."""
    from groundwire.nli.training.graph import build_graph

    layers, early = layer_count(weights, "encoder."), network["early"]
    make = partial(build_graph, weights, heads=network["heads"], quantised=quantised)
    if not early:
        return {"model.onnx": make(layers=range(layers), head="head")}
    return {
        "model.onnx": make(layers=range(early), head="early", states=True),
        "rest.onnx": make(layers=range(early, layers), head="head"),
    }


def calibrate(
    model: EntailmentModel, dev_dir: Path, *, rows: int = 300, answers: int = 120, seed: int = 0
) -> tuple[dict[str, Any], dict[str, float]]:
    """Fit a temperature and a bias for each label, and choose the thresholds. `model` must be uncalibrated.

    Of every `pairs.*` and `answers.*` file the last rows of the order in which `evaluate` takes the first: figures
    are measured on others, as far as a file has enough. Pairs and answers weigh half each, every file alike, and so do
    right and wrong answers within one. An answer counts by the pair that decides it, labelled supported or not: so 0.5
    is where a claim that is held against many passages is as likely supported as not.
    """
    tables: list[NDArray[Any]] = []
    labels: list[NDArray[np.int64]] = []
    weights: list[Floats] = []
    for path in pair_files(dev_dir):
        pairs = read_pairs(path)
        random.Random(seed).shuffle(pairs)
        pairs = pairs[-rows:]
        tables.append(model.predict([(pair.premise, pair.hypothesis) for pair in pairs]))
        labels.append(np.array([pair.label for pair in pairs]))
        weights.append(np.full(len(pairs), 1 / len(pairs) / len(pair_files(dev_dir))))
    three_way = sum(len(part) for part in labels)
    for path in answer_files(dev_dir):
        answered = read_answers(path, seed)[-answers:]
        tables.append(decisive_rows(model, answered)[0])
        wrong = np.array([row["label"] == 1 for row in answered])
        labels.append(np.where(wrong, UNSUPPORTED, ENTAILMENT))
        alike = np.where(wrong, 0.5 / max(1, wrong.sum()), 0.5 / max(1, (~wrong).sum()))
        weights.append(alike / len(answer_files(dev_dir)))
    logs = np.log(np.maximum(np.concatenate(tables).astype(np.float64), 1e-9))
    known = np.concatenate(labels)
    calibration = fit(logs, known, np.concatenate(weights))
    scaled = logs / calibration["temperature"] + np.asarray(calibration["bias"])
    odds = np.exp(scaled - scaled.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    sure = np.flatnonzero(known[:three_way] != UNSUPPORTED)
    thresholds = {
        "supported": threshold_for_support(odds[three_way:, ENTAILMENT], known[three_way:] == UNSUPPORTED),
        "contradicted": threshold_for_precision(odds[sure, CONTRADICTION], known[sure] == CONTRADICTION, 0.8),
    }
    return calibration, thresholds


def threshold_for_support(
    entailed: Floats, wrong: NDArray[np.bool_], false_positives: float = FALSE_POSITIVES
) -> float:
    """The highest of 0.05, 0.06, … 0.95 below which at most that share of the right answers falls; 0.5 without any."""
    right = entailed[~wrong]
    if not len(right):
        return 0.5
    return max((t / 100 for t in range(5, 96) if (right < t / 100).mean() <= false_positives), default=0.05)


def threshold_for_precision(scores: NDArray[Any], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest of 0.50, 0.55, … 0.95 above which at least `precision` of what is called so is so; 0.95 if none."""
    for step in range(10):
        threshold = 0.5 + step / 20
        called = scores >= threshold
        if called.any() and right[called].mean() >= precision:
            return round(threshold, 2)
    return 0.95


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


def _write_tokenizer(source: Path, target: Path) -> None:
    """Copy the tokenizer without its own padding and truncation: what is too long must not be cut in silence."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(source))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(target), pretty=False)


def _write_log(source: Path, target: Path, most: int = 80) -> None:
    """Keep what happened, and of the steps only so many."""
    lines = source.read_text("utf-8").splitlines()
    steps = [number for number, line in enumerate(lines) if '"event": "step"' in line]
    kept = set(steps[:: max(1, -(-len(steps) // most))]) | (set(range(len(lines))) - set(steps))
    target.write_text("".join(f"{line}\n" for number, line in enumerate(lines) if number in kept), "utf-8")


def _write_config(folder: Path, config: dict[str, Any]) -> None:
    files = ("model.onnx", "rest.onnx", "tokenizer.json")
    config["sha256"] = content_hash(config, *(p.read_bytes() for name in files if (p := folder / name).exists()))
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
