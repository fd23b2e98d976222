"""Says whether a record was bent. Needs only Python: `python verify.py audit.zip KEY`, or a folder in place of the zip.

What is checked: every entry's hash, number and place; every checkpoint's signature, and that the chain still says what
was signed; every kept text, and how each report and its claims are listed, against the hashes in its entry; who has
which role, what was proposed and who agreed, against the entries that say so. What no checkpoint covers could have been
rewritten whole by whoever can write to the database: the result says from which entry on that is so.
"""

import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from groundwire.review.ed25519 import signature_holds
from groundwire.review.entries import GENESIS, Entry, Problem, canonical
from groundwire.review.holding import Known
from groundwire.review.powers import Powers

Verify = Callable[[str, str, bytes], bool]


class Result(NamedTuple):
    """`entries` were read; those up to `anchored` are vouched for by a signature, by the keys in `keys`."""

    entries: int
    anchored: int
    keys: tuple[str, ...]
    problems: tuple[Problem, ...]


def signed_part(checkpoint: Mapping[str, Any]) -> bytes:
    """The bytes that a checkpoint's signature is over."""
    return canonical({name: value for name, value in checkpoint.items() if name != "signature"})


def examine(
    chain: Iterable[Entry],
    reports: Iterable[Mapping[str, Any]],
    decisions: Iterable[Mapping[str, Any]],
    checkpoints: Iterable[Mapping[str, Any]] = (),
    *,
    users: Iterable[Mapping[str, Any]] | None = None,
    proposals: Iterable[Mapping[str, Any]] | None = None,
    key: str | None = None,
    verify: "Verify | None" = None,
) -> Result:
    """Check a whole record. `key`: the public key, in hex, that every checkpoint must be signed with.

    Users and proposals that are None are not there to be held against the chain: older exports have none.

    Without `key` the checkpoints are believed to be signed by whom they say, which an intruder could have changed.
    """
    problems: list[Problem] = []
    signed = _signed(checkpoints, key, verify or signature_holds, problems)
    anchors = _Anchors(signed, problems)
    known, powers = Known(problems), Powers(problems)
    last = 0
    for entry in walk(chain, problems):
        anchors.see(entry)
        known.see(entry)
        powers.see(entry)
        last = max(last, entry.seq)
    anchors.end(last)
    known.check(reports, decisions)
    if users is not None:
        powers.check_users(users)
    if proposals is not None:
        powers.check_proposals(proposals, known.erased)
    broken = min((problem.first for problem in problems if problem.first), default=last + 1)
    keys = tuple(sorted({str(one["key"]) for one in signed}))
    return Result(last, min(anchors.anchored, broken - 1), keys, tuple(problems))


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
        if not (computed := entry.computed) or entry.hash != computed:
            problems.append(Problem(entry.seq, entry.seq, "was changed: its hash is not that of its content"))
        yield entry
        seq, prev = entry.seq, entry.hash


class _Anchors:
    """Compares the chain, as it goes by, with what was signed."""

    def __init__(self, signed: list[Mapping[str, Any]], problems: list[Problem]) -> None:
        self.anchored = 0
        self._problems = problems
        self._waiting: dict[int, list[Mapping[str, Any]]] = {}
        for checkpoint in signed:
            self._waiting.setdefault(checkpoint["seq"], []).append(checkpoint)
        self._chain: Any = None

    def see(self, entry: Entry) -> None:
        if entry.seq == 1:
            self._chain = entry.content.get("chain")
        for checkpoint in self._waiting.pop(entry.seq, ()):
            if checkpoint["chain"] != self._chain:
                what = f"the checkpoint of {checkpoint['at']} is of another chain ({checkpoint['chain']})"
                self._problems.append(Problem(1, entry.seq, what))
            elif checkpoint["hash"] != entry.hash:
                what = f"rewritten: the checkpoint of {checkpoint['at']} signed another content"
                self._problems.append(Problem(self.anchored + 1, entry.seq, what))
            else:
                self.anchored = entry.seq

    def end(self, last: int) -> None:
        if beyond := sorted(seq for seq in self._waiting if seq > last):
            at = self._waiting[beyond[-1]][0]["at"]
            what = f"cut off: the checkpoint of {at} signed {beyond[-1]} entries"
            self._problems.append(Problem(last + 1, beyond[-1], what))


def _signed(
    checkpoints: Iterable[Mapping[str, Any]], key: str | None, verify: "Verify", problems: list[Problem]
) -> list[Mapping[str, Any]]:
    """The checkpoints that hold; those that do not become problems."""
    good = []
    for number, checkpoint in enumerate(checkpoints, start=1):
        names = {"chain", "seq", "hash", "at", "key", "signature"}
        if checkpoint.keys() != names or not isinstance(checkpoint["seq"], int):
            problems.append(Problem(0, 0, f"checkpoint {number} is not one"))
        elif key is not None and checkpoint["key"] != key:
            problems.append(Problem(0, 0, f"checkpoint {number} is signed with another key ({checkpoint['key']})"))
        elif not verify(str(checkpoint["key"]), str(checkpoint["signature"]), signed_part(checkpoint)):
            problems.append(Problem(0, 0, f"checkpoint {number}: its signature does not hold"))
        else:
            good.append(checkpoint)
    return good


def main(arguments: list[str]) -> int:
    """Check an export: the folder it was unpacked into, or the zip. A second argument is the key to insist on."""
    where = Path(arguments[0]) if arguments else Path(__file__).parent

    def lines(name: str) -> Iterator[Any]:
        if where.is_dir():
            data = (where / name).read_bytes()
        else:
            with zipfile.ZipFile(where) as archive:
                data = archive.read(name)
        return (json.loads(line) for line in data.splitlines() if line.strip())

    def lines_if_there(name: str) -> Iterator[Any] | None:
        try:
            return lines(name)
        except (FileNotFoundError, KeyError):  # an older export
            lacking.append(name)
            return None

    lacking: list[str] = []
    try:
        result = examine(
            (Entry(**line) for line in lines("chain.jsonl")),
            lines("reports.jsonl"),
            lines("decisions.jsonl"),
            lines("checkpoints.jsonl"),
            users=lines_if_there("users.jsonl"),
            proposals=lines_if_there("proposals.jsonl"),
            key=arguments[1] if len(arguments) > 1 else None,
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, zipfile.BadZipFile) as broken:
        print(f"WRONG  {where} is no export that can be read: {type(broken).__name__}: {broken}")
        return 1
    for line in told(result, insisted=len(arguments) > 1):
        print(line)
    for name in lacking:
        print(f"{name} is not in this export: it was not held against the chain.")
    return 1 if result.problems else 0


def told(result: Result, *, insisted: bool) -> Iterator[str]:
    """The result in words."""
    for problem in result.problems:
        yield f"WRONG  {problem}"
    yield f"{result.entries} entries, {len(result.problems)} problems."
    if result.anchored:
        yield f"Entries 1 to {result.anchored} are anchored by checkpoints of the key {', '.join(result.keys)}."
        if not insisted:
            yield "Whose key that is must be known from elsewhere: compare it with the one you were given."
    if result.anchored < result.entries:
        first = result.anchored + 1
        yield f"Entries {first} to {result.entries} are not anchored: no checkpoint that holds covers them."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
