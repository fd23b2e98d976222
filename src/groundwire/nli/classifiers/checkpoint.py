"""A folder with a transformers sequence classifier: which files it has, and what they say before they are loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundwire.errors import ModelError
from groundwire.nli.classifiers.labels import LabelColumns, label_columns

SETTINGS = ("config.json", "tokenizer_config.json")
VOCABULARIES = (
    *("tokenizer.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt"),
    *("spm.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model"),
)
WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "model-*-of-*.safetensors")

_PADDING_FIRST = frozenset(
    {"camembert", "data2vec-text", "ibert", "longformer", "luke", "mpnet", "roberta", "roberta-prelayernorm"}
    | {"xlm-roberta", "xlm-roberta-xl", "xmod"}
)
"""Kinds of model whose positions are counted from behind the padding token: so many fewer are for text."""

_SANE = range(16, 100_000)
"""Tokens that a model may read at once. A tokenizer that knows no limit says 1e30."""

_UNSAID = 1024
"""The most that is read at once where the tokenizer names no limit: what fits, and still runs in good time."""

_UNKNOWN = 512
"""What is read at once where neither the model nor the tokenizer names a limit."""


@dataclass(frozen=True)
class Checkpoint:
    """A folder as transformers' `save_pretrained` writes it. Construct with `read`."""

    folder: Path
    config: Mapping[str, Any]
    tokenizer: Mapping[str, Any]
    labels: LabelColumns
    max_length: int

    @classmethod
    def read(cls, folder: Path, name: str) -> Checkpoint:
        """Read the settings; no weights. `name` stands in what is raised.

        Raises: ModelError, one line, when it is no sequence classifier, or its labels do not say what they are.
        """
        config = _json(folder / "config.json", name)
        settings = _json(folder / "tokenizer_config.json", name) if (folder / "tokenizer_config.json").exists() else {}
        classes = [str(kind) for kind in config.get("architectures") or ()]
        if classes and not any(kind.endswith("ForSequenceClassification") for kind in classes):
            raise ModelError(f"{name}: {', '.join(classes)}. Expected a model for sequence classification.")
        if (folder / "adapter_config.json").exists():
            raise ModelError(f"{name}: an adapter, not a whole model. Expected the two merged.")
        return cls(folder, config, settings, label_columns(config, name), _max_length(config, settings, name))

    def weights(self) -> list[Path]:
        """The safetensors files. Raises: ModelError when there are none, or not all."""
        whole = self.folder / "model.safetensors"
        if whole.is_file():
            return [whole]
        index = self.folder / "model.safetensors.index.json"
        if not index.is_file():
            raise ModelError(
                f"{self.folder}: no model.safetensors. Pickled weights (.bin) can hold code and are not read; "
                "save_pretrained writes safetensors."
            )
        places = _json(index, str(self.folder)).get("weight_map")
        names = sorted(set(map(str, places.values()))) if isinstance(places, Mapping) else []
        shards = [self.folder / Path(name).name for name in names]
        if not shards or not all(shard.is_file() for shard in shards):
            raise ModelError(f"{self.folder}: not all the files that model.safetensors.index.json names")
        return [index, *shards]

    def vocabulary(self) -> list[Path]:
        """The tokenizer's files. Raises: ModelError when there is none."""
        found = [path for name in VOCABULARIES if (path := self.folder / name).is_file()]
        if not found:
            raise ModelError(f"{self.folder}: no tokenizer. Expected tokenizer.json.")
        return found

    def settings(self) -> list[Path]:
        return [path for name in SETTINGS if (path := self.folder / name).is_file()]

    @property
    def reads_types(self) -> bool:
        """Whether token types may say anything to the model, as far as the settings tell."""
        names = self.tokenizer.get("model_input_names")
        return int(self.config.get("type_vocab_size", 2) or 0) > 1 and (names is None or "token_type_ids" in names)


def graph_in(folder: Path) -> Path | None:
    """The ONNX file of an exported model, where there is one."""
    places = (folder / "model.onnx", folder / "onnx" / "model.onnx")
    return next((place for place in places if place.is_file()), None)


def fingerprint(paths: list[Path], runtime: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the SHA-256, in hex, of the names and contents of files and of what runs them, and their `stamps`.

    Raises: ModelError when a file cannot be read.
    """
    digest = hashlib.sha256(runtime.encode())
    try:
        before = stamps(paths)
        for path in paths:
            with path.open("rb") as file:
                digest.update(f"\n{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}".encode())
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror or error}") from error
    return digest.hexdigest(), before


def stamps(paths: list[Path]) -> list[tuple[int, int]]:
    """Size and time of change of each: whether a file is still the one that was hashed. Raises: OSError."""
    return [(stat.st_size, stat.st_mtime_ns) for stat in (path.stat() for path in paths)]


def one_line(error: Exception) -> str:
    """The first line of what an error says, or its type."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _json(path: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}: {path.name} cannot be read: {one_line(error)}") from error
    if not isinstance(content, dict):
        raise ModelError(f"{name}: {path.name} is not a mapping")
    return content


def _max_length(config: Mapping[str, Any], tokenizer: Mapping[str, Any], name: str) -> int:
    """Tokens of a pair: the fewest that the model has places for, or that its tokenizer names."""
    positions = config.get("max_position_embeddings") or config.get("n_positions")
    if isinstance(positions, int) and config.get("model_type") in _PADDING_FIRST:
        positions -= int(config.get("pad_token_id") or 0) + 1
    named = tokenizer.get("model_max_length")
    known = list(_limits(positions, named))
    if not known or not isinstance(named, int | float) or named >= _SANE.stop:
        known.append(_UNSAID if isinstance(positions, int) else _UNKNOWN)
    if min(known) < _SANE.start:
        raise ModelError(f"{name}: it reads {min(known)} tokens at once. Expected {_SANE.start} or more.")
    return min(known)


def _limits(*values: object) -> Iterator[int]:
    """Those of them that limit anything."""
    for value in values:
        if isinstance(value, int | float) and 0 < value < _SANE.stop:
            yield int(value)
