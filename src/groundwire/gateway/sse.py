"""Server-sent events: frames, keep-alive comments while an answer is held, and an end when the client goes."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TypeVar

import anyio
from anyio.abc import ObjectSendStream
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from groundwire.gateway.problems import encode

T = TypeVar("T")

KEEP_ALIVE = 10.0  # seconds
COMMENT = b": keep-alive\n\n"
DONE = b"data: [DONE]\n\n"

# A reader of one byte a second holds this many events, and the upstream waits.
_WAITING = 8


def frame(data: object, event: str | None = None) -> bytes:
    """One event."""
    named = f"event: {event}\n".encode() if event else b""
    return named + b"data: " + encode(data) + b"\n\n"


class EventStream:
    """An ASGI response that sends frames as they come. When the client leaves, `frames` is closed at once."""

    def __init__(
        self,
        frames: AsyncGenerator[bytes, None],
        headers: Mapping[str, str],
        *,
        keep_alive: float | None = None,
    ) -> None:
        self._frames, self._keep_alive = frames, keep_alive or KEEP_ALIVE
        self._headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            "x-accel-buffering": "no",  # nginx would hold the stream back
            **headers,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender, receiver = anyio.create_memory_object_stream[bytes](_WAITING)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self._headers.items()]
        async with anyio.create_task_group() as tasks, receiver:
            tasks.start_soon(self._pump, sender)
            tasks.start_soon(_leave, receive, tasks.cancel_scope)
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while True:
                piece = COMMENT
                with anyio.move_on_after(self._keep_alive):
                    try:
                        piece = await receiver.receive()
                    except anyio.EndOfStream:
                        break
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            tasks.cancel_scope.cancel()

    async def _pump(self, sender: ObjectSendStream[bytes]) -> None:
        async with sender, aclosing(self._frames):
            async for piece in self._frames:
                await sender.send(piece)


async def until_gone(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work while the client waits for it. Raises: what the work raises; ClientDisconnect when it left."""
    done: list[T] = []
    failed: list[Exception] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_leave, request.receive, tasks.cancel_scope)
        try:
            done.append(await work())
        except Exception as error:  # noqa: BLE001 - raised again below, outside of the group, which would wrap it
            failed.append(error)
        tasks.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise ClientDisconnect
    return done[0]


async def _leave(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
