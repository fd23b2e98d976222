"""A model of the upstream, or any other that litellm knows, asked by the extractor of claims."""

from typing import TYPE_CHECKING

from groundwire.errors import UpstreamError
from groundwire.gateway.upstream import LitellmUpstream, load_litellm

if TYPE_CHECKING:
    from groundwire.config import UpstreamSettings

_REFUSED = (400, 422)  # what servers say to a request that holds something they do not know


class LitellmModel:
    """Answers one question at a time, on the thread that asks. Safe to share between threads.

    `model`: a name that the upstream goes by, or litellm's name of another model; without it, the upstream's first.
    Another model of the same provider has the upstream's address and key; of another provider, the key that litellm
    finds in the environment. Raises: ConfigError where a secret is not in the environment.
    """

    def __init__(self, upstream: "UpstreamSettings", model: str | None = None) -> None:
        self.name = model or upstream.names[0]
        self._upstream = LitellmUpstream.of(upstream)
        if self._upstream.models and self.name not in self._upstream.models:
            shared = upstream.model and _provider(upstream.model) == _provider(self.name)
            base, key = (upstream.api_base, upstream.api_key) if shared else (None, None)
            self._upstream = LitellmUpstream(self.name, api_base=base, api_key=key)
        self._in_json = True

    def warm(self) -> None:
        """Load litellm, which takes seconds."""
        load_litellm()

    def complete(self, instructions: str, text: str, *, timeout: float) -> str:
        """The model's reply, empty where it refuses. Raises: UpstreamError."""
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": text}]
        request = {"model": self.name, "messages": messages, "temperature": 0}
        in_json = {"response_format": {"type": "json_object"}} if self._in_json else {}
        try:
            answer = self._upstream.ask(request | in_json, timeout=timeout)
        except UpstreamError as error:
            if not in_json or error.status not in _REFUSED:
                raise
            answer = self._upstream.ask(request, timeout=timeout)
            self._in_json = False  # a server that speaks OpenAI's format, but for this
        choice = (answer.get("choices") or [{}])[0]
        message = choice.get("message") or {}
        refuses = message.get("refusal") or choice.get("finish_reason") == "content_filter"
        return "" if refuses else str(message.get("content") or "")


def _provider(model: str) -> str:
    return model.partition("/")[0] if "/" in model else ""
