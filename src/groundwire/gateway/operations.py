"""What whoever runs the gateway asks of it: is it alive, is it ready, what does it do, what does it take."""

from starlette.requests import Request
from starlette.responses import Response

from groundwire.gateway.metrics import CONTENT_TYPE
from groundwire.gateway.openapi import document
from groundwire.gateway.problems import json_response


async def healthz(request: Request) -> Response:
    """The process is alive."""
    return json_response({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Everything is loaded; if not, why not. A change of the configuration that could not be used is told too.

    Such a change is no reason to take no more requests: what ran before it keeps serving.
    """
    state = request.app.state
    wrong = state.not_reloaded or state.groundwire.rule_source.problem
    told = {"not_reloaded": str(wrong)} if wrong else {}
    if state.not_ready is None:
        return json_response({"status": "ready", **told})
    return json_response({"status": "not ready", "reason": state.not_ready, **told}, 503)


async def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    state = request.app.state
    state.metrics.runs(state.groundwire)  # rules may have been read again
    return Response(state.metrics.text(), headers={"content-type": CONTENT_TYPE})


async def openapi(request: Request) -> Response:
    """What every route takes and gives."""
    return json_response(document())
