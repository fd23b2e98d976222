"""HTTP: a chat request comes in, the model's answer goes out, checked, with its report kept before its last byte.

`create_app` is the application and `serve` runs it; `acompletion` is the same way without HTTP. This room never
decides what is true, and in hold mode lets nothing out that a check did not let go.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Names are loaded when first used: starlette, uvicorn and litellm are not for `groundwire --help` to wait for.
_HOMES = {
    "FailingUpstream": "fakes",
    "Guard": "hooks",
    "LitellmModel": "asking",
    "LitellmUpstream": "upstream",
    "RecordedUpstream": "recorded",
    "Scripted": "scripted",
    "ScriptedUpstream": "fakes",
    "Upstream": "upstream",
    "acompletion": "inprocess",
    "as_dict": "upstream",
    "create_app": "app",
    "line_of": "provider_errors",
    "load_litellm": "upstream",
    "running": "serving",
    "serve": "serving",
    "serve_by": "workers",
    "serve_scripted": "fakes",
}

__all__ = [
    "FailingUpstream",
    "Guard",
    "LitellmModel",
    "LitellmUpstream",
    "RecordedUpstream",
    "Scripted",
    "ScriptedUpstream",
    "Upstream",
    "acompletion",
    "as_dict",
    "create_app",
    "line_of",
    "load_litellm",
    "running",
    "serve",
    "serve_by",
    "serve_scripted",
]


def __getattr__(name: str) -> Any:
    if home := _HOMES.get(name):
        return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from groundwire.gateway.app import create_app as create_app
    from groundwire.gateway.asking import LitellmModel as LitellmModel
    from groundwire.gateway.fakes import (
        FailingUpstream as FailingUpstream,
    )
    from groundwire.gateway.fakes import (
        ScriptedUpstream as ScriptedUpstream,
    )
    from groundwire.gateway.fakes import (
        serve_scripted as serve_scripted,
    )
    from groundwire.gateway.hooks import Guard as Guard
    from groundwire.gateway.inprocess import acompletion as acompletion
    from groundwire.gateway.provider_errors import line_of as line_of
    from groundwire.gateway.recorded import RecordedUpstream as RecordedUpstream
    from groundwire.gateway.scripted import Scripted as Scripted
    from groundwire.gateway.serving import running as running
    from groundwire.gateway.serving import serve as serve
    from groundwire.gateway.upstream import LitellmUpstream as LitellmUpstream
    from groundwire.gateway.upstream import Upstream as Upstream
    from groundwire.gateway.upstream import as_dict as as_dict
    from groundwire.gateway.upstream import load_litellm as load_litellm
    from groundwire.gateway.workers import serve_by as serve_by
