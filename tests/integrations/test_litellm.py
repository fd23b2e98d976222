"""The guardrail for LiteLLM Proxy, called as the proxy calls it. `real_proxy.py` here runs it in a real one."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG
from tests.gateway.scripted_world import world as build

from groundwire.client import Groundwire
from groundwire.errors import GroundwireError, VerificationError
from groundwire.gateway import Guard, Scripted
from groundwire.gateway.anthropic_events import MessageEvents
from groundwire.gateway.scripted import as_chunks, as_completion
from groundwire.gateway.sse import frame
from groundwire.gateway.upstream import load_litellm

pytestmark = pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning")

ASKED: Any = [{"role": "user", "content": [{"type": "grounding_source", "text": "Water is wet."}]}]
CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Sydney"}'}}
Make = Callable[..., Any]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(action: str = "rewrite", **settings: Any) -> Any:
        load_litellm()
        from groundwire.integrations.litellm import GroundwireGuardrail

        gw = build(tmp_path, action, **settings)
        return GroundwireGuardrail(groundwire=gw, guardrail_name="groundwire", event_hook="post_call"), gw

    return made


async def asked(guardrail: Any, **fields: Any) -> dict[str, Any]:
    data = {"model": "m", "messages": ASKED, "litellm_call_id": "call-1", "groundwire": {}, **fields}
    given: dict[str, Any] = await guardrail.async_pre_call_hook(None, None, data, "acompletion")
    return given


async def pieces(items: Any) -> AsyncIterator[Any]:
    for item in items:
        yield item


async def test_a_request_loses_what_is_not_for_the_provider(make: Make) -> None:
    guardrail, _ = make()
    data = await asked(guardrail, temperature=0.5)
    assert "groundwire" not in data
    assert data["messages"] == [{"role": "user", "content": [{"type": "text", "text": "Water is wet."}]}]
    assert data["temperature"] == 0.5
    other = {"input": ["a"], "litellm_call_id": "x"}
    assert await guardrail.async_pre_call_hook(None, None, other, "aembedding") is other


@pytest.mark.parametrize(("action", "said", "finish"), [
    ("rewrite", f"{RIGHT} {REPAIRED}", "stop"), ("block", "The atlas says otherwise.", "content_filter")
])  # fmt: skip
async def test_a_chat_answer_is_checked(make: Make, action: str, said: str, finish: str) -> None:
    guardrail, gw = make(action)
    data = await asked(guardrail)
    litellm = load_litellm()
    response = litellm.ModelResponse(**as_completion([Scripted(f"{RIGHT} {WRONG}")] * 2, "m"))
    checked = await guardrail.async_post_call_success_hook(data, None, response)
    assert isinstance(checked, litellm.ModelResponse)
    assert [choice.message.content for choice in checked.choices] == [said] * 2
    assert {choice.finish_reason for choice in checked.choices} == {finish}
    assert len(gw.store.requests) == 2


async def test_a_chat_stream_is_held(make: Make) -> None:
    guardrail, gw = make()
    data = await asked(guardrail)
    kind = load_litellm().types.utils.ModelResponseStream
    chunks = [kind(**chunk) for chunk in as_chunks([Scripted(f"{RIGHT} {WRONG}", reasoning=WRONG)] * 2, "m", {})]
    stream = guardrail.async_post_call_streaming_iterator_hook(None, pieces(chunks), data)
    got = [chunk async for chunk in stream]
    assert all(isinstance(chunk, kind) for chunk in got)
    told = json.dumps([{k: v for k, v in chunk.model_dump().items() if k != "groundwire"} for chunk in got])
    assert CANARY not in told
    for index in (0, 1):
        text = "".join(c.delta.content or "" for chunk in got for c in chunk.choices if c.index == index)
        assert text == f"{RIGHT} {REPAIRED}"
    assert gw.store.requests


def anthropic_bytes(said: Scripted) -> bytes:
    events = MessageEvents()
    out = [frame(data, name) for chunk in as_chunks([said], "m", {}) for name, data in events.take(chunk)]
    return b"".join([*out, *(frame(data, name) for name, data in events.close(None))])


@pytest.mark.parametrize("cut", [1, 7, 64, 100_000])
async def test_the_bytes_of_a_messages_stream_are_held(make: Make, cut: int) -> None:
    """Others pass them on as they are and log a success."""
    guardrail, gw = make()
    data = await asked(guardrail, max_tokens=9, system="Be brief.", messages=[{"role": "user", "content": "Zürich?"}])
    whole = anthropic_bytes(Scripted(f"Zürich 東京. {WRONG} {RIGHT}", tool_calls=(CALL,), finish_reason="tool_calls"))
    whole = whole.replace(b"\n\n", b"\r\n\r\n") if cut == 7 else whole
    cuts = [whole[at : at + cut] for at in range(0, len(whole), cut)]
    got = b"".join([f async for f in guardrail.async_post_call_streaming_iterator_hook(None, pieces(cuts), data)])
    events = [json.loads(line[6:]) for line in got.decode().splitlines() if line.startswith("data: ")]
    text = "".join(e["delta"].get("text", "") for e in events if e["type"] == "content_block_delta")
    assert text == f"Zürich 東京. {REPAIRED} {RIGHT}"
    for event in events:
        event.pop("groundwire", None)
    assert CANARY not in json.dumps(events)
    assert [event["type"] for event in events][-2:] == ["message_delta", "message_stop"]
    assert len(gw.store.requests) == 2


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x1e"])
async def test_an_event_ends_where_its_format_says(make: Make, separator: str) -> None:
    """JSON may hold what Unicode calls the end of a line."""
    guardrail, _ = make()
    data = await asked(guardrail)
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"A{separator}b."}}
    plain = f"event: content_block_delta\ndata: {json.dumps(delta, ensure_ascii=False)}\n\n".encode()
    if separator == "\x1e":
        plain = plain.replace(b"\\u001e", b"\x1e")  # not JSON: it is refused, and not cut
    whole = anthropic_bytes(Scripted(RIGHT))
    at = whole.index(b"event: content_block_stop")
    cut = [whole[:at] + plain + whole[at:]]
    stream = guardrail.async_post_call_streaming_iterator_hook(None, pieces(cut), data)
    if separator == "\x1e":
        with pytest.raises(Exception, match="not JSON"):
            [f async for f in stream]
        return
    got = b"".join([f async for f in stream])
    events = [json.loads(line[6:]) for line in got.decode().split("\n") if line.startswith("data: ")]
    text = "".join(e["delta"].get("text", "") for e in events if e["type"] == "content_block_delta")
    assert text == f"{RIGHT}A{separator}b."


async def test_a_call_without_an_id_gets_one(make: Make) -> None:
    guardrail, _ = make()
    first, second = await asked(guardrail, litellm_call_id=None), await asked(guardrail, litellm_call_id="")
    assert first["litellm_call_id"]
    assert first["litellm_call_id"] != second["litellm_call_id"]


async def test_whole_answers_in_other_formats_are_checked(make: Make) -> None:
    guardrail, _ = make()
    data = await asked(guardrail)
    message = {"type": "message", "role": "assistant", "stop_reason": "tool_use", "content": [
        {"type": "thinking", "thinking": WRONG, "signature": "s"},
        {"type": "text", "text": WRONG},
        {"type": "tool_use", "id": "t", "name": "save", "input": {"capital": "Sydney"}},
    ]}  # fmt: skip
    response = {"object": "response", "output": [
        {"type": "message", "content": [{"type": "output_text", "text": WRONG}]},
        {"type": "function_call", "arguments": '{"capital": "Sydney"}'},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": WRONG}]},
    ]}  # fmt: skip
    completion = {"object": "text_completion", "choices": [{"text": WRONG, "index": 0}]}
    for answer in (message, response, completion):
        checked = await guardrail.async_post_call_success_hook(data, None, answer)
        told = checked.pop("groundwire")
        assert told["verdict"] == "rewritten"
        assert CANARY not in json.dumps(checked)
        assert checked.keys() == answer.keys()
    blocking, _ = make("block")
    for answer in (message, response, completion):
        checked = await blocking.async_post_call_success_hook(data, None, answer)
        checked.pop("groundwire")
        assert CANARY not in json.dumps(checked)
        assert "The atlas says otherwise." in json.dumps(checked)


async def test_what_cannot_be_read_or_checked_is_refused(make: Make) -> None:
    guardrail, _ = make()
    data = await asked(guardrail)
    odd: list[Any] = [{"object": "video"}, {"type": "message", "content": [{"type": "new_block", "text": WRONG}]}]
    failing = as_completion([Scripted(FAILS)], "m")
    for answer in (*odd, failing):
        with pytest.raises(Exception, match=r"check|Expecting|could not"):
            await guardrail.async_post_call_success_hook(data, None, answer)
    with pytest.raises(Exception, match="cannot be checked"):
        [f async for f in guardrail.async_post_call_streaming_iterator_hook(None, pieces([object()]), data)]
    for broken in (b"data: {not json}\n\n", anthropic_bytes(Scripted(RIGHT))[:300], b'data: {"type": "new_event"}\n\n'):
        with pytest.raises(Exception, match=r"ended before|cannot be checked"):
            [f async for f in guardrail.async_post_call_streaming_iterator_hook(None, pieces([broken]), data)]
    with pytest.raises(Exception, match="documents"):
        await asked(guardrail, groundwire={"documents": 3})


async def test_open_lets_pass_what_could_not_be_checked(make: Make) -> None:
    guardrail, gw = make(on_error="open")
    data = await asked(guardrail)
    answer = as_completion([Scripted(FAILS)], "m")
    checked = await guardrail.async_post_call_success_hook(data, None, answer)
    assert checked["choices"][0]["message"]["content"] == FAILS
    assert checked["groundwire"]["verdict"] == "unchecked"
    assert gw.store.requests


def test_a_subclass_has_the_hooks_as_its_own(make: Make) -> None:
    """LiteLLM Proxy looks for them in the class itself: one that inherits them would check no stream."""
    guardrail, _ = make()

    class Mine(type(guardrail)):  # type: ignore[misc]
        """One with nothing of its own."""

    assert "async_post_call_streaming_iterator_hook" in vars(Mine)
    assert "async_post_call_success_hook" in vars(Mine)


def test_the_guard_needs_no_litellm(tmp_path: Path) -> None:
    gw: Groundwire = build(tmp_path, "flag")
    with pytest.raises(GroundwireError):
        Guard(gw).request("c", {"messages": []})
    assert issubclass(VerificationError, GroundwireError)
