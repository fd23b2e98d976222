"""SPARQL 1.1 over HTTP: a read-only query out, rows of RDF terms in, within a second or not at all.

https://www.w3.org/TR/sparql11-protocol/ (query via POST with URL-encoded parameters), results in JSON.
"""

import asyncio
import os
import threading
import time
import weakref
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyoxigraph

from groundwire.errors import DeadlineError, EndpointError
from groundwire.graph.breaker import Breaker
from groundwire.graph.limits import UNTIL

LONGEST_S = 1.0
"""One query takes no longer than this, from connecting to the last byte."""
MOST_BYTES = 8_000_000
MOST_ROWS = 20_000
_RESULTS = "application/sparql-results+json"

Row = dict[str, Any]
Clients = dict[asyncio.AbstractEventLoop, httpx.AsyncClient]


@dataclass
class Endpoint:
    """A SPARQL endpoint. `auth` never appears in a message, a repr or a log. Safe to share between threads.

    `graph`: the IRI of the graph that is asked, in place of the endpoint's default one.
    """

    url: str
    graph: str | None = None
    auth: tuple[str, str] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    breaker: Breaker = field(default_factory=Breaker, repr=False)
    longest: float = LONGEST_S
    _clients: Clients = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._closing = weakref.finalize(self, _close, self._clients)

    def close(self) -> None:
        """Give the connections back; those of an endpoint that nobody holds any more are given back too."""
        self._closing.detach()
        for closed in _close(self._clients):
            closed.result(LONGEST_S)

    @property
    def host(self) -> str:
        """What messages call the endpoint: no user, no password, no query string."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def select(self, query: str) -> list[Row]:
        """The rows of a SELECT query, each variable's term by its name; what is unbound is left out.

        Raises: EndpointError, after `longest` seconds at the latest; DeadlineError at the moment `UNTIL`, if that is
        earlier: then the endpoint is not to blame.
        """
        until = UNTIL.get()
        limit = self.longest if until is None else min(self.longest, until - time.monotonic())
        if limit <= 0:
            raise DeadlineError(f"no time was left to ask {self.host}")
        if wait := self.breaker.wait():
            raise EndpointError(f"{self.host} failed again and again; it is asked again in {wait:.0f} s.")
        try:
            rows = _rows(_wait(self._ask(query, limit)))
        except _Failure as failure:
            self.breaker.failed()
            raise EndpointError(f"{self.host} {failure}") from None
        except TimeoutError:
            if limit < self.longest:
                raise DeadlineError(f"{self.host} did not answer in the time that was left") from None
            self.breaker.failed()
            raise EndpointError(f"{self.host} did not answer within {limit:.3g} s.") from None
        except httpx.HTTPError as error:
            self.breaker.failed()
            raise EndpointError(f"{self.host} cannot be reached ({type(error).__name__}).") from None
        self.breaker.worked()
        return rows

    async def _ask(self, query: str, limit: float) -> bytes:
        form = {"query": query} | ({"default-graph-uri": self.graph} if self.graph else {})
        async with asyncio.timeout(limit), self._client().stream("POST", self.url, data=form) as response:
            _check(response)
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise _Failure(f"answered with more than {MOST_BYTES:,} bytes.")
            return bytes(body)

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            headers = {"Accept": _RESULTS, "Accept-Encoding": "identity", "User-Agent": "groundwire"}
            if self.token:
                headers["Authorization"] = f"Bearer {self.token}"
            # Redirects are not followed: they would take the question, and who asks, to another host. The time is
            # bounded by the caller, for the whole of a query.
            self._clients[loop] = httpx.AsyncClient(
                headers=headers,
                auth=self.auth,
                timeout=None,  # noqa: S113
                follow_redirects=False,
            )
        return self._clients[loop]


class _Failure(Exception):
    """What an endpoint did in place of answering."""


def _check(response: httpx.Response) -> None:
    if response.has_redirect_location:
        raise _Failure(f"sends elsewhere (HTTP {response.status_code}); give the address that answers.")
    if response.status_code in (401, 403):
        raise _Failure(f"does not let us in (HTTP {response.status_code}); see user, password and token.")
    if response.status_code != 200:
        raise _Failure(f"answered HTTP {response.status_code}.")
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in (_RESULTS, "application/json"):
        raise _Failure(f'answered in "{kind[:60]}", not in {_RESULTS}.')


def _rows(body: bytes) -> list[Row]:
    rows: list[Row] = []
    results: Any = None
    try:
        results = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        if not isinstance(results, pyoxigraph.QuerySolutions):
            raise _Failure("answered yes or no, not in rows.")
        names = [variable.value for variable in results.variables]
        for solution in results:
            if len(rows) >= MOST_ROWS:
                raise _Failure(f"answered with more than {MOST_ROWS:,} rows.")
            rows.append({name: value for name, value in zip(names, solution, strict=True) if value is not None})
    except (SyntaxError, ValueError, OSError):
        raise _Failure("answered with what is no SPARQL result.") from None
    finally:
        results = None  # may be dropped on this thread only, and an exception would carry it elsewhere
    return rows


class _Loop:
    """One event loop on a thread of its own, for all endpoints of a process: only there can a whole query, and not
    only each of its reads, be bounded in time.
    """

    def __init__(self) -> None:
        self.process = os.getpid()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="groundwire-sparql", daemon=True).start()


_lock = threading.Lock()
_running: list[_Loop] = []


def _wait(asked: Coroutine[Any, Any, bytes]) -> bytes:
    with _lock:
        if not _running or _running[0].process != os.getpid():  # a fork has no thread of its parent's
            _running[:] = [_Loop()]
        loop = _running[0].loop
    return asyncio.run_coroutine_threadsafe(asked, loop).result()


def _close(clients: Clients) -> list[Future[None]]:
    """A client is closed on the loop that it was opened on, where that still runs. Does not wait for it: the garbage
    collector, which comes along on any thread, may have come on the loop's own.
    """
    closed = [
        asyncio.run_coroutine_threadsafe(client.aclose(), loop)
        for loop, client in clients.items()
        if _running and _running[0].loop is loop and _running[0].process == os.getpid()
    ]
    clients.clear()
    return closed
