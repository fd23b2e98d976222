"""Sentences kept whole: one claim each, self-contained, to be checked when any part of it is."""

import pytest

from groundwire.claims import SpacyExtractor
from groundwire.model import Kind, Reason

from .answers import RECORDED
from .test_extract import EXTRACTOR, check, same, streamed

WHOLE = SpacyExtractor(granularity="sentence")


def test_a_sentence_is_one_claim_with_its_pronouns_resolved() -> None:
    answer = (
        "Marie Curie was a Polish physicist, and she won two prizes. Her husband, Pierre, was a physicist.\n"
        "- Sure, the capital of Italy is Rome; it is old."
    )
    found = WHOLE.extract(answer)
    assert [claim.text for claim in found] == [
        "Marie Curie was a Polish physicist, and she won two prizes.",
        "Marie Curie’s husband, Pierre, was a physicist.",
        "The capital of Italy is Rome; it is old.",
    ]
    check(answer, found)
    assert {(t.subject, t.relation, t.object) for t in found[0].triples} >= {
        ("Marie Curie", "was", "a Polish physicist"),
        ("she", "won", "two prizes"),
    }


@pytest.mark.parametrize(
    ("answer", "kind", "skipped"),
    [
        ("I think Paris is beautiful and it has 2 million people.", Kind.QUANTITY, None),
        ("I think Paris is beautiful.", Kind.OPINION, Reason.NOT_A_CLAIM),
        ("Rome is the capital of Italy.", Kind.RELATION, None),
        ("Is it fast?", Kind.QUESTION, Reason.NOT_A_CLAIM),
    ],
)
def test_it_is_passed_over_only_when_all_of_it_is(answer: str, kind: Kind, skipped: Reason | None) -> None:
    (claim,) = WHOLE.extract(answer)
    assert (claim.kind, claim.skipped) == (kind, skipped)


@pytest.mark.parametrize("answer", RECORDED)
def test_streaming_gives_the_claims_of_the_whole(answer: str) -> None:
    found = WHOLE.extract(answer)
    check(answer, found)
    assert same(streamed(answer, range(7, len(answer), 7), SpacyExtractor(granularity="sentence")), found)
    assert len(found) <= len(EXTRACTOR.extract(answer))


def test_clauses_are_what_is_given_without_a_choice() -> None:
    assert SpacyExtractor(granularity="clause").extract(RECORDED[0]) == EXTRACTOR.extract(RECORDED[0])
