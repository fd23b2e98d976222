"""Sentences that a parser takes apart wrongly: no claim is made of them that nobody made."""

import pytest

from groundwire.claims import SpacyExtractor

EXTRACTOR = SpacyExtractor()


def checked(answer: str, question: str | None = None) -> list[str]:
    return [claim.text for claim in EXTRACTOR.extract(answer, question=question) if claim.checkable]


def test_things_that_are_counted_side_by_side_are_a_list() -> None:
    answer = "In short: a new editor, one removed option, three fixes."
    assert checked("Smaller files, one new menu, three fixes.") == ["Smaller files, one new menu, three fixes."]
    assert not [claim for claim in checked(answer) if " is " in claim or " are " in claim]


def test_whichever_is_no_relative_pronoun() -> None:
    (claim,) = checked("Late payers owe 4% of the price, or 20 euros, whichever is lower.")
    assert claim == "Late payers owe 4% of the price, or 20 euros, whichever is lower."


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "The hull is insured for eight years and the engine for three.",
            ["The hull is insured for eight years.", "The engine is insured for three years."],
        ),
        (
            "The door is covered for six years and the lock for two, provided that the owner keeps the bill.",
            [
                "The door is covered for six years, provided that the owner keeps the bill.",
                "The lock is covered for two years, provided that the owner keeps the bill.",
            ],
        ),
    ],
)
def test_a_verb_with_a_preposition_is_said_once_for_two(answer: str, expected: list[str]) -> None:
    assert checked(answer) == expected


def test_a_condition_is_no_second_verb() -> None:
    answer = "The tent is sold with poles and the tarp without, provided that stocks last."
    assert not [claim for claim in checked(answer) if claim.startswith("The tarp without")]


def test_what_is_set_off_before_a_second_verb_goes_with_it() -> None:
    answer = "The Lumo 4 weighs 3 kg, folds in ten seconds and, unlike the Lumo 3, has a removable lamp."
    assert checked(answer)[-1] == "Unlike the Lumo 3, the Lumo 4 has a removable lamp."
    assert not [claim for claim in checked(answer)[:-1] if "unlike" in claim.lower()]
    answer = "Acme grew quickly, made lamps and, according to the Times, was sold in 1999."
    assert checked(answer)[-1] == "According to the Times, Acme was sold in 1999."


def test_weather_permitting_stands_by_what_it_limits() -> None:
    answer = "The new bridge was built in May and will open on Friday, weather permitting."
    assert checked(answer) == [
        "The new bridge was built in May.",
        "The new bridge will open on Friday, weather permitting.",
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "## Do not use Ferlin if you\n- are under 12\n- take iron tablets\n- had a fever last week",
            [
                "Do not use Ferlin if you are under 12.",
                "Do not use Ferlin if you take iron tablets.",
                "Do not use Ferlin if you had a fever last week.",
            ],
        ),
        (
            "Do not use Ferlin if you:\n- are allergic to ferlic acid, its active ingredient",
            ["Do not use Ferlin if you are allergic to ferlic acid, its active ingredient."],
        ),
        (
            "Ferlin may cause:\n- dry skin\n- in rare cases:\n  - increased appetite\n  - blurred vision",
            [
                "Ferlin may cause dry skin.",
                "Ferlin may cause in rare cases: increased appetite.",
                "Ferlin may cause in rare cases: blurred vision.",
            ],
        ),
        ("Not suitable for people who:\n- are pregnant", ["Not suitable for people who are pregnant."]),
        (
            "Every landlord must:\n- keep the roof dry\n- not raise the rent twice a year\n- never enter unannounced",
            [
                "Every landlord must keep the roof dry.",
                "Every landlord must not raise the rent twice a year.",
                "Every landlord must never enter unannounced.",
            ],
        ),
    ],
)
def test_items_keep_the_lead_that_they_complete(answer: str, expected: list[str]) -> None:
    assert checked(answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "Anna Berg wrote and directed two films in 1990.",
            ["Anna Berg wrote two films in 1990.", "Anna Berg directed two films in 1990."],
        ),
        ("The firm grinds and polishes stones but does not sell them.", None),
        ("Anna Berg sang and danced in Rome.", ["Anna Berg sang.", "Anna Berg danced in Rome."]),
    ],
)
def test_two_verbs_with_one_object_both_have_it(answer: str, expected: list[str] | None) -> None:
    assert checked(answer) == (expected or [answer])


def test_a_participle_read_as_the_verb_gets_its_auxiliary() -> None:
    assert checked("The Berg Cup, awarded every two years since 2005, goes to a young cook.") == [
        "The Berg Cup was awarded every two years since 2005.",
        "The Berg Cup goes to a young cook.",
    ]


def test_a_relative_clause_is_no_participle() -> None:
    answer = "The Lumo 4 is a bike that Tandem Works, a start-up from Oslo, launched in 2020."
    assert checked(answer) == [
        "The Lumo 4 is a bike that Tandem Works launched in 2020.",
        "Tandem Works is a start-up from Oslo.",
    ]


def test_about_when_is_not_what_something_is() -> None:
    assert checked("It lies by the Salt Gate, the oldest of the city's gates (c. 1240).")[-1] != (
        "The city's gates are c. 1240."
    )
