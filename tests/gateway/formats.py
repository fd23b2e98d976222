"""The four wire formats, each driven by its vendor's own client over real HTTP."""

import json
from dataclasses import dataclass, field
from typing import Any, Protocol

import anthropic
import httpx
import openai

QUESTION = "What is the capital of Australia?"
MESSAGES: Any = [{"role": "user", "content": QUESTION}]


@dataclass
class Told:
    """What a client understood of an answer."""

    text: str = ""
    refusal: str = ""
    reasoning: str = ""
    arguments: list[str] = field(default_factory=list)
    finish: str = ""
    report: Any = None


class Format(Protocol):
    path: str
    name: str
    several: bool

    def body(self, **fields: Any) -> dict[str, Any]: ...
    def whole(self, url: str, **fields: Any) -> Told: ...
    def stream(self, url: str, **fields: Any) -> Told: ...


def _openai(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0, timeout=60)


def _extra(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields that a client does not know go through `extra_body`."""
    own = {name: fields.pop(name) for name in ("groundwire", "a_new_field") if name in fields}
    return {**fields, **({"extra_body": own} if own else {})}


class Chat:
    path, name, several = "/v1/chat/completions", "chat", True

    def body(self, **fields: Any) -> dict[str, Any]:
        return {"model": "scripted", "messages": MESSAGES, **fields}

    def whole(self, url: str, **fields: Any) -> Told:
        with _openai(url) as client:
            answer: Any = client.chat.completions.create(**_extra(self.body(**fields)))
        said = answer.choices[0].message
        calls = [call.function.arguments for call in said.tool_calls or ()]
        return Told(said.content or "", said.refusal or "", getattr(said, "reasoning_content", None) or "", calls,
                    answer.choices[0].finish_reason, getattr(answer, "groundwire", None))  # fmt: skip

    def stream(self, url: str, **fields: Any) -> Told:
        told, calls = Told(), dict[int, str]()
        with _openai(url) as client:
            for chunk in client.chat.completions.create(**_extra(self.body(stream=True, **fields))):
                told.report = (chunk.model_extra or {}).get("groundwire") or told.report
                for choice in chunk.choices:
                    if choice.index:
                        continue
                    told.text += choice.delta.content or ""
                    told.refusal += choice.delta.refusal or ""
                    told.reasoning += (choice.delta.model_extra or {}).get("reasoning_content") or ""
                    for call in choice.delta.tool_calls or ():
                        calls[call.index] = calls.get(call.index, "") + (call.function.arguments or "")
                    told.finish = choice.finish_reason or told.finish
        told.arguments = list(calls.values())
        return told


class Completions:
    path, name, several = "/v1/completions", "completions", True

    def body(self, **fields: Any) -> dict[str, Any]:
        return {"model": "scripted", "prompt": QUESTION, **fields}

    def whole(self, url: str, **fields: Any) -> Told:
        with _openai(url) as client:
            answer: Any = client.completions.create(**_extra(self.body(**fields)))
        choice = answer.choices[0]
        return Told(choice.text, finish=choice.finish_reason, report=getattr(answer, "groundwire", None))

    def stream(self, url: str, **fields: Any) -> Told:
        told = Told()
        with _openai(url) as client:
            for chunk in client.completions.create(**_extra(self.body(stream=True, **fields))):
                told.report = (chunk.model_extra or {}).get("groundwire") or told.report
                for choice in chunk.choices:
                    if not choice.index:
                        told.text += choice.text
                        told.finish = choice.finish_reason or told.finish
        return told


class Responses:
    path, name, several = "/v1/responses", "responses", False

    def body(self, **fields: Any) -> dict[str, Any]:
        return {"model": "scripted", "input": QUESTION, **fields}

    def whole(self, url: str, **fields: Any) -> Told:
        with _openai(url) as client:
            return _of_response(client.responses.create(**_extra(self.body(**fields))))

    def stream(self, url: str, **fields: Any) -> Told:
        """The final response must say what the deltas said, and the numbers must count."""
        texts: dict[str, str] = {}
        final = None
        with _openai(url) as client:
            for number, event in enumerate(client.responses.create(**_extra(self.body(stream=True, **fields)))):
                assert event.sequence_number == number
                if event.type.endswith(".delta"):
                    texts[event.type] = texts.get(event.type, "") + event.delta
                final = getattr(event, "response", final)
        told = _of_response(final)
        assert texts.get("response.output_text.delta", "") == told.text
        assert texts.get("response.refusal.delta", "") == told.refusal
        assert texts.get("response.reasoning_text.delta", "") == told.reasoning
        assert texts.get("response.function_call_arguments.delta", "") == "".join(told.arguments)
        return told


def _of_response(response: Any) -> Told:
    told = Told(response.output_text, report=getattr(response, "groundwire", None))
    for item in response.output:
        if item.type == "function_call":
            told.arguments.append(item.arguments)
        elif item.type == "reasoning":
            told.reasoning += "".join(part.text for part in item.content)
        elif item.type == "message":
            told.refusal += "".join(part.refusal for part in item.content if part.type == "refusal")
    details = response.incomplete_details
    told.finish = details.reason if details else "tool_calls" if told.arguments else "stop"
    return told


class Messages:
    path, name, several = "/v1/messages", "messages", False
    _ends = {"end_turn": "stop", "refusal": "content_filter", "tool_use": "tool_calls", "max_tokens": "length"}  # noqa: RUF012

    def body(self, **fields: Any) -> dict[str, Any]:
        return {"model": "scripted", "max_tokens": 99, "messages": MESSAGES, **fields}

    def whole(self, url: str, **fields: Any) -> Told:
        with anthropic.Anthropic(base_url=url, api_key="k", max_retries=0) as client:
            return self._of(client.messages.create(**_extra(self.body(**fields))))

    def stream(self, url: str, **fields: Any) -> Told:
        report = None
        with (
            anthropic.Anthropic(base_url=url, api_key="k", max_retries=0) as client,
            client.messages.stream(**_extra(self.body(**fields))) as events,
        ):
            for event in events:
                report = getattr(event, "groundwire", report)
            told = self._of(events.get_final_message())
        told.report = report
        return told

    def _of(self, message: Any) -> Told:
        text = "".join(block.text for block in message.content if block.type == "text")
        calls = [json.dumps(block.input) for block in message.content if block.type == "tool_use"]
        return Told(text, arguments=calls, finish=self._ends[message.stop_reason],
                    report=getattr(message, "groundwire", None))  # fmt: skip


FORMATS: tuple[Format, ...] = (Chat(), Completions(), Responses(), Messages())


def raw(url: str, of: Format, **fields: Any) -> bytes:
    """Every byte that a client gets."""
    return httpx.post(url + of.path, json=of.body(**fields), timeout=60).content
