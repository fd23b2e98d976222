"""Vectors of words: the numbers of thinc's own layers to the last bit, and other layers left alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MishWindowEncoder, MultiHashEmbed, build_Tok2Vec_model
from thinc.api import Model, NumpyOps, set_current_ops

from groundwire.claims import vectors
from groundwire.claims.products import Products
from groundwire.claims.vectors import quicken

from .answers import RECORDED

NLP = spacy.blank("en")
TEXTS = ["", *(line for answer in RECORDED for line in answer.split("\n")), "a", ""]


@pytest.fixture(autouse=True)
def products() -> Iterator[None]:
    set_current_ops(Products())
    yield
    set_current_ops(NumpyOps())


def model(encoder: Model[Any, Any]) -> Any:
    embed = MultiHashEmbed(
        width=96, attrs=["NORM", "PREFIX", "SHAPE"], rows=[500, 90, 70], include_static_vectors=False
    )
    found: Any = build_Tok2Vec_model(embed, encoder)
    found.initialize([NLP("One two three.")])
    chance = np.random.default_rng(1)
    for node in found.walk():
        for name in node.param_names:
            if name in ("b", "G"):
                node.set_param(name, chance.standard_normal(node.get_param(name).shape, dtype=np.float32))
    return found


def alike(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a, b) and a.shape == b.shape for a, b in zip(one, other, strict=True)
    )


def check(depth: int, parts: list[list[str]]) -> None:
    quick = model(MaxoutWindowEncoder(width=96, window_size=1, maxout_pieces=3, depth=depth))
    embed, encode = quick.layers
    quicken(quick)
    assert [layer.name for layer in quick.layers] == ["vectors"]
    for part in parts:
        docs = [NLP(text) for text in part]
        assert alike(quick.predict(docs), encode.predict(embed.predict(docs)))


@pytest.mark.parametrize("depth", [1, 4])
def test_the_numbers_are_thincs(depth: int) -> None:
    check(depth, [TEXTS, TEXTS[:9], TEXTS[3:4], TEXTS])


def test_more_words_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_KEPT", 20)
    check(2, [TEXTS[:3], TEXTS, TEXTS[5:6], TEXTS[:8], TEXTS])


@pytest.mark.parametrize(
    "encoder",
    [
        MaxoutWindowEncoder(width=96, window_size=2, maxout_pieces=3, depth=2),
        MishWindowEncoder(width=96, window_size=1, depth=2),
    ],
)
def test_other_layers_are_left_alone(encoder: Model[Any, Any]) -> None:
    plain = model(encoder)
    names = [layer.name for layer in plain.layers]
    quicken(plain)
    assert [layer.name for layer in plain.layers] == names
