"""The same checks for a proxy of somebody else's, which makes the calls itself and asks before and after each.

In: requests, answers and streams in the wire formats, as plain data. Out: the same, as they may leave.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from groundwire.gateway import responses_format
from groundwire.gateway.anthropic_events import MessageEvents
from groundwire.gateway.anthropic_format import evidence_of, to_openai
from groundwire.gateway.anthropic_stream import chunks_of_bytes
from groundwire.gateway.checking import Exchange
from groundwire.gateway.completions import to_chat
from groundwire.gateway.remembered import Remembered
from groundwire.gateway.request import Asked, asked
from groundwire.gateway.sse import frame
from groundwire.gateway.streaming import Chunk, verified
from groundwire.gateway.threads import in_thread
from groundwire.gateway.whole_answers import check_answer

if TYPE_CHECKING:
    from groundwire.client import Groundwire


class Guard:
    """Checks what another proxy asks and answers. `call` is that proxy's id of a call. Safe to share.

    `kept`: reports go to the store of `gw`.
    """

    def __init__(self, gw: "Groundwire", *, kept: bool = True) -> None:
        self.gw, self._kept = gw, kept
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
        return await in_thread(self.answer_now, call, answer)

    def answer_now(self, call: str, answer: dict[str, Any]) -> dict[str, Any]:
        """`answer`, on the thread that asks."""
        exchange = self.exchange(call)
        if exchange.mode == "off":
            return answer
        checked = check_answer(exchange, answer)
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
        return Exchange(self.gw, self._calls.get(call) or Asked({}), kept=self._kept)


def _of_anthropic(body: Mapping[str, Any]) -> bool:
    """Whether the messages have blocks that only Anthropic's format has."""
    kinds = ("tool_use", "tool_result", "document", "search_result", "image")
    contents = [message.get("content") for message in body.get("messages") or () if isinstance(message, Mapping)]
    return any(isinstance(part, Mapping) and part.get("type") in kinds for content in contents
               if isinstance(content, list) for part in content)  # fmt: skip
