"""Anthropic's stream as bytes → OpenAI's chunks: the way back of `anthropic_events`."""

import codecs
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from typing import Any

from groundwire.errors import UpstreamError
from groundwire.gateway.streaming import Chunk
from groundwire.gateway.upstream import broken_off

_FINISH = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls",
           "refusal": "content_filter", "pause_turn": "stop"}  # fmt: skip


async def chunks_of_bytes(pieces: AsyncIterator[bytes | str]) -> AsyncGenerator[Chunk, None]:
    """The chunks of a stream that may be cut anywhere. Raises: UpstreamError for what cannot be read, or breaks off."""
    reader, decoder, rest = _Reader(), codecs.getincrementaldecoder("utf-8")(), ""
    async for piece in pieces:
        rest += piece if isinstance(piece, str) else decoder.decode(piece)
        rest = rest.replace("\r\n", "\n")
        while "\n\n" in rest:
            event, _, rest = rest.partition("\n\n")
            for chunk in reader.take(_data(event)):
                yield chunk
    if not reader.ended:
        raise broken_off()


def _data(event: str) -> Mapping[str, Any]:
    """What an event carries. A line ends at a line feed and nowhere else: JSON may hold U+2028 and its like."""
    lines = [line.removeprefix("data:").strip() for line in event.split("\n") if line.startswith("data:")]
    if not lines or lines == ["[DONE]"]:
        return {}
    try:
        data = json.loads("\n".join(lines))
    except ValueError:
        raise _unread("an event that is not JSON") from None
    if not isinstance(data, Mapping):
        raise _unread("an event that is no object")
    return data


class _Reader:
    """Events in, chunks out."""

    def __init__(self) -> None:
        self.ended = False
        self._frame: dict[str, Any] = {"id": "", "object": "chat.completion.chunk", "created": 0, "model": ""}
        self._calls: dict[int, int] = {}
        self._asked = 0

    def take(self, event: Mapping[str, Any]) -> Iterator[Chunk]:
        match event.get("type"):
            case None | "ping" | "content_block_stop":
                return
            case "message_start":
                message = event.get("message") or {}
                self._frame |= {"id": message.get("id", ""), "model": message.get("model", "")}
                self._asked = (message.get("usage") or {}).get("input_tokens") or 0
                yield self._chunk({"role": "assistant", "content": ""})
            case "content_block_start":
                yield from self._begin(event.get("index", 0), event.get("content_block") or {})
            case "content_block_delta":
                yield from self._more(event.get("index", 0), event.get("delta") or {})
            case "message_delta":
                yield from self._end(event)
            case "message_stop":
                self.ended = True
            case "error":
                error = event.get("error")
                body = error if isinstance(error, Mapping) else {"message": str(error)}
                raise UpstreamError(str(body.get("message") or "The upstream failed."), body=body)
            case other:
                raise _unread(f"an event of the type {other!r:.80}")

    def _begin(self, index: int, block: Mapping[str, Any]) -> Iterator[Chunk]:
        kind = block.get("type")
        if kind == "text":
            if block.get("text"):
                yield self._chunk({"content": block["text"]})
        elif kind == "tool_use":
            self._calls[index] = number = len(self._calls)
            function = {"name": block.get("name", ""), "arguments": ""}
            call = {"index": number, "id": block.get("id"), "type": "function", "function": function}
            yield self._chunk({"tool_calls": [call]})
        elif kind not in ("thinking", "redacted_thinking"):
            raise _unread(f"a block of the type {kind!r:.80}")

    def _more(self, index: int, delta: Mapping[str, Any]) -> Iterator[Chunk]:
        match delta.get("type"):
            case "text_delta":
                yield self._chunk({"content": delta.get("text", "")})
            case "thinking_delta":
                yield self._chunk({"reasoning_content": delta.get("thinking", "")})
            case "input_json_delta":
                function = {"arguments": delta.get("partial_json", "")}
                yield self._chunk({"tool_calls": [{"index": self._calls.get(index, 0), "function": function}]})
            case "signature_delta" | "citations_delta":
                return
            case other:
                raise _unread(f"a delta of the type {other!r:.80}")

    def _end(self, event: Mapping[str, Any]) -> Iterator[Chunk]:
        usage = event.get("usage") or {}
        told, asked = usage.get("output_tokens") or 0, usage.get("input_tokens") or self._asked
        if stop := (event.get("delta") or {}).get("stop_reason"):
            yield self._chunk({}, _FINISH.get(stop, "stop"))
        counts = {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}
        yield {**self._frame, "choices": [], "usage": counts}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> Chunk:
        return {**self._frame, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _unread(what: str) -> UpstreamError:
    told = f"The stream has {what}, which cannot be checked."
    return UpstreamError(told, body={"message": told, "code": "upstream_malformed"})
