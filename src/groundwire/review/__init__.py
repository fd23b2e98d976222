"""Reports are kept here: what was said, what was found about it and what was done.

In: a Report, and the request it belongs to. Out: the same Report by its id, after a crash too. A store never
decides what is kept out of it, never changes a report, and never says "saved" of what is not on disk.
"""

from typing import TYPE_CHECKING, Any

from groundwire.review.store import FailingStore, MemoryStore, ReportStore, Stored, is_report_id

if TYPE_CHECKING:
    from groundwire.review.sql import SqlStore as SqlStore

__all__ = ["FailingStore", "MemoryStore", "ReportStore", "SqlStore", "Stored", "is_report_id"]


def __getattr__(name: str) -> Any:
    # SQLAlchemy takes a tenth of a second to load, which `groundwire --help` should not pay.
    if name == "SqlStore":
        from groundwire.review.sql import SqlStore

        return SqlStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
