"""The contrast judge over its table: what says the opposite, what says less, and what must be left alone."""

import pytest
from tests.contrast.rows import CONTRADICTED, NOTHING, UNSUPPORTED

from groundwire.contrast import ContrastJudge
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
