"""What stands in for the extractor and the sentence finder where an answer cannot be checked any further."""

from typing import Any

from groundwire.model import Claim, Reason, Span


class Unread:
    """The extractor of what cannot be checked: all of it is one claim, and the claim is skipped."""

    name = "unread"

    def __init__(self, reason: Reason, version: str) -> None:
        self.reason, self.version = reason, version

    def warm(self) -> None:
        """Nothing to load."""

    def extract(self, answer: str, *, since: int = 0, **_: Any) -> tuple[Claim, ...]:
        text = answer[since:]
        if not text.strip():
            return ()
        return (Claim(id="", text=text, span=Span(since, len(answer)), skipped=self.reason),)


class Whole:
    """In place of `Growing` where no sentence is looked for: what has come is finished."""

    def __init__(self, end: int) -> None:
        self.end = end

    def feed(self, more: str) -> int:
        self.end += len(more)
        return self.end
