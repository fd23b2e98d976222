import random
from collections import Counter

import numpy as np
import pytest

from groundwire.nli.training import edits
from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, NEUTRAL, UNSUPPORTED, Pair
from groundwire.nli.training.library import Library, subject_key, swap_tail, tail_of
from groundwire.nli.training.mixture import Mixture, Source
from groundwire.nli.training.neighbours import Neighbours
from groundwire.nli.training.synthesis import Workshop

DOCUMENT = (
    "Anna Lind was born in Oslo in 1931.",
    "She moved to Bergen with her brother Karl, who was a painter, after the war.",
    "In 1958, Anna Lind won 12 races for Norway.",
    "Karl Lind was the first painter in the town of Bergen to own a motor boat.",
)
OTHER = (
    "The museum in Lima was opened by Rosa Diaz in March 1990.",
    "It holds 4,500 maps and is not open on Mondays.",
    "Peru paid about 3 million dollars for the collection during the long dispute.",
)


def names(text: str) -> list[tuple[int, int, str]]:
    known = {"Anna Lind": "PERSON", "Karl Lind": "PERSON", "Rosa Diaz": "PERSON", "Oslo": "GPE", "Bergen": "GPE",
             "Lima": "GPE", "Peru": "GPE", "Norway": "GPE"}  # fmt: skip
    return sorted((text.index(n), text.index(n) + len(n), kind) for n, kind in known.items() if n in text)


WORDS = {"war": 0, "races": 1, "matches": 2, "racing": 3, "museum": 4, "palace": 5, "painter": 6, "harvest": 7}
# Cosines after the mean is taken off: close for a word's other forms, middling for its neighbours, low for the rest.
NEIGHBOURS = Neighbours(
    {
        "embeddings.word_embeddings.weight": np.array(
            [[0, 0, 0, 9], [9, 0, 0, 0], [5, 8, 0, 0], [9, 1, 0, 0], [0, 0, 9, 0], [0, -8, 5, 0], [-9, 0, -9, -9],
             [-9, -1, -5, 0]], np.float32
        )
    },
    WORDS,
)  # fmt: skip


@pytest.fixture
def workshop() -> Workshop:
    texts = (*DOCUMENT, *OTHER)
    pool = {"PERSON": ["Anna Lind", "Karl Lind", "Rosa Diaz"], "GPE": ["Oslo", "Bergen", "Lima", "Peru"]}
    tails = [tail for text in texts if (tail := tail_of(text))]
    library = Library([DOCUMENT, OTHER], {t: names(t) for t in texts}, pool, tails, {"Anna Lind": list(DOCUMENT)})
    people = [
        Pair(DOCUMENT[2], "Anna Lind won 12 races.", ENTAILMENT, "people"),
        Pair(OTHER[1], "The museum has no maps.", CONTRADICTION, "people"),
        Pair(OTHER[0], "The museum was costly.", NEUTRAL, "people"),
    ]
    made = {"word_swaps": 0, "tail_swaps": 0, "opposites": 2.0, "negations": 1.2}
    return Workshop(library, [Source("people", people, 1)], 60, frozenset({"people"}), NEIGHBOURS, made)


@pytest.mark.parametrize("maker", ["extracted", "embedded", "summarised"])
def test_makers_are_seeded_and_make_every_label(workshop: Workshop, maker: str) -> None:
    make = getattr(workshop, maker)
    pairs = make(random.Random(1), 300)
    assert pairs == make(random.Random(1), 300)
    assert len(pairs) == 300
    found = Counter(pair.label for pair in pairs)
    assert found[ENTAILMENT] > 40
    assert found[NEUTRAL] + found[CONTRADICTION] + found[UNSUPPORTED] > 100
    assert all(len(pair.premise.split()) <= 75 for pair in pairs)


@pytest.mark.parametrize("maker", ["extracted", "embedded", "summarised"])
def test_what_is_called_wrong_stands_in_the_claim_and_not_in_the_document(workshop: Workshop, maker: str) -> None:
    pairs = getattr(workshop, maker)(random.Random(2), 400)
    marked = [pair for pair in pairs if pair.wrong]
    assert len(marked) > 100
    assert all(pair.label != ENTAILMENT for pair in marked)
    pieces = [(pair, pair.hypothesis[start:end]) for pair in marked for start, end in pair.wrong or ()]
    assert all(piece == piece.strip() != "" for _, piece in pieces)
    # Words beside a gap, and names that changed places, are in the document too.
    strange = [piece for pair, piece in pieces if piece.lower() not in pair.premise.lower()]
    assert len(strange) > 0.5 * len(pieces)


def test_copying_a_sentence_proves_nothing(workshop: Workshop) -> None:
    """Of claims whose words are nearly all in the premise, many must still be false."""
    pairs = [p for p in workshop.extracted(random.Random(2), 400) if _copied(p) > 0.8]
    false = sum(pair.label != ENTAILMENT for pair in pairs)
    assert 0.25 < false / len(pairs) < 0.75


def _copied(pair: Pair) -> float:
    words = pair.hypothesis.lower().strip(".").split()
    return sum(word in pair.premise.lower() for word in words) / len(words)


@pytest.mark.parametrize(
    ("edit", "text", "expected"),
    [
        (edits.drop_opening, "In 1994, Ana won the race.", "Ana won the race."),
        (edits.move_opening, "In 1994, Ana won the race.", "Ana won the race in 1994."),
        (edits.drop_aside, "Ana, who sings, left the old town.", "Ana left the old town."),
        (edits.drop_brackets, "Ana (born 1990) sings in Rome.", "Ana sings in Rome."),
        (edits.restyle_number, "It cost 1,200,000 euros in all.", "It cost 1.2 million euros in all."),
        (edits.restyle_number, "It has twelve large rooms.", "It has 12 large rooms."),
        (edits.negate, "Ana was not in Rome then.", "Ana was in Rome then."),
        (edits.swap_opposite, "It includes the island now.", "It excludes the island now."),
        (edits.overstate, "The bank may close in June.", None),
        (edits.drop_opening, "Ana won the race.", None),
        (edits.swap_number, "Ana won the race.", None),
    ],
)
def test_edits(edit: edits.Edit, text: str, expected: str | None) -> None:
    new = edit(random.Random(0), text)
    if edit is edits.overstate:
        assert new is not None
        assert "may" not in new
    else:
        assert new == expected


@pytest.mark.parametrize("text", ["He has 7 sons here.", "It began in 1914 in Rome.", "It rose by 3.5 percent then.",
                                  "About 12,400 people came here.", "It opened on 3 May 2001 there.",
                                  "The third house is here."])  # fmt: skip
def test_a_swapped_number_is_another_number(text: str) -> None:
    for seed in range(200):
        new = edits.swap_number(random.Random(seed), text)
        assert new is not None
        assert new != text
        assert len(new.split()) == len(text.split())


def test_a_closing_phrase_is_swapped_for_one_of_another_sentence() -> None:
    tails = {"in": ["in gold coins"], "within": ["within 14 days", "within a year"]}
    text = "Refunds are paid within 14 days."
    swapped = {swap_tail(random.Random(seed), text, tails) for seed in range(50)}
    assert swapped == {"Refunds are paid in gold coins.", "Refunds are paid within a year.", None}
    assert swap_tail(random.Random(0), "Refunds are paid.", tails) is None


def test_roles_change_places() -> None:
    text = "Anna Lind met Rosa Diaz in May."
    assert edits.swap_roles(random.Random(0), text, names(text)) == "Rosa Diaz met Anna Lind in May."
    listed = "Anna Lind and Rosa Diaz met in May."
    assert edits.swap_roles(random.Random(0), listed, names(listed)) is None


def test_subject_of_a_claim() -> None:
    assert subject_key("Ben Stiller has won an award.") == "Ben Stiller"
    assert subject_key("nobody knows.") == ""


def test_a_mixture_resumes_anywhere_and_sees_each_pair_once_a_pass() -> None:
    pairs = [Pair("p", str(i), ENTAILMENT, "s") for i in range(10)]
    mixture = Mixture([Source("s", pairs, 4)], {}, 0, seed=3)
    rounds = [mixture.round(i) for i in range(5)]
    assert sorted(p.hypothesis for r in rounds for p in r) == sorted(2 * [str(i) for i in range(10)])
    assert Mixture([Source("s", pairs, 4)], {}, 0, seed=3).round(3) == rounds[3]


def test_a_word_is_swapped_for_a_neighbour_that_the_document_does_not_hold() -> None:
    assert NEIGHBOURS.of("races") == ["matches"]  # "racing" is a form of it
    assert NEIGHBOURS.of("unheard") == []
    claim = "Anna Lind won 12 races for Norway."
    assert NEIGHBOURS.swap(random.Random(1), claim, claim) == "Anna Lind won 12 matches for Norway."
    assert NEIGHBOURS.swap(random.Random(1), claim, claim + " She lost two matches.") is None
