"""Which label of a classifier is which, and what is refused."""

import numpy as np
import pytest

from groundwire.errors import ModelError
from groundwire.nli.classifiers.labels import SPELLINGS, label_columns


def config(*labels: str) -> dict[str, object]:
    return {"id2label": {str(i): label for i, label in enumerate(labels)}}


@pytest.mark.parametrize(
    ("labels", "entailment", "contradiction"),
    [
        (("entailment", "neutral", "contradiction"), 0, 2),
        (("CONTRADICTION", "NEUTRAL", "ENTAILMENT"), 2, 0),
        (("Contradictory", "Entailed", "Neutral"), 1, 0),
        (("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"), 0, 1),
        (("contradicted", "unsupported", "supported"), 2, 0),
        (("entailment", "not_entailment"), 0, None),
        (("NOT-ENTAILMENT", "ENTAILMENT"), 1, None),
        (("unsupported", "supported"), 1, None),
        (("supports", "refutes"), 0, None),
        (("inconsistent", "consistent"), 1, None),
        (("hallucinated", "grounded"), 1, None),
        (("hallucination", "faithful"), 1, None),
        (("contradiction", "entailment"), 1, None),
    ],
)
def test_labels_in_any_order_and_spelling(labels: tuple[str, ...], entailment: int, contradiction: int | None) -> None:
    columns = label_columns(config(*labels), "a-model")
    assert columns == (entailment, contradiction, len(labels))
    rows = columns.probabilities(np.log(np.array([np.arange(1, len(labels) + 1)], np.float32)))
    total = sum(range(1, len(labels) + 1))
    assert rows[0, 0] == pytest.approx((entailment + 1) / total)
    assert rows[0, 2] == pytest.approx(0 if contradiction is None else (contradiction + 1) / total)
    assert rows.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "labels",
    [
        ("LABEL_0", "LABEL_1", "LABEL_2"),
        ("LABEL_0", "LABEL_1"),
        ("positive", "negative"),
        ("entailment", "neutral", "other"),
        ("entailment", "other"),
        ("neutral", "contradiction"),
        ("entailment", "supported"),
        ("entailment", "neutral", "not_entailment"),  # is it a contradiction? It does not say
        ("entailment", "neutral", "contradiction", "unsupported"),
    ],
    ids="|".join,
)
def test_labels_that_do_not_say_it_are_refused(labels: tuple[str, ...]) -> None:
    with pytest.raises(ModelError) as caught:
        label_columns(config(*labels), "a-model")
    line = str(caught.value)
    assert "\n" not in line
    assert all(word in line for word in ("a-model", *labels, "id2label", "not_entailment"))


def test_a_config_without_labels_has_those_of_transformers() -> None:
    with pytest.raises(ModelError, match="LABEL_0, LABEL_1"):
        label_columns({}, "a-model")


def test_one_score_is_refused() -> None:
    with pytest.raises(ModelError, match="no classes"):
        label_columns(config("LABEL_0"), "a-model")
    with pytest.raises(ModelError, match="no classes"):
        label_columns(config("entailment", "neutral", "contradiction") | {"problem_type": "regression"}, "a-model")


def test_labels_that_may_hold_at_once_are_refused() -> None:
    with pytest.raises(ModelError, match="exclude"):
        label_columns(config("supported", "unsupported") | {"problem_type": "multi_label_classification"}, "a-model")


def test_labels_are_numbered_from_nought() -> None:
    with pytest.raises(ModelError, match="numbered 1, 2"):
        label_columns({"id2label": {"1": "entailment", "2": "neutral"}}, "a-model")


def test_a_spelling_means_one_thing() -> None:
    known = [spelling for spellings in SPELLINGS.values() for spelling in spellings]
    assert len(known) == len(set(known))
    assert all(spelling == " ".join(spelling.casefold().split()) and "_" not in spelling for spelling in known)
