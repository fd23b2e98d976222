"""A provider over real HTTP that answers with whatever it is told to, well-formed or not."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from groundwire.client import Groundwire
from groundwire.config import UpstreamSettings
from groundwire.gateway import LitellmUpstream, create_app, load_litellm, running


def completion(message: Any, *, choice: Mapping[str, Any] | None = None, **top: Any) -> dict[str, Any]:
    one = {"index": 0, "message": message, "finish_reason": "stop", **(choice or {})}
    return {"id": "c-1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [one], **top}


def chunks(*deltas: Any, choice: Mapping[str, Any] | None = None, **top: Any) -> list[dict[str, Any]]:
    """The last one ends the choice. `choice` and `top` are fields of every chunk."""
    frame = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **top}
    ends: list[str | None] = [None] * len(deltas) + ["stop"]
    return [
        {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": end, **(choice or {})}]}
        for delta, end in zip([*deltas, {}], ends, strict=True)
    ]


class Raw:
    """What the provider says: `whole`, with `status`, or the chunks of `stream`. `body` is what it was asked last."""

    whole: Any = None
    stream: Sequence[Any] = ()
    status = 200
    url = ""
    body: Any = None

    async def chat(self, request: Request) -> Response:
        self.body = await request.json()
        if self.body.get("stream") and self.status == 200:
            events = [f"data: {json.dumps(chunk)}\n\n" for chunk in self.stream]
            return Response("".join([*events, "data: [DONE]\n\n"]), media_type="text/event-stream")
        return Response(json.dumps(self.whole), self.status, media_type="application/json")


@contextmanager
def gateway(gw: Groundwire, whole: Any = None, stream: Sequence[Any] = (), *, status: int = 200) -> Iterator[Raw]:
    """The gateway, at `url`, in front of such a provider."""
    load_litellm()  # here: a gateway loads it on a thread, which the filters of warnings of a test would break off
    raw = Raw()
    raw.whole, raw.stream, raw.status = whole, stream, status
    provider = Starlette(routes=[Route("/v1/chat/completions", raw.chat, methods=["POST"])])
    with running(provider) as url:
        settings = UpstreamSettings(model="openai/scripted", api_base=f"{url}/v1", api_key="k")
        with running(create_app(gw, LitellmUpstream.of(settings))) as raw.url:
            yield raw
