"""From the `entailment.model` of a config to a model."""

from __future__ import annotations

import json
from pathlib import Path

from groundwire.errors import ModelError
from groundwire.nli.classifiers import OnnxClassifier, TransformersModel, graph_in, is_hub_id
from groundwire.nli.entailment import EntailmentModel
from groundwire.nli.onnx_model import BuiltinModel, OnnxModel
from groundwire.nli.queue import QueuedModel

_EXPECTED = (
    "Expected builtin, a folder that `groundwire nli export` wrote, a folder with a sequence classifier as "
    "transformers saves it, or a Hub id such as org/model."
)


def load_model(name: str | Path = "builtin", *, threads: int | None = None) -> QueuedModel:
    """Return a model behind a queue: the built-in one, one in a folder, or one with an id on the Hub.

    A folder is what `groundwire nli export` wrote, or a sequence classifier as transformers saves it; where that one
    has an ONNX file too, ONNX Runtime runs it and torch is not needed. The weights are read at the first use. `threads`
    is how many cores may work at once; the default is all of them.

    Raises: ModelError, one line, when it is none of these, or when a folder's labels or settings cannot be used.
    """
    return QueuedModel(_model(name, threads))


def _model(name: str | Path, threads: int | None) -> EntailmentModel:
    if name == "builtin":
        return BuiltinModel(threads=threads)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        if isinstance(name, str) and is_hub_id(name):
            return TransformersModel(name, threads=threads)
        raise ModelError(f'entailment.model: "{name}" is no folder and no Hub id. {_EXPECTED}')
    if _is_export(folder):
        return OnnxModel(folder, threads=threads)
    if not (folder / "config.json").is_file():
        raise ModelError(f'entailment.model: "{name}" has no config.json. {_EXPECTED}')
    return (OnnxClassifier if graph_in(folder) else TransformersModel)(folder, threads=threads)


def _is_export(folder: Path) -> bool:
    """Whether it is one of ours. Transformers says in every config what kind of model it is."""
    if not (folder / "model.onnx").is_file():
        return False
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return True  # OnnxModel says what is wrong with it
    return not isinstance(config, dict) or not config.keys() & {"model_type", "architectures", "id2label"}
