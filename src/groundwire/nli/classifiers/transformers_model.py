"""Any sequence classifier that transformers can load, from a folder or the Hub: needs the extra `groundwire[torch]`."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundwire.errors import ModelError
from groundwire.nli.classifiers.checkpoint import Checkpoint
from groundwire.nli.classifiers.classifier import Classifier, Engine
from groundwire.nli.classifiers.hub import fetch, in_cache
from groundwire.nli.rows import Batch, PairReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TOKENS_CPU, _TOKENS_GPU = 1024, 16384
"""Tokens of one run, padding included."""


class TransformersModel(Classifier):
    """A sequence classifier in a folder, or with an id on the Hub; on the GPU where there is one.

    Only safetensors are read, no code of the model's own is run, and a folder or what is in the Hub's local cache needs
    no network. `threads` is what torch may use, in the whole process; the default is torch's own.
    On the CPU the model computes in float32; on a GPU in the type that its weights have.

    Raises: ModelError, one line, when the extra is missing, or when a folder or a model in the cache cannot be used.
    What is not there yet is looked at when it is first used.
    """

    runtime = "transformers"

    def __init__(self, name: str | Path, *, threads: int | None = None) -> None:
        folder = Path(name).expanduser()
        local = folder.is_dir()
        super().__init__(folder.resolve().name if local else str(name))
        if not (find_spec("torch") and find_spec("transformers")):
            raise ModelError(f"{name}: transformers or torch is not installed: pip install 'groundwire[torch]'")
        self._threads = threads
        self._checkpoint: Checkpoint | None = None
        place = folder if local else in_cache(self.name)
        if place is not None:
            self._checkpoint = _without_code(Checkpoint.read(place, str(name)), str(name))
            self.files()

    @property
    def checkpoint(self) -> Checkpoint:
        with self._lock:
            if self._checkpoint is None:
                folder = fetch(self.name, lambda settings: _without_code(settings, self.name))
                self._checkpoint = Checkpoint.read(folder, self.name)
            return self._checkpoint

    def files(self) -> list[Path]:
        checkpoint = self.checkpoint
        return [*checkpoint.settings(), *checkpoint.vocabulary(), *checkpoint.weights()]

    def load(self) -> Engine:
        os.environ.setdefault("USE_HUB_KERNELS", "0")  # else transformers may fetch compiled code for some models
        import torch

        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if self._threads:
            torch.set_num_threads(self._threads)
        tokenizer = self._tokenizer()
        model = self._model("auto" if device.type == "cuda" else torch.float32).to(device).eval()
        takes_types = (
            "token_type_ids" in inspect.signature(model.forward).parameters
            and "token_type_ids" in tokenizer.model_input_names
            and getattr(model.config, "type_vocab_size", 2) > 1
        )
        one_at_a_time = threading.Lock()  # more than one run would only wait for each other, and take memory

        def run(batch: Batch) -> NDArray[np.float32]:
            feed = {"input_ids": batch.ids, "attention_mask": batch.mask}
            if takes_types:
                feed["token_type_ids"] = batch.types
            with one_at_a_time, torch.inference_mode():
                logits = model(**{key: torch.from_numpy(value).to(device) for key, value in feed.items()}).logits
                found: NDArray[np.float32] = logits.float().cpu().numpy()
            return found

        pads = (model.config.pad_token_id, tokenizer.pad_token_id, 0)
        return Engine(
            reader=PairReader(_own(tokenizer.backend_tokenizer), self.max_length, self.name),
            run=run,
            pad=next(pad for pad in pads if pad is not None),
            tokens=_TOKENS_GPU if device.type == "cuda" else _TOKENS_CPU,
            noise=1e-3 if model.dtype == torch.float32 else 5e-2,
        )

    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(
            self.checkpoint.folder, local_files_only=True, trust_remote_code=False, use_fast=True
        )
        if not tokenizer.is_fast:
            raise ModelError(f"{self.name}: transformers has no fast tokenizer for it. Expected tokenizer.json.")
        return tokenizer

    def _model(self, dtype: Any) -> Any:
        from transformers import AutoModelForSequenceClassification

        model, loading = AutoModelForSequenceClassification.from_pretrained(
            self.checkpoint.folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=dtype,
            output_loading_info=True,
        )
        if missing := sorted(map(str, [*loading["missing_keys"], *loading["mismatched_keys"]])):
            raise ModelError(f"{self.name}: the weights have no {missing[0]}. Expected a trained classifier.")
        return model


def _without_code(checkpoint: Checkpoint, name: str) -> Checkpoint:
    """The same. Raises: ModelError when it would have transformers run code from a repository, its own or another."""
    if "auto_map" in checkpoint.config:
        from transformers import CONFIG_MAPPING

        if checkpoint.config.get("model_type") not in CONFIG_MAPPING:
            raise ModelError(f"{name}: the model needs code of its own (auto_map), which Groundwire never runs.")
    for key, value in _settings(checkpoint.config):
        # Transformers fetches compiled code for these from the Hub where the library `kernels` is installed.
        if key == "quantization_config" or ("_implementation" in key and value not in (None, "eager", "sdpa")):
            raise ModelError(f"{name}: {key} in config.json may need code from the Hub, which Groundwire never runs.")
    return checkpoint


def _settings(config: Any) -> Iterator[tuple[str, Any]]:
    """All settings, those of the parts of a model too."""
    if isinstance(config, Mapping):
        for key, value in config.items():
            yield str(key), value
            yield from _settings(value)


def _own(tokenizer: Any) -> Any:
    """A copy, for which special tokens that a text spells out are text: a document cannot end a passage."""
    from tokenizers import Tokenizer

    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.encode_special_tokens = True
    return copy
