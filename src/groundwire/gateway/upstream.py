"""Where answers come from: the protocol, and any provider through litellm.

litellm is imported when an upstream is opened, on a worker thread: it takes seconds. Its streams are read below its
own wrapper where that can be done, because the wrapper (1.106) ends a broken stream with `stop`, and all choices of a
stream when the first ends.
"""

import os
import threading
import warnings
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from groundwire.config import reveal
from groundwire.errors import UpstreamError
from groundwire.gateway.direct import DirectUpstream

if TYPE_CHECKING:
    from groundwire.config import UpstreamSettings

# What a client may set of litellm's own arguments: OpenAI's parameters. All else goes into the body as it is, so that
# no request can name another server, another key or a file of this machine.
_PARAMETERS = frozenset(
    ("model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs",
     "max_completion_tokens", "max_tokens", "modalities", "n", "parallel_tool_calls", "prediction",
     "presence_penalty", "reasoning_effort", "response_format", "seed", "service_tier", "stop", "stream",
     "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user",
     "input", "dimensions", "encoding_format")
)  # fmt: skip


CLIENT_KEY: ContextVar[str | None] = ContextVar("groundwire_client_key", default=None)
"""The key of the client that is served here, where it takes the place of the configured one."""


class Upstream(Protocol):
    """A source of answers, in OpenAI's chat format as plain dicts. Every failure is an UpstreamError."""

    @property
    def models(self) -> Sequence[str]:
        """The names that a request may use; empty where any name may be tried."""

    async def open(self) -> None:
        """Load what is needed. Called once at start; the others work without it too."""

    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        """A chat.completion. Raises: UpstreamError."""

    def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """The chunks of a chat.completion.chunk stream. A stream that breaks off raises UpstreamError."""

    async def embed(self, request: dict[str, Any]) -> dict[str, Any]:
        """An embeddings response. Raises: UpstreamError."""

    async def aclose(self) -> None:
        """Let go of connections."""


_loading = threading.Lock()


def load_litellm() -> Any:
    """litellm, without its telemetry, its banner and its look at the network. Takes seconds the first time."""
    with _loading:
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import litellm
        # Its types are built when first used, and pydantic has something to say about them.
        warnings.filterwarnings("ignore", message="Item '.*' on TypedDict class", category=UserWarning)
        litellm.telemetry = False
        litellm.suppress_debug_info = True
        return litellm


class LitellmUpstream:
    """Any provider that litellm knows: one model, a list of models, or whatever model the request names.

    `model_list` has the form that litellm's Router takes. A name with one deployment is called directly; a name with
    several goes through the Router, which spreads the load. With no model configured the request's name is litellm's.
    Nothing is retried.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        model_list: Sequence[Mapping[str, Any]] = (),
        timeout: float = 600,
    ) -> None:
        if model:
            own = {"model": model, "api_base": api_base, "api_key": api_key}
            model_list = [{"model_name": name, "litellm_params": own} for name in _names(model)]
        self._fallback = {"api_base": api_base, "api_key": api_key}
        self._deployments: dict[str, list[dict[str, Any]]] = {}
        for entry in model_list:
            given = {key: value for key, value in entry["litellm_params"].items() if value is not None}
            self._deployments.setdefault(entry["model_name"], []).append(reveal(given))
        self._default = model or (next(iter(self._deployments)) if len(self._deployments) == 1 else None)
        self._model_list = [reveal(dict(entry)) for entry in model_list]
        self._timeout = timeout
        self._router: Any = None
        self._litellm: Any = None
        self._direct: dict[str, DirectUpstream | None] = {}

    @classmethod
    def of(cls, settings: "UpstreamSettings") -> "LitellmUpstream":
        """Raises: ConfigError where a secret is not in the environment."""
        return cls(
            settings.model,
            api_base=settings.api_base,
            api_key=reveal(settings.api_key),
            model_list=settings.model_list,
            timeout=settings.timeout_s,
        )

    @property
    def models(self) -> Sequence[str]:
        return tuple(self._deployments)

    async def open(self) -> None:
        from anyio import to_thread

        self._litellm = await to_thread.run_sync(load_litellm)

    async def complete(self, request: dict[str, Any]) -> dict[str, Any]:
        if direct := self._plain(request):
            try:
                return await direct.complete(_arguments(request), CLIENT_KEY.get())
            except Exception as error:  # OpenAI's client raises what its HTTP library raises, too
                raise translated(error) from error
        response = await self._call("acompletion", {**request, "stream": False})
        return as_dict(response)

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        if direct := self._plain(request):
            try:
                async with aclosing(direct.stream(_arguments(request), CLIENT_KEY.get())) as plain:
                    async for chunk in plain:
                        yield chunk
            except Exception as error:  # as above
                raise translated(error) from error
            return
        response = await self._call("acompletion", {**request, "stream": True})
        async with aclosing(chunks_of(response)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def embed(self, request: dict[str, Any]) -> dict[str, Any]:
        return as_dict(await self._call("aembedding", request))

    def _plain(self, request: Mapping[str, Any]) -> "DirectUpstream | None":
        """The server behind the request's model, where it can be asked without litellm."""
        name = request.get("model") or self._default
        if name not in self._deployments or len(self._deployments[name]) != 1:
            return None
        if name not in self._direct:
            self._direct[name] = DirectUpstream.of(self._deployments[name][0], self._timeout)
        return self._direct[name]

    async def let_go(self) -> None:
        """Close the connections that are this upstream's alone: another takes its place."""
        for direct in self._direct.values():
            if direct is not None:
                await direct.aclose()

    async def aclose(self) -> None:
        """litellm keeps its connections for the whole process, so they are closed with it."""
        await self.let_go()
        if self._litellm is not None:
            await self._litellm.close_litellm_async_clients()

    def ask(self, request: dict[str, Any], *, timeout: float) -> dict[str, Any]:
        """`complete` for a worker thread, with the configured key: this is no question of a client's.

        Parameters that the model does not know are left out.
        """
        self._litellm = load_litellm()
        call = self._prepared("completion", request, timeout, None)
        try:
            return as_dict(_off_the_main_thread(partial(call, drop_params=True)))
        except Exception as error:  # litellm raises whatever its providers' libraries raise
            raise translated(error) from error

    async def _call(self, function: str, request: dict[str, Any]) -> Any:
        if self._litellm is None:
            await self.open()
        call = self._prepared(function, request, self._timeout, CLIENT_KEY.get())
        try:
            return await call()
        except Exception as error:  # as above
            raise translated(error) from error

    def _prepared(self, function: str, request: dict[str, Any], timeout: float, key: str | None) -> Callable[..., Any]:
        """litellm's or its Router's function with its arguments. Raises: UpstreamError for a model that is not here.

        `key` takes the place of the configured one.
        """
        name = request.get("model") or self._default
        if name is None:
            raise _no_model("You must provide a model.", self.models)
        arguments = _arguments(request)
        arguments |= {"num_retries": 0, "max_retries": 0, "timeout": timeout}
        own_key = {"api_key": key} if key else {}
        deployments = self._deployments.get(name)
        if deployments is None and self._deployments:
            raise _no_model(f"The model {name!r:.200} does not exist here.", self.models)
        if deployments and len(deployments) > 1:
            return partial(getattr(self._routed(), function), **arguments | {"model": name} | own_key)
        own = deployments[0] if deployments else {k: v for k, v in self._fallback.items() if v is not None}
        return partial(getattr(self._litellm, function), **{**arguments, "model": name, **own, **own_key})

    def _routed(self) -> Any:
        if self._router is None:
            from groundwire.gateway.routing import router

            self._router = router(self._litellm, self._model_list)
        return self._router


def _off_the_main_thread(call: Callable[[], Any]) -> Any:
    """On the main thread litellm would make itself an event loop for its own notes, and never close it."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    with ThreadPoolExecutor(1, thread_name_prefix="groundwire-ask") as pool:
        return pool.submit(call).result()


def _arguments(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request as keyword arguments: what has no such name goes into the body as it is."""
    arguments = {key: value for key, value in request.items() if key in _PARAMETERS}
    if extra := {key: value for key, value in request.items() if key not in _PARAMETERS}:
        arguments["extra_body"] = extra
    return arguments


def _names(model: str) -> list[str]:
    """A model answers to litellm's name for it and to the provider's: openai/gpt-4o-mini, gpt-4o-mini."""
    return list(dict.fromkeys((model, model.partition("/")[2] or model)))


def _no_model(message: str, known: Sequence[str]) -> UpstreamError:
    listed = f" Models here: {', '.join(known)}." if known else ""
    error = {"message": message + listed, "type": "invalid_request_error", "param": "model", "code": "model_not_found"}
    return UpstreamError(message + listed, status=404, body=error)


async def chunks_of(response: Any) -> AsyncGenerator[dict[str, Any], None]:
    """The chunks of litellm's streaming response. Raises: UpstreamError, also for a stream that just ends."""
    source = _below(response)
    inner = getattr(response, "groundwire_inner", response)
    ended = False
    try:
        async for chunk in source:
            data = as_dict(chunk)
            ended = ended or any(choice.get("finish_reason") for choice in choices_of(data))
            if ended and source is response and not (inner.received_finish_reason or inner.intermittent_finish_reason):
                raise broken_off()  # nobody but litellm said `stop`
            yield data
        if not ended:
            raise broken_off()
    except UpstreamError:
        raise
    except Exception as error:  # as above
        raise translated(error) from error
    finally:
        await response.aclose()


def broken_off() -> UpstreamError:
    return UpstreamError(
        "The upstream's stream ended before its answer did.",
        body={"message": "The upstream's stream ended before its answer did.", "code": "upstream_incomplete"},
    )


def _below(response: Any) -> Any:
    """The provider's own stream where it speaks OpenAI's format, else litellm's translation of it."""
    import openai
    from litellm.llms.openai.chat.gpt_transformation import OpenAIChatCompletionStreamingHandler

    stream = getattr(response, "completion_stream", None)
    if isinstance(stream, openai.AsyncStream | OpenAIChatCompletionStreamingHandler):
        return stream
    return response


def as_dict(model: Any) -> dict[str, Any]:
    """A response or chunk as plain data. Fields that the provider did not set stay absent."""
    with warnings.catch_warnings():
        # Providers put values into fields that the types do not foresee. They are passed on as they are.
        warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
        data: dict[str, Any] = model.model_dump(mode="json", exclude_unset=True)
    for choice in choices_of(data):
        for holder in (choice, choice.get("message"), choice.get("delta")):
            if isinstance(holder, dict) and "provider_specific_fields" in holder:
                _put_back(holder)
    return data


def choices_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of an answer or a chunk, as far as they are any."""
    choices = data.get("choices")
    return [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []


def _put_back(holder: dict[str, Any]) -> None:
    """litellm files fields that it does not know, OpenAI's `refusal` among them, under a name of its own."""
    aside = holder.pop("provider_specific_fields") or {}
    for name, value in aside.items():
        if value is not None or name == "refusal":
            holder.setdefault(name, value)


def translated(error: Exception) -> UpstreamError:
    """A provider's failure with its status, its own message and its own error body, as far as litellm kept them."""
    import httpx
    import openai

    if isinstance(error, UpstreamError):
        return error
    status = getattr(error, "status_code", None)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    for cause in _causes(error):
        body = body or _mapping(getattr(cause, "body", None))
        headers = headers or _mapping(getattr(cause, "headers", None))
        headers = headers or _mapping(getattr(getattr(cause, "response", None), "headers", None))
        if isinstance(cause, openai.APITimeoutError | httpx.TimeoutException | TimeoutError):
            status = 504
        elif isinstance(cause, openai.APIConnectionError | httpx.TransportError | OSError):
            status = 502  # there was no answer that could have had a status
    message = str(getattr(error, "message", None) or error)
    return UpstreamError(
        _first_line(message), status=status if isinstance(status, int) else 502, body=body, headers=headers
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it. litellm wraps a provider's failure several times."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _mapping(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) and value else None


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0][:1000] or "The upstream failed."
