"""The network as an ONNX graph, written node by node, so that every stored and computed type is a choice.

Matrix products are int8 with one scale for each output and one for each row of activations: every token of every pair
has its own. The usual dynamic quantisation takes one range for the whole activation tensor instead, so that a pair's
score depends on which other pairs share its batch, and one outlier costs everybody precision. Here the batch changes a
logit by no more than float rounding (3e-8), the error against float32 is a third, and it is faster: the rest of the
scaling is done on narrow columns. Embeddings and heads are stored in int8 with one scale a row and compute in float32.
"""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwire.nli.weights import STACKED

Array = NDArray[Any]
LEVELS = 127
"""Weights are stored from -LEVELS to LEVELS."""


class GraphWriter:
    """Collects nodes and constants; each method adds one step and returns the name of its output."""

    def __init__(self, weights: Mapping[str, Array], *, quantised: bool) -> None:
        self._weights = weights
        self._quantised = quantised
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._count = 0

    def add(self, op: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> str:
        from onnx import helper

        names = [f"{op}_{self._count}" + (f"_{i}" if i else "") for i in range(outputs)]
        self._count += 1
        self.nodes.append(helper.make_node(op, list(inputs), names, domain=domain, **attributes))
        return names[0]

    def constant(self, value: Array, name: str = "") -> str:
        """A stored value. Weights keep their names, by which `nli.read_weights` finds them again."""
        from onnx import numpy_helper

        name = name or f"c_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(np.asarray(value, np.float32))

    def dense(self, x: str, weight: Array, bias: Array, name: str, *, precise: bool = False) -> str:
        """`x @ weight.T + bias`; `weight` is (outputs, inputs) as torch keeps it. `precise` computes in float32."""
        if precise or not self._quantised:
            table = self.table(f"{name}.weight", weight)
            product = self.add("MatMul", x, self.add("Transpose", table, perm=[1, 0]))
            return self.add("Add", product, self.constant(bias.astype(np.float32), f"{name}.bias"))
        return self._dense_int8(x, weight, bias, name)

    def table(self, name: str, value: Array) -> str:
        """Floats that are stored in int8 with one scale a row; ONNX Runtime turns them back once, when it loads."""
        if not self._quantised:
            return self.constant(value.astype(np.float32), name)
        stored, scales = _rows_int8(value)
        whole = self.add("Cast", self.constant(stored, name), to=1)
        return self.add("Mul", whole, self.constant(scales, f"{name}_scale"))

    def _dense_int8(self, x: str, weight: Array, bias: Array, name: str) -> str:
        """The same in int8 for `x` (rows, inputs): a scale for each row, found as it comes, and one for each output."""
        scales = np.maximum(np.abs(weight).max(-1) / LEVELS, 1e-12)
        stored = np.clip(np.rint(weight / scales[:, None]), -LEVELS, LEVELS).astype(np.int8)
        last = self.constant(np.asarray([-1], np.int64))
        size = self.add("ReduceMax", self.add("Abs", x), last, keepdims=0)
        step = self.add("Add", self.add("Mul", size, self.number(1 / 127)), self.number(1e-12))
        # QuantizeLinear wants a zero point for each row: 128, in the shape of the steps.
        zero = self.add("Cast", self.add("Add", self.add("Mul", step, self.number(0.0)), self.number(128.0)), to=2)
        product = self.add(
            "MatMulIntegerToFloat",
            self.add("QuantizeLinear", x, step, zero, axis=0),
            self.constant(stored.T, f"{name}.weight"),
            self.number(1.0),
            self.constant(scales.astype(np.float32), f"{name}.weight_scale"),
            self.constant(np.asarray(128, np.uint8)),
            domain="com.microsoft",
        )
        scaled = self.add("Mul", product, self.add("Unsqueeze", step, last))
        return self.add("Add", scaled, self.constant(bias.astype(np.float32), f"{name}.bias"))

    def linear(self, x: str, name: str, *, precise: bool = False) -> str:
        return self.dense(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"], name, precise=precise)

    def normalise(self, x: str, name: str) -> str:
        names = (f"{name}.weight", f"{name}.bias")
        scale, shift = (self.constant(self._weights[n].astype(np.float32), n) for n in names)
        return self.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def looked_up(self, ids: str, name: str) -> str:
        """Rows of a large table, which stays int8 in memory."""
        table = self._weights[name]
        if not self._quantised:
            return self.add("Gather", self.constant(table.astype(np.float32), name), ids)
        stored, scales = _rows_int8(table)
        rows = self.add("Cast", self.add("Gather", self.constant(stored, name), ids), to=1)
        return self.add("Mul", rows, self.add("Gather", self.constant(scales, f"{name}_scale"), ids))


def _rows_int8(value: Array) -> tuple[Array, Array]:
    """int8 (rows, columns), and float32 scales (rows, 1)."""
    scales = np.maximum(np.abs(value).max(-1, keepdims=True) / LEVELS, 1e-12).astype(np.float32)
    return np.clip(np.rint(value / scales), -LEVELS, LEVELS).astype(np.int8), scales


INPUTS = ("input_ids", "attention_mask", "token_type_ids")
STATES = "states"
DOUBTS = "doubts"


def build_graph(
    weights: Mapping[str, Array], *, heads: int, quantised: bool, layers: range, head: str, states: bool = False
) -> Any:
    """Return an `onnx.ModelProto`: a stretch of the network, `layers` of it, and the head after them.

    It takes `INPUTS`, int64 (n, length), or, where it begins at a later layer, `STATES`, float32 (n, length, width),
    in place of the ids. It gives `logits`, float32 (n, 3), and with `states` the states that a next stretch takes. The
    last stretch of a network that doubts single words gives `doubts` too, float32 (n, length), 0 to 1.

    `weights` is the network's state dict in numpy; `head` is the name of the head in it.
    """
    from onnx import TensorProto, helper

    g = GraphWriter(weights, quantised=quantised)
    taken = INPUTS if layers.start == 0 else (STATES, *INPUTS[1:])
    width = weights["encoder.embeddings.LayerNorm.weight"].shape[0]
    flat = g.constant(np.asarray([-1, width], np.int64))
    shape = g.add("Shape", "attention_mask")
    # Between the layers, states are one row a token.
    x = g.add("Reshape", _embed(g, weights) if layers.start == 0 else STATES, flat)
    mask = g.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.add("Mul", g.add("Sub", mask, g.number(1.0)), g.number(1e9))
    bias = g.add("Unsqueeze", hidden, g.constant(np.asarray([1, 2], np.int64)))
    for layer in layers:
        x = _layer(g, weights, x, shape, bias, f"encoder.encoder.layer.{layer}", heads)
    x = g.add("Reshape", x, g.add("Concat", shape, g.constant(np.asarray([width], np.int64)), axis=0))
    words = _hypothesis(g, mask)
    logits = _head(g, x, words, head)
    given = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])]
    if head == "head" and "doubt.word.weight" in weights:
        doubts, lift = _doubts(g, x, words)
        logits = g.add("Add", logits, lift)
        g.nodes.append(helper.make_node("Identity", [doubts], [DOUBTS]))
        given.append(helper.make_tensor_value_info(DOUBTS, TensorProto.FLOAT, ["n", "length"]))
    g.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    places = ["n", "length", width]
    if states:
        g.nodes.append(helper.make_node("Identity", [x], [STATES]))
        given.append(helper.make_tensor_value_info(STATES, TensorProto.FLOAT, places))
    ins = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, places)
        if name == STATES
        else helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "length"])
        for name in taken
    ]
    graph = helper.make_graph(g.nodes, "entailment", ins, given, g.constants)
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="groundwire")
    helper.set_model_props(model, {"heads": str(heads)})
    return model


def _embed(g: GraphWriter, weights: Mapping[str, Array]) -> str:
    prefix = "encoder.embeddings"
    words = g.looked_up("input_ids", f"{prefix}.word_embeddings.weight")
    zero, one = g.constant(np.asarray([0], np.int64)), g.constant(np.asarray([1], np.int64))
    length = g.add("Gather", g.add("Shape", "input_ids"), one)
    places, types = (f"{prefix}.{table}_embeddings.weight" for table in ("position", "token_type"))
    places = g.table(places, weights[places])
    places = g.add("Slice", places, zero, length, zero)
    types = g.add("Gather", g.constant(weights[types].astype(np.float32), types), "token_type_ids")
    return g.normalise(g.add("Add", g.add("Add", words, types), places), f"{prefix}.LayerNorm")


def _layer(g: GraphWriter, weights: Mapping[str, Array], x: str, shape: str, bias: str, name: str, heads: int) -> str:
    parts = [f"{name}.attention.self.{p}" for p in ("query", "key", "value")]
    width = weights[f"{parts[0]}.weight"].shape[0]
    size = width // heads
    stacked = np.concatenate([weights[f"{p}.weight"] for p in parts])
    shifts = np.concatenate([weights[f"{p}.bias"] for p in parts])
    # The softmax's scale goes into the query's weights: one product less.
    stacked[:width] = stacked[:width] / np.sqrt(size)
    shifts[:width] = shifts[:width] / np.sqrt(size)
    qkv = g.dense(x, stacked, shifts, f"{name}.attention.self.{STACKED}")
    parted = g.add("Concat", shape, g.constant(np.asarray([3, heads, size], np.int64)), axis=0)
    qkv = g.add("Reshape", qkv, parted)
    qkv = g.add("Transpose", qkv, perm=[2, 0, 3, 1, 4])
    q, k, v = (g.add("Gather", qkv, g.constant(np.asarray(i, np.int64)), axis=0) for i in range(3))
    scores = g.add("MatMul", q, g.add("Transpose", k, perm=[0, 1, 3, 2]))
    seen = g.add("Softmax", g.add("Add", scores, bias), axis=-1)
    mixed = g.add("Transpose", g.add("MatMul", seen, v), perm=[0, 2, 1, 3])
    mixed = g.add("Reshape", mixed, g.constant(np.asarray([-1, width], np.int64)))
    mixed = g.linear(mixed, f"{name}.attention.output.dense")
    x = g.normalise(g.add("Add", mixed, x), f"{name}.attention.output.LayerNorm")
    inner = g.add("Gelu", g.linear(x, f"{name}.intermediate.dense"))
    return g.normalise(g.add("Add", g.linear(inner, f"{name}.output.dense"), x), f"{name}.output.LayerNorm")


def _hypothesis(g: GraphWriter, mask: str) -> str:
    """1 at the tokens of the hypothesis, (n, length, 1)."""
    words = g.add("Mul", g.add("Cast", "token_type_ids", to=1), mask)
    return g.add("Unsqueeze", words, g.constant(np.asarray([2], np.int64)))


def _lowered(g: GraphWriter, words: str) -> str:
    """What is added to all but the hypothesis, so that it is never the maximum."""
    return g.add("Mul", g.add("Sub", words, g.number(1.0)), g.number(1e4))


def _head(g: GraphWriter, x: str, words: str, name: str) -> str:
    """First token, mean and maximum over the hypothesis; the small head stays in float."""
    axis = g.constant(np.asarray([1], np.int64))
    count = g.add("Max", g.add("ReduceSum", words, axis, keepdims=0), g.number(1.0))
    mean = g.add("Div", g.add("ReduceSum", g.add("Mul", x, words), axis, keepdims=0), count)
    peak = g.add("ReduceMax", g.add("Add", x, _lowered(g, words)), axis, keepdims=0)
    first = g.add("Gather", x, g.constant(np.asarray(0, np.int64)), axis=1)
    seen = g.add("Concat", first, mean, peak, axis=-1)
    hidden = g.add("Tanh", g.linear(seen, f"{name}.dense", precise=True))
    return g.linear(hidden, f"{name}.out", precise=True)


def _doubts(g: GraphWriter, x: str, words: str) -> tuple[str, str]:
    """How much each token is doubted, (n, length), and what the highest adds to the logits, (n, 3)."""
    doubts = g.add("Sigmoid", g.add("Add", g.linear(x, "doubt.word", precise=True), _lowered(g, words)))
    highest = g.add("ReduceMax", doubts, g.constant(np.asarray([1], np.int64)), keepdims=0)
    flat = g.add("Squeeze", doubts, g.constant(np.asarray([2], np.int64)))
    return flat, g.linear(highest, "doubt.lift", precise=True)
