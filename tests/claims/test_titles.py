"""Titles that hold a verb: one name, wherever in the sentence they stand."""

import pytest

from groundwire.claims.marked import taken
from groundwire.claims.titles import emphasised

from .test_extract import EXTRACTOR, check, same, streamed


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            '"I Want to Hold Your Hand" is a song by the Beatles.',
            ['"I Want to Hold Your Hand" is a song by the Beatles.'],
        ),
        (
            '"I Want to Hold Your Hand" was released in 1963 and topped the charts.',
            ['"I Want to Hold Your Hand" was released in 1963.', "I Want to Hold Your Hand topped the charts."],
        ),
        (
            'The Beatles wrote "She Loves You" and "I Want to Hold Your Hand" in 1963.',
            ['The Beatles wrote "She Loves You" and "I Want to Hold Your Hand" in 1963.'],
        ),
        (
            '"Catch Me If You Can" is a film by Steven Spielberg, who won an Oscar.',
            ['"Catch Me If You Can" is a film by Steven Spielberg.', "Steven Spielberg won an Oscar."],
        ),
        (
            "*Catch Me If You Can* is a 2002 film that was directed by Steven Spielberg.",
            ["Catch Me If You Can is a 2002 film.", "Catch Me If You Can was directed by Steven Spielberg."],
        ),
        (
            "*They Shoot Horses, Don't They?* is a novel by Horace McCoy.",
            ["They Shoot Horses, Don't They? is a novel by Horace McCoy."],
        ),
        (
            "Horace McCoy wrote *They Shoot Horses, Don't They?* in 1935.",
            ["Horace McCoy wrote They Shoot Horses, Don't They? in 1935."],
        ),
        (
            "The novel _To Kill a Mockingbird_ was published in 1960 and won the Pulitzer Prize.",
            [
                "The novel To Kill a Mockingbird was published in 1960.",
                "The novel To Kill a Mockingbird won the Pulitzer Prize.",
            ],
        ),
        (
            "“Do They Know It’s Christmas?” was recorded in 1984.",
            ["“Do They Know It’s Christmas?” was recorded in 1984."],
        ),
        (
            'In "Guess Who\'s Coming to Dinner", Sidney Poitier plays a doctor.',
            ['In "Guess Who\'s Coming to Dinner", Sidney Poitier plays a doctor.'],
        ),
        (
            'Their second single, "Here Comes the Sun," was written by George Harrison.',
            ['Their second single, "Here Comes the Sun," was written by George Harrison.'],
        ),
        (
            'Anna Berg is a singer. "She Loves You" is her favourite song.',
            ["Anna Berg is a singer.", '"She Loves You" is Anna Berg’s favourite song.'],
        ),
        (
            "Philip Pullman is a writer. *His Dark Materials* sold well.",
            ["Philip Pullman is a writer.", "His Dark Materials sold well."],
        ),
        (
            'Queen performed "We Will Rock You" at Live Aid.',
            ['Queen performed "We Will Rock You" at Live Aid.'],
        ),
    ],
)
def test_a_title_is_one_name(answer: str, expected: list[str]) -> None:
    found = EXTRACTOR.extract(answer)
    assert [claim.text for claim in found] == expected
    assert all(claim.checkable for claim in found)
    check(answer, found)
    assert same(streamed(answer, range(7, len(answer), 7), EXTRACTOR), found)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('"The war is over," said Anna Berg.', ['"The war is over," said Anna Berg.']),
        ("**He was born in Rome** and died in Oslo.", ["He was born in Rome.", "He died in Oslo."]),
        ("*Anna Berg Left Rome.*", ["Anna Berg Left Rome."]),
    ],
)
def test_what_only_looks_like_one_is_read_as_ever(answer: str, expected: list[str]) -> None:
    assert [claim.text for claim in EXTRACTOR.extract(answer)] == expected


def test_only_markup_makes_a_stretch_a_title_without_quotation_marks() -> None:
    answer = "He saw *Let It Be* there."
    assert emphasised(taken(answer, ((0, 7), (8, 17), (18, 25)))) == ((7, 16),)
    assert emphasised(taken(answer.replace("*", ""), ((0, 23),))) == ()
