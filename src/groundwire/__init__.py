"""Groundwire checks every sentence a language model says before a person reads it."""

from typing import TYPE_CHECKING, Any

from groundwire.errors import (
    ConfigError,
    GroundwireError,
    InputError,
    KnowledgeError,
    ModelError,
    RuleError,
    UpstreamError,
    VerificationError,
)
from groundwire.model import (
    Action,
    CheckedClaim,
    Claim,
    Decision,
    Evidence,
    Finding,
    Kind,
    Label,
    Outcome,
    Patch,
    Reason,
    Report,
    Severity,
    Span,
    Triple,
    Verdict,
)

if TYPE_CHECKING:
    from groundwire.client import Groundwire
    from groundwire.config import Config

__version__ = "0.1.0"

__all__ = [
    "Action",
    "CheckedClaim",
    "Claim",
    "Config",
    "ConfigError",
    "Decision",
    "Evidence",
    "Finding",
    "Groundwire",
    "GroundwireError",
    "InputError",
    "Kind",
    "KnowledgeError",
    "Label",
    "ModelError",
    "Outcome",
    "Patch",
    "Reason",
    "Report",
    "RuleError",
    "Severity",
    "Span",
    "Triple",
    "UpstreamError",
    "Verdict",
    "VerificationError",
]


def __getattr__(name: str) -> Any:
    # The two names behind which everything else stands are loaded when first used: `import groundwire` stays cheap.
    if name == "Groundwire":
        from groundwire.client import Groundwire

        return Groundwire
    if name == "Config":
        from groundwire.config import Config

        return Config
    raise AttributeError(f"module 'groundwire' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
