"""Pairs of text to rows of tokens and back: what every model does that reads both texts at once, whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from groundwire.errors import ModelError
from groundwire.nli.entailment import Pair
from groundwire.nli.windows import combine, windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PREMISE, _HYPOTHESIS = -1, -2


class Row(NamedTuple):
    """What a model reads at once: a window of a premise, a hypothesis, and special tokens; with their token types."""

    ids: list[int]
    types: list[int]


class Batch(NamedTuple):
    """Rows of one width, int64 (n, width). The mask is 0 where a row is padded."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    types: NDArray[np.int64]


class PairReader:
    """Turns pairs into rows of at most `max_length` tokens. `name` is the model's, for what is raised.

    Each text is tokenised alone, then cut into windows, and only then joined with special tokens: those that the
    tokenizer itself puts around and between two texts. The `tokenizers.Tokenizer` becomes the reader's own.

    Raises: ModelError when the tokenizer makes nothing of a pair.
    """

    def __init__(self, tokenizer: Any, max_length: int, name: str) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._max_length = max_length
        self._name = name
        self._template = _template(tokenizer, name)

    def length(self, text: str) -> int:
        return len(self._tokenizer.encode(_whole(text), add_special_tokens=False).ids)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token of a text, in code points."""
        return list(self._tokenizer.encode(_whole(text), add_special_tokens=False).offsets)

    def rows(self, pairs: Sequence[Pair]) -> tuple[list[Row], list[int]]:
        """Return the rows of all pairs, in order, and how many each pair has: one for every window of its premise.

        Raises: ModelError when a hypothesis takes more than half of `max_length`.
        """
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        encodings = self._tokenizer.encode_batch([_whole(text) for text in texts], add_special_tokens=False)
        ids = {text: encoding.ids for text, encoding in zip(texts, encodings, strict=True)}
        most = self._max_length // 2
        special = len(self._template) - 2
        rows: list[Row] = []
        counts: list[int] = []
        for premise, hypothesis in pairs:
            claim = ids[hypothesis]
            if len(claim) > most:
                raise ModelError(f"a hypothesis takes {len(claim)} tokens; {self._name} reads at most {most}")
            parts = windows(ids[premise], self._max_length - special - len(claim))
            rows += [self._row(part, claim) for part in parts]
            counts.append(len(parts))
        return rows, counts

    def _row(self, premise: Sequence[int], hypothesis: Sequence[int]) -> Row:
        row = Row([], [])
        for token, kind in self._template:
            tokens = premise if token == _PREMISE else hypothesis if token == _HYPOTHESIS else (token,)
            row.ids.extend(tokens)
            row.types.extend([kind] * len(tokens))
        return row


def _template(tokenizer: Any, name: str) -> list[tuple[int, int]]:
    """What a pair becomes: (special token, or the place of a text; token type), read off one that was tokenised."""
    encoding = tokenizer.encode("a", "a")
    slots: list[tuple[int, int]] = []
    seen: list[int] = []
    for token, kind, sequence in zip(encoding.ids, encoding.type_ids, encoding.sequence_ids, strict=True):
        if sequence is None:
            slots.append((token, kind))
        elif sequence not in seen:
            seen.append(sequence)
            slots.append(((_PREMISE, _HYPOTHESIS)[sequence], kind))
    if seen != [0, 1]:
        raise ModelError(f"{name}: its tokenizer makes nothing of a pair of texts")
    return slots


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Yield indices of items of nearly equal length, longest first, within so many `tokens` a batch, padding included.

    An item that is longer is a batch alone.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def padded(rows: Sequence[Row], pad: int = 0) -> Batch:
    """Return rows as one batch, filled up on the right with the token `pad`."""
    import numpy as np

    width = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), width), pad, np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
        mask[i, : len(row.ids)] = 1
        types[i, : len(row.ids)] = row.types
    return Batch(ids, mask, types)


def merged(probabilities: NDArray[np.float32], counts: Sequence[int]) -> NDArray[np.float32]:
    """Return one row for each pair, float32 (len(counts), 3), from those of its windows."""
    import numpy as np

    result = np.empty((len(counts), 3), np.float32)
    start = 0
    for index, count in enumerate(counts):
        result[index] = combine(probabilities[start : start + count])
        start += count
    return result


def _whole(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
