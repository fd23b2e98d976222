"""One answer of a framework's model → the same as it may leave, and its report. What frameworks in a process share."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from groundwire.client import Groundwire
from groundwire.gateway import Guard


class Checker:
    """Checks answers under `config`, a path or settings; embedded defaults without it. Safe to share.

    `groundwire` is a Groundwire that is there already. `keep`: reports go to its store. Raises: ConfigError and what
    else a configuration may raise.
    """

    def __init__(
        self,
        config: str | Path | Mapping[str, Any] | None = None,
        *,
        groundwire: Groundwire | None = None,
        keep: bool = False,
    ) -> None:
        self.gw = groundwire or Groundwire(config)
        self._guard = Guard(self.gw, kept=keep)

    @property
    def flows(self) -> bool:
        """Whether an answer leaves as the model wrote it: the mode is `annotate` or `off`."""
        return self.gw.config.mode != "hold"

    def text(self, answer: str, documents: Sequence[Mapping[str, Any]], question: str | None) -> tuple[str, Any]:
        """As `message`, for a text alone."""
        message, report = self.message({"role": "assistant", "content": answer}, documents, question)
        return message.get("content") or "", report

    def message(
        self, message: Mapping[str, Any], documents: Sequence[Mapping[str, Any]], question: str | None
    ) -> tuple[dict[str, Any], Any]:
        """OpenAI's chat message, as it may leave, and what was found (None in mode `off`).

        `documents`: what it should rest on, each with `text`, and `source` where that is known.
        Raises: VerificationError where it could not be checked and the rules say hold; InputError; UpstreamError.
        """
        call = uuid.uuid4().hex
        given = {"documents": [dict(document) for document in documents if document["text"].strip()]}
        asked = given | ({"question": question} if question else {})
        self._guard.request(call, {"messages": [{"role": "user", "content": question or ""}], "groundwire": asked})
        answer = {"choices": [{"index": 0, "message": dict(message), "finish_reason": "stop"}]}
        checked = self._guard.answer_now(call, answer)
        return checked["choices"][0]["message"], checked.get("groundwire")
