"""What went wrong → a status and OpenAI's error body. There is one error shape, on every route.

`{"error": {"message", "type", "param", "code"}}`. Of a provider's own error body no more than these is passed on.
"""

import json
import logging
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from groundwire.errors import InputError, KeyRefused, OverloadError, RateError, UpstreamError, VerificationError
from groundwire.gateway.account import account_of, outcome_of
from groundwire.gateway.provider_errors import fields_of, line_of

log = logging.getLogger("groundwire.gateway")

VERIFICATION_FAILED = "verification_failed"

# Headers of a provider's refusal that tell the client when to come back. Nothing else of its headers is passed on.
_KEPT_HEADERS = ("retry-after", "retry-after-ms")
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


class Problem(NamedTuple):
    """A failure as it goes over the wire."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def error(self) -> dict[str, Any]:
        """The inner object: message, type, param, code."""
        error: dict[str, Any] = self.body["error"]
        return error


def problem(
    status: int, message: str, *, type: str | None = None, param: str | None = None, code: str | None = None
) -> Problem:
    """A failure of our own."""
    kind = type or _TYPES.get(status) or ("invalid_request_error" if status < 500 else "server_error")
    return Problem(status, {"error": {"message": message, "type": kind, "param": param, "code": code}}, {})


def explain(error: BaseException) -> Problem:
    """The failure as a client should see it. What was not foreseen is logged, and its details stay here."""
    match error:
        case InputError():
            return problem(400, str(error), param=error.where, code="invalid_value")
        case UpstreamError():
            return _upstream(error)
        case VerificationError():
            found = problem(502, str(error), type=VERIFICATION_FAILED, code=VERIFICATION_FAILED)
            if error.report:
                found.headers["x-groundwire-report"] = error.report
            return found
        case OverloadError():
            found = problem(429, str(error), code="rate_limited" if isinstance(error, RateError) else "overloaded")
            found.headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
            return found
        case KeyRefused():
            return problem(error.status, str(error), code="invalid_api_key" if error.status == 401 else "not_allowed")
        case HTTPException():
            headers = dict(error.headers or {})
            return problem(error.status_code, str(error.detail))._replace(headers=headers)
    log.error("unforeseen failure", exc_info=error)
    return problem(500, "Groundwire failed while it handled this request.", type="internal_error")


def _upstream(error: UpstreamError) -> Problem:
    # An answer of 1xx to 3xx is no error status: a client would take the body for an answer.
    status = error.status if 400 <= error.status <= 599 else 502
    kind = "upstream_error" if status >= 500 else None
    made = problem(status, line_of(str(error)), type=kind, code="upstream_error")
    made.error.update(fields_of(error.body))
    kept = {name: value for name, value in error.headers.items() if name.lower() in _KEPT_HEADERS}
    return made._replace(headers=kept)


def encode(value: Any) -> bytes:
    """JSON in ASCII: no line separator, lone surrogate or BOM in it can be cut or mistaken on the way."""
    return json.dumps(value, separators=(",", ":")).encode()


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(value), status, headers, "application/json")


def answer_to(error: BaseException, path: str) -> Response:
    """The failure in the shape that the clients of this path know: Anthropic's wraps OpenAI's."""
    found = explain(error)
    body = {"type": "error", **found.body} if path.startswith("/v1/messages") else found.body
    return json_response(body, found.status, found.headers)


def path_of(scope: Scope) -> str:
    """The path that the routes see: without the prefix that the gateway stands under (`root_path`), if any.

    Servers put the prefix before the path, or leave it out; a mount inside another application puts it there.
    """
    path, root = str(scope["path"]), str(scope.get("root_path") or "").rstrip("/")
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


async def respond(request: Request, error: Exception) -> Response:
    """Exception handler of the application."""
    account_of(request).outcome = outcome_of(error)
    return answer_to(error, path_of(request.scope))
