"""The names that an answer spoke of before a claim: what its "it", "there" and "the club" may mean."""

import re
from dataclasses import replace
from functools import lru_cache

from groundwire.graph.index import Grade
from groundwire.graph.mentions import Mention, Reading, read
from groundwire.graph.names import normal
from groundwire.graph.store import GraphStore

# A sentence ends after a word of three letters or more: "St. Louis" and "U.S. Army" stay whole.
_END = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+(?=[A-Z\"“(])|\n+")
_SENTENCES_BACK = 6
_MOST_NAMES = 24
_LONGEST = 2_000


class Recall:
    """Remembers the names of one graph in the sentences of answers, the last few hundred of them."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph = graph
        self._names = lru_cache(maxsize=512)(self._read)

    def before(self, answer: str, reading: Reading) -> list[Mention]:
        """The names in `answer` that `reading` does not have itself, the nearest first.

        `distance` counts the sentences back: 0 in the claim's own. The first sentence, which says what the answer is
        about, is always among them.
        """
        names = self._all(answer)
        seen = {node for mention in reading.mentions for node in mention.nodes[:8]}
        found = [whole for mention in reading.mentions if (whole := self._holding(reading, mention)) is not None]
        for name in names:
            if not seen.issuperset(name.nodes[:8]):
                seen.update(name.nodes[:8])
                found.append(name)
        return found[:_MOST_NAMES]

    def settle(self, answer: str, reading: Reading) -> None:
        """Let short names mean what the answer named in full before: "See" is Elliot See."""
        unsure = [mention for mention in reading.mentions if mention.kind == "name" and reading.unsure(mention)]
        for mention in unsure:
            short = set(normal(reading.words(mention)).split())
            for name in self._all(answer):
                if name.grade < Grade.PART and short < set(normal(name.elsewhere or "").split()):
                    mention.nodes, mention.grade = name.nodes, Grade.VARIANT
                    break

    def _all(self, answer: str) -> list[Mention]:
        """The names of the last sentences of an answer and of its first, the nearest first."""
        back = list(enumerate(reversed(_END.split(answer[-4 * _LONGEST :]))))
        return [
            replace(name, distance=distance)
            for distance, sentence in [*back[:_SENTENCES_BACK], *back[_SENTENCES_BACK:][-1:]]
            for name in reversed(self._names(sentence[-_LONGEST:]))
        ]

    def _holding(self, reading: Reading, mention: Mention) -> Mention | None:
        """The place in which a name places what it names: the Sri Lanka of "Haputale, Sri Lanka"."""
        where = reading.words(mention).rpartition(", ")[2] if mention.kind == "name" and mention.nodes else ""
        nodes = self._graph.names.find(where) if where and where != reading.words(mention) else ()
        return Mention(-1, -1, -1, -1, "name", nodes, group=-1, elsewhere=where) if nodes else None  # type: ignore[arg-type]

    def _read(self, sentence: str) -> tuple[Mention, ...]:
        reading = read(sentence, self._graph)
        return tuple(
            replace(mention, start=-1, end=-1, first=-1, last=-1, group=-1, elsewhere=reading.words(mention))
            for mention in reading.mentions
            if mention.nodes and mention.grade != Grade.ADJECTIVE
        )
