"""An OpenID Connect provider: where it signs somebody in, and what it then says of them.

Authlib has the protocol, joserfc the signatures, httpx the wire. What is asked of the provider is asked when somebody
signs in, never at the start, and within `WITHIN_S`. No code, token or secret gets into an error.
"""

import asyncio
import base64
import hmac
import importlib.util
import json
import re
import time
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from anyio import to_thread

from groundwire.config import reveal
from groundwire.errors import ConfigError
from groundwire.review.people import Role
from groundwire.sections import OidcSettings, RoleSettings, is_private

if TYPE_CHECKING:
    import ssl

WITHIN_S = 10.0
KEPT_S = 3600.0  # how long the provider's addresses and keys are believed
AGAIN_S = 3.0  # after it failed: strangers must not make us ask again and again
LEEWAY_S = 60  # between its clock and ours
MOST_BYTES = 1 << 20

# Never one whose key is a secret that both sides share: whoever knows the public key could sign with it.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")


class ProviderError(Exception):
    """The provider cannot be used at the moment; says why, in words for a page."""


class NotVouchedError(Exception):
    """The provider does not vouch for whoever comes; says why, in words for the log."""


class Trip(NamedTuple):
    """What one sign-in shows the provider, made from a secret that only the browser keeps."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def of(cls, secret: str) -> "Trip":
        return cls(*(_derived(secret, name) for name in cls._fields))


class Identity(NamedTuple):
    """Whom the provider vouches for. `role` is None where none of its groups has one."""

    subject: str
    name: str
    role: Role | None


class Provider:
    """The configured provider. Raises: ConfigError where Authlib or the secret is missing."""

    def __init__(self, settings: OidcSettings) -> None:
        if importlib.util.find_spec("authlib") is None:
            raise ConfigError("review.oidc", "Authlib is not installed.", "pip install 'groundwire[oidc]'")
        self.settings = settings
        self._secret: str | None = reveal(settings.client_secret)
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._failed: dict[str, tuple[float, str]] = {}

    async def address(self, back: str, trip: Trip) -> str:
        """Where the browser goes to be signed in, before it comes back to `back`. Raises: ProviderError."""
        from authlib.oauth2.client import OAuth2Client

        found = await self._discovered()
        settings = self.settings
        client = OAuth2Client(
            None, settings.client_id, scope=" ".join(settings.scopes), redirect_uri=back, code_challenge_method="S256"
        )
        url, _ = client.create_authorization_url(
            found["authorization_endpoint"], state=trip.state, code_verifier=trip.verifier, nonce=trip.nonce
        )
        return str(url)

    async def identity(self, code: str, back: str, trip: Trip) -> Identity:
        """Who came back with this code. Raises: ProviderError; NotVouchedError."""
        token = await self._exchanged(code, back, trip)
        try:
            claims = await self._claims(token, trip.nonce)
        except NotVouchedError:
            self._known.clear()  # it may be the keys: next time they are asked for again
            raise
        name = claims.get(self.settings.name)
        if self.settings.name == "email" and claims.get("email_verified") is False:
            name = None  # anybody may say so
        return Identity(claims["sub"], name if isinstance(name, str) else "", role_of(claims, self.settings.roles))

    async def _exchanged(self, code: str, back: str, trip: Trip) -> Mapping[str, Any]:
        """The tokens for a code."""
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        found = await self._discovered()
        method = "none" if self._secret is None else "client_secret_basic"
        known = found.get("token_endpoint_auth_methods_supported") or [method]
        if self._secret is not None and method not in known and "client_secret_post" in known:
            method = "client_secret_post"
        body = prepare_token_request(
            "authorization_code", "", redirect_uri=back, code=code, code_verifier=trip.verifier
        )
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        own = ClientAuth(self.settings.client_id, self._secret, method)
        url, headers, body = own.prepare("POST", found["token_endpoint"], headers, body)
        status, token = await self._ask("POST", url, headers=headers, content=body)
        if status != 200:
            error = token.get("error", "")
            said = error if isinstance(error, str) and re.fullmatch(r"[a-z_]{1,40}", error) else f"HTTP {status}"
            raise NotVouchedError(f"it takes the code for none ({said})")
        return token

    async def _claims(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, once signature, issuer, audience, times and nonce are right."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "sub": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": self.settings.client_id, "access_token": token.get("access_token")}
        try:
            try:
                read = jwt.decode(token["id_token"], KeySet.import_key_set(await self._keys()), registry=registry)
            except InvalidKeyIdError:  # it has new keys
                read = jwt.decode(
                    token["id_token"], KeySet.import_key_set(await self._keys(anew=True)), registry=registry
                )
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(leeway=LEEWAY_S)
        except JoseError as wrong:
            raise NotVouchedError(f"its ID token is not right: {str(wrong)[:200]!r}") from None
        except (ValueError, TypeError, LookupError) as wrong:  # of keys or a token in no form that there is
            raise NotVouchedError(f"its ID token cannot be read ({type(wrong).__name__})") from None
        return dict(claims)

    async def _discovered(self) -> Mapping[str, Any]:
        """The provider's own description, held against what is configured."""
        found = await self._remembered(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        why, own = "", urlsplit(self.settings.issuer).scheme  # no lesser one: "http" comes before "https"
        if found.get("issuer") != self.settings.issuer:
            why = "it says that it is another issuer than the configured one"
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            url = found.get(name)
            if not isinstance(url, str) or not is_private(url) or urlsplit(url).scheme < own:
                why = why or f"its {name} is no https address"
        if why:
            self._known.clear()
            raise ProviderError(why)
        return found

    async def _keys(self, *, anew: bool = False) -> Any:
        return await self._remembered((await self._discovered())["jwks_uri"], anew=anew)

    async def _remembered(self, url: str, *, anew: bool = False) -> Mapping[str, Any]:
        now = time.monotonic()
        at, known = self._known.get(url, (0.0, None))
        if known is not None and not anew and now - at < KEPT_S:
            return known
        at, why = self._failed.get(url, (0.0, ""))
        if why and now - at < AGAIN_S:
            raise ProviderError(why)
        try:
            status, found = await self._ask("GET", url, headers={"Accept": "application/json"})
            if status != 200:
                raise ProviderError(f"it answered HTTP {status}")
        except ProviderError as failed:
            self._failed[url] = now, str(failed)
            raise
        self._known[url] = now, found
        return found

    async def _ask(self, method: str, url: str, **request: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON. Redirects are not followed: they would take the code to another host."""
        import httpx

        context = await to_thread.run_sync(lambda: self._certificates)
        body = bytearray()
        request["headers"] |= {"Accept-Encoding": "identity", "User-Agent": "groundwire"}
        try:
            async with (
                asyncio.timeout(WITHIN_S),
                httpx.AsyncClient(verify=context, timeout=None, follow_redirects=False) as client,  # noqa: S113
                client.stream(method, url, **request) as response,
            ):
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise ProviderError(f"it answered with more than {MOST_BYTES:,} bytes")
        except TimeoutError:
            raise ProviderError(f"it did not answer within {WITHIN_S:.3g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            raise ProviderError(f"it cannot be reached ({type(failed).__name__})") from None
        if response.status_code >= 500 or response.has_redirect_location:
            raise ProviderError(f"it answered HTTP {response.status_code}")
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ProviderError(f"it answered HTTP {response.status_code} and no JSON")
        return response.status_code, found

    @cached_property
    def _certificates(self) -> "ssl.SSLContext":
        """Read on a thread, once: it takes tens of milliseconds."""
        import httpx

        return httpx.create_ssl_context()


def role_of(claims: Mapping[str, Any], roles: RoleSettings) -> Role | None:
    """The highest role that a claim gives, or None."""
    value: Any = claims.get(roles.claim)
    if value is None:
        value = claims
        for name in roles.claim.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    held = {value} if isinstance(value, str) else set()
    if isinstance(value, list):
        held = {one for one in value if isinstance(one, str)}
    given = [role for role in Role if held & set(getattr(roles, role.value))]
    return given[-1] if given else None


def _derived(secret: str, name: str) -> str:
    made = hmac.digest(secret.encode(), name.encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
