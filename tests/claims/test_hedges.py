"""What a part that is split off must keep: who says so, and how sure it is."""

import pytest

from .test_extract import EXTRACTOR, check


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The drug may reduce pain and improve sleep.", ["The drug may reduce pain.", "The drug may improve sleep."]),
        (
            "Anna reportedly moved to Rome and married.",
            ["Anna reportedly moved to Rome.", "Reportedly Anna married."],
        ),
        (
            "According to the WHO, cases rose and deaths fell.",
            ["According to the WHO, cases rose.", "According to the WHO, deaths fell."],
        ),
        (
            "According to the WHO, malaria kills people and spreads fast.",
            ["According to the WHO, malaria kills people.", "According to the WHO, malaria spreads fast."],
        ),
        (
            "Cases rose and deaths fell, according to the WHO.",
            ["Cases rose, according to the WHO.", "Deaths fell, according to the WHO."],
        ),
        (
            "According to Smith (2019), the firm was founded in 1999, moved to Rome and closed in 2010.",
            [
                "According to Smith (2019), the firm was founded in 1999.",
                "According to Smith (2019), the firm moved to Rome.",
                "According to Smith (2019), the firm closed in 2010.",
            ],
        ),
        ("Allegedly, Anna stole a car and Bo sold it.", ["Allegedly, Anna stole a car.", "Allegedly, Bo sold it."]),
        ("Anna reportedly stole a car and Bo sold it.", ["Anna reportedly stole a car.", "Bo sold it."]),
        (
            "He has reportedly been arrested, tried and convicted.",
            [
                "He has reportedly been arrested.",
                "Reportedly he has been tried.",
                "Reportedly he has been convicted.",
            ],
        ),
        ("She is probably an actor and a singer.", ["She is probably an actor.", "Probably she is a singer."]),
        (
            "She is reportedly a singer who lives in Rome.",
            ["She is reportedly a singer.", "Reportedly she lives in Rome."],
        ),
        (
            "He reportedly moved to Rome, working as a cook.",
            ["He reportedly moved to Rome.", "Reportedly he worked as a cook."],
        ),
        (
            "He reportedly taught in Oslo before moving to Rome.",
            ["He reportedly taught in Oslo before moving to Rome.", "Reportedly he moved to Rome."],
        ),
        ("By some accounts, Nero sang and played.", ["By some accounts, Nero sang.", "By some accounts, Nero played."]),
        ("He may have moved to Rome and married.", ["He may have moved to Rome.", "He may have married."]),
        (
            "The plan will probably fail and may be stopped.",
            ["The plan will probably fail.", "The plan may be stopped."],
        ),
    ],
)
def test_a_part_that_is_split_off_keeps_the_hedge(answer: str, expected: list[str]) -> None:
    found = EXTRACTOR.extract(answer)
    assert [claim.text for claim in found] == expected
    check(answer, found)


@pytest.mark.parametrize(
    "answer",
    [
        "No refunds are given after 30 days.",
        "No one was hurt.",
        "The drug is not safe and effective.",
        "The drug is no longer safe and effective.",
        "Acme is not a bank and an insurer.",
        "Anna was never a singer and a dancer.",
        "No doctor examined him and signed the form.",
        "Acme can open three shops if it grows, and Beta two.",
    ],
)
def test_a_denial_is_of_the_whole(answer: str) -> None:
    assert [claim.text for claim in EXTRACTOR.extract(answer)] == [answer]


@pytest.mark.parametrize(
    "answer",
    [
        "Some researchers believe that coffee helps and that tea harms.",
        "It is believed that he moved to Rome and married.",
        "He is said to have moved to Rome and married.",
        "Acme is expected to cut costs and raise prices.",
        "Cases rose and deaths fell, the WHO said.",
        "Experts say that coffee helps, but tea harms.",
        "He may be an actor born in 1949.",
        "He is not the man who shot Bo.",
        "He may have moved to Rome, working as a cook.",
        "He may have taught in Oslo before moving to Rome.",
    ],
)
def test_what_is_only_said_or_supposed_stays_with_who_says_so(answer: str) -> None:
    assert [claim.text for claim in EXTRACTOR.extract(answer)] == [answer]
