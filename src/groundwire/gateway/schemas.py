"""What crosses the edge, as pydantic models: `/openapi.json` is written from these and from the nouns."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class GivenDocument(BaseModel):
    """A text that the answer should rest on. `uri` is cited and never fetched."""

    model_config = ConfigDict(extra="forbid")

    text: str
    source: str | None = None
    uri: str | None = None


class Extension(BaseModel):
    """The `groundwire` field of a request: what to check against and how, within what the server allows."""

    model_config = ConfigDict(extra="forbid")

    documents: list[str | GivenDocument] | None = None
    question: str | None = None
    knowledge: str | list[str] | None = Field(default=None, description="Configured graphs by name, never a path.")
    rules: str | list[str] | None = Field(default=None, description="Packs that ship or are configured, by name.")
    mode: Literal["hold", "annotate", "off"] | None = None
    deadline_ms: float | None = Field(default=None, ge=1)


class _Asking(BaseModel):
    """Fields that are not here pass untouched to the provider."""

    model_config = ConfigDict(extra="allow")

    model: str | None = None
    stream: bool | None = None
    groundwire: Extension | None = None


class GivenMessage(BaseModel):
    """A message in the form that its format has for it."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[dict[str, Any]] | None = None


class ChatRequest(_Asking):
    messages: list[GivenMessage] = Field(min_length=1)
    n: int | None = Field(default=None, ge=1, le=128)


class CompletionRequest(_Asking):
    prompt: str | list[str]
    n: int | None = Field(default=None, ge=1, le=128)


class ResponsesRequest(_Asking):
    input: str | list[dict[str, Any]]
    instructions: str | None = None


class MessagesRequest(_Asking):
    messages: list[GivenMessage] = Field(min_length=1)
    max_tokens: int | None = None


class EmbeddingsRequest(BaseModel):
    model_config = ConfigDict(extra="allow")

    model: str | None = None
    input: Any = None


class VerifyRequest(BaseModel):
    """An answer, and what it should rest on."""

    model_config = ConfigDict(extra="forbid")

    answer: str
    context: str | list[str] | None = None
    question: str | None = None
    knowledge: str | list[str] | None = Field(default=None, description="Configured graphs by name, never a path.")


class GuardrailRequest(BaseModel):
    """LiteLLM Proxy's generic guardrail contract: texts of a request or of a response."""

    model_config = ConfigDict(extra="allow")

    input_type: Literal["request", "response"]
    texts: list[str] | None = None
    structured_messages: list[dict[str, Any]] | None = None
    tool_calls: list[dict[str, Any]] | None = None
    additional_provider_specific_params: dict[str, Any] | None = None
    model: str | None = None


class GuardrailResponse(BaseModel):
    """`action` is always there: a caller that misses it would let the text pass."""

    action: Literal["NONE", "GUARDRAIL_INTERVENED", "BLOCKED"]
    blocked_reason: str | None = None
    texts: list[str] | None = None


class ErrorBody(BaseModel):
    message: str
    type: str
    param: str | None = None
    code: str | None = None


class Failure(BaseModel):
    """The one shape of a failure, on every route; for Anthropic's clients with `"type": "error"` around it."""

    error: ErrorBody


class Health(BaseModel):
    status: Literal["ok", "ready", "not ready"]
    reason: str | None = Field(default=None, description="Why not ready.")
    not_reloaded: str | None = Field(
        default=None, description="What is wrong with the changed configuration; what ran before keeps serving."
    )
