"""The application: routes, start and stop. `create_app(gw, upstream)` is plain ASGI for any server."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from groundwire.errors import GroundwireError, InputError, VerificationError
from groundwire.evidence import Document
from groundwire.gateway.chat import chat_completions
from groundwire.gateway.checking import Exchange
from groundwire.gateway.messages import messages
from groundwire.gateway.problems import explain, json_response, problem, respond
from groundwire.gateway.request import Asked, known_graphs, parse, read_body
from groundwire.gateway.sse import until_gone
from groundwire.gateway.streaming import in_thread, make_room
from groundwire.gateway.upstream import Upstream
from groundwire.review import ReviewPages

if TYPE_CHECKING:
    from groundwire.client import Groundwire

log = logging.getLogger("groundwire.gateway")

_VERIFY_FIELDS = ("answer", "context", "question", "knowledge")


def create_app(gw: "Groundwire", upstream: Upstream) -> Starlette:
    """The gateway in front of `upstream`, checking as `gw` is configured."""
    routes = [
        Route("/v1/chat/completions", chat_completions, methods=["POST"]),
        Route("/v1/messages", messages, methods=["POST"]),
        Route("/v1/embeddings", embeddings, methods=["POST"]),
        Route("/v1/models", models, methods=["GET"]),
        Route("/v1/verify", verify, methods=["POST"]),
        Route("/v1/reports/{id}", report, methods=["GET"]),
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Mount("/review", ReviewPages(lambda: gw.store, gw.config)),
    ]
    app = Starlette(
        routes=routes,
        lifespan=_lifespan,
        exception_handlers={
            GroundwireError: respond,
            HTTPException: respond,
            ClientDisconnect: _gone,
            Exception: respond,
        },
    )
    app.state.groundwire, app.state.upstream = gw, upstream
    app.state.not_ready = "starting"
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_get_ready, app)
        yield
        tasks.cancel_scope.cancel()
    await app.state.upstream.aclose()
    await to_thread.run_sync(app.state.groundwire.store.close)


async def _get_ready(app: Starlette) -> None:
    """Load what is slow to load. Requests that come earlier wait for what they need of it."""
    make_room(app.state.groundwire)
    try:
        await app.state.upstream.open()
        await to_thread.run_sync(_warm, app.state.groundwire)
    except Exception as error:  # the reason is shown at /readyz, and requests meet it again
        log.error("not ready", exc_info=error)
        app.state.not_ready = str(error) if isinstance(error, GroundwireError) else type(error).__name__
    else:
        app.state.not_ready = None


def _warm(gw: "Groundwire") -> None:
    gw.warm()
    gw.store  # noqa: B018 - opened here and not by the first request


async def embeddings(request: Request) -> Response:
    """Passed through: an embedding states nothing."""
    body = parse(await read_body(request))
    return json_response(await until_gone(request, lambda: request.app.state.upstream.embed(body)))


async def models(request: Request) -> Response:
    """The configured models. Without any, every name that litellm knows may be tried, and the list is empty."""
    data = [
        {"id": name, "object": "model", "created": 0, "owned_by": "groundwire"}
        for name in request.app.state.upstream.models
    ]
    return json_response({"object": "list", "data": data})


async def verify(request: Request) -> Response:
    """An answer in, its Report out, kept like any other."""
    gw = request.app.state.groundwire
    answer, given = _verification(parse(await read_body(request)), request)
    exchange = Exchange(gw, given, gw.store)

    def checked() -> dict[str, Any]:
        part = exchange.begin(0, "content")
        part.finish(answer)
        try:
            exchange.settle()
        except VerificationError:
            # The caller holds the answer already: that it could not be checked is what the report says.
            if not part.check.failed:
                raise
        return part.report.model_dump(mode="json")

    told = await until_gone(request, lambda: in_thread(checked))
    return json_response(told, headers=exchange.headers())


def _verification(body: dict[str, Any], request: Request) -> tuple[str, Asked]:
    if unknown := sorted(set(body) - set(_VERIFY_FIELDS)):
        raise InputError(f"{unknown[0]:.80}", "this field is not known.", ", ".join(_VERIFY_FIELDS))
    known_graphs(body.get("knowledge"), request.app.state.groundwire.config)
    answer, question, context = body.get("answer"), body.get("question"), body.get("context") or []
    if not isinstance(answer, str):
        raise InputError("answer", "it is missing or not text.", "a string")
    if question is not None and not isinstance(question, str):
        raise InputError("question", "this is not text.", "a string")
    context = [context] if isinstance(context, str) else context
    if not isinstance(context, list) or not all(isinstance(text, str) for text in context):
        raise InputError("context", "this is not text.", "a string or a list of strings")
    documents = tuple(Document(f"context {number}", text) for number, text in enumerate(context, start=1))
    return answer, Asked({}, documents=documents, question=question)


async def report(request: Request) -> Response:
    """A stored report."""
    id = request.path_params["id"]
    found = await to_thread.run_sync(request.app.state.groundwire.store.get, id)
    if found is None:
        return json_response(problem(404, f"There is no report {id!r:.200}.").body, 404)
    return Response(found.model_dump_json(), media_type="application/json")


async def healthz(request: Request) -> Response:
    """The process is alive."""
    return json_response({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Everything is loaded; if not, why not."""
    reason = request.app.state.not_ready
    if reason is None:
        return json_response({"status": "ready"})
    return json_response({"status": "not ready", "reason": reason}, 503)


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody reads this. 499 is what proxies log for it."""
    found = explain(HTTPException(499, "The client left."))
    return json_response(found.body, found.status)
