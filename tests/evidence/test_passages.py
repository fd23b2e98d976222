"""Passages: exact spans, nothing dropped, nothing too long, linear."""

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.evidence.passages import MOST_CHARACTERS, MOST_WORDS, passages
from groundwire.evidence.sentences import Shape, sentences

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy

TEXTS = st.text(alphabet=st.sampled_from("aB1 .!?\n\t|:-#*`\"')。é\u2028\x00"), max_size=400) | st.text(max_size=200)


def texts_of(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


@ANY_SPEED
@given(TEXTS)
def test_sentences_hold_every_character_once_and_in_order(text: str) -> None:
    last = 0
    for sentence in sentences(text):
        assert last <= sentence.start < sentence.end <= len(text)
        assert not text[last : sentence.start].strip()
        last = sentence.end
    assert not text[last:].strip()


@ANY_SPEED
@given(TEXTS)
def test_passages_hold_every_character_and_keep_their_size(text: str) -> None:
    covered = bytearray(len(text))
    for passage in passages(text):
        assert 0 <= passage.start < passage.end <= len(text)
        assert len(text[passage.start : passage.end].split()) <= MOST_WORDS
        covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
    assert not "".join(c for c, seen in zip(text, covered, strict=True) if not seen).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith paid $1.5 million. He left.", ["Dr. Smith paid $1.5 million.", "He left."]),
        ("J. R. Ewing came in at 5 p.m. on Monday. Why?", ["J. R. Ewing came in at 5 p.m. on Monday.", "Why?"]),
        ('She said "Stop!" Then she left.', ['She said "Stop!"', "Then she left."]),
        ("# Rates\nThe rate is 5 %.\n- one\n- two", ["# Rates", "The rate is 5 %.", "- one", "- two"]),
        ("| a | b |\n| 1 | 2 |", ["| a | b |", "| 1 | 2 |"]),
        ("Ann: Hello there.\nBob: Good day.", ["Ann: Hello there.", "Bob: Good day."]),
        (
            "This line is hard-wrapped by whoever typed it in\nand goes on here. Next.",
            ["This line is hard-wrapped by whoever typed it in\nand goes on here.", "Next."],
        ),
        ("东京是首都。大阪不是。", ["东京是首都。", "大阪不是。"]),
        ("1. Open the box. 2. Close it.", ["1. Open the box.", "2. Close it."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


def test_fenced_code_is_not_cut_into_sentences() -> None:
    found = list(sentences("Look:\n```\nx = 1. Y = 2.\n```\nDone."))
    assert [s.shape for s in found] == [Shape.FIELD, Shape.CODE, Shape.CODE, Shape.CODE, Shape.SENTENCE]


def test_a_passage_overlaps_the_one_before_and_never_crosses_a_heading() -> None:
    words = " ".join(["word"] * 17)
    text = "# One\n" + " ".join(f"A{n} {words}." for n in range(6)) + "\n# Two\nLast " + words + "."
    found = [text[p.start : p.end] for p in passages(text)]
    assert all("# Two" not in passage or passage.startswith("# Two") for passage in found)
    assert any(f"A{n} " in first and f"A{n} " in second for first, second in pairwise(found) for n in range(6))


def test_what_stands_under_a_heading_is_about_it() -> None:
    text = "# Refunds\n" + " ".join(f"Sentence number {n} is here with a few more words in it." for n in range(9))
    under = [p for p in passages(text) if p.start > 0]
    assert under
    assert all(text[slice(*p.about[0])] == "# Refunds" for p in under)


def test_a_long_sentence_is_cut_into_overlapping_parts() -> None:
    text = " ".join(f"w{n}" for n in range(500))
    found = list(passages(text))
    assert len(found) > 3
    assert all(b.start < a.end for a, b in pairwise(found))
    assert all(len(text[p.start : p.end].split()) <= MOST_WORDS for p in found)


def test_text_without_spaces_is_cut_by_characters() -> None:
    text = "x" * 5000
    found = list(passages(text))
    assert all(p.end - p.start <= MOST_CHARACTERS for p in found)
    assert found[-1].end == 5000


@pytest.mark.parametrize(
    "piece", ["." * 99 + "a", "a. ", "(", "\n", "a:", "- ", "| ", "`", "1.", '."', "。", "# ", "a b\n"]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    for _ in passages(text):
        pass
    assert time.process_time() - start < 5.0
