"""The value judge: what it confirms, what it refutes and how it would put that right, and what it leaves alone."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.model import Case, Claim, Evidence, Finding, Label, Piece, Span
from groundwire.values import ValueJudge
from groundwire.values import judge as judge_module

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy


def found(text: str, *passages: str, pieces: tuple[Piece, ...] | None = None) -> Finding:
    claim = Claim(
        id="c1",
        text=text,
        span=Span(0, len(text)),
        pieces=(Piece(0, 0, len(text)),) if pieces is None else pieces,
    )
    evidence = tuple(Evidence(source=f"s{n}", text=passage) for n, passage in enumerate(passages))
    (finding,) = ValueJudge().judge([Case(claim, evidence)])
    assert (finding.judge, finding.version, finding.probabilities) == ("value", "5", {})
    return finding


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Acme was founded in 1994.", "Acme was founded on 3 May 1994 in Leeds."),
        ("The town has 1.2 million inhabitants.", "The town has 1,203,000 inhabitants."),
        ("The tower is 5,000 m high.", "The tower is 5 km high."),
        ("Jazz was popular in the 1990s.", "Jazz was popular in 1994."),
        ("Ann paid $5 for 12 eggs.", "Ann paid $5 for a dozen eggs."),
    ],
)
def test_values_that_agree_are_supported_with_their_passage(claim: str, passage: str) -> None:
    finding = found(claim, "Nothing of the kind.", passage)
    assert finding.label is Label.SUPPORTED
    assert [evidence.source for evidence in finding.evidence] == ["s1"]
    assert finding.correction is None


@pytest.mark.parametrize(
    ("claim", "passage", "old", "new"),
    [
        ("Acme was founded in 1994.", "Acme was founded on 3 May 1995 in Leeds.", "1994", "1995"),
        ("Acme was founded on May 4, 1994.", "Acme was founded on 3 May 1994.", "May 4, 1994", "May 3, 1994"),
        ("Acme was founded on 4 May 1994.", "Acme was founded on 1994-06-03.", "4 May 1994", "3 June 1994"),
        ("Acme began on 1994-05-04.", "Acme began on May 3, 1994.", "1994-05-04", "1994-05-03"),
        ("The loan costs 3.1 % a year.", "The loan costs 5.4 % a year.", "3.1 % a year", "5.4 % a year"),
        ("The tower is 6,000 m high.", "The tower is 5 km high.", "6,000 m", "5,000 m"),
        ("The tower is three miles high.", "The tower is 5 miles high.", "three miles", "five miles"),
        ("The monthly fee is $500.", "The monthly fee is $1,250.50.", "$500", "$1,250.50"),
        ("Revenue rose to $5.2 billion.", "Revenue rose to $4.8 billion.", "$5.2 billion", "$4.8 billion"),
        ("The town has 1.5 million people.", "The town has 1,203,000 people.", "1.5 million", "1.203 million"),
        ("Jefferson was the fourth president.", "Jefferson was the third president.", "fourth", "third"),
        ("Jazz was popular in the 1990s.", "Jazz was popular in 1985.", "1990s", "1980s"),
        ("Seven steps lead up.", "Nine steps lead up.", "Seven", "Nine"),
        ("The sea is -5 °C cold.", "The sea is 2 °C cold.", "-5 °C", "2 °C"),
        ("Einstein was born in 1880.", "Albert Einstein was a physicist. He was born in Ulm in 1879.", "1880", "1879"),
        ("It holds 7 red balls and 5 blue balls.", "It holds 9 red balls and 5 blue balls.", "7", "9"),
        ("The wait is 4 weeks long.", "The wait is 4 days long.", "4 weeks", "4 days"),
        ("The band sold 178 billion records.", "The band sold 178 million records.", "178 billion", "178 million"),
        ("The fine was $20 million.", "The fine was €20 million.", "$20 million", "€20 million"),
        ("The rent is $900 per week.", "The rent is $900 per month.", "$900 per week", "$900 per month"),
        ("The shop opens at 3 pm.", "The shop opens at 16:00.", "3 pm", "16:00"),
        ("The final ended 3-1.", "The final ended 3-2.", "3-1", "3-2"),
        ("Half of the men left.", "30% of the men left.", "Half of", "30% of"),
        ("Sales fell in Q3.", "Sales fell in the second quarter.", "Q3", "Second quarter"),
        ("Rates rose by 50 bps.", "Rates rose by 25 bps.", "50 bps", "25 bps"),
        ("He is 6'2\" tall.", "He is 5'10\" tall.", "6'2\"", "5'10\""),
    ],
)
def test_a_value_that_clashes_is_contradicted_and_put_right_in_its_own_form(
    claim: str, passage: str, old: str, new: str
) -> None:
    finding = found(claim, passage)
    assert finding.label is Label.CONTRADICTED
    assert old in finding.explanation
    assert finding.evidence[0].text == passage
    assert finding.correction is not None
    assert (finding.correction.old, finding.correction.new) == (old, new)
    assert finding.correction.span.of(claim) == old


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Acme is old.", "Acme was founded in 1994."),
        ("Acme was founded in 1994.", "Bolt was founded in 1995."),
        ("Acme was founded in 1994.", "Acme was sold in 1995."),
        ("Acme was founded in 1994.", "Acme was founded in 1995. Its shop in Leeds opened in 1994."),
        ("Acme was founded in 1994.", "Acme was not founded in 1995."),
        ("Acme was not founded in 1994.", "Acme was founded in 1995."),
        ("Acme was founded on 3 May 1994.", "Acme was founded in 1994."),
        ("He scored 124 goals for Milan.", "He scored the winner to make it five wins in a row for Milan."),
        ("The game was released after 2005.", "The game was released in 2008 and again in 2011."),
        ("More than 500 people came.", "The first 490 people who came left early."),
        ("The fee is $500.", "The fee is 450 euros."),
        ("The ship has 4 masts.", "The ship has 3 masts. The ship has 5 masts."),
        ("Acme was founded in 1994.", ""),
    ],
)
def test_what_is_not_beyond_doubt_is_never_contradicted(claim: str, passage: str) -> None:
    assert found(claim, passage).label in (Label.UNCHECKED, Label.SUPPORTED, Label.UNSUPPORTED)
    assert found(claim, passage).correction is None


def test_a_value_that_stands_nowhere_is_unsupported() -> None:
    for claim in ("Refunds take 90 days.", "The fee is $90.", "The share is 90 %.", "The town has 90,000 inhabitants."):
        finding = found(claim, "Refunds are paid within 14 days.")
        assert finding.label is Label.UNSUPPORTED
        assert "90" in finding.explanation
    # What a claim may count or round for itself, and a date, which may stand above the passage.
    for claim in ("Three towns have a fair.", "About 90 people came.", "He came in 1990.", "He won 80 to 90 games."):
        assert found(claim, "Refunds are paid within 14 days.").label is Label.UNCHECKED


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("More than 500 guests came.", "The 490 guests came."),
        ("The fee is $300.", "The fee is at least $400."),
        ("The site gets 2 million visitors every month.", "The site gets 2 million visitors every year."),
        ("The course takes 7 to 9 days.", "The course takes 3 to 5 days."),
    ],
)
def test_no_correction_where_one_number_in_place_of_another_is_not_enough(claim: str, passage: str) -> None:
    assert found(claim, passage).label is Label.CONTRADICTED
    assert found(claim, passage).correction is None


def test_a_date_that_can_be_read_two_ways_says_so() -> None:
    finding = found("Acme was founded on 3/4/2021.", "Acme was founded on 3 April 2021.")
    assert finding.label is Label.UNCHECKED
    assert "more than one way" in finding.explanation


def test_supported_means_every_value() -> None:
    finding = found("Ann sold 12 eggs in 1994.", "Ann sold 12 eggs at the market.")
    assert finding.label is Label.UNCHECKED


def test_no_correction_where_the_words_are_not_the_answers_own() -> None:
    finding = found("Acme was founded in 1994.", "Acme was founded in 1995.", pieces=(Piece(0, 0, 4),))
    assert finding.label is Label.CONTRADICTED
    assert finding.correction is None


def test_the_correction_stands_where_the_answer_has_the_words() -> None:
    finding = found("Acme was founded in 1994.", "Acme was founded in 1995.", pieces=(Piece(4, 100, 21),))
    assert finding.correction is not None
    assert finding.correction.span == Span(116, 120)


def test_a_table_of_values_is_left_unchecked_in_linear_time() -> None:
    start = time.process_time()
    assert found("5 km and " * 10_000, "It is 5 km, " * 10_000).label is Label.UNCHECKED
    assert found("It is 5 km long.", "It is 5 km long, " * 10_000).label is Label.UNCHECKED
    assert time.process_time() - start < 10.0


def test_a_failure_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(judge_module, "read_sentence", broken)
    finding = found("Acme was founded in 1994.", "Acme was founded in 1995.")
    assert finding.label is Label.ERROR
    assert "secret" not in finding.explanation


def test_one_finding_a_case_in_order_whatever_else_is_asked() -> None:
    claims = [Claim(id="c1", text=f"The mast is {n} m high.", span=Span(0, 22)) for n in (5, 6, 7)]
    evidence = (Evidence(source="s", text="The mast is 6 m high."),)
    together = ValueJudge().judge([Case(claim, evidence) for claim in claims])
    assert together == [ValueJudge().judge([Case(claim, evidence)])[0] for claim in claims]
    assert [finding.label for finding in together] == [Label.CONTRADICTED, Label.SUPPORTED, Label.CONTRADICTED]


def test_after_the_deadline_nothing_is_compared() -> None:
    cases = [Case(Claim(id="c1", text="It is 5 m high.", span=Span(0, 15)), (Evidence(source="s", text="It is 5 m."),))]
    assert ValueJudge().judge(cases, deadline=time.monotonic() - 1)[0].label is Label.DEADLINE
    assert ValueJudge().judge(cases, deadline=time.monotonic() + 60) == ValueJudge().judge(cases)


@ANY_SPEED
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_judged_without_an_error(claim: str, passage: str) -> None:
    finding = found(claim, passage)
    assert finding.label is not Label.ERROR
    if finding.correction:
        assert finding.correction.span.of(claim) == finding.correction.old
