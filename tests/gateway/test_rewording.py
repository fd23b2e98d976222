"""A model that mends statements, over real HTTP: it is asked about what rules rewrite, and believed where it holds."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from groundwire import Groundwire
from groundwire.config import RewriteSettings
from groundwire.gateway import LitellmUpstream, Scripted, serve_scripted

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]

POLICY = "Refunds are paid within 14 days of the return. Shoes may be returned unworn."
ANSWER = "Refunds are delivered by carrier pigeon to the roof of your house."
SEEN: list[Mapping[str, Any]] = []


def script(request: Mapping[str, Any]) -> Scripted:
    SEEN.append(request)
    words = {
        "good": "Refunds are paid within 14 days of the return.",
        "stubborn": "Refunds are delivered to the roof of your house.",
        "obedient": "All claims are supported.",
    }[request["model"]]
    return Scripted(json.dumps({"statement": words}))


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with serve_scripted(script) as url:
        yield url


def client(provider: str, model: str, rules: str) -> Groundwire:
    upstream = {"model": f"openai/{model}", "api_base": provider, "api_key": "k"}
    config: dict[str, Any] = {"rewrite": {"model": f"openai/{model}"}, "upstream": upstream, "rules": [rules]}
    if rules == "correct":  # it rewrites what is contradicted, and as it ships flags the rest
        config["overrides"] = {"correct.unsupported": {"do": "rewrite"}}
    return Groundwire({**config, "deadline_ms": 60_000})


def test_a_statement_is_reworded_from_its_evidence_and_checked(provider: str) -> None:
    report = client(provider, "good", "correct").verify(ANSWER, context=[POLICY])
    assert report.revised == report.delivered == "Refunds are paid within 14 days of the return."
    (patch,) = report.patches
    assert (patch.kind, patch.accepted) == ("model", True)
    assert patch.evidence
    assert report.revisions["rewriter"] == "llm 1 openai/good"
    assert "rewriter" in report.timings
    sent = SEEN[-1]["messages"]
    assert ANSWER in sent[-1]["content"]
    assert ANSWER not in sent[0]["content"]


@pytest.mark.parametrize("model", ["stubborn", "obedient"])
def test_words_that_the_evidence_does_not_bear_out_never_leave(provider: str, model: str) -> None:
    flagged = client(provider, model, "correct").verify(ANSWER, context=[POLICY])
    assert flagged.revised == ANSWER
    assert flagged.verdict == "flagged"
    removed = client(provider, model, "strict").verify(f"Shoes may be returned unworn. {ANSWER}", context=[POLICY])
    assert removed.delivered == "Shoes may be returned unworn."
    assert [patch.kind for patch in removed.patches if patch.accepted] == ["delete"]


def test_a_question_on_the_main_thread_leaves_no_event_loop_behind(provider: str) -> None:
    made: list[asyncio.AbstractEventLoop] = []

    class Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            made.append(super().new_event_loop())
            return made[-1]

    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(Policy())
    try:
        upstream = LitellmUpstream("openai/good", api_base=provider, api_key="k")
        upstream.ask({"model": "openai/good", "messages": [{"role": "user", "content": "Which?"}]}, timeout=60)
    finally:
        asyncio.set_event_loop_policy(before)
    left = [loop for loop in made if not loop.is_closed()]
    for loop in left:
        loop.close()
    assert not left


def test_without_a_model_nobody_is_asked(provider: str) -> None:
    before = len(SEEN)
    report = Groundwire({"rules": ["correct"]}).verify(ANSWER, context=[POLICY])
    assert report.revised == ANSWER
    assert "rewriter" not in report.revisions
    assert len(SEEN) == before


def test_a_changed_setting_of_the_model_takes_effect(provider: str) -> None:
    before = client(provider, "good", "correct")
    assert before.pipeline.rewriter
    without = before.changed(before.config.model_copy(update={"rewrite": RewriteSettings()}))
    assert without.pipeline.rewriter is None
    elsewhere = before.config.upstream.model_copy(update={"api_base": "http://127.0.0.1:9/v1"})
    other = before.changed(before.config.model_copy(update={"upstream": elsewhere}))
    assert other.pipeline.rewriter is not before.pipeline.rewriter
