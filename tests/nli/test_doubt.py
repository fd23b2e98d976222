"""Which words of a claim are in doubt: from a model's tokens to whole words, and what is made of them."""

import pytest

from groundwire.model import Case, Claim, Evidence, Label, Piece, Span
from groundwire.nli import EntailmentJudge, FakeEntailment, Thresholds
from groundwire.nli.doubt import Stretch, stretches

OPEN, YES = (0.1, 0.85, 0.05), (0.9, 0.08, 0.02)


@pytest.mark.parametrize(
    ("claim", "tokens", "words"),
    [
        ("The plant is in Hamburg.", {"Ham": 0.9}, ["Hamburg"]),
        ("The plant is in New Orleans, Ohio.", {"New": 0.9, "Orl": 0.8, "Ohio": 0.7}, ["New Orleans, Ohio"]),
        ("It costs 1,450.50 euros.", {"450": 0.9}, ["1,450.50"]),
        ("It rose 4.5% in May.", {"5": 0.9, "May": 0.6}, ["4.5%", "May"]),
        ("It is open.", {".": 0.99}, []),
        ("It is open.", {"open": 0.49}, []),
        ("Größe: 5 m²", {"ß": 0.9}, ["Größe"]),
    ],
)
def test_whole_words_and_neighbours_as_one(claim: str, tokens: dict[str, float], words: list[str]) -> None:
    offsets = [(claim.index(token), claim.index(token) + len(token)) for token in tokens]
    assert [claim[start:end] for start, end in stretches(claim, offsets, tokens.values())] == words


def judged(text: str, answer: str, model: FakeEntailment) -> tuple[Label, str, list[str]]:
    start = answer.index(text) if text in answer else 0
    claim = Claim(id="c1", text=text, span=Span(start, len(answer)), pieces=(Piece(0, start, len(text)),))
    case = Case(claim, (Evidence(source="doc", text="The plant is in Monterrey."),))
    (finding,) = EntailmentJudge(model, Thresholds(0.5, 0.5)).judge([case])
    return finding.label, finding.explanation, [span.of(answer) for span in finding.doubted]


def test_a_finding_names_them_and_says_where_they_stand_in_the_answer() -> None:
    model = FakeEntailment(default=OPEN, doubts=lambda _, claim: [Stretch(claim.index("Ham"), claim.index("Ham") + 7)])
    label, told, words = judged("The plant is in Hamburg.", "I looked. The plant is in Hamburg.", model)
    assert label is Label.UNSUPPORTED
    assert told == "The nearest passage does not entail it. It does not say “Hamburg”."
    assert words == ["Hamburg"]


def test_what_is_supported_is_not_doubted() -> None:
    model = FakeEntailment(default=YES, doubts=lambda _, claim: [Stretch(0, 3)])
    assert judged("The plant is in Monterrey.", "The plant is in Monterrey.", model)[2] == []


def test_a_model_that_cannot_tell_or_fails_leaves_the_finding_as_it_is() -> None:
    def fails(premise: str, claim: str) -> list[Stretch]:
        raise RuntimeError(premise + claim)

    for model in (FakeEntailment(default=OPEN), FakeEntailment(default=OPEN, doubts=fails)):
        label, told, words = judged("The plant is in Hamburg.", "The plant is in Hamburg.", model)
        assert (label, told, words) == (Label.UNSUPPORTED, "The nearest passage does not entail it.", [])


def test_the_passage_offers_what_it_says_in_their_place() -> None:
    case = Case(
        Claim(id="c1", text="The sales rose 3% in May.", span=Span(0, 25), pieces=(Piece(0, 0, 25),)),
        (Evidence(source="doc", text="Last year sales fell 3% in May."),),
    )
    model = FakeEntailment(
        {("Last year sales fell 3% in May.", "The sales fell 3% in May."): YES},
        default=OPEN,
        doubts=lambda _, text: [Stretch(text.index("rose"), text.index("rose") + 4)],
    )
    (finding,) = EntailmentJudge(model, Thresholds(0.5, 0.5)).judge([case])
    assert finding.correction is not None
    assert (finding.correction.old, finding.correction.new) == ("rose", "fell")
