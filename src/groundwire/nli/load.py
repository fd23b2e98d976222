"""From the `entailment.model` of a config to a model."""

from __future__ import annotations

from pathlib import Path

from groundwire.errors import ModelError
from groundwire.nli.onnx_model import BuiltinModel, OnnxModel
from groundwire.nli.queue import QueuedModel


def load_model(name: str | Path = "builtin", *, threads: int | None = None) -> QueuedModel:
    """Return the built-in model, or one that `groundwire nli export` wrote to a folder, behind a queue.

    The weights are read at the first use. `threads` is how many cores may work at once; the default is all of them.

    Raises: ModelError when it is neither.
    """
    if name == "builtin":
        return QueuedModel(BuiltinModel(threads=threads))
    folder = Path(name)
    if not (folder / "model.onnx").is_file():
        raise ModelError(
            f'entailment.model: "{name}" has no model.onnx. Expected builtin, or a folder that `groundwire nli export` '
            "wrote."
        )
    return QueuedModel(OnnxModel(folder, threads=threads))
