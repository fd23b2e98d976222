"""A guardrail inside LiteLLM Proxy, in its configuration:

    guardrails:
      - guardrail_name: groundwire
        litellm_params:
          guardrail: groundwire.integrations.litellm.GroundwireGuardrail
          mode: [pre_call, post_call]
          default_on: true
          groundwire_config: groundwire.yaml

The request is read before the call, because the evidence is in it. The answer is checked after it, and a stream on its
way: nothing leaves before its check. `/v1/messages` streams, which LiteLLM hands over as bytes, are read too. What
cannot be read, such as a stream of `/v1/responses`, is refused and never passed on as if it had been checked.
"""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, NoReturn

from litellm.integrations.custom_guardrail import CustomGuardrail

from groundwire.client import Groundwire
from groundwire.errors import GroundwireError, InputError, OverloadError, UpstreamError, VerificationError
from groundwire.gateway import Guard, as_dict, line_of

# What LiteLLM calls the routes whose answers say something.
_CALLS = ("completion", "acompletion", "text_completion", "atext_completion", "anthropic_messages", "responses",
          "aresponses")  # fmt: skip
_OWN = ("model", "messages", "system", "input", "instructions", "prompt", "groundwire", "stream", "n", "user",
        "max_tokens")  # fmt: skip

_HOOKS = ("async_pre_call_hook", "async_post_call_success_hook", "async_post_call_streaming_iterator_hook")


class GroundwireGuardrail(CustomGuardrail):
    """Checks answers under `groundwire_config`, a path; embedded defaults without it. Reports go to its store.

    `groundwire` is a Groundwire that is there already, for tests. Raises: ConfigError and what else a configuration
    may raise, so that a proxy does not start with a guardrail that cannot check.
    """

    def __init_subclass__(cls, **named: Any) -> None:
        """Give a subclass the hooks as its own: LiteLLM does not call those that a class only inherits."""
        super().__init_subclass__(**named)
        for hook in _HOOKS:
            if hook not in cls.__dict__:
                setattr(cls, hook, getattr(cls, hook))

    def __init__(
        self, *, groundwire_config: str | None = None, groundwire: Groundwire | None = None, **settings: Any
    ) -> None:
        gw = groundwire or Groundwire(groundwire_config)
        if groundwire is None:
            gw.warm()
        self._guard = Guard(gw)
        super().__init__(**settings)

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: Any
    ) -> Any:
        """Read the request: what its answer will be checked against. `groundwire` in it stays here."""
        if str(getattr(call_type, "value", call_type)) not in _CALLS:
            return data
        if not data.get("litellm_call_id"):
            data["litellm_call_id"] = uuid.uuid4().hex  # by which its answer finds what it is checked against
        try:
            given = {name: data[name] for name in _read_fields(data)}
            seen = self._guard.request(_call_of(data), given)
        except GroundwireError as error:
            _refuse(error)
        data.pop("groundwire", None)
        if "messages" in data:
            data["messages"] = seen["messages"]
        return data

    async def async_post_call_success_hook(self, data: dict[str, Any], user_api_key_dict: Any, response: Any) -> Any:
        """Check a whole answer and return it as it may leave."""
        plain = response if isinstance(response, dict) else as_dict(response) if hasattr(response, "model_dump") else {}
        if plain.get("object") == "list":  # embeddings state nothing
            return response
        try:
            checked = await self._guard.answer(_call_of(data), plain)
        except GroundwireError as error:
            _refuse(error)
        return checked if isinstance(response, dict) else type(response)(**checked)

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: Any, request_data: dict[str, Any]
    ) -> AsyncGenerator[Any, None]:
        """Check a stream on its way: verified prefixes leave, and nothing else."""
        source = aiter(response)
        first = await anext(source, None)
        if first is None:
            return
        call, rest = _call_of(request_data), _with(first, source)
        try:
            if isinstance(first, bytes | str):
                async with aclosing(self._guard.frames(call, rest)) as frames:
                    async for frame in frames:
                        yield frame
            elif hasattr(first, "choices") and hasattr(first, "model_dump"):
                kind = type(first)
                async with aclosing(self._guard.chunks(call, _dicts(rest))) as chunks:
                    async for chunk in chunks:
                        yield kind(**chunk)
            else:
                raise VerificationError("This stream is in a format that cannot be checked here.")
        except GroundwireError as error:
            _refuse(error)


def _call_of(data: dict[str, Any]) -> str:
    return str(data.get("litellm_call_id") or "")


def _read_fields(data: dict[str, Any]) -> list[str]:
    """The client's own words; the rest of `data` is the proxy's."""
    return [name for name in _OWN if data.get(name) is not None]


async def _with(first: Any, rest: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
    yield first
    async for item in rest:
        yield item


async def _dicts(chunks: AsyncIterator[Any]) -> AsyncGenerator[dict[str, Any], None]:
    async for chunk in chunks:
        yield as_dict(chunk)


def _refuse(error: GroundwireError) -> NoReturn:
    """As LiteLLM Proxy answers: with a status. Raises: fastapi's HTTPException, or outside of a proxy the error."""
    try:
        from fastapi import HTTPException
    except ImportError:
        raise error from None
    status = error.status if isinstance(error, UpstreamError) else 502
    status = 400 if isinstance(error, InputError) else 429 if isinstance(error, OverloadError) else status
    told = line_of(str(error)) if isinstance(error, UpstreamError) else str(error)
    raise HTTPException(status, detail={"error": told, "type": type(error).__name__}) from error
