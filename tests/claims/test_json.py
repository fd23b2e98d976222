"""Values of JSON: each a statement that says whose it is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.claims import complete
from groundwire.model import Claim, Reason

from .test_extract import EXTRACTOR, check


def stated(value: object) -> list[str]:
    return [claim.text for claim in claims(value) if claim.checkable]


def claims(value: object) -> tuple[Claim, ...]:
    answer = json.dumps(value, ensure_ascii=False)
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    return found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # A name holds for what is below it, by the words of the path.
        ({"name": "Acme", "revenue": {"gross": 7}}, "The revenue gross of Acme is 7."),
        ({"title": "North Loop", "fare": {"per_child": 4}}, "The fare per child of North Loop is 4."),
        ({"title": "North Loop: a walk in May", "km": 9}, "North Loop is 9 km."),
        ({"id": 17, "name": "Acme", "seat": "Oslo"}, "The seat of Acme is Oslo."),
        ({"company": "Acme", "seat": "Oslo"}, "The seat of Acme is Oslo."),
        ({"city": "Oslo", "year": 1990}, "The year is 1990."),
        ({"name": "Acme", "sites": {"Oslo": {"staff": 30}}}, "The staff of Oslo is 30."),
        ({"firm": {"report": {"profit": 3}}}, "The report profit of firm is 3."),
        # What a name says itself.
        ({"name": "Acme", "board": {"chair": {"name": "Ann Lee"}}}, "The chair of Acme is Ann Lee."),
        ({"name": "Acme", "brands": [{"name": "Lumo"}, {"name": "Brix"}]}, "The brands of Acme include Brix."),
        ({"country": {"name": "Italy"}}, "The country is Italy."),
        # Items of an array are told apart.
        ({"legs": [{"leg": 1, "from": "Oslo"}, {"leg": 4, "from": "Bergen"}]}, "Leg 4 is from Bergen."),
        ({"legs": [{"from": "Oslo"}, {"from": "Bergen"}]}, "Leg 2 is from Bergen."),
        ({"name": "Loop", "legs": [{"meals": {"noon": "soup"}}]}, "The meals noon of leg 1 of Loop is soup."),
        ([{"country": "Italy", "capital": "Rome"}], "The capital of Italy is Rome."),
        ({"name": "Acme", "colors": ["red", "blue"]}, "The colors of Acme include blue."),
        # Keys that are verbs, prepositions, years or units.
        ({"name": "Loop", "price": {"includes": ["lunch"]}}, "The price of Loop includes lunch."),
        ({"name": "Acme", "founded": 1978}, "Acme was founded in 1978."),
        ({"name": "Acme", "founded": {"year": 1978}}, "Acme was founded in 1978."),
        ({"name": "Ann Lee", "born": "May 3, 1950"}, "Ann Lee was born on May 3, 1950."),
        ({"name": "Acme", "ceo": {"name": "Ann Lee", "since": 2014}}, "Ann Lee has been ceo since 2014."),
        ({"name": "Acme", "profit": {"2023": 5}}, "The profit in 2023 of Acme is 5."),
        ({"name": "Lumo", "price_eur": 129}, "The price of Lumo is 129 EUR."),
        (
            {"name": "Acme", "debt": {"amount": 3, "currency": "EUR million"}},
            "The debt amount of Acme is 3 EUR million.",
        ),
        # True and false.
        ({"name": "Acme", "debt": {"secured": False}}, "The debt of Acme is not secured."),
        ({"name": "Lumo", "in_production": False}, "Lumo is not in production."),
        # Sentences.
        ({"name": "Lumo", "note": "The lamp can be taken off by hand."}, "Lumo: The lamp can be taken off by hand."),
        ({"name": "Lumo", "note": "The Lumo is made of cast iron."}, "The Lumo is made of cast iron."),
    ],
)
def test_a_value_says_whose_it_is(value: object, text: str) -> None:
    assert text in stated(value)


def test_what_states_nothing_is_not_checked() -> None:
    found = claims({"legs": [{"leg": 1, "km": 5}], "sources": ["acme.example"], "next": "Shall I go on with leg 2?"})
    skipped = {claim.pointer: claim.skipped for claim in found}
    assert skipped == {
        "/legs/0/leg": Reason.NOT_A_CLAIM,
        "/legs/0/km": None,
        "/sources/0": Reason.NOT_A_CLAIM,
        "/next": Reason.NOT_A_CLAIM,
    }


def test_a_value_keeps_its_place_and_its_triple() -> None:
    value = {"name": "Acme", "revenue": {"amount": 7.2, "currency": "EUR"}}
    answer = json.dumps(value)
    claim = next(claim for claim in EXTRACTOR.extract(answer) if claim.pointer == "/revenue/amount")
    assert claim.span.of(answer) == "7.2"
    (triple,) = claim.triples
    assert (triple.subject, triple.relation, triple.object) == ("Acme", "revenue amount", "7.2")
    assert triple.object_span == claim.span


_KEYS = st.sampled_from(["name", "title", "day", "days", "from", "founded", "2023", "²", "", "Oslo", "unit", "value"])
_VALUES = st.recursive(
    st.sampled_from(["Oslo", "It is old and it is big.", "", 5, 2.5, True, None]),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(_KEYS, below, max_size=5),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=5) | st.lists(_VALUES, max_size=5))
def test_any_json_is_read_and_read_alike_while_it_grows(value: object) -> None:
    answer = json.dumps(value, ensure_ascii=False) + "\n\nThat is all that we know of Oslo.\n"
    whole = EXTRACTOR.extract(answer)
    check(answer, whole)
    end = complete(answer[:-10])
    before = [claim for claim in EXTRACTOR.extract(answer[:end]) if claim.pointer is not None]
    assert before == [claim for claim in whole if claim.pointer is not None][: len(before)]
