"""What the gateway's tests share: a quick world, and a client that needs no socket."""

import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.gateway.scripted_world import world as build

from groundwire.client import Groundwire
from groundwire.gateway import Upstream, create_app

Client = Callable[[Groundwire, Upstream], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(autouse=True, scope="module")
def _litter() -> Iterator[None]:
    """litellm leaves connections to the garbage collector: it comes round here, and not in somebody else's test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture
def world(tmp_path: Path) -> Callable[..., Groundwire]:
    def make(action: str = "flag", **settings: Any) -> Groundwire:
        return build(tmp_path, action, **settings)

    return make


@pytest.fixture
def connect() -> Client:
    @asynccontextmanager
    async def opened(gw: Groundwire, upstream: Upstream) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(create_app(gw, upstream), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            yield client

    return opened
