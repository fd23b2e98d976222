"""What leaves in hold mode beside checked texts: a canary in any field, of any form, is in no byte of the answer."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from tests.gateway.formats import FORMATS, Format, raw
from tests.gateway.raw_provider import Raw, chunks, completion, gateway
from tests.gateway.scripted_world import CANARY, REPAIRED, RIGHT, WRONG
from tests.gateway.scripted_world import world as build

from groundwire.client import Groundwire

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]
World = Callable[..., Groundwire]
by_format = pytest.mark.parametrize("of", FORMATS, ids=[of.name for of in FORMATS])


@pytest.fixture(scope="module")
def blocking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raw]:
    """A provider and a gateway that blocks what the atlas contradicts."""
    with gateway(build(tmp_path_factory.mktemp("rules"), "block", report="headers")) as raw:
        yield raw


def call(**function: Any) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": "save", **function}}


ODD = {
    "arguments as an object": {"tool_calls": [call(arguments={"capital": "Sydney"})]},
    "arguments as a list": {"tool_calls": [call(arguments=["The capital of Australia is Sydney."])]},
    "input as an object": {"tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "save", "input": [WRONG]}}]},
    "a function that is text": {"tool_calls": [{"id": "c", "type": "function", "function": WRONG}]},
    "a field of a call": {"tool_calls": [call(arguments="{}", why=WRONG) | {"why": WRONG}]},
    "a call that is text": {"tool_calls": [WRONG]},
    "calls that are text": {"tool_calls": WRONG},
    "a name that is a sentence": {"tool_calls": [call(arguments="{}") | {"function": {"name": WRONG}}]},
    "a function call of an object": {"function_call": {"name": "save", "arguments": {"capital": "Sydney"}}},
    "a function call that is text": {"function_call": WRONG},
    "content as parts": {"content": [{"type": "text", "text": WRONG}]},
    "content as words": {"content": ["The capital of Australia is ", "Sydney."]},
    "content with thinking": {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": WRONG}]}]},
    "content as an object": {"content": {"answer": WRONG}},
    "a part that is an object": {"content": [{"type": "text", "text": {"value": WRONG}}]},
    "a refusal in parts": {"refusal": [{"type": "refusal", "refusal": WRONG}]},
    "reasoning as an object": {"reasoning": {"summary": WRONG}},
    "reasoning details": {"reasoning_details": [{"type": "reasoning.text", "text": WRONG}]},
    "a title of an annotation": {"annotations": [{"type": "url_citation", "url_citation": {"title": WRONG}}]},
    "a role": {"role": f"assistant\n{WRONG}"},
}


@by_format
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_form_of_a_text_gets_past_its_check(
    blocking: Raw, of: Format, streaming: bool, odd: Mapping[str, Any]
) -> None:
    blocking.whole = completion({"role": "assistant", "content": None, **odd})
    blocking.stream = chunks({"role": "assistant"}, dict(odd))
    told = raw(blocking.url, of, stream=streaming)
    assert CANARY.encode() not in told
    assert b"internal_error" not in told


TOP = {
    "text": {"output_text": WRONG},
    "object": {"warning": {"message": WRONG}},
    "list": {"search_results": [{"title": WRONG, "url": "https://example.org"}]},
    "citation": {"citations": [WRONG]},
    "usage": {"usage": {"total_tokens": 3, "note": WRONG, WRONG: 1}},
    "error": {"detail": [WRONG]},
    "a report of its own": {"groundwire": {"verdict": "clean", "answer": WRONG}},
    "an id of many lines": {"id": f"c-1\n{WRONG}"},
}
CHOICE = {
    "text": {"text": WRONG},
    "reason": {"finish_reason": WRONG},
    "stop reason": {"stop_reason": f"\n\n{WRONG}"},
    "filter": {"content_filter_results": {"hate": {"filtered": False, "detail": WRONG}}},
    "logprobs of another text": {"logprobs": {"content": [{"token": WRONG, "logprob": -0.1, "bytes": None}]}},
    "bytes of another text": {
        "logprobs": {"content": [{"token": RIGHT, "logprob": -0.1, "bytes": list(WRONG.encode())}]}
    },
    "an alternative": {
        "logprobs": {
            "content": [{"token": RIGHT, "logprob": -0.1, "top_logprobs": [{"token": WRONG, "logprob": -1.0}]}]
        }
    },
    "more logprobs": {"logprobs": {"content": None, "spoken": [{"token": WRONG}]}},
    "tokens": {"token_ids": list(WRONG.encode())},
}


@by_format
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("top", "choice"),
    [*((top, {}) for top in TOP.values()), *(({}, choice) for choice in CHOICE.values())],
    ids=[*TOP, *(f"choice: {name}" for name in CHOICE)],
)
def test_no_field_beside_the_message_lets_words_out(
    blocking: Raw, of: Format, streaming: bool, top: Mapping[str, Any], choice: Mapping[str, Any]
) -> None:
    blocking.whole = completion({"role": "assistant", "content": RIGHT}, choice=choice, **top)
    ends = {name: value for name, value in choice.items() if name != "finish_reason"}
    blocking.stream = chunks({"role": "assistant"}, {"content": RIGHT}, choice=ends, **top)
    blocking.stream[-1]["choices"][0] |= choice
    told = raw(blocking.url, of, stream=streaming)
    assert CANARY.encode() not in told
    assert str(list(WRONG.encode()))[1:-1].replace(" ", "").encode() not in told
    assert RIGHT.encode() in told


def test_what_says_nothing_in_words_leaves_as_it_was(world: World) -> None:
    signed = call(arguments='{"capital":"Canberra"}') | {
        "extra_content": {"google": {"thought_signature": "CpMBAXLI2nx" * 4}}
    }
    message = {"role": "assistant", "content": RIGHT, "tool_calls": [signed], "annotations": []}
    about = {
        "usage": {"total_tokens": 3, "prompt_tokens_details": {"cached_tokens": 1}, "cost": 0.25},
        "system_fingerprint": "fp_1", "service_tier": "default", "citations": ["https://example.org/a"], "took": 0.5,
    }  # fmt: skip
    of_choice = {"stop_reason": None, "matched_stop": 5, "content_filter_results": {"hate": {"severity": "safe"}}}
    answer = completion(message, choice=of_choice, **about)
    with gateway(world("block"), answer) as provider:
        told = httpx.post(f"{provider.url}/v1/chat/completions", json=FORMATS[0].body()).json()
    report = told.pop("groundwire")
    assert told == answer
    assert "withheld" not in report


def test_what_is_left_out_is_named(world: World) -> None:
    message = {"role": "assistant", "content": [{"type": "text", "text": RIGHT}, {"type": "sound"}], "audio": {"id": 1}}
    answer = completion(message, warning="Mind the gap.", choice={"spoken": "Words."})
    with gateway(world("block"), answer) as provider:
        told = httpx.post(f"{provider.url}/v1/chat/completions", json=FORMATS[0].body()).json()
    assert told["choices"][0]["message"] == {"role": "assistant", "content": RIGHT}
    assert told["groundwire"]["withheld"] == ["audio", "content", "spoken", "warning"]


@pytest.mark.parametrize("of", [of for of in FORMATS if of.name != "completions"], ids=lambda of: str(of.name))
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
def test_arguments_that_are_an_object_are_checked_and_arrive(world: World, of: Format, streaming: bool) -> None:
    odd = {"tool_calls": [call(arguments={"capital": "Sydney"})]}
    message = {"role": "assistant", "content": None, **odd}
    with gateway(world("rewrite"), completion(message), chunks({"role": "assistant"}, odd)) as provider:
        told = (of.stream if streaming else of.whole)(provider.url)
    assert [json.loads(arguments) for arguments in told.arguments] == [{"capital": "Canberra"}]
    assert told.report["verdict"] == "rewritten"


@by_format
@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("mode", ["annotate", "off"])
def test_odd_forms_are_no_failure_where_text_flows(world: World, of: Format, streaming: bool, mode: str) -> None:
    odd = {"content": [{"type": "text", "text": WRONG}]}
    calls = {"tool_calls": [call(arguments={"capital": "Canberra"})]}
    message = {"role": "assistant", **odd, **calls}
    with gateway(world("block", mode=mode), completion(message), chunks({"role": "assistant"}, odd, calls)) as provider:
        told = raw(provider.url, of, stream=streaming)
    assert CANARY.encode() in told
    assert b"internal_error" not in told
    assert (b'"flagged"' in told) is (mode == "annotate")


@pytest.mark.parametrize("choices", [None, [], {}, "no", [3], [{"message": "text"}], [{"index": "a", "message": {}}]])
def test_choices_that_are_none_are_the_upstreams_failure(blocking: Raw, choices: Any) -> None:
    blocking.whole = completion({"role": "assistant", "content": RIGHT}) | {"choices": choices}
    told = httpx.post(f"{blocking.url}/v1/chat/completions", json=FORMATS[0].body())
    assert (told.status_code, told.json()["error"]["code"]) == (502, "upstream_malformed")


def test_a_list_of_deltas_is_one_text(world: World) -> None:
    said = chunks(
        {"role": "assistant"}, *({"content": [{"type": "text", "text": f"{word} "}]} for word in WRONG.split())
    )
    with gateway(world("rewrite"), stream=said) as provider:
        told = FORMATS[0].stream(provider.url)
    assert told.text.strip() == REPAIRED
