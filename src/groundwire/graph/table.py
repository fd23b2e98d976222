"""Tables of facts, three columns: subject, relation, object."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from groundwire.errors import KnowledgeError
from groundwire.graph.store import Literal, Node

_HEADERS = (
    {"subject", "subj", "s", "head", "source", "from", "entity"},
    {"relation", "predicate", "property", "p", "rel", "edge", "attribute"},
    {"object", "obj", "o", "tail", "target", "to", "value"},
)
# "text", "text"@en, "text"^^xsd:date; what the quotes hold may have backslash escapes, as in N-Triples.
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<?([^<>\s]+?)>?)?', re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?(?: ?%| \([^()]*\))?")
_DATE = re.compile(r"-?\d{4}-\d{2}(?:-\d{2}(?:T[\d:.]+(?:Z|[-+]\d{2}:\d{2})?)?)?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def read_table(path: Path) -> Iterator[tuple[str, str, Node]]:
    """The statements of a TSV or CSV file, with or without a header. Empty lines and lines from "#" are left out.

    Quoted objects, numbers and dates are values; everything else is an entity.
    Raises: KnowledgeError with the line; OSError; UnicodeDecodeError.
    """
    order = (0, 1, 2)
    first = True
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = _rows(path, file)
        for line, row in rows:
            if len(row) != 3:
                columns = f"{len(row)} column{'s' if len(row) != 1 else ''}."
                raise KnowledgeError(f"{path}:{line}", columns, f"3 ({_separator(path)}): subject, relation, object")
            if first and (header := _header(row)):
                order, first = header, False
                continue
            first = False
            subject, relation, node = (row[column].strip() for column in order)
            for part, cell in (("subject", subject), ("relation", relation), ("object", node)):
                if not cell:
                    raise KnowledgeError(f"{path}:{line}", f"no {part}.", "subject, relation, object")
            yield _plain(subject), _plain(relation), _object(node, f"{path}:{line}")


def _rows(path: Path, file: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    if path.suffix.lower() == ".tsv":
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(file, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row) and not row[0].startswith("#"):
                yield reader.line_num, row
    except csv.Error as error:
        raise KnowledgeError(f"{path}:{reader.line_num}", f"{error}.", "comma-separated values") from error


def _header(row: list[str]) -> tuple[int, int, int] | None:
    cells = [cell.strip().strip('"').lower() for cell in row]
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
    return "tab-separated" if path.suffix.lower() == ".tsv" else "comma-separated"
