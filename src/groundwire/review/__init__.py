"""Reports are kept here: what was said, what was found about it, what was done and what people decided.

In: a Report, and the request it belongs to. Out: the same Report by its id, after a crash too; an audit chain that
shows when the record was bent; the pages of the reviewers. A store never decides what is kept out of it, never changes
a report, and never says "saved" of what is not on disk.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from groundwire.review.store import (
    FailingStore,
    MemoryStore,
    ReportStore,
    Stored,
    asking_two,
    is_report_id,
    with_inputs,
)

if TYPE_CHECKING:
    from groundwire.review.desk import Desk as Desk
    from groundwire.review.filters import Filter as Filter
    from groundwire.review.mounted import ReviewPages as ReviewPages
    from groundwire.review.mounted import first_link as first_link
    from groundwire.review.opening import open_store as open_store
    from groundwire.review.sql import SqlStore as SqlStore
    from groundwire.review.teaching import write_reviewed as write_reviewed

__all__ = [
    "Desk",
    "FailingStore",
    "Filter",
    "MemoryStore",
    "ReportStore",
    "ReviewPages",
    "SqlStore",
    "Stored",
    "asking_two",
    "first_link",
    "is_report_id",
    "open_store",
    "with_inputs",
    "write_reviewed",
]

# SQLAlchemy takes a tenth of a second to load, which `groundwire --help` should not pay.
_HOMES = {
    "Desk": "desk",
    "Filter": "desk",
    "ReviewPages": "mounted",
    "SqlStore": "sql",
    "first_link": "mounted",
    "open_store": "opening",
    "write_reviewed": "teaching",
}


def __getattr__(name: str) -> Any:
    if home := _HOMES.get(name):
        return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
