"""The weights inside an exported model, as floats again: to train on from it, or to run it by other means."""

# onnx is an extra: types are checked with and without it.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundwire.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

STACKED = "query_key_value"
"""The three projections of an attention layer are stored as one, with the softmax's scale in the query."""


def read_weights(folder: Path) -> tuple[dict[str, NDArray[Any]], int]:
    """Float32 arrays under the names of the network's own parameters, and the number of attention heads.

    `folder` is what `groundwire nli export` wrote. int8 took away what it took away: these are the numbers that the
    model computes with. Needs the package onnx.

    Raises: ModelError when the folder holds no such model.
    """
    import onnx
    from onnx import numpy_helper

    weights: dict[str, NDArray[Any]] = {}
    heads = 0
    for path in (folder / "model.onnx", folder / "rest.onnx"):
        if not path.is_file():
            continue
        model = onnx.load(str(path))
        heads = int({entry.key: entry.value for entry in model.metadata_props}.get("heads", 0)) or heads
        held = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        names = [name for name in held if "." in name and not name.endswith("_scale")]
        weights |= {name: _floats(held[name], held.get(f"{name}_scale")) for name in names}
    if not weights or not heads:
        raise ModelError(f"{folder}: no weights by name. Expected what `groundwire nli export` writes.")
    for name in [name for name in weights if f".{STACKED}." in name]:
        for part, value in zip(("query", "key", "value"), _apart(weights.pop(name), heads), strict=True):
            weights[name.replace(STACKED, part)] = value
    return weights, heads


def _floats(stored: NDArray[Any], scale: NDArray[Any] | None) -> NDArray[Any]:
    """A product's weights are stored (inputs, outputs) with one scale an output, a table's (rows, n) with one a row."""
    import numpy as np

    if scale is None:
        return np.array(stored, np.float32)  # a copy: what is read from the file is read-only
    return np.asarray((stored * scale).T if scale.ndim == 1 else stored * scale, np.float32)


def _apart(stacked: NDArray[Any], heads: int) -> tuple[NDArray[Any], ...]:
    width = len(stacked) // 3
    query, key, value = (stacked[at * width : (at + 1) * width].copy() for at in range(3))
    query *= (width / heads) ** 0.5
    return query, key, value
