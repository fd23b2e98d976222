"""JSON files of facts: node-link JSON of networkx, entities as Wikidata writes them, or JSON-LD."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from groundwire.errors import KnowledgeError
from groundwire.graph import files
from groundwire.graph.files import lines_of, opened, too_large
from groundwire.graph.store import Node
from groundwire.graph.wikidata import read_entity

_EXPECTED = (
    'node-link JSON of networkx ("nodes", "edges"), Wikidata entities ("entities", or one a line), '
    'or JSON-LD ("@context")'
)


def read_json(path: Path) -> Iterator[tuple[str, str, Node]]:
    """The statements of a JSON file. Entities one a line are streamed; anything else is read whole.

    Raises: KnowledgeError with the line; OSError; UnicodeDecodeError.
    """
    with opened(path) as file:
        lines = lines_of(file, path)
        number, first = next(((number, line) for number, line in enumerate(lines, start=1) if line.strip()), (0, ""))
        text = first.strip()
        if text == "[" or not text:  # as in Wikidata's dumps: a list, each item on a line of its own
            yield from _lines(lines, path, number + 1)
            return
        data = _alone(text.rstrip(","))
        if _is_entity(data):
            yield from _lines(chain([first], lines), path, number)
            return
        if data is None:
            data = _parsed(first + _rest(file, path, len(first)), path, number)
    yield from _whole(data, path)


def _lines(lines: Iterable[str], path: Path, start: int) -> Iterator[tuple[str, str, Node]]:
    for number, line in enumerate(lines, start=start):
        text = line.strip().rstrip(",")
        if text and text not in ("[", "]"):
            yield from read_entity(_parsed(text, path, number), f"{path}:{number}")


def _whole(data: Any, path: Path) -> Iterator[tuple[str, str, Node]]:
    if isinstance(data, dict) and isinstance(data.get("entities"), dict):
        for name, entity in data["entities"].items():
            yield from read_entity(entity, f"{path} {name}")
    elif isinstance(data, dict) and "nodes" in data and ("edges" in data or "links" in data):
        from groundwire.graph.networks import read_node_link

        yield from read_node_link(data, path)
    elif _is_linked(data):
        from groundwire.graph.rdf import JSON_LD, read_rdf

        yield from read_rdf(path, JSON_LD)
    elif _is_entity(data):
        yield from read_entity(data, str(path))
    elif isinstance(data, list) and all(map(_is_entity, data)):
        for entity in data:
            yield from read_entity(entity, str(path))
    else:
        raise KnowledgeError(str(path), "this is JSON, but no graph.", _EXPECTED)


def _is_entity(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("id"), str) and bool({"labels", "claims"} & set(data))


def _is_linked(data: Any) -> bool:
    """Whether this is JSON-LD: it names a context or a graph, or says of what its first item speaks."""
    first = data[0] if isinstance(data, list) and data else data
    return isinstance(first, dict) and not {"@context", "@graph", "@id"}.isdisjoint(first)


def _rest(file: TextIO, path: Path, held: int) -> str:
    text = file.read(max(0, files.MOST_READ - held))
    if file.read(1):
        raise too_large(path)
    return text


def _alone(line: str) -> Any:
    """The object that a line is; None where it only begins one: `{"directed": true, "graph": {},`."""
    if not line.startswith("{") or not line.endswith("}"):
        return None
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None


def _parsed(text: str, path: Path, line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise KnowledgeError(f"{path}:{line + error.lineno - 1}:{error.colno}", f"{error.msg}.", _EXPECTED) from error
    except RecursionError as error:
        raise KnowledgeError(f"{path}:{line}", "this is nested too deeply.", _EXPECTED) from error
