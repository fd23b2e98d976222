"""Chat without streaming: what a client gets, and what is kept of it."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import FAILS, REPAIRED, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.errors import UpstreamError
from groundwire.gateway import FailingUpstream, Scripted, ScriptedUpstream
from groundwire.review import FailingStore, MemoryStore

World = Callable[..., Groundwire]
ASKED = [{"role": "user", "content": "What is the capital of Australia?"}]


async def ask(connect: Client, gw: Groundwire, upstream: Any, **fields: Any) -> Any:
    async with connect(gw, upstream) as client:
        return await client.post("/v1/chat/completions", json={"model": "scripted", "messages": ASKED, **fields})


async def test_a_clean_answer_goes_through_with_its_report(world: World, connect: Client) -> None:
    gw = world()
    response = await ask(connect, gw, ScriptedUpstream(RIGHT))
    body = response.json()
    assert response.status_code == 200
    assert body["choices"][0]["message"]["content"] == RIGHT
    assert body["groundwire"]["verdict"] == response.headers["x-groundwire-verdict"] == "clean"
    assert response.headers["x-groundwire-coverage"] == "1.000"
    assert response.headers["x-groundwire-rules"] == gw.rules.revision
    kept = gw.store.get(response.headers["x-groundwire-report"])
    assert kept
    assert kept.model_dump(mode="json") == body["groundwire"]


async def test_a_wrong_answer_is_flagged_and_left_as_it_is(world: World, connect: Client) -> None:
    response = await ask(connect, world("flag"), ScriptedUpstream(WRONG))
    body = response.json()
    assert body["choices"][0]["message"]["content"] == WRONG
    assert body["groundwire"]["verdict"] == "flagged"
    assert body["groundwire"]["claims"][0]["verdict"] == "contradicted"


async def test_a_rewriting_rule_changes_the_words_and_drops_what_spells_them_out(world: World, connect: Client) -> None:
    said = Scripted(f"{RIGHT} {WRONG}", logprobs=True, extra={"audio": {"transcript": WRONG}})
    response = await ask(connect, world("rewrite"), ScriptedUpstream(lambda request: said))
    body = response.json()
    assert body["choices"][0]["message"]["content"] == f"{RIGHT} {REPAIRED}"
    assert body["groundwire"]["verdict"] == "rewritten"
    assert body["groundwire"]["withheld"] == ["audio"]
    assert "logprobs" not in body["choices"][0]
    assert "audio" not in body["choices"][0]["message"]


async def test_a_blocked_answer_is_a_normal_response_with_the_rules_message(world: World, connect: Client) -> None:
    response = await ask(connect, world("block"), ScriptedUpstream(f"{RIGHT} {WRONG}"))
    choice = response.json()["choices"][0]
    assert response.status_code == 200
    assert choice["message"] == {"role": "assistant", "content": "The atlas says otherwise."}
    assert choice["finish_reason"] == "content_filter"
    assert response.headers["x-groundwire-verdict"] == "blocked"


async def test_every_choice_has_its_report_and_the_worst_one_speaks(world: World, connect: Client) -> None:
    gw = world("rewrite")
    upstream = ScriptedUpstream(lambda request: [Scripted(RIGHT), Scripted(WRONG), Scripted(RIGHT)])
    response = await ask(connect, gw, upstream, n=3)
    body = response.json()
    assert [choice["message"]["content"] for choice in body["choices"]] == [RIGHT, REPAIRED, RIGHT]
    told = body["groundwire"]
    assert told["verdict"] == response.headers["x-groundwire-verdict"] == "rewritten"
    assert [report["verdict"] for report in told["reports"]] == ["clean", "rewritten", "clean"]
    assert [(report["choice"], report["field"]) for report in told["reports"]] == [(n, "content") for n in range(3)]
    assert response.headers["x-groundwire-report"] == told["reports"][1]["id"]
    assert all(gw.store.get(report["id"]) for report in told["reports"])


CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Sydney"}'}}


@pytest.mark.parametrize(
    "said",
    [
        Scripted(RIGHT, refusal=WRONG),
        Scripted(RIGHT, reasoning=WRONG),
        Scripted(None, tool_calls=(CALL,), finish_reason="tool_calls"),
        Scripted(None, extra={"function_call": CALL["function"]}),
        Scripted(None, extra={"content": [{"type": "text", "text": WRONG}]}),
    ],
    ids=["refusal", "reasoning", "tool call", "function call", "content parts"],
)
async def test_no_field_gets_past_a_rule(world: World, connect: Client, said: Scripted) -> None:
    response = await ask(connect, world("block"), ScriptedUpstream(lambda request: said))
    choice = response.json()["choices"][0]
    assert choice["finish_reason"] == "content_filter"
    assert choice["message"]["content"] == "The atlas says otherwise."
    assert "Sydney" not in str(choice)


async def test_a_tool_call_that_is_right_arrives_as_it_was(world: World, connect: Client) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Canberra"}'}}
    said = Scripted(None, tool_calls=(call,), finish_reason="tool_calls")
    body = (await ask(connect, world("rewrite"), ScriptedUpstream(lambda request: said))).json()
    assert body["choices"][0]["message"]["tool_calls"] == [call]
    assert body["choices"][0]["finish_reason"] == "tool_calls"
    assert body["groundwire"]["verdict"] == "clean"


async def test_a_check_that_could_not_be_made_is_502_where_closed(world: World, connect: Client) -> None:
    gw = world(on_error="closed")
    response = await ask(connect, gw, ScriptedUpstream(f"{RIGHT} {FAILS}"))
    assert response.status_code == 502
    assert response.json()["error"]["type"] == "verification_failed"
    assert "choices" not in response.json()
    kept = gw.store.get(response.headers["x-groundwire-report"])
    assert kept
    assert kept.verdict == "unchecked"
    assert kept.answer == f"{RIGHT} {FAILS}"
    assert kept.delivered == ""


async def test_a_check_that_could_not_be_made_passes_unchecked_where_open(world: World, connect: Client) -> None:
    response = await ask(connect, world(on_error="open"), ScriptedUpstream(FAILS))
    assert response.status_code == 200
    assert response.json()["choices"][0]["message"]["content"] == FAILS
    assert response.headers["x-groundwire-verdict"] == "unchecked"


@pytest.mark.parametrize(("on_error", "status"), [("closed", 502), ("open", 200)])
async def test_a_store_that_fails_follows_the_setting(
    world: World, connect: Client, on_error: str, status: int
) -> None:
    response = await ask(connect, world(on_error=on_error, store=FailingStore()), ScriptedUpstream(RIGHT))
    assert response.status_code == status


async def test_the_upstreams_refusal_keeps_its_status_body_and_retry_after(world: World, connect: Client) -> None:
    error = {"message": "slow down", "type": "tokens", "param": None, "code": "rate_limit_exceeded", "extra": 1}
    refusal = UpstreamError("litellm says", status=429, body=error, headers={"retry-after": "7", "set-cookie": "x"})
    response = await ask(connect, world(), FailingUpstream(refusal))
    assert response.status_code == 429
    assert response.json() == {"error": {name: value for name, value in error.items() if name != "extra"}}
    assert response.headers["retry-after"] == "7"
    assert "set-cookie" not in response.headers


async def test_an_upstream_without_choices_is_502(world: World, connect: Client) -> None:
    response = await ask(connect, world(), ScriptedUpstream(lambda request: []))
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "upstream_malformed"


async def test_the_upstream_sees_the_request_without_what_is_ours(world: World, connect: Client) -> None:
    upstream = ScriptedUpstream(RIGHT)
    blocks = [
        {"type": "grounding_source", "text": RIGHT},
        {"type": "query", "text": "What is the capital?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
        {"type": "text", "text": "Please.", "qualifiers": ["query"]},
    ]
    fields = {"temperature": 0.5, "a_new_field": {"deep": [1, None]}, "groundwire": {"documents": [RIGHT]}}
    response = await ask(connect, world(), upstream, **fields, messages=[{"role": "user", "content": blocks}])
    assert response.status_code == 200
    sent = upstream.requests[0]
    assert sent["a_new_field"] == {"deep": [1, None]}
    assert sent["temperature"] == 0.5
    assert "groundwire" not in sent
    assert sent["messages"][0]["content"] == [
        {"type": "text", "text": RIGHT},
        {"type": "text", "text": "What is the capital?"},
        blocks[2],
        {"type": "text", "text": "Please."},
    ]
    assert response.json()["groundwire"]["question"] == "What is the capital? Please."


async def test_annotate_leaves_the_answer_and_says_what_is_wrong(world: World, connect: Client) -> None:
    gw = world("rewrite", mode="annotate")
    body = (await ask(connect, gw, ScriptedUpstream(WRONG))).json()
    assert body["choices"][0]["message"]["content"] == WRONG
    assert body["groundwire"]["verdict"] == "flagged"
    assert body["groundwire"]["delivered"] == WRONG
    assert body["groundwire"]["revised"] == REPAIRED


async def test_off_checks_nothing_and_says_so(world: World, connect: Client) -> None:
    store = MemoryStore()
    response = await ask(connect, world("block", mode="off", store=store), ScriptedUpstream(WRONG))
    assert response.json()["choices"][0]["message"]["content"] == WRONG
    assert "groundwire" not in response.json()
    assert response.headers["x-groundwire-verdict"] == "unchecked"
    assert not store.requests


@pytest.mark.parametrize(("report", "headers"), [("headers", True), ("none", False)])
async def test_the_report_can_be_kept_out_of_the_answer(
    world: World, connect: Client, report: str, headers: bool
) -> None:
    response = await ask(connect, world(report=report), ScriptedUpstream(RIGHT))
    assert "groundwire" not in response.json()
    assert ("x-groundwire-verdict" in response.headers) is headers


async def test_an_empty_answer_has_a_report(world: World, connect: Client) -> None:
    body = (await ask(connect, world(), ScriptedUpstream(""))).json()
    assert body["choices"][0]["message"]["content"] == ""
    assert body["groundwire"]["verdict"] == "clean"


class RulesStore(MemoryStore):
    """Keeps rules, or fails to, and remembers on which thread."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.fails, self.kept, self.threads = fails, dict[str, str](), list[int]()

    def keep_rules(self, revision: str, packs: str) -> None:
        self.threads.append(threading.get_ident())
        if self.fails:
            raise OSError("on purpose")
        self.kept[revision] = packs


async def test_the_rules_that_a_report_names_are_kept_once_and_not_on_the_event_loop(
    world: World, connect: Client
) -> None:
    store = RulesStore()
    gw = world(store=store)
    for fields in ({}, {}, {"groundwire": {"rules": ["strict"]}}):
        response = await ask(connect, gw, ScriptedUpstream(RIGHT), **fields)
        assert response.headers["x-groundwire-rules"] in store.kept
    assert len(store.kept) == len(store.threads) == 2
    assert threading.get_ident() not in store.threads


@pytest.mark.parametrize(("on_error", "status"), [("closed", 502), ("open", 200)])
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
async def test_rules_that_cannot_be_kept_follow_the_setting(
    world: World, connect: Client, on_error: str, status: int, streaming: bool
) -> None:
    gw = world(on_error=on_error, store=RulesStore(fails=True))
    response = await ask(connect, gw, ScriptedUpstream(RIGHT), stream=streaming)
    if streaming:
        assert ("[DONE]" in response.text) is (status == 200)
    else:
        assert response.status_code == status


@pytest.mark.parametrize("said", [Scripted(RIGHT * 40), Scripted(None, extra={"tool_calls": [
    {"id": "c", "type": "function", "function": {"name": "save", "arguments": {"text": RIGHT * 40}}}
]})], ids=["text", "arguments"])  # fmt: skip
async def test_an_answer_that_is_too_long_to_hold_is_refused(world: World, connect: Client, said: Scripted) -> None:
    gw = world(limits={"answer_mb": 0.001})
    response = await ask(connect, gw, ScriptedUpstream(lambda request: said))
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "answer_too_large"
    assert RIGHT not in response.text
    off = await ask(connect, world(limits={"answer_mb": 0.001}, mode="off"), ScriptedUpstream(lambda request: said))
    assert off.status_code == 200


@pytest.mark.parametrize(("path", "body"), [
    ("/v1/verify", {"answer": RIGHT, "context": ["x" * 100_000]}),
    ("/v1/embeddings", {"model": "scripted", "input": ["x" * 100_000]}),
    ("/v1/chat/completions", {"messages": [{"role": "user", "content": "x" * 100_000}]}),
    ("/beta/litellm_basic_guardrail_api", {"input_type": "response", "texts": [RIGHT], "images": ["x" * 100_000]}),
])  # fmt: skip
async def test_a_large_body_is_not_parsed_on_the_event_loop(
    world: World, connect: Client, monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    threads: list[int] = []
    loads = json.loads

    def seen(text: Any, **options: Any) -> Any:
        threads.append(threading.get_ident())
        return loads(text, **options)

    async with connect(world(), ScriptedUpstream(RIGHT)) as client:
        monkeypatch.setattr("groundwire.gateway.request.json.loads", seen)
        response = await client.post(path, json=body)
        monkeypatch.undo()
    assert response.status_code == 200
    assert threads
    assert threading.get_ident() not in threads
