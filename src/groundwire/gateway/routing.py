"""litellm's Router, with its streams open to the truncation guard. For models with several deployments."""

from collections.abc import Mapping, Sequence
from typing import Any


def router(litellm: Any, model_list: Sequence[Mapping[str, Any]]) -> Any:
    """A Router over `model_list` that retries nothing."""

    class OpenRouter(litellm.Router):  # type: ignore[misc]
        async def _acompletion_streaming_iterator(self, model_response: Any, *given: Any, **named: Any) -> Any:
            # The Router's wrapper hides whether the provider finished. What it wraps knows.
            wrapped = await super()._acompletion_streaming_iterator(model_response, *given, **named)
            wrapped.groundwire_inner = model_response
            return wrapped

    return OpenRouter(model_list=[dict(entry) for entry in model_list], num_retries=0, set_verbose=False)
