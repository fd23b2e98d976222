"""The contrast judge over its table: what says the opposite, what says less, and what must be left alone."""

import time

import pytest
from tests.contrast.rows import CONTRADICTED, NOTHING, UNSUPPORTED

from groundwire.contrast import ContrastJudge
from groundwire.contrast.lexicon import NEGATED, SENSES
from groundwire.model import Case, Claim, Evidence, Finding, Label, Span


def found(claim: str, *passages: str) -> Finding:
    case = Case(
        Claim(id="c1", text=claim, span=Span(0, len(claim))),
        tuple(Evidence(source=f"doc {number}", text=passage) for number, passage in enumerate(passages, start=1)),
    )
    (finding,) = ContrastJudge().judge([case])
    return finding


@pytest.mark.parametrize(("claim", "passage"), CONTRADICTED)
def test_the_passage_says_the_opposite(claim: str, passage: str) -> None:
    finding = found(claim, passage)
    assert finding.label is Label.CONTRADICTED, finding.explanation
    assert [evidence.text for evidence in finding.evidence] == [passage]


@pytest.mark.parametrize(("claim", "passage"), UNSUPPORTED)
def test_the_passage_says_less_or_says_it_of_another(claim: str, passage: str) -> None:
    finding = found(claim, passage)
    assert finding.label is Label.UNSUPPORTED, finding.explanation
    assert [evidence.text for evidence in finding.evidence] == [passage]


@pytest.mark.parametrize(("claim", "passage"), NOTHING)
def test_what_is_no_contrast_is_left_alone(claim: str, passage: str) -> None:
    finding = found(claim, passage)
    assert finding.label is Label.UNCHECKED, finding.explanation


def test_the_explanation_quotes_the_passage() -> None:
    finding = found("Shipping costs are refunded too.", "Shipping costs are not refunded.")
    assert finding.explanation == 'The claim says "costs are refunded too" where doc 1 says "costs are not refunded".'
    assert (finding.judge, finding.version, finding.probabilities) == ("contrast", "2", {})
    assert finding.correction is None
    finding = found("Pets are allowed.", "No pets are allowed.")
    assert finding.explanation == 'The claim says "Pets are allowed" where doc 1 says "No pets are allowed".'
    finding = found("The buyer pays the cost.", "The seller pays the cost.")
    assert finding.explanation == 'doc 1 says "The seller pays", and not "The buyer pays".'


def test_the_passage_that_says_it_is_cited_and_no_other() -> None:
    finding = found("Gift cards can be returned.", "We sell gift cards.", "Gift cards cannot be returned.")
    assert [evidence.source for evidence in finding.evidence] == ["doc 2"]


def test_one_passage_that_says_what_the_claim_says_is_enough_to_leave_it_alone() -> None:
    claim, against = "Gift cards can be returned.", "Gift cards cannot be returned."
    assert found(claim, against).label is Label.CONTRADICTED
    assert found(claim, against, "Since May gift cards can be returned.").label is Label.UNCHECKED


def test_the_company_may_be_named_in_the_passage_before() -> None:
    claim = Claim(id="c1", text="Acme lowered its guidance.", span=Span(0, 26))
    first = Evidence(source="news", text="Acme spoke to analysts in May.", span=Span(0, 30))
    second = Evidence(source="news", text="The company raised its guidance.", span=Span(31, 63))
    elsewhere = second.model_copy(update={"source": "other news"})
    (finding,) = ContrastJudge().judge([Case(claim, (second, first))])
    assert finding.label is Label.CONTRADICTED
    (finding,) = ContrastJudge().judge([Case(claim, (elsewhere, first))])
    assert finding.label is Label.UNCHECKED


def test_a_claim_that_is_no_short_statement_is_left_alone() -> None:
    passage = "Gift cards cannot be returned."
    for claim in ("Can gift cards be returned?", "If gift cards can be returned, do so.", "", "!!!", "word " * 500):
        assert found(claim, passage).label is Label.UNCHECKED
    assert found("Gift cards can be returned.").label is Label.UNCHECKED


def test_no_word_stands_on_two_sides_of_a_set() -> None:
    for word, senses in SENSES.items():
        assert len({sense.set for sense in senses}) == len(senses), word
    assert not SENSES.keys() & NEGATED.keys()


def test_cases_are_judged_alone_and_in_order_and_a_deadline_is_kept() -> None:
    pairs = [*CONTRADICTED[:5], *NOTHING[:5], *UNSUPPORTED[:5]]
    cases = [
        Case(Claim(id="c1", text=claim, span=Span(0, len(claim))), (Evidence(source="doc 1", text=passage),))
        for claim, passage in pairs
    ]
    assert ContrastJudge().judge(cases) == [found(*pair) for pair in pairs]
    late = ContrastJudge().judge(cases, deadline=time.monotonic() - 1)
    assert {finding.label for finding in late} == {Label.DEADLINE}


@pytest.mark.parametrize(
    "piece",
    [
        "prices rose ",
        "prices not ",
        "is not it ",
        "up 1 ",
        "no. ",
        ", ",
        "\n",
        "not a b c ",
        "the price may fall. ",
        "x" * 9,
    ],
)
def test_long_texts_take_no_longer_than_they_are(piece: str) -> None:
    claim = "The price of bread and the price of milk did not rise by 3 percent in the month of May in any town at all."

    def seconds(times: int) -> float:
        text = piece * times
        start = time.perf_counter()
        assert found(claim, text).label is not Label.ERROR
        assert found((piece * 30).strip(), text).label is not Label.ERROR
        return time.perf_counter() - start

    seconds(100)
    for _ in range(3):
        if seconds(8000) < 40 * max(seconds(1000), 0.005):
            return
    pytest.fail("eight times the text took more than forty times as long")
