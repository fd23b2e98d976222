"""Tokens that are remembered: the same as spaCy's tokenizer gives, special cases and their neighbours included."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.util import is_package

from groundwire.claims import tokens
from groundwire.claims.parse import PIPELINES, _readable
from groundwire.claims.tokens import Tokens

from .answers import MADE_UP, RECORDED

NLP = spacy.load(next(name for name in PIPELINES if is_package(name)))
TOKENS = Tokens(NLP)
RULES: list[str] = sorted(rule for rule in getattr(NLP.tokenizer, "rules", {}) if rule.strip())
BITS = [*RULES, *",.;:()'\"-/[]{}<>=*—’$3", "word", "No", "U.S", "’s", "Rome"]
TEXTS = [line for answer in RECORDED for line in answer.split("\n")]


def read(docs: Sequence[Any]) -> list[list[list[int]]]:
    wanted = ["ORTH", "NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE", "IDX", "SENT_START"]
    return [np.asarray(doc.to_array(wanted)).tolist() for doc in docs]


def expected(texts: Sequence[str]) -> list[list[list[int]]]:
    docs = [NLP.make_doc(text) for text in texts]
    for doc in docs:
        for token in doc:
            token.is_sent_start = token.i == 0
    return read(docs)


@pytest.mark.parametrize("texts", [TEXTS, [], [""], ["  two  spaces ", "\n", "don't", "It's (don't) 5km, e.g. U.S."]])
def test_the_tokens_are_those_of_the_tokenizer(texts: list[str]) -> None:
    for _ in range(2):  # the second time from memory
        assert read(TOKENS.docs(texts)) == expected(texts)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(BITS), st.sampled_from(["", " "])), max_size=12))
def test_special_cases_are_those_of_the_tokenizer(parts: list[tuple[str, str]]) -> None:
    text = "".join(bit + space for bit, space in parts)
    assert read(TOKENS.docs([text])) == expected([text])


@settings(max_examples=200, deadline=None)
@given(MADE_UP)
def test_odd_texts_give_the_tokens_of_the_tokenizer(text: str) -> None:
    text = _readable(text)
    assert read(TOKENS.docs([text])) == expected([text])


def test_what_is_remembered_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_KEPT", 5)
    small = Tokens(NLP)
    for _ in range(2):
        for text in TEXTS:
            assert read(small.docs([text])) == expected([text])
            assert len(small._known) <= 5 + len(text.split())
