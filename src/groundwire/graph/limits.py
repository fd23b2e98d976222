"""How long a store may take, told to it past the judge, who asks it many small questions."""

from contextvars import ContextVar

UNTIL: ContextVar[float | None] = ContextVar("UNTIL", default=None)
"""The moment of `time.monotonic()` after which nobody waits for an answer any more."""
