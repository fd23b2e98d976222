"""A LangChain Runnable that checks what comes before it, with `pip install groundwire[langchain]`:

    chain = prompt | model | GroundwireRunnable("groundwire.yaml")

In: an answer as a text, as an AIMessage, or as a mapping with `answer` and, where they are known, `context` (texts or
Documents) and `question`. Out: the same, with the words that may leave; the report is in `response_metadata` of a
message and under `groundwire` in a mapping. In a stream the answer is gathered first: nothing leaves before its check.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from groundwire.errors import InputError
from groundwire.integrations.checking import Checker

try:
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable, RunnableConfig
except ImportError as error:
    raise ImportError(
        f"groundwire.integrations.langchain: {error}. Expected langchain-core: pip install 'groundwire[langchain]'."
    ) from None

# What of a message's metadata is about it. All else may spell the answer out.
_ABOUT = ("model_name", "model_provider", "model", "system_fingerprint", "service_tier", "finish_reason",
          "stop_reason", "token_usage", "usage", "id")  # fmt: skip
_SAID_APART = ("refusal", "reasoning_content")


class GroundwireRunnable(Checker, Runnable[Any, Any]):  # type: ignore[misc]
    """A Checker as a link of a chain.

    Raises: VerificationError where an answer could not be checked and the rules say hold; InputError for what is no
    answer.
    """

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
        return self._call_with_config(self._checked, input, config)

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
        return await self._acall_with_config(self._achecked, input, config)

    async def _achecked(self, given: Any) -> Any:
        return await asyncio.to_thread(self._checked, given)

    def _checked(self, given: Any) -> Any:
        if isinstance(given, Mapping):
            documents = [_document(each) for each in _listed(given.get("context"))]
            answer, report = self._answer(given.get("answer"), documents, given.get("question"))
            return {**given, "answer": answer, "groundwire": report}
        return self._answer(given, [], None)[0]

    def _answer(self, answer: Any, documents: list[dict[str, Any]], question: Any) -> tuple[Any, Any]:
        asked = question if isinstance(question, str) else None
        if isinstance(answer, str):
            return self.text(answer, documents, asked)
        if not isinstance(answer, AIMessage):
            expected = 'a text, an AIMessage, or a mapping with one of them as "answer"'
            raise InputError("input", f"this is {type(answer).__name__}.", expected)
        message, report = self.message(_plain(answer), documents, asked)
        if self.flows:
            metadata = {**answer.response_metadata, "groundwire": report}
            return answer.model_copy(update={"response_metadata": metadata}), report
        return _as_message(message, answer, report), report


def _plain(message: Any) -> dict[str, Any]:
    """OpenAI's form of a message."""
    calls = [
        {"id": call["id"], "type": "function",
         "function": {"name": call["name"], "arguments": json.dumps(call["args"], ensure_ascii=False)}}
        for call in message.tool_calls
    ]  # fmt: skip
    apart = {name: message.additional_kwargs[name] for name in _SAID_APART if message.additional_kwargs.get(name)}
    plain = {"role": "assistant", "content": message.content, **apart}
    return plain | ({"tool_calls": calls} if calls else {})


def _as_message(plain: Mapping[str, Any], first: Any, report: Any) -> Any:
    """The message as it may leave: what was checked, and what is about it."""
    calls = [
        {"name": call["function"].get("name", ""), "args": json.loads(call["function"]["arguments"]),
         "id": call.get("id"), "type": "tool_call"}
        for call in plain.get("tool_calls") or ()
    ]  # fmt: skip
    about = {name: first.response_metadata[name] for name in _ABOUT if name in first.response_metadata}
    return AIMessage(
        content=plain.get("content") or "",
        tool_calls=calls,
        additional_kwargs={name: plain[name] for name in _SAID_APART if plain.get(name)},
        response_metadata={**about, "groundwire": report},
        usage_metadata=first.usage_metadata,
        id=first.id,
        name=first.name,
    )


def _listed(context: Any) -> list[Any]:
    if context is None:
        return []
    return list(context) if isinstance(context, list | tuple) else [context]


def _document(given: Any) -> dict[str, Any]:
    """A text or one of LangChain's Documents. Raises: InputError."""
    if isinstance(given, str):
        return {"text": given}
    text, metadata = getattr(given, "page_content", None), getattr(given, "metadata", None)
    if not isinstance(text, str):
        raise InputError("context", f"this is {type(given).__name__}.", "texts or Documents")
    source = metadata.get("source") if isinstance(metadata, Mapping) else None
    return {"text": text, **({"source": source} if isinstance(source, str) else {})}
