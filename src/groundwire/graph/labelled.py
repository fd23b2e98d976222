"""What a node is called, for stores that look its labels up."""

from abc import ABC, abstractmethod

from groundwire.graph.loading import by_language
from groundwire.graph.names import local_name, written
from groundwire.graph.store import Fact, Literal, Node, Period


class Labelled(ABC):
    """The part of a `GraphStore` that names things: by a label where one is stated, English first, else as they are.

    Neither store of this kind keeps when a fact holds.
    """

    def periods(self, fact: Fact) -> tuple[Period, ...]:
        return ()

    def label(self, node: Node) -> str:
        if isinstance(node, Literal):
            return node.text
        return self._stated(node) or written(local_name(node))

    def full_name(self, node: Node) -> str:
        if isinstance(node, Literal):
            return node.text
        return self._stated(node) or local_name(node).replace("_", " ")

    @abstractmethod
    def _labels(self, entity: str) -> list[Node]:
        """The labels that are stated for an entity, in any order that is always the same."""

    def _stated(self, entity: str) -> str | None:
        labels = self._labels(entity)
        return in_words(min(labels, key=by_language)) if labels else None


def in_words(label: Node) -> str:
    """A label as it is, or the name of what stands in its place."""
    return label.text if isinstance(label, Literal) else written(label)
