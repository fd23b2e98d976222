"""What a claim calls the largest, the youngest, the tallest of its kind, where the graph has all of the kind."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from groundwire.graph.amounts import BARE_NUMBER
from groundwire.graph.links import MOST_FACTS, Link, Linker
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import name_stems
from groundwire.graph.orders import NUMERALS, Breach
from groundwire.graph.periods import over
from groundwire.graph.relations import Relation
from groundwire.graph.statements import DATE
from groundwire.graph.store import Fact, Node
from groundwire.graph.wording import COPULAS

_FIRST = ("first",)
_NOW = frozenset(["is", "are"])

Sense = tuple[Relation | None, bool]
"""The relation by which a superlative ranks, and whether the largest value comes first."""


class Superlative(NamedTuple):
    """ "Ann is the eldest of Eva's three children": `first` is Ann, `owner` Eva, `noun` the place of "children".

    `start`, `end`: the places of the words that say it. `number`: how many there are, if the claim says so.
    """

    first: Mention
    owner: Mention
    noun: int
    number: int | None
    start: int
    end: int
    now: bool


class Size(NamedTuple):
    """A number with its unit, or a date as far as it is known, and the fact that has it."""

    unit: str
    parts: tuple[float, ...]
    fact: Fact


class Ranked(NamedTuple):
    """The facts that bear out superlatives, what they rule out, and the stems of the words that they bear out."""

    links: list[Link]
    wrong: list[Breach]
    words: frozenset[str]


def ranked(linker: Linker) -> Ranked:
    """Superlatives of a claim that says nothing else, over what a pack calls closed.

    One is borne out where every other of the kind has a value and none reaches the first one's, and is wrong where one
    exceeds it. Where a value is missing, or several relations that the word may mean disagree, nothing is said.
    """
    links: list[Link] = []
    wrong: list[Breach] = []
    words: set[str] = set()
    asked = linker.reading.text.rstrip().endswith("?")
    for at in range(0 if asked else len(linker.reading.tokens)):
        for length in (3, 2, 1):
            key = tuple(token.norm for token in linker.reading.tokens[at : at + length])
            senses: Sequence[Sense] = [(None, False)] if key == _FIRST else linker.book.superlatives.get(key, ())
            said = _said(linker.reading, at, at + length) if senses else None
            if said is None or linker.reading.unsure(said.first) or linker.reading.unsure(said.owner):
                continue
            for members in _kinds(linker, said, ended=key == _FIRST):
                fact = members[said.first.nodes[0]]
                verdicts = [
                    verdict
                    for relation, most in senses
                    if _timeless(relation) or (said.now and relation is not None)
                    if (verdict := _place(linker, said, members, relation, most)) is not None
                ]
                if verdicts and all(right for right, _ in verdicts):
                    known = [fact, *(fact for _, cited in verdicts for fact in cited)]
                    links += [Link((each,), said.first, said.owner if each is fact else None, 1.0) for each in known]
                    words.update(linker.reading.stems[at : at + length])
                elif verdicts and all(right is False for right, _ in verdicts):
                    cited = tuple(fact for _, facts in verdicts for fact in facts)
                    wrong.append(Breach(_words(linker.reading, said), cited, "another comes first"))
    return Ranked(links, wrong, frozenset(words))


def _timeless(relation: Relation | None) -> bool:
    """Whether what came first by a relation once did so for good: a date of birth stays, a population grows."""
    return relation is None or relation.object == "date"


def _said(reading: Reading, at: int, end: int) -> Superlative | None:
    """What a claim says by the superlative at these places, if it says just that; None for anything else.

    "X is the largest city of Y", "the largest city in Y is X", "Y's largest city is X", "X is the largest of Y's two
    cities". Not "the second largest", "one of the largest", "the largest city by area", "the largest port city".
    """
    tokens = [token.norm for token in reading.tokens]
    begins = {mention.first: mention for mention in reading.mentions if mention.kind == "name"}
    ends = {mention.last: mention for mention in reading.mentions if mention.kind == "name"}
    owner = ends.get(at)
    if owner is not None and not _owns(reading, owner):
        return None
    if owner is None and (at == 0 or tokens[at - 1] != "the"):
        return None
    start, place, count = (at - 1 if owner is None else owner.first), end, None
    if owner is None and tokens[place : place + 1] == ["of"]:  # "the largest of Y's cities", "of the cities in Y"
        place += 1
        place += tokens[place : place + 1] == ["the"]
        owner = begins.get(place)
        if owner is not None:
            if not _owns(reading, owner):
                return None
            place = owner.last
        count = _count(tokens, place)
        place += count is not None
    noun, place = place, place + 1
    if noun >= len(tokens) or any(one.first <= noun < one.last and _proper(reading, one) for one in reading.mentions):
        return None
    if owner is None:
        if tokens[place : place + 1] not in (["of"], ["in"]):
            return None
        place += 1
        place += tokens[place : place + 1] == ["the"]
        owner = begins.get(place)
        place = owner.last if owner else place
    start -= bool(start) and tokens[start - 1] == "the" and owner is not None and start == owner.first
    first, verb = _first(tokens, begins, ends, start, place)
    if first is None or owner is None or first is owner:
        return None
    return Superlative(first, owner, noun, count, at, noun + 1, verb in _NOW)


def _first(
    tokens: Sequence[str], begins: dict[int, Mention], ends: dict[int, Mention], start: int, end: int
) -> tuple[Mention | None, str]:
    """What is said to come first, before or after the words that say so, and the verb: the claim has no other word."""
    last = len(tokens)
    if end == last and start > 1 and tokens[start - 1] in COPULAS:
        first = ends.get(start - 1)
        led = first is not None and (first.first == 0 or tokens[: first.first] == ["the"])
        return (first if led else None), tokens[start - 1]
    if start == 0 and end + 1 < last and tokens[end] in COPULAS:
        first = begins.get(end + 1 + (tokens[end + 1] == "the"))
        return (first if first and first.last == last else None), tokens[end]
    return None, ""


def _kinds(linker: Linker, said: Superlative, *, ended: bool) -> Iterator[dict[Node, Fact]]:
    """All of the kind that is spoken of, where the graph has all, with the fact by which each may be one of them.

    `ended`: those that were so once count as well.
    """
    if len(said.first.nodes) != 1 or len(said.owner.nodes) != 1:
        return
    first, owner, noun = said.first.nodes[0], said.owner.nodes[0], linker.reading.stems[said.noun]
    groups: dict[str, list[Fact]] = {}
    for fact in linker.facts_of(said.owner) if linker.whole(said.owner) else ():
        relation = linker.book.get(fact.relation)
        if relation.closed_world and noun in (*name_stems(relation.id), *name_stems(fact.relation)):
            groups.setdefault(relation.id, []).append(fact)
    for facts in groups.values():
        members = {fact.object: fact for fact in facts}
        lasting = ended or not any(over(linker.graph.periods(fact)) for fact in facts)
        # Two relations that a pack takes for one say it twice, each with times of its own.
        if first in members and lasting and len(members) == len(facts) and said.number in (None, len(members)):
            yield members
    for role in () if ended else sorted(linker.graph.roles(owner)):
        relation = linker.book.get(role)
        if not (relation.closed_world and relation.within):
            continue
        inside = linker.graph.subjects(role, owner, MOST_FACTS + 1)
        sorts = {one: {stem for kind in linker.graph.types(one) for stem in name_stems(kind)} for one in inside}
        of_kind = [one for one in inside if noun in sorts[one]]
        counted = said.number is None or (said.number == len(of_kind) and all(sorts.values()))
        if len(inside) <= MOST_FACTS and first in of_kind and counted:
            # What the graph does not say what it is may be of the kind.
            yield {one: Fact(one, role, owner) for one in inside if noun in sorts[one] or not sorts[one]}


def _place(
    linker: Linker, said: Superlative, members: Mapping[Node, Fact], relation: Relation | None, most: bool
) -> tuple[bool | None, list[Fact]] | None:
    """Whether the first comes first by one relation, with the facts that show it; None where the graph has no value.

    Without a relation: by when each began to be one of them. (None, []): it cannot be told.
    """
    first = said.first.nodes[0]
    sizes = {
        node: _begun(linker, fact) if relation is None else _size(linker, node, relation)
        for node, fact in members.items()
    }
    if not any(sizes.values()):
        return None
    own, others = sizes.pop(first), list(sizes.values())
    if own is None or not others:
        return None, []
    orders = [(_order(own, other) if other else None, other) for other in others]
    sign = 1 if most else -1
    noun = linker.reading.stems[said.noun]
    for node, other in sizes.items():
        if other and _order(own, other) == -sign and _is_of(linker, node, members[node], noun):
            return False, [own.fact, other.fact]
    if all(order == sign for order, _ in orders):
        nearest = min((other for other in others if other), key=lambda size: [-sign * part for part in size.parts])
        return True, [own.fact, nearest.fact]
    return None, []


def _is_of(linker: Linker, node: Node, fact: Fact, noun: str) -> bool:
    """Whether what exceeds the first is surely of its kind."""
    return fact.object == node or any(noun in name_stems(kind) for kind in linker.graph.types(node))


def _begun(linker: Linker, fact: Fact) -> Size | None:
    """When a fact began to hold, if the graph says it."""
    starts = [None if period.point else period.start for period in linker.graph.periods(fact)]
    if not starts or None in starts:
        return None
    return Size("", min(tuple(float(part) for part in str(start).split("-")) for start in starts), fact)


def _size(linker: Linker, node: Node, relation: Relation) -> Size | None:
    """The value that something has in a relation, if the graph has all that it says of it, and one value only."""
    if not linker.graph.complete(node):
        return None
    found: dict[tuple[str, tuple[float, ...]], Size] = {}
    for fact in linker.graph.facts_about(node):
        if linker.book.get(fact.relation).id != relation.id:
            continue
        label = linker.graph.label(fact.object).strip()
        number = BARE_NUMBER.match(label)
        if relation.object == "date" and DATE.fullmatch(label):
            size = Size("", tuple(float(part) for part in label.split("-")), fact)
        elif relation.object != "date" and number and not over(linker.graph.periods(fact)):
            unit = label[number.end() :].strip().lower() or linker.book.get(fact.relation).unit or ""
            size = Size(unit, (float(number.group().replace(",", "")),), fact)
        else:
            return None
        found[size.unit, size.parts] = size
    return next(iter(found.values())) if len(found) == 1 else None


def _order(one: Size, other: Size) -> int | None:
    """1 where the one is larger, or later; -1 where the other is; None where they are equal or cannot be compared."""
    if one.unit != other.unit:
        return None
    for mine, theirs in zip(one.parts, other.parts, strict=False):
        if mine != theirs:
            return 1 if mine > theirs else -1
    return None


def _owns(reading: Reading, mention: Mention) -> bool:
    return reading.text[mention.end : mention.end + 2].replace("’", "'") in ("'s", "' ")


def _proper(reading: Reading, mention: Mention) -> bool:
    return mention.last - mention.first > 1 or not reading.words(mention).islower()


def _count(tokens: Sequence[str], at: int) -> int | None:
    if at >= len(tokens):
        return None
    return int(tokens[at]) if tokens[at].isdecimal() and len(tokens[at]) < 4 else NUMERALS.get(tokens[at])


def _words(reading: Reading, said: Superlative) -> str:
    start, end = reading.tokens[said.start].start, reading.tokens[said.end - 1].end
    return f"the {reading.text[start:end]}"
