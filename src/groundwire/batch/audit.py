"""The lines of an audit: what comes in, what goes out, and how the two are told apart from what is neither."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Protocol, TypeAlias

from groundwire.batch.pool import Failure
from groundwire.model import CheckedClaim, Outcome, Report

Row: TypeAlias = dict[str, Any]

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes. A longer line is reported and skipped: one line must not fill the memory."""


class Line(NamedTuple):
    """One answer to check, and the line of the input that it stands on, counted from 1."""

    number: int
    id: str | int
    answer: str
    context: tuple[str, ...] | None = None
    question: str | None = None
    knowledge: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.id)


class BadLine(NamedTuple):
    """A line that is no answer to check, and why."""

    number: int
    what: str


@dataclass
class Summary:
    """What an audit came to. `answers` counts those checked now, `before` those found done in the output."""

    answers: int = 0
    before: int = 0
    bad: int = 0
    errors: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def exit_code(self) -> int:
        """0: every answer is clean. 1: some are not. 2: some lines could not be read or checked."""
        if self.bad or self.errors:
            return 2
        return 0 if set(self.verdicts) <= {Outcome.CLEAN.value} else 1

    def count(self, row: Row) -> None:
        self.verdicts[str(row["verdict"])] += 1
        self.errors += "error" in row


def audit(
    lines: Iterable[Line | BadLine],
    work: Callable[[Iterable[Line]], Iterator[tuple[Line, Row | Failure]]],
    *,
    write: Callable[[Row], None],
    complain: Callable[[int, str], None],
    done: Set[str] = frozenset(),
    summary: Summary | None = None,
) -> Summary:
    """Check every line that is not `done` (a set of keys) and write a row for each, in order.

    `work` maps answers to rows, one each and in order. `complain(line number, what)` hears of every line that could
    not be read or checked; the latter also have a row, with verdict `unchecked` and an `error`.
    """
    summary = summary or Summary()

    def to_check() -> Iterator[Line]:
        seen: dict[str, int] = {}
        for line in lines:
            if isinstance(line, BadLine):
                bad = line
            elif (first := seen.setdefault(line.key, line.number)) != line.number:
                bad = BadLine(line.number, f"id {_shown(line.id)} is already that of line {first}.")
            else:
                if line.key not in done:
                    yield line
                continue
            summary.bad += 1
            complain(bad.number, bad.what)

    for line, result in work(to_check()):
        if isinstance(result, Failure):
            complain(line.number, result.what)
            row = unchecked_row(line, result.what)
        else:
            row = result
        summary.answers += 1
        summary.count(row)
        write(row)
    return summary


def read_lines(stream: BinaryIO) -> Iterator[Line | BadLine]:
    """The lines of a stream of JSON lines in UTF-8. Empty ones are passed over, but counted."""
    for found in raw_lines(stream):
        yield found if isinstance(found, BadLine) else parse(*found)


class Readable(Protocol):
    """What lines can be read from: a file, or one that is unpacked on the way."""

    def readline(self, limit: int, /) -> bytes: ...


def raw_lines(stream: Readable) -> Iterator[tuple[int, bytes] | BadLine]:
    """The lines as they stand there, without a byte order mark, and their numbers; a BadLine for one without end."""
    number = 0
    while data := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(data) > LONGEST_LINE:
            while data and not data.endswith(b"\n"):
                data = stream.readline(LONGEST_LINE)
            yield BadLine(number, f"longer than {LONGEST_LINE >> 20} MiB.")
        elif data.strip():
            yield number, data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data


def parse(number: int, data: bytes) -> Line | BadLine:
    """One line of the input. Fields besides those of the contract are allowed and not read."""
    try:
        found = json.loads(data.decode("utf-8"))
        return Line(number, *_fields(found))
    except UnicodeDecodeError as wrong:
        return BadLine(number, f"byte {wrong.start + 1} is not UTF-8.")
    except json.JSONDecodeError as wrong:
        return BadLine(number, f"column {wrong.colno}: not JSON: {wrong.msg}.")
    except RecursionError:
        return BadLine(number, "not JSON that can be read: nested too deep.")
    except ValueError as wrong:
        return BadLine(number, str(wrong))


def row_of(line: Line, report: Report) -> Row:
    """What is written for a checked answer."""
    return {
        "id": line.id,
        "verdict": report.verdict.value,
        "score": report.score,
        "coverage": report.coverage,
        "claims": [_claim(claim) for claim in report.claims],
        "revised": report.revised,
    }


def unchecked_row(line: Line, error: str) -> Row:
    """What is written for an answer that could not be checked: 0.5 because nothing is known of it."""
    verdict = Outcome.UNCHECKED.value
    return {
        "id": line.id,
        "verdict": verdict,
        "score": 0.5,
        "coverage": 0.0,
        "claims": [],
        "revised": line.answer,
        "error": error,
    }


def key_of(id: str | int) -> str:
    """What tells ids apart: 1 and "1" are two."""
    return json.dumps(id)


def encoded(row: Row) -> bytes:
    """The row as a line, in ASCII: it holds half surrogate pairs, and nothing that some call the end of a line."""
    return json.dumps(row).encode("ascii") + b"\n"


def _claim(claim: CheckedClaim) -> Row:
    return {
        "text": claim.text,
        "start": claim.span.start,
        "end": claim.span.end,
        "verdict": claim.verdict.value,
        "reason": claim.reason.value if claim.reason else None,
        "confidence": claim.confidence,
        "evidence": [
            passage.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for passage in claim.evidence
        ],
    }


def _fields(
    found: Any,
) -> tuple[str | int, str, tuple[str, ...] | None, str | None, tuple[str, ...]]:
    if not isinstance(found, dict):
        raise ValueError(f"this is {_kind(found)}. Expected an object with id and answer.")
    for name in ("id", "answer"):
        if name not in found:
            raise ValueError(f"{name}: missing. Expected an object with id and answer.")
    id, answer, question = found["id"], found["answer"], found.get("question")
    if isinstance(id, bool) or not isinstance(id, str | int):
        raise ValueError(f"id: this is {_kind(id)}. Expected a string or an integer.")
    if not isinstance(answer, str):
        raise ValueError(f"answer: this is {_kind(answer)}. Expected a string.")
    if not isinstance(question, str | None):
        raise ValueError(f"question: this is {_kind(question)}. Expected a string.")
    return id, answer, _strings(found, "context"), question, _strings(found, "knowledge") or ()


def _strings(found: Row, name: str) -> tuple[str, ...] | None:
    value = found.get(name)
    if value is None:
        return None
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        raise ValueError(f"{name}: this is {_kind(value)}. Expected a string or a list of strings.")
    for place, item in enumerate(values):
        if not isinstance(item, str):
            raise ValueError(f"{name}[{place}]: this is {_kind(item)}. Expected a string.")
    return tuple(values)


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    names = {dict: "an object", list: "a list", str: "a string", int: "a number", float: "a number"}
    return names[type(value)]


def _shown(id: str | int) -> str:
    return f"{json.dumps(id, ensure_ascii=False):.80}"
