"""Names that a claim shortens: a surname, a company without "Holdings", a device without its maker, a cup of a year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from groundwire.graph.index import Grade
from groundwire.graph.names import FUNCTION_WORDS, TITLES, Token, stem, tokenize
from groundwire.graph.packs import shipped_relations
from groundwire.graph.store import GraphStore, Node

if TYPE_CHECKING:
    from groundwire.graph.mentions import Mention

# What a name may end in and is often left out; what is left means nothing else then.
_ENDINGS = """
ab ag airlines association bank bv club company corporation enterprises fc ff fk foundation gmbh group holding holdings
incorporated industries international kg limited llc llp mining nv partners pharma pharmaceuticals plc robotics sa se
sk spa systems technologies
"""
_LEFT_OUT = frozenset(_ENDINGS.split())
_WATERS = frozenset(["river", "creek", "canal"])
_YEARS = range(1000, 2200)
_MOST = 60


def settled(mentions: list[Mention], tokens: Sequence[Token], text: str, graph: GraphStore) -> list[Mention]:
    """The mentions, with those made sure that are short for one thing of the graph alone."""
    for mention in [one for one in mentions if one.kind == "name" and one.grade == Grade.PART]:
        _with_number(mention, mentions, tokens, text, graph)
        said = [token.norm for token in tokens[mention.first : mention.last]]
        lead = tokens[mention.first - 1].norm if mention.first else ""
        meant = [node for node in mention.nodes if _short_for(said, lead, node, graph)]
        if len(meant) == 1:
            mention.nodes, mention.grade = (meant[0],), Grade.VARIANT
            mention.surname = len(said) == 1 and lead not in TITLES and _is_person(meant[0], graph)
        else:
            mentions = _of_a_year(mention, mentions, tokens, graph)
    return [one for one in mentions if not _of_a_relation(one, tokens, text, graph)]


def _of_a_relation(mention: Mention, tokens: Sequence[Token], text: str, graph: GraphStore) -> bool:
    """Whether a sort of thing is only a word of a relation here: the "city" of "the largest city of"."""
    if mention.kind != "name" or not mention.first or not text[mention.start : mention.end].islower():
        return False
    stems = [stem(token.norm) for token in tokens[mention.first - 1 : mention.last + 1]]
    if mention.last - mention.first > 1 or _pairs().isdisjoint(pairwise(stems)):
        return False
    book = shipped_relations()
    return all(
        isinstance(node, str)
        and not graph.facts_about(node)
        and all(book.get(role).id == "kind" for role in graph.roles(node))
        for node in mention.nodes
    )


@lru_cache(maxsize=1)
def _pairs() -> frozenset[tuple[str, str]]:
    """Stems that stand side by side in the wordings of relations."""
    phrases = [phrase for relation in shipped_relations() for phrase in relation.phrases]
    return frozenset(
        pair for phrase in phrases for part in (phrase.before, phrase.between, phrase.after) for pair in pairwise(part)
    )


def _with_number(
    mention: Mention, mentions: list[Mention], tokens: Sequence[Token], text: str, graph: GraphStore
) -> None:
    """Let a short name take the number behind it, where one thing is called so: "the Dock 7"."""
    number = next((one for one in mentions if one.first == mention.last and one.kind == "number"), None)
    if number is None or number.last - number.first != 1 or text[mention.end : number.start] != " ":
        return
    nodes = graph.names.holding(tokens[mention.first : number.last])
    if len(nodes) == 1:
        mention.nodes, mention.last = nodes, number.last  # type: ignore[assignment]
        mention.end = tokens[number.last - 1].end
        mentions.remove(number)


def _short_for(said: list[str], lead: str, node: Node, graph: GraphStore) -> bool:
    """Whether the words are what is usually said of a thing's name: its end, or all but an ending that says little."""
    known = [token.norm for token in tokenize(graph.full_name(node))]
    if said and said[0] in TITLES:
        return known[-len(said) + 1 :] == said[1:] and _is_person(node, graph)
    left = len(known) - len(said)
    if left < 1 or not isinstance(node, str):
        return False
    if known[: len(said)] == said and left == 1:
        return known[-1] in _LEFT_OUT or (known[-1] in _WATERS and lead == "the")
    if known[left:] != said or not FUNCTION_WORDS.isdisjoint(known[:left]):
        return False
    if len(said) > 1 and any(
        graph.facts_between(maker, node) for maker in graph.names.find(" ".join(known[:left])) if isinstance(maker, str)
    ):
        return True  # "the Dock 7", where the graph knows the maker whose name it leaves out
    return lead != "the" and _is_person(node, graph)


def _is_person(node: Node, graph: GraphStore) -> bool:
    """Whether the graph says of a thing what only people have, or gives it a role that only they play."""
    known = [token.norm for token in tokenize(graph.full_name(node))]
    if known[:1] and known[0] in TITLES:
        return True
    book = shipped_relations()
    relations = {fact.relation for fact in graph.facts_about(node)[:_MOST]}
    return any(book.get(name).domain == "person" for name in relations) or any(
        book.get(role).object == "person" for role in graph.roles(node)
    )


def _of_a_year(mention: Mention, mentions: list[Mention], tokens: Sequence[Token], graph: GraphStore) -> list[Mention]:
    """A name that several things have but for the year in it means the one of the year that the claim has."""
    said = [token.norm for token in tokens[mention.first : mention.last]]
    years = [one for one in mentions if one.kind == "date" and one.last - one.first == 1]
    if not years:
        return mentions
    by_year: dict[str, Node] = {}
    for node in graph.names.holding(tokens[mention.first : mention.last], _MOST):
        known = [token.norm for token in tokenize(graph.full_name(node).replace("_", " "))]  # type: ignore[arg-type]
        rest = list(known)
        for word in said:
            if word in rest:
                rest.remove(word)
        if len(known) == len(said) + 1 and len(rest) == 1 and rest[0].isdigit() and int(rest[0]) in _YEARS:
            by_year[rest[0]] = node  # type: ignore[assignment]
    wanted = [by_year.get(tokens[one.first].norm) for one in years]
    if None in wanted:
        return mentions
    mention.nodes, mention.grade, mention.every = tuple(wanted), Grade.VARIANT, True  # type: ignore[arg-type]
    return [one for one in mentions if one not in years]
