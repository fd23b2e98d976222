"""Whatever a provider answers: a statement that a rule blocks is in nothing that leaves, wherever it was put."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gateway.raw_provider import chunks, completion
from tests.gateway.scripted_world import CANARY, RIGHT, WRONG
from tests.gateway.scripted_world import world as build
from tests.gateway.test_any_body import places

from groundwire.client import Groundwire
from groundwire.errors import GroundwireError
from groundwire.gateway.answering import Events
from groundwire.gateway.anthropic_events import MessageEvents
from groundwire.gateway.anthropic_format import to_message
from groundwire.gateway.checking import Exchange, check_completion
from groundwire.gateway.completions import CompletionEvents, to_completion
from groundwire.gateway.leaving import received
from groundwire.gateway.request import Asked
from groundwire.gateway.responses_events import ResponseEvents
from groundwire.gateway.responses_format import to_response
from groundwire.gateway.streaming import verified
from groundwire.gateway.whole_answers import check_answer

SIGNED = {"google": {"thought_signature": "A" * 20}}
CALL = {"id": "c", "type": "function", "index": 0, "function": {"name": "save", "arguments": '{"capital": "Canberra"}'}}
CITED = {"type": "url_citation", "url_citation": {"url": "https://example.org", "title": "t", "start_index": 1}}
SPELT = [{"token": RIGHT, "logprob": -0.1, "bytes": list(RIGHT.encode()), "top_logprobs": [{"token": "x"}]}]
MESSAGE = {
    "role": "assistant", "content": RIGHT, "refusal": None, "tool_calls": [CALL | {"extra_content": SIGNED}],
    "annotations": [CITED], "function_call": {"name": "f", "arguments": "{}"}, "reasoning_content": "Hm.",
}  # fmt: skip
ABOUT: dict[str, Any] = {"usage": {"total_tokens": 1, "d": {"x": 1}}, "citations": ["https://example.org"]}
OF_CHOICE = {"logprobs": {"content": SPELT, "refusal": None}, "content_filter_results": {"hate": {"severity": "safe"}}}
REST = {name: value for name, value in MESSAGE.items() if name not in ("role", "content")}
STREAM = chunks({"role": "assistant"}, {"content": f"{RIGHT} "}, REST, choice=OF_CHOICE, **ABOUT)
OTHERS: dict[str, dict[str, Any]] = {
    "response": {"object": "response", "id": "r", "status": "completed", "usage": {"a": 1}, "output": [
        {"type": "reasoning", "id": "x", "summary": [{"type": "summary_text", "text": "Hm."}]},
        {"type": "message", "content": [{"type": "output_text", "text": RIGHT, "annotations": [CITED],
                                         "logprobs": SPELT}]},
        {"type": "mcp_call", "name": "n", "arguments": "{}", "output": "o"},
        {"type": "function_call", "call_id": "c", "name": "n", "arguments": "{}"},
    ]},
    "message": {"type": "message", "role": "assistant", "id": "m", "stop_reason": "end_turn", "content": [
        {"type": "text", "text": RIGHT, "citations": [{"cited_text": "c"}]},
        {"type": "thinking", "thinking": "Hm.", "signature": "A" * 20},
        {"type": "tool_use", "id": "t", "name": "n", "input": {"a": "b"}},
    ]},
    "completion": {"object": "text_completion", "choices": [{"index": 0, "text": RIGHT, "logprobs": {
        "tokens": [RIGHT], "token_logprobs": [-0.1], "top_logprobs": [{RIGHT: -0.1}], "text_offset": [0],
    }}]},
}  # fmt: skip
# What a response repeats of its request is the client's own.
ECHOED = ("text", "instructions")

names = st.sampled_from(["text", "type", "content", "name", "arguments", "value", "refusal", "token", "url", "note"])
anything = st.recursive(
    st.just(WRONG) | st.sampled_from([None, True, 0, 3.5, "", "text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)


def changed(draw: st.DrawFn, answer: Any) -> Any:
    """The answer with anything in the place of something, or beside it."""
    answer = json.loads(json.dumps(answer))
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from([place for place in places(answer) if place]))
        holder = answer
        for key in way:
            holder = holder[key]
        holder[draw(names) if isinstance(holder, dict) and draw(st.booleans()) else last] = draw(anything)
    return answer


@pytest.fixture(scope="module")
def gw(tmp_path_factory: pytest.TempPathFactory) -> Groundwire:
    return build(tmp_path_factory.mktemp("rules"), "block")


def leaves(work: Callable[[], Any]) -> None:
    try:
        told = work()
    except GroundwireError:  # it is refused
        return
    assert CANARY not in json.dumps(told)


anywhere = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@anywhere
@given(data=st.data())
def test_a_whole_answer(gw: Groundwire, data: st.DataObject) -> None:
    answer = received(data.draw(st.composite(changed)(completion(MESSAGE, choice=OF_CHOICE, **ABOUT))))

    def work() -> Any:
        out = check_completion(Exchange(gw, Asked({})), answer) if answer.get("choices") else {}
        formats = (to_completion, partial(to_response, {}), to_message)
        return [out, *(write(out) for write in formats)] if out.get("choices") else []

    leaves(work)


@anywhere
@given(data=st.data())
def test_a_stream(gw: Groundwire, data: st.DataObject) -> None:
    given = [data.draw(st.composite(changed)(chunk)) for chunk in STREAM[:-1]]

    async def source() -> AsyncGenerator[dict[str, Any], None]:
        for chunk in (*given, STREAM[-1]):
            yield chunk

    async def told() -> Any:
        out: list[Any] = []
        formats: tuple[Events, ...] = (CompletionEvents(), ResponseEvents({}), MessageEvents())
        async for chunk in verified(Exchange(gw, Asked({"stream": True})), source()):
            chunk.pop("groundwire", None)
            out += [chunk, *(event for events in formats for _, event in events.take(chunk))]
        return [*out, *(event for events in formats for _, event in events.close(None))]

    leaves(lambda: asyncio.run(told()))


@anywhere
@given(data=st.data(), kind=st.sampled_from(sorted(OTHERS)))
def test_an_answer_in_another_format(gw: Groundwire, data: st.DataObject, kind: str) -> None:
    answer = data.draw(st.composite(changed)(OTHERS[kind]))

    def work() -> Any:
        told = check_answer(Exchange(gw, Asked({})), answer)
        return {name: value for name, value in told.items() if kind != "response" or name not in ECHOED}

    leaves(work)
