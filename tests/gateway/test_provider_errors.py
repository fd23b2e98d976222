"""What a client is told of a provider's failure: its kind and one line, and nothing of what was said or where."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.gateway.formats import FORMATS, Format, raw
from tests.gateway.raw_provider import Raw, chunks, gateway
from tests.gateway.scripted_world import CANARY, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway.provider_errors import LONGEST, fields_of, line_of

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]
World = Callable[..., Groundwire]

ERROR = {
    "message": f"Failed to call a function, see http://gpu-7.corp.internal:8000/log: {{'said': '{WRONG}'}}",
    "type": "invalid_request_error", "param": "messages[0].content", "code": "tool_use_failed",
    "failed_generation": WRONG, "metadata": {"raw": WRONG, "provider_name": "gpu-7.corp.internal"},
}  # fmt: skip
PRIVATE = (CANARY, "gpu-7", "failed_generation", "8000")


def refuse(raw: Raw, status: int) -> None:
    raw.whole, raw.status = {"error": ERROR, "debug": WRONG}, status


@pytest.mark.parametrize("of", FORMATS, ids=[of.name for of in FORMATS])
def test_a_refusal_keeps_its_kind_and_loses_what_is_not_for_the_client(world: World, of: Format) -> None:
    with gateway(world(report="headers")) as provider:
        refuse(provider, 400)
        whole = httpx.post(provider.url + of.path, json=of.body(), timeout=60)
        begun = httpx.post(provider.url + of.path, json=of.body(stream=True), timeout=60)
        provider.status = 200
        provider.stream = [*chunks({"role": "assistant"}, {"content": RIGHT})[:-1], {"error": ERROR}]
        broken = raw(provider.url, of, stream=True).decode()
    for refused in (whole, begun):
        error = refused.json()["error"]
        assert refused.status_code == 400
        assert error.keys() == {"message", "type", "param", "code"}
        assert (error["type"], error["param"], error["code"]) == tuple(ERROR[n] for n in ("type", "param", "code"))
        assert error["message"].startswith("Failed to call a function")
    for text in (whole.text, begun.text, broken):
        assert not [word for word in PRIVATE if word in text]
    assert "Failed to call a function" in broken


def test_the_report_of_a_stream_that_failed_says_no_more(world: World) -> None:
    with gateway(world()) as provider:
        provider.stream = [*chunks({"role": "assistant"}, {"content": RIGHT})[:-1], {"error": ERROR}]
        told = raw(provider.url, FORMATS[0], stream=True).decode()
    assert '"aborted":"Failed to call a function' in told
    assert not [word for word in PRIVATE if word in told]


@pytest.mark.parametrize("message", [
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
    "The model 'openai/gpt-4o' does not exist here. Models here: plain, openai/gpt-4o-mini.",
    "Rate limit reached for gpt-4o in organization on tokens per min (TPM): Limit 30000, Used 29000.",
    "Invalid value: 'assistent'. Supported values are: 'system', 'assistant' and 'user'.",
    "The upstream's stream ended before its answer did.",
])  # fmt: skip
def test_what_helps_arrives_as_it_was(message: str) -> None:
    assert line_of(message) == message


@pytest.mark.parametrize(("message", "private"), [
    ("Incorrect API key provided: sk-proj-abc123DEF456. Get one at https://platform.example.com/keys.", "abc123"),
    ("Authorization: Bearer eyJhbGciOi.x.y was refused", "eyJhbGciOi"),
    ("Connection to inference.prod.svc.cluster.local failed", "inference"),
    ("connect to db-1:5432 refused", "5432"),
    ("[Errno 111] 10.0.3.7:8000 refused", "10.0.3.7"),
    ("cannot open /srv/models/secret-model/config.json", "secret-model"),
    ("ask jane.doe@example.org", "jane"),
    ('input: "' + "My name is Jane and I live in Bath. " * 2 + '"', "Jane"),
    ('bad request {"messages": [{"content": "My name is Jane"}]}', "Jane"),
    ("hash 0123456789abcdef0123456789abcdef failed", "abcdef"),
    ("first line\nsecond line", "second"),
])  # fmt: skip
def test_what_is_private_does_not(message: str, private: str) -> None:
    assert private not in line_of(message)


def test_a_line_has_an_end() -> None:
    assert len(line_of("no " * 10_000)) <= LONGEST


@pytest.mark.parametrize("body", [None, {}, {"error": "text"}, {"error": [WRONG]}, {"detail": WRONG}, WRONG])
def test_a_body_of_another_shape_says_nothing(body: Any) -> None:
    assert fields_of(body) == {}
    assert fields_of({"type": WRONG, "code": {"a": WRONG}, "param": "a b"}) == {}
