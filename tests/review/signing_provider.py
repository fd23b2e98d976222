"""A small OpenID Connect provider on loopback: discovery, keys, codes with PKCE, ID tokens signed with RSA.

It signs in whoever comes, at once, and does what it is told to do wrong.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

import anyio
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from groundwire.gateway import running

CLIENT, SECRET = "groundwire", "a-secret-of-the-client"


class SigningProvider:
    """What it says, and what it is to do wrong. `issuer` is set when it listens."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key = self.published = RSAKey.generate_key(2048, {"kid": "one"})
        self.claims: dict[str, Any] = {"sub": "42", "preferred_username": "rita", "groups": ["staff", "compliance"]}
        self.discovery: dict[str, Any] = {}
        self.replaces: dict[str, Response] = {}
        self.waits = 0.0
        self.silent = False
        """Answers nobody, until it is told otherwise."""
        self.forged: Any = None
        """Makes an ID token in place of the right one, from its claims."""
        self.asked: list[str] = []
        self.given: list[str] = []
        """Every code and token that it gave."""
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        paths = {
            "/.well-known/openid-configuration": self._configuration,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
        }
        routes = [Route(path, self._watched(path, answer), methods=["GET", "POST"]) for path, answer in paths.items()]
        return Starlette(routes=routes)

    def _watched(self, path: str, answer: Any) -> Any:
        async def watched(request: Request) -> Response:
            self.asked.append(path)
            await anyio.sleep(self.waits)
            while self.silent:  # noqa: ASYNC110 - told by another thread
                await anyio.sleep(0.01)
            found: Response = self.replaces.get(path) or await answer(request)
            return found

        return watched

    async def _configuration(self, request: Request) -> Response:
        known = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            # A careless provider: what it could sign with is not what we take.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return JSONResponse({**known, **self.discovery})

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.published.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256" or "openid" not in asked["scope"]:
            return Response("no", 400)
        code = self._new()
        self._codes[code] = asked
        query = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303)

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        basic = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        client, _, secret = (basic or f"{form.get('client_id')}:{form.get('client_secret')}").partition(":")
        if (client, unquote(secret)) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not asked or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant", "error_description": form["code"]}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.claims
        token = self.forged(claims) if self.forged else self.signed(claims)
        self.given.append(token)
        return JSONResponse({"access_token": self._new(), "token_type": "Bearer", "id_token": token})

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def _new(self) -> str:
        self.given.append(secrets.token_urlsafe(24))
        return self.given[-1]


def unsigned(claims: dict[str, Any]) -> str:
    """An ID token with `alg: none`."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@contextmanager
def listening_provider(host: str = "127.0.0.1") -> Iterator[SigningProvider]:
    provider = SigningProvider()
    with running(provider.app()) as url:
        provider.issuer = url.replace("127.0.0.1", host)
        yield provider
