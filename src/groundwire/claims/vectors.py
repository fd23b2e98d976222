"""The vectors of words in their sentences, as spaCy's `MultiHashEmbed` and `MaxoutWindowEncoder` make them.

A word's own vector depends on nothing but its attributes, so it is made once. What its neighbours make of it is worked
out for all sentences together, in fewer and longer operations than thinc's, that give the same numbers to the last bit.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from thinc.api import Model

if TYPE_CHECKING:
    from spacy.tokens import Doc

_KEPT = 8000  # words
_EMBED = ["extract_features", "list2ragged", "with_array", "with_array", "ragged2list"]

Floats = NDArray[np.float32]


class _Layer(NamedTuple):
    """Maxout over a word and its two neighbours, then layer normalisation. The pieces stand one behind the other."""

    weights: Floats
    bias: Floats
    gain: Floats
    shift: Floats


def quicken(model: Any) -> None:
    """Have every such pair of layers in a thinc model worked out by `Vectors`; another kind is left as it is."""
    for node in list(model.walk()):
        if node.has_ref("embed") and node.has_ref("encode") and len(node.layers) == 2:
            embed, encode = node.layers
            layers = _layers(encode)
            if layers and [layer.name.partition("(")[0] for layer in embed.layers] == _EMBED:
                vectors = Vectors(embed, layers)
                node.layers[:] = [Model("vectors", vectors.forward, dims={"nO": vectors.width}, ops=node.ops)]


def _layers(encode: Any) -> list[_Layer]:
    """The layers of a window encoder; none where it is of another kind."""
    nodes = [node for node in encode.walk(order="dfs_pre") if not node.layers and node.name != "dropout"]
    windows, maxouts, norms = nodes[::3], nodes[1::3], nodes[2::3]
    depth = len(windows)
    if [node.name for node in nodes] != ["expand_window", "maxout", "layernorm"] * depth:
        return []
    if encode.attrs.get("pad") != depth or any(window.attrs["window_size"] != 1 for window in windows):
        return []
    found = []
    for maxout, norm in zip(maxouts, norms, strict=True):
        weights = maxout.get_param("W").transpose(1, 0, 2).reshape(-1, maxout.get_dim("nI"))
        bias = maxout.get_param("b").T.reshape(-1)
        found.append(
            _Layer(np.ascontiguousarray(weights), np.ascontiguousarray(bias), norm.get_param("G"), norm.get_param("b"))
        )
    return found


class Vectors:
    """The vectors of all words of some documents. For one thread at a time."""

    def __init__(self, embed: Any, layers: Sequence[_Layer]) -> None:
        extract, _, tables, mixer, _ = embed.layers
        self.ops = embed.ops
        self.columns = extract.attrs["columns"]
        self.width = layers[0].gain.shape[0]
        self._layers = tuple(layers)
        self._own: Callable[[Any], Floats] = lambda ids: mixer.predict(tables.predict(ids))
        self._known: dict[bytes, int] = {}
        self._rows: Floats = np.zeros((_KEPT + 1, self.width), np.float32)  # the first is for between the documents

    def forward(self, model: Any, docs: "Sequence[Doc]", is_train: bool) -> tuple[list[Floats], Callable[..., Any]]:
        """One array a document, one row a word: what thinc asks of a layer. There is nothing to train."""
        lengths = [len(doc) for doc in docs]
        depth = len(self._layers)
        ids = np.concatenate([doc.to_array(self.columns).reshape(len(doc), len(self.columns)) for doc in docs]).astype(
            np.uint64
        )
        words = iter(self._places(ids))
        places: list[int] = []
        bounds: list[tuple[int, int]] = []
        for length in lengths:
            if length:
                places += [0] * depth
            bounds.append((len(places), len(places) + length))
            places += [next(words) for _ in range(length)]
        rows = self._rows[[*places, *[0] * depth]]
        for layer in self._layers:
            rows += self._mixed(rows, layer)
        return [rows[start:end] for start, end in bounds], _untrained

    def _places(self, ids: NDArray[np.uint64]) -> list[int]:
        """Where each word's own vector stands in `_rows`."""
        known = self._known
        keys: list[bytes] = ids.view(f"V{ids.shape[1] * 8}").ravel().tolist()
        first = {key: at for at, key in reversed(list(enumerate(keys))) if key not in known}
        if len(known) + len(first) > _KEPT:
            known.clear()
            first = {key: at for at, key in reversed(list(enumerate(keys)))}
            self._rows = np.zeros((max(_KEPT, len(first)) + 1, self.width), np.float32)
        if first:
            start = len(known) + 1
            self._rows[start : start + len(first)] = self._own(ids[list(first.values())])
            known.update(zip(first, range(start, start + len(first)), strict=True))
        return [known[key] for key in keys]

    def _mixed(self, rows: Floats, layer: _Layer) -> Floats:
        width = self.width
        windows = np.zeros((len(rows), 3 * width), np.float32)
        windows[1:, :width] = rows[:-1]
        windows[:, width : 2 * width] = rows
        windows[:-1, 2 * width :] = rows[1:]
        pieces: Floats = self.ops.gemm(windows, layer.weights, trans2=True)
        pieces += layer.bias
        best: Floats = pieces[:, :width]
        for at in range(width, pieces.shape[1], width):
            best = np.maximum(best, pieces[:, at : at + width])
        best = np.subtract(best, np.add.reduce(best, axis=1, keepdims=True) / np.float32(width))
        spread = np.add.reduce(best * best, axis=1, keepdims=True) / np.float32(width) + 1e-08
        best *= spread ** (-1.0 / 2.0)
        best *= layer.gain
        best += layer.shift
        return best


def _untrained(_: Any) -> list[Any]:
    return []
