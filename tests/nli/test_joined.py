"""Two passages of one document read together: each heading, row and overlapping sentence once."""

import pytest

from groundwire.evidence import Document, EvidenceIndex
from groundwire.model import Case, Claim, Evidence, Line, Span
from groundwire.nli import EntailmentJudge, FakeEntailment
from groundwire.nli.joined import read_together


def passage(start: int, text: str, *lines: tuple[int, int, str], source: str = "d") -> Evidence:
    read = tuple(Line(*line) for line in lines)
    return Evidence(source=source, text=text, span=Span(start, start + len(text)), lines=read)


HEAD = (0, 7, "Plans.")
ONE = passage(10, "It is old. It is good.", HEAD, (10, 32, "It is old. It is good."))
TWO = passage(21, "It is good. It is big.", HEAD, (21, 43, "It is good. It is big."))
ROWS = passage(10, "| a | 1 |\n| b | 2 |", HEAD, (10, 19, "X: a. Y: 1."), (20, 29, "X: b. Y: 2."))
MORE = passage(20, "| b | 2 |\n| c | 3 |", HEAD, (20, 29, "X: b. Y: 2."), (30, 39, "X: c. Y: 3."))
OTHER = passage(50, "It is new.", HEAD, (44, 49, "Pro."), (50, 60, "It is new."))
BARE = passage(33, "It is big.")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (ONE, TWO, "Plans. It is old. It is good. It is big."),
        (ROWS, MORE, "Plans. X: a. Y: 1. X: b. Y: 2. X: c. Y: 3."),
        (ONE, OTHER, "Plans. It is old. It is good. Pro. It is new."),
        (ONE, BARE, "Plans. It is old. It is good. It is big."),
        (BARE, OTHER, "It is big. Plans. Pro. It is new."),
        (ONE, passage(10, "Else.", HEAD, (10, 15, "Else."), source="e"), "Plans. It is old. It is good. Plans. Else."),
        (passage(0, "One. Two."), passage(5, "Two. Three."), "One. Two. Three."),
    ],
    ids=["prose", "rows", "another heading", "plain behind", "plain before", "another document", "plain"],
)
def test_what_both_say_is_read_once(one: Evidence, two: Evidence, expected: str) -> None:
    assert read_together(one, two) == expected


def test_the_judge_reads_premises_and_cites_the_documents_words() -> None:
    text = "# Plans\n\n| Plan | Price |\n|---|---|\n| Basic | 5 euros |\n"
    claim = Claim(id="c1", text="Basic costs 5 euros.", span=Span(0, 20))
    model = FakeEntailment({("Plans. Plan: Basic. Price: 5 euros.", claim.text): (0.9, 0.05, 0.05)})
    evidence = EvidenceIndex([Document("d", text)]).gather(claim)
    (finding,) = EntailmentJudge(model).judge([Case(claim, evidence)])
    assert finding.label == "supported"
    assert [e.text for e in finding.evidence] == [text.strip()]
