"""The rival in scoring pairs: `sentence_transformers.CrossEncoder`, float32 in torch, with the same weights.

The weights are those of the built-in model, turned back into floats, in a BERT of the same shape. The head is the one
that such a model usually has, with three labels: next to the encoder's work, neither head costs anything.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from groundwire.errors import GroundwireError

NEEDED = ("torch", "transformers", "onnx", "sentence_transformers")
LINEAR = ("attention.output.dense", "intermediate.dense", "output.dense")
NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


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
    """The encoder that `nli.training.graph` wrote: float32 arrays under the names of `transformers`, and the heads.

    `model.onnx` holds all layers, or the first ones, and `rest.onnx` the others.
    """
    import numpy as np

    weights: dict[str, Any] = {}
    heads = layer = 0
    for path in (folder / "model.onnx", folder / "rest.onnx"):
        if not path.exists():
            continue
        nodes, held = _graph(path)
        norms, products = _norms(nodes, held), _products(nodes, held)
        if layer == 0:
            heads = _heads(nodes, held)
            weights |= _embeddings(nodes, held)
            weights |= _named("embeddings.LayerNorm", next(norms))
        for weight, bias in products:
            name = f"encoder.layer.{layer}"
            width = weight.shape[1]
            for at, part in enumerate(("query", "key", "value")):
                # The writer put the softmax's scale into the query.
                scale = np.sqrt(width / heads) if part == "query" else 1.0
                rows = slice(at * width, (at + 1) * width)
                weights |= _named(f"{name}.attention.self.{part}", (weight[rows] * scale, bias[rows] * scale))
            for linear in LINEAR:
                weights |= _named(f"{name}.{linear}", next(products))
            for norm in NORMS:
                weights |= _named(f"{name}.{norm}", next(norms))
            layer += 1
    # Copies, because what is read from the file is read-only.
    return {name: np.array(value, np.float32) for name, value in weights.items()}, heads


def _graph(path: Path) -> tuple[list[Any], dict[str, Any]]:
    onnx: Any = import_module("onnx")
    graph = onnx.load(str(path)).graph
    return list(graph.node), {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}


def _embeddings(nodes: list[Any], held: dict[str, Any]) -> dict[str, Any]:
    """Word rows are int8 with one scale each; places are cut to the length; types are looked up."""
    tables = [held[node.input[0]] for node in nodes if node.op_type == "Gather" and node.input[0] in held]
    places = next(held[node.input[0]] for node in nodes if node.op_type == "Slice" and node.input[0] in held)
    words, scales, types = tables[:3]
    found = {"word": words.astype("float32") * scales, "position": places, "token_type": types}
    return {f"embeddings.{name}_embeddings.weight": table for name, table in found.items()}


def _products(nodes: list[Any], held: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Weight (outputs, inputs) and bias of every int8 product, in order: product, times the row's scale, plus bias."""
    takers = {name: node for node in nodes for name in node.input}
    for node in nodes:
        if node.op_type == "MatMulIntegerToFloat":
            added = takers[takers[node.output[0]].output[0]]
            yield (held[node.input[1]].astype("float32") * held[node.input[3]]).T, held[added.input[1]]


def _norms(nodes: list[Any], held: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for node in nodes:
        if node.op_type == "LayerNormalization":
            yield held[node.input[1]], held[node.input[2]]


def _heads(nodes: list[Any], held: dict[str, Any]) -> int:
    """Queries, keys and values are parted by a reshape to (pairs, tokens, 3, heads, numbers of a head)."""
    shapes = (held[node.input[1]] for node in nodes if node.op_type == "Reshape" and node.input[1] in held)
    return int(next(shape[3] for shape in shapes if len(shape) == 5))


def _named(name: str, pair: tuple[Any, Any]) -> dict[str, Any]:
    return {f"{name}.weight": pair[0], f"{name}.bias": pair[1]}
