"""A SPARQL endpoint on this machine, over facts: for tests, for `groundwire bench graph`, and to try one out.

It speaks the SPARQL 1.1 protocol (queries by GET and POST) over pyoxigraph, and takes no updates and no SERVICE.
"""

import asyncio
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from groundwire.graph.statements import Statement, undated
from groundwire.graph.terms import entity, term

_JSON = pyoxigraph.QueryResultsFormat.JSON


def store_of(statements: Iterable[Statement]) -> pyoxigraph.Store:
    """Facts as triples in memory; when they hold is left out."""
    store = pyoxigraph.Store()
    store.bulk_extend(
        pyoxigraph.Quad(entity(subject), entity(relation), term(object))
        for subject, relation, object in undated(statements)
    )
    return store


def sparql_app(store: pyoxigraph.Store) -> Starlette:
    """The endpoint, at /sparql."""

    async def answer(request: Request) -> Response:
        given = request.url.query if request.method == "GET" else (await request.body()).decode()
        form = parse_qs(given)
        if list(form).count("query") != 1 or "update" in form:
            return PlainTextResponse("a query is expected", 400)
        return await asyncio.to_thread(_answered, store, form["query"][0], form.get("default-graph-uri", []))

    return Starlette(routes=[Route("/sparql", answer, methods=["GET", "POST"])])


def _answered(store: pyoxigraph.Store, query: str, graphs: list[str]) -> Response:
    if re.search(r"\bservice\b", query, re.IGNORECASE):
        return PlainTextResponse("SERVICE is not offered", 400)
    results: Any = None
    try:
        results = store.query(query, default_graph=[pyoxigraph.NamedNode(graph) for graph in graphs] or None)
        return Response(results.serialize(format=_JSON), media_type=_JSON.media_type)
    except (SyntaxError, ValueError, AttributeError) as error:
        return PlainTextResponse(str(error), 400)
    finally:
        results = None  # may be dropped on this thread only


@contextmanager
def serve_facts(statements: Iterable[Statement]) -> Iterator[str]:
    """Serve facts as long as the block runs, and give the endpoint's address."""
    with serving(sparql_app(store_of(statements))) as address:
        yield f"{address}/sparql"


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Run an ASGI app on a free port of this machine, and give its address."""
    import socket

    import uvicorn

    # asyncio lets small packets go at once only on a socket that says that it is TCP.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)  # from now on, or who asks before the thread runs is refused
        port = listening.getsockname()[1]
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()
