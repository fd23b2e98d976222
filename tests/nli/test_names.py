"""Names of a passage that could stand where a claim has another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire import Groundwire
from groundwire.nli.names import MOST, swaps


@pytest.mark.parametrize(
    ("claim", "passage", "old", "new"),
    [
        (
            "The architect of the 3Arena in Illinois was HOK SVE.",
            "The architect of the 3Arena in Dublin was HOK SVE, and it was completed in December.",
            "Illinois",
            ["Dublin"],
        ),
        (
            "Frank Borman was the commander of Apollo 12.",
            "David Scott was the commander of Apollo 12, whose crew included Alan Bean.",
            "Frank Borman",
            ["David Scott"],
        ),
        (
            "He played for F.C. Porto in the Serie A.",
            "He played for A.C. Milan in the Serie A. The club was founded in Milan.",
            "F.C. Porto",
            ["A.C. Milan"],
        ),
        ("The plant is in Hamburg, Germany.", "The plant is in St. Paul, Minnesota.", "Hamburg, Germany", None),
        ("Bo was a member of Apollo 14.", "Bo was a member of Apollo 8.", "Apollo 14", ["Apollo 8"]),
    ],
)
def test_the_name_in_the_same_place_is_found(claim: str, passage: str, old: str, new: list[str] | None) -> None:
    found = swaps(claim, passage)
    assert {claim[swap.start : swap.end] for swap in found} == {old}
    assert [swap.new for swap in found] == (new or ["St. Paul, Minnesota"])


@pytest.mark.parametrize(
    ("claim", "passage", "why"),
    [
        ("The plant is in Hamburg.", "The plant is in Hamburg, not in Essen.", "every name is known"),
        ("Ann and Bo met in Rome.", "Cleo and Dan met in Paris.", "three are not: which is wrong?"),
        ("He was born in Silver Spring.", "He was born on February 26 and grew up there.", "a date is no name"),
        ("Lack of oxygen stopped the trial.", "Agency Officials stopped the trial.", "a capital at the start"),
        ("The prize went to Ann Lee.", "The weather in Rome was fine.", "the passage speaks of something else"),
        ("The prize went to Ann Lee.", "Rome saw the prize go up.", "another place in the sentence"),
    ],
)
def test_no_name_is_offered(claim: str, passage: str, why: str) -> None:
    assert swaps(claim, passage) == [], why


def test_a_name_that_another_passage_has_is_not_strange() -> None:
    claim, passage = "The plant is in Hamburg.", "The plant is in Essen."
    assert swaps(claim, passage)
    assert not swaps(claim, passage, ["The company is at home in Hamburg."])


@given(st.text(), st.text())
def test_any_text_gives_few_swaps_that_fit(claim: str, passage: str) -> None:
    found = swaps(claim, passage)
    assert len(found) <= MOST
    assert all(0 <= swap.start < swap.end <= len(claim) for swap in found)


def test_the_name_that_a_document_has_is_put_back() -> None:
    passage = "David Scott was the commander of Apollo 15, and Alfred Worden flew the command module."
    report = Groundwire().verify("Frank Borman was the commander of Apollo 15.", context=[passage])
    (claim,) = report.claims
    assert claim.verdict != "supported"
    assert report.revised == "David Scott was the commander of Apollo 15."


def test_a_true_paraphrase_is_left_alone() -> None:
    passage = "David Scott was the commander of Apollo 15."
    answer = "Apollo 15 was commanded by David Scott."
    assert Groundwire().verify(answer, context=[passage]).revised == answer
