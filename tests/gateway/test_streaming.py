"""Streams: what leaves, and when. A statement that a rule takes out is never in the client's bytes."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG, AtlasJudge

from groundwire.client import Groundwire
from groundwire.errors import UpstreamError
from groundwire.gateway import FailingUpstream, Scripted, ScriptedUpstream
from groundwire.gateway.checking import Exchange
from groundwire.gateway.part import Part
from groundwire.gateway.request import Asked
from groundwire.gateway.streaming import verified
from groundwire.review import FailingStore

World = Callable[..., Groundwire]
ASKED = [{"role": "user", "content": "What is the capital of Australia?"}]
FILLER = "Water is wet. Snow is white."


async def stream(connect: Client, gw: Groundwire, upstream: Any, **fields: Any) -> tuple[Any, list[Any]]:
    """The response, and its events: chunks, or the word [DONE]."""
    body = {"model": "scripted", "messages": ASKED, "stream": True, **fields}
    async with connect(gw, upstream) as client:
        response = await client.post("/v1/chat/completions", json=body)
    events = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line.startswith("data: ")]
    return response, [event if event == "[DONE]" else json.loads(event) for event in events]


def text_of(events: list[Any], index: int = 0, field: str = "content") -> str:
    return "".join(
        choice["delta"].get(field) or ""
        for event in events
        if event != "[DONE]"
        for choice in event.get("choices", ())
        if choice["index"] == index
    )


def finishes(events: list[Any]) -> list[tuple[int, str]]:
    return [
        (choice["index"], choice["finish_reason"])
        for event in events
        if event != "[DONE]"
        for choice in event.get("choices", ())
        if choice["finish_reason"]
    ]


async def test_a_stream_arrives_whole_and_ends_with_its_report(world: World, connect: Client) -> None:
    gw = world()
    response, events = await stream(connect, gw, ScriptedUpstream(f"{FILLER} {RIGHT}"))
    assert text_of(events) == f"{FILLER} {RIGHT}"
    assert events[-1] == "[DONE]"
    last = events[-2]
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["groundwire"]["verdict"] == "clean"
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-groundwire-verdict"] == "pending"
    assert response.headers["x-groundwire-report"] == last["groundwire"]["id"]
    assert gw.store.get(last["groundwire"]["id"])
    assert sum("groundwire" in event for event in events[:-1]) == 1
    assert len(events) > 4, "sentences leave one by one"


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("place", ["start", "middle", "end"])
@pytest.mark.parametrize("action", ["rewrite", "remove", "block"])
async def test_a_canary_is_never_in_the_bytes(world: World, connect: Client, action: str, place: str, n: int) -> None:
    sentences = {"start": [WRONG, FILLER, RIGHT], "middle": [FILLER, WRONG, RIGHT], "end": [FILLER, RIGHT, WRONG]}
    said = Scripted(" ".join(sentences[place]), logprobs=True, extra={"a_new_field": WRONG})
    gw = world(action, report="headers")
    response, events = await stream(connect, gw, ScriptedUpstream(lambda request: said), n=n)
    assert CANARY not in response.text
    assert events[-1] == "[DONE]"
    ending = "content_filter" if action == "block" else "stop"
    assert sorted(finishes(events)) == [(index, ending) for index in range(n)]
    if action == "rewrite":
        assert all(text_of(events, i) == " ".join(sentences[place]).replace(WRONG, REPAIRED) for i in range(n))


CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Sydney"}'}}


@pytest.mark.parametrize(
    "said",
    [
        Scripted(RIGHT, refusal=WRONG),
        Scripted(RIGHT, reasoning=WRONG),
        Scripted(RIGHT, tool_calls=(CALL,), finish_reason="tool_calls"),
        Scripted(f"{FILLER} {WRONG}", pieces=(f"{FILLER} {WRONG}",)),
        Scripted(RIGHT, extra={"audio": {"transcript": WRONG}, "thinking_blocks": [{"thinking": WRONG}]}),
    ],
    ids=["refusal", "reasoning", "tool call", "one giant chunk", "fields that are not checked"],
)
async def test_a_canary_gets_out_by_no_field(world: World, connect: Client, said: Scripted) -> None:
    response, events = await stream(connect, world("block", report="headers"), ScriptedUpstream(lambda r: said))
    assert CANARY not in response.text
    assert events[-1] == "[DONE]"


async def test_tool_calls_arrive_whole_when_they_are_right(world: World, connect: Client) -> None:
    right = [
        {"id": f"call_{n}", "type": "function", "function": {"name": f"f{n}", "arguments": '{"capital": "Canberra"}'}}
        for n in range(2)
    ]
    said = Scripted(None, tool_calls=tuple(right), finish_reason="tool_calls")
    _, events = await stream(connect, world("rewrite"), ScriptedUpstream(lambda request: said))
    calls = [call for event in events[:-1] for c in event["choices"] for call in c["delta"].get("tool_calls", ())]
    assert calls == [{**call, "index": n} for n, call in enumerate(right)]
    assert finishes(events) == [(0, "tool_calls")]
    assert [report["field"] for report in events[-2]["groundwire"]["reports"]] == [
        "tool_calls.0.function.arguments",
        "tool_calls.1.function.arguments",
    ]


async def test_reasoning_leaves_before_the_answer_that_follows_it(world: World, connect: Client) -> None:
    said = Scripted(RIGHT, reasoning=FILLER)
    _, events = await stream(connect, world(), ScriptedUpstream(lambda request: said))
    fields = [name for event in events[:-1] for name, value in event["choices"][0]["delta"].items() if value]
    assert text_of(events, field="reasoning_content") == FILLER
    assert text_of(events) == RIGHT
    assert fields.index("content") > max(at for at, name in enumerate(fields) if name == "reasoning_content")


async def test_a_blocked_stream_says_why_and_lets_the_upstream_go(world: World, connect: Client) -> None:
    upstream = ScriptedUpstream(f"{FILLER} {WRONG} " + RIGHT * 50, pace=0.001)
    _, events = await stream(connect, world("block"), upstream)
    assert text_of(events) == "Water is wet. Snow is white.\n\nThe atlas says otherwise."
    assert finishes(events) == [(0, "content_filter")]
    assert events[-2]["groundwire"]["verdict"] == "blocked"
    assert events[-2]["groundwire"]["delivered"] == text_of(events)
    assert upstream.closed == 1
    assert len(events[-2]["groundwire"]["answer"]) < 500


@pytest.mark.parametrize("breaks", ["truncated", "cut", "error", "garbage"])
@pytest.mark.parametrize("mode", ["hold", "annotate", "off"])
async def test_a_stream_that_breaks_off_is_an_error_and_never_stop(
    world: World, connect: Client, mode: str, breaks: Any
) -> None:
    gw = world(mode=mode)
    said = Scripted(f"{RIGHT} {FILLER} The rest never comes", breaks=breaks, after=12)
    response, events = await stream(connect, gw, ScriptedUpstream(lambda request: said))
    assert finishes(events) == []
    assert events[-1]["error"]["type"] == "upstream_error"
    assert "[DONE]" not in events
    if mode != "off":
        kept = gw.store.get(response.headers["x-groundwire-report"])
        assert kept
        assert kept.verdict == events[-1]["groundwire"]["verdict"] == "unchecked"
        if mode == "hold":
            assert kept.delivered == text_of(events) == RIGHT


async def test_a_refusal_before_the_first_chunk_is_a_status(world: World, connect: Client) -> None:
    refusal = UpstreamError("no", status=401, body={"message": "no key", "type": "auth", "param": None, "code": "k"})
    response, _ = await stream(connect, world(), FailingUpstream(refusal))
    assert response.status_code == 401
    assert response.json()["error"]["message"] == "no key"


async def test_a_check_that_fails_in_mid_stream_ends_it(world: World, connect: Client) -> None:
    gw = world()
    response, events = await stream(connect, gw, ScriptedUpstream(f"{RIGHT} {FAILS} {FILLER}"))
    assert text_of(events) == RIGHT
    assert events[-1]["error"]["type"] == "verification_failed"
    kept = gw.store.get(response.headers["x-groundwire-report"])
    assert kept
    assert kept.verdict == "unchecked"


async def test_a_check_that_fails_passes_where_open(world: World, connect: Client) -> None:
    _, events = await stream(connect, world(on_error="open"), ScriptedUpstream(f"{RIGHT} {FAILS} {FILLER}"))
    assert text_of(events) == f"{RIGHT} {FAILS} {FILLER}"
    assert events[-2]["groundwire"]["verdict"] == "unchecked"


async def test_no_stream_ends_well_without_its_report_on_disk(world: World, connect: Client) -> None:
    _, events = await stream(connect, world(store=FailingStore()), ScriptedUpstream(RIGHT))
    assert finishes(events) == []
    assert events[-1]["error"]["type"] == "verification_failed"


async def test_usage_comes_as_the_client_asked_for_it(world: World, connect: Client) -> None:
    _, events = await stream(connect, world(), ScriptedUpstream(RIGHT), stream_options={"include_usage": True})
    assert events[-2]["choices"] == []
    assert events[-2]["usage"]["total_tokens"] > 0
    assert events[-2]["groundwire"]["verdict"] == "clean"
    assert finishes(events[-3:-2]) == [(0, "stop")]


async def test_annotate_lets_text_flow_and_tells_at_the_end(world: World, connect: Client) -> None:
    _, events = await stream(connect, world("rewrite", mode="annotate"), ScriptedUpstream(f"{FILLER} {WRONG}"))
    assert text_of(events) == f"{FILLER} {WRONG}"
    assert events[-2]["groundwire"]["verdict"] == "flagged"
    assert events[-2]["groundwire"]["delivered"] == f"{FILLER} {WRONG}"


async def test_off_passes_chunks_as_they_are(world: World, connect: Client) -> None:
    upstream = ScriptedUpstream(WRONG)
    _, events = await stream(connect, world("block", mode="off"), upstream)
    direct = [chunk async for chunk in upstream.stream({"model": "scripted"})]
    assert events == [*direct, "[DONE]"]


async def test_logprobs_come_at_the_end_of_what_was_left_alone(world: World, connect: Client) -> None:
    said = Scripted(RIGHT, logprobs=True)
    _, events = await stream(connect, world("rewrite"), ScriptedUpstream(lambda request: said))
    spelled = [entry["token"] for entry in events[-2]["choices"][0]["logprobs"]["content"]]
    assert "".join(spelled) == RIGHT


async def test_a_character_cut_in_two_arrives_whole(world: World, connect: Client) -> None:
    said = Scripted(
        "x", pieces=("It is \ud83d", "\ude00 here. ", "A lone \ud83d", " half.", " Zürich 東京 \u2028 end.")
    )
    _, events = await stream(connect, world(), ScriptedUpstream(lambda request: said))
    assert text_of(events) == "It is 😀 here. A lone \ufffd half. Zürich 東京 \u2028 end."


async def test_the_first_sentence_does_not_wait_for_the_last(world: World) -> None:
    """Whoever reads gets a sentence while the upstream is still talking, and the event loop stays free."""
    upstream = ScriptedUpstream(" ".join([RIGHT] * 20), pace=0.002)
    exchange = Exchange(world(judge=AtlasJudge(0.05)), Asked({"messages": ASKED, "stream": True}))
    lags: list[float] = []
    watching = asyncio.create_task(_watch(lags))
    said: list[tuple[int, str]] = []
    source = upstream.stream({"messages": ASKED})
    sent = 0

    async def counted() -> Any:
        nonlocal sent
        async for chunk in source:
            sent += 1
            yield chunk

    async for chunk in verified(exchange, counted()):
        said += [(sent, choice["delta"]["content"]) for choice in chunk["choices"] if choice["delta"].get("content")]
    watching.cancel()
    assert "".join(text for _, text in said) == " ".join([RIGHT] * 20)
    assert said[0][0] < sent / 4
    assert sorted(lags)[len(lags) // 2] < 0.03


async def _watch(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - before - 0.005)


async def test_a_fast_stream_does_not_cost_a_thread_for_every_token(world: World) -> None:
    gw = world()
    exchange = Exchange(gw, Asked({"messages": ASKED}))
    fed: list[str] = []
    begin = exchange.begin

    def counting(choice: int, field: str) -> Any:
        part = begin(choice, field)
        feed = part.feed

        def counted(text: str) -> str:
            fed.append(text)
            return feed(text)

        part.feed = counted  # type: ignore[method-assign]
        return part

    exchange.begin = counting  # type: ignore[method-assign]
    text = " ".join([RIGHT] * 30)
    async for _ in verified(exchange, ScriptedUpstream(text).stream({"messages": ASKED})):
        pass
    assert "".join(fed) == text
    assert len(fed) <= 31


@pytest.mark.parametrize("on_error", ["closed", "open"])
@pytest.mark.parametrize("broken", ["feed", "begin"])
async def test_a_check_at_the_side_that_breaks_is_never_a_clean_answer(
    world: World, connect: Client, monkeypatch: pytest.MonkeyPatch, broken: str, on_error: str
) -> None:
    """In annotate mode nobody waits for the checks while the text flows: what one of them raised was lost."""
    failed: list[str] = []
    holder, name = (Part, "feed") if broken == "feed" else (Exchange, "begin")
    right = getattr(holder, name)

    def breaks(self: Any, *given: Any) -> Any:
        if not failed:
            failed.append(name)
            raise RuntimeError("on purpose")
        return right(self, *given)

    monkeypatch.setattr(holder, name, breaks)
    gw = world(mode="annotate", on_error=on_error)
    _, events = await stream(connect, gw, ScriptedUpstream(f"{RIGHT} {FILLER}", pace=0.005))
    assert failed
    assert text_of(events) == f"{RIGHT} {FILLER}"
    told = json.dumps(events)
    assert '"clean"' not in told
    if on_error == "closed" or broken == "begin":
        assert events[-1]["error"]["type"] == "verification_failed"
    else:
        report = events[-2]["groundwire"]
        assert report["verdict"] == "unchecked"
        assert {claim["reason"] for claim in report["claims"] if claim["verdict"] == "unchecked"} == {"error"}
        assert report["answer"] == f"{RIGHT} {FILLER}"
