"""What an entry of the chain is, what is wrong with one, and the hashes that it holds. Needs only Python."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

GENESIS = "0" * 64
"""What the first entry has in place of the hash of the one before."""

LISTED = ("created", "day", "rank", "severity", "score", "coverage", "model")
OF_CLAIM = ("claim", "verdict", "action", "rule")


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
        """The hash that it should have; empty where it holds what no entry can, such as NaN or half a surrogate."""
        fields = self._asdict()
        del fields["hash"]
        return _hashed(fields)


class Problem(NamedTuple):
    """What is wrong, in words, and in which entries; both are 0 where it is about no entry."""

    first: int
    last: int
    what: str

    def __str__(self) -> str:
        # One line whatever stands in the database: a name may be no name any more.
        what = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in self.what)
        if not self.first:
            return what
        where = f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"
        return f"{where}: {what}"


def canonical(value: Any) -> bytes:
    """JSON that is the same for equal values. Numbers are whole, because 1e2 and 100.0 are spelt differently."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(salt: str, text: str) -> str:
    """What the chain knows of a text."""
    return hashlib.sha256(f"{salt}:{text}".encode("utf-8", "surrogatepass")).hexdigest()


def listed(row: Mapping[str, Any]) -> str:
    """What the chain knows of how a report is listed and found. It stays when the content goes, and has no salt."""
    values = [row[name] for name in LISTED]
    # Not every database keeps the sign of zero.
    return _hashed([repr(value + 0.0) if isinstance(value, float) else value for value in values])


def claims_listed(rows: Iterable[Mapping[str, Any]]) -> str:
    """What the chain knows of how a report's claims are listed and found, in whatever order they come."""
    return _hashed([[row[name] for name in OF_CLAIM] for row in sorted(rows, key=lambda row: repr(row["claim"]))])


def agreed(kinds: Sequence[str]) -> bool:
    """Whether, of the last words of several persons, the latest last, two are alike and one of them the latest."""
    return bool(kinds) and list(kinds).count(kinds[-1]) > 1


def _hashed(value: Any) -> str:
    try:
        return hashlib.sha256(canonical(value)).hexdigest()
    except (ValueError, TypeError, RecursionError):
        return ""
