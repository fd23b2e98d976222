"""The index: honest spans, the right passage first, all of a small context, any text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.evidence import Document, EvidenceIndex, EvidenceSource, FakeEvidence
from groundwire.model import Claim, Evidence, Span

ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy

FILLER = " ".join(
    f"The {thing} stood in the {place} for a while and nobody asked what it was there for at the time."
    for thing in ("chair", "lamp", "piano", "ladder", "mirror", "carpet", "kettle")
    for place in ("hall", "garden", "attic", "cellar")
)


def claim(text: str) -> Claim:
    return Claim(id="c1", text=text, span=Span(0, len(text)))


@ANY_SPEED
@given(st.lists(st.text(max_size=120), max_size=4), st.text(max_size=60), st.integers(0, 8))
def test_a_passage_is_its_span_of_its_document(texts: list[str], words: str, limit: int) -> None:
    documents = {f"d{n}": text for n, text in enumerate(texts)}
    found = EvidenceIndex([Document(*item) for item in documents.items()]).gather(claim(words), limit)
    assert len(found) <= limit
    for evidence in found:
        assert evidence.span is not None
        assert evidence.span.of(documents[evidence.source]) == evidence.text
        assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence


def test_the_passage_that_speaks_of_the_claim_comes_first() -> None:
    text = f"{FILLER} The Eiffel Tower was finished in 1889 by the firm of Gustave Eiffel. {FILLER.lower()}"
    found = EvidenceIndex([Document("tower", text)]).gather(claim("The Eiffel Tower was completed in 1889."))
    assert "Eiffel Tower" in found[0].text
    scores = [evidence.score or 0.0 for evidence in found]
    assert scores == sorted(scores, reverse=True)
    assert 0.3 < scores[0] < 1.0


def test_a_number_weighs_more_than_a_common_word() -> None:
    documents = [Document("a", FILLER), Document("b", "It holds 4,417 items."), Document("c", "It holds many things.")]
    found = EvidenceIndex(documents).gather(claim("It holds 4417 things."), 1)
    assert found[0].source == "b"


def test_words_that_stand_apart_bring_both_places() -> None:
    text = f"Marlow founded Zenith Motors. {FILLER} Zenith Motors sold 31 yachts in Bergen. {FILLER.upper()}"
    found = EvidenceIndex([Document("d", text)]).gather(claim("Marlow sold 31 yachts in Bergen."), 2)
    assert any("Marlow" in e.text for e in found)
    assert any("Bergen" in e.text for e in found)


def test_a_heading_ranks_what_stands_under_it() -> None:
    body = " ".join(
        f"Clause {n} says that the amount is paid within some weeks of the claim being made." for n in range(9)
    )
    text = f"# Travel\n{body}\n# Dental\n{body.replace('Clause', 'Article')}"
    found = EvidenceIndex([Document("d", text)]).gather(claim("Dental amounts are paid within weeks."), 2)
    assert all("Article" in evidence.text for evidence in found)


def test_a_small_context_comes_whole() -> None:
    documents = [Document("a", "Cats sleep."), Document("b", "Dogs bark."), Document("c", "Fish swim.")]
    found = EvidenceIndex(documents).gather(claim("Horses run."), 6)
    assert [e.source for e in found] == ["a", "b", "c"]


def test_the_same_text_twice_is_one_passage() -> None:
    index = EvidenceIndex([Document("a", "Cats sleep a lot."), Document("b", "Cats  sleep a lot.")])
    assert [e.source for e in index.gather(claim("Cats sleep."))] == ["a"]


@pytest.mark.parametrize(
    ("documents", "speaks"),
    [
        ([], False),
        ([Document("a", "  \n")], False),
        ([Document("a", "Words.", speaks=False)], False),
        ([Document("a", "Words.", speaks=False), Document("b", "More.")], True),
    ],
)
def test_speaks(documents: list[Document], speaks: bool) -> None:
    assert EvidenceIndex(documents).speaks is speaks


def test_revision_changes_with_any_part_of_a_document() -> None:
    base = Document("a", "text")
    changed = [
        base._replace(source="b"),
        base._replace(text="texts"),
        base._replace(uri="u"),
        base._replace(speaks=False),
    ]
    revisions = {EvidenceIndex([document]).revision for document in (base, *changed)}
    assert len(revisions) == 5
    assert EvidenceIndex([base]).revision == EvidenceIndex([Document("a", "text")]).revision
    assert EvidenceIndex([Document("a", "bc")]).revision != EvidenceIndex([Document("ab", "c")]).revision


def test_a_lone_surrogate_keeps_its_place() -> None:
    found = EvidenceIndex([Document("a", "Bad \ud800 text about cats.")]).gather(claim("Cats."))
    assert found[0].text == "Bad \ufffd text about cats."


def test_nothing_is_cut_off_a_long_document() -> None:
    text = f"{FILLER} " * 12 + "The last word is Zanzibar."
    found = EvidenceIndex([Document("a", text)]).gather(claim("Zanzibar is the last word."), 1)
    assert "Zanzibar" in found[0].text


def test_the_fake_is_a_source_too() -> None:
    source: EvidenceSource = FakeEvidence(["One.", "Two."])
    assert [e.text for e in source.gather(claim("x"), 1)] == ["One."]
    assert isinstance(EvidenceIndex([]).gather(claim("x")), tuple)
