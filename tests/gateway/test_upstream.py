"""litellm against a provider over real HTTP: what it is sent, and what becomes of each way to fail."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest
from tests.gateway.scripted_world import RIGHT, WRONG

from groundwire.config import UpstreamSettings
from groundwire.errors import ConfigError, UpstreamError
from groundwire.gateway import LitellmUpstream, Scripted, serve_scripted
from groundwire.gateway.serving import listening

# litellm leaves connections to the garbage collector, and builds types that pydantic warns about when first used.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]

CALL = {"id": "call_1", "type": "function", "function": {"name": "save", "arguments": '{"capital": "Sydney"}'}}
ASKED = [{"role": "user", "content": "Hi"}]
SEEN: list[Mapping[str, Any]] = []
OPENED: list[LitellmUpstream] = []
SAID = {
    "plain": Scripted(RIGHT, logprobs=True),
    "tools": Scripted(None, tool_calls=(CALL,), finish_reason="tool_calls"),
    "refusing": Scripted(None, refusal=WRONG),
    "thinking": Scripted(RIGHT, reasoning=WRONG),
    "long": Scripted(RIGHT, finish_reason="length"),
    **{how: Scripted(RIGHT, breaks=how, after=2) for how in ("truncated", "cut", "error", "garbage")},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    def script(request: Mapping[str, Any]) -> Scripted:
        SEEN.append(request)
        return SAID[request["model"]]

    with serve_scripted(script) as url:
        yield url


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    """Nothing of a test is left open for the garbage collector to complain about in another."""
    yield
    while OPENED:
        await OPENED.pop().aclose()


def upstream(provider: str, *names: str, **settings: Any) -> LitellmUpstream:
    entries = [
        {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": provider, "api_key": "k"}}
        for name in names
    ]
    OPENED.append(LitellmUpstream(model_list=entries, **settings))
    return OPENED[-1]


async def collect(source: LitellmUpstream, **request: Any) -> list[dict[str, Any]]:
    return [chunk async for chunk in source.stream({"messages": ASKED, **request})]


async def test_a_request_arrives_as_it_was_and_sets_nothing_of_litellms(provider: str) -> None:
    request = {
        "model": "plain",
        "messages": [{"role": "user", "content": "Hi", "name": "x"}],
        "temperature": 0.1,
        "a_new_field": {"a": None},
        "api_base": "http://203.0.113.1",
        "api_key": "stolen",
        "mock_response": "made up",
        "metadata": {"a": "b"},
    }
    answer = await upstream(provider, "plain").complete(request)
    assert answer["choices"][0]["message"]["content"] == RIGHT
    assert SEEN[-1] == request | {"stream": False} or SEEN[-1] == request


async def test_one_model_is_the_default_and_answers_to_its_short_name(provider: str) -> None:
    source = LitellmUpstream.of(UpstreamSettings(model="openai/plain", api_base=provider, api_key="k"))
    assert source.models == ("openai/plain", "plain")
    for name in ({}, {"model": "plain"}, {"model": "openai/plain"}):
        answer = await source.complete({"messages": ASKED, **name})
        assert answer["model"] == "plain"


async def test_a_model_that_is_not_configured_is_refused_here(provider: str) -> None:
    with pytest.raises(UpstreamError, match="Models here: plain") as refused:
        await upstream(provider, "plain").complete({"model": "openai/gpt-4o", "messages": ASKED})
    assert refused.value.status == 404
    assert refused.value.body == {
        "message": "The model 'openai/gpt-4o' does not exist here. Models here: plain.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }


def test_a_secret_that_is_not_set_is_found_at_start() -> None:
    with pytest.raises(ConfigError, match="GROUNDWIRE_NO_SUCH_KEY"):
        LitellmUpstream.of(UpstreamSettings(model="openai/x", api_key="os.environ/GROUNDWIRE_NO_SUCH_KEY"))


@pytest.mark.parametrize("model", ["plain", "tools", "refusing", "thinking", "long"])
async def test_a_stream_says_what_the_whole_answer_says(provider: str, model: str) -> None:
    source = upstream(provider, model)
    whole = (await source.complete({"model": model, "messages": ASKED}))["choices"][0]
    chunks = [chunk["choices"][0] for chunk in await collect(source, model=model)]
    for field in ("content", "refusal", "reasoning_content"):
        streamed = "".join(chunk["delta"].get(field) or "" for chunk in chunks)
        assert streamed == (whole["message"].get(field) or "")
    assert [chunk["finish_reason"] for chunk in chunks if chunk.get("finish_reason")] == [whole["finish_reason"]]
    arguments = "".join(
        call["function"]["arguments"] for chunk in chunks for call in chunk["delta"].get("tool_calls") or ()
    )
    assert arguments == "".join(call["function"]["arguments"] for call in whole["message"].get("tool_calls") or ())


async def test_every_choice_of_a_stream_ends_and_usage_is_kept(provider: str) -> None:
    chunks = await collect(upstream(provider, "plain"), model="plain", n=3, stream_options={"include_usage": True})
    ends = [(c["index"], c["finish_reason"]) for chunk in chunks for c in chunk["choices"] if c["finish_reason"]]
    assert ends == [(0, "stop"), (1, "stop"), (2, "stop")]
    assert chunks[-1]["usage"]["total_tokens"] > 0


@pytest.mark.parametrize("how", ["cut", "error", "garbage"])
async def test_a_broken_stream_is_an_error(provider: str, how: str) -> None:
    with pytest.raises(UpstreamError) as broken:
        await collect(upstream(provider, how), model=how)
    assert broken.value.status >= 500
    if how == "error":
        assert broken.value.body
        assert broken.value.body["message"] == "It failed in mid-stream."


@pytest.mark.parametrize("kind", ["openai", "hosted_vllm"])
@pytest.mark.parametrize("deployments", [1, 2])
async def test_a_truncated_stream_never_ends_with_stop(provider: str, kind: str, deployments: int) -> None:
    """Two deployments go through the Router."""
    own = {"model": f"{kind}/truncated", "api_base": provider, "api_key": "k"}
    source = LitellmUpstream(model_list=[{"model_name": "truncated", "litellm_params": own}] * deployments)
    ends: list[str] = []

    async def read() -> None:
        async for chunk in source.stream({"model": "truncated", "messages": ASKED}):
            ends.extend(choice["finish_reason"] for choice in chunk["choices"] if choice.get("finish_reason"))

    with pytest.raises(UpstreamError) as broken:
        await read()
    assert ends == []
    assert broken.value.body
    assert broken.value.body["code"] == "upstream_incomplete"


async def test_two_deployments_share_a_name(provider: str) -> None:
    source = upstream(provider, "plain", "plain")
    assert (await source.complete({"model": "plain", "messages": ASKED}))["choices"][0]["finish_reason"] == "stop"
    chunks = await collect(source, model="plain")
    assert "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks) == RIGHT
    with pytest.raises(UpstreamError):
        await collect(upstream(provider, "error", "error"), model="error")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
@pytest.mark.parametrize("streaming", [False, True])
async def test_a_refusal_keeps_its_status_and_its_body(provider: str, status: int, streaming: bool) -> None:
    name = f"status-{status}"
    source = upstream(provider, name)
    call = collect(source, model=name) if streaming else source.complete({"model": name, "messages": ASKED})
    with pytest.raises(UpstreamError) as refused:
        await call
    assert refused.value.status == status
    assert refused.value.body == {
        "message": "refused on purpose",
        "type": "scripted",
        "param": None,
        "code": "on_purpose",
    }
    assert refused.value.headers["retry-after"] == "7"


async def test_nobody_there_is_502_and_silence_is_504() -> None:
    with listening("127.0.0.1", 0) as silent:
        port = silent.getsockname()[1]
        base = f"http://127.0.0.1:{port}/v1"
        with pytest.raises(UpstreamError) as late:
            await upstream(base, "plain", timeout=0.3).complete({"model": "plain", "messages": ASKED})
    with pytest.raises(UpstreamError) as refused:
        await upstream(base, "plain").complete({"model": "plain", "messages": ASKED})
    assert late.value.status == 504
    assert refused.value.status == 502


async def test_embeddings_pass(provider: str) -> None:
    answer = await upstream(provider, "plain").embed({"model": "plain", "input": ["a", "b"]})
    assert len(answer["data"]) == 2
