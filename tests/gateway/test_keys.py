"""The gateway's own keys, and whose key the provider gets."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anthropic
import httpx
import openai
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from tests.gateway.scripted_world import RIGHT
from typer.testing import CliRunner

from groundwire.cli import app as commands
from groundwire.client import Groundwire
from groundwire.config import Config
from groundwire.errors import ConfigError
from groundwire.gateway import LitellmUpstream, ScriptedUpstream, create_app, running
from groundwire.gateway.fakes import scripted_app
from groundwire.gateway.keys import KeyRing, new_key
from groundwire.gateway.upstream import CLIENT_KEY
from groundwire.review.store import INPUTS

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]

World = Callable[..., Groundwire]
ASKED: Any = [{"role": "user", "content": "Which?"}]
KEY, HASH = new_key()
ENTRY: dict[str, Any] = {"name": "support", "sha256": HASH}


def ask(url: str, key: str, **headers: str) -> Any:
    with openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, default_headers=headers) as client:
        return client.chat.completions.create(model="scripted", messages=ASKED)


@pytest.fixture
def served(world: World) -> Callable[..., Any]:
    def serve(*entries: Mapping[str, Any]) -> Any:
        return running(create_app(world(keys=list(entries)), ScriptedUpstream(RIGHT)))

    return serve


def test_a_report_says_by_its_name_which_key_asked(world: World) -> None:
    for entries, named in (([ENTRY], "support"), ([], None)):
        groundwire = world(keys=entries)
        with running(create_app(groundwire, ScriptedUpstream(RIGHT))) as url:
            ask(url, KEY)
        [stored] = groundwire.store.reports()
        assert stored.request is not None
        assert stored.request[INPUTS].get("application") == named


def test_without_a_key_nobody_comes_in(served: Callable[..., Any]) -> None:
    with served(ENTRY) as url:
        for wrong in ("gw-wrong", HASH, KEY[:-1]):
            with pytest.raises(openai.AuthenticationError) as refused:
                ask(url, wrong)
            assert refused.value.code == "invalid_api_key"
            assert wrong not in str(refused.value)
        assert ask(url, KEY).choices[0].message.content == RIGHT
        assert ask(url, "sk-of-a-provider", **{"x-groundwire-key": KEY}).choices[0].message.content == RIGHT
        with anthropic.Anthropic(base_url=url, api_key=KEY, max_retries=0) as client:
            assert client.messages.create(model="scripted", max_tokens=9, messages=ASKED).content
        with (
            anthropic.Anthropic(base_url=url, api_key="wrong", max_retries=0) as client,
            pytest.raises(anthropic.AuthenticationError),
        ):
            client.messages.create(model="scripted", max_tokens=9, messages=ASKED)


def test_a_key_is_for_what_it_says(served: Callable[..., Any]) -> None:
    with served(ENTRY | {"scopes": ["verify"]}) as url:
        with pytest.raises(openai.PermissionDeniedError, match='"support" is not for chat'):
            ask(url, KEY)
        with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
            assert client.models.list()


def test_a_rate_is_kept_and_says_when_to_come_back(served: Callable[..., Any]) -> None:
    other, digest = new_key()
    with served(ENTRY | {"rate": "2/minute"}, {"name": "other", "sha256": digest}) as url:
        ask(url, KEY)
        ask(url, KEY)
        with pytest.raises(openai.RateLimitError) as limited:
            ask(url, KEY)
        assert 1 <= int(limited.value.response.headers["retry-after"]) <= 61
        assert limited.value.code == "rate_limited"
        assert ask(url, other)


@pytest.mark.parametrize("how", ["a mount", "root_path before the path", "root_path beside the path"])
def test_a_prefix_is_no_way_around_keys_and_rates(world: World, how: str) -> None:
    """A gateway under /llm: mounted there, or behind a proxy that leaves the prefix on or takes it off."""
    entry = ENTRY | {"rate": "2/minute", "scopes": ["chat"]}
    inner = create_app(world(keys=[entry]), ScriptedUpstream(RIGHT))

    async def prefixed(scope: Any, receive: Any, send: Any) -> None:
        before = "/llm" if how == "root_path before the path" else ""
        told = {"root_path": "/llm", "path": before + scope["path"]} if scope["type"] == "http" else {}
        await inner(scope | told, receive, send)

    mounted = Starlette(routes=[Mount("/llm", inner)]) if how == "a mount" else prefixed
    with running(mounted) as served:
        url = f"{served}/llm" if how == "a mount" else served
        with pytest.raises(openai.AuthenticationError):
            ask(url, "gw-wrong")
        refused = httpx.post(f"{url}/v1/messages", json={}).json()
        assert (refused["type"], refused["error"]["code"]) == ("error", "invalid_api_key")
        with pytest.raises(openai.PermissionDeniedError):
            openai.OpenAI(base_url=f"{url}/v1", api_key=KEY).embeddings.create(model="scripted", input="a")
        assert ask(url, KEY).choices[0].message.content == RIGHT
        ask(url, KEY)
        with pytest.raises(openai.RateLimitError):
            ask(url, KEY)


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "plain-text-key"}, {"rate": "often"}, {"scopes": ["all"]}, {"scopes": ["metrics"]}, {"name": ""}],
)
def test_a_key_that_is_none_is_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Config.load({"keys": [ENTRY | wrong]})


def test_no_key_stands_in_what_is_kept() -> None:
    ring = KeyRing(Config.load({"keys": [ENTRY]}).keys)
    assert ring.admit("/v1/chat/completions", {"authorization": f"bearer {KEY}"}) == "support"
    assert KEY not in repr(vars(ring))


def test_a_key_is_made_on_the_command_line() -> None:
    made = CliRunner().invoke(commands, ["keys", "new", "support", "-s", "verify", "--rate", "5/second", "--json"])
    told = json.loads(made.stdout)
    [key] = Config.load({"keys": [told["entry"]]}).keys
    assert (key.name, key.scopes, key.rate) == ("support", ("verify",), "5/second")
    assert KeyRing([key]).admit("/v1/verify", {"x-api-key": told["key"]}) == "support"
    plain = CliRunner().invoke(commands, ["keys", "new", "support"])
    assert "sha256" in plain.stdout


@pytest.fixture
def provider() -> Iterator[tuple[str, list[str]]]:
    """Its URL, and the keys that it was asked with."""
    app = scripted_app(RIGHT)
    seen: list[str] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(value.decode() for name, value in scope.get("headers", ()) if name == b"authorization")
        await app(scope, receive, send)

    with running(watched) as url:
        yield f"{url}/v1", seen


@pytest.mark.parametrize(("client_keys", "sent"), [("exchange", "Bearer ours"), ("pass", "Bearer theirs")])
def test_whose_key_the_provider_gets(
    world: World, provider: tuple[str, list[str]], client_keys: str, sent: str
) -> None:
    url, seen = provider
    settings = {"model": "openai/scripted", "api_base": url, "api_key": "ours", "client_keys": client_keys}
    gw = world(upstream=settings)
    with running(create_app(gw, LitellmUpstream.of(gw.config.upstream))) as gateway:
        assert ask(gateway, "theirs").choices[0].message.content == RIGHT
    assert set(seen) == {sent}


def test_a_question_of_ours_is_asked_with_our_key(provider: tuple[str, list[str]]) -> None:
    """The extractor may ask another provider: a client's key is not for that one."""
    url, seen = provider
    upstream = LitellmUpstream("openai/scripted", api_base=url, api_key="ours")
    token = CLIENT_KEY.set("theirs")
    try:
        upstream.ask({"model": "openai/scripted", "messages": ASKED}, timeout=30)
    finally:
        CLIENT_KEY.reset(token)
    assert set(seen) == {"Bearer ours"}


def test_where_client_keys_are_passed_on_nobody_uses_ours(world: World, provider: tuple[str, list[str]]) -> None:
    url, seen = provider
    settings = {"model": "openai/scripted", "api_base": url, "api_key": "ours", "client_keys": "pass"}
    gw = world(upstream=settings, keys=[ENTRY])
    with running(create_app(gw, LitellmUpstream.of(gw.config.upstream))) as gateway:
        with pytest.raises(openai.AuthenticationError, match="x-groundwire-key"):
            ask(gateway, KEY)
        assert ask(gateway, "theirs", **{"x-groundwire-key": KEY})
    assert set(seen) == {"Bearer theirs"}
