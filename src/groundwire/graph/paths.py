"""Ways of two or three facts that a claim spells out: the capital of the country where someone was born."""

from collections.abc import Iterator
from itertools import combinations_with_replacement

from groundwire.graph.clashes import Clash, fits
from groundwire.graph.links import STATED, Link, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.names import FUNCTION_WORDS, name_stems
from groundwire.graph.store import Fact, Literal
from groundwire.graph.wording import tells

_MOST_HOPS = 3
_MOST_FACTS = 60
_MOST_WAYS = 200
_MOST_WORDS = 12
_SAID = 0.85
_ANYONE = frozenset(["someone", "somebody", "something", "somewhere", "person", "place", "called", "named"])


def paths(linker: Linker) -> tuple[list[Link], list[Clash]]:
    """The ways that tie two names of a claim which no single fact that it states ties, and those that lead elsewhere.

    To support it, the claim must spell the way out: each relation in words of its own, in this order from the subject
    on, and nothing besides. Where such a claim has two names only, and what its way leads to can be but one thing,
    another name in its place is a clash.
    """
    links: list[Link] = []
    found: list[Clash] = []
    loose = [m for m in linker.named if not linker.reading.unsure(m)]
    tied = {id(end) for link in linker.links if link.said >= STATED for end in (link.subject, link.object)}
    if len(loose) < 2 or all(id(mention) in tied for mention in loose):
        return links, found
    for subject in loose:
        for object in loose:
            if object is subject or id(object) in tied or subject.group == object.group:
                continue
            ways = [way for way in _ways(linker, subject) if len(way) > 1]
            spelt = [way for way in ways if _spelt(linker, way, subject, object)]
            there = [way for way in (*spelt, *ways) if way[-1].object in object.nodes]
            if there:
                links.append(Link(there[0], subject, object, _SAID, there[0] in spelt))
            elif len(loose) == 2 and (clash := _elsewhere(linker, subject, object, spelt)) is not None:
                found.append(clash)
    return links, found


def _ways(linker: Linker, subject: Mention) -> Iterator[tuple[Fact, ...]]:
    """The ways from a name along relations that the claim names, each of them once."""
    frontier: list[tuple[Fact, ...]] = [
        (fact,) for fact in linker.facts_of(subject)[:_MOST_FACTS] if _wordings(linker, fact)
    ]
    for _ in range(_MOST_HOPS):
        yield from frontier
        frontier = [
            (*way, fact)
            for way in frontier[:_MOST_WAYS]
            if not isinstance(way[-1].object, Literal)
            for fact in linker.graph.facts_about(way[-1].object)[:_MOST_FACTS]
            if fact.relation not in {step.relation for step in way} and _wordings(linker, fact)
        ]


def _wordings(linker: Linker, fact: Fact) -> list[frozenset[str]]:
    """The sets of words, all of them in the claim, that say a fact's relation."""
    relation, said = linker.book.get(fact.relation), frozenset(linker.reading.stems)
    found = [frozenset(phrase.stems) for phrase in linker.reading.phrases(relation) if phrase in relation.phrases]
    if tells(name_stems(fact.relation), set(said)):
        found.append(said.intersection(name_stems(fact.relation)))
    return [words for words in dict.fromkeys(found) if words]


def _spelt(linker: Linker, way: tuple[Fact, ...], subject: Mention, object: Mention) -> bool:
    """Whether the claim says this way, step by step from the subject on, and nothing else.

    "The capital of the country where X was born" does: next to X stands that X was born, then the country, then its
    capital. "The country whose capital is where X was born" has the same words and goes another way.
    """
    stems, wordings = linker.reading.stems, [_wordings(linker, fact) for fact in way]
    sides = _outward(linker, way, subject, object)
    if sum(map(len, sides)) > _MOST_WORDS:
        return False
    for left in _rising(len(sides[0]), len(way)):
        for right in _rising(len(sides[1]), len(way)):
            step_of = dict(zip([*sides[0], *sides[1]], [*left, *right], strict=True))
            said = [{stems[at] for at, step in step_of.items() if step == number} for number in range(len(way))]
            if all(
                any(words <= have for words in known) and have <= frozenset().union(*known)
                for known, have in zip(wordings, said, strict=True)
            ) and _points_on(linker, way, subject, object, step_of):
                return True
    return False


def _outward(linker: Linker, way: tuple[Fact, ...], subject: Mention, object: Mention) -> tuple[list[int], list[int]]:
    """The places of the words that say something, to the left and to the right of the subject, the nearest first.

    Names on the way do not count, nor words that say what sort of thing they are.
    """
    reading = linker.reading
    inner = {fact.object for fact in way[:-1]}
    passed = [m for m in reading.mentions if m in (subject, object) or not inner.isdisjoint(m.nodes)]
    sorts = {word for node in inner for kind in linker.graph.types(node) for word in name_stems(kind)}
    places = [
        at
        for at, token in enumerate(reading.tokens)
        if token.norm not in FUNCTION_WORDS
        and token.norm not in _ANYONE
        and (reading.stems[at] not in sorts or reading.stems[at] in linker.book.stems)
        and not any(m.first <= at < m.last for m in passed)
    ]
    right = [at for at in places if at >= subject.last]
    if reading.text[subject.end : subject.end + 2].replace("’", "'") == "'s":
        # "X's country of birth" is the country of X's birth.
        chain = 1
        while chain < len(right) and "of" in [token.norm for token in reading.tokens[right[chain - 1] : right[chain]]]:
            chain += 1
        right[:chain] = right[:chain][::-1]
    return [at for at in reversed(places) if at < subject.first], right


def _rising(words: int, steps: int) -> Iterator[tuple[int, ...]]:
    """Every way to give words to steps so that no later word goes to an earlier step."""
    return combinations_with_replacement(range(steps), words)


def _points_on(
    linker: Linker, way: tuple[Fact, ...], subject: Mention, object: Mention, step_of: dict[int, int]
) -> bool:
    """Whether the first and the last relation are said of their ends in this direction: X's parent, not X a parent."""
    reading = linker.reading
    first, last = linker.book.get(way[0].relation), linker.book.get(way[-1].relation)
    after = [at for at, step in step_of.items() if step == 0 and at > subject.first]
    if after and not first.symmetric:
        between = [token.norm for token in reading.tokens[subject.last : min(after)]]
        owned = reading.text[subject.end : subject.end + 2].replace("’", "'") == "'s" or "whose" in between
        told = {word for phrase in reading.phrases(first) if phrase.subject_first for word in phrase.between}
        told |= {word for phrase in reading.phrases(first) if phrase.subject_first for word in phrase.after}
        if not owned and reading.stems[min(after)] not in told:
            return False
    before = [at for at, step in step_of.items() if step == 0 and at < subject.first]
    if before and not after and not first.symmetric:
        told = set(name_stems(way[0].relation))
        for phrase in reading.phrases(first):
            told.update(phrase.before if phrase.subject_first else phrase.between)
        if reading.stems[max(before)] not in told:
            return False
    of = object.first - 1
    while of > 0 and reading.tokens[of].norm == "the":
        of -= 1
    if of < 1 or reading.tokens[of].norm != "of" or last.symmetric:
        return True
    told = {word for phrase in reading.phrases(last) if phrase.subject_first for word in phrase.between}
    return reading.stems[of - 1] in told


def _elsewhere(linker: Linker, subject: Mention, object: Mention, ways: list[tuple[Fact, ...]]) -> Clash | None:
    longest = max((len(way) for way in ways), default=0)
    ends = {way[-1].object: way for way in ways if len(way) == longest}
    if len(ends) != 1 or not _all_seen(linker, subject, ways):
        return None
    (way,) = ends.values()
    relation = linker.book.get(way[-1].relation)
    if not relation.functional or not fits(linker, object, [way[-1]]):
        return None
    return Clash(
        subject=subject,
        object=object,
        relation=relation,
        facts=(way[-1],),
        said=_SAID,
        fits=True,
        alike=True,
        exclusive=True,
        held=False,
        proper=True,
        unknown=False,
        anchored=False,
        truth=way[-1],
        way=way,
    )


def _all_seen(linker: Linker, subject: Mention, ways: list[tuple[Fact, ...]]) -> bool:
    """Whether no way was left out because there are too many."""
    nodes = {*subject.nodes, *(fact.object for way in ways for fact in way[:-1])}
    graph = linker.graph
    return len(ways) < _MOST_WAYS and all(
        graph.complete(node) and len(graph.facts_about(node)) <= _MOST_FACTS for node in nodes
    )
