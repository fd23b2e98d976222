"""The application: routes, start and stop. `create_app(gw, upstream)` is plain ASGI for any server."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from groundwire.errors import GroundwireError, InputError, VerificationError
from groundwire.evidence import Document
from groundwire.gateway.account import account_of
from groundwire.gateway.answering import begin
from groundwire.gateway.chat import chat_completions
from groundwire.gateway.completions import completions
from groundwire.gateway.front import Front
from groundwire.gateway.guardrail import guardrail
from groundwire.gateway.messages import messages
from groundwire.gateway.operations import healthz, metrics, openapi, readyz
from groundwire.gateway.problems import explain, json_response, problem, respond
from groundwire.gateway.reloading import keep_up
from groundwire.gateway.request import Asked, known_graphs, read_json
from groundwire.gateway.responses import responses
from groundwire.gateway.sse import until_gone
from groundwire.gateway.state import State
from groundwire.gateway.threads import in_thread, make_room
from groundwire.gateway.upstream import Upstream
from groundwire.review import ReviewPages

if TYPE_CHECKING:
    from groundwire.client import Groundwire

log = logging.getLogger("groundwire.gateway")

LOOK_EVERY = 0.05  # seconds

_VERIFY_FIELDS = ("answer", "context", "question", "knowledge")


def create_app(
    gw: "Groundwire", upstream: Upstream, *, source: Path | None = None, counts: Path | None = None
) -> Starlette:
    """The gateway in front of `upstream`, checking as `gw` is configured.

    `source`: the groundwire.yaml that it was configured by, to be taken up again when it changes.
    `counts`: the file in which the processes of one machine count together what each key asks.
    """
    routes = [
        Route("/v1/chat/completions", chat_completions, methods=["POST"]),
        Route("/v1/completions", completions, methods=["POST"]),
        Route("/v1/responses", responses, methods=["POST"]),
        Route("/v1/messages", messages, methods=["POST"]),
        Route("/v1/embeddings", embeddings, methods=["POST"]),
        Route("/v1/models", models, methods=["GET"]),
        Route("/v1/verify", verify, methods=["POST"]),
        Route("/v1/reports/{id}", report, methods=["GET"]),
        Route("/beta/litellm_basic_guardrail_api", guardrail, methods=["POST"]),
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
        Route("/openapi.json", openapi, methods=["GET"]),
        Mount("/review", ReviewPages(lambda: gw.store, gw.config, source)),
    ]
    state = State(gw, upstream, counts)
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Front, state=state)],
        lifespan=partial(_lifespan, source=source),
        exception_handlers={
            GroundwireError: respond,
            HTTPException: respond,
            ClientDisconnect: _gone,
            Exception: respond,
        },
    )
    app.state = state  # type: ignore[assignment]
    return app


@asynccontextmanager
async def _lifespan(app: Starlette, source: Path | None) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_get_ready, app)
        tasks.start_soon(_watch_the_loop, cast(State, app.state))
        if source is not None:
            tasks.start_soon(keep_up, cast(State, app.state), source)
        yield
        tasks.cancel_scope.cancel()
    await app.state.let_go(at_once=True)
    await app.state.upstream.aclose()
    await to_thread.run_sync(lambda: app.state.groundwire.store.close())


async def _watch_the_loop(state: State) -> None:
    """How late the event loop comes round is how long every request waits for nothing."""
    while True:
        before = time.perf_counter()
        await anyio.sleep(LOOK_EVERY)
        state.metrics.lag.observe(max(0.0, time.perf_counter() - before - LOOK_EVERY))
        state.metrics.look()


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
    body = await read_json(request)
    told = await until_gone(request, lambda: request.app.state.upstream.embed(body))
    return await in_thread(json_response, told)


async def models(request: Request) -> Response:
    """The configured models. Without any, every name that litellm knows may be tried, and the list is empty."""
    data = [
        {"id": name, "object": "model", "created": 0, "owned_by": "groundwire"}
        for name in request.app.state.upstream.models
    ]
    return json_response({"object": "list", "data": data})


async def verify(request: Request) -> Response:
    """An answer in, its Report out, kept like any other."""
    answer, given = _verification(await read_json(request), request)
    exchange = begin(request, given)

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
    gw = request.app.state.groundwire
    found = await to_thread.run_sync(lambda: gw.store.get(id))  # it may have to be opened first
    if found is None:
        return json_response(problem(404, f"There is no report {id!r:.200}.").body, 404)
    return Response(found.model_dump_json(), media_type="application/json")


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody reads this. 499 is what proxies log for it."""
    account_of(request).outcome = "aborted"
    found = explain(HTTPException(499, "The client left."))
    return json_response(found.body, found.status)
