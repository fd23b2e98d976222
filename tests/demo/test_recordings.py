"""What ships: recordings that say where they come from, facts and documents that are what they say they are."""

import json
import re
from typing import Any

import pytest

from groundwire.demo.record import STOP, TEMPLATES, Asked, _until
from groundwire.demo.scenarios import FACTS, HOME, RECORDINGS, SCENARIOS, fact_count, model_name
from groundwire.gateway.recorded import RecordedUpstream

RECORDED: dict[str, Any] = json.loads(RECORDINGS.read_text("utf-8"))
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
ALIAS = "http://www.w3.org/2004/02/skos/core#altLabel"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def facts() -> list[Any]:
    import pyoxigraph

    return list(pyoxigraph.parse(path=str(FACTS)))


def test_recordings_say_what_they_are_and_where_they_come_from() -> None:
    provenance = RECORDED["provenance"]
    assert "Recorded answers of a real language model" in provenance["notice"]
    assert provenance["script"] == "python -m groundwire.demo.record"
    assert re.fullmatch(r"[0-9a-f]{64}", provenance["model"]["sha256"])
    assert provenance["model"]["name"] == RECORDED["model"] == model_name()
    assert provenance["decoding"]["method"] == "greedy"
    assert provenance["decoding"]["templates"] == TEMPLATES


def test_every_scenario_has_its_recording_and_none_is_left_over() -> None:
    asked = [recording["messages"] for recording in RECORDED["recordings"]]
    assert asked == [scenario.messages() for scenario in SCENARIOS]
    assert 10 <= len(SCENARIOS) <= 14


@pytest.mark.parametrize("recording", RECORDED["recordings"], ids=lambda recording: recording["answer"][:30])
def test_a_recording_is_whole(recording: dict[str, Any]) -> None:
    assert "".join(recording["pieces"]) == recording["answer"] == recording["answer"].strip()
    assert len(recording["pieces"]) > 3
    assert recording["finish_reason"] == "stop"
    assert recording["template"] in TEMPLATES


async def test_the_gateway_finds_each_recording() -> None:
    upstream = RecordedUpstream.load(RECORDINGS)
    for scenario, recording in zip(SCENARIOS, RECORDED["recordings"], strict=True):
        reply = await upstream.complete({"model": model_name(), "messages": scenario.messages()})
        assert reply["choices"][0]["message"]["content"] == recording["answer"]


def test_a_prompt_holds_the_document_and_ends_where_the_answer_begins() -> None:
    scenario = next(scenario for scenario in SCENARIOS if scenario.document)
    prompt = Asked(scenario.messages(), "plain").prompt()
    assert prompt == f"{scenario.text()}\n\nUser: {scenario.question}\nAssistant:"
    assert Asked(scenario.messages(), "examples").prompt().endswith(prompt)


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        ([" The", " answer", ".", "\n", "User", ":", " And"], ["The", " answer", "."]),
        ([" One", ".\n\n", "Two"], ["One", "."]),
        (["\n ", "One"], ["One"]),
        ([], []),
    ],
)
def test_an_answer_ends_before_the_next_turn(pieces: list[str], kept: list[str]) -> None:
    assert _until(pieces, STOP) == kept


def test_every_thing_that_a_fact_names_has_a_label() -> None:
    triples = facts()
    labelled = {triple.subject for triple in triples if triple.predicate.value == LABEL}
    named = {triple.subject for triple in triples}
    named |= {triple.object for triple in triples if str(triple.object).startswith("<urn:groundwire:demo:")}
    assert {str(thing) for thing in named - labelled} <= {
        str(triple.object) for triple in triples if triple.predicate.value == TYPE
    }


def test_labels_are_told_apart() -> None:
    labels = [triple.object.value for triple in facts() if triple.predicate.value == LABEL]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_the_first_line_counts_the_facts() -> None:
    counted = [t for t in facts() if t.predicate.value not in (LABEL, ALIAS, TYPE)]
    assert len(counted) == fact_count() > 300


def test_one_value_where_there_can_be_only_one() -> None:
    single = ("capital", "currency", "birthDate", "birthPlace", "deathDate", "author", "atomicNumber", "datePublished")
    seen = [(t.subject, t.predicate) for t in facts() if re.split(r"[:/]", t.predicate.value)[-1] in single]
    assert len(seen) == len(set(seen)) > 200


def test_documents_are_marked_as_invented() -> None:
    documents = sorted((HOME / "documents").glob("*.md"))
    assert {scenario.document for scenario in SCENARIOS if scenario.document} <= {path.stem for path in documents}
    for path in documents:
        assert path.read_text("utf-8").startswith("<!-- Invented for the demo")
    for scenario in SCENARIOS:
        assert "Invented" not in scenario.text()
