"""Whatever fails, in whatever way: closed is 502, open passes as unchecked, and nothing is ever called supported."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.failures import (
    POLICIES,
    STAGES,
    WAYS,
    BrokenStore,
    FailingExtractor,
    FailingJudge,
    FailingRules,
)
from tests.gateway.matrix import README, current, table

import groundwire.gateway.checking
import groundwire.gateway.part
from groundwire.client import Groundwire
from groundwire.gateway import ScriptedUpstream
from groundwire.review import MemoryStore
from groundwire.rules import Hearing

World = Callable[..., Groundwire]
SAID = "Water is wet. Snow is white."


def broken(world: World, stage: str, how: str, policy: str) -> Groundwire:
    """A Groundwire of which one stage fails."""
    store: Any = BrokenStore(how) if stage == "store" else MemoryStore()
    judge = FailingJudge(stage, how) if stage in ("graph", "entailment") else None
    gw = world(on_error=policy, store=store, deadline_ms=50, judge=judge)
    parts = gw.pipeline
    if stage == "extractor":
        parts = replace(parts, extractor=FailingExtractor(how))
    elif stage == "rules":
        rules = FailingRules(how)
        parts = replace(parts, rules=rules)
        gw.rule_source.current = lambda: rules  # type: ignore[method-assign]
    gw._pipeline = parts
    return gw


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (("part", "GRACE"), ("part", "RULES_WITHIN"), ("checking", "STORE_WITHIN")):
        monkeypatch.setattr(getattr(groundwire.gateway, module), name, 0.2)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("stage", STAGES)
async def test_a_failure_is_never_supported(world: World, connect: Client, stage: str, how: str, policy: str) -> None:
    gw = broken(world, stage, how, policy)
    body = {"messages": [{"role": "user", "content": "Is it?"}]}
    async with connect(gw, ScriptedUpstream(SAID)) as client:
        whole = await client.post("/v1/chat/completions", json=body)
        streamed = await client.post("/v1/chat/completions", json=body | {"stream": True})
    if policy == "closed":
        assert whole.status_code == 502
        assert whole.json()["error"]["type"] == "verification_failed"
        assert "verification_failed" in streamed.text
        assert "[DONE]" not in streamed.text
        assert '"finish_reason":"stop"' not in streamed.text
    else:
        assert whole.status_code == 200
        assert whole.json()["choices"][0]["message"]["content"] == SAID
        assert whole.headers["x-groundwire-verdict"] in ("unchecked", "flagged") or stage == "store"
        assert streamed.text.rstrip().endswith("data: [DONE]")
    if stage != "store":
        for text in (whole.text, streamed.text):
            assert '"verdict":"supported"' not in text
            assert '"verdict":"clean"' not in text


@pytest.mark.parametrize("policy", POLICIES)
async def test_rules_that_break_at_the_very_end_lose_no_answer(
    world: World, connect: Client, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All segments are through by then: an answer that was taken for complete would be an empty one."""
    gw = world(on_error=policy)
    broken: list[Any] = []

    def ended(hearing: Any) -> None:
        broken.append(hearing)
        if len(broken) % 2:
            raise RuntimeError("failed on purpose")

    monkeypatch.setattr(Hearing, "ended", ended)
    body = {"messages": [{"role": "user", "content": "Is it?"}]}
    async with connect(gw, ScriptedUpstream(SAID)) as client:
        whole = await client.post("/v1/chat/completions", json=body)
        assert broken
        broken.clear()
        streamed = await client.post("/v1/chat/completions", json=body | {"stream": True})
    assert broken
    if policy == "closed":
        assert whole.status_code == 502
        assert "[DONE]" not in streamed.text
    else:
        assert whole.json()["choices"][0]["message"]["content"] == SAID
        assert whole.headers["x-groundwire-verdict"] in ("unchecked", "flagged")
        assert streamed.text.rstrip().endswith("data: [DONE]")


def test_the_readme_shows_what_is_tested() -> None:
    assert current(Path(README).read_text("utf-8")) == table()
