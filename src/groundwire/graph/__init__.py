"""A knowledge graph that answers.

In: files of facts, graphs on disk or at an endpoint, and claims. Out: one finding a claim, with the path of facts as
evidence and the words to correct. It never reads more of the answer than the claim, never calls a claim false because
a fact is missing, and never changes a graph that it asks.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Names are loaded when first used: networkx and pyoxigraph are not for `groundwire --help` to wait for.
_HOMES = {
    "Entails": "meaning",
    "Fact": "store",
    "GraphJudge": "judge",
    "GraphStore": "store",
    "KnowledgeGraph": "store",
    "Literal": "store",
    "SourcedJudge": "sources",
    "import_graph": "importing",
    "is_address": "sources",
    "load": "loading",
    "mark_of": "sources",
    "open_graph": "sources",
    "read_facts": "loading",
    "serve_facts": "served",
}

__all__ = [
    "Entails",
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
    from groundwire.graph.judge import GraphJudge as GraphJudge
    from groundwire.graph.loading import load as load
    from groundwire.graph.loading import read_facts as read_facts
    from groundwire.graph.meaning import Entails as Entails
    from groundwire.graph.served import serve_facts as serve_facts
    from groundwire.graph.sources import SourcedJudge as SourcedJudge
    from groundwire.graph.sources import is_address as is_address
    from groundwire.graph.sources import mark_of as mark_of
    from groundwire.graph.sources import open_graph as open_graph
    from groundwire.graph.store import Fact as Fact
    from groundwire.graph.store import GraphStore as GraphStore
    from groundwire.graph.store import KnowledgeGraph as KnowledgeGraph
    from groundwire.graph.store import Literal as Literal
