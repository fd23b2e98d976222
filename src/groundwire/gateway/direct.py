"""Servers that speak OpenAI's own format, asked by OpenAI's own client.

There is nothing to translate for them, and litellm's way there costs three times the processor time of the call. All
else goes through litellm: other providers, deployments with settings of their own, models whose parameters it maps.
"""

import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from groundwire.errors import UpstreamError

_PREFIX = "openai/"
_PLAIN = {"model", "api_base", "api_key"}

# OpenAI's reasoning models take other parameters, which litellm knows.
_MAPPED = re.compile(r"(^|/)(o\d|gpt-5|codex|ft:)")


class DirectUpstream:
    """One deployment of a server at a URL of its own. Every failure is raised as OpenAI's client raises it."""

    def __init__(self, model: str, api_base: str, api_key: str | None, timeout: float) -> None:
        import openai

        self._model = model
        self._client = openai.AsyncOpenAI(base_url=api_base, api_key=api_key or "none", max_retries=0, timeout=timeout)

    @classmethod
    def of(cls, deployment: Mapping[str, Any], timeout: float) -> "DirectUpstream | None":
        """None for a deployment that is not so plain."""
        model, base = str(deployment.get("model")), deployment.get("api_base")
        if not model.startswith(_PREFIX) or not base or set(deployment) - _PLAIN or _MAPPED.search(model[7:]):
            return None
        return cls(model.removeprefix(_PREFIX), str(base), deployment.get("api_key"), timeout)

    async def complete(self, arguments: dict[str, Any], key: str | None) -> dict[str, Any]:
        response = await self._keyed(key).chat.completions.create(**arguments | {"model": self._model, "stream": False})
        return _plain(response)

    async def stream(self, arguments: dict[str, Any], key: str | None) -> AsyncGenerator[dict[str, Any], None]:
        """The chunks. Raises: UpstreamError where the stream ends before its answer."""
        from groundwire.gateway.upstream import broken_off, choices_of

        response = await self._keyed(key).chat.completions.create(**arguments | {"model": self._model, "stream": True})
        ended = False
        async with response:
            async for chunk in response:
                data = _plain(chunk)
                ended = ended or any(choice.get("finish_reason") for choice in choices_of(data))
                yield data
        if not ended:
            raise broken_off()

    async def aclose(self) -> None:
        await self._client.close()

    def _keyed(self, key: str | None) -> Any:
        return self._client.with_options(api_key=key) if key else self._client


def _plain(model: Any) -> dict[str, Any]:
    """What the server sent, as plain data: nothing is filled in. Raises: UpstreamError for what is no object."""
    from groundwire.gateway.upstream import as_dict

    if not hasattr(model, "model_dump"):
        told = "The upstream answered with something that is no JSON object."
        raise UpstreamError(told, body={"message": told, "code": "upstream_malformed"})
    return as_dict(model)
