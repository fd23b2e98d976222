"""The steps of spaCy's parsers, taken here: what comes out is what spaCy's own loop gives."""

from typing import Any

import pytest
import spacy
from spacy.util import is_package

from groundwire.claims.entities import entities
from groundwire.claims.parse import PIPELINES
from groundwire.claims.transitions import annotated

from .answers import RECORDED

TEXTS = [line for answer in RECORDED for line in answer.split("\n")]  # empty ones too


@pytest.fixture(scope="module")
def nlp() -> Any:
    return spacy.load(next(name for name in PIPELINES if is_package(name)))


def said(doc: Any) -> list[tuple[Any, ...]]:
    return [(token.text, token.tag_, token.dep_, token.head.i, token.ent_iob_, token.ent_type_) for token in doc]


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], [""], []])
def test_the_steps_are_spacys_own(nlp: Any, texts: list[str]) -> None:
    expected = list(nlp.pipe(texts, disable=["attribute_ruler", "lemmatizer"]))
    docs = [nlp.make_doc(text) for text in texts]
    for name in ("tok2vec", "tagger", "parser", "ner"):
        docs = annotated(nlp.get_pipe(name), docs)
    assert [said(doc) for doc in docs] == [said(doc) for doc in expected]


@pytest.mark.parametrize("texts", [TEXTS, [*TEXTS, "in New  York ", " New", "\n"], [""], []])
def test_names_are_those_that_spacy_finds(nlp: Any, texts: list[str]) -> None:
    ner = nlp.get_pipe("ner")
    expected = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in ner.pipe(map(nlp.make_doc, texts))]
    assert entities(ner, [nlp.make_doc(text) for text in texts]) == expected


def test_a_class_that_was_never_seen_is_never_chosen(nlp: Any) -> None:
    ner = nlp.get_pipe("ner")
    doc = nlp.make_doc("Marie Curie worked in Paris.")
    assert [ent.label_ for ent in annotated(ner, [doc])[0].ents] == ["PERSON", "GPE"]
    people = {at for at in range(ner.moves.n_moves) if ner.moves.get_class_name(at).endswith("PERSON")}
    ner.model.attrs["unseen_classes"] |= people
    try:
        doc = nlp.make_doc("Marie Curie worked in Paris.")
        assert "PERSON" not in [ent.label_ for ent in annotated(ner, [doc])[0].ents]
        assert "PERSON" not in [label for *_, label in entities(ner, [nlp.make_doc(doc.text)])[0]]
    finally:
        ner.model.attrs["unseen_classes"] -= people
