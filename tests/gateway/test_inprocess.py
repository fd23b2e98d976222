"""`acompletion` in the caller's own process, and the Groundwire that offers it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.gateway.scripted_world import FAILS, REPAIRED, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.errors import UpstreamError, VerificationError
from groundwire.gateway import Scripted, serve_scripted
from groundwire.model import Outcome, Report

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
]

World = Callable[..., Groundwire]
SAID: dict[str, Scripted | str] = {
    "wrong": f"{RIGHT} {WRONG}",
    "failing": FAILS,
    "truncated": Scripted(RIGHT, breaks="truncated"),
}


@pytest.fixture(scope="module")
def provider() -> Iterator[dict[str, Any]]:
    with serve_scripted(lambda request: SAID[request["model"]]) as url:
        yield {"api_base": url, "api_key": "k", "messages": [{"role": "user", "content": "Which?"}], "max_retries": 0}


async def test_litellms_response_with_a_report(world: World, provider: dict[str, Any]) -> None:
    response = await world("rewrite").acompletion(model="openai/wrong", **provider)
    assert response.choices[0].message.content == f"{RIGHT} {REPAIRED}"
    assert isinstance(response.groundwire, Report)
    assert response.groundwire.verdict is Outcome.REWRITTEN
    assert type(response).__name__ == "ModelResponse"


async def test_several_choices_have_several_reports(world: World, provider: dict[str, Any]) -> None:
    response = await world().acompletion(model="openai/wrong", n=2, **provider)
    assert len(response.groundwire_reports) == 2
    assert response.groundwire.verdict is Outcome.FLAGGED


async def test_litellms_chunks_with_a_report_on_the_last(world: World, provider: dict[str, Any]) -> None:
    chunks = [
        chunk async for chunk in await world("rewrite").acompletion(model="openai/wrong", stream=True, **provider)
    ]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == f"{RIGHT} {REPAIRED}"
    assert chunks[-1].groundwire.verdict is Outcome.REWRITTEN
    assert not any(hasattr(chunk, "groundwire") for chunk in chunks[:-1])


async def test_failures_are_our_own_exceptions(world: World, provider: dict[str, Any]) -> None:
    gw = world()
    with pytest.raises(VerificationError):
        await gw.acompletion(model="openai/failing", **provider)
    with pytest.raises(UpstreamError) as refused:
        await gw.acompletion(model="openai/status-429", **provider)
    assert refused.value.status == 429
    with pytest.raises(UpstreamError, match="ended before its answer did"):
        [chunk async for chunk in await gw.acompletion(model="openai/truncated", stream=True, **provider)]


def test_the_synchronous_twin(world: World, provider: dict[str, Any]) -> None:
    response = world("block").completion(model="openai/wrong", **provider)
    assert response.choices[0].finish_reason == "content_filter"
    assert response.groundwire.verdict is Outcome.BLOCKED
