"""OpenAI's stream → Anthropic's events."""

from collections.abc import Iterator, Mapping
from typing import Any

from groundwire.gateway.answering import Event
from groundwire.gateway.anthropic_format import stop_reason, tool_use
from groundwire.gateway.leaving import calls_of, text_of, written


class MessageEvents:
    """OpenAI's chunks in, Anthropic's events out, as (name, data)."""

    end = b""

    def __init__(self) -> None:
        self._begun = False
        self._call: int | None = None
        self._block: str | None = None
        self._index = -1
        self._stop: str | None = None
        self._usage: Mapping[str, Any] = {}

    def take(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        if not self._begun:
            self._begun = True
            yield self._start(chunk)
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            for name in ("content", "refusal"):
                if text := text_of(delta.get(name)):
                    if self._block != "text":
                        yield from self._open("text", {"type": "text", "text": ""})
                    yield self._delta({"type": "text_delta", "text": text})
            for number, call in enumerate(calls_of(delta)):
                yield from self._tool(call.get("index", number), call)
            if choice.get("finish_reason"):
                self._stop = stop_reason(choice["finish_reason"], {})

    def _tool(self, index: int, call: Mapping[str, Any]) -> Iterator[Event]:
        """A tool call comes whole where it was checked, and in pieces where it was not."""
        if self._block != "tool_use" or self._call != index:
            yield from self._open("tool_use", tool_use(call))
            self._call = index
        if arguments := written((call.get("function") or {}).get("arguments")):
            yield self._delta({"type": "input_json_delta", "partial_json": arguments})

    def fail(self, failure: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Event]:
        yield "error", {"type": "error", **failure, **told}

    def close(self, summary: dict[str, Any] | None) -> Iterator[Event]:
        """The end. The last event before the bare `message_stop` carries the `groundwire` object."""
        yield from self._close_block()
        usage = {
            "input_tokens": self._usage.get("prompt_tokens", 0),
            "output_tokens": self._usage.get("completion_tokens", 0),
        }
        delta = {"stop_reason": self._stop, "stop_sequence": None}
        told = {"groundwire": summary} if summary is not None else {}
        yield "message_delta", {"type": "message_delta", "delta": delta, "usage": usage, **told}
        yield "message_stop", {"type": "message_stop"}

    def _start(self, chunk: Mapping[str, Any]) -> Event:
        message = {
            "id": chunk.get("id", ""),
            "type": "message",
            "role": "assistant",
            "model": chunk.get("model", ""),
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 0, "output_tokens": 0},
        }
        return "message_start", {"type": "message_start", "message": message}

    def _open(self, kind: str, block: dict[str, Any]) -> Iterator[Event]:
        yield from self._close_block()
        self._block = kind
        self._index += 1
        yield (
            "content_block_start",
            {"type": "content_block_start", "index": self._index, "content_block": block},
        )

    def _delta(self, delta: dict[str, Any]) -> Event:
        return "content_block_delta", {"type": "content_block_delta", "index": self._index, "delta": delta}

    def _close_block(self) -> Iterator[Event]:
        if self._block is not None:
            self._block = None
            yield "content_block_stop", {"type": "content_block_stop", "index": self._index}
