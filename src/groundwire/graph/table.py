"""Tables: of facts, with the columns subject, relation and object, or with an entity a row."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from groundwire.errors import KnowledgeError
from groundwire.graph.files import form_of, lines_of, opened
from groundwire.graph.statements import DATE, Dated, Statement
from groundwire.graph.store import Literal, Node, Period

_HEADERS = (
    {"subject", "subj", "s", "head", "source", "from", "entity"},
    {"relation", "predicate", "property", "p", "rel", "edge", "attribute"},
    {"object", "obj", "o", "tail", "target", "to", "value"},
)
_TIMES = ("start", "end")
_ENTITY = frozenset({"entity", "id", "identifier", "iri", "item", "name", "label", "title"})
# "text", "text"@en, "text"^^xsd:date; what the quotes hold may have backslash escapes, as in N-Triples.
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<?([^<>\s]+?)>?)?', re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?(?: ?%| \([^()]*\))?")
_DATE = re.compile(r"-?\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[-+]\d{2}:\d{2})?)?)?")
_LONGEST_OF_SEVERAL = 4
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def read_table(path: Path) -> Iterator[Statement]:
    """The statements of a TSV or CSV file. Empty lines and lines from "#" are left out.

    Of three columns: a statement a row, with or without a header that says which column is which. With a header there
    may be columns "start" and "end" besides: the year, month or day from which, and until which, a statement holds;
    empty where that is not known. Of two columns, or of more than three others, or where the header's first cell says
    so ("entity", "id", "name"): an entity a row, named in the first column, and the header names the relations; "a|b"
    in a cell is two values, and so is "a; b" where both are short.

    Quoted objects, numbers and dates are values; everything else is an entity.
        Raises: KnowledgeError with the line; OSError; UnicodeDecodeError.
    """
    with opened(path) as file:
        rows = _rows(path, file)
        line, first = next(rows, (0, []))
        if not first:
            return
        cells = [cell.strip() for cell in first]
        header = _header(cells)
        if len(cells) != 3 and header and _times(cells):
            yield from _dated(path, rows, header, cells)
        elif len(cells) != 3 or (header is None and cells[0].strip('"').lower() in _ENTITY):
            yield from _entities(path, line, cells, rows)
        elif header:
            yield from _triples(path, rows, header)
        else:
            yield from _triples(path, chain([(line, first)], rows), (0, 1, 2))


def _triples(
    path: Path, rows: Iterable[tuple[int, list[str]]], order: tuple[int, int, int]
) -> Iterator[tuple[str, str, Node]]:
    for line, row in rows:
        if len(row) != 3:
            columns = f"{len(row)} column{'s' if len(row) != 1 else ''}."
            raise KnowledgeError(f"{path}:{line}", columns, f"3 ({_separator(path)}): subject, relation, object")
        subject, relation, node = (row[column].strip() for column in order)
        for part, cell in (("subject", subject), ("relation", relation), ("object", node)):
            if not cell:
                raise KnowledgeError(f"{path}:{line}", f"no {part}.", "subject, relation, object")
        yield _plain(subject), _plain(relation), _object(node, f"{path}:{line}")


def _dated(
    path: Path, rows: Iterable[tuple[int, list[str]]], header: tuple[int, int, int], cells: list[str]
) -> Iterator[Statement]:
    times = _times(cells)
    for line, row in rows:
        if not 3 <= len(row) <= len(cells):
            raise KnowledgeError(f"{path}:{line}", f"{len(row)} columns.", f"the {len(cells)} of the header")
        row = [*row, *[""] * (len(cells) - len(row))]
        ((subject, relation, node),) = _triples(path, [(line, [row[column] for column in header])], (0, 1, 2))
        start, end = (_time(row[times[name]].strip(), f"{path}:{line}") if name in times else None for name in _TIMES)
        period = Period(start, end)
        if period.start and period.end and period.end < period.start[: len(period.end)]:
            raise KnowledgeError(f"{path}:{line}", f"{period.end} is before {period.start}.", "an end after the start")
        statement = (subject, relation, node)
        yield Dated(statement, period) if period != Period() else statement


def _times(cells: list[str]) -> dict[str, int]:
    """The columns with the times of statements, where the others are those of the statements alone."""
    named = [cell.strip('"').lower() for cell in cells]
    times = {name: named.index(name) for name in _TIMES if named.count(name) == 1}
    return times if len(cells) == 3 + len(times) else {}


def _time(cell: str, where: str) -> str | None:
    if not cell:
        return None
    value = _object(cell, where)
    text = value.text if isinstance(value, Literal) else value
    if not DATE.fullmatch(text):
        raise KnowledgeError(where, f'"{text}" is no time.', "a year, a month or a day: 2015, 2015-03 or 2015-03-14")
    return text


def _entities(
    path: Path, line: int, header: list[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[tuple[str, str, Node]]:
    relations = [_plain(cell) for cell in header]
    if len(relations) < 2:
        raise KnowledgeError(f"{path}:{line}", "1 column.", f"2 or more ({_separator(path)}): an entity, and relations")
    for at, relation in enumerate(relations[1:], start=1):
        if not relation or _NUMBER.fullmatch(relation) or relation in relations[1:at]:
            what = f"column {at + 1} is " + (f'"{relation}", and no other may be.' if relation else "not named.")
            raise KnowledgeError(f"{path}:{line}", what, "a header that names a relation for each column, once")
    for number, row in rows:
        if len(row) > len(relations):
            raise KnowledgeError(
                f"{path}:{number}", f"{len(row)} columns.", f"at most the {len(relations)} of the header"
            )
        if not (entity := row[0].strip()):
            raise KnowledgeError(f"{path}:{number}", "no entity.", f"one in the first column ({header[0]})")
        for relation, cell in zip(relations[1:], row[1:], strict=False):
            for value in _values(cell.strip()):
                yield _plain(entity), relation, _object(value, f"{path}:{number}")


def _values(cell: str) -> list[str]:
    """The values of a cell; what is quoted is one value. Semicolons stand between short values, not in a sentence."""
    parts = [cell] if cell.startswith('"') else cell.split("|")
    if len(parts) == 1 and not cell.startswith('"'):
        short = [part.strip() for part in cell.split(";")]
        if all(part and len(part.split()) <= _LONGEST_OF_SEVERAL and part[-1] != "." for part in short):
            parts = short
    return [part.strip() for part in parts if part.strip()]


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    if form_of(path) == ".tsv":
        reader = csv.reader(lines_of(file, path), delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines_of(file, path), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row) and not row[0].startswith("#"):
                yield reader.line_num, row
    except csv.Error as error:
        raise KnowledgeError(f"{path}:{reader.line_num}", f"{error}.", "comma-separated values") from error


def _header(row: list[str]) -> tuple[int, int, int] | None:
    cells = [cell.strip('"').lower() for cell in row]
    found = [next((at for at, cell in enumerate(cells) if cell in names), None) for names in _HEADERS]
    subject, relation, node = found
    if subject is None or relation is None or node is None:
        return None
    return subject, relation, node


def _object(cell: str, where: str) -> Node:
    if cell.startswith('"'):
        quoted = _QUOTED.fullmatch(cell)
        if quoted is None and cell.count('"') > 1:
            # Words that quote others, not escaped: `"Squeezed" or "smashed"`. What they say is not in doubt.
            inner = cell[1:-1] if cell[-1] == '"' else cell
            return Literal(inner)
        if quoted is None:
            raise KnowledgeError(where, f"{cell[:40]} does not end.", '"text", "text"@en or "text"^^xsd:date')
        text, language, datatype = quoted.groups()
        return Literal(_ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text), datatype, language)
    if _NUMBER.fullmatch(cell):
        return Literal(cell)
    if _DATE.fullmatch(cell):
        return Literal(cell, "xsd:date" if "T" not in cell else "xsd:dateTime")
    return _plain(cell)


def _plain(cell: str) -> str:
    """An identifier as it is, without the angle brackets or quotes that some tables put around it."""
    if len(cell) > 2 and (cell[0], cell[-1]) in (("<", ">"), ('"', '"')):
        return cell[1:-1]
    return cell


def _separator(path: Path) -> str:
    return "tab-separated" if form_of(path) == ".tsv" else "comma-separated"
