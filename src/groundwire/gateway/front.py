"""Before the routes: who may come in, how many at once, and afterwards what became of each request.

Whoever cannot be served is told so before the body is read: a refusal that waits is one more thing to wait for.
"""

import logging
import time
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundwire.errors import GroundwireError, KeyRefused, OverloadError
from groundwire.gateway.account import Account, outcome_of
from groundwire.gateway.keys import HEADER, client_key
from groundwire.gateway.logs import FIELDS
from groundwire.gateway.problems import answer_to, path_of
from groundwire.gateway.threads import cores
from groundwire.gateway.upstream import CLIENT_KEY

if TYPE_CHECKING:
    from groundwire.gateway.state import State

log = logging.getLogger("groundwire.access")

_STARTS = ("/v1/", "/beta/")

# How full the model's queue may be before nothing more is taken on: what is under way still needs room in it.
_FULL = 0.5


class Front:
    """ASGI middleware around the routes."""

    def __init__(self, app: ASGIApp, state: "State") -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not path_of(scope).startswith(_STARTS):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        account = scope["groundwire"] = Account()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                account.status = message["status"]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                account.answered = True

        state = self._state
        state.in_flight += 1
        state.under_way.add(id(account))
        token = None
        try:
            try:
                account.key = await self._admit(scope)
                token = CLIENT_KEY.set(self._passed_on(scope))
            except GroundwireError as error:
                account.outcome = outcome_of(error)
                await answer_to(error, path_of(scope))(scope, receive, watched)
                return
            await self._app(scope, receive, watched)
        finally:
            state.in_flight -= 1
            state.under_way.discard(id(account))
            if token is not None:
                CLIENT_KEY.reset(token)
            self._over(scope, account, time.perf_counter() - began)

    async def _admit(self, scope: Scope) -> str | None:
        """Raises: KeyRefused; OverloadError."""
        state, limits = self._state, self._state.groundwire.config.limits
        name = await state.keys.admitted(path_of(scope), Headers(scope=scope))
        if scope["method"] != "POST":
            return name
        wait = cores().expected_wait()
        if state.in_flight > limits.requests:
            raise OverloadError(f"{limits.requests} requests are under way.", retry_after=max(1.0, wait))
        if wait * 1000 > limits.wait_ms:
            raise OverloadError(f"Checks would wait {wait:.1f} s for a core.", retry_after=wait)
        if state.pairs() > state.most_pairs() * _FULL:
            raise OverloadError(f"{state.pairs()} pairs wait for the model.", retry_after=max(1.0, wait))
        return name

    def _passed_on(self, scope: Scope) -> str | None:
        """The client's key for the provider, where it is to go on. Raises: KeyRefused where there is none."""
        config = self._state.groundwire.config
        if config.upstream.client_keys != "pass" or scope["method"] != "POST":
            return None
        headers = Headers(scope=scope)
        key = client_key(headers)
        if key and (not config.keys or headers.get(HEADER)):
            return key
        if path_of(scope) in ("/v1/verify", "/beta/litellm_basic_guardrail_api"):
            return None
        told = "A key of the provider is needed, as a bearer token or in x-api-key" + (
            f", beside this gateway's in {HEADER}." if config.keys else "."
        )
        raise KeyRefused(told)

    def _over(self, scope: Scope, account: Account, seconds: float) -> None:
        result = account.result()
        self._state.metrics.request(result, seconds)
        told: dict[str, Any] = {"outcome": result, "status": account.status, "ms": round(seconds * 1000, 1)}
        if account.key:
            told["key"] = account.key
        if (exchange := account.exchange) is not None and exchange.parts:
            told["report"] = exchange.worst().id
            if self._state.groundwire.config.log.content:
                told |= {"question": exchange.asked.question, "answers": [r.answer for r in exchange.reports()]}
        log.info("%s %s", scope["method"], path_of(scope)[:200], extra={FIELDS: told})
