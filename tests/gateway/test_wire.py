"""A provider's bytes over real HTTP, cut anywhere and broken in every way: the same answer, or a typed error."""

import gzip
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from tests.gateway.conftest import Client
from tests.gateway.formats import FORMATS, Format
from tests.gateway.scripted_world import RIGHT, WRONG

from groundwire.client import Groundwire
from groundwire.gateway import LitellmUpstream, running

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict class:UserWarning"),
]

World = Callable[..., Groundwire]
PIECES = ("Zürich is 東京 \U0001f600. ", WRONG[:20], WRONG[20:] + "\u2028", f" {RIGHT}")
TEXT = "".join(PIECES)


def chunk(delta: Any, finish: str | None = None, index: int = 0) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def _json(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def events(*chunks: Any, end: str = "\n\n", done: bool = True) -> bytes:
    """As bytes on the wire, not in ASCII."""
    lines = [f"data: {item if isinstance(item, str) else _json(item)}{end}" for item in chunks]
    return "".join([*lines, f"data: [DONE]{end}" if done else ""]).encode()


SAID = (chunk({"role": "assistant", "content": ""}), *(chunk({"content": piece}) for piece in PIECES))
STOP = chunk({}, "stop")
GOOD = events(*SAID, STOP)
EMPTY = {**chunk({}), "choices": []}
USAGE = {**EMPTY, "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}

SAME: dict[str, bytes] = {
    "as it was": GOOD,
    "crlf": events(*SAID, STOP, end="\r\n\r\n"),
    "comments between": b": hello\n\n" + GOOD.replace(b"\n\n", b"\n\n: ping\n\n"),
    "empty choices between": events(EMPTY, *SAID, EMPTY, STOP, USAGE),
    "one giant chunk": events(chunk({"role": "assistant", "content": TEXT}), STOP),
    "all in one": events(chunk({"role": "assistant", "content": TEXT}, "stop")),
    "a character a chunk": events(*(chunk({"content": each}) for each in TEXT), STOP),
    "no space after data": GOOD.replace(b"data: ", b"data:"),
}
BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "truncated": events(*SAID, done=False),
    "done without a finish": events(*SAID),
    "bad json": events(*SAID[:3], '{"choices": [', STOP),
    "an error in mid-stream": events(*SAID[:3], {"error": {"message": "overloaded", "type": "server_error"}}),
    "only empty choices": events(EMPTY, EMPTY),
    "doubled finish": events(*SAID, STOP, STOP),
    "text after the end": events(*SAID, STOP, chunk({"content": WRONG})),
    "one choice of two ends": events(*SAID, chunk({"content": RIGHT}, index=1), STOP),
    "html": b"<html>a gateway of somebody's says no</html>",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Sends the stream that the model's name asks for: `NAME`, `NAME@CUT`, `NAME!reset`, `NAME~gzip`."""

    async def chat(request: Request) -> StreamingResponse:
        name = (await request.json())["model"]
        name, _, how = name.partition("!")
        name, _, cut = name.partition("@")
        name, _, packed = name.partition("~")
        data = {**SAME, **BROKEN}[name]
        headers = {"content-encoding": "gzip"} if packed else {}
        data = gzip.compress(data) if packed else data

        async def pieces() -> AsyncIterator[bytes]:
            if cut:
                yield data[: int(cut)]
                await anyio.lowlevel.checkpoint()
                yield data[int(cut) :]
            else:
                yield data
            if how == "silence":
                await anyio.sleep(60)
            if how == "reset":
                raise ConnectionResetError

        return StreamingResponse(pieces(), media_type="text/event-stream", headers=headers)

    with running(Starlette(routes=[Route("/v1/chat/completions", chat, methods=["POST"])])) as url:
        yield f"{url}/v1"


def upstream(provider: str, timeout: float = 60, *, direct: bool = False) -> LitellmUpstream:
    """Through litellm, or by OpenAI's own client, as for a deployment that is as plain as these."""
    if not direct:
        return LitellmUpstream(timeout=timeout, api_base=provider, api_key="k")
    names = [*SAME, *BROKEN, *(f"{name}~gzip" for name in SAME), "truncated!reset", "truncated!silence"]
    return LitellmUpstream(
        timeout=timeout,
        model_list=[
            {"model_name": f"openai/{name}", "litellm_params": {"model": f"openai/{name}", "api_base": provider}}
            for name in names
        ],
    )


@asynccontextmanager
async def reached(connect: Client, gw: Groundwire, source: LitellmUpstream) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the gateway; afterwards nothing is left open."""
    async with connect(gw, source) as client:
        yield client
    await source.aclose()


async def ask(client: Any, of: Format, model: str, **fields: Any) -> tuple[str, Any]:
    """What the client's bytes say: the text, and the last report."""
    response = await client.post(of.path, json=of.body(stream=True, **fields) | {"model": f"openai/{model}"})
    text, report, failed = "", None, None
    for line in response.text.splitlines():
        if not line.startswith("data: {"):
            continue
        event = json.loads(line[6:])
        report = event.get("groundwire") or (event.get("response") or {}).get("groundwire") or report
        failed = event.get("error") or failed
        for choice in event.get("choices", ()):
            text += choice.get("text") or (choice.get("delta") or {}).get("content") or ""
        delta = event.get("delta")
        text += delta if isinstance(delta, str) else (delta or {}).get("text") or ""
    if response.status_code != 200:
        failed = response.json()["error"]
    return text, failed or report


EXPECTED = TEXT.replace("Sydney", "Canberra")


def verdicts(report: Any) -> list[str]:
    return [claim["verdict"] for claim in report["claims"]]


async def test_cut_at_every_byte_it_is_the_same(world: World, connect: Client, provider: str) -> None:
    async with reached(connect, world("rewrite"), upstream(provider)) as client:
        text, report = await ask(client, FORMATS[0], "as it was")
        assert text == EXPECTED
        assert report["verdict"] == "rewritten"
        expected = verdicts(report)
        for cut in range(1, len(GOOD)):
            text, report = await ask(client, FORMATS[0], f"as it was@{cut}")
            assert text == EXPECTED, cut
            assert verdicts(report) == expected, cut


@pytest.mark.parametrize("direct", [False, True], ids=["litellm", "direct"])
@pytest.mark.parametrize("of", FORMATS, ids=[of.name for of in FORMATS])
@pytest.mark.parametrize("name", SAME)
async def test_written_otherwise_it_is_the_same(
    world: World, connect: Client, provider: str, name: str, of: Format, direct: bool
) -> None:
    async with reached(connect, world("rewrite"), upstream(provider, direct=direct)) as client:
        for model in (name, f"{name}~gzip"):
            text, report = await ask(client, of, model)
            assert text == EXPECTED
            assert report["verdict"] == "rewritten"
            assert verdicts(report) == ["supported", "contradicted", "supported"]


@pytest.mark.parametrize("direct", [False, True], ids=["litellm", "direct"])
@pytest.mark.parametrize("of", FORMATS, ids=[of.name for of in FORMATS])
@pytest.mark.parametrize("mode", ["hold", "annotate"])
@pytest.mark.parametrize("name", [*BROKEN, "as it was@400!reset"])
async def test_broken_in_any_way_it_is_a_typed_error(
    world: World, connect: Client, provider: str, name: str, mode: str, of: Format, direct: bool
) -> None:
    gw = world("rewrite", mode=mode)
    async with reached(connect, gw, upstream(provider, direct=direct)) as client:
        reset = name.endswith("!reset")
        text, failed = await ask(client, of, name if not reset else "truncated!reset")
    assert failed is not None
    assert failed.get("type") in ("upstream_error", "server_error"), failed
    assert "Sydney" not in text or mode == "annotate"
    for id in gw.store.requests:  # type: ignore[attr-defined]
        kept = gw.store.get(id)
        assert kept
        assert kept.verdict == "unchecked"
        assert kept.aborted


@pytest.mark.parametrize("direct", [False, True], ids=["litellm", "direct"])
async def test_silence_is_an_error_in_time(world: World, connect: Client, provider: str, direct: bool) -> None:
    async with reached(connect, world("flag"), upstream(provider, timeout=0.5, direct=direct)) as client:
        _, failed = await ask(client, FORMATS[0], "truncated!silence")
    assert failed["type"] == "upstream_error"
