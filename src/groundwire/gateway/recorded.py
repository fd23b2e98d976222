"""An upstream that answers from recordings: demos and tests with a real model's words, and no model."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio

from groundwire.errors import InputError, UpstreamError
from groundwire.gateway.scripted import Scripted, as_chunks, as_completion, last_user_text


class RecordedUpstream:
    """Answers a conversation as it was answered once, found by its last user message.

    `recordings` are mappings with `messages` (or `prompt`, the last user message alone), `answer`, and, where known,
    `pieces` (the model's own tokens, for streams) and `finish_reason`. `pace` is the pause between pieces in seconds.
    """

    def __init__(self, recordings: Sequence[Mapping[str, Any]], *, model: str = "recorded", pace: float = 0.0) -> None:
        self.model, self.pace = model, pace
        self._recordings = {
            _key(recording.get("prompt") or last_user_text(recording["messages"])): Scripted(
                content=recording["answer"],
                pieces=tuple(recording.get("pieces") or ()),
                finish_reason=recording.get("finish_reason", "stop"),
            )
            for recording in recordings
        }

    @classmethod
    def load(cls, path: str | Path, *, pace: float = 0.0) -> "RecordedUpstream":
        """From a JSON file `{"model", "recordings": [...]}`. Raises: InputError."""
        try:
            data = json.loads(Path(path).read_text("utf-8"))
            return cls(data["recordings"], model=data["model"], pace=pace)
        except OSError as error:
            raise InputError(str(path), f"cannot be read ({error.strerror}).", "a file of recordings") from None
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(str(path), f"these are no recordings ({error}).", '{"model", "recordings"}') from None

    @property
    def models(self) -> Sequence[str]:
        return (self.model,)

    async def open(self) -> None:
        """Nothing to load."""

    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        return as_completion([self._find(request)] * (request.get("n") or 1), self.model)

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        for chunk in as_chunks([self._find(request)] * (request.get("n") or 1), self.model, request):
            yield chunk
            if self.pace:
                await anyio.sleep(self.pace)

    async def embed(self, request: dict[str, Any]) -> dict[str, Any]:
        raise UpstreamError("Recordings hold no embeddings.", status=404)

    async def aclose(self) -> None:
        """Nothing is open."""

    def _find(self, request: Mapping[str, Any]) -> Scripted:
        name = request.get("model") or self.model
        if name != self.model:
            raise UpstreamError(
                f"The model {name!r:.200} was not recorded. Recorded: {self.model}.",
                status=404,
                body={"type": "invalid_request_error", "param": "model", "code": "model_not_found"},
            )
        found = self._recordings.get(_key(last_user_text(request.get("messages") or ())))
        if found is None:
            raise UpstreamError(
                "This was never asked when the answers were recorded. Recorded questions: "
                + " | ".join(list(self._recordings)[:20]),
                status=404,
                body={"type": "invalid_request_error", "param": "messages", "code": "not_recorded"},
            )
        return found


def _key(text: str) -> str:
    return " ".join(text.split())
