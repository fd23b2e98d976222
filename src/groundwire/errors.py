"""Every exception that Groundwire raises on purpose.

    GroundwireError
     ├── InputError              a file, config, rule, triple or request is not what it should be; exit code 2
     │    ├── ConfigError
     │    ├── RuleError
     │    └── KnowledgeError
     ├── VerificationError       a check could not be made, and the rules say hold
     ├── UpstreamError           the model provider failed; keeps its status and message
     ├── EndpointError           a SPARQL endpoint does not answer, or with what is no answer
     ├── ModelError              an entailment model cannot be loaded or used
     ├── KeyRefused              a gateway key is missing, unknown or not for this
     ├── DeadlineError           the moment passed until which a caller wanted to wait
     └── OverloadError           more waits to be computed than the process takes on
          └── RateError          a gateway key has asked as often as it may

Judges raise none of these through the pipeline: what fails inside one becomes a finding labelled `error`, what comes
too late one labelled `deadline`.
"""

from collections.abc import Mapping
from typing import Any


class GroundwireError(Exception):
    """Base of all. `str(error)` is one line that a user can act on."""


class InputError(GroundwireError):
    """What the user gave is wrong: `where` (file:line:column or a field), `what` is wrong, what was `expected`."""

    def __init__(self, where: str, what: str, expected: str = "") -> None:
        self.where, self.what, self.expected = where, what, expected
        line = f"{where}: {what}" + (f" Expected {expected}." if expected else "")
        super().__init__(" ".join(line.split()))


class ConfigError(InputError):
    """groundwire.yaml, the environment or a keyword argument."""


class RuleError(InputError):
    """A rule pack."""


class KnowledgeError(InputError):
    """A graph or document source."""


class VerificationError(GroundwireError):
    """A check could not be made, and the answer must not go out without it. `report` id finds the record."""

    def __init__(self, message: str, report: str | None = None) -> None:
        self.report = report
        super().__init__(message)


class UpstreamError(GroundwireError):
    """The provider's failure: HTTP `status` and, where it sent one, its error `body` in OpenAI's shape.

    Both its words and its body are the provider's own and may hold anything: the gateway passes on a part of them.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 502,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.body, self.headers = status, body, dict(headers or {})
        super().__init__(message)


class EndpointError(GroundwireError):
    """A SPARQL endpoint does not answer in time, or with what is no answer. Says which, and never a credential."""


class ModelError(GroundwireError):
    """An entailment model cannot be loaded, or answered with something that is not probabilities."""


class DeadlineError(GroundwireError):
    """The moment passed until which the caller wanted to wait. What it asked for was not, or not all, computed."""


class OverloadError(GroundwireError):
    """More waits to be computed than the process takes on. Nothing is wrong with the call: it may be made again.

    `retry_after` is when, in seconds.
    """

    def __init__(self, message: str, *, retry_after: float = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class RateError(OverloadError):
    """A gateway key has asked as often as it may for now."""


class KeyRefused(GroundwireError):
    """A gateway key is missing or unknown (401), or not for this (403). `status` says which."""

    def __init__(self, message: str, *, status: int = 401) -> None:
        self.status = status
        super().__init__(message)
