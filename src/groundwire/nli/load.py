"""From the `entailment.model` of a config to a model."""

from __future__ import annotations

from pathlib import Path

from groundwire.errors import ModelError
from groundwire.nli.cache import CachedModel
from groundwire.nli.onnx_model import BuiltinModel, OnnxModel


def load_model(name: str | Path = "builtin", *, threads: int | None = None) -> CachedModel:
    """Return the built-in model, or one that `groundwire nli export` wrote to a folder, behind a cache.

    The weights are read at the first use. `threads` is what one call may use; the default is all cores.

    Raises: ModelError when it is neither.
    """
    if name == "builtin":
        return CachedModel(BuiltinModel(threads=threads))
    folder = Path(name)
    if not (folder / "model.onnx").is_file():
        raise ModelError(
            f'entailment.model: "{name}" has no model.onnx. Expected builtin, or a folder that `groundwire nli export` '
            "wrote."
        )
    return CachedModel(OnnxModel(folder, threads=threads))
