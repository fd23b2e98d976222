"""Words that stand in the same places as a word and mean something else, found by an encoder's own word vectors."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"(?<![\w-])[a-z]{4,}(?![\w-])")
_ENDINGS = ("ing", "ed", "ly", "s", "")
_LEAST, _MOST = 0.3, 0.52
"""Cosines. Above it are synonyms and other forms of the word, below it what would be nonsense in its place."""


class Neighbours:
    """Swaps one ordinary word of a claim for a neighbour of it: "mild" for "severe", "mice" for "rabbits"."""

    def __init__(self, weights: Mapping[str, NDArray[Any]], vocabulary: Mapping[str, int]) -> None:
        """`weights` are an encoder's, `vocabulary` maps its tokens to rows of its table of words."""
        self._table = weights["embeddings.word_embeddings.weight"]
        self._words = sorted(word for word in vocabulary if _WORD.fullmatch(word) and word.isascii())
        self._rows = {word: at for at, word in enumerate(self._words)}
        self._ids = [vocabulary[word] for word in self._words]
        self._found: dict[str, list[str]] = {}

    @cached_property
    def _directions(self) -> NDArray[np.float32]:
        vectors = self._table[self._ids] - self._table[self._ids].mean(0)
        scaled: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return scaled

    def of(self, word: str) -> list[str]:
        """Words like `word`, of the same ending and of another stem."""
        if word not in self._rows:
            return []
        if word not in self._found:
            likeness = self._directions @ self._directions[self._rows[word]]
            near = np.flatnonzero((likeness > _LEAST) & (likeness < _MOST))
            near = near[np.argsort(-likeness[near])][:25]
            others = [self._words[at] for at in near]
            self._found[word] = [o for o in others if o[:4] != word[:4] and _ending(o) == _ending(word)]
        return self._found[word]

    def swap(self, rng: random.Random, text: str, document: str) -> str | None:
        """Put a neighbour that the document does not hold in the place of one word; None where there is none."""
        hits = list(_WORD.finditer(text))
        rng.shuffle(hits)
        for hit in hits:
            if options := [word for word in self.of(hit[0]) if word not in document]:
                return text[: hit.start()] + rng.choice(options) + text[hit.end() :]
        return None


def _ending(word: str) -> str:
    return next(ending for ending in _ENDINGS if word.endswith(ending))
