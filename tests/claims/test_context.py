"""Lists, labels and headings: what a line leaves out stands above it."""

import pytest

from groundwire.claims import SpacyExtractor

from .test_extract import EXTRACTOR, check, same, streamed


def stated(answer: str, question: str | None = None) -> list[str]:
    found = EXTRACTOR.extract(answer, question=question)
    check(answer, found)
    if question is None:
        assert same(streamed(answer, range(7, len(answer), 7), SpacyExtractor()), found)
    return [claim.text for claim in found if claim.checkable]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The main cities are:\n- Rome\n- Milan", ["The main cities are Rome.", "The main cities are Milan."]),
        ("Acme offers:\n- Loans\n- Savings accounts", ["Acme offers loans.", "Acme offers savings accounts."]),
        ("Aspirin is used for:\n* Pain\n* Fever", ["Aspirin is used for pain.", "Aspirin is used for fever."]),
        (
            "Aspirin is a drug. It is used for:\n* Pain\n* Fever",
            ["Aspirin is a drug.", "Aspirin is used for pain.", "Aspirin is used for fever."],
        ),
        ("Benefits include the following:\n1. Lower cost\n2. Reducing stress",
         ["Benefits include lower cost.", "Benefits include reducing stress."]),
        ("Side effects may include:\n- Nausea", ["Side effects may include nausea."]),
        ("The members are as follows:\n- Italy\n- French firms",
         ["The members are Italy.", "The members are French firms."]),
        ("Benefits of yoga:\n- Better sleep", ["Benefits of yoga include better sleep."]),
        ("Symptoms:\n- Fever", ["Symptoms include fever."]),
        ("There are three types of muscle:\n- Skeletal muscle",
         ["There are three types of muscle.", "Types of muscle include skeletal muscle."]),
        ("Here are the main benefits of yoga:\n\n- Better sleep", ["Main benefits of yoga include better sleep."]),
        ("Sure, here are some benefits of yoga:\n- Better sleep", ["Benefits of yoga include better sleep."]),
        ("Bo Ek won three awards:\n- The Nobel Prize",
         ["Bo Ek won three awards.", "Bo Ek won three awards: the Nobel Prize."]),
        ("The app lets you:\n- Track your sleep\n- Share data",
         ["The app lets you track your sleep.", "The app lets you share data."]),
        ("With Acme Pay, you can:\n- Send money", ["With Acme Pay, you can send money."]),
        (
            "Acme offers:\n- Loans\n- Insurance for:\n  - Cars\n  - Homes\n- Advice",
            ["Acme offers loans.", "Acme offers insurance for cars.", "Acme offers insurance for homes.",
             "Acme offers advice."],
        ),
        ("The shop sells:\n- Fruit:\n  - Apples\n- Bread",
         ["The shop sells fruit.", "The shop sells fruit: apples.", "The shop sells bread."]),
        ("Acme offers:\n- Loans. They are cheap.\n- Advice",
         ["Acme offers loans.", "They are cheap.", "Acme offers advice."]),
        ("Acme offers:\n- Loans\n\nAdvice", ["Acme offers loans.", "Advice"]),
        ("Benefits include:\n- It is fast.\n- The app is free.", ["It is fast.", "The app is free."]),
    ],
)  # fmt: skip
def test_list_items_complete_their_lead_in(answer: str, expected: list[str]) -> None:
    assert stated(answer) == expected


def test_a_list_item_knows_what_its_lead_in_leaves_open() -> None:
    found = EXTRACTOR.extract("It is used for:\n- Pain")
    assert [(claim.text, claim.unresolved) for claim in found if claim.checkable] == [("It is used for pain.", ("It",))]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("# Rome\n\n- **Population**: 2.8 million", ["The population of Rome is 2.8 million."]),
        ("# Rome\n\n- **Founded:** 753 BC\n- **Official language:** Italian",
         ["Rome was founded in 753 BC.", "The official language of Rome is Italian."]),
        ("# Apple Inc\n\n- **CEO:** Tim Cook\n- **Products:** iPhone, Mac",
         ["The CEO of Apple Inc is Tim Cook.", "The products of Apple Inc are iPhone, Mac."]),
        ("# Marie Curie\n\n- **Born:** 7 November 1867, Warsaw\n- **Died:** 1934",
         ["Marie Curie was born on 7 November 1867, Warsaw.", "Marie Curie died in 1934."]),
        ("# Marie Curie\n\nBorn in Warsaw in 1867.", ["Marie Curie was born in Warsaw in 1867."]),
        ("**Marie Curie**: Born in Warsaw in 1867.", ["Marie Curie was born in Warsaw in 1867."]),
        ("**Marie Curie**: Polish physicist.", ["Marie Curie: Polish physicist."]),
        ("- **Turin**: It is in Piedmont.", ["Turin is in Piedmont."]),
        ("The app is free.\n- **Speed**: It loads quickly.", ["The app is free.", "It loads quickly."]),
        ("# Overview\n\n- **Population**: 2.8 million", ["Population: 2.8 million"]),
        ("# Rome and Milan\n\n- **Population**: 2.8 million", ["Population: 2.8 million"]),
        ("# Rome\n\n- **Tip**: Bring water", ["Tip: Bring water."]),
        ("# Ozempic\n\n## Side effects\n\nIt may cause nausea.", ["Ozempic may cause nausea."]),
    ],
)  # fmt: skip
def test_labels_and_headings_say_of_whom(answer: str, expected: list[str]) -> None:
    assert stated(answer) == expected


def test_the_question_says_of_whom_too() -> None:
    assert stated("- **Population**: 2.8 million", "Tell me about Rome.") == ["The population of Rome is 2.8 million."]
