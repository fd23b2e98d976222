"""All wire formats alike: what the rules let through, whole and as a stream, by each vendor's own client."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anthropic
import httpx
import openai
import pytest
from tests.gateway.formats import FORMATS, MESSAGES, QUESTION, Format, raw
from tests.gateway.scripted_world import CANARY, FAILS, REPAIRED, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway import Scripted, ScriptedUpstream, create_app, running

World = Callable[..., Groundwire]
FILLER = "Water is wet. Snow is white."
CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Canberra"}'}}
BAD_CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Sydney"}'}}
by_format = pytest.mark.parametrize("of", FORMATS, ids=[of.name for of in FORMATS])
by_way = pytest.mark.parametrize("way", ["whole", "stream"])


@contextmanager
def served(gw: Groundwire, said: Scripted | str) -> Iterator[tuple[str, ScriptedUpstream]]:
    upstream = ScriptedUpstream(lambda request: Scripted(said) if isinstance(said, str) else said)
    with running(create_app(gw, upstream)) as url:
        yield url, upstream


@by_format
@by_way
@pytest.mark.parametrize(("action", "text", "finish", "verdict"), [
    ("flag", f"{RIGHT} {WRONG}", "stop", "flagged"),
    ("rewrite", f"{RIGHT} {REPAIRED}", "stop", "rewritten"),
    ("block", "The atlas says otherwise.", "content_filter", "blocked"),
])  # fmt: skip
def test_the_client_gets_what_the_rules_let_through(
    world: World, of: Format, way: str, action: str, text: str, finish: str, verdict: str
) -> None:
    gw = world(action)
    with served(gw, f"{RIGHT} {WRONG}") as (url, upstream):
        told = getattr(of, way)(url, a_new_field={"kept": [1]})
    assert told.text == (f"{RIGHT}\n\n{text}" if action == "block" and way == "stream" else text)
    assert told.finish == finish
    assert told.report["verdict"] == verdict
    assert gw.store.get(told.report["id"])
    [sent] = upstream.requests
    assert sent["a_new_field"] == {"kept": [1]}
    assert sent["messages"][-1]["content"] in (QUESTION, [{"type": "text", "text": QUESTION}])
    assert "groundwire" not in sent


@by_format
@by_way
def test_refusals_reasoning_and_tool_calls_arrive(world: World, of: Format, way: str) -> None:
    said = Scripted(None, refusal=RIGHT, reasoning=FILLER, tool_calls=(CALL, CALL), finish_reason="tool_calls")
    if of.name == "completions":
        said = Scripted(None, refusal=RIGHT)
    with served(world(), said) as (url, _):
        told = getattr(of, way)(url)
    assert RIGHT in (told.refusal, told.text)
    if of.name != "completions":
        assert [call.replace(" ", "") for call in told.arguments] == ['{"capital":"Canberra"}'] * 2
    if of.name in ("chat", "responses"):
        assert told.reasoning == FILLER
        assert told.finish == "tool_calls"


@by_format
@by_way
@pytest.mark.parametrize("mode", ["annotate", "off"])
def test_modes_that_let_text_flow(world: World, of: Format, way: str, mode: str) -> None:
    said = Scripted(f"{RIGHT} {WRONG}", tool_calls=() if of.name == "completions" else (CALL, BAD_CALL))
    with served(world("block", mode=mode), said) as (url, _):
        told = getattr(of, way)(url)
    assert told.text == f"{RIGHT} {WRONG}"
    if of.name != "completions":
        assert [CANARY in call for call in told.arguments] == [False, True]
    if mode == "off":
        assert told.report is None
    else:
        assert told.report["verdict"] == "flagged"


@by_format
@pytest.mark.parametrize("place", ["start", "middle", "end"])
@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("action", ["rewrite", "remove", "block"])
def test_a_canary_is_in_no_byte(world: World, of: Format, place: str, n: int, action: str) -> None:
    if n > 1 and not of.several:
        n = 1
    sentences = {"start": [WRONG, FILLER, RIGHT], "middle": [FILLER, WRONG, RIGHT], "end": [FILLER, RIGHT, WRONG]}
    text = " ".join(sentences[place])
    said = Scripted(
        text, logprobs=True, reasoning=text, refusal=text, extra={"thinking": WRONG}, tool_calls=(BAD_CALL,)
    )
    with served(world(action, report="headers"), said) as (url, _):
        for streaming in (True, False):
            fields = {"n": n} if of.several else {}
            got = raw(url, of, stream=streaming, **fields)
            assert CANARY.encode() not in got
            assert b"Water" in got or action == "block"


@by_format
@pytest.mark.parametrize("how", ["truncated", "cut", "error", "garbage"])
@pytest.mark.parametrize("mode", ["hold", "annotate", "off"])
def test_a_stream_that_breaks_raises_in_the_client(world: World, of: Format, how: Any, mode: str) -> None:
    gw = world(mode=mode)
    said = Scripted(f"{RIGHT} {FILLER} The rest never comes", breaks=how, after=12)
    with served(gw, said) as (url, _):
        with pytest.raises((openai.APIError, anthropic.APIError)):
            of.stream(url)
        got = raw(url, of, stream=True)
    assert b"upstream_error" in got
    for good in (b"[DONE]", b"message_stop", b"response.completed", b'"finish_reason":"stop"', b'"supported","reason"'):
        assert good not in got or (good == b'"supported","reason"' and mode != "off")
    if mode != "off":
        for id in gw.store.requests:  # type: ignore[attr-defined]
            kept = gw.store.get(id)
            assert kept
            assert kept.verdict == "unchecked"
            assert kept.aborted


@by_format
@by_way
def test_a_check_that_cannot_be_made_raises_in_the_client(world: World, of: Format, way: str) -> None:
    with (
        served(world(), f"{RIGHT} {FAILS} {RIGHT}") as (url, _),
        pytest.raises((openai.APIError, anthropic.APIError)) as failed,
    ):
        getattr(of, way)(url)
    failure: Any = failed.value
    body = failure.body
    assert body.get("error", body)["type"] == "verification_failed"


@by_format
def test_usage_arrives(world: World, of: Format) -> None:
    with served(world(), RIGHT) as (url, _):
        fields = {"stream_options": {"include_usage": True}} if of.several else {}
        assert b'_tokens":' in raw(url, of, stream=True, **fields)
        assert b'_tokens":' in raw(url, of)


def test_several_choices_of_a_completion(world: World) -> None:
    with (
        served(world("rewrite"), f"{RIGHT} {WRONG}") as (url, _),
        openai.OpenAI(base_url=f"{url}/v1", api_key="k") as c,
    ):
        answer = c.completions.create(model="scripted", prompt=QUESTION, n=3)
        assert [choice.text for choice in answer.choices] == [f"{RIGHT} {REPAIRED}"] * 3
        texts = ["", "", ""]
        for chunk in c.completions.create(model="scripted", prompt=[QUESTION], n=3, stream=True):
            for choice in chunk.choices:
                texts[choice.index] += choice.text
        assert texts == [f"{RIGHT} {REPAIRED}"] * 3


def test_logprobs_in_the_form_of_each_format(world: World) -> None:
    with (
        served(world(), Scripted(RIGHT, logprobs=True)) as (url, upstream),
        openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client,
    ):
        old = client.completions.create(model="scripted", prompt=QUESTION, logprobs=2).choices[0].logprobs
        assert old
        assert "".join(old.tokens or ()) == RIGHT
        assert [RIGHT[at] for at in old.text_offset or ()] == [token[0] for token in old.tokens or ()]
        assert upstream.requests[-1]["top_logprobs"] == 2
        new: Any = client.responses.create(model="scripted", input=QUESTION, top_logprobs=3)
        assert "".join(entry.token for entry in new.output[0].content[0].logprobs) == RIGHT
        assert upstream.requests[-1]["logprobs"] is True


def test_a_conversation_of_responses_is_translated(world: World) -> None:
    given: Any = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [
            {"type": "input_text", "text": "Which?"},
            {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"},
        ]},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Looking."}]},
        {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": RIGHT},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": RIGHT}]},
    ]  # fmt: skip
    tool: Any = {"type": "function", "name": "look", "parameters": {"type": "object"}, "strict": True}
    schema: Any = {"type": "json_schema", "name": "city", "schema": {"type": "object"}, "strict": True}
    with served(world(), RIGHT) as (url, upstream), openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client:
        answer = client.responses.create(
            model="scripted", input=given, instructions="Answer.", tools=[tool], text={"format": schema},
            tool_choice={"type": "function", "name": "look"}, max_output_tokens=9, reasoning={"effort": "low"},
            temperature=0.5, metadata={"a": "b"}, extra_body={"groundwire": {"question": "Which city?"}},
        )  # fmt: skip
        with pytest.raises(openai.BadRequestError, match="the whole conversation in input"):
            client.responses.create(model="scripted", input="So?", previous_response_id="resp_1")
        with pytest.raises(openai.BadRequestError, match="only tools that the client runs"):
            client.responses.create(model="scripted", input="So?", tools=[{"type": "web_search"}])
    sent = upstream.requests[0]
    calls = [{"id": f"c{n}", "type": "function", "function": {"name": "look", "arguments": "{}"}} for n in (1, 2)]
    assert sent["messages"] == [
        {"role": "system", "content": "Answer."},
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [
            {"type": "text", "text": "Which?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}},
        ]},
        {"role": "assistant", "content": [{"type": "text", "text": "Looking."}], "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": RIGHT},
        {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": RIGHT}]},
    ]  # fmt: skip
    assert sent["tools"] == [{"type": "function", "function": {k: v for k, v in tool.items() if k != "type"}}]
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "look"}}
    assert sent["response_format"] == {
        "type": "json_schema", "json_schema": {k: v for k, v in schema.items() if k != "type"}
    }  # fmt: skip
    assert (sent["max_completion_tokens"], sent["reasoning_effort"], sent["temperature"]) == (9, "low", 0.5)
    assert answer.metadata == {"a": "b"}
    assert answer.groundwire["question"] == "Which city?"  # type: ignore[attr-defined]
    assert answer.usage


def test_a_response_as_the_clients_helper_accumulates_it(world: World) -> None:
    said = Scripted(f"{RIGHT} {WRONG}", reasoning=FILLER, tool_calls=(CALL,))
    with (
        served(world("rewrite"), said) as (url, _),
        openai.OpenAI(base_url=f"{url}/v1", api_key="k") as client,
        client.responses.stream(model="scripted", input=QUESTION) as events,
    ):
        final: Any = events.get_final_response()
    assert final.output_text == f"{RIGHT} {REPAIRED}"
    assert [item.type for item in final.output] == ["reasoning", "message", "function_call"]
    assert final.status == "completed"


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("completions", {}, "prompt"),
        ("completions", {"prompt": ["a", "b"]}, "prompt"),
        ("completions", {"prompt": [1, 2]}, "prompt"),
        ("completions", {"prompt": "a", "suffix": "b"}, "suffix"),
        ("completions", {"prompt": "a", "echo": True}, "echo"),
        ("completions", {"prompt": "a", "logprobs": "x"}, "logprobs"),
        ("responses", {}, "input"),
        ("responses", {"input": []}, "input"),
        ("responses", {"input": [3]}, "input[0]"),
        ("responses", {"input": [{"type": "item_reference", "id": "x"}]}, "input[0]"),
        ("responses", {"input": [{"role": "user", "content": [{"type": "input_audio"}]}]}, "input[0].content[0]"),
        ("responses", {"input": "a", "background": True}, "background"),
        ("responses", {"input": "a", "n": 2}, "n"),
        ("responses", {"input": "a", "text": {"format": 3}}, "text.format"),
        ("responses", {"input": "a", "instructions": 3}, "instructions"),
        ("responses", {"input": "a", "tool_choice": {"type": "maybe"}}, "tool_choice"),
        ("responses", {"input": "a", "groundwire": {"rules": "/etc/passwd"}}, "groundwire.rules"),
        ("chat/completions", {"messages": MESSAGES, "groundwire": {"rules": ["nosuch"]}}, "groundwire.rules"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_refused(world: World, path: str, body: Mapping[str, Any], param: str) -> None:
    with served(world(), RIGHT) as (url, upstream):
        response = httpx.post(f"{url}/v1/{path}", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == param
    assert not upstream.requests


def test_a_request_may_ask_for_more_rules_and_never_for_fewer(world: World) -> None:
    with served(world("flag"), f"{RIGHT} {WRONG}") as (url, _):
        body = FORMATS[0].body(groundwire={"rules": ["strict"]})
        told = httpx.post(f"{url}/v1/chat/completions", json=body).json()["groundwire"]
    plain = world("flag").rules.revision
    assert told["revisions"]["rules"] != plain
    fired = {claim["decision"]["rule"] for claim in told["claims"]} | {
        rule for claim in told["claims"] for rule in claim["decision"]["rules"]
    }
    assert "test.contradicted" in fired
