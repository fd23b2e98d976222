"""New words take the form of the old."""

import pytest

from groundwire.model import Span
from groundwire.rewrite.form import fitted, sounds_like_vowel


def replaced(answer: str, old: str, new: str) -> str:
    start = answer.index(old)
    words = fitted(answer, Span(start, start + len(old)), new)
    return answer[: words.span.start] + words.new + answer[words.span.end :]


@pytest.mark.parametrize(
    ("answer", "old", "new", "expected"),
    [
        ("He drives an Audi.", "Audi", "BMW", "He drives a BMW."),
        ("He drives a BMW.", "BMW", "Audi", "He drives an Audi."),
        ("He drives a BMW.", "BMW", "Ford", "He drives a Ford."),
        ("An Audi is parked.", "Audi", "Ford", "A Ford is parked."),
        ("It is an **Audi**.", "Audi", "BMW", "It is a **BMW**."),
        ("It is an 8-day trip.", "8-day", "7-day", "It is a 7-day trip."),
        ("It is a 7-day trip.", "7-day", "11-day", "It is an 11-day trip."),
        ("She takes vitamin A daily.", "daily", "often", "She takes vitamin A often."),
        ("The rate is 3 %.", "3 %", "4 %", "The rate is 4 %."),
        ("Blue is the sky.", "Blue", "grey", "Grey is the sky."),
        ("- Blue is the sky.", "Blue", "grey", "- Grey is the sky."),
        ("**Blue** is the sky.", "Blue", "grey", "**Grey** is the sky."),
        ("The colour Blue is nice.", "Blue", "grey", "The colour grey is nice."),
        ("It rained. Blue is the sky.", "Blue", "grey", "It rained. Grey is the sky."),
        ("It is **blue**.", "**blue**", "grey", "It is **grey**."),
        ("It is `v1`.", "`v1`", "v2", "It is `v2`."),
        ("He works at Shell.", "Shell", "Apple Inc.", "He works at Apple Inc."),
        ("He works at Shell, too.", "Shell", "Apple Inc.", "He works at Apple Inc., too."),
    ],
)
def test_new_words_take_the_form_of_the_old(answer: str, old: str, new: str, expected: str) -> None:
    assert replaced(answer, old, new) == expected


@pytest.mark.parametrize("words", ["apple", "hour", "honest man", "umbrella", "8", "11", "18", "80", "FBI", "MRI"])
def test_an(words: str) -> None:
    assert sounds_like_vowel(words)


@pytest.mark.parametrize("words", ["pear", "university", "European", "one", "user", "7", "12", "110", "BMW", "UN vote"])
def test_a(words: str) -> None:
    assert not sounds_like_vowel(words)


def test_the_article_before_the_floor_is_out_of_reach() -> None:
    assert fitted("an Audi", Span(3, 7), "BMW", floor=3).span == Span(3, 7)
