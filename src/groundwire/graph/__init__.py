"""A knowledge graph that answers.

In: files of facts, graphs on disk or at an endpoint, and claims. Out: one finding a claim, with the path of facts as
evidence and the words to correct. It never reads more of the answer than the claim, never calls a claim false because
a fact is missing, and never changes a graph that it asks.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from groundwire.graph.judge import GraphJudge
from groundwire.graph.load import load
from groundwire.graph.load import statements as read_facts
from groundwire.graph.sources import SourcedJudge, is_address, mark_of, open_graph
from groundwire.graph.store import Fact, GraphStore, KnowledgeGraph, Literal

# Loaded when first used: they need pyoxigraph, SQLite or an HTTP server.
_HOMES = {"import_graph": "importing", "serve_facts": "served"}

__all__ = [
    "Fact",
    "GraphJudge",
    "GraphStore",
    "KnowledgeGraph",
    "Literal",
    "SourcedJudge",
    "import_graph",
    "is_address",
    "load",
    "mark_of",
    "open_graph",
    "read_facts",
    "serve_facts",
]


def __getattr__(name: str) -> Any:
    if home := _HOMES.get(name):
        return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from groundwire.graph.importing import import_graph as import_graph
    from groundwire.graph.served import serve_facts as serve_facts
