"""Answers written down beforehand, as a model would send them: what the fakes are made of."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

# About the size of a model's tokens.
_PIECE = re.compile(r"\s*\S{1,6}|\s+$")

Break = Literal["truncated", "cut", "error", "silent", "garbage"]


@dataclass(frozen=True)
class Scripted:
    """One answer of one choice. `breaks` says how its stream ends, where it does not end well.

    `truncated`: no finish reason. `cut`: the connection drops. `error`: an error in mid-stream. `silent`: nothing
    more, for ever. `garbage`: something that is not JSON. `after` is the number of pieces before that.
    """

    content: str | None = None
    pieces: tuple[str, ...] = ()
    finish_reason: str = "stop"
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    refusal: str | None = None
    reasoning: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    logprobs: bool = False
    breaks: Break | None = None
    after: int = 3

    @property
    def message(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        if self.reasoning is not None:
            message["reasoning_content"] = self.reasoning
        if self.tool_calls:
            message["tool_calls"] = [dict(call) for call in self.tool_calls]
        return message | dict(self.extra)

    def deltas(self) -> Iterator[dict[str, Any]]:
        yield {"role": "assistant", "content": ""}
        for name, text in (("reasoning_content", self.reasoning), ("refusal", self.refusal)):
            for piece in pieces_of(text or ""):
                yield {name: piece}
        for piece in self.pieces or pieces_of(self.content or ""):
            yield {"content": piece} | dict(self.extra)
        for index, call in enumerate(self.tool_calls):
            function = call["function"]
            yield {"tool_calls": [{**call, "index": index, "function": {**function, "arguments": ""}}]}
            for piece in pieces_of(function["arguments"]):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


Script = Callable[[Mapping[str, Any]], "Sequence[Scripted] | Scripted | str"]


def answers(script: Script, request: Mapping[str, Any]) -> list[Scripted]:
    """What the script says to a request, for each choice that it asks for."""
    given = script(request)
    if isinstance(given, str):
        given = Scripted(given)
    return [given] * (request.get("n") or 1) if isinstance(given, Scripted) else list(given)


def pieces_of(text: str) -> list[str]:
    """The text in pieces of about a token each."""
    return _PIECE.findall(text)


def as_completion(choices: Sequence[Scripted], model: str) -> dict[str, Any]:
    """A chat.completion."""
    told = []
    for index, choice in enumerate(choices):
        one: dict[str, Any] = {"index": index, "message": choice.message, "finish_reason": choice.finish_reason}
        if choice.logprobs:
            one["logprobs"] = {"content": [_logprob(piece) for piece in pieces_of(choice.content or "")]}
        told.append(one)
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": told,
        "usage": _usage(choices),
    }


def as_chunks(choices: Sequence[Scripted], model: str, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The chunks of a chat.completion.chunk stream, choices in turn. Breaks are left to who sends them."""
    frame = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 0, "model": model}
    running = {index: choice.deltas() for index, choice in enumerate(choices)}
    while running:
        for index, deltas in list(running.items()):
            delta, finish = next(deltas, None), None
            if delta is None:
                delta, finish = {}, choices[index].finish_reason
                del running[index]
            one: dict[str, Any] = {"index": index, "delta": delta, "finish_reason": finish}
            if choices[index].logprobs and delta.get("content"):
                one["logprobs"] = {"content": [_logprob(delta["content"])]}
            yield {**frame, "choices": [one]}
    options = request.get("stream_options")
    if isinstance(options, Mapping) and options.get("include_usage"):
        yield {**frame, "choices": [], "usage": _usage(choices)}


def last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    """The words of the last user message, "" without one."""
    for message in reversed(messages):
        if message.get("role") == "user":
            content = message.get("content")
            if isinstance(content, str):
                return content
            parts = content if isinstance(content, list) else []
            return "\n".join(part["text"] for part in parts if isinstance(part, Mapping) and part.get("text"))
    return ""


def _logprob(piece: str) -> dict[str, Any]:
    return {"token": piece, "logprob": -0.1, "bytes": list(piece.encode()), "top_logprobs": []}


def _usage(choices: Sequence[Scripted]) -> dict[str, int]:
    said = sum(len(pieces_of(choice.content or "")) for choice in choices)
    return {"prompt_tokens": 1, "completion_tokens": said, "total_tokens": said + 1}
