"""Whole answers in the formats that another proxy shows us: no field of theirs lets a canary out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.scripted_world import CANARY, REPAIRED, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.errors import VerificationError
from groundwire.gateway import Guard

World = Callable[..., Groundwire]
SPELT = [{"token": WRONG, "logprob": -0.1, "bytes": list(WRONG.encode()), "top_logprobs": []}]


def response(*items: Any, **top: Any) -> dict[str, Any]:
    return {"object": "response", "id": "resp_1", "status": "completed", "output": list(items), **top}


def part(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text, **fields}]}


def message(*blocks: Any, **top: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "stop_reason": "end_turn", "content": list(blocks), **top}


LEAKS = {
    "logprobs of a completion": {
        "choices": [{"index": 0, "text": WRONG, "logprobs": {"tokens": ["The capital", " is Sydney"]}}]
    },
    "another text of a completion": {"choices": [{"index": 0, "text": RIGHT, "message_text": WRONG}]},
    "a completion that is a list": {"choices": [{"index": 0, "text": [WRONG]}]},
    "logprobs of a response": response(part(WRONG, logprobs=SPELT)),
    "logprobs of another text": response(part(RIGHT, logprobs=SPELT)),
    "an annotation": response(part(RIGHT, annotations=[{"type": "url_citation", "title": WRONG}])),
    "an annotation of what was edited": response(part(WRONG, annotations=[{"type": "file_citation", "quote": WRONG}])),
    "an mcp call": response({"type": "mcp_call", "name": "look", "arguments": "{}", "output": WRONG}),
    "an mcp call's error": response({"type": "mcp_call", "name": "look", "error": {"content": [{"text": WRONG}]}}),
    "an unknown item": response({"type": "new_item", "results": [{"deep": {"deeper": [WRONG]}}]}),
    "a search": response({"type": "web_search_call", "action": {"type": "search", "query": WRONG}}),
    "code": response({"type": "code_interpreter_call", "code": f"print('{WRONG}')", "outputs": [{"logs": WRONG}]}),
    "arguments as an object": response({"type": "function_call", "name": "save", "arguments": {"capital": "Sydney."}}),
    "a name that is a sentence": response({"type": "function_call", "name": WRONG, "arguments": "{}"}),
    "tokens": response({"type": "new_item", "tokens": list(WRONG.encode())}),
    "a field of the response": response(part(RIGHT), output_text=WRONG),
    "a field of the message": message({"type": "text", "text": RIGHT}, summary=WRONG),
    "a citation": message({"type": "text", "text": RIGHT, "citations": [{"cited_text": WRONG}]}),
    "a signature that is text": message({"type": "thinking", "thinking": RIGHT, "signature": WRONG}),
    "data that is text": message({"type": "redacted_thinking", "data": WRONG}),
    "a tool's input": message({"type": "tool_use", "id": "t", "name": "save", "input": {"capital": "Sydney"}}),
    "a tool's input as text": message({"type": "tool_use", "id": "t", "name": "save", "input": WRONG}),
}


@pytest.mark.parametrize("action", ["rewrite", "block"])
@pytest.mark.parametrize("answer", LEAKS.values(), ids=LEAKS)
async def test_no_field_lets_a_canary_out(world: World, answer: dict[str, Any], action: str) -> None:
    told = await Guard(world(action)).answer("call", answer)
    told.pop("groundwire")
    assert CANARY not in json.dumps(told)
    assert json.dumps(list(WRONG.encode())) not in json.dumps(told)


async def test_what_is_right_leaves_as_it_was(world: World) -> None:
    spelt = [{"token": RIGHT, "logprob": -0.1, "bytes": list(RIGHT.encode()), "top_logprobs": []}]
    older = {"tokens": ["The capital of Australia", " is Canberra."], "token_logprobs": [0.1, 0.2], "top_logprobs": []}
    answers: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "text": RIGHT, "logprobs": older, "finish_reason": "stop"}], "usage": {"n": 1}},
        response(
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAAB" * 9},
            part(RIGHT, annotations=[{"type": "url_citation", "url": "https://example.org", "start_index": 1}],
                 logprobs=spelt),
            {"type": "function_call", "call_id": "c", "name": "save", "arguments": '{"capital": "Canberra"}'},
            instructions="Be brief.", tools=[{"type": "function", "description": "Saves it."}],
        ),
        message({"type": "thinking", "thinking": RIGHT, "signature": "EqQBCg" * 9}, {"type": "text", "text": RIGHT}),
    ]  # fmt: skip
    for answer in answers:
        told = await Guard(world("block")).answer("call", answer)
        told.pop("groundwire")
        assert told == answer


async def test_an_edit_keeps_what_is_around_it(world: World) -> None:
    answer = response(
        part(f"{RIGHT} {WRONG}", annotations=[{"type": "url_citation", "start_index": 40}], logprobs=SPELT)
    )
    told = await Guard(world("rewrite")).answer("call", answer)
    assert told["output"] == [part(f"{RIGHT} {REPAIRED}", annotations=[], logprobs=[])]


@pytest.mark.parametrize(
    "answer",
    [
        *({"output": WRONG}, {"output": [WRONG]}, {"type": "message", "content": WRONG}, {}),
        response({"type": "new_item", "results": {WRONG: True}}),
    ],
)
async def test_what_is_no_answer_is_refused(world: World, answer: dict[str, Any]) -> None:
    with pytest.raises(VerificationError, match="cannot be checked"):
        await Guard(world("block")).answer("call", answer)


async def test_calls_without_an_id_share_no_evidence(world: World) -> None:
    gw = world()
    guard = Guard(gw)
    guard.request("", {"messages": [{"role": "user", "content": [{"type": "grounding_source", "text": RIGHT}]}]})
    told = await guard.answer("", message({"type": "text", "text": RIGHT}))
    assert told["groundwire"]["revisions"]["evidence"] == "none"
