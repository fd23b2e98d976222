"""Nodes of a graph as RDF terms, and back. A name that is no IRI becomes one; pyoxigraph escapes every term."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph

from groundwire.graph.store import Literal, Node

OWN = "urn:groundwire:name:"
"""What a table calls Errol_Flynn is <urn:groundwire:name:Errol_Flynn> in RDF."""

_PLAIN = frozenset({"http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"})
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*")


@lru_cache(maxsize=65536)
def entity(identifier: str) -> pyoxigraph.NamedNode:
    """The IRI that stands for an entity or a relation."""
    if _ABSOLUTE.fullmatch(identifier) and not identifier.startswith(OWN):
        try:
            return pyoxigraph.NamedNode(identifier)
        except ValueError:
            pass
    return pyoxigraph.NamedNode(OWN + quote(identifier, safe="", errors="surrogatepass"))


def term(node: Node) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    """The RDF term of a node. A language tag that is none is left out."""
    if isinstance(node, str):
        return entity(node)
    text = node.text.encode("utf-8", "replace").decode()
    if node.language:
        try:
            return pyoxigraph.Literal(text, language=node.language)
        except ValueError:
            return pyoxigraph.Literal(text)
    return pyoxigraph.Literal(text, datatype=entity(node.datatype)) if node.datatype else pyoxigraph.Literal(text)


def identifier(iri: str) -> str:
    """What the graph calls an IRI."""
    return unquote(iri[len(OWN) :], errors="surrogatepass") if iri.startswith(OWN) else iri


def node(term: Any, named: Callable[[str], str] = identifier) -> Node:
    """The node of a term; `named` says what an IRI is called. A blank node keeps its label.

    A quoted triple is kept as words: its own facts are not asserted.
    """
    if isinstance(term, pyoxigraph.NamedNode):
        return named(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return f"_:{term.value}"
    if isinstance(term, pyoxigraph.Literal):
        datatype = term.datatype.value
        return Literal(term.value, None if datatype in _PLAIN else named(datatype), term.language)
    return Literal(str(term))
