"""The gateway's own keys: kept as hashes, each with what it may do and how often.

A key is 32 random bytes, so one round of SHA-256 hides it: there is no dictionary to try.
"""

import asyncio
import contextlib
import hashlib
import math
import secrets
from typing import TYPE_CHECKING

from groundwire.errors import KeyRefused, OverloadError, RateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from groundwire.config import KeySettings
    from groundwire.gateway.rates import Rates

PREFIX = "gw-"
HEADER = "x-groundwire-key"

# What a path needs. Those that are not here need a key, whatever it is for.
_SCOPES = {
    "/v1/chat/completions": "chat",
    "/v1/completions": "chat",
    "/v1/responses": "chat",
    "/v1/messages": "chat",
    "/v1/embeddings": "embeddings",
    "/v1/verify": "verify",
    "/beta/litellm_basic_guardrail_api": "verify",
    "/v1/reports": "reports",
}

# Another process counts for some millionths of a second; one that was stopped in the midst of it is not waited for.
_PAUSES = (0.001,) * 20 + (0.005,) * 12  # seconds, together 80 ms


class Uncounted(Exception):
    """Just now another process counts: to be tried again."""


def new_key() -> tuple[str, str]:
    """A key, and the hash that stands in the configuration."""
    key = PREFIX + secrets.token_urlsafe(32)
    return key, hash_of(key)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


class KeyRing:
    """Who may ask. Without any key, everyone who reaches the port.

    `shared`: the file in which several processes count together; without it, rates count in this process.
    """

    def __init__(
        self, keys: "Sequence[KeySettings]", shared: "Path | None" = None, rates: "Rates | None" = None
    ) -> None:
        self._keys = {key.sha256: key for key in keys}
        self._rates = rates
        if rates is None and (shared or any(key.rate for key in keys)):
            from groundwire.gateway.rates import Rates

            self._rates = Rates(shared)

    def changed(self, keys: "Sequence[KeySettings]") -> "KeyRing":
        """One for other keys. What was asked with a key before counts on."""
        return KeyRing(keys, rates=self._rates)

    async def admitted(self, path: str, headers: "Mapping[str, str]") -> str | None:
        """`admit`, again where another process counts just now. Raises: OverloadError where that one does not end."""
        for pause in _PAUSES:
            with contextlib.suppress(Uncounted):
                return self.admit(path, headers)
            await asyncio.sleep(pause)
        raise OverloadError("The count of this key cannot be had just now.", retry_after=1)

    def admit(self, path: str, headers: "Mapping[str, str]") -> str | None:
        """The name of the key that came with a request.

        Raises: KeyRefused; RateError where its rate is used up; Uncounted where another process counts just now.
        """
        if not self._keys:
            return None
        given = headers.get(HEADER) or client_key(headers)
        if not given:
            raise KeyRefused(f"A key of this gateway is needed, as a bearer token or in {HEADER}.")
        key = self._keys.get(hash_of(given))
        if key is None:
            raise KeyRefused("This is not a key of this gateway.")
        scope = next((scope for start, scope in _SCOPES.items() if path == start or path.startswith(f"{start}/")), None)
        if scope and scope not in key.scopes:
            raise KeyRefused(
                f'The key "{key.name}" is not for {scope}. It is for: {", ".join(key.scopes)}.', status=403
            )
        self._count(key)
        return key.name

    def _count(self, key: "KeySettings") -> None:
        if self._rates is None or key.rate is None:
            return
        wait = self._rates.wait(key.rate, key.sha256)
        if wait is not None:
            told = f'The key "{key.name}" may ask {key.rate.replace("/", " times a ")}.'
            raise RateError(told, retry_after=max(1, math.ceil(wait)))


def client_key(headers: "Mapping[str, str]") -> str | None:
    """The key that a client of OpenAI's or Anthropic's sends."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return (token.strip() if scheme.lower() == "bearer" else "") or headers.get("x-api-key") or None
