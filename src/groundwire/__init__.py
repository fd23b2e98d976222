"""Groundwire checks every sentence a language model says before a person reads it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Names are loaded when first used, so that `import groundwire` costs nothing that the caller does not need.
_HOMES = {
    "Groundwire": "groundwire.client",
    "Config": "groundwire.config",
    **dict.fromkeys(
        ("ConfigError", "GroundwireError", "InputError", "KnowledgeError", "ModelError", "RuleError", "UpstreamError",
         "VerificationError"),
        "groundwire.errors",
    ),
    **dict.fromkeys(
        ("Action", "CheckedClaim", "Claim", "Decision", "Evidence", "Finding", "Kind", "Label", "Outcome", "Patch",
         "Reason", "Report", "Severity", "Span", "Triple", "Verdict"),
        "groundwire.model",
    ),
}  # fmt: skip

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    if home := _HOMES.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module 'groundwire' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from groundwire.client import Groundwire as Groundwire
    from groundwire.config import Config as Config
    from groundwire.errors import (
        ConfigError as ConfigError,
        GroundwireError as GroundwireError,
        InputError as InputError,
        KnowledgeError as KnowledgeError,
        ModelError as ModelError,
        RuleError as RuleError,
        UpstreamError as UpstreamError,
        VerificationError as VerificationError,
    )
    from groundwire.model import (
        Action as Action,
        CheckedClaim as CheckedClaim,
        Claim as Claim,
        Decision as Decision,
        Evidence as Evidence,
        Finding as Finding,
        Kind as Kind,
        Label as Label,
        Outcome as Outcome,
        Patch as Patch,
        Reason as Reason,
        Report as Report,
        Severity as Severity,
        Span as Span,
        Triple as Triple,
        Verdict as Verdict,
    )
