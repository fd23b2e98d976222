"""OpenAI's chat stream → the events of its Responses format."""

from collections.abc import Iterator, Mapping
from typing import Any

from groundwire.gateway.answering import Event
from groundwire.gateway.leaving import calls_of, text_of, written
from groundwire.gateway.responses_format import call_item, message_item, new_id, reasoning_item, response_of, text_part

# What a chunk says in words, with the kind of item or part that it belongs to.
_WORDS = (("reasoning_content", "reasoning"), ("reasoning", "reasoning"), ("content", "text"), ("refusal", "refusal"))


class ResponseEvents:
    """Chunks of one choice in, numbered events out. The last one, `response.completed`, carries the report."""

    end = b""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self._id, self._model = new_id("resp"), ""
        self._number = -1
        self._done: list[dict[str, Any]] = []
        self._kind: str | None = None  # of the item that is open
        self._item: dict[str, Any] = {}
        self._parts: list[dict[str, Any]] = []
        self._text = ""
        self._call: int | None = None
        self._finish: str | None = None
        self._usage: Mapping[str, Any] | None = None
        self._logprobs: Any = None

    def take(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        if self._number < 0:
            self._model = chunk.get("model") or ""
            for name in ("response.created", "response.in_progress"):
                yield self._event(name, response=self._response("in_progress"))
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            self._logprobs = choice.get("logprobs") or self._logprobs
            for name, kind in _WORDS:
                if text := text_of(delta.get(name)):
                    yield from self._say(kind, text)
            for number, call in enumerate(calls_of(delta)):
                yield from self._tool(call.get("index", number), call)
            self._finish = choice.get("finish_reason") or self._finish

    def close(self, summary: dict[str, Any] | None) -> Iterator[Event]:
        yield from self._close_item()
        if not self._done:
            yield from self._say("text", "")
            yield from self._close_item()
        response = self._response(None)
        told = {"groundwire": summary} if summary is not None else {}
        yield self._event(f"response.{response['status']}", response={**response, **told})

    def fail(self, failure: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Event]:
        """Clients raise an `error` event as it is, whatever it is called."""
        error = failure["error"]
        yield self._event("error", error=dict(error), **{n: error.get(n) for n in ("message", "code", "param")}, **told)

    def _say(self, kind: str, text: str) -> Iterator[Event]:
        if kind == "reasoning":
            yield from self._open("reasoning", reasoning_item(new_id("rs"), "", "in_progress"))
            self._text += text
            yield self._on_item("response.reasoning_text.delta", content_index=0, delta=text)
            return
        yield from self._open("message", message_item(new_id("msg"), [], "in_progress"))
        empty = text_part("") if kind == "text" else {"type": "refusal", "refusal": ""}
        if not self._parts or self._parts[-1]["type"] != empty["type"]:
            yield from self._close_part()
            self._parts.append(empty)
            yield self._on_part("response.content_part.added", part=dict(empty))
        self._text += text
        if kind == "refusal":
            yield self._on_part("response.refusal.delta", delta=text)
        else:
            yield self._on_part("response.output_text.delta", delta=text, logprobs=[])

    def _tool(self, index: int, call: Mapping[str, Any]) -> Iterator[Event]:
        """A call comes whole where it was checked, and in pieces where it was not."""
        if self._kind != "call" or self._call != index:
            yield from self._close_item()
            item = call_item(new_id("fc"), call, "in_progress")
            item["input" if item["type"] == "custom_tool_call" else "arguments"] = ""
            self._call = index
            yield from self._open("call", item)
        text = written((call.get("function") or {}).get("arguments") or (call.get("custom") or {}).get("input"))
        if text:
            self._text += text
            yield self._on_item(f"response.{self._call_kind()}.delta", delta=text)

    def _call_kind(self) -> str:
        return "custom_tool_call_input" if self._item["type"] == "custom_tool_call" else "function_call_arguments"

    def _open(self, kind: str, item: dict[str, Any]) -> Iterator[Event]:
        if self._kind == kind and kind != "call":
            return
        yield from self._close_item()
        self._kind, self._item = kind, item
        yield self._event("response.output_item.added", output_index=len(self._done), item=dict(item))

    def _close_part(self) -> Iterator[Event]:
        if not self._parts:
            return
        part = self._parts[-1]
        if part["type"] == "refusal":
            part["refusal"] = self._text
            yield self._on_part("response.refusal.done", refusal=self._text)
        else:
            part["text"] = self._text
            yield self._on_part("response.output_text.done", text=self._text, logprobs=[])
        yield self._on_part("response.content_part.done", part=dict(part))
        self._text = ""

    def _close_item(self) -> Iterator[Event]:
        item, kind = self._item, self._kind
        if kind is None:
            return
        if kind == "message":
            yield from self._close_part()
            if self._logprobs and self._parts and self._parts[0]["type"] == "output_text":
                self._parts[0] = text_part(self._parts[0]["text"], self._logprobs)
            item = message_item(item["id"], self._parts)
        elif kind == "reasoning":
            yield self._on_item("response.reasoning_text.done", content_index=0, text=self._text)
            item = reasoning_item(item["id"], self._text)
        else:
            field = "input" if item["type"] == "custom_tool_call" else "arguments"
            item = {**item, field: self._text, "status": "completed"}
            yield self._on_item(f"response.{self._call_kind()}.done", **{field: self._text, "name": item["name"]})
        yield self._event("response.output_item.done", output_index=len(self._done), item=item)
        self._done.append(item)
        self._kind, self._parts, self._text, self._call = None, [], "", None

    def _response(self, status: str | None) -> dict[str, Any]:
        return response_of(
            self._body, self._id, self._model, list(self._done), finish=self._finish, usage=self._usage, status=status
        )

    def _on_item(self, event: str, **fields: Any) -> Event:
        return self._event(event, item_id=self._item["id"], output_index=len(self._done), **fields)

    def _on_part(self, event: str, **fields: Any) -> Event:
        return self._on_item(event, content_index=len(self._parts) - 1, **fields)

    def _event(self, event: str, **fields: Any) -> Event:
        self._number += 1
        return event, {"type": event, "sequence_number": self._number, **fields}
