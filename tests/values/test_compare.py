"""Comparing values: the precision of the claim decides."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.values import compare

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy


@pytest.mark.parametrize(
    ("claimed", "known", "expected"),
    [
        ("in 1994", "3 May 1994", True),
        ("May 1994", "1994-05-03", True),
        ("3 May 1994", "1994", None),
        ("1994-05-03", "May 4, 1994", False),
        ("July 4", "4 July 1776", True),
        ("July 5", "4 July 1776", False),
        ("the 1990s", "1994", True),
        ("1994", "the 1990s", None),
        ("the 1980s", "1994", False),
        ("the 19th century", "1850", True),
        ("3/4/2021", "2021-04-03", None),
        ("3/4/2021", "2021-05-03", False),
        ("44 BC", "43 BC", False),
        ("after 1990", "1994", True),
        ("after 1994", "1990", False),
        ("before 1990", "1994", False),
        ("1994", "before 1996", None),
        ("1990–1995", "1990-1995", True),
        ("1992", "1990–1995", None),
        ("1.2 million", "1,203,000", True),
        ("about 1.2 million", "1203456", True),
        ("1.5 million", "1,203,000", False),
        ("1,203,000", "1.2 million", None),
        ("1,200,000", "1,203,456", None),
        ("three", "3", True),
        ("3", "4", False),
        ("more than 500", "512", True),
        ("more than 500", "490", False),
        ("more than 500", "50,000", None),
        ("600", "more than 500", None),
        ("400", "more than 500", False),
        ("up to 500", "512", False),
        # "More than" is strict, "at least" is not; what is round may have been rounded.
        ("more than 1,002", "1002", False),
        ("over 1,002", "1002", False),
        ("in excess of 1,002", "1002", False),
        ("exceeding 1,002", "1002", False),
        ("less than 1,002", "1002", False),
        ("fewer than 1,002", "1002", False),
        ("under 1,002", "1002", False),
        ("at least 1,002", "1002", True),
        ("at most 1,002", "1002", True),
        ("up to 1,002", "1002", True),
        ("no more than 1,002", "1002", True),
        ("no fewer than 1,002", "1002", True),
        ("not exceeding 1,002", "1002", True),
        ("1,002 or more", "1002", True),
        ("1,002+", "1002", True),
        ("more than 500", "500", None),
        ("more than 10.5", "10.5", None),
        ("more than five", "5", False),
        ("no more than 5", "6", False),
        ("not more than 5", "4", True),
        ("no fewer than 5", "4", False),
        ("not less than 5", "6", True),
        # The same where the limit is what is known.
        ("1,002", "more than 1002", False),
        ("1,002", "fewer than 1002", False),
        ("1,002", "at least 1002", None),
        ("1,002", "at most 1002", None),
        ("500", "more than 500", None),
        ("4", "no fewer than 5", False),
        # And where both are limits.
        ("more than 1,002", "at least 1002", None),
        ("at least 1,002", "more than 1002", True),
        ("fewer than 1,002", "at most 1002", None),
        ("at most 1,002", "fewer than 1002", True),
        ("more than 1,002", "over 1002", True),
        ("more than 500", "less than 500", None),
        ("more than 500", "up to 800", None),
        ("at least 5", "at most 5", None),
        ("by 1950", "1950", True),
        ("no later than 1950", "1950", True),
        ("before 1950", "1950", None),
        ("after 1950", "1951", True),
        ("5 to 10 km", "7 km", True),
        ("5 to 10 km", "12 km", False),
        ("5 km", "5,000 m", True),
        ("5 km", "6,000 m", False),
        ("6 feet", "183 cm", True),
        ("20 °C", "68 °F", True),
        ("60 months", "5 years", True),
        ("5 kg", "5 km", None),
        ("1,533", "1533.0", True),
        ("1,533 m", "1533.0", True),
        ("12%", "12 percent", True),
        ("12%", "13%", False),
        ("$5", "6 euros", None),
        ("$5", "5 euros", False),
        ("A$5", "$5", True),
        ("5 million pounds", "$5 million", False),
        ("$900 a month", "$10,800 a year", True),
        ("$900 a month", "$900 a year", False),
        ("$900", "$10,800 a year", None),
        ("3 pm", "15:00", True),
        ("3 pm", "3 am", False),
        ("2:15 pm", "at 2:15", True),
        ("3 pm EST", "3 pm GMT", None),
        ("3-1", "1-3", None),
        ("3-1", "3-2", False),
        ("half of", "47 %", True),
        ("half of", "30 %", False),
        ("Q2", "second quarter", True),
        ("25 bps", "0.25 percentage points", True),
        ("180 °C", "350 °F", None),
        ("6'2\"", "188 cm", True),
        ("44 BC", "44 AD", False),
        ("at least 18", "at least 21", False),
        ("more than 500", "more than 512", True),
        ("80 to 100 km", "90 to 100 km", False),
        ("7 to 9 km", "6 to 10 km", None),
        ("2010-2016", "2010-2015", False),
        ("$5 million", "$5,012,000", True),
        ("third", "3rd", True),
        ("third", "4th", False),
        ("Sydney", "Canberra", None),
        ("Apollo 11", "Apollo 12", None),
        ("", "5", None),
        ("5 and 6", "5", None),
        ("1994", "1994 people", None),
    ],
)
def test_compare(claimed: str, known: str, expected: bool | None) -> None:
    assert compare(claimed, known) is expected


@ANY_SPEED
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_are_compared_without_an_error(claimed: str, known: str) -> None:
    assert compare(claimed, known) in (True, False, None)


@ANY_SPEED
@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_whole_numbers_agree_with_themselves_and_never_with_far_ones(left: int, right: int) -> None:
    assert compare(f"{left:,}", str(left)) is True
    if abs(left - right) > 0.2 * max(left, right):
        assert compare(f"{left:,}", f"{right:,}") is False


@ANY_SPEED
@given(st.dates(date(1000, 1, 1)), st.dates(date(1000, 1, 1)))
def test_days_agree_only_with_themselves_in_any_form(left: date, right: date) -> None:
    written = f"{left:%-d %B} {left:%Y}"
    assert compare(written, f"{left:%Y-%m-%d}") is True
    assert compare(written, f"{right:%B} {right:%-d}, {right:%Y}") is (left == right)
