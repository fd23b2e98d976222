"""Says whether a record was bent. Needs only Python: `python verify.py audit.zip KEY`, or a folder in place of the zip.

What is checked: every entry's hash, number and place; every checkpoint's signature, and that the chain still says what
was signed; every kept text, and how each report and its claims are listed, against the hashes in its entry. What no
checkpoint covers could have been rewritten whole by whoever can write to the database: the result says from which entry
on that is so.
"""

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

GENESIS = "0" * 64
"""What the first entry has in place of the hash of the one before."""

Verify = Callable[[str, str, bytes], bool]

_LISTED = ("created", "day", "rank", "severity", "score", "coverage", "model")
_OF_CLAIM = ("claim", "verdict", "action", "rule")
_VERDICTS = ("clean", "rewritten", "unchecked", "flagged", "blocked")  # by rank


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
        if not self.first:
            return self.what
        where = f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"
        return f"{where}: {self.what}"


class Result(NamedTuple):
    """`entries` were read; those up to `anchored` are vouched for by a signature, by the keys in `keys`."""

    entries: int
    anchored: int
    keys: tuple[str, ...]
    problems: tuple[Problem, ...]


def canonical(value: Any) -> bytes:
    """JSON that is the same for equal values. Numbers are whole, because 1e2 and 100.0 are spelt differently."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(salt: str, text: str) -> str:
    """What the chain knows of a text."""
    return hashlib.sha256(f"{salt}:{text}".encode("utf-8", "surrogatepass")).hexdigest()


def listed(row: Mapping[str, Any]) -> str:
    """What the chain knows of how a report is listed and found. It stays when the content goes, and has no salt."""
    values = [row[name] for name in _LISTED]
    # Not every database keeps the sign of zero.
    return _hashed([repr(value + 0.0) if isinstance(value, float) else value for value in values])


def claims_listed(rows: Iterable[Mapping[str, Any]]) -> str:
    """What the chain knows of how a report's claims are listed and found, in whatever order they come."""
    return _hashed([[row[name] for name in _OF_CLAIM] for row in sorted(rows, key=lambda row: repr(row["claim"]))])


def _hashed(value: Any) -> str:
    try:
        return hashlib.sha256(canonical(value)).hexdigest()
    except (ValueError, TypeError, RecursionError):
        return ""


def signed_part(checkpoint: Mapping[str, Any]) -> bytes:
    """The bytes that a checkpoint's signature is over."""
    return canonical({name: value for name, value in checkpoint.items() if name != "signature"})


def examine(
    chain: Iterable[Entry],
    reports: Iterable[Mapping[str, Any]],
    decisions: Iterable[Mapping[str, Any]],
    checkpoints: Iterable[Mapping[str, Any]] = (),
    *,
    key: str | None = None,
    verify: "Verify | None" = None,
) -> Result:
    """Check a whole record. `key`: the public key, in hex, that every checkpoint must be signed with.

    Without `key` the checkpoints are believed to be signed by whom they say, which an intruder could have changed.
    """
    problems: list[Problem] = []
    signed = _signed(checkpoints, key, verify or signature_holds, problems)
    anchors = _Anchors(signed, problems)
    known = _Known(problems)
    last = 0
    for entry in walk(chain, problems):
        anchors.see(entry)
        known.see(entry)
        last = max(last, entry.seq)
    anchors.end(last)
    known.check(reports, decisions)
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


class _Known:
    """What the chain says of reports and decisions. The first entry about each stands: a later one would replace it."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._reports: dict[str, tuple[int, Mapping[str, Any]]] = {}
        self._decisions: dict[int, Entry] = {}
        self._states: dict[str, str | None] = {}
        self._erased: set[str] = set()

    def see(self, entry: Entry) -> None:
        then = entry.content
        if entry.kind == "report":
            if first := self._reports.get(entry.subject):
                self._wrong(entry.seq, f"a second entry for report {entry.subject}: entry {first[0]} stands")
                return
            self._reports[entry.subject] = (entry.seq, then)
            # Older entries do not say: then it follows from the verdict, but for what was adopted.
            unsaid = None if "adopted" in then else "none" if then.get("verdict") == "clean" else "open"
            self._states[entry.subject] = then.get("state", unsaid)
        elif entry.kind == "erase":
            self._erased.add(entry.subject)
        elif entry.kind == "decision" and isinstance(number := then.get("decision"), int):
            if earlier := self._decisions.get(number):
                self._wrong(entry.seq, f"a second entry for decision {number}: entry {earlier.seq} stands")
                return
            self._decisions[number] = entry
            self._states[entry.subject] = then.get("state")

    def check(self, reports: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> None:
        for row in reports:
            self._report(row)
        for id, (seq, _) in self._reports.items():
            self._wrong(seq, f"report {id} is missing")
        for row in decisions:
            self._decision(row)
        for number, entry in self._decisions.items():
            self._wrong(entry.seq, f"decision {number} is missing")

    def _report(self, row: Mapping[str, Any]) -> None:
        id = row["id"]
        if id is None:
            for claim in row["claims"]:
                self._wrong(0, f"claim {claim['claim']} is listed under a report that does not exist")
            return
        seq, then = self._reports.pop(id, (0, {}))
        if not seq:
            self._wrong(0, f"report {id} has no entry")
            return
        erased = id in self._erased
        if row["body"] is None and not erased and then.get("content") != "hashes":
            self._wrong(seq, f"the content of report {id} is gone, and no entry says it was erased")
            return
        bent = [
            part
            for part in ("body", "request")
            if (row[part] is not None or row["body"] is not None)
            and (None if row[part] is None else digest(row["salt"], row[part])) != then.get(part)
        ]
        if row["verdict"] != then.get("verdict"):
            bent.append("verdict")
        if row["content"] != ("erased" if erased else then.get("content")):
            bent.append("content")
        if (state := self._states.get(id)) is not None and row["state"] != state:
            bent.append("state")
        bent += _listed_otherwise(row, then) + _claims_otherwise(row, then)
        for part in bent:
            self._wrong(seq, f"report {id}: its {part} is not what was stored")

    def _decision(self, row: Mapping[str, Any]) -> None:
        number = row["number"]
        entry = self._decisions.pop(number, None)
        if entry is None:
            self._wrong(0, f"decision {number} has no entry")
            return
        then = {"report": entry.subject, "by": entry.actor, **entry.content}
        names = ("report", "by", "kind", "claim", "rule", *(["at"] if "at" in then else []))
        if any(row[name] != then.get(name) for name in names):
            self._wrong(entry.seq, f"decision {number} is not what was decided")
        words = None if row["words"] is None else digest(row["salt"], row["words"])
        if words != then.get("words") and not (words is None and entry.subject in self._erased):
            self._wrong(entry.seq, f"decision {number}: its words are not what was stored")

    def _wrong(self, seq: int, what: str) -> None:
        self._problems.append(Problem(seq, seq, what))


def _listed_otherwise(row: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    """The names of what a report is listed by and was not stored so, as far as entry or body know it."""
    if "listed" in then and listed(row) == then["listed"]:
        return []
    try:
        body = json.loads(row["body"] or "")
        created = datetime.fromisoformat(body["created"])
        created = (created if created.tzinfo else created.replace(tzinfo=UTC)).astimezone(UTC)
        stored: dict[str, Any] = {
            "created": created.isoformat(timespec="microseconds"),
            "day": created.date().isoformat(),
        }
        stored |= {"rank": _VERDICTS.index(body["verdict"]), "score": body["score"], "coverage": body["coverage"]}
        if "*" not in (model := body["model"] or ""):  # masked in older bodies, and not in the column
            stored["model"] = model.replace("\x00", "") or None
        found = [name for name, value in stored.items() if (row[name] or None) != (value or None)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        found = []  # no body any more, or it was damaged before there was a chain
    return found or (["place in the lists"] if "listed" in then else [])


def _claims_otherwise(row: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    """The claims that are not listed as they were stored: by name where the body still has them."""
    found = row.get("claims", [])  # older exports have none
    if "claims" not in then or claims_listed(found) == then["claims"]:
        return []
    now = {claim["claim"]: claim for claim in found}
    try:
        stored = {}
        for claim in json.loads(row["body"] or "")["claims"]:
            action, rule = claim["decision"]["action"], claim["decision"]["rule"][:128]
            values = (claim["id"][:32], claim["verdict"], action, None if action == "allow" else rule)
            stored[values[0]] = dict(zip(_OF_CLAIM, values, strict=True))
        names = [name for name in {**stored, **now} if stored.get(name) != now.get(name)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        names = []  # no body any more, or it was damaged
    return [f"listing of claim {name}" for name in names] or ["listing of claims"]


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


# Ed25519, RFC 8032: checking only, where nothing is secret and speed does not matter.
_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_Point = tuple[int, int, int, int]


def signature_holds(key: str, signature: str, message: bytes) -> bool:
    """Whether `signature` is over `message` and by the public `key`, both in hex."""
    try:
        public, signed = bytes.fromhex(key), bytes.fromhex(signature)
    except ValueError:
        return False
    if len(public) != 32 or len(signed) != 64:
        return False
    a, r, s = _point(public), _point(signed[:32]), int.from_bytes(signed[32:], "little")
    if a is None or r is None or s >= _Q:
        return False
    h = int.from_bytes(hashlib.sha512(signed[:32] + public + message).digest(), "little") % _Q
    return _same(_times(s, _base()), _sum(r, _times(h, a)))


def _sum(one: _Point, other: _Point) -> _Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % _P, (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    total: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        number >>= 1
    return total


def _same(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (one[1] * other[2] - other[1] * one[2]) % _P == 0


def _x(y: int, odd: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if y >= _P or (square == 0 and odd):
        return None
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P:
        return None
    return _P - x if x & 1 != odd else x


def _point(data: bytes) -> _Point | None:
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    x = _x(y, odd)
    return None if x is None else (x, y, 1, x * y % _P)


def _base() -> _Point:
    y = 4 * pow(5, _P - 2, _P) % _P
    x = _x(y, 0) or 0
    return x, y, 1, x * y % _P


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

    try:
        result = examine(
            (Entry(**line) for line in lines("chain.jsonl")),
            lines("reports.jsonl"),
            lines("decisions.jsonl"),
            lines("checkpoints.jsonl"),
            key=arguments[1] if len(arguments) > 1 else None,
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, zipfile.BadZipFile) as broken:
        print(f"WRONG  {where} is no export that can be read: {type(broken).__name__}: {broken}")
        return 1
    for line in told(result, insisted=len(arguments) > 1):
        print(line)
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
