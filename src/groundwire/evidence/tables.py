"""Tables as documents write them: Markdown's pipes, HTML's rows, and lines parted by tabs, commas or wide gaps."""

import csv
import re
from collections.abc import Sequence
from typing import NamedTuple

from groundwire.evidence.marks import plain, shortened

_RULE = re.compile(r"[|+\s:=-]*-[|+\s:=-]*|\+[=+]{3,}")
_PIPE = re.compile(r"(?<!\\)\|")
_GAP = re.compile(r"\s{2,}")
_TAG_CELL = re.compile(r"<t[dh]\b[^<>]{0,200}>(.{0,900}?)</t[dh]\s?>", re.IGNORECASE)
_ASSIGNED = re.compile(r"([^\W\d][\w ./()-]{0,40}?)\s{0,20}=\s{0,9}(\S.*)")
_HEAD_WORDS = 8
_LONGEST_CELL = 60  # characters; lines of longer ones that are only parted by commas or gaps are prose
_LEAST_ROWS = 3  # of lines whose marks could be prose too


class Table(NamedTuple):
    """Rows at `text[start:end]`, whole lines. `head` are the words of each column's head, empty without a head row.

    `mark` is what parts the cells: "|", "<", a tab, "," or ";", or " " for a gap of two spaces and more. `first` is
    where the rows below the head begin.
    """

    start: int
    end: int
    mark: str
    head: tuple[str, ...]
    first: int


def mark_of(line: str) -> str:
    """What parts the cells of a line, which is without the white space around it; empty when it can be no row."""
    start = line[0]
    if start == "|" or (start == "+" and _RULE.fullmatch(line)):
        return "|"
    if start == "<" and line[:3].lower() == "<tr" and _TAG_CELL.search(line):
        return "<"
    if "\t" in line:
        return "\t"
    if line[-1] in ".!?:":
        return ""
    for mark in ",;":
        if mark in line and (f"{mark} " not in line or '"' in line):
            return mark
    return " " if "   " in line or "  " in line else ""


def is_rule(line: str) -> bool:
    """Whether a line only parts head and rows: "|---|---|"."""
    return bool(_RULE.fullmatch(line))


def cells_of(line: str, mark: str) -> list[str]:
    """The words of each cell of a row."""
    line = line.strip()
    if mark == "|":
        return [plain(cell.strip()) for cell in _PIPE.split(plain(line.removeprefix("|").rstrip("|")))]
    if mark == "<":
        return [plain(cell.strip()) for cell in _TAG_CELL.findall(line)]
    if mark == " ":
        return [plain(cell) for cell in _GAP.split(line)]
    if '"' in line:
        try:
            return [plain(cell.strip()) for cell in next(csv.reader([line], delimiter=mark), [])]
        except csv.Error:
            return [line]
    return [plain(cell.strip()) for cell in line.split(mark)]


def table_of(lines: Sequence[tuple[int, int, str]], mark: str) -> Table | None:
    """The table that neighbouring lines (start, end, words) of one mark make, None where they are prose after all."""
    start, end = lines[0][0], lines[-1][1]
    if mark == "|":
        ruled = len(lines) > 1 and is_rule(lines[1][2]) and not is_rule(lines[0][2])
        at = 0
        if is_rule(lines[0][2]) and len(lines) > 2 and is_rule(lines[2][2]):  # a grid has a rule above its head too
            ruled, at = True, 1
        head = cells_of(lines[at][2], mark) if ruled else []
        return Table(start, end, mark, _heads(head), lines[at + 1][1] if ruled else start)
    rows = [cells_of(words, mark) for _, _, words in lines]
    if mark == "<":
        ruled = "<th" in lines[0][2].lower() and "<td" not in lines[0][2].lower()
        return Table(start, end, mark, _heads(rows[0]) if ruled else (), lines[0][1] if ruled else start)
    if len(rows) < _LEAST_ROWS or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return None
    if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return None
    named = all(cell and not cell[0].isdigit() for cell in rows[0])
    # Tabs are there on purpose; a comma or a gap may be prose's own, unless there are figures under the names.
    if named and (mark == "\t" or any(cell[:1].isdigit() for row in rows[1:] for cell in row)):
        return Table(start, end, mark, _heads(rows[0]), lines[0][1])
    return Table(start, end, mark, (), start) if mark == "\t" else None


def _heads(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(shortened(cell, _HEAD_WORDS).rstrip(":") for cell in cells)


def row_words(line: str, table: Table) -> str:
    """What a row says: "Head: cell. Head: cell.", or its cells with commas where nothing names them."""
    if is_rule(line):
        return ""
    cells = cells_of(line, table.mark)
    if not table.head:
        filled = [cell for cell in cells if cell]
        if table.mark == "|" and len(filled) == 1 and (named := _ASSIGNED.fullmatch(filled[0])):
            return f"{named[1].replace('_', ' ')}: {named[2]}."
        return ", ".join(filled) + "." if filled else ""
    if len(cells) == 2 and not any(table.head) and all(cells):  # a box of facts
        return f"{cells[0].rstrip(':')}: {_stopped(cells[1])}"
    names = [*table.head, *[""] * len(cells)]
    said = [
        f"{name}: {_stopped(cell)}" if name else _stopped(cell)
        for name, cell in zip(names, cells, strict=False)
        if cell
    ]
    return " ".join(said)


def _stopped(cell: str) -> str:
    return cell if cell[-1:] in ".!?" else cell + "."
