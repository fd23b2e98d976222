"""The chain: entries that each hold the hash of the one before, so that none can be changed without all after it.

An entry says that something happened, to what and by whom, and holds salted hashes of content, never content: what is
erased later leaves the chain whole. An entry's hash is SHA-256 over its canonical JSON: keys sorted, no spaces, UTF-8.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from groundwire.review.entries import GENESIS, Entry, canonical, digest
from groundwire.review.tables import audit

__all__ = ["Event", "about", "append", "digest", "entries", "head", "name", "salt"]


class Event(NamedTuple):
    """Something to be written down. `content` holds text, whole numbers, None and lists and mappings of them."""

    kind: str
    subject: str
    actor: str
    content: Mapping[str, Any]


def salt() -> str:
    """Random, and kept beside the content that it is hashed with: once both are gone, no guess can be tried."""
    return secrets.token_hex(16)


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the last entry."""
    last = connection.execute(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def name(connection: sa.Connection) -> str | None:
    """What the first entry calls the chain."""
    first = connection.execute(sa.select(audit).where(audit.c.seq == 1)).first()
    return _entry(first).content.get("chain") if first else None


def append(connection: sa.Connection, events: Sequence[Event]) -> None:
    """Add entries, in the caller's `Database.writing()` transaction. The first of all names the chain."""
    if not events:
        return
    seq, prev = head(connection)
    if seq == 0:
        events = [Event("begin", "chain", "groundwire", {"chain": secrets.token_hex(16)}), *events]
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    rows = []
    for number, event in enumerate(events, start=seq + 1):
        entry = Entry(number, now, *event, prev=prev, hash="")
        entry = entry._replace(hash=entry.computed)
        rows.append({**entry._asdict(), "content": canonical(entry.content).decode()})
        prev = entry.hash
    connection.execute(sa.insert(audit), rows)


def entries(connection: sa.Connection) -> Iterator[Entry]:
    """All entries in order, not all in memory at once."""
    for row in connection.execute(sa.select(audit).order_by(audit.c.seq), execution_options={"yield_per": 1000}):
        yield _entry(row)


def about(connection: sa.Connection, kind: str, subject: str) -> Iterator[Entry]:
    """The entries of one kind about one subject, in order."""
    query = sa.select(audit).where(audit.c.subject == subject, audit.c.kind == kind)
    for row in connection.execute(query.order_by(audit.c.seq)):
        yield _entry(row)


def _entry(row: sa.Row[Any]) -> Entry:
    """An entry as the table has it. Content that is no JSON object any more stays readable, and its hash wrong."""
    try:
        content = json.loads(row.content)
    except (ValueError, TypeError, RecursionError):
        content = None
    content = content if isinstance(content, dict) else {"unreadable": row.content}
    return Entry(row.seq, row.at, row.kind, row.subject, row.actor, content, row.prev, row.hash)
