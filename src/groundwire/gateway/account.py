"""What became of one request: the word that it is counted and logged under."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection

from groundwire.errors import InputError, KeyRefused, OverloadError, RateError, UpstreamError, VerificationError
from groundwire.model import Outcome

if TYPE_CHECKING:
    from groundwire.gateway.checking import Exchange


@dataclass
class Account:
    """What is known of one request when it is over."""

    exchange: "Exchange | None" = None
    outcome: str | None = None
    key: str | None = None
    status: int = 0
    answered: bool = False

    def result(self) -> str:
        """The word that it is counted under."""
        if self.outcome:
            return self.outcome
        if self.exchange is not None and self.exchange.parts:
            worst = self.exchange.worst()
            return "aborted" if worst.aborted and worst.verdict is Outcome.UNCHECKED else worst.verdict.value
        if not self.answered:
            return "aborted"
        return "passed" if self.status < 400 else "refused" if self.status < 500 else "error"


def account_of(connection: HTTPConnection) -> Account:
    """That of this request."""
    account: Account = connection.scope.setdefault("groundwire", Account())
    return account


def outcome_of(error: BaseException) -> str:
    """The word for a request that ended with this."""
    match error:
        case RateError():
            return "limited"
        case OverloadError():
            return "overloaded"
        case KeyRefused():
            return "unauthorized"
        case UpstreamError():
            return "upstream_error"
        case VerificationError():
            return "verification_failed"
        case ClientDisconnect():
            return "aborted"
        case InputError():
            return "refused"
        case HTTPException():
            return "refused" if error.status_code < 500 else "error"
    return "error"
