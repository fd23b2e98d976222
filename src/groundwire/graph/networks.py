"""Graphs as networkx writes them: GraphML, and node-link JSON."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from groundwire.errors import KnowledgeError
from groundwire.graph.files import Bounded, opened_binary
from groundwire.graph.store import Literal, Node

_RELATION = ("relation", "predicate", "property", "type", "label", "name", "key")
"""Attributes of an edge that name its relation, the first that is there; in GraphML they may be written large."""


def read_graphml(path: Path) -> Iterator[tuple[str, str, Node]]:
    """The statements of a GraphML file: edges between entities, attributes of nodes as values.

    Raises: KnowledgeError; OSError.
    """
    with opened_binary(path) as file:
        try:
            network = nx.read_graphml(Bounded(file, path), force_multigraph=True)
        except ParseError as error:
            where = f"{path}:{error.position[0]}:{error.position[1] + 1}"
            raise KnowledgeError(where, f"{error.msg.split(':')[0]}.", "GraphML") from error
        except (nx.NetworkXError, KeyError, ValueError, TypeError) as error:
            raise KnowledgeError(str(path), f"this cannot be read: {error}.", "GraphML") from error
    yield from _statements(network, path)


def read_node_link(data: Mapping[str, Any], path: Path) -> Iterator[tuple[str, str, Node]]:
    """The statements of node-link JSON; its edges stand under "edges", or under "links" as older versions wrote them.

    Raises: KnowledgeError.
    """
    edges = "edges" if "edges" in data else "links"
    try:
        network = nx.node_link_graph({**data, "multigraph": True}, edges=edges)
    except (nx.NetworkXError, KeyError, ValueError, TypeError, AttributeError) as error:
        what = f"this cannot be read: {type(error).__name__} {error}."
        raise KnowledgeError(str(path), what, f'"nodes" with "id", "{edges}" with "source" and "target"') from error
    yield from _statements(network, path)


def _statements(network: Any, path: Path) -> Iterator[tuple[str, str, Node]]:
    for node, attributes in network.nodes(data=True):
        for name, value in attributes.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str | int | float) and str(one).strip():
                    yield str(node), name, Literal(_text(one))
    for subject, object, key, attributes in network.edges(keys=True, data=True):
        relation = next((str(attributes[name]) for name in _RELATION if attributes.get(name) not in (None, "")), None)
        if relation is None and isinstance(key, str) and not key.isdigit():
            relation = key
        if relation is None:
            what = f"the edge from {subject} to {object} does not say which relation it is."
            raise KnowledgeError(str(path), what, f"one of the attributes {', '.join(_RELATION)}")
        yield str(subject), relation, str(object)


def _text(value: str | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
