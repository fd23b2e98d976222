"""The rival in scoring pairs: `sentence_transformers.CrossEncoder`, float32 in torch, with the same weights.

The weights are those of the built-in model, turned back into floats, in a BERT of the same shape. The head is the one
that such a model usually has, with three labels: next to the encoder's work, neither head costs anything.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from groundwire.errors import GroundwireError

NEEDED = ("torch", "transformers", "onnx", "sentence_transformers")


def missing() -> str | None:
    """What to install, in one line, where something is missing."""
    absent = [name for name in NEEDED if find_spec(name) is None]
    return f"it needs {', '.join(absent)}: pip install 'groundwire[bench]'" if absent else None


def build(threads: int, batch: int, max_length: int) -> Callable[[Sequence[tuple[str, str]]], Any]:
    """The function that scores pairs, `batch` at a time, with `threads` of torch."""
    # By name, because these libraries' own types differ from release to release.
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    cross_encoder: Any = import_module("sentence_transformers").CrossEncoder
    torch.set_num_threads(threads)
    transformers.utils.logging.disable_progress_bar()
    with as_file(files("groundwire.nli") / "builtin") as folder, TemporaryDirectory() as made:
        weights, heads = encoder_weights(folder)
        tokenizer = transformers.PreTrainedTokenizerFast(
            tokenizer_file=str(folder / "tokenizer.json"),
            model_max_length=max_length,
            model_input_names=["input_ids", "token_type_ids", "attention_mask"],
            **{f"{name}_token": f"[{name.upper()}]" for name in ("pad", "cls", "sep", "unk", "mask")},
        )
        network = transformers.BertForSequenceClassification(transformers.BertConfig(**shape(weights, heads)))
        tensors = {f"bert.{name}": torch.from_numpy(value) for name, value in weights.items()}
        left = network.load_state_dict(tensors, strict=False)
        if left.unexpected_keys or any("pooler" not in key and "classifier" not in key for key in left.missing_keys):
            raise GroundwireError(f"the built-in model is not read as a BERT: {left}")
        network.save_pretrained(made)
        tokenizer.save_pretrained(made)
        model = cross_encoder(made, device="cpu", max_length=max_length, activation_fn=torch.nn.Identity())
    return lambda pairs: model.predict(list(pairs), batch_size=batch, show_progress_bar=False)


def shape(weights: dict[str, Any], heads: int) -> dict[str, int]:
    """What `transformers.BertConfig` must know."""
    words, width = weights["embeddings.word_embeddings.weight"].shape
    return {
        "vocab_size": words,
        "hidden_size": width,
        "num_hidden_layers": sum(name.endswith("intermediate.dense.bias") for name in weights),
        "num_attention_heads": heads,
        "intermediate_size": len(weights["encoder.layer.0.intermediate.dense.bias"]),
        "max_position_embeddings": len(weights["embeddings.position_embeddings.weight"]),
        "num_labels": 3,
    }


def encoder_weights(folder: Path) -> tuple[dict[str, Any], int]:
    """The encoder of an exported model: float32 arrays under the names of `transformers`, and its attention heads."""
    from groundwire.nli import read_weights

    weights, heads = read_weights(folder)
    encoder = {name.removeprefix("encoder."): value for name, value in weights.items() if name.startswith("encoder.")}
    return encoder, heads
