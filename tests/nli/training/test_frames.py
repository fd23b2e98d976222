"""Frames: every one can be filled, what is marked is what is wrong, and nothing is right or wrong by itself."""

import random
import re
from collections import Counter, defaultdict

import pytest

from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, NEUTRAL, UNSUPPORTED, Pair
from groundwire.nli.training.frames import Frames
from groundwire.nli.training.library import Library

LIBRARY = Library([("A ship sank off Peru.", "Nobody was hurt.")], {}, {}, [], {})


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return Frames(LIBRARY).stated(random.Random(1), 6000)


def test_they_are_seeded_and_of_every_label(pairs: list[Pair]) -> None:
    assert Frames(LIBRARY).stated(random.Random(1), 50) == pairs[:50]
    found = Counter(pair.label for pair in pairs)
    assert {label for label, count in found.items() if count > 100} == {ENTAILMENT, NEUTRAL, CONTRADICTION, UNSUPPORTED}
    assert 0.4 < found[ENTAILMENT] / len(pairs) < 0.6


def test_nothing_is_left_unfilled(pairs: list[Pair]) -> None:
    assert [pair for pair in pairs if re.search(r"[{}\[\]]", pair.premise + pair.hypothesis)] == []


def test_what_is_marked_is_in_the_claim(pairs: list[Pair]) -> None:
    marked = [pair for pair in pairs if pair.wrong and pair.label != ENTAILMENT]
    assert len(marked) > 1500
    for pair in marked:
        for start, end in pair.wrong or ():
            assert 0 <= start < end <= len(pair.hypothesis)
            assert pair.hypothesis[start:end].strip()


def test_a_denied_number_is_another_number() -> None:
    found = Frames(LIBRARY).stated(random.Random(3), 4000)
    limits = re.compile(r"more than (\S+) mg of (\w+) a day|No more than (\S+) mg of (\w+) may be taken per day")
    for pair in found:
        if pair.label == CONTRADICTION and (
            claim := re.search(r"maximum daily dose of (\w+) is (\S+) mg", pair.hypothesis)
        ):
            said = [m for m in limits.finditer(pair.premise) if claim[1] in m.groups()]
            assert all(claim[2] not in m.groups() for m in said)


def test_a_claim_is_right_of_one_document_and_wrong_of_another(pairs: list[Pair]) -> None:
    """What a claim says must be looked up: of claims that are met often, most have more than one label."""
    labels = defaultdict(set)
    for pair in pairs:
        shape = re.sub(r"[\d,.$%]+|\b[A-Z]\w+", "#", pair.hypothesis)
        labels[shape].add(pair.label == ENTAILMENT)
    often = Counter(re.sub(r"[\d,.$%]+|\b[A-Z]\w+", "#", pair.hypothesis) for pair in pairs)
    met = [shape for shape, count in often.items() if count >= 15]
    assert len(met) > 50
    assert sum(len(labels[shape]) == 2 for shape in met) > 0.5 * len(met)
