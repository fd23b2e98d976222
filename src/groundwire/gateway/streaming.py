"""A model's chunks in, chunks that may leave out: in hold mode only verified prefixes, for every choice.

Chunks are OpenAI's chat.completion.chunk as dicts, on both sides; wire formats frame them. The last one carries the
`groundwire` object, and every report is kept before it leaves. What breaks on the way is raised, never ended with
`stop`: UpstreamError, or VerificationError.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import anyio

from groundwire.claims import Growing
from groundwire.errors import GroundwireError, UpstreamError, VerificationError
from groundwire.gateway.checking import Exchange, require_room, unmade
from groundwire.gateway.leaving import (
    PROSE,
    WORD,
    calls_of,
    field_name,
    received,
    text_of,
    texts_of,
    well_formed,
    written,
)
from groundwire.gateway.part import Part
from groundwire.gateway.provider_errors import line_of
from groundwire.gateway.threads import in_thread
from groundwire.gateway.upstream import broken_off

log = logging.getLogger("groundwire.gateway")

Chunk = dict[str, Any]

GIANT = 4096  # characters in one piece


async def verified(exchange: Exchange, chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    """Check a stream. Raises: UpstreamError, VerificationError; both after what was found so far is kept."""
    session = _SESSIONS[exchange.mode](exchange)
    tail = _Tail(wants_usage=_wants_usage(exchange.asked.body))
    length = 0
    try:
        async with aclosing(chunks):
            async for given in chunks:
                _refuse_error(given)
                chunk = received(given)
                well_formed(chunk.get("choices"), "delta")
                length += 0 if exchange.mode == "off" else sum(len(text) for _, text in _delta_texts(chunk))
                require_room(exchange, length)
                async for out in session.take(chunk):
                    for ready in [out] if exchange.mode == "off" else tail.push(out):
                        yield ready
                if session.over:
                    break
        session.require_complete()
        summary = await session.settle()
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            await session.stop()
            await in_thread(exchange.abort, why(error))
        raise
    for ready in tail.close(summary):
        yield ready


class _Off:
    """Chunks pass as they are. What is kept of a choice is whether it ended."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.choices: dict[int, _Choice] = {}

    @property
    def over(self) -> bool:
        """Nothing that may still come could leave: the upstream need not go on."""
        return False

    async def take(self, chunk: Chunk) -> AsyncIterator[Chunk]:
        for index, given in _choices(chunk):
            choice = self.choice(index)
            choice.ended(given)
            choice.finished = choice.finished or bool(given.get("finish_reason"))
        yield chunk

    def choice(self, index: int) -> "_Choice":
        return self.choices.setdefault(index, _Choice(index))

    def require_complete(self) -> None:
        """Raises: UpstreamError where a choice, or all of them, never ended."""
        if not self.choices or not all(choice.finished for choice in self.choices.values()):
            raise broken_off()

    async def settle(self) -> dict[str, Any] | None:
        return None

    async def stop(self) -> None:
        """Nothing is at work at the side any longer."""


class _Annotate(_Off):
    """Chunks pass as they are. The text is checked at the side, and the verdict follows at the end."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(exchange)
        self._waiting: list[tuple[int, str, str]] = []
        self._parts: dict[tuple[int, str], Part] = {}
        self._worker: asyncio.Task[None] | None = None
        self._unbegun: Exception | None = None

    async def take(self, chunk: Chunk) -> AsyncIterator[Chunk]:
        async for out in super().take(chunk):
            yield out
        for index, choice in _choices(chunk):
            for path, text in _texts_of_delta(choice.get("delta") or {}):
                self._waiting.append((index, path, text))
        if self._waiting and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(in_thread(self._check, self._taken()))

    async def settle(self) -> dict[str, Any] | None:
        if self._worker is not None:
            await self._worker
        await in_thread(self._check, self._taken())
        return await in_thread(self._finish)

    async def stop(self) -> None:
        if self._worker is not None:
            await asyncio.wait([self._worker])

    def _taken(self) -> list[tuple[int, str, str]]:
        taken, self._waiting = self._waiting, []
        return taken

    def _check(self, pieces: list[tuple[int, str, str]]) -> None:
        """Nobody waits for this: what goes wrong is told by the parts, or raised where they are settled."""
        for index, name, text in pieces:
            try:
                if (index, name) not in self._parts:
                    self._parts[index, name] = self.exchange.begin(index, name)
                self._parts[index, name].feed(text)
            except Exception as error:  # noqa: BLE001 - a text that was not checked is never one that is clean
                self._broke(index, name, text, error)

    def _broke(self, index: int, name: str, text: str, error: Exception) -> None:
        log.error("a check at the side failed", exc_info=error)
        if part := self._parts.get((index, name)):
            part.broke(text)
        else:
            self._unbegun = self._unbegun or error

    def _finish(self) -> dict[str, Any]:
        if self._unbegun is not None:
            raise VerificationError("The check of a text could not be begun.") from self._unbegun
        for part in self._parts.values():
            part.finish()
        self.exchange.settle()
        return self.exchange.summary()


@dataclass
class _Choice:
    """One choice of a held stream."""

    index: int
    finished: bool = False
    part: Part | None = None
    parts: list[Part] = field(default_factory=list)
    cadence: "_Cadence | None" = None
    calls: dict[int, dict[str, Any]] = field(default_factory=dict)
    call: dict[str, Any] | None = None
    logprobs: dict[str, list[Any]] = field(default_factory=dict)
    aside: dict[str, Any] = field(default_factory=dict)
    blocked: bool = False

    def ended(self, given: Mapping[str, Any]) -> None:
        """Raises: UpstreamError where a choice goes on after its end: then nobody knows what its answer was."""
        if self.finished and (given.get("finish_reason") or any(_texts_of_delta(given.get("delta") or {}))):
            told = "The upstream's stream went on after a choice had ended."
            raise UpstreamError(told, body={"message": told, "code": "upstream_malformed"})


class _Hold(_Off):
    """Nothing leaves before its check. Prose leaves sentence by sentence, tool calls when the choice ends."""

    @property
    def over(self) -> bool:
        return bool(self.choices) and all(choice.blocked for choice in self.choices.values())

    async def take(self, chunk: Chunk) -> AsyncIterator[Chunk]:
        leaving = self.exchange.leaving.frame(chunk, passed=("choices",))
        frame = {name: value for name, value in leaving.items() if name not in ("choices", "usage")}
        for index, given in _choices(chunk):
            choice = self.choice(index)
            if choice.blocked:
                continue
            choice.ended(given)
            delta = given.get("delta") or {}
            if delta.get("role"):
                role = delta["role"] if WORD.fullmatch(str(delta["role"])) else "assistant"
                yield _chunk(frame, choice, {"role": role, "content": ""})
            self._set_aside(choice, delta, given.get("logprobs"))
            self.exchange.leaving.note_unread(delta)
            for name in PROSE:
                if (value := delta.get(name)) and (text := text_of(value)):
                    async for out in self._prose(frame, choice, name, text):
                        yield out
            if given.get("finish_reason") and not choice.finished:
                async for out in self._end(frame, choice, given):
                    yield out
        if leaving.get("usage"):
            yield {**frame, "choices": [], "usage": leaving["usage"]}

    async def settle(self) -> dict[str, Any] | None:
        return await in_thread(self._kept)

    def _kept(self) -> dict[str, Any]:
        self.exchange.settle()
        return self.exchange.summary()

    async def _prose(self, frame: Chunk, choice: _Choice, name: str, text: str) -> AsyncIterator[Chunk]:
        if choice.part is None or choice.part.field != name or choice.cadence is None:
            async for out in self._close_part(frame, choice):
                yield out
            choice.part = await in_thread(self.exchange.begin, choice.index, name)
            choice.parts.append(choice.part)
            choice.cadence = _Cadence()
        # A giant piece takes long to look through: not on the event loop.
        take = choice.cadence.take
        ready = take(text) if len(text) <= GIANT else await in_thread(take, text)
        if ready and not choice.finished:
            released = await in_thread(choice.part.feed, ready)
            async for out in self._release(frame, choice, choice.part, released):
                yield out

    async def _close_part(self, frame: Chunk, choice: _Choice) -> AsyncIterator[Chunk]:
        """The text so far is complete: another one begins, or the choice ends."""
        part, cadence = choice.part, choice.cadence
        if part is None or cadence is None or choice.finished:
            return
        choice.part = choice.cadence = None
        released = await in_thread(_finish, part, cadence.rest())
        async for out in self._release(frame, choice, part, released):
            yield out

    async def _release(self, frame: Chunk, choice: _Choice, part: Part, text: str) -> AsyncIterator[Chunk]:
        """What a check let go. Where a rule blocks, its message ends the choice; where it failed, all ends."""
        if text:
            yield _chunk(frame, choice, {part.field: text})
        if part.blocked:
            choice.finished = choice.blocked = True
            said = "".join("".join(each.sent) for each in choice.parts if each.field == "content")
            message = f"\n\n{part.blocked}" if said else part.blocked
            part.instead = "".join(part.sent) + message
            yield _chunk(frame, choice, {"content": message})
            yield _chunk(frame, choice, {}, "content_filter")
        elif part.check.failed:
            raise unmade(part)

    def _set_aside(self, choice: _Choice, delta: Mapping[str, Any], logprobs: Any) -> None:
        """Keep what cannot leave before the whole text is known to leave as it is."""
        for number, given in enumerate(calls_of(delta)):
            _grow(choice.calls.setdefault(_index(given, number), {}), given)
        if isinstance(delta.get("function_call"), Mapping):
            choice.call = _grow(choice.call or {}, delta["function_call"])
        if isinstance(logprobs, Mapping):
            for name, entries in logprobs.items():
                if isinstance(entries, list):
                    choice.logprobs.setdefault(name, []).extend(entries)
        apart = {*PROSE, "role", "tool_calls", "function_call"}
        choice.aside |= {name: value for name, value in delta.items() if name not in apart and value}

    async def _end(self, frame: Chunk, choice: _Choice, given: Mapping[str, Any]) -> AsyncIterator[Chunk]:
        async for out in self._close_part(frame, choice):
            yield out
        if choice.finished:
            return
        calls: dict[str, Any] = {}
        if choice.calls:
            calls["tool_calls"] = [{"index": index, **call} for index, call in sorted(choice.calls.items())]
        if choice.call:
            calls["function_call"] = choice.call
        for path, text in texts_of(calls):
            part = await in_thread(self.exchange.begin, choice.index, field_name(path))
            choice.parts.append(part)
            released = await in_thread(_finish, part, text)
            if part.stopped:
                async for out in self._release(frame, choice, part, ""):
                    yield out
                return
            _set(calls, path, released)
        choice.finished = True
        edited = any(part.edited for part in choice.parts)
        if delta := self.exchange.leaving.message(calls | choice.aside, edited=edited):
            yield _chunk(frame, choice, delta)
        yield {**frame, "choices": [self._last(choice, given["finish_reason"], edited=edited)]}

    def _last(self, choice: _Choice, finish: Any, *, edited: bool) -> dict[str, Any]:
        """The end of a choice, with what spells out its texts where these leave as the model wrote them."""
        said = {
            name: "".join(text for part in choice.parts if part.field == name for text in part.sent) for name in PROSE
        }
        ending = {"index": choice.index, "delta": {}, "finish_reason": finish}
        if choice.logprobs and not edited:
            ending["logprobs"] = choice.logprobs
        kept = self.exchange.leaving.choice(ending, said)
        return {name: value for name, value in kept.items() if value is not None}


_SESSIONS: dict[str, type[_Off]] = {"off": _Off, "annotate": _Annotate, "hold": _Hold}


class _Cadence:
    """Gathers a text until more of it is complete, so that a fast stream does not cost a thread for every token."""

    def __init__(self) -> None:
        self._growing = Growing()
        self._end = 0
        self._held = ""

    def take(self, text: str) -> str:
        """What should be fed now: all that is held, once a sentence or a block has ended in it; else nothing."""
        self._held += text
        end = self._growing.feed(text)
        if end <= self._end:
            return ""
        self._end = end
        return self.rest()

    def rest(self) -> str:
        rest, self._held = self._held, ""
        return rest


class _Tail:
    """Holds back the end of a stream until the reports are kept, and puts the `groundwire` object on the last chunk.

    A chunk without choices is sent only where the client asked for usage, which comes in one: many clients read
    `choices[0]` of every chunk.
    """

    def __init__(self, *, wants_usage: bool) -> None:
        self._wants_usage = wants_usage
        self._held: list[Chunk] = []
        self._usage: Chunk | None = None

    def push(self, chunk: Chunk) -> list[Chunk]:
        """What may leave now that `chunk` has come."""
        if not chunk.get("choices") and chunk.get("usage"):
            self._usage = chunk
            return []
        if self._held or any(choice.get("finish_reason") for choice in chunk.get("choices") or ()):
            ready, self._held = self._held, [chunk]
            return ready
        return [chunk]

    def close(self, summary: dict[str, Any] | None) -> list[Chunk]:
        """The end of the stream."""
        held = self._held
        if self._usage and (self._wants_usage or not held):
            held = [*held, self._usage]
        elif self._usage:
            held[-1] = {**held[-1], "usage": self._usage["usage"]}
        if summary is not None and held:
            held[-1] = {**held[-1], "groundwire": summary}
        return held


def _chunk(frame: Chunk, choice: _Choice, delta: dict[str, Any], finish: str | None = None) -> Chunk:
    return {**frame, "choices": [{"index": choice.index, "delta": delta, "finish_reason": finish}]}


def _finish(part: Part, rest: str) -> str:
    return part.feed(rest) + part.finish()


def _grow(whole: dict[str, Any], delta: Mapping[str, Any]) -> dict[str, Any]:
    """A tool call as far as it has come: its texts grow, all else is set once."""
    for name, value in delta.items():
        if isinstance(value, Mapping) and name not in ("arguments", "input"):
            grown = whole.get(name)
            whole[name] = _grow(grown if isinstance(grown, dict) else {}, value)
        elif name in ("arguments", "input"):
            whole[name] = whole.get(name, "") + written(value)
        elif name != "index" and value is not None:
            whole[name] = value
    return whole


def _set(calls: dict[str, Any], path: tuple[str | int, ...], text: str) -> None:
    at: Any = calls
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = text


def _choices(chunk: Chunk) -> Iterator[tuple[int, dict[str, Any]]]:
    """The choices of a chunk, each with its number."""
    for number, choice in enumerate(chunk.get("choices") or ()):
        yield _index(choice, number), choice


def _index(given: Mapping[str, Any], number: int) -> int:
    """What it says of its place; its place in the list where it says nothing of use."""
    return index if isinstance(index := given.get("index"), int) else number


def _delta_texts(chunk: Chunk) -> Iterator[tuple[str, str]]:
    for choice in chunk.get("choices") or ():
        yield from _texts_of_delta(choice.get("delta") or {})


def _texts_of_delta(delta: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The texts of one delta, each with the name of the part that it belongs to."""
    found = []
    for path, text in texts_of(delta):
        if path[0] == "tool_calls":
            number = int(path[1])
            path = (path[0], _index(delta["tool_calls"][number], number), *path[2:])
        found.append((field_name(path), text))
    return found


def _refuse_error(chunk: Chunk) -> None:
    """Some providers report a failure inside the stream. Raises: UpstreamError."""
    error = chunk.get("error")
    if error:
        body = error if isinstance(error, Mapping) else {"message": str(error)}
        raise UpstreamError(str(body.get("message") or "The upstream failed."), body=body)


def _wants_usage(body: Mapping[str, Any]) -> bool:
    options = body.get("stream_options")
    return isinstance(options, Mapping) and options.get("include_usage") is True


def why(error: BaseException) -> str:
    """Why an answer broke off, for its report."""
    if isinstance(error, UpstreamError):
        return line_of(str(error))
    return str(error) if isinstance(error, GroundwireError) else "The client left before the answer was complete."
