"""A knowledge graph that answers.

In: files of facts, and claims. Out: one finding a claim, with the path of facts as evidence and the words to correct.
It never reads more of the answer than the claim, and never calls a claim false because a fact is missing.
"""

from groundwire.graph.judge import GraphJudge
from groundwire.graph.load import load
from groundwire.graph.store import Fact, GraphStore, KnowledgeGraph, Literal

__all__ = ["Fact", "GraphJudge", "GraphStore", "KnowledgeGraph", "Literal", "load"]
