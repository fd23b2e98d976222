"""A sequence classifier that was exported to ONNX beside its transformers settings: ONNX Runtime, without torch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundwire.errors import ModelError
from groundwire.nli.classifiers.checkpoint import Checkpoint, graph_in
from groundwire.nli.classifiers.classifier import Classifier, Engine
from groundwire.nli.onnx_model import available_cores
from groundwire.nli.rows import Batch, PairReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TOKENS = 1024
"""Tokens of one run, padding included."""

_KNOWN = ("input_ids", "attention_mask", "token_type_ids")


class OnnxClassifier(Classifier):
    """`model.onnx` or `onnx/model.onnx` in a folder with `config.json` and `tokenizer.json`; on the CPU.

    `threads` is what one call may use; the default is the cores that this process may run on.

    Raises: ModelError, one line, when the settings are not those of a classifier whose labels we know.
    """

    runtime = "onnxruntime"

    def __init__(self, folder: Path | str, *, threads: int | None = None) -> None:
        place = Path(folder).expanduser()
        super().__init__(place.resolve().name)
        self._checkpoint = Checkpoint.read(place, str(folder))
        self._threads = threads or available_cores()
        self.files()

    @property
    def checkpoint(self) -> Checkpoint:
        return self._checkpoint

    def files(self) -> list[Path]:
        folder, graph = self._checkpoint.folder, graph_in(self._checkpoint.folder)
        if graph is None or not (folder / "tokenizer.json").is_file():
            raise ModelError(f"{folder}: no {'tokenizer.json' if graph else 'model.onnx'}")
        # Large weights stand beside the graph, as model.onnx_data or model.onnx.data.
        return [*self._checkpoint.settings(), folder / "tokenizer.json", *sorted(graph.parent.glob("model.onnx*"))]

    def load(self) -> Engine:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        graph = graph_in(self._checkpoint.folder)
        session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        inputs = {one.name: "int32" if "int32" in one.type else "int64" for one in session.get_inputs()}
        if strange := sorted(inputs.keys() - set(_KNOWN)):
            raise ModelError(f"{self.name}: the graph wants {', '.join(strange)}. Expected {', '.join(_KNOWN)}.")
        outputs = [one.name for one in session.get_outputs()]
        output = "logits" if "logits" in outputs else outputs[0]

        def run(batch: Batch) -> NDArray[np.float32]:
            types = batch.types if self._checkpoint.reads_types else batch.types * 0
            feed = dict(zip(_KNOWN, (batch.ids, batch.mask, types), strict=True))
            found = session.run([output], {name: feed[name].astype(kind) for name, kind in inputs.items()})
            logits: NDArray[np.float32] = found[0].astype("float32")
            return logits

        tokenizer = Tokenizer.from_file(str(self._checkpoint.folder / "tokenizer.json"))
        tokenizer.encode_special_tokens = True  # so that a text cannot spell out the end of a passage
        return Engine(
            reader=PairReader(tokenizer, self.max_length, self.name),
            run=run,
            pad=self._pad(tokenizer),
            tokens=_TOKENS,
            noise=1e-3,
        )

    def _pad(self, tokenizer: Any) -> int:
        """The padding token of the model, or else of its tokenizer: some models count positions by it."""
        known = self._checkpoint.config.get("pad_token_id")
        token = self._checkpoint.tokenizer.get("pad_token")
        if known is None and isinstance(token, str):
            known = tokenizer.token_to_id(token)
        return int(known or 0)
