"""Who else a claim may speak of: someone or something that it does not name, for which the graph cannot vouch."""

from collections.abc import Container, Iterable

from groundwire.graph.denials import NEGATIONS
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, name_stems, relation_words, stem, tokenize
from groundwire.graph.relations import RelationBook
from groundwire.graph.store import Fact, GraphStore
from groundwire.graph.wording import GENERIC, MODIFIERS, SORT_WORDS, SORTS

# Nobody that was named before.
_OTHERS = """
anybody anyone everybody everyone mine my nobody none other others our ours somebody someone theirs your yours
"""
_NOBODY_NAMED = frozenset(_OTHERS.split())
_COUNTED = frozenset(["another", "any", "each", "every", "few", "many", "most", "no", "several", "some"])
_AND = frozenset(["and", "but", "while"])
_OPENING = _AND | {"where", "which", "who", "whom", "whose"}
_THIS = frozenset(["the", "this", "that"])
_POSSESSIVE = frozenset(["his", "her", "its", "their", "whose"])
# What may lead up to a statement and is nobody: "it can also be found by", "the latter is called", "among them".
_LEADING = """
also among at belongs both called can contains currently found here include included includes just known largely latter
located may named now number numbers once one ones originally place present said should situated still took under use
used uses well where within year
"""
_NEUTRAL = NEGATIONS | frozenset(_LEADING.split())
# What a thing may be called that was named before; what a person is called, the graph must know.
_NAMELESS = """
address asteroid body campus celestial character club comic company hotel league measurement minor mission monument
organisation organization planet school ship site stadium station team
"""
THINGS = frozenset(stem(word) for word in _NAMELESS.split())
# Each of these is somebody's or something's, and another than whose it is.
_RELATED = """
acquaintance admirer aide ally ancestor apprentice architect assistant aunt author biographer bodyguard boss bride
brother capital chairman child children coach colleague commander companion competitor composer cousin creator critic
dad daughter descendant designer director disciple discoverer dog editor employer enemy fan father fiance fiancee
follower founder friend governor grandchild grandchildren granddaughter grandfather grandmother grandparent grandson
guest heir husband leader lover manager mayor mentor mother mum namesake neighbor neighbour nephew niece opponent owner
parent partner predecessor president producer pupil relative rival servant sibling sister son spouse stepbrother
stepfather stepmother stepsister student successor teacher tutor twin uncle widow widower wife
"""
_ROLES = frozenset(_RELATED.split())


def another_is_named(reading: Reading, own: Container[str]) -> bool:
    """Whether a claim brings in somebody else by a role that none of the relations has which it states: a brother."""
    inside = {at for mention in reading.mentions for at in range(mention.first, mention.last)}
    inside |= {mention.first - 1 for mention in reading.mentions if mention.kind == "name"}  # "the architect Ann"
    return any(
        (token.norm in _ROLES or token.norm.removesuffix("s") in _ROLES)
        and reading.stems[at] not in own
        and at not in inside
        for at, token in enumerate(reading.tokens)
    )


def may_stand_for(reading: Reading, mention: Mention, own: Container[str], known: Iterable[str]) -> bool:
    """Whether what a claim says of `mention` and does not name may be what was named before, whose words are `known`.

    "It", "the capital", "the club" may, and "the physicist" where the graph calls it one. "My neighbour", "nobody" and
    "his wife" may not.
    """
    words: set[str] | None = None
    lead, before, tail = _around(reading, mention)
    for at in (*lead, *before, *tail):
        norm, said = reading.tokens[at].norm, reading.stems[at]
        if norm in _NOBODY_NAMED or (norm in _COUNTED and not _counts(reading, at, own, sure=at not in tail)):
            return False
        if norm in FUNCTION_WORDS or norm in _COUNTED or norm in MODIFIERS or norm in _NEUTRAL:
            continue
        if said in own or said in GENERIC:
            continue
        if _owned(reading, at):
            return False
        if at not in lead or said in SORTS or said in THINGS or reading.stems[at - 1] in own:  # "the assembly line"
            continue
        words = set(known) if words is None else words
        if said not in words:
            return False
    return True


def no_such_sort(reading: Reading, mention: Mention, facts: Iterable[Fact]) -> bool:
    """Whether a claim says of `mention` what it says of a sort of thing that these facts are not of.

    What is in a country is no country: "the country's capital is Austin" is not said of Texas.
    """
    tokens = [token.norm for token in reading.tokens]
    sorts = {
        tokens[at]
        for places in _around(reading, mention)
        for at in places
        if tokens[at] in SORT_WORDS and at and tokens[at - 1] in _THIS and tokens[at + 1 : at + 2] != ["of"]
    }
    return bool(sorts) and any(len(words := relation_words(fact.relation)) == 1 and words[0] in sorts for fact in facts)


def called(graph: GraphStore, book: RelationBook, other: Mention, facts: Iterable[Fact]) -> Iterable[str]:
    """The stems of what a graph calls something: by its name, what it is, and what it is to others."""
    for node in other.nodes[:8]:
        yield from _stems(graph.full_name(node))
        for kind in graph.types(node):
            yield from name_stems(kind)
        for role in graph.roles(node):
            yield from (*name_stems(role), *name_stems(book.get(role).id))
    for fact in facts:
        yield from _stems(graph.label(fact.object))


def _around(reading: Reading, mention: Mention) -> tuple[range, range, range]:
    """The places of what leads up to a mention, of what leads up to that, and of what follows where nothing does.

    What leads up to it says who is spoken of; where that is a mere "in" or "on", what stands before it does.
    """
    group = mention.group
    first, last = reading.between[group]
    begin = max((at + 1 for at in range(first, last) if reading.tokens[at].norm in _AND), default=first)
    lead, before = range(begin, last), range(first, begin)
    while group and all(reading.tokens[at].norm in FUNCTION_WORDS - _OPENING for at in range(first, last)):
        group -= 1
        first, last = reading.between[group]
        before = range(first, last)
    tail = range(*reading.between[group + 1]) if mention.group == 0 else range(0)
    end = next((at for at in tail if reading.tokens[at].norm in _OPENING), tail.stop)
    return lead, before, range(tail.start, end)


def _counts(reading: Reading, at: int, own: Container[str], *, sure: bool) -> bool:
    """Whether a word such as "another" or "many" goes with the relation ("another ingredient is"), or with a thing."""
    after = reading.tokens[at + 1 : at + 2]
    if not after or after[0].norm in FUNCTION_WORDS:
        return False
    return not sure or any(word in own for word in reading.stems[at + 1 : at + 3])


def _owned(reading: Reading, at: int) -> bool:
    """Whether a word is what "his" or "its" goes with."""
    while at > 0 and reading.tokens[at].norm not in FUNCTION_WORDS:
        at -= 1
    return reading.tokens[at].norm in _POSSESSIVE


def _stems(name: str) -> Iterable[str]:
    return (stem(token.norm) for token in tokenize(name.replace("_", " ")))
