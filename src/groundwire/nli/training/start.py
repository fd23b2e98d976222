"""Where training starts: an encoder's folder, or an int8 ONNX file whose weights are turned back into floats.

What int8 took away does not come back, but training goes on from there: the start that a package ships as ONNX only,
and the built-in model itself, which a user trains further on reviewed data.
"""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwire.nli.weights import read_weights

Array = NDArray[Any]

_NODE = re.compile(r"/bert/(encoder/layer\.\d+/[a-z/]+)/MatMul_quant$")


def start_path(name: str) -> Path:
    """Resolve `package:path` inside an installed package, or a path.

    Raises: FileNotFoundError with the name of what is missing.
    """
    package, _, inside = name.partition(":")
    if inside:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"encoder {name!r}: the package {package!r} is not installed")
        return Path(spec.origin).parent / inside
    if not Path(name).exists():
        raise FileNotFoundError(f"encoder {name!r} is neither package:path nor a file or folder")
    return Path(name)


def tokenizer_path(name: str) -> Path:
    """The tokenizer of what training starts from: beside it, or, for a checkpoint, beside what that started from."""
    path = start_path(name)
    if path.suffix == ".pt":
        return tokenizer_path(json.loads((path.parent / "config.json").read_text("utf-8"))["encoder"])
    return (path if path.is_dir() else path.parent) / "tokenizer.json"


def load_start(name: str) -> tuple[dict[str, Array], Path]:
    """The weights that training starts from, and the path of the tokenizer beside them.

    `name` is what `start_path` resolves: an ONNX file, a folder with `model.safetensors`, a folder that `groundwire
    nli export` wrote, such as `groundwire:nli/builtin`, or the `checkpoint.pt` of a run; these two bring their heads.

    Raises: FileNotFoundError, ValueError.
    """
    path = start_path(name)
    if path.suffix == ".pt":
        return {_bare(key): value for key, value in trained(path).items()}, tokenizer_path(name)
    if path.suffix == ".onnx":
        return dequantised(path), tokenizer_path(name)
    if (path / "model.onnx").is_file() and not (path / "model.safetensors").is_file():
        held, _ = read_weights(path)
        return {_bare(key): value for key, value in held.items()}, tokenizer_path(name)
    from safetensors.numpy import load_file

    held = load_file(path / "model.safetensors")
    weights = {key.removeprefix("bert."): value.astype(np.float32) for key, value in held.items()}
    return {k: v for k, v in weights.items() if k.startswith(("embeddings.", "encoder."))}, tokenizer_path(name)


def trained(checkpoint: Path) -> dict[str, Array]:
    """The weights that a run ends with, float32: the average over its steps, or the weighted mean of several runs.

    A recipe's `keep` names other starts, such as the one it set out from, and the share of each: what a run unlearns
    comes back, and most of what it learned stays (Wortsman et al., arXiv 2109.01903 and 2203.05482).

    Raises: ValueError when the shares come to more than 1.
    """
    import torch

    averaged = torch.load(checkpoint, map_location="cpu", weights_only=True)["average"]
    weights: dict[str, Array] = {key: value.float().numpy() for key, value in averaged.items()}
    run = json.loads((checkpoint.parent / "config.json").read_text("utf-8"))
    shares: dict[str, float] = run.get("schedule", {}).get("keep", {})
    if sum(shares.values()) > 1:
        raise ValueError(f"{checkpoint.parent}: the shares in keep come to {sum(shares.values()):g}, more than 1")
    own = dict(weights)
    for name, share in shares.items():
        start, _ = load_start(name)
        for key, value in own.items():
            held = start.get(_bare(key))
            other = held if held is not None and held.shape == value.shape else value
            weights[key] = weights[key] + np.float32(share) * (other - value)
    return weights


def _bare(key: str) -> str:
    """The name of a weight without that of the encoder that it belongs to."""
    return key.removeprefix("encoder.")


def dequantised(path: Path) -> dict[str, Array]:
    """The weights of a BERT in ONNX, as float32 under the names that `transformers` gives them.

    Reads what the dynamic quantisation of ONNX Runtime writes (`MatMulInteger`, one scale a tensor or a column).

    Raises: ValueError when the file holds no such encoder.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {
        name.removeprefix("bert."): value.astype(np.float32)
        for name, value in held.items()
        if name.startswith("bert.") and value.dtype == np.float32 and name.endswith((".weight", ".bias"))
    }
    for table in ("word", "position", "token_type"):
        name = f"embeddings.{table}_embeddings.weight"
        weights[name] = _floats(held, f"bert.{name}")
    for node in graph.node:
        if match := _NODE.match(node.name):
            stored = node.input[1].removesuffix("_quantized")
            weights[f"{match[1].replace('/', '.')}.weight"] = _floats(held, stored).T
    if not any(name.endswith("attention.self.query.weight") for name in weights):
        raise ValueError(f"{path}: no quantised BERT encoder. Expected what ONNX Runtime's quantize_dynamic writes.")
    return weights


def _floats(held: dict[str, Array], name: str) -> Array:
    stored, scale, zero = (held[f"{name}_{part}"] for part in ("quantized", "scale", "zero_point"))
    return (stored.astype(np.float32) - zero.astype(np.float32)) * scale.astype(np.float32)
