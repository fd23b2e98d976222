"""What JSON affirms and denies: statements that a source can have otherwise."""

import pytest

from groundwire.model import Claim, Reason

from .test_extract import EXTRACTOR, check


def claims(answer: str) -> list[Claim]:
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    return list(found)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('{"fare": {"refundable": true}}', "The fare is refundable."),
        ('{"fare": {"refundable": false}}', "The fare is not refundable."),
        ('{"fare": {"isRefundable": false}}', "The fare is not refundable."),
        ('{"fare": {"refundable": "No"}}', "The fare is not refundable."),
        ('{"tickets": {"is_valid": true}}', "The tickets are valid."),
        ('{"hotel": {"has_pool": false}}', "The hotel has no pool."),
        ('{"hotel": {"wifi": true}}', "The hotel has wifi."),
        ('{"hotel": {"breakfast_included": false}}', "The breakfast of the hotel is not included."),
        ('{"hotel": {"pets_allowed": true}}', "The pets of the hotel are allowed."),
        ('{"hotel": {"accepts_cards": false}}', "The hotel does not accept cards."),
        ('{"tickets": {"includes_meal": true}}', "The tickets include meal."),
        ('{"can_fly": false, "name": "Tux"}', "Tux can not fly."),
        ('{"pool": false}', "There is no pool."),
        ('{"deposit required": true}', "Deposit is required."),
    ],
)
def test_a_truth_value_is_a_statement(answer: str, text: str) -> None:
    claim = claims(answer)[0]
    assert (claim.text, claim.skipped, claim.unresolved) == (text, None, ())
    assert claim.pointer


def test_its_place_is_the_value_and_none_of_its_words_can_be_replaced() -> None:
    answer = '{"fare": {"refundable": true}}'
    (claim,) = claims(answer)
    assert claim.span.of(answer) == "true"
    assert (claim.pieces, claim.triples) == ((), ())


def test_each_object_of_a_list_has_its_own() -> None:
    found = claims('[{"name": "A", "paid": true}, {"name": "B", "paid": false}]')
    assert [claim.text for claim in found if "paid" in claim.text] == ["A is paid.", "B is not paid."]


def test_where_nobody_is_named_the_claim_says_so() -> None:
    (claim,) = claims('{"refundable": false}')
    assert (claim.text, claim.unresolved) == ("It is not refundable.", ("It",))


def test_in_a_list_it_is_a_value_like_others() -> None:
    assert [claim.text for claim in claims('{"flags": [true]}')] == ["The flags are true."]


def test_a_null_states_nothing_and_the_report_says_so() -> None:
    (claim,) = claims('{"fare": {"note": null}}')
    assert (claim.text, claim.skipped, claim.pointer) == ("null", Reason.NOT_A_CLAIM, "/fare/note")
