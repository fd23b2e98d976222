"""LiteLLM's generic guardrail contract, and its own client for it."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import FAILS, REPAIRED, RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway import FailingUpstream, load_litellm
from groundwire.gateway.remembered import Remembered

World = Callable[..., Groundwire]
PATH = "/beta/litellm_basic_guardrail_api"
# As LiteLLM sends it: null for what is not there.
ASKED: dict[str, Any] = {
    "litellm_call_id": "call-1",
    "litellm_trace_id": None,
    "structured_messages": [{"role": "user", "content": "Which?"}],
    "images": None,
    "tools": None,
    "texts": ["Which?"],
    "request_data": {"user_api_key_alias": "me"},
    "request_headers": None,
    "litellm_version": "1.106.12",
    "additional_provider_specific_params": {},
    "tool_calls": None,
    "model": "m",
    "input_type": "request",
}


def response(*texts: str, **fields: Any) -> dict[str, Any]:
    return ASKED | {"input_type": "response", "structured_messages": None, "texts": list(texts), **fields}


def call(arguments: str) -> dict[str, Any]:
    return {"id": "c", "type": "function", "function": {"name": "save", "arguments": arguments}}


@pytest.mark.parametrize(("action", "told"), [
    ("flag", {"action": "NONE"}),
    ("rewrite", {"action": "GUARDRAIL_INTERVENED", "texts": [RIGHT, f"{RIGHT} {REPAIRED}"]}),
    ("block", {"action": "BLOCKED", "blocked_reason": "The atlas says otherwise."}),
])  # fmt: skip
async def test_the_action_is_what_the_rules_say(
    world: World, connect: Client, action: str, told: dict[str, Any]
) -> None:
    gw = world(action)
    async with connect(gw, FailingUpstream()) as client:
        assert (await client.post(PATH, json=ASKED)).json() == {"action": "NONE"}
        answer = await client.post(PATH, json=response(RIGHT, f"{RIGHT} {WRONG}"))
    assert answer.json() == told
    assert gw.store.get(answer.headers["x-groundwire-report"])


async def test_what_could_not_be_checked_is_blocked_with_a_status_that_litellm_believes(
    world: World, connect: Client
) -> None:
    """A 502 would be an unreachable guardrail, which many let pass."""
    async with connect(world(), FailingUpstream()) as client:
        answer = await client.post(PATH, json=response(FAILS))
        opened = await client.post(PATH, json=response(RIGHT))
    assert answer.status_code == 200
    assert answer.json()["action"] == "BLOCKED"
    assert opened.json() == {"action": "NONE"}


async def test_tool_calls_are_checked_too(world: World, connect: Client) -> None:
    async with connect(world("rewrite"), FailingUpstream()) as client:
        good = await client.post(PATH, json=response(tool_calls=[call('{"capital": "Canberra"}')]))
        bad = await client.post(PATH, json=response(tool_calls=[call('{"capital": "Sydney"}')]))
    assert good.json() == {"action": "NONE"}
    assert bad.json()["action"] == "BLOCKED"


@pytest.mark.parametrize(
    "calls",
    [
        [{"id": "c", "type": "function", "function": {"name": "save", "arguments": {"capital": "Sydney"}}}],
        [{"id": "c", "type": "function", "function": WRONG}],
        [call("{}") | {"said": WRONG}],
        [WRONG],
        {"function": WRONG},
        WRONG,
    ],
)
async def test_a_tool_call_of_any_form_is_checked_or_blocked(world: World, connect: Client, calls: Any) -> None:
    async with connect(world("rewrite"), FailingUpstream()) as client:
        answer = await client.post(PATH, json=response(tool_calls=calls))
        fine = {"name": "save", "arguments": {"capital": "Canberra"}}
        good = await client.post(PATH, json=response(tool_calls=[{"id": "c", "type": "function", "function": fine}]))
    assert answer.json()["action"] == "BLOCKED"
    assert good.json() == {"action": "NONE"}


async def test_calls_without_an_id_share_no_evidence(world: World, connect: Client) -> None:
    messages = [{"role": "user", "content": [{"type": "grounding_source", "text": RIGHT}]}]
    gw = world()
    for id in ("", None):
        async with connect(gw, FailingUpstream()) as client:
            await client.post(PATH, json=ASKED | {"structured_messages": messages, "litellm_call_id": id})
            answer = await client.post(PATH, json=response(RIGHT, litellm_call_id=id))
        kept = gw.store.get(answer.headers["x-groundwire-report"])
        assert kept
        assert kept.revisions["evidence"] == "none"


async def test_the_evidence_of_a_request_is_there_when_its_response_comes(tmp_path: Any, connect: Client) -> None:
    gw = Groundwire({"rules": ["strict"], "store": f"sqlite:///{tmp_path}/r.db", "deadline_ms": 60_000})
    gw.warm()
    rate = "Refunds are paid within 14 days of the return."
    messages = [{"role": "user", "content": [
        {"type": "grounding_source", "text": rate}, {"type": "query", "text": "When?"}
    ]}]  # fmt: skip
    async with connect(gw, FailingUpstream()) as client:
        await client.post(PATH, json=ASKED | {"structured_messages": messages})
        good = await client.post(PATH, json=response(rate))
        unknown = await client.post(PATH, json=response(rate, litellm_call_id="another"))
        given = {"groundwire": {"documents": [rate]}}
        own = await client.post(PATH, json=response(rate, additional_provider_specific_params=given))
        reports = [gw.store.get(each.headers["x-groundwire-report"]) for each in (good, unknown, own)]
    assert [report and report.claims[0].verdict.value for report in reports] == ["supported", "unchecked", "supported"]
    gw.store.close()


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "input_type"),
        (ASKED | {"input_type": "maybe"}, "input_type"),
        (response(RIGHT) | {"model": 3}, "model"),
        (response() | {"texts": "text"}, "texts"),
        (response() | {"texts": [3]}, "texts"),
    ],
)  # fmt: skip
async def test_what_is_not_the_contract_is_refused(world: World, connect: Client, body: Any, param: str) -> None:
    async with connect(world(), FailingUpstream()) as client:
        answer = await client.post(PATH, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning")
async def test_litellms_own_client_of_the_contract_understands_it(world: World) -> None:
    load_litellm()  # without its look at the network
    from litellm.types.proxy.guardrails.guardrail_hooks.generic_guardrail_api import (
        GenericGuardrailAPIRequest,
        GenericGuardrailAPIResponse,
    )

    made = GenericGuardrailAPIRequest.model_validate(ASKED).model_dump(mode="json")
    assert set(made) == set(ASKED)
    understood = GenericGuardrailAPIResponse.from_dict({"action": "GUARDRAIL_INTERVENED", "texts": [RIGHT]})
    assert (understood.action, understood.texts) == ("GUARDRAIL_INTERVENED", [RIGHT])


def test_what_is_remembered_has_an_end() -> None:
    kept: Remembered[int] = Remembered(most=3, characters=100)
    for number in range(5):
        kept.keep(str(number), number, 10)
    assert [kept.get(str(number)) for number in range(5)] == [None, None, 2, 3, 4]
    kept.keep("large", 9, 95)
    assert kept.get("4") is None
    assert kept.get("large") == 9
    kept.keep("larger", 9, 101)
    assert kept.get("larger") is None
    late: Remembered[int] = Remembered(seconds=-1)
    late.keep("a", 1, 1)
    assert late.get("a") is None
    assert late.get(None) is None
