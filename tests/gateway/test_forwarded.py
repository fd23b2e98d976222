"""Where a request comes from is what the connection says, unless a proxy was named that may say otherwise."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from groundwire.client import Groundwire
from groundwire.config import Config
from groundwire.gateway import FailingUpstream, serving
from groundwire.gateway.serving import PROXIES, running

FORGED = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}


async def told(request: Request) -> PlainTextResponse:
    assert request.client
    return PlainTextResponse(f"{request.url.scheme} {request.client.host}")


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(None, "http 127.0.0.1"), ("10.0.0.1", "http 127.0.0.1"), ("127.0.0.1", "https 203.0.113.9")],
)
def test_a_forwarded_address_is_believed_of_a_named_proxy_only(
    monkeypatch: pytest.MonkeyPatch, proxies: str | None, seen: str
) -> None:
    monkeypatch.delenv(PROXIES, raising=False)
    if proxies:
        monkeypatch.setenv(PROXIES, proxies)
    with running(Starlette(routes=[Route("/", told)])) as url:
        assert httpx.get(url, headers=FORGED).text == seen


@pytest.mark.parametrize("header", [None, "x-user"])
def test_who_names_users_is_known_by_the_connection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, header: str | None
) -> None:
    monkeypatch.setenv(PROXIES, "127.0.0.1")
    seen = []

    class Stop(Exception):
        pass

    def made(*_: object, proxied: bool) -> None:
        seen.append(proxied)
        raise Stop

    monkeypatch.setattr(serving, "_server", made)
    monkeypatch.setattr(Groundwire, "warm", lambda _: None)
    gw = Groundwire(Config.load({"review": {"header": header}, "store": f"sqlite:///{tmp_path / 'a.db'}"}))
    with pytest.raises(Stop):
        serving.serve(gw, port=0, upstream=FailingUpstream())
    assert seen == [header is None]
