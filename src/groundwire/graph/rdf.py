"""RDF files, read by pyoxigraph."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph

from groundwire.errors import KnowledgeError
from groundwire.graph.files import form_of, opened_binary
from groundwire.graph.store import Node
from groundwire.graph.terms import node

_FORMATS = pyoxigraph.RdfFormat
SUFFIXES = {
    ".ttl": _FORMATS.TURTLE,
    ".nt": _FORMATS.N_TRIPLES,
    ".nq": _FORMATS.N_QUADS,
    ".trig": _FORMATS.TRIG,
    ".rdf": _FORMATS.RDF_XML,
    ".jsonld": _FORMATS.JSON_LD,
}
JSON_LD = ".jsonld"


def read_rdf(path: Path, suffix: str | None = None) -> Iterator[tuple[str, str, Node]]:
    """The statements of a file, graph names left out. JSON-LD may not fetch a context from elsewhere.

    `suffix`: what the file holds, where its name does not say it.

    Blank nodes are numbered in the order in which they come, so that one file is always one graph.
    Raises: KnowledgeError with line and column; OSError.
    """
    if path.stat().st_size == 0:
        return
    blanks: dict[str, str] = {}
    form = SUFFIXES[suffix or form_of(path)]
    try:
        with opened_binary(path) as file:
            for quad in pyoxigraph.parse(file, format=form, base_iri="urn:groundwire:"):
                subject = _node(quad.subject, blanks)
                if isinstance(subject, str):
                    yield subject, quad.predicate.value, _node(quad.object, blanks)
    except SyntaxError as error:
        where = f"{path}:{error.lineno}:{error.offset}" if error.lineno else str(path)
        raise KnowledgeError(where, f"{_reason(error)}.", form.name) from error


def _node(term: Any, blanks: dict[str, str]) -> Node:
    if isinstance(term, pyoxigraph.BlankNode):
        return blanks.setdefault(term.value, f"_:b{len(blanks) + 1}")
    return node(term, str)  # a file's IRIs are taken as they are


def _reason(error: SyntaxError) -> str:
    """pyoxigraph's message without the position, which the error's place already says."""
    message = str(error.msg or error)
    if "LoadDocumentCallback" in message:
        return "its @context stands elsewhere, and nothing is fetched"
    return message.split(": ", 1)[1] if message.startswith("Parser error") and ": " in message else message
