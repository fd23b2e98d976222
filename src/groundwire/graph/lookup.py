"""Names that are looked up where they are kept, on disk or at an endpoint, and not held in memory.

For every question what may answer it is fetched and put into a small `NameIndex`, which decides: how names are read
is written down in one place.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from groundwire.graph.countries import country_of, expanded
from groundwire.graph.index import LONGEST_NAME, RARE_TOKEN, Hit, NameIndex, singulars
from groundwire.graph.names import Token, tokenize
from groundwire.graph.store import Node


class Named(NamedTuple):
    """A name and the node that has it."""

    name: str
    node: Node


class LookedUpNames(ABC):
    """`Names` over whatever can be asked for names. Keeps nothing between two questions: safe to share."""

    def find(self, name: str) -> tuple[Hashable, ...]:
        words = name.replace("_", " ")
        tokens = tokenize(words)
        return _small(self._exact(tokens, words)).find(name) or _small(self._near(tokens)).find(name)

    def mentions(self, tokens: Sequence[Token], text: str) -> Iterator[Hit]:
        return _small(self._exact(tokens, text)).mentions(tokens, text)

    def misspelt(self, tokens: Sequence[Token], first: int, last: int) -> Hit | None:
        return _small(self._near(tokens[first:last])).misspelt(tokens, first, last)

    def holding(self, tokens: Sequence[Token], most: int = 3) -> tuple[Hashable, ...]:
        return _small(self._with_all(tokens)).holding(tokens, most)

    def part_of_names(self, word: str) -> bool:
        """Whether a word stands in long names, though not in so many that it says nothing."""
        return 0 < len(list(self._with_all([Token(word, 0, len(word))]))) <= RARE_TOKEN

    @abstractmethod
    def _exact(self, tokens: Sequence[Token], text: str) -> Iterable[Named]:
        """Every name that stands in the text, word for word."""

    @abstractmethod
    def _near(self, tokens: Sequence[Token]) -> Iterable[Named]:
        """Names that these words may spell but for a letter or two."""

    @abstractmethod
    def _with_all(self, tokens: Sequence[Token]) -> Iterable[Named]:
        """Names that hold all these words."""


def stretches(tokens: Sequence[Token], longest: dict[str, int]) -> dict[str, None]:
    """The normal forms under which a name may stand in a text, by the longest name that begins with each word."""
    keys: dict[str, None] = {}
    for at, token in enumerate(tokens):
        most = min(longest.get(token.norm, 2), LONGEST_NAME, len(tokens) - at)
        for length in range(1, most + 1):
            key = " ".join(other.norm for other in tokens[at : at + length])
            keys |= dict.fromkeys(forms_of(key))
    return keys


def forms_of(key: str) -> list[str]:
    """A normal form, and what else may be meant by it: a country by its short name or adjective, one of several."""
    forms = [key, expanded(key)]
    if country := country_of(key):
        forms.append(country)
    return list(dict.fromkeys([*forms, *singulars(key)]))


def _small(found: Iterable[Named]) -> NameIndex:
    index = NameIndex()
    for name, node in dict.fromkeys(found):
        index.add(name, node)
    return index
