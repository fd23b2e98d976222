"""Anthropic's format, with its real client."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anthropic
import httpx
import pytest
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.errors import UpstreamError
from groundwire.gateway import FailingUpstream, Scripted, ScriptedUpstream, create_app, running

World = Callable[..., Groundwire]
ASKED: Any = [{"role": "user", "content": "What is the capital of Australia?"}]
CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Canberra"}'}}
TOOL: Any = {"name": "save", "description": "Keeps it.", "input_schema": {"type": "object", "properties": {}}}


@asynccontextmanager
async def client(gw: Groundwire, upstream: Any) -> AsyncIterator[anthropic.AsyncAnthropic]:
    with running(create_app(gw, upstream)) as url:
        async with anthropic.AsyncAnthropic(base_url=url, api_key="k", max_retries=0) as opened:
            yield opened


async def ask(gw: Groundwire, upstream: Any, **fields: Any) -> Any:
    async with client(gw, upstream) as opened:
        return await opened.messages.create(model="scripted", max_tokens=9, **{"messages": ASKED, **fields})


async def stream(gw: Groundwire, upstream: Any, **fields: Any) -> tuple[Any, list[Any]]:
    """The message as the client puts it together, and the events as they came."""
    async with client(gw, upstream) as opened:
        events = []
        async with opened.messages.stream(model="scripted", max_tokens=9, messages=ASKED, **fields) as source:
            async for event in source:
                events.append(event)  # noqa: PERF401 - kept as far as they come
            return await source.get_final_message(), events


async def test_an_answer_has_its_report(world: World) -> None:
    gw = world()
    message = await ask(gw, ScriptedUpstream(RIGHT))
    assert message.content[0].text == RIGHT
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens > 0
    assert message.groundwire["verdict"] == "clean"
    assert gw.store.get(message.groundwire["id"])


@pytest.mark.parametrize(("action", "said", "stop"), [
    ("flag", f"{RIGHT} {WRONG}", "end_turn"),
    ("rewrite", f"{RIGHT} {REPAIRED}", "end_turn"),
    ("block", f"{RIGHT}\n\nThe atlas says otherwise.", "refusal"),
])  # fmt: skip
async def test_a_stream_is_what_the_rules_let_through(world: World, action: str, said: str, stop: str) -> None:
    message, events = await stream(world(action), ScriptedUpstream(f"{RIGHT} {WRONG}"))
    assert message.content[0].text == said
    assert message.stop_reason == stop
    assert (message.usage.output_tokens > 0) is (action != "block"), "a blocked stream is cut before its usage"
    last = [event for event in events if event.type == "message_delta"][-1]
    verdicts = {"flag": "flagged", "rewrite": "rewritten", "block": "blocked"}
    assert last.groundwire["verdict"] == verdicts[action]


async def test_a_canary_is_in_no_byte(world: World) -> None:
    said = Scripted(f"{WRONG} {RIGHT}", reasoning=WRONG, refusal=WRONG, tool_calls=(CALL,))
    transport = httpx.ASGITransport(create_app(world("rewrite", report="headers"), ScriptedUpstream(lambda r: said)))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        for streaming in (True, False):
            body = {"model": "scripted", "max_tokens": 9, "messages": ASKED, "stream": streaming}
            response = await http.post("/v1/messages", json=body)
            assert REPAIRED in response.text
            assert CANARY not in response.text


async def test_tools_go_there_and_back(world: World) -> None:
    upstream = ScriptedUpstream(lambda request: Scripted(RIGHT, tool_calls=(CALL, CALL), finish_reason="tool_calls"))
    gw = world()
    whole = await ask(gw, upstream, tools=[TOOL], tool_choice={"type": "any", "disable_parallel_tool_use": True})
    streamed, _ = await stream(gw, upstream, tools=[TOOL])
    for message in (whole, streamed):
        assert [block.type for block in message.content] == ["text", "tool_use", "tool_use"]
        assert message.content[1].input == {"capital": "Canberra"}
        assert message.stop_reason == "tool_use"
    sent = upstream.requests[0]
    function = {"name": "save", "description": "Keeps it.", "parameters": TOOL["input_schema"]}
    assert sent["tools"] == [{"type": "function", "function": function}]
    assert sent["tool_choice"] == "required"
    assert sent["parallel_tool_calls"] is False


async def test_a_conversation_is_translated(world: World) -> None:
    upstream = ScriptedUpstream(RIGHT)
    conversation: Any = [
        {"role": "user", "content": [
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": RIGHT}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
            {"type": "text", "text": "Which?"},
        ]},
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "x"},
            {"type": "text", "text": "Looking."},
            {"type": "tool_use", "id": "t1", "name": "look", "input": {"q": 1}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": RIGHT}]},
            {"type": "text", "text": "So?"},
        ]},
    ]  # fmt: skip
    message = await ask(
        world(), upstream, messages=conversation, system="Be brief.", stop_sequences=["END"],
        metadata={"user_id": "u"}, extra_body={"top_k": 3, "groundwire": {"question": "Which city?"}},
    )  # fmt: skip
    sent = upstream.requests[0]
    calls = [{"id": "t1", "type": "function", "function": {"name": "look", "arguments": '{"q": 1}'}}]
    assert sent["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [
            {"type": "text", "text": RIGHT},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
            {"type": "text", "text": "Which?"},
        ]},
        {"role": "assistant", "content": "Looking.", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "t1", "content": RIGHT},
        {"role": "user", "content": [{"type": "text", "text": "So?"}]},
    ]  # fmt: skip
    assert sent["stop"] == ["END"]
    assert sent["user"] == "u"
    assert sent["top_k"] == 3
    assert sent["max_tokens"] == 9
    assert "groundwire" not in sent
    assert message.groundwire["question"] == "Which city?"


async def test_failures_have_anthropics_shape(world: World) -> None:
    error = {"message": "slow down", "type": "tokens", "param": None, "code": "c"}
    with pytest.raises(anthropic.RateLimitError) as refused:
        await ask(world(), FailingUpstream(UpstreamError("x", status=429, body=error)))
    assert refused.value.body == {"type": "error", "error": error}
    with pytest.raises(anthropic.APIStatusError) as failed:
        await ask(world(), ScriptedUpstream(FAILS))
    assert failed.value.status_code == 502
    for said in (Scripted(f"{RIGHT} {FAILS} {RIGHT}"), Scripted(RIGHT, breaks="truncated")):
        with pytest.raises(anthropic.APIStatusError) as broken:
            await stream(world(), ScriptedUpstream(lambda request, said=said: said))  # type: ignore[misc]
        assert broken.value.body["error"]["type"] in ("verification_failed", "upstream_error")  # type: ignore[index]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"messages": "hi"}, "messages"),
        ({"messages": [{"role": "robot", "content": "hi"}]}, "messages[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "server_tool"}]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "user", "content": [3]}]}, "messages[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]}, "messages[0].content[0]"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools[0]"),
        ({"tool_choice": {"type": "maybe"}}, "tool_choice"),
        ({"system": 3}, "system"),
    ],
)
async def test_what_cannot_be_translated_is_refused(world: World, fields: Any, param: str) -> None:
    with pytest.raises(anthropic.BadRequestError) as refused:
        await ask(world(), ScriptedUpstream(RIGHT), **fields)
    assert refused.value.body["error"]["param"] == param  # type: ignore[index]


async def test_off_is_translated_and_not_checked(world: World) -> None:
    message = await ask(world("block", mode="off"), ScriptedUpstream(WRONG))
    assert message.content[0].text == WRONG
    assert not hasattr(message, "groundwire")
    streamed, events = await stream(world("block", mode="off"), ScriptedUpstream(WRONG))
    assert streamed.content[0].text == WRONG
    assert "groundwire" not in json.dumps([event.model_dump(mode="json") for event in events])
