"""An answer that grows: what is said to be finished never changes, and is said soon."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundwire.claims import Growing, complete
from groundwire.claims.segments import Segment, segments

from .answers import LONG, MADE_UP, RECORDED, WORDED


def described(found: list[Segment]) -> list[tuple[object, ...]]:
    return [
        (s.sort, s.words.text, s.start, s.end, s.row and s.row.text, s.header and s.header.text, s.leaf) for s in found
    ]


def check_prefixes(answer: str) -> None:
    whole = described(list(segments(answer)))
    last = 0
    growing = Growing()
    for end in range(1, len(answer) + 1):
        n = complete(answer[:end])
        assert last <= n <= end
        if n > last:
            assert described(list(segments(answer[:n]))) == [s for s in whole if int(str(s[2])) < n]
        assert growing.feed(answer[end - 1]) == n
        last = n


@pytest.mark.parametrize("answer", RECORDED)
def test_prefixes_of_real_answers_agree_with_the_whole(answer: str) -> None:
    check_prefixes(answer)


@settings(max_examples=400, deadline=None)
@given(MADE_UP | WORDED)
@example("[. . ](u)")
@example("$$Rome: It is old. $$\n```\n")
@example("\\[Rome is old. It is. \\]\nAnd")
@example('{"' + "k" * 400 + '": [' + "1, " * 120 + "2]}")
@example("$$. $$\n")
@example("\\[. x \\]\n")
def test_prefixes_of_made_up_answers_agree_with_the_whole(answer: str) -> None:
    check_prefixes(answer)


@settings(max_examples=60, deadline=None)
@given(LONG, st.integers(70, 700))
@example(")“Dr. \nword ”" * 81, 70)
@example("(a " * 163 + ". Anna Berg " + "](u)" * 163, 61)
@example("**\t" * 393, 22)
def test_prefixes_of_long_sentences_agree_with_the_whole(answer: str, step: int) -> None:
    whole = described(list(segments(answer)))
    last = 0
    for end in range(step, len(answer) + 1, step):
        n = complete(answer[:end])
        assert last <= n <= end
        if n > last:
            assert described(list(segments(answer[:n]))) == [s for s in whole if int(str(s[2])) < n]
        last = n


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from('abA .\n!?"()[]*`|-#1{}:,\\<>'), max_size=120))
def test_prefixes_of_noise_agree_with_the_whole(answer: str) -> None:
    check_prefixes(answer)


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("One is here. Two", "One is here."),
        ("One is here.\n", "One is here."),
        ("One is here. ", ""),
        ("One is here.", ""),
        ("He met Dr. Sm", ""),
        ("It costs 3.", ""),
        ("Wait... and", ""),
        ("1. First", ""),
        ("1. First is it.\n2", "1. First is it."),
        ('He said "I came. I saw', ""),
        ("It (he said. And", ""),
        ("See `a. B", "See `a."),
        ("```\ncode. More\n\nmore", ""),
        ("```\ncode\n```\n", "```\ncode\n```"),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|"),
        ("```1. `\n", ""),
        ("# Head", ""),
        ("# Head\n", "# Head"),
        ('He left." Then', 'He left."'),
        ('{"a": "b. C", ', ""),
    ],
)
def test_what_is_finished(text: str, finished: str) -> None:
    assert text[: complete(text)] == finished


def test_reading_a_long_block_again_is_not_done_for_every_token() -> None:
    growing = Growing()
    growing.feed("```\n")
    for _ in range(20_000):
        growing.feed("x = 1\n")
    assert growing.end == 0
    assert growing.feed("```\n" + "y" * 20_000 + ". Then\n\n") > 0


def test_a_long_sentence_does_not_hold_up_the_answer() -> None:
    growing = Growing()
    assert growing.feed("one thing and another, " * 90) > 1000
    assert growing.feed("and more, " * 1000) > 8000


def test_a_long_answer_is_read_once() -> None:
    growing, fed = Growing(), 0
    for _ in range(3_000):
        fed += len("This is a sentence. \n\n")
        assert fed - 3 <= growing.feed("This is a sentence. \n\n") <= fed


def test_json_is_json_only_where_it_opens_the_answer() -> None:
    growing = Growing()
    growing.feed("It is this.\n\n")
    assert growing.feed('{"a": "b is. C') == len('It is this.\n\n{"a": "b is.') or growing.end == len("It is this.")
