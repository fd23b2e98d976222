import pytest

from groundwire.nli.aligned import MOST, aligned
from groundwire.nli.doubt import Stretch


def swapped(claim: str, passage: str) -> list[str]:
    """The claim marks the words in doubt: "It rose [by 5%]."."""
    start, end = claim.index("["), claim.index("]") - 1
    plain = claim.replace("[", "").replace("]", "")
    return [swap.made_in(plain) for swap in aligned(plain, passage, [Stretch(start, end)])]


@pytest.mark.parametrize(
    ("claim", "passage", "mended"),
    [
        (
            "The link is valid for [one hour].",
            "A link is sent to you and is valid for 24 hours.",
            "The link is valid for 24 hours.",
        ),
        ("Shares [fell] 3% after hours.", "Shares rose 3% in after-hours trading.", "Shares rose 3% after hours."),
        (
            "Gift cards [can] be returned.",
            "Items are sent back. Gift cards cannot be returned.",
            "Gift cards cannot be returned.",
        ),
        (
            "The rent is due on the [15th] of each month.",
            "Rent is payable on the first day of each month, on the first of each month at the latest.",
            "The rent is due on the first of each month.",
        ),
        (
            "The starting dose is 500 mg [once] daily.",
            "The usual starting dose is 500 mg twice daily with meals.",
            "The starting dose is 500 mg twice daily.",
        ),
    ],
)
def test_the_words_in_the_same_place_are_tried(claim: str, passage: str, mended: str) -> None:
    assert mended in swapped(claim, passage)


@pytest.mark.parametrize(
    ("claim", "passage", "why"),
    [
        ("[Shares] fell 3%.", "Shares rose 3%.", "nothing stands before it"),
        ("The plant is [new].", "The firm has a factory.", "no word beside it is in the passage"),
        ("The plant is in [Oslo].", "It stands in. Bergen is near.", "a sentence ends between"),
        ("The plant is in [Oslo].", "The plant is in Oslo.", "the same words"),
        ("It is [a b c d e f] now.", "It is old now.", "too many words"),
    ],
)
def test_nothing_is_tried(claim: str, passage: str, why: str) -> None:
    assert swapped(claim, passage) == [], why


def test_one_stretch_in_doubt_and_no_more() -> None:
    passage = "Shares rose 3% in after-hours trading."
    assert aligned("Shares fell 5% in trading.", passage, [Stretch(7, 11), Stretch(12, 14)]) == []
    assert aligned("Shares fell 3%.", passage, []) == []


def test_few_are_tried_and_a_long_passage_takes_linear_time() -> None:
    passage = "The dose is " + "one two " * 30_000 + "daily."
    found = aligned("The dose is half daily.", passage, [Stretch(12, 16)])
    assert len(found) <= MOST
    assert len(aligned("A one x two.", "one b two " * 20_000, [Stretch(6, 7)])) <= MOST
