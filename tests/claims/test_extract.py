"""The spaCy extractor on what language models write: which claims, of what kind, and where they come from."""

import json
import re
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import groundwire
from groundwire.claims import SpacyExtractor, complete
from groundwire.errors import ModelError
from groundwire.model import Claim, Kind, Reason

from .answers import MADE_UP, NESTED, RECORDED, WORDED

EXTRACTOR = SpacyExtractor()


def claims(answer: str, question: str | None = None) -> list[str]:
    return [claim.text for claim in EXTRACTOR.extract(answer, question=question)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The capital of Australia is Sydney.", ["The capital of Australia is Sydney."]),
        ("He was born in Warsaw and died in Paris.", ["He was born in Warsaw.", "He died in Paris."]),
        (
            "Anna Berg was born in Oslo and raised in Bergen.",
            ["Anna Berg was born in Oslo.", "Anna Berg was raised in Bergen."],
        ),
        (
            "Sydney, which was founded in 1788, is the largest city of Australia.",
            ["Sydney is the largest city of Australia.", "Sydney was founded in 1788."],
        ),
        (
            "Paris, the capital of France, lies on the Seine.",
            ["Paris lies on the Seine.", "Paris is the capital of France."],
        ),
        (
            "Anna Berg is an American actor and singer born on 18 December 1949.",
            ["Anna Berg is an American actor.", "Anna Berg is a singer.", "Anna Berg was born on 18 December 1949."],
        ),
        ("Born in 1990, he moved to Rome.", ["He was born in 1990.", "He moved to Rome."]),
        ("Rome is old, while Brasília is young.", ["Rome is old.", "Brasília is young."]),
        ("He wrote Emma; it was printed in 1815.", ["He wrote Emma.", "It was printed in 1815."]),
        ("Sure, the capital of Italy is Rome.", ["The capital of Italy is Rome."]),
        (
            "Smoke harms by the formation of tars, which are carcinogens.",
            ["Smoke harms by the formation of tars.", "Tars are carcinogens."],
        ),
    ],
)
def test_statements_are_split(answer: str, expected: list[str]) -> None:
    assert claims(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "If it rains, he stays and reads.",
        "He did not eat or sleep.",
        "Either Rome or Milan will win.",
        "War and Peace was written by Tolstoy.",
        "The distance between Rome and Milan is 477 km.",
        "He may move to Paris.",
        "The minister said that Rome grew and Milan shrank.",
        "She lived in Pensacola, Florida.",
        "You need to buy a power unit, a screen for your desk, the right cable and a mouse.",
        "You can try earplugs, a white noise machine, or a heavy blanket.",
        "Trade has enabled us to build better products, which has allowed us to grow.",
        "Lenses stick to the tear film of the eye, which is a layer of fluid.",
        "Allah is the only word used for it in Arabic.",
        "Anna Berg was the first woman who flew to Mars.",
    ],
)
def test_what_is_one_statement_stays_whole(answer: str) -> None:
    assert claims(answer) == [answer]


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        ("Marie Curie was a physicist. She died in France.", "Marie Curie died in France."),
        ("Marie Curie was a physicist. Her husband was Pierre.", "Marie Curie’s husband was Pierre."),
        ("Canberra is a city in Australia. It was founded in 1913.", "Canberra was founded in 1913."),
        ("Angela Merkel met Barack Obama. He lost. It rained.", "It rained."),
        ("Marie Curie was a physicist. It is known that she won.", "It is known that Marie Curie won."),
        ("Canberra is a city. She is old.", "She is old."),
        ("Anna Berg and Tom Holt are actors. They live in Oslo.", "Anna Berg and Tom Holt live in Oslo."),
    ],
)
def test_pronouns_mean_the_nearest_fitting_subject_or_stay(answer: str, last: str) -> None:
    assert claims(answer)[-1] == last


def test_a_pronoun_may_mean_whom_the_question_asked_about() -> None:
    assert claims("She was born in 1867.", "When was Marie Curie born?") == ["Marie Curie was born in 1867."]


def test_a_pronoun_chain_holds_over_many_sentences() -> None:
    answer = "Marie Curie was a physicist. " + "She won a prize. " * 12
    assert set(claims(answer)[1:]) == {"Marie Curie won a prize."}


def test_list_items_complete_their_lead_in_and_labels_are_what_a_pronoun_means() -> None:
    answer = "The main cities are:\n- Rome\n- Milan\n- **Turin**: It is in Piedmont.\n\nHe said: The war is over."
    found = EXTRACTOR.extract(answer)
    assert [c.text for c in found if c.checkable] == [
        "The main cities are Rome.",
        "The main cities are Milan.",
        "Turin is in Piedmont.",
        "He said: The war is over.",
    ]
    check(answer, found)


@pytest.mark.parametrize(
    ("answer", "kind", "skipped"),
    [
        ("Rome has 2.8 million people.", Kind.QUANTITY, None),
        ("It was founded in 1913.", Kind.DATE, None),
        ("Rome is the capital of Italy.", Kind.RELATION, None),
        ("Whales are mammals.", Kind.FACT, None),
        ('He said that "the war was lost and over".', Kind.QUOTE, None),
        ("What is the capital?", Kind.QUESTION, Reason.NOT_A_CLAIM),
        ("Add the flour.", Kind.INSTRUCTION, None),
        ("Please contact our support team.", Kind.INSTRUCTION, Reason.NOT_A_CLAIM),
        ("I think Paris is beautiful.", Kind.OPINION, Reason.NOT_A_CLAIM),
        ("You should visit Rome.", Kind.OPINION, Reason.NOT_A_CLAIM),
        ("I'm sorry, I can't help with that.", Kind.OPINION, Reason.NOT_A_CLAIM),
        ("Sure!", Kind.OPINION, Reason.NOT_A_CLAIM),
        ("I believe Rome is the capital of Italy.", Kind.FACT, None),
        ("La capitale de la France est Paris et elle est belle.", Kind.FACT, Reason.LANGUAGE),
        ("悉尼是澳大利亚的首都。", Kind.FACT, Reason.LANGUAGE),
        ("```\nx = 1\n```", Kind.INSTRUCTION, Reason.NOT_A_CLAIM),
        ("# Capitals", Kind.FACT, Reason.NOT_A_CLAIM),
        ("😀", Kind.OPINION, Reason.NOT_A_CLAIM),
    ],
)
def test_kinds(answer: str, kind: Kind, skipped: Reason | None) -> None:
    (claim,) = EXTRACTOR.extract(answer)
    assert (claim.kind, claim.skipped) == (kind, skipped)


def triples(answer: str) -> set[tuple[str, str, str]]:
    return {(t.subject, t.relation, t.object) for c in EXTRACTOR.extract(answer) for t in c.triples}


@pytest.mark.parametrize(
    ("answer", "triple"),
    [
        ("The capital of Australia is Sydney.", ("The capital of Australia", "is", "Sydney")),
        ("The capital of Australia is Sydney.", ("Australia", "capital of", "Sydney")),
        ("Australia's capital is Sydney.", ("Australia", "capital", "Sydney")),
        ("Canberra is the capital of Australia.", ("Canberra", "is the capital of", "Australia")),
        ("Marie Curie was born in Warsaw.", ("Marie Curie", "was born in", "Warsaw")),
        ("Rome is located in Italy.", ("Rome", "is located in", "Italy")),
        ("Orwell wrote Animal Farm and Burmese Days.", ("Orwell", "wrote", "Burmese Days")),
        ("Orwell did not write Emma.", ("Orwell", "did not write", "Emma")),
        ("Sydney, which was founded in 1788, is big.", ("Sydney", "was founded in", "1788")),
    ],
)
def test_triples(answer: str, triple: tuple[str, str, str]) -> None:
    assert triple in triples(answer)


def test_triples_say_where_the_answer_states_them() -> None:
    answer = "Marie Curie was Polish. She was born in **War**saw."
    (triple,) = (t for c in EXTRACTOR.extract(answer) for t in c.triples if t.relation == "was born in")
    assert (triple.subject, triple.subject_span) == ("Marie Curie", None)
    assert triple.object == "Warsaw"
    assert triple.object_span is None  # the answer has markup between
    (found,) = (t for c in EXTRACTOR.extract("Rome lies in Italy.") for t in c.triples)
    assert found.subject_span is not None
    assert found.object_span is not None
    assert found.object_span.of("Rome lies in Italy.") == "Italy"


def test_a_table_row_and_a_json_leaf_are_statements() -> None:
    table = EXTRACTOR.extract("| Country | Capital |\n|---|---|\n| Italy | Rome |\n")
    assert [c.text for c in table if c.checkable] == ["The Capital of Italy is Rome."]
    answer = '{"name": "Italy", "capital": "Rome"}'
    claim = EXTRACTOR.extract(answer)[1]
    assert (claim.text, claim.pointer) == ("The capital of Italy is Rome.", "/capital")
    assert claim.span.of(answer) == "Rome"
    assert [(t.subject, t.object) for t in claim.triples] == [("Italy", "Rome")]


def check(answer: str, found: tuple[Claim, ...]) -> None:
    """What holds of every claim of every answer."""
    assert [claim.id for claim in found] == [f"c{n}" for n in range(1, len(found) + 1)]
    starts = [claim.span.start for claim in found]
    assert starts == sorted(starts)
    for claim in found:
        assert 0 <= claim.span.start < claim.span.end <= len(answer)
        for piece in claim.pieces:
            assert claim.text[piece.at : piece.at + piece.length] == answer[piece.source : piece.source + piece.length]
        for triple in claim.triples:
            for span, words in ((triple.subject_span, triple.subject), (triple.object_span, triple.object)):
                assert span is None or span.of(answer).lower() == words.lower()


@pytest.mark.parametrize("answer", RECORDED)
def test_recorded_answers(answer: str) -> None:
    check(answer, EXTRACTOR.extract(answer))


def streamed(answer: str, ends: Iterable[int], extractor: SpacyExtractor, question: str | None = None) -> list[Claim]:
    """The claims of an answer that comes in up to each end; each sentence is read when it is complete."""
    found: list[Claim] = []
    done = 0
    for end in [*ends, len(answer)]:
        n = complete(answer[:end]) if end < len(answer) else end
        if n > done:
            found += extractor.extract(answer[:n], question=question, since=done)
            done = n
    return found


def same(streaming: list[Claim], whole: tuple[Claim, ...]) -> bool:
    return [c.model_copy(update={"id": ""}) for c in streaming] == [c.model_copy(update={"id": ""}) for c in whole]


@pytest.mark.parametrize("answer", [*RECORDED, " ".join(RECORDED[:1] * 3), "\n\n".join(RECORDED)])
def test_streaming_gives_the_claims_of_the_whole(answer: str) -> None:
    ends = range(7, len(answer), 7)
    assert same(streamed(answer, ends, SpacyExtractor()), EXTRACTOR.extract(answer))


RECORDINGS = json.loads((Path(groundwire.__file__).parent / "demo" / "recordings.json").read_text("utf-8"))[
    "recordings"
]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording["answer"][:30])
def test_streaming_what_a_model_said_piece_by_piece(recording: dict[str, Any]) -> None:
    answer, question = recording["answer"], recording["messages"][-1]["content"]
    ends = accumulate(map(len, recording["pieces"]))
    whole = EXTRACTOR.extract(answer, question=question)
    check(answer, whole)
    assert same(streamed(answer, ends, SpacyExtractor(), question), whole)


@pytest.mark.parametrize(
    "path", sorted((Path(groundwire.__file__).parent / "demo").rglob("*.md")), ids=lambda p: p.stem
)
def test_streaming_a_document_word_by_word(path: Path) -> None:
    document = path.read_text("utf-8")
    ends = [match.end() for match in re.finditer(r"\S+\s?", document)]
    whole = EXTRACTOR.extract(document)
    check(document, whole)
    assert same(streamed(document, ends, SpacyExtractor()), whole)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MADE_UP | WORDED, st.integers(1, 9), st.none() | WORDED)
def test_streaming_made_up_answers(answer: str, step: int, question: str | None) -> None:
    ends = range(step, len(answer), step)
    whole = EXTRACTOR.extract(answer, question=question)
    assert same(streamed(answer, ends, SpacyExtractor(), question), whole)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NESTED)
def test_streaming_what_is_nested(answer: str) -> None:
    assert same(streamed(answer, range(61, len(answer), 61), SpacyExtractor()), EXTRACTOR.extract(answer))


def test_since_without_memory_gives_the_same() -> None:
    answer = RECORDED[0]
    cut = complete(answer[:200])
    rest = SpacyExtractor().extract(answer, since=cut)
    assert same(list(rest), tuple(c for c in EXTRACTOR.extract(answer) if c.span.start >= cut))


def test_every_word_of_prose_is_in_some_claim() -> None:
    answer = RECORDED[4]
    covered = {place for claim in EXTRACTOR.extract(answer) for place in range(*claim.span)}
    lost = "".join(char if i not in covered else " " for i, char in enumerate(answer))
    assert set(lost.split()) <= {"and", ","}


def test_a_long_sentence_costs_no_more_than_its_length() -> None:
    answer = "word and " * 3_000
    found = EXTRACTOR.extract(answer)
    check(answer, found)
    assert len(found) >= 27


def test_an_unknown_pipeline_is_one_clear_line() -> None:
    with pytest.raises(ModelError, match="no_such_pipeline"):
        SpacyExtractor("no_such_pipeline").extract("Rome is old.")


@pytest.mark.parametrize(
    ("answer", "second"),
    [
        ("Anna won three medals, and Bo two.", "Bo won two medals."),
        ("Anna Berg has won three gold medals and Bo Ek two silver medals.", "Bo Ek has won two silver medals."),
        ("France won 10 gold medals; Italy, 12.", "Italy won 12 gold medals."),
        ("Acme sold 500 cars in 2019 and Initech 300.", "Initech sold 300 cars."),
        ("The first phase costs $5 million and the second $3 million.", "The second costs $3 million."),
    ],
)
def test_a_verb_that_is_left_out_is_put_in(answer: str, second: str) -> None:
    found = EXTRACTOR.extract(answer)
    assert [claim.text for claim in found][1:] == [second]
    check(answer, found)


@pytest.mark.parametrize(
    "answer",
    [
        "Bo Ek scored 12 goals for France and Italy in 1998.",
        "Bo Ek played for Rome and Milan 12 times.",
        "Acme sells Windows 10 and Windows 11.",
        "The hotel has 20 rooms and Level 5 labs.",
        "Bo Ek has two sons and a daughter.",
    ],
)
def test_a_list_is_no_sentence_without_a_verb(answer: str) -> None:
    assert claims(answer) == [answer]
