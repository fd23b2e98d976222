"""A text is searched for dates, shares and telephone numbers only where it may hold one: no look is one too few."""

from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.values import dates, labels, numerals, shares

PARTS = (
    *(
        "1",
        "23",
        "456",
        "0",
        "1990",
        "2001",
        "-",
        "–",
        "/",
        ":",
        ".",
        ",",
        "(",
        ")",
        "[",
        "]",
        "+",
        "#",
        "s",
        "’s",
        " ",
    ),
    *(
        "\n",
        "the ",
        "his early ",
        "call ",
        "May",
        "Jan. ",
        "AD",
        "BC",
        "century",
        "18th ",
        "one in ",
        "half of ",
        "mid ",
    ),
    *("three quarters of ", "first ", "out of every ", "a dozen ", "twenty-", "ninth ", "an hundred ", "million "),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=9).map("".join))
def test_what_is_not_searched_holds_nothing(text: str) -> None:
    small = text.lower()
    if not dates._IN_WORDS.search(text) and not dates._IN_DIGITS.search(text):
        assert not any(pattern.search(text) for pattern in dates._PATTERNS)
    if not labels._IN_ANY.search(text):
        assert not labels._NO_AMOUNT.search(text)
    if not any(part in small for part in shares._PARTS) and not shares._RATIO.search(small):
        assert not shares._SHARE.search(text)
    if not any(word in small for word in numerals.IN_ANY):
        assert not numerals.WORDED.search(text)
        assert not numerals.ORDINAL_WORD.search(text)
