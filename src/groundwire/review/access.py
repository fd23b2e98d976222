"""Who comes in, and what every answer of the pages carries.

Everything is denied unless a route names the least role for it. A cookie alone changes nothing: a request that does
must come from a page of this host, as the browser itself says (Sec-Fetch-Site, else Origin).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlsplit

from anyio import to_thread
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundwire.errors import GroundwireError, InputError
from groundwire.review.deciding import ConflictError
from groundwire.review.desk import Desk
from groundwire.review.people import People, Role, User

COOKIE = "groundwire_session"
LARGEST_FORM = 256 * 1024  # bytes
_SAFE = ("GET", "HEAD", "OPTIONS")

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

templates = Environment(
    loader=PackageLoader("groundwire.review"),
    autoescape=True,  # for every name: what a model wrote must never depend on a file's ending
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Visit:
    """One request to a page, by a user who may make it."""

    request: Request
    user: User | None
    desk: Desk
    people: People
    form: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where the pages are mounted."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def name(self) -> str:
        return self.user.name if self.user else ""

    @property
    def address(self) -> str:
        """Where the request came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def is_secure(self) -> bool:
        return self.request.url.scheme == "https"

    @property
    def elsewhere(self) -> str:
        """What signs users in beside passwords; empty for nothing."""
        provider = self.request.app.state.provider
        return provider.settings.shown if provider else ""

    def given(self, name: str, default: str = "") -> str:
        """A field of the form."""
        return self.form.get(name, [default])[0]

    def may(self, role: str) -> bool:
        return self.user is not None and self.user.role.covers(Role(role))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page from a template."""
        text = templates.get_template(template).render(visit=self, base=self.base, **values)
        return HTMLResponse(text, status, headers={"cache-control": "no-store"})

    def problem(self, status: int, what: str) -> Response:
        return self.page("problem.html", status, what=what)

    def go(self, path: str) -> Response:
        """After something was done: on to a page."""
        return RedirectResponse(self.base + path, 303)


Handler = Callable[[Visit], Response]
"""Called on a worker thread."""
Waiting = Callable[[Visit], Awaitable[Response]]
"""For what waits for others: called on the event loop."""


@dataclass(frozen=True)
class Guarded:
    """A page with the least role for it; None is for anybody."""

    path: str
    method: str
    role: Role | None
    handler: Handler | Waiting

    def endpoint(self, identify: "Identify") -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            state = request.app.state
            user = await to_thread.run_sync(identify, request)
            visit = Visit(request, user, state.desk, state.people)
            if self.role is not None and user is None:
                return _stranger(visit)
            if self.role is not None and not visit.may(self.role):
                return await to_thread.run_sync(visit.problem, 403, f"This needs the role {self.role}.")
            if request.method not in _SAFE:
                form = await _form(request)
                if form is None:
                    return await to_thread.run_sync(visit.problem, 413, "That is more than this page takes.")
                visit = Visit(request, user, state.desk, state.people, form)
            if iscoroutinefunction(self.handler):
                return cast(Response, await self.handler(visit))
            return await to_thread.run_sync(_handled, cast(Handler, self.handler), visit)

        return answer


Identify = Callable[[Request], User | None]


def identifier(people: People, header: str | None, proxies: Sequence[str]) -> Identify:
    """Says who a request is from: by the header of a trusted proxy where that is configured, else by the session."""

    def identify(request: Request) -> User | None:
        client = request.client.host if request.client else ""
        if header:
            named = request.headers.getlist(header)
            return people.find(named[0]) if client in proxies and len(named) == 1 else None
        token = request.cookies.get(COOKIE)
        return people.of_session(token) if token else None

    return identify


class Guard:
    """Around all pages: requests from elsewhere that would change something are refused, and headers are set."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        request = Request(scope)
        if request.method not in _SAFE and not from_here(request.headers):
            refused = PlainTextResponse("This request did not come from a page of this host.", 403)
            await refused(scope, receive, sending)
            return
        await self.app(scope, receive, sending)


def from_here(headers: Mapping[str, str]) -> bool:
    """Whether the browser says that a page of this very host made the request. No word for it is a no."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and bool(headers.get("host")) and urlsplit(origin).netloc == headers["host"]


def _handled(handler: Handler, visit: Visit) -> Response:
    try:
        return handler(visit)
    except ConflictError as conflict:
        return visit.problem(409, str(conflict))
    except InputError as wrong:
        return visit.problem(400, str(wrong))
    except GroundwireError as failed:
        return visit.problem(500, str(failed))


def _stranger(visit: Visit) -> Response:
    request = visit.request
    if request.method not in _SAFE or request.headers.get("hx-request"):
        return PlainTextResponse("Log in first.", 401)
    path = request.url.path.removeprefix(visit.base)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{visit.base}/login?next={quote(path + query)}", 303)


async def _form(request: Request) -> Mapping[str, list[str]] | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            return None
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        return {}
