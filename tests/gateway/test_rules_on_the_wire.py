"""Rules about the whole answer, over HTTP: what a missed requirement keeps from the client, and what it lets out."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import FAILS, AtlasJudge
from tests.gateway.test_streaming import ASKED, finishes, stream, text_of
from tests.rules.judged_claims import pack

from groundwire.claims import FakeExtractor
from groundwire.client import Groundwire
from groundwire.gateway import ScriptedUpstream
from groundwire.nli import FakeEntailment
from groundwire.pipeline import Pipeline
from groundwire.review import MemoryStore

ADVICE = "The fund rose by eight percent. It holds forty shares."
WARNING = "Past gains foretell nothing."
REQUIRES = f"mine.warning; claim.about('fund'); block; require: {WARNING}"


def world(folder: Path, *rules: str, model: FakeEntailment | None = None) -> Groundwire:
    gw = Groundwire({"rules": [str(pack(folder, *rules))]}, watch=True)
    gw._pipeline = replace(Pipeline(FakeExtractor(), (), gw.rules, "closed"), entailment=model or FakeEntailment())
    gw.__dict__["_configured"] = ((), (AtlasJudge(),))
    gw._store = MemoryStore()
    return gw


async def whole(connect: Client, gw: Groundwire, answer: str) -> Any:
    async with connect(gw, ScriptedUpstream(answer)) as client:
        body = {"model": "scripted", "messages": ASKED}
        return await client.post("/v1/chat/completions", json=body)


async def test_a_missed_requirement_blocks_the_answer(tmp_path: Path, connect: Client) -> None:
    response = await whole(connect, world(tmp_path, REQUIRES), ADVICE)
    (choice,) = response.json()["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("content_filter", "What.")
    assert "fund" not in json.dumps(choice)
    assert response.json()["groundwire"]["decision"]["rule"] == "mine.warning"
    assert response.headers["x-groundwire-verdict"] == "blocked"


async def test_in_a_stream_nothing_leaves_that_the_requirement_is_about(tmp_path: Path, connect: Client) -> None:
    response, events = await stream(connect, world(tmp_path, REQUIRES), ScriptedUpstream(f"Good day to you. {ADVICE}"))
    assert text_of(events).startswith("Good day to you.")
    assert not {"eight", "forty"} & set(text_of(events).split())
    assert "eight percent" not in "".join(
        choice["delta"].get("content") or "" for event in events[:-1] for choice in event.get("choices", ())
    )
    assert finishes(events) == [(0, "content_filter")]
    assert response.status_code == 200


async def test_in_a_stream_it_leaves_once_the_requirement_is_met(tmp_path: Path, connect: Client) -> None:
    answer = f"{ADVICE} {WARNING} Ask for the prospectus."
    _, events = await stream(connect, world(tmp_path, REQUIRES), ScriptedUpstream(answer))
    assert text_of(events) == answer
    assert finishes(events) == [(0, "stop")]


@pytest.mark.parametrize("streaming", [True, False])
async def test_a_model_that_fails_holds_the_answer(tmp_path: Path, connect: Client, streaming: bool) -> None:
    gw = world(tmp_path, REQUIRES, model=FakeEntailment(fails=RuntimeError("gone")))
    if streaming:
        _, events = await stream(connect, gw, ScriptedUpstream(ADVICE))
        assert text_of(events) == ""
        assert any("error" in event for event in events if event != "[DONE]")
    else:
        response = await whole(connect, gw, ADVICE)
        assert response.status_code == 502
        assert "mine.warning" in response.json()["error"]["message"]


async def test_rules_that_change_are_those_of_the_next_answer(tmp_path: Path, connect: Client) -> None:
    gw = world(tmp_path, REQUIRES)
    before = await whole(connect, gw, ADVICE)
    pack(tmp_path, "mine.other; risk > 2.0; flag")
    assert gw.rule_source.refresh()
    after = await whole(connect, gw, ADVICE)
    assert after.json()["choices"][0]["message"]["content"] == ADVICE
    assert before.headers["x-groundwire-rules"] != after.headers["x-groundwire-rules"]


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("configured", ["", "; on_error: closed"], ids=["by the setting", "by a rule"])
@pytest.mark.parametrize("allowed", [False, True], ids=["as shipped", "allowed by the server"])
async def test_no_pack_of_a_request_lets_pass_what_could_not_be_checked(
    tmp_path: Path, connect: Client, configured: str, streaming: bool, allowed: bool
) -> None:
    """The pack `annotate` says `on_error: open`, and does more than a flag: alone it would decide."""
    own = str(pack(tmp_path, f'mine.error; reason == "error"; flag{configured}'))
    gw = Groundwire({"rules": [own, "annotate"] if allowed else [own]})
    gw._pipeline = Pipeline(FakeExtractor(), (), gw.rules, "closed")
    gw.__dict__["_configured"] = ((), (AtlasJudge(),))
    gw._store = MemoryStore()
    fields = {"groundwire": {"rules": ["annotate"]}}
    if streaming:
        _, events = await stream(connect, gw, ScriptedUpstream(FAILS), **fields)
        held = "[DONE]" not in events and text_of(events) == ""
    else:
        async with connect(gw, ScriptedUpstream(FAILS)) as client:
            told = await client.post("/v1/chat/completions", json={"messages": ASKED, **fields})
        held = told.status_code == 502
    assert held is not allowed
