"""From the words of a text to the entities they may mean: one look-up per word, however large the graph."""

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from groundwire.graph.countries import country_of, expanded
from groundwire.graph.names import FUNCTION_WORDS, Token, tokenize, variants

LONGEST_NAME = 24
"""Names of more tokens than this are values to read, not names to link."""
_TYPO_LENGTH = 8
_TYPO_RATIO = 90.0
_COMMON_TOKEN = 200
RARE_TOKEN = 8
"""A word that stands in so many names says something."""
_SHORTEST_PLURAL = 4
_MOST_OFF = 3


class Grade:
    """How a name was met, best first."""

    EXACT = 0
    VARIANT = 1
    TYPO = 2
    PART = 3
    ADJECTIVE = 4


class Hit(NamedTuple):
    """Words `first` to `last` (exclusive) of a text that name one of `nodes`; `grade` says how surely."""

    first: int
    last: int
    nodes: tuple[Hashable, ...]
    grade: int


def singulars(key: str) -> list[str]:
    """What a normal form may be several of."""
    if key[-1:] != "s" or len(key) <= _SHORTEST_PLURAL:
        return []
    return [key[:-1], key[:-2]] if key[-2] == "e" else [key[:-1]]


class NameIndex:
    """Labels, aliases and their shorter forms, by normal form."""

    def __init__(self) -> None:
        self._nodes: dict[str, dict[Hashable, int]] = {}
        self._longest: dict[str, int] = {}
        self._by_token: dict[str, list[str]] = {}

    def add(self, name: str, node: Hashable) -> None:
        """Let `name`, and the shorter forms of it that people use, mean `node`."""
        self._put(name, node, Grade.EXACT)
        for form in variants(name):
            self._put(form, node, Grade.VARIANT)

    def find(self, name: str) -> tuple[Hashable, ...]:
        """The nodes that a name means, the surest first; typos allowed in long names."""
        tokens = tokenize(name.replace("_", " "))
        key = " ".join(token.norm for token in tokens)
        found = self._nodes.get(key) or self._nodes.get(self._typo(key, tokens) or "", {})
        return tuple(sorted(found, key=lambda node: (found[node], not isinstance(node, str))))

    def mentions(self, tokens: Sequence[Token], text: str) -> Iterator[Hit]:
        """The names in a text, longest first at every word, none overlapping another."""
        at = 0
        while at < len(tokens):
            hit = self._longest_at(tokens, at, text)
            if hit is None:
                at += 1
            else:
                yield hit
                at = hit.last

    def misspelt(self, tokens: Sequence[Token], first: int, last: int) -> Hit | None:
        """The one name that words `first` to `last` spell but for a letter or two, or None."""
        key = " ".join(token.norm for token in tokens[first:last])
        name = self._typo(key, tokens[first:last])
        return None if name is None else Hit(first, last, tuple(self._nodes[name]), Grade.TYPO)

    def holding(self, tokens: Sequence[Token], most: int = 3) -> tuple[Hashable, ...]:
        """The nodes whose names hold all these words, where there are at most `most`: "Ribicoff", "Mendrisio"."""
        rows = [self._by_token.get(token.norm, ()) for token in tokens]
        shortest = min(rows, key=len, default=())
        if len(shortest) > _COMMON_TOKEN:
            return ()
        wanted = {token.norm for token in tokens}
        nodes = dict.fromkeys(node for name in shortest if wanted <= set(name.split()) for node in self._nodes[name])
        return tuple(nodes) if len(nodes) <= most else ()

    def part_of_names(self, word: str) -> bool:
        """Whether a word stands in long names, though not in so many that it says nothing."""
        return 0 < len(self._by_token.get(word, ())) <= RARE_TOKEN

    def _put(self, name: str, node: Hashable, grade: int) -> None:
        tokens = tokenize(name)
        if not tokens or len(tokens) > LONGEST_NAME:
            return
        key = " ".join(token.norm for token in tokens)
        if key in FUNCTION_WORDS:
            return
        nodes = self._nodes.get(key)
        if nodes is None:
            nodes = self._nodes[key] = {}
            head = tokens[0].norm
            self._longest[head] = max(self._longest.get(head, 0), len(tokens))
            if len(key) >= _TYPO_LENGTH:
                for token in {token.norm for token in tokens}:
                    self._by_token.setdefault(token, []).append(key)
        nodes[node] = min(grade, nodes.get(node, grade))

    def _longest_at(self, tokens: Sequence[Token], at: int, text: str) -> Hit | None:
        longest = min(self._longest.get(tokens[at].norm, 2), len(tokens) - at)
        for length in range(longest, 0, -1):
            key = " ".join(token.norm for token in tokens[at : at + length])
            nodes = self._named(key)
            if nodes and not _crosses(text[tokens[at].start : tokens[at + length - 1].end]):
                grade = min(nodes.values())
                surest = sorted(nodes, key=lambda node: (nodes[node], not isinstance(node, str)))
                # "Spanish" is a language as well as what comes from Spain.
                places = self._nodes.get(country_of(key) or "", ()) if grade == Grade.VARIANT else ()
                return Hit(at, at + length, (*surest, *(node for node in places if node not in nodes)), grade)
            country = self._nodes.get(country_of(key) or "")
            if country and text[tokens[at].start].isupper():
                return Hit(at, at + length, tuple(country), Grade.ADJECTIVE)
        return None

    def _named(self, key: str) -> dict[Hashable, int] | None:
        """What a key names: as it is, with the short names of countries written out, or in the singular."""
        nodes, longer = self._nodes.get(key), expanded(key)
        if longer != key and (others := self._nodes.get(longer)):
            return {**others, **(nodes or {})}
        if nodes is None:
            nodes = next((found for one in singulars(key) if (found := self._nodes.get(one))), None)
        return nodes

    def _typo(self, key: str, tokens: Sequence[Token]) -> str | None:
        if len(key) < _TYPO_LENGTH:
            return None
        best, runner_up, winner = 0.0, 0.0, None
        seen: set[str] = set()
        digits = _digits(key)
        for token in tokens:
            names = self._by_token.get(token.norm, ())
            if len(names) > _COMMON_TOKEN:
                continue
            for name in names:
                if name in seen:
                    continue
                seen.add(name)
                # Apollo 12 is no misspelling of Apollo 11.
                if abs(len(name) - len(key)) > _MOST_OFF or _digits(name) != digits:
                    continue
                ratio = fuzz.ratio(key, name, score_cutoff=_TYPO_RATIO)
                if ratio > best:
                    best, runner_up, winner = ratio, best, name
                else:
                    runner_up = max(runner_up, ratio)
        return winner if best > runner_up else None


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _crosses(text: str) -> bool:
    """Whether a stretch of text runs over the end of a sentence."""
    return "\n\n" in text or "; " in text
