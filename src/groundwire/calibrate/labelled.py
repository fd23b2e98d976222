"""Answers with labels: an audit's lines with one field more."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from groundwire.batch import BadLine, Line, parse, raw_lines
from groundwire.errors import InputError


class Labelled(NamedTuple):
    """The lines of a file, and the label of each answer by its key: the one of its first line."""

    lines: list[Line | BadLine]
    labels: dict[str, int]

    @property
    def bad(self) -> list[BadLine]:
        return [line for line in self.lines if isinstance(line, BadLine)]

    @property
    def clean(self) -> int:
        return sum(label == 0 for label in self.labels.values())

    @property
    def faulty(self) -> int:
        return sum(label == 1 for label in self.labels.values())


def read_labelled(path: Path) -> Labelled:
    """Read `{"id", "answer", "context", "label", ...}` lines, plain or in gzip (by the ending .gz).

    A line that is none of these is a BadLine in its place. Raises: InputError where the file cannot be read.
    """
    found = Labelled([], {})
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            for raw in raw_lines(stream):
                _take(raw, found)
    except (OSError, EOFError, zlib.error) as failed:
        why = failed.strerror if isinstance(failed, OSError) and failed.strerror else failed
        raise InputError(str(path), f"cannot be read ({why}).", "JSON lines, or gzip of them") from None
    return found


def _take(raw: tuple[int, bytes] | BadLine, found: Labelled) -> None:
    line = raw if isinstance(raw, BadLine) else parse(*raw)
    if not isinstance(raw, BadLine) and isinstance(line, Line):
        label = json.loads(raw[1]).get("label")
        if isinstance(label, bool) or label not in (0, 1):
            line = BadLine(line.number, f"label: {_shown(label)}. Expected {_MEANING}.")
        else:
            found.labels.setdefault(line.key, int(label))
    found.lines.append(line)


_MEANING = "1 where the answer holds something that its context does not support, else 0"


def _shown(label: object) -> str:
    return "missing" if label is None else f"this is {json.dumps(label, ensure_ascii=False):.40}"


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows that an earlier run left in a file."""
    with path.open("rb") as stream:
        for data in stream:
            yield json.loads(data)
