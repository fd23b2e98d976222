"""Reading values: what they are, where they stand, and what is none."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.values import Bound, Day, Measure, Value, numerals, values

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy


def one(text: str) -> Value:
    found = values(text)
    assert len(found) == 1, found
    return found[0]


@ANY_SPEED
@given(st.text(alphabet="0123456789.,-/–$€% '’kmft\nJuneadosthwvr", max_size=120) | st.text(max_size=120))
def test_spans_are_the_words_of_the_value_and_do_not_overlap(text: str) -> None:
    last = 0
    for value in values(text):
        assert value.span.of(text) == value.text
        assert value.span.start <= value.number.start < value.number.end <= value.span.end
        assert last <= value.span.start < value.span.end
        last = value.span.end


@pytest.mark.parametrize(
    ("text", "measure", "low", "high", "unit"),
    [
        ("1,203,000", Measure.NUMBER, 1_203_000, 1_203_000, None),
        ("1.2 million", Measure.NUMBER, 1_200_000, 1_200_000, None),
        ("three", Measure.NUMBER, 3, 3, None),
        ("a dozen", Measure.NUMBER, 12, 12, None),
        ("twenty-one", Measure.NUMBER, 21, 21, None),
        ("two hundred and fifty thousand", Measure.NUMBER, 250_000, 250_000, None),
        ("three million two hundred thousand", Measure.NUMBER, 3_200_000, 3_200_000, None),
        ("42,33 euros", Measure.MONEY, 42.33, 42.33, "EUR"),
        ("12 %", Measure.PERCENT, 12, 12, "percent"),
        ("12 per cent", Measure.PERCENT, 12, 12, "percent"),
        ("$5.2bn", Measure.MONEY, 5.2e9, 5.2e9, "USD"),
        ("USD 500", Measure.MONEY, 500, 500, "USD"),
        ("$3–5 million", Measure.MONEY, 3e6, 5e6, "USD"),
        ("£5m", Measure.MONEY, 5e6, 5e6, "GBP"),
        ("5m", Measure.QUANTITY, 5, 5, "meter"),
        ("5-10 km", Measure.QUANTITY, 5, 10, "kilometer"),
        ("between 5 and 10 km", Measure.QUANTITY, 5, 10, "kilometer"),
        ("-5 °C", Measure.QUANTITY, -5, -5, "degC"),
        ("25-year-old", Measure.QUANTITY, 25, 25, "year"),
        ("16.86 (kilometrePerSeconds)", Measure.QUANTITY, 16.86, 16.86, "kilometer/second"),
        ("60 miles per hour", Measure.QUANTITY, 60, 60, "mile/hour"),
        ("5 feet 11 inches", Measure.QUANTITY, 71, 71, "inch"),
        ("2 hours and 30 minutes", Measure.QUANTITY, 150, 150, "minute"),
        ("3rd", Measure.ORDINAL, 3, 3, None),
        ("twenty-first", Measure.ORDINAL, 21, 21, None),
        ("9:30 am", Measure.TIME, 570, 570, "24"),
        ("at 9:30", Measure.TIME, 570, 570, "12"),
        ("14:05", Measure.TIME, 845, 845, "24"),
        ("noon", Measure.TIME, 720, 720, "24"),
        ("6'2\"", Measure.QUANTITY, 74, 74, "inch"),
        ("5 ft 9 in", Measure.QUANTITY, 69, 69, "inch"),
        ("aged 43", Measure.QUANTITY, 43, 43, "year"),
        ("25 bps", Measure.PERCENT, 0.25, 0.25, "percentage_point"),
        ("50 cents", Measure.MONEY, 0.5, 0.5, "USD"),
        ("two-thirds of them", Measure.PERCENT, 200 / 3, 200 / 3, "percent"),
        ("one in five", Measure.PERCENT, 20, 20, "percent"),
        ("Q3", Measure.ORDINAL, 3, 3, "quarter"),
        ("the second quarter", Measure.ORDINAL, 2, 2, "quarter"),
        ("3-1", Measure.SCORE, 3, 1, None),
        ("$20 a month", Measure.MONEY, 20, 20, "USD"),
    ],
)
def test_amounts(text: str, measure: Measure, low: float, high: float, unit: str | None) -> None:
    value = one(text)
    assert (value.measure, value.unit) == (measure, unit)
    assert (value.low, value.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 May 1994", (Day(1994, 1994, 5, 3),)),
        ("the 3rd of May, 1994", (Day(1994, 1994, 5, 3),)),
        ("May 3, 1994", (Day(1994, 1994, 5, 3),)),
        ("Sept. 2010", (Day(2010, 2010, 9),)),
        ("July 4", (Day(None, None, 7, 4),)),
        ("1994-05-03", (Day(1994, 1994, 5, 3),)),
        ("1994-05-03T10:00:00Z", (Day(1994, 1994, 5, 3),)),
        ("3.4.2021", (Day(2021, 2021, 4, 3),)),
        ("3/4/2021", (Day(2021, 2021, 4, 3), Day(2021, 2021, 3, 4))),
        ("31/12/2020", (Day(2020, 2020, 12, 31),)),
        ("the 1990s", (Day(1990, 1999),)),
        ("the 19th century", (Day(1800, 1900),)),
        ("44 BC", (Day(-44, -44),)),
        ("15 March 44 BC", (Day(-44, -44, 3, 15),)),
        ("the 80s", (Day(1980, 1989), Day(1880, 1889))),
        ("in May", (Day(None, None, 5),)),
        ("the 1973 film", (Day(1973, 1973),)),
        ("in 1994", (Day(1994, 1994),)),
        ("1990–95", (Day(1990, 1995, span=True),)),
        ("from 1990 to 1995", (Day(1990, 1995, span=True),)),
    ],
)
def test_dates(text: str, days: tuple[Day, ...]) -> None:
    value = one(text)
    assert value.measure is Measure.DATE
    assert value.days == days


@pytest.mark.parametrize(
    "text",
    [
        "call 555-123-4567",
        "a B-52",
        "Covid-19",
        "in 3D",
        "version 1.2.3",
        "one of them",
        "31/31/2021",
        "sold [3]",
        "3) Stir",
        "call 555-0123",
        "+1 (800) 555-0123",
        "in his 30s",
        "the 747s",
        "5" * 30,
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert values(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Apollo 11 flew",
        "Chapter 3 says",
        "on page 12",
        "at 12 Baker Street",
        "the iPhone 15",
        "Fifty Shades of Grey",
        "102. 5 kg",
        "Asteroid 1097 spins",
        "the 1500 of them",
    ],
)
def test_what_may_be_something_else_is_not_certain(text: str) -> None:
    assert not any(value.certain for value in values(text))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("about 500 men", Bound.ABOUT),
        ("more than 500 men", Bound.LEAST),
        ("500+ men", Bound.LEAST),
        ("up to 500 men", Bound.MOST),
        ("after 3 May 1994", Bound.LEAST),
        ("before 1994", Bound.MOST),
        ("with 500 men", Bound.EXACT),
    ],
)
def test_bounds(text: str, bound: Bound) -> None:
    assert one(text).bound is bound


@pytest.mark.parametrize(
    ("text", "bound", "strict"),
    [
        ("more than 500 men", Bound.LEAST, True),
        ("well over 500 men", Bound.LEAST, True),
        ("in excess of 500 men", Bound.LEAST, True),
        ("fewer than 500 men", Bound.MOST, True),
        ("just under 500 men", Bound.MOST, True),
        ("at least 500 men", Bound.LEAST, False),
        ("500 or more men", Bound.LEAST, False),
        ("no fewer than 500 men", Bound.LEAST, False),
        ("not less than 500 men", Bound.LEAST, False),
        ("upwards of 500 men", Bound.LEAST, False),
        ("at most 500 men", Bound.MOST, False),
        ("no more than 500 men", Bound.MOST, False),
        ("not over 500 men", Bound.MOST, False),
        ("does not exceed 500 men", Bound.MOST, False),
        ("doesn't exceed 500 men", Bound.MOST, False),
        ("a maximum of 500 men", Bound.MOST, False),
        ("of the men there were 500 at most.", Bound.MOST, False),
        ("sold 500 at most stores", Bound.EXACT, False),
        ("more than $5 million", Bound.LEAST, True),
        ("no later than 3 May 1994", Bound.MOST, False),
        ("before 3 May 1994", Bound.MOST, True),
    ],
)
def test_a_limit_is_beyond_itself_or_not(text: str, bound: Bound, strict: bool) -> None:
    value = one(text)
    assert (value.bound, value.strict) == (bound, strict)


def test_what_is_more_than_a_number_is_no_year() -> None:
    assert not one("more than 1,950").days
    assert not one("more than 1950").days


@pytest.mark.parametrize(
    ("text", "step"), [("1.2 million", 1e5), ("1,203", 1), ("9.58 s", 0.01), ("three million", 1e6)]
)
def test_precision_is_the_last_place_given(text: str, step: float) -> None:
    assert one(text).step == pytest.approx(step)


def test_every_number_word_is_seen_by_the_quick_look() -> None:
    words = [*numerals.ONES, *filter(None, numerals.TENS), *numerals.SCALES, *numerals.ORDINALS, "hundred", "dozen"]
    assert [word for word in words if not any(part in word for part in numerals.IN_ANY)] == []


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "1,111",
        "1.",
        "1-",
        "1/",
        "-",
        "$",
        "one ",
        "one-",
        "hundred and ",
        "3 May ",
        "May ",
        "1990s ",
        "5 km ",
        " ",
        "5 ",
        "x1",
        "6'2 ",
        "half of ",
        "one in ",
        "9am-",
        "+1 (2",
        "[1],",
        "Q1 ",
        "3-1 ",
        "call 5",
        "20 a month ",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Processor time at two sizes: twice the text may take twice the time, with room for noise, never four times."""
    whole, half = (piece * (size // len(piece)) for size in (60_000, 30_000))
    long, short = _timed(whole), _timed(half)
    for _ in range(5):  # what else the machine does only adds: where it was too long, the best of some tries counts
        if long >= 3.5 * max(short, 0.05):
            long, short = min(long, _timed(whole)), min(short, _timed(half))
    assert long < 3.5 * max(short, 0.05)


def _timed(text: str) -> float:
    start = time.process_time()
    values(text)
    return time.process_time() - start


def test_reading_stops_once_there_are_too_many() -> None:
    text = "5 feet 11 inches, " * 5000
    assert 10 < len(values(text, most=10)) < 30
    assert len(values("5 feet 11 inches, 3 m", most=10)) == 2
