"""The same checks for a proxy of somebody else's, which makes the calls itself and asks before and after each.

In: requests, answers and streams in the wire formats, as plain data. Out: the same, as they may leave.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from groundwire.errors import VerificationError
from groundwire.gateway import responses_format
from groundwire.gateway.anthropic_events import MessageEvents
from groundwire.gateway.anthropic_format import evidence_of, to_openai
from groundwire.gateway.anthropic_stream import chunks_of_bytes
from groundwire.gateway.checking import Exchange, Path, check_completion, field_name, replaced
from groundwire.gateway.completions import to_chat
from groundwire.gateway.remembered import Remembered
from groundwire.gateway.request import Asked, asked
from groundwire.gateway.sse import frame
from groundwire.gateway.streaming import Chunk, verified
from groundwire.gateway.threads import in_thread

if TYPE_CHECKING:
    from groundwire.client import Groundwire

_TEXTS = {"text": "text", "output_text": "text", "refusal": "refusal", "thinking": "thinking",
          "reasoning_text": "text", "summary_text": "text"}  # fmt: skip
_SILENT = ("redacted_thinking",)


class Guard:
    """Checks what another proxy asks and answers. `call` is that proxy's id of a call. Safe to share."""

    def __init__(self, gw: "Groundwire") -> None:
        self.gw = gw
        self._calls: Remembered[Asked] = Remembered()

    def request(self, call: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Read a request, whatever its format, and return it as the provider may see it. Raises: InputError."""
        given = self._read(body)
        self._calls.keep(call, given, sum(len(document.text) for document in given.documents))
        out = {name: value for name, value in body.items() if name != "groundwire"}
        if "prompt" not in body and "input" not in body and "system" not in body:
            out["messages"] = given.body["messages"] if isinstance(body.get("messages"), list) else body.get("messages")
        return out

    def _read(self, body: Mapping[str, Any]) -> Asked:
        if "input" in body:
            return asked(responses_format.to_chat(body), self.gw.config)
        if "prompt" in body:
            return asked(to_chat(body), self.gw.config)
        if "system" in body or ("max_tokens" in body and _of_anthropic(body)):
            return asked(to_openai(body), self.gw.config, evidence=evidence_of(body))
        return asked(body, self.gw.config)

    async def answer(self, call: str, answer: dict[str, Any]) -> dict[str, Any]:
        """A whole answer, as it may leave, with `groundwire`. Raises: VerificationError, also for an unknown format."""
        exchange = self.exchange(call)
        if exchange.mode == "off":
            return answer
        checked = await in_thread(check_answer, exchange, answer)
        return {**checked, "groundwire": exchange.summary()}

    async def chunks(self, call: str, chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
        """A stream of chat chunks, as it may leave. Raises: UpstreamError, VerificationError."""
        async with aclosing(verified(self.exchange(call), chunks)) as stream:
            async for chunk in stream:
                yield chunk

    async def frames(self, call: str, pieces: AsyncIterator[bytes | str]) -> AsyncGenerator[bytes, None]:
        """Anthropic's stream, as bytes on both sides. Raises: UpstreamError, VerificationError."""
        events, summary = MessageEvents(), None
        async with aclosing(verified(self.exchange(call), chunks_of_bytes(pieces))) as stream:
            async for chunk in stream:
                summary = chunk.get("groundwire", summary)
                for name, data in events.take(chunk):
                    yield frame(data, name)
        for name, data in events.close(summary):
            yield frame(data, name)

    def exchange(self, call: str) -> Exchange:
        """The checks of a call. One that was never asked about has no evidence but the configured."""
        return Exchange(self.gw, self._calls.get(call) or Asked({}), self.gw.store)


def _of_anthropic(body: Mapping[str, Any]) -> bool:
    """Whether the messages have blocks that only Anthropic's format has."""
    kinds = ("tool_use", "tool_result", "document", "search_result", "image")
    contents = [message.get("content") for message in body.get("messages") or () if isinstance(message, Mapping)]
    return any(isinstance(part, Mapping) and part.get("type") in kinds for content in contents
               if isinstance(content, list) for part in content)  # fmt: skip


def check_answer(exchange: Exchange, answer: dict[str, Any]) -> dict[str, Any]:
    """A whole answer in any format, as it may leave, its reports kept. Raises: VerificationError."""
    choices = answer.get("choices")
    if isinstance(choices, list) and all("message" in choice for choice in choices):
        return check_completion(exchange, answer)
    checked: dict[str, Any] = answer
    blocked = None
    for path, text, as_json in list(_texts(answer)):
        part = exchange.begin(0, field_name(path))
        released = part.finish(text)
        blocked = blocked or part.blocked
        if part.edited and not part.stopped:
            checked = replaced(checked, path, json.loads(released) if as_json else released)
    exchange.settle()
    if exchange.mode == "annotate":
        return answer
    if blocked:
        for part in exchange.parts:
            part.instead = blocked
        return _instead(answer, blocked)
    return checked


def _texts(answer: Mapping[str, Any]) -> Iterator[tuple[Path, str, bool]]:
    """Every text of an answer, its place, and whether it is JSON there. Raises: VerificationError."""
    if isinstance(choices := answer.get("choices"), list):
        for number, choice in enumerate(choices):
            yield ("choices", number, "text"), str(choice.get("text") or ""), False
    elif answer.get("type") == "message" and isinstance(content := answer.get("content"), list):
        yield from _blocks(content, ("content",))
    elif isinstance(output := answer.get("output"), list):
        for number, item in enumerate(output):
            for field in ("arguments", "input"):
                if isinstance(item.get(field), str):
                    yield ("output", number, field), item[field], False
            for field in ("content", "summary"):
                yield from _blocks(item.get(field) or (), ("output", number, field))
    else:
        raise VerificationError("This answer is in a format that cannot be checked.")


def _blocks(blocks: Any, at: Path) -> Iterator[tuple[Path, str, bool]]:
    for number, block in enumerate(blocks):
        kind = block.get("type")
        if kind == "tool_use":
            yield (*at, number, "input"), json.dumps(block.get("input"), ensure_ascii=False), True
        elif kind in _TEXTS:
            yield (*at, number, _TEXTS[kind]), str(block.get(_TEXTS[kind]) or ""), False
        elif kind not in _SILENT:
            raise VerificationError(f"A block of the type {kind!r:.80} cannot be checked.")


def _instead(answer: Mapping[str, Any], said: str) -> dict[str, Any]:
    """The answer that a rule's message takes the place of."""
    if "choices" in answer:
        choices = [
            {"index": number, "text": said, "finish_reason": "content_filter", "logprobs": None}
            for number, _ in enumerate(answer["choices"])
        ]
        return {**answer, "choices": choices}
    if answer.get("type") == "message":
        return {**answer, "content": [{"type": "text", "text": said}], "stop_reason": "refusal"}
    item = responses_format.message_item(responses_format.new_id("msg"), [responses_format.text_part(said)])
    return {**answer, "output": [item], "status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
