"""The pages by which somebody goes to the provider and comes back signed in.

The browser keeps a secret in a cookie for the time of the trip; what the provider is shown is derived from it, so a
link with another's state, or a code of another's trip, opens nothing. A trip is good once.
"""

import hmac
import logging
import secrets
from urllib.parse import quote, unquote

from anyio import to_thread
from starlette.responses import RedirectResponse, Response

from groundwire.review.access import Guarded, Visit
from groundwire.review.people import TRIP, RefusedError, TooManyTriesError
from groundwire.review.provider import NotVouchedError, Provider, ProviderError, Trip
from groundwire.review.signin import inside, login_page, too_many, with_session

log = logging.getLogger("groundwire.review")

LONGEST_PATH = 1000
_AGAIN = "This sign-in was not begun in this browser a moment ago. Please begin again."


async def set_out(visit: Visit) -> Response:
    """To the provider."""
    provider = _provider(visit)
    following = inside(visit.request.query_params.get("next", "/"))
    if provider is None:
        return await _problem(visit, 404, "Nobody signs in elsewhere here.")
    if visit.request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return visit.go("/login")  # another page would use up the tries of this address
    secret = secrets.token_urlsafe(32)
    try:
        url = await provider.address(_back(visit), Trip.of(secret))
        await to_thread.run_sync(visit.people.set_out, secret, visit.address)
    except ProviderError as down:
        return await _down(visit, provider, down, following)
    except TooManyTriesError:
        return await to_thread.run_sync(too_many, visit, "Too many tries. Wait a quarter of an hour.", "", following)
    response = RedirectResponse(url, 303)
    response.set_cookie(
        _cookie(visit),
        f"{secret}:{quote(following[:LONGEST_PATH], safe='')}",
        max_age=int(TRIP.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=visit.is_secure,
    )
    return response


async def come_back(visit: Visit) -> Response:
    """From the provider, with a code for its word on who this is."""
    provider, given = _provider(visit), visit.request.query_params
    if provider is None:
        return await _problem(visit, 404, "Nobody signs in elsewhere here.")
    secret, _, path = visit.request.cookies.get(_cookie(visit), "").partition(":")
    trip, following = Trip.of(secret), inside(unquote(path) or "/")
    if not secret or not hmac.compare_digest(given.get("state", "").encode(), trip.state.encode()):
        return await _again(visit, 400, _AGAIN, following)
    number = await to_thread.run_sync(visit.people.came_back, secret)
    if number is None:
        return await _again(visit, 400, _AGAIN, following)
    answer = await _answered(visit, provider, trip, number, following)
    answer.delete_cookie(_cookie(visit), path="/", httponly=True, samesite="lax", secure=visit.is_secure)
    return answer


async def _answered(visit: Visit, provider: Provider, trip: Trip, number: int, following: str) -> Response:
    given, shown = visit.request.query_params, provider.settings.shown
    issuer = provider.settings.issuer
    try:
        if "error" in given or not given.get("code") or given.get("iss", issuer) != issuer:
            raise NotVouchedError("it sent nobody back with a code")
        who = await provider.identity(given["code"], _back(visit), trip)
        vouched = visit.people.vouched
        token = await to_thread.run_sync(vouched, number, issuer, who.subject, who.name, who.role)
    except ProviderError as down:
        return await _down(visit, provider, down, following)
    except NotVouchedError as wrong:
        log.warning("%s: nobody was signed in: %s", issuer, wrong)
        await to_thread.run_sync(visit.people.not_vouched, issuer)
        return await _again(visit, 401, f"{shown} signed nobody in. Please begin again.", following)
    except RefusedError as refused:
        return await _again(visit, 403, f"{shown} knows you, but {refused}. Ask an admin of these pages.", following)
    return with_session(visit, visit.go(following), token)


PAGES = (
    Guarded("/oidc/start", "GET", None, set_out),
    Guarded("/oidc/callback", "GET", None, come_back),
)


def _provider(visit: Visit) -> Provider | None:
    found: Provider | None = visit.request.app.state.provider
    return found


def _back(visit: Visit) -> str:
    """The address that the provider must know to send people back to."""
    url = visit.request.url
    return f"{url.scheme}://{url.netloc}{visit.base}/oidc/callback"


def _cookie(visit: Visit) -> str:
    """With the prefix, no other host of the domain and no plain HTTP can have set it."""
    return "__Host-groundwire_trip" if visit.is_secure else "groundwire_trip"


async def _problem(visit: Visit, status: int, what: str) -> Response:
    return await to_thread.run_sync(visit.problem, status, what)


async def _again(visit: Visit, status: int, wrong: str, following: str) -> Response:
    return await to_thread.run_sync(login_page, visit, status, wrong, "", following)


async def _down(visit: Visit, provider: Provider, down: ProviderError, following: str) -> Response:
    log.warning("%s: %s", provider.settings.issuer, down)
    told = f"{provider.settings.shown} cannot sign you in at the moment: {down}. A password still works."
    return await _again(visit, 502, told, following)
