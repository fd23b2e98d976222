"""Whatever a client sends is answered or refused in one line: rich requests with anything in the place of anything."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.gateway.scripted_world import RIGHT, WRONG
from tests.gateway.scripted_world import world as build

from groundwire.gateway import ScriptedUpstream, create_app, running

PARTS = [
    {"type": "text", "text": "Which?", "qualifiers": ["query"]},
    {"type": "grounding_source", "text": RIGHT},
    {"guardContent": {"text": {"text": RIGHT}}},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}},
]
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
OWN = {
    "documents": [RIGHT, {"text": RIGHT, "source": "atlas", "uri": "https://example.org"}], "question": "Which?",
    "knowledge": [], "rules": ["strict"], "mode": "hold", "deadline_ms": 500,
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {
        "model": "scripted", "n": 2, "stream": True, "stream_options": {"include_usage": True}, "groundwire": OWN,
        "messages": [
            {"role": "system", "content": "Be brief."}, {"role": "user", "content": PARTS},
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": RIGHT}]},
        ],
        "tools": [TOOL], "tool_choice": "auto", "metadata": {"a": "b"}, "user": "me", "stop": ["x"],
    },
    "/v1/completions": {
        "model": "scripted", "prompt": ["Which?"], "n": 2, "logprobs": 2, "best_of": 1, "echo": False, "stream": True,
        "groundwire": OWN,
    },
    "/v1/responses": {
        "model": "scripted", "instructions": "Be brief.", "stream": True, "groundwire": OWN, "max_output_tokens": 9,
        "input": [
            {"role": "user", "content": [
                {"type": "input_text", "text": "Which?"},
                {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"},
                {"type": "input_file", "file_data": "AA==", "filename": "a"},
            ]},
            {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"},
            {"type": "custom_tool_call", "call_id": "c2", "name": "look", "input": "a"},
            {"type": "function_call_output", "call_id": "c1", "output": RIGHT},
            {"type": "reasoning", "id": "rs_1", "summary": []},
        ],
        "tools": [{"type": "function", "name": "look", "parameters": {}}], "include": ["message.output_text.logprobs"],
        "tool_choice": {"type": "function", "name": "look"}, "reasoning": {"effort": "low"}, "top_logprobs": 2,
        "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "a", "schema": {}}},
        "metadata": {"a": "b"}, "temperature": 0.5,
    },
    "/v1/messages": {
        "model": "scripted", "max_tokens": 9, "system": [{"type": "text", "text": "Be brief."}], "stream": True,
        "messages": [
            {"role": "user", "content": [
                {"type": "document", "source": {"type": "text", "data": RIGHT}, "title": "atlas"},
                {"type": "search_result", "source": "a", "content": [{"type": "text", "text": RIGHT}]},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
            ]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Hm.", "signature": "s"},
                {"type": "tool_use", "id": "t1", "name": "look", "input": {"a": 1}},
            ]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": RIGHT}]},
        ],
        "tools": [{"name": "look", "input_schema": {}, "description": "Looks."}], "metadata": {"user_id": "me"},
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True}, "stop_sequences": ["x"], "groundwire": OWN,
    },
    "/v1/embeddings": {"model": "scripted", "input": ["a", "b"]},
    "/v1/verify": {"answer": f"{RIGHT} {WRONG}", "context": [RIGHT], "question": "Which?", "knowledge": []},
    "/beta/litellm_basic_guardrail_api": {
        "input_type": "response", "litellm_call_id": "c1", "texts": [f"{RIGHT} {WRONG}"], "tool_calls": [CALL],
        "structured_messages": [{"role": "user", "content": PARTS}], "model": "m",
        "additional_provider_specific_params": {"groundwire": {"documents": [RIGHT]}},
    },
}  # fmt: skip

words = st.sampled_from(["", "text", "user", "tool", "function", "message", "document", "hold", "off", "strict", "c1"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.floats(allow_nan=False) | words | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*at, key))


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, Any]:
    path = draw(st.sampled_from(sorted(BODIES)))
    body = json.loads(json.dumps(BODIES[path]))
    if "stream" in body:
        body["stream"] = draw(st.booleans())
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([place for place in places(body) if place]))
        holder = body
        for key in way:
            holder = holder[key]
        if draw(st.booleans()) or isinstance(holder, list):
            holder[last] = draw(anything)
        else:
            del holder[last]
        if not any(place for place in places(body)):
            break
    return path, body


ASKED = {"model": "scripted", "messages": [{"role": "user", "content": "Which?"}]}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    gw = build(tmp_path_factory.mktemp("rules"), "rewrite")
    with running(create_app(gw, ScriptedUpstream(f"{RIGHT} {WRONG}"))) as served:
        yield served


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=bodies())
@example(asked=("/v1/chat/completions", {**ASKED, "stream": True, "stream_options": True}))
def test_no_request_is_a_failure_of_ours(url: str, asked: tuple[str, Any]) -> None:
    path, body = asked
    response = httpx.post(url + path, content=json.dumps(body).encode(), timeout=60)
    assert response.status_code < 500, response.text
    assert "internal_error" not in response.text
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error.keys() == {"message", "type", "param", "code"}
        assert "\n" not in error["message"]
