"""Clauses in atoms: lists, times and places one by one; what belongs together stays together."""

import pytest

from groundwire.claims import SpacyExtractor
from groundwire.claims.verbs import past, third_person

EXTRACTOR = SpacyExtractor(granularity="atomic")


def claims(answer: str) -> list[str]:
    return [claim.text for claim in EXTRACTOR.extract(answer)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "The drug reduces pain, fever and inflammation.",
            ["The drug reduces pain.", "The drug reduces fever.", "The drug reduces inflammation."],
        ),
        (
            "He has appeared in numerous films, television shows, and theater productions.",
            [
                "He has appeared in numerous films.",
                "He has appeared in television shows.",
                "He has appeared in theater productions.",
            ],
        ),
        (
            "He is known for his distinctive looks and deep gravelly voice.",
            ["He is known for his distinctive looks.", "He is known for his deep gravelly voice."],
        ),
        ("Rome and Milan are in Italy.", ["Rome is in Italy.", "Milan is in Italy."]),
        (
            "Anna and Bo visited Rome and Milan in 1990.",
            [
                "Anna visited Rome in 1990.",
                "Bo visited Rome in 1990.",
                "Anna visited Milan in 1990.",
                "Bo visited Milan in 1990.",
            ],
        ),
        (
            "Lanny Flaherty was born on December 18, 1949, in Pensacola, Florida.",
            ["Lanny Flaherty was born on December 18, 1949.", "Lanny Flaherty was born in Pensacola, Florida."],
        ),
        (
            "The company opened offices in London and Paris in 2005.",
            [
                "The company opened offices in London.",
                "The company opened offices in Paris.",
                "The company opened offices in 2005.",
            ],
        ),
        (
            "Itote died of a stroke in April 1993 at the age of 71.",
            ["Itote died of a stroke in April 1993.", "Itote died at the age of 71."],
        ),
        (
            'On television, he has appeared in shows such as "Law & Order," "The Sopranos," and "The Leftovers."',
            [
                'On television, he has appeared in shows such as "Law & Order".',
                'On television, he has appeared in shows such as "The Sopranos".',
                'On television, he has appeared in shows such as "The Leftovers."',
            ],
        ),
        (
            "He has appeared in Piccadilly (1929), The Toll of the Sea (1922), and Shanghai Express (1932).",
            [
                "He has appeared in Piccadilly (1929).",
                "He has appeared in The Toll of the Sea (1922).",
                "He has appeared in Shanghai Express (1932).",
            ],
        ),
        (
            "Carvalho played in Brazil before moving to Moscow in 2005, scoring one goal.",
            [
                "Carvalho played in Brazil.",
                "Carvalho played before moving to Moscow in 2005.",
                "Carvalho moved to Moscow in 2005.",
                "Carvalho scored one goal.",
            ],
        ),
        (
            "After being elected in 2001, she served two terms.",
            ["She was elected in 2001.", "After being elected in 2001, she served two terms."],
        ),
        (
            "The film was directed by Lee and starring Anna Berg and Sam Holt.",
            ["The film was directed by Lee.", "The film starred Anna Berg.", "The film starred Sam Holt."],
        ),
        (
            "Carl Holt (September 24, 1893 – April 6, 1966) was a Finnish runner.",
            ["Carl Holt was born on September 24, 1893.", "Carl Holt died on April 6, 1966.",
             "Carl Holt was a Finnish runner."],
        ),
        (
            "Kang Ji-hwan (born Jo Tae-gyu on March 20, 1977) is a South Korean actor.",
            ["Kang Ji-hwan was born Jo Tae-gyu on March 20, 1977.", "Kang Ji-hwan is a South Korean actor."],
        ),
        (
            "Berg became involved in the movement in the 1980s and founded a group in 1988.",
            ["Berg became involved in the movement in the 1980s.", "Berg founded a group in 1988."],
        ),
        ("She is a Swedish golfer, who won twice.", ["She is a Swedish golfer.", "The Swedish golfer won twice."]),
    ],
)  # fmt: skip
def test_each_thing_is_stated_once(answer: str, expected: list[str]) -> None:
    assert sorted(claims(answer)) == sorted(expected)


@pytest.mark.parametrize(
    "answer",
    [
        "War and Peace was written by Tolstoy.",
        "He wrote War and Peace.",
        "He did not visit Rome and Milan.",
        "You can pay with cash or card.",
        "If it rains, he visits Rome and Milan.",
        "Only Rome and Milan have a metro.",
        "The distance between Rome and Milan is 477 km.",
        "It is a mixture of sand and clay.",
        "Germany and France signed the treaty in 1963.",
        "Anna Berg and Tom Holt are actors.",
        "He lives in Bosnia and Herzegovina.",
        "The table is 3 feet and 4 inches long.",
        "He sold 3 million copies in 1990 in France.",
        "Sales were higher in 1990 in France.",
        "She is the publisher and director of the paper.",
        "They treated him with 5 mg for 3 days.",
        "The minister said that Rome and Milan grew.",
        "She would have died before reaching Rome.",
        "He was injured and recovering.",
        "No employees and managers were paid in Oslo.",
        "Few doctors and nurses were paid in Oslo.",
        "Hardly any trains and buses run in Oslo.",
        "Nobody sang in Oslo in 2010.",
        "If it rains, he does not eat, and sleeps.",
        "The Battle of Rome (June 6, 1944 – August 25, 1944) was a battle of the war.",
        "Breaking Bad (2008–2013) is a series about a teacher.",
        "The Beatles (1960–1970) was a band of a singer.",
    ],
)
def test_what_belongs_together_stays_together(answer: str) -> None:
    assert claims(answer) == [answer]


def test_things_that_belong_to_each_other_are_paired() -> None:
    assert claims("Rome and Oslo lie in Italy and Norway, respectively.") == [
        "Rome lies in Italy.",
        "Oslo lies in Norway.",
    ]


def test_an_atom_owns_the_words_that_only_it_says() -> None:
    answer = "Anna Berg sang in Oslo and Bergen."
    first, second = EXTRACTOR.extract(answer)
    assert (first.span.of(answer), second.span.of(answer)) == (answer, "Bergen")
    assert [(t.subject, t.relation, t.object) for t in second.triples] == [("Anna Berg", "sang in", "Bergen")]


def test_a_list_of_hundreds_stays_whole() -> None:
    answer = "The shop sells " + ", ".join(f"tool{n}" for n in range(200)) + " and nails."
    assert len(claims(answer)) < 10


@pytest.mark.parametrize(
    ("gerund", "expected"),
    [
        ("earning", "earned"), ("moving", "moved"), ("planning", "planned"), ("studying", "studied"),
        ("playing", "played"), ("agreeing", "agreed"), ("winning", "won"), ("becoming", "became"), ("dying", "died"),
        ("retiring", "retired"), ("focusing", "focused"), ("Leaving", "left"),
    ],
)  # fmt: skip
def test_past(gerund: str, expected: str) -> None:
    assert past(gerund) == expected


@pytest.mark.parametrize(
    ("verb", "expected"),
    [("live", "lives"), ("carry", "carries"), ("are", "is"), ("have", "has"), ("teach", "teaches"), ("play", "plays")],
)
def test_third_person(verb: str, expected: str) -> None:
    assert third_person(verb) == expected


def test_a_bracket_in_a_short_answer_is_not_left_out() -> None:
    (claim,) = EXTRACTOR.extract("Anna Berg (born May 3, 1950) of Norway.", question="Who won the race?")
    assert "born May 3, 1950" in claim.text
