"""`/openapi.json`, written from the pydantic models."""

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from groundwire import __version__
from groundwire.gateway import schemas
from groundwire.model import Report

_ANSWER = "The provider's answer in its own format, with a top-level `groundwire`: the Report, or several."

# Path, method, what it is, request, response.
_ROUTES: tuple[tuple[str, str, str, type[BaseModel] | None, type[BaseModel] | None], ...] = (
    ("/v1/chat/completions", "post", "OpenAI's chat, checked.", schemas.ChatRequest, None),
    ("/v1/completions", "post", "OpenAI's completions, checked.", schemas.CompletionRequest, None),
    ("/v1/responses", "post", "OpenAI's responses, checked.", schemas.ResponsesRequest, None),
    ("/v1/messages", "post", "Anthropic's messages, checked.", schemas.MessagesRequest, None),
    ("/v1/embeddings", "post", "Passed through.", schemas.EmbeddingsRequest, None),
    ("/v1/models", "get", "The configured models.", None, None),
    ("/v1/verify", "post", "An answer in, its Report out.", schemas.VerifyRequest, Report),
    ("/v1/reports/{id}", "get", "A stored Report.", None, Report),
    (
        *("/beta/litellm_basic_guardrail_api", "post", "LiteLLM Proxy's generic guardrail contract."),
        *(schemas.GuardrailRequest, schemas.GuardrailResponse),
    ),
    ("/healthz", "get", "The process is alive.", None, schemas.Health),
    ("/readyz", "get", "Everything is loaded; if not, why not.", None, schemas.Health),
    ("/metrics", "get", "Figures for Prometheus.", None, None),
    ("/openapi.json", "get", "This.", None, None),
)

_Mode = Literal["validation", "serialization"]

_REFUSALS = {
    "400": "Something in the request is not what it should be; `param` names it.",
    "401": "A key is needed.",
    "403": "The key is not for this.",
    "404": "There is no such model, report or path.",
    "408": "The body did not come in time.",
    "413": "The body is too large.",
    "429": "Too much at once, or the key's rate is used up; `Retry-After` says when to come back.",
    "502": "The provider failed, or the check could not be made (`verification_failed`).",
    "503": "Not ready.",
}


@cache
def document() -> dict[str, Any]:
    """The whole description, as OpenAPI 3.1."""
    # What comes in as it is read, what goes out as it is written: a span is an object there.
    read: set[tuple[type[BaseModel], _Mode]] = {(route[3], "validation") for route in _ROUTES if route[3]}
    written: set[tuple[type[BaseModel], _Mode]] = {(route[4], "serialization") for route in _ROUTES if route[4]}
    written.add((schemas.Failure, "serialization"))
    ordered = sorted(read | written, key=lambda model: model[0].__name__)
    _, defined = models_json_schema(ordered, ref_template="#/components/schemas/{model}")
    paths: dict[str, Any] = {}
    for path, method, what, asked, told in _ROUTES:
        paths.setdefault(path, {})[method] = _operation(path, what, asked, told)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Groundwire", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": defined["$defs"],
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "x-groundwire-key"},
            },
        },
        "security": [{}, {"bearer": []}, {"key": []}],
    }


def _operation(path: str, what: str, asked: type[BaseModel] | None, told: type[BaseModel] | None) -> dict[str, Any]:
    content: dict[str, Any]
    if path == "/metrics":
        content = {"text/plain": {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": _ref(told) if told else {"type": "object"}}}
    if asked and "stream" in asked.model_fields:
        what = f"{what} {_ANSWER}"
        content["text/event-stream"] = {}
    failure = {"application/json": {"schema": _ref(schemas.Failure)}}
    operation: dict[str, Any] = {
        "summary": what,
        "responses": {
            "200": {"description": "Done.", "content": content},
            **{status: {"description": words, "content": failure} for status, words in _REFUSALS.items()},
        },
    }
    if asked:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(asked)}}}
    if "{id}" in path:
        operation["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    return operation


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
