"""The chain: entries that each hold the hash of the one before, so that none can be changed without all after it.

An entry says that something happened, to what and by whom, and holds salted hashes of content, never content: what is
erased later leaves the chain whole. An entry's hash is SHA-256 over its canonical JSON: keys sorted, no spaces, UTF-8.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from groundwire.review.tables import audit

GENESIS = "0" * 64
"""What the first entry has in place of the hash of the one before."""


class Event(NamedTuple):
    """Something to be written down. `content` holds text, whole numbers, None and lists and mappings of them."""

    kind: str
    subject: str
    actor: str
    content: Mapping[str, Any]


class Entry(NamedTuple):
    """One link of the chain. `seq` counts from 1; `at` is a moment in UTC, ISO 8601."""

    seq: int
    at: str
    kind: str
    subject: str
    actor: str
    content: Mapping[str, Any]
    prev: str
    hash: str

    @property
    def computed(self) -> str:
        """The hash that it should have."""
        fields = self._asdict()
        del fields["hash"]
        return hashlib.sha256(canonical(fields)).hexdigest()


class Problem(NamedTuple):
    """What is wrong in a range of entries, in words."""

    first: int
    last: int
    what: str

    def __str__(self) -> str:
        where = f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"
        return f"{where}: {self.what}"


def canonical(value: Any) -> bytes:
    """JSON that is the same for equal values. Numbers are whole, because 1e2 and 100.0 are spelt differently."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def salt() -> str:
    """Random, and kept beside the content that it is hashed with: once both are gone, no guess can be tried."""
    return secrets.token_hex(16)


def digest(salt: str, text: str) -> str:
    """What the chain knows of a text."""
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the last entry."""
    last = connection.execute(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


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


def entries(connection: sa.Connection, since: int = 0) -> Iterator[Entry]:
    """The entries after number `since`, in order, not all in memory at once."""
    query = sa.select(audit).where(audit.c.seq > since).order_by(audit.c.seq)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield entry_of(row._mapping)


def entry_of(row: Mapping[str, Any]) -> Entry:
    """An entry as the table has it. Content that is no JSON object any more stays readable, and its hash wrong."""
    try:
        content = json.loads(row["content"])
    except ValueError:
        content = {"unreadable": row["content"]}
    return Entry(**{**row, "content": content})


def walk(chain: Iterable[Entry], problems: list[Problem]) -> Iterator[Entry]:
    """Pass the entries on, and add to `problems` what does not hold: gaps, changes, wrong order."""
    seq, prev = 0, GENESIS
    for entry in chain:
        if entry.seq > seq + 1:
            problems.append(Problem(seq + 1, entry.seq - 1, "missing"))
        elif entry.seq <= seq:
            problems.append(Problem(entry.seq, entry.seq, f"stands after entry {seq}"))
        elif entry.prev != prev:
            problems.append(Problem(entry.seq, entry.seq, "does not follow from the entry before it"))
        if entry.hash != entry.computed:
            problems.append(Problem(entry.seq, entry.seq, "was changed: its hash is not that of its content"))
        yield entry
        seq, prev = entry.seq, entry.hash
