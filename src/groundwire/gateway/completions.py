"""`POST /v1/completions`: OpenAI's older format, for whatever chat model is behind: the prompt is a user message.

What has no counterpart in a chat is refused, never dropped.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp

from groundwire.errors import InputError
from groundwire.gateway.answering import Event, answered
from groundwire.gateway.leaving import text_of
from groundwire.gateway.request import Asked, asked, parse, read_body
from groundwire.gateway.sse import DONE
from groundwire.gateway.streaming import Chunk
from groundwire.gateway.threads import in_thread

_NO_COUNTERPART = ("suffix", "echo", "best_of")


async def completions(request: Request) -> ASGIApp:
    """Answer as OpenAI's older models would."""
    given = await in_thread(_read, await read_body(request), request)
    return await answered(request, given, to_completion, CompletionEvents)


def _read(body: bytes, request: Request) -> Asked:
    return asked(to_chat(parse(body)), request.app.state.groundwire.config)


def to_chat(body: Mapping[str, Any]) -> dict[str, Any]:
    """A chat request. Raises: InputError that names the field."""
    for name in _NO_COUNTERPART:
        if body.get(name) and (name, body[name]) != ("best_of", 1):
            raise InputError(name, "a chat has nothing like it.", "a request without it, or /v1/chat/completions")
    prompt = body.get("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str) or not prompt:
        raise InputError("prompt", "this is not one text.", "a string; one request for each of several prompts")
    out = {name: value for name, value in body.items() if name not in ("prompt", "logprobs", *_NO_COUNTERPART)}
    out["messages"] = [{"role": "user", "content": prompt}]
    logprobs = body.get("logprobs")
    if logprobs is not None:
        if not isinstance(logprobs, int) or not 0 <= logprobs <= 20:
            raise InputError("logprobs", "this is not a number of alternatives.", "0 to 20")
        out |= {"logprobs": True, "top_logprobs": int(logprobs)}
    return out


def to_completion(answer: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAI's text completion."""
    choices = []
    for number, choice in enumerate(answer["choices"]):
        said = choice.get("message") or {}
        text = text_of(said.get("content")) + text_of(said.get("refusal"))
        choices.append(_choice(choice, number, text, 0))
    return {**_frame(answer), "choices": choices, **({"usage": answer["usage"]} if answer.get("usage") else {})}


class CompletionEvents:
    """Chat chunks in, chunks of a text completion out."""

    end = DONE

    def __init__(self) -> None:
        self._lengths: dict[int, int] = {}

    def take(self, chunk: Chunk) -> Iterator[Event]:
        choices = []
        for number, choice in enumerate(chunk.get("choices") or ()):
            delta = choice.get("delta") or {}
            text = text_of(delta.get("content")) + text_of(delta.get("refusal"))
            made = _choice(choice, number, text, self._lengths.get(choice.get("index", number), 0))
            self._lengths[made["index"]] = self._lengths.get(made["index"], 0) + len(text)
            if text or made["finish_reason"] or made["logprobs"]:
                choices.append(made)
        told = {name: chunk[name] for name in ("usage", "groundwire") if chunk.get(name)}
        if choices or told:
            yield None, {**_frame(chunk), "choices": choices, **told}

    def close(self, summary: dict[str, Any] | None) -> Iterator[Event]:
        yield from ()

    def fail(self, failure: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[Event]:
        yield None, {**failure, **told}


def _frame(answer: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: answer[name] for name in ("id", "created", "model", "system_fingerprint") if name in answer}
    return {**kept, "object": "text_completion"}


def _choice(choice: Mapping[str, Any], number: int, text: str, offset: int) -> dict[str, Any]:
    return {
        "index": choice.get("index", number),
        "text": text,
        "logprobs": _logprobs((choice.get("logprobs") or {}).get("content"), offset),
        "finish_reason": choice.get("finish_reason"),
    }


def _logprobs(entries: Any, offset: int) -> dict[str, Any] | None:
    """The older form: lists side by side."""
    if not entries:
        return None
    offsets = []
    for entry in entries:
        offsets.append(offset)
        offset += len(str(entry.get("token", "")))
    return {
        "tokens": [str(entry.get("token", "")) for entry in entries],
        "token_logprobs": [entry.get("logprob") for entry in entries],
        "top_logprobs": [
            {str(top.get("token", "")): top.get("logprob") for top in entry.get("top_logprobs") or ()}
            for entry in entries
        ],
        "text_offset": offsets,
    }
