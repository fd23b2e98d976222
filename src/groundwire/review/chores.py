"""What a store does between reports: sign the chain, erase what is too old."""

from typing import Protocol

from groundwire.review.database import Database


class Chore(Protocol):
    """Done on the store's own thread, when it is due. `at_the_end`: once more when the store closes."""

    at_the_end: bool

    def due(self, now: float) -> bool:
        """Whether it is time. `now` is of `time.monotonic()`, in seconds."""

    def run(self, database: Database) -> None:
        """Do it. What it raises is logged, and it is tried again."""
