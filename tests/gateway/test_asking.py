"""A model that takes answers apart, over real HTTP and through litellm's own call: which one, and what it is sent."""

import json
import time
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import pytest
from tests.gateway.conftest import Client
from tests.gateway.scripted_world import AtlasJudge

from groundwire.claims import LlmExtractor, SpacyExtractor
from groundwire.client import Groundwire
from groundwire.config import UpstreamSettings
from groundwire.errors import ConfigError, UpstreamError
from groundwire.gateway import LitellmModel, Scripted, ScriptedUpstream, serve_scripted
from groundwire.gateway.serving import listening
from groundwire.gateway.threads import make_room
from groundwire.gateway.upstream import load_litellm
from groundwire.pipeline import Pipeline
from groundwire.review import MemoryStore

# litellm leaves connections to the garbage collector, and builds types that pydantic warns about when first used.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]

ANSWER = "Rome is old and Milan is rich. The capital of Australia is Canberra."
CLAIMS = ["Rome is old.", "Milan is rich.", "The capital of Australia is Canberra."]
SPACY = SpacyExtractor()
SEEN: list[Mapping[str, Any]] = []


def claims_of(text: str) -> str:
    """What a good model says of the lines: every part of a line that "and" joins is a claim."""
    lines = text.split("<lines-")[1].split("\n")[1:-1]
    parts = [(part.rstrip("."), line) for line in lines for part in line.split(" and ")]
    return json.dumps({"claims": [{"text": f"{part}.", "quote": part} for part, _ in parts]})


def script(request: Mapping[str, Any]) -> Scripted:
    SEEN.append(request)
    text = request["messages"][-1]["content"]
    match request["model"]:
        case "refusing":
            return Scripted(None, refusal="I will not.")
        case "filtered":
            return Scripted("Rome", finish_reason="content_filter")
        case "chatting":
            return Scripted("Rome is a lovely city!")
        case _:
            return Scripted(claims_of(text))


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with serve_scripted(script) as url:
        yield url


def asking(provider: str, model: str) -> LitellmModel:
    return LitellmModel(UpstreamSettings(model=f"openai/{model}", api_base=provider, api_key="k"))


def test_a_model_over_http_takes_an_answer_apart(provider: str) -> None:
    extractor = LlmExtractor(asking(provider, "good"), SPACY)
    assert [claim.text for claim in extractor.extract(ANSWER)] == CLAIMS
    assert extractor.counts == {"asked": 1, "sentences": 2}
    assert extractor.version == "llm 2 openai/good, spacy 5"
    sent = SEEN[-1]
    assert sent["model"] == "good"
    assert (sent["temperature"], sent["response_format"]) == (0, {"type": "json_object"})
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert ANSWER.split(". ")[0] in sent["messages"][1]["content"]
    assert ANSWER.split(". ")[0] not in sent["messages"][0]["content"]


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("refusing", "refusal"),
        ("filtered", "refusal"),
        ("chatting", "nonsense"),
        ("status-401", "error"),
        ("status-429", "error"),
        ("status-500", "error"),
    ],
)
def test_a_model_that_is_of_no_use_leaves_it_to_spacy(provider: str, model: str, why: str) -> None:
    extractor = LlmExtractor(asking(provider, model), SPACY)
    assert extractor.extract(ANSWER) == SPACY.extract(ANSWER)
    assert extractor.counts == {"asked": 1, f"fallback.{why}": 1}


def test_silence_ends_with_the_time_and_so_does_nobody_being_there() -> None:
    with listening("127.0.0.1", 0) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        late = LlmExtractor(asking(base, "good"), SPACY, timeout=0.3)
        load_litellm()
        began = time.monotonic()
        assert late.extract(ANSWER) == SPACY.extract(ANSWER)
        assert time.monotonic() - began < 5
    assert late.counts == {"asked": 1, "fallback.timeout": 1}
    nobody = LlmExtractor(asking(base, "good"), SPACY)
    assert nobody.extract(ANSWER) == SPACY.extract(ANSWER)
    assert nobody.counts == {"asked": 1, "fallback.error": 1}


# -- which model, through litellm's own call --------------------------------------------------------


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What litellm was called with. It replies "{}"."""
    found: list[dict[str, Any]] = []

    def completion(**arguments: Any) -> Any:
        found.append(arguments)
        if arguments.get("response_format") and arguments["model"] == "openai/old":
            raise UpstreamError("response_format is not known.", status=400)
        answer = {"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}
        return SimpleNamespace(model_dump=lambda **options: answer)

    monkeypatch.setattr(load_litellm(), "completion", completion)
    return found


MODEL = {"model_name": "small", "litellm_params": {"model": "openai/small", "api_key": "s", "api_base": "http://s"}}
OTHER = {"model_name": "large", "litellm_params": {"model": "openai/large", "api_key": "l"}}


@pytest.mark.parametrize(
    ("upstream", "model", "called"),
    [
        ({"model": "openai/a", "api_key": "k", "api_base": "http://a"}, None, ("openai/a", "k", "http://a")),
        ({"model": "openai/a", "api_key": "k", "api_base": "http://a"}, "a", ("openai/a", "k", "http://a")),
        ({"model": "openai/a", "api_key": "k", "api_base": "http://a"}, "openai/b", ("openai/b", "k", "http://a")),
        ({"model": "openai/a", "api_key": "k", "api_base": "http://a"}, "groq/b", ("groq/b", None, None)),
        ({"model_list": [MODEL]}, None, ("openai/small", "s", "http://s")),
        ({"model_list": [MODEL, OTHER]}, "large", ("openai/large", "l", None)),
        ({"model_list": [MODEL, OTHER]}, "openai/c", ("openai/c", None, None)),
        ({}, "openai/c", ("openai/c", None, None)),
        ({"api_key": "k", "api_base": "http://a"}, "openai/c", ("openai/c", "k", "http://a")),
    ],
)
def test_the_model_is_the_upstreams_or_one_that_litellm_knows(
    calls: list[dict[str, Any]], upstream: dict[str, Any], model: str | None, called: tuple[str | None, ...]
) -> None:
    asked = LitellmModel(UpstreamSettings.model_validate(upstream), model)
    assert asked.complete("Do it.", "Text.", timeout=3) == "{}"
    (sent,) = calls
    assert tuple(sent.get(name) for name in ("model", "api_key", "api_base")) == called
    assert (sent["timeout"], sent["num_retries"], sent["drop_params"]) == (3, 0, True)


def test_a_server_that_does_not_know_json_mode_is_asked_without_it_from_then_on(calls: list[dict[str, Any]]) -> None:
    asked = LitellmModel(UpstreamSettings(model="openai/old"))
    assert [asked.complete("Do it.", "Text.", timeout=3) for _ in range(2)] == ["{}", "{}"]
    assert ["response_format" in sent for sent in calls] == [True, False, False]


def test_two_deployments_of_a_model_go_through_the_router(provider: str) -> None:
    own = {"model": "openai/good", "api_base": provider, "api_key": "k"}
    entry = {"model_name": "shared", "litellm_params": own}
    extractor = LlmExtractor(LitellmModel(UpstreamSettings(model_list=(entry, entry))), SPACY)
    assert [claim.text for claim in extractor.extract(ANSWER)] == CLAIMS


def test_a_secret_that_is_not_set_is_found_at_start() -> None:
    with pytest.raises(ConfigError, match="GROUNDWIRE_NO_SUCH_KEY"):
        LitellmModel(UpstreamSettings(model="openai/x", api_key="os.environ/GROUNDWIRE_NO_SUCH_KEY"))


# -- in the whole -----------------------------------------------------------------------------------


def configured(provider: str, **claims: Any) -> Groundwire:
    """A Groundwire whose claims come from a model, checked by the scripted judge."""
    upstream = {"model": "openai/good", "api_base": provider, "api_key": "k"}
    gw = Groundwire({"upstream": upstream, "claims": {"extractor": "llm", **claims}, "deadline_ms": 60_000})
    gw._pipeline = Pipeline(gw._extractor(), (), gw.rules, "closed")
    gw.__dict__["_configured"] = ((), (AtlasJudge(),))
    gw._store = MemoryStore()
    return gw


def test_the_configuration_chooses_and_the_report_says_so(provider: str) -> None:
    gw = configured(provider, granularity="sentence", timeout_s=7)
    extractor = gw.pipeline.extractor
    assert isinstance(extractor, LlmExtractor)
    assert (extractor.timeout, extractor.spacy.granularity) == (7, "sentence")
    report = gw.verify(ANSWER)
    assert report.revisions["claims"] == "llm 2 openai/good, spacy 5 sentence"
    spacy = Groundwire({"claims": {"granularity": "sentence"}})._extractor()
    assert isinstance(spacy, SpacyExtractor)
    assert spacy.granularity == "sentence"


def test_warming_up_asks_no_model(provider: str) -> None:
    gw, before = configured(provider), len(SEEN)
    gw.warm()
    assert len(SEEN) == before


async def test_the_gateway_answers_while_models_are_waited_for(connect: Client) -> None:
    """More questions at once than there are cores, and an event loop that is free."""
    with listening("127.0.0.1", 0) as silent:
        gw = configured(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", timeout_s=1.5)
        gw.warm()
        upstream = ScriptedUpstream(ANSWER)
        waits: list[float] = []
        async with connect(gw, upstream) as client:
            make_room(gw)  # as when the application starts
            began = time.monotonic()
            async with anyio.create_task_group() as tasks:
                for _ in range(12):
                    tasks.start_soon(_ask, client)
                while len(waits) < 10:
                    asked = time.monotonic()
                    assert (await client.get("/healthz")).status_code == 200
                    waits.append(time.monotonic() - asked)
                    await anyio.sleep(0.05)
            assert time.monotonic() - began < 7.5, "all at once would be 1.5 seconds, two by two 9"
        assert max(waits) < 1
    assert isinstance(gw.pipeline.extractor, LlmExtractor)
    assert gw.pipeline.extractor.counts == {"asked": 12, "fallback.timeout": 12}


async def _ask(client: httpx.AsyncClient) -> None:
    body = {"model": "scripted", "messages": [{"role": "user", "content": "Hi"}]}
    response = await client.post("/v1/chat/completions", json=body)
    assert response.status_code == 200
    assert response.json()["groundwire"]["coverage"] == 1.0


def test_a_stream_is_taken_apart_as_it_comes(provider: str) -> None:
    gw = configured(provider)
    check = gw.start()
    let_go = [
        check.feed(piece) for piece in ("Rome is old and Milan", " is rich. The capital of Aus", "tralia is Canberra.")
    ]
    let_go.append(check.finish())
    assert "".join(let_go) == ANSWER
    assert let_go[1] == "Rome is old and Milan is rich."
    assert [claim.text for claim in check.report.claims] == CLAIMS
