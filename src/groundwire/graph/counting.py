"""How many facts of a relation a claim says that something has: "has two subsidiaries", "won the cup twice"."""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from groundwire.graph.amounts import BARE_NUMBER, DURATION, limits
from groundwire.graph.denials import NEGATIONS, denials
from groundwire.graph.links import MOST_FACTS, MOST_NODES, Link, Linker
from groundwire.graph.mentions import Mention, Reading, regroup
from groundwire.graph.names import FUNCTION_WORDS, local_name, name_stems, normal, relation_words, stem
from groundwire.graph.orders import NUMERALS, Breach
from groundwire.graph.periods import over
from groundwire.graph.qualified import undone
from groundwire.graph.relations import Relation
from groundwire.graph.statements import DATE
from groundwire.graph.store import Fact, Node
from groundwire.graph.vocabulary import is_alias, is_label, is_type
from groundwire.graph.wording import COPULAS, expressed, possessed

_MORE_NUMERALS = """
dozen dozens eighteen eighty fifteen fifty forty fourteen half hundred hundreds million nineteen ninety seventeen
seventy sixteen sixty thirteen thirty thousand thousands twenty
"""
_PARTS_OF_NUMBERS = frozenset(_MORE_NUMERALS.split())
_LONGEST_COUNT = 7
_LONGEST_NOUN = 4
_HAVING = frozenset(["had", "has", "have", "having", "with"])
_NO_MORE = "a all altogether did do does exactly in just of only precisely total who which that"
_EXACTLY = NEGATIONS.union(_NO_MORE.split())
_AND_ALSO = frozenset(["and", "but"])
# What stands before a noun and leaves all of it counted: "three listed side effects".
_LEAVING = frozenset(["different", "distinct", "documented", "known", "listed", "recorded", "registered", "separate"])
_TOLD = "credited documented given known listed mentioned named recorded registered reported stated"
_BEING_TOLD = frozenset(_TOLD.split())
_OF = frozenset(["as", "at", "by", "for", "in", "of", "on", "to", "under", "with", "within"])
# "The two courts": not how many there are. "About two": not just so many; "and two": of another clause.
_GIVEN = frozenset(["the", "these", "those", "its", "his", "her", "their"])
_COMPARED = frozenset(["fewer", "less", "more"])  # "no more than two"
_LOOSE = frozenset(["about", "almost", "and", "another", "around", "nearly", "or", "other", "to"])
_HERE = re.compile(
    r"(?: in (?:the|this) (?:archive|catalog(?:ue)?|collection|database|data ?set|list|register))?[\s.!]*$"
)
_ONE_OF = {"children": "child", "people": "person", "men": "man", "women": "woman", "wives": "wife"}
_ANY_NOUN = frozenset(["entry", "item", "object", "product", "thing"])
_SAME_SORT = {"film": "movie", "movie": "film"}
_PLACED = frozenset(["in", "of", "on", "within"])
_HOLDING = frozenset(["has", "have", "had", "holds", "houses", "contains", "includes", "comprises"])
_BY_NAME = 0.85
_YEAR = re.compile(r"\b\d{4}(?: \d{2,4})?$")


class Counted(NamedTuple):
    """The facts that bear out counts, the counts that are wrong, and the stems of the words that are borne out."""

    links: list[Link]
    wrong: list[Breach]
    words: frozenset[str]


class _Spot(NamedTuple):
    """A number in a claim: from which word on, with those that limit it, to which, and what is within it.

    `counting`: it may say how many there are.
    """

    begin: int
    last: int
    number: int
    within: Callable[[float, float], bool]
    counting: bool


class _Group(NamedTuple):
    """All facts of one relation that something has, and what each ties it to.

    `forth`: it is their subject. `nouns`: what each of the others is called, by the names of the relation.
    """

    relation: Relation
    facts: tuple[Fact, ...]
    others: tuple[Node, ...]
    forth: bool
    nouns: frozenset[tuple[str, ...]]


def counts(linker: Linker) -> Counted:
    """What a claim counts, where the graph has all of it: as many bear it out.

    Another number is wrong where the relation has all that there is, `closed_world`; else the graph has it otherwise.
    """
    reading = linker.reading
    spots = [] if reading.text.rstrip().endswith("?") else list(_spots(reading))
    links: list[Link] = []
    wrong: list[Breach] = []
    counted: set[_Spot] = set()
    for subject in linker.named if spots else ():
        if len(subject.nodes) == 1 and linker.whole(subject) and not reading.unsure(subject):
            for spot, group in product([spot for spot in spots if spot.counting], _groups(linker, subject)):
                found = _count(linker, subject, spot, group, wrong)
                links += found
                counted.update([spot] if found else [])
    if any(spot not in counted and not _is_told(linker, spot) for spot in spots):
        links = []  # "two subsidiaries and three factories"
    times = _times(linker)
    return Counted([*links, *times.links], [*wrong, *times.wrong], times.words)


def _count(linker: Linker, subject: Mention, spot: _Spot, group: _Group, wrong: list[Breach]) -> list[Link]:
    """The facts that bear out that a group has as many as the claim says; if it has not, it is `wrong`."""
    reading, closed = linker.reading, group.relation.closed_world
    own = linker.words_of(group.facts[:1])
    if not closed and (denials(reading) or undone(reading, own) or _is_told(linker, spot)):
        return []
    end, others, whole = (
        _stated(reading, subject, spot, group, own) or _told_of(reading, subject, spot, group),
        group.others,
        True,
    )
    if end is None and _alone(reading, subject, spot):
        end, others, whole = _sorted_out(linker, subject, spot, group)
    if end is None:
        return []
    known = len({normal(linker.graph.label(node)) for node in others})
    one_of = spot.number == 1 and reading.tokens[spot.last].norm == "of"  # there may be more
    if not spot.within(known, spot.number) and not one_of:
        words = reading.text[reading.tokens[spot.begin].start : reading.tokens[end - 1].end]
        wrong.append(Breach(words, group.facts, f"there are {known}", sure=closed))
    elif whole and (closed or not spot.within(-1, spot.number)):  # "at most two": there may be more than are known
        facts = [fact for fact, node in zip(group.facts, group.others, strict=True) if node in others]
        ties = _ties(reading, subject, spot, end, facts[0], forth=group.forth)
        return [*(Link((fact,), subject, None, 1.0, counted=True) for fact in facts), *ties]
    return []


def _ties(reading: Reading, subject: Mention, spot: _Spot, end: int, fact: Fact, *, forth: bool) -> Iterator[Link]:
    """What ties the number to a fact, and the noun: it is said of what is counted, and says nothing of its own."""
    for one in reading.mentions:
        if spot.begin < one.last <= spot.last:
            yield Link((fact,), subject, one, 1.0, counted=True)
        elif spot.last <= one.first < end:
            ends = (subject, one) if forth else (one, subject)
            yield Link((fact,), *ends, 0.0, counted=True)


def _is_told(linker: Linker, spot: _Spot) -> bool:
    """Whether a fact has the number itself: numberOfJudges."""
    numbers = [link.object for link in linker.links if link.object and link.stated and link.object.kind == "number"]
    return any(spot.begin < one.last and one.first < spot.last for one in numbers)


def _groups(linker: Linker, subject: Mention) -> list[_Group]:
    """All that ties a thing to others that are no values, as far as the graph has all of it."""
    forth: dict[str, list[Fact]] = {}
    back: dict[str, list[Fact]] = {}
    for fact in linker.facts_of(subject):
        if not (is_label(fact.relation) or is_alias(fact.relation) or is_type(fact.relation)):
            forth.setdefault(linker.book.get(fact.relation).id, []).append(fact)
    to = linker.graph.facts_to(subject.nodes[0], MOST_FACTS + 1)
    for fact in to if len(to) <= MOST_FACTS else ():
        if not is_type(fact.relation):
            back.setdefault(linker.book.get(fact.relation).id, []).append(fact)
    groups = []
    for facts_of, forward in ((forth, True), (back, False)):
        for facts in facts_of.values():
            relation = linker.book.get(facts[0].relation)
            other = linker.book.inverse(relation)
            turned = (back if forward else forth).get(other.id, []) if other else []
            nodes = [fact.object if (fact in facts) is forward else fact.subject for fact in (*facts, *turned)]
            ended = [over(linker.graph.periods(fact)) for fact in (*facts, *turned)]
            if any(ended) or any(_is_value(linker.graph.label(node)) for node in nodes):
                continue
            named = relation if forward else other
            names = (facts[0].relation,) if forward else ()
            nouns = frozenset(_noun(name) for name in (*names, *_names(named)))
            groups.append(_Group(relation, (*facts, *turned), tuple(nodes), forward, nouns))
    return groups


def _names(relation: Relation | None) -> tuple[str, ...]:
    return (relation.id, *relation.names) if relation else ()


def _noun(name: str) -> tuple[str, ...]:
    """What an object of a relation is called by its name: hasChild → child; nothing by child_of."""
    words = relation_words(name)
    if words[-1:] and words[-1] in _OF:
        return ()
    return tuple(_singular(word) for word in words if word not in FUNCTION_WORDS)


def _singular(word: str) -> str:
    if word in _ONE_OF:
        return _ONE_OF[word]
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s") if word[-2:] != "ss" else word


def _is_value(label: str) -> bool:
    return bool(BARE_NUMBER.match(label) or DATE.fullmatch(label) or DURATION.fullmatch(label))


def _spots(reading: Reading) -> Iterator[_Spot]:
    """The numbers of a claim that a noun may follow."""
    at = 0
    while at < len(reading.tokens):
        first, at = at, at + 1
        if not _numeral(reading, first):
            continue
        while at < len(reading.tokens) and _numeral(reading, at):
            at += 1
        number = _whole_number(reading, first, at)
        after = reading.tokens[at].norm if at < len(reading.tokens) else "the"
        dated = any(one.kind == "date" and one.first < at and first < one.last for one in reading.mentions)
        if dated or after in _COMPARED or (after in FUNCTION_WORDS and after != "of"):
            continue  # nothing is counted
        start, within = limits(reading, reading.tokens[first].start)
        begin = next(place for place in range(first + 1) if reading.tokens[place].start >= start)
        before = reading.tokens[begin - 1].norm if begin else ""
        if number is not None and before not in _GIVEN:
            yield _Spot(begin, at, number, within, before not in _LOOSE)


def _noun_end(reading: Reading, at: int, group: _Group) -> int | None:
    """Where the noun of a relation ends that stands at a place: "children", "listed side effects"."""
    while at < len(reading.tokens) and reading.tokens[at].norm in _LEAVING:
        at += 1
    for end in range(at + 1, min(at + _LONGEST_NOUN, len(reading.tokens)) + 1):
        if tuple(_singular(token.norm) for token in reading.tokens[at:end]) in group.nouns:
            return end
    return None


def _stated(reading: Reading, subject: Mention, spot: _Spot, group: _Group, own: Container[str]) -> int | None:
    """Where the noun ends by which the claim says how many of a relation's objects its subject has.

    None unless it says just that: "Ann had two children", "more than two children", and not "two hundred", "Ann's
    brother had two children" or "two children by her second husband".
    """
    end = _noun_end(reading, spot.last, group)
    if end is None or subject.last > spot.begin:
        return None
    lead = range(subject.last, spot.begin)
    between, stems = [reading.tokens[place].norm for place in lead], [reading.stems[place] for place in lead]
    named = any(subject.last <= one.first < spot.begin for one in reading.mentions)
    if named or not _only_has(between, stems, own):
        return None
    after = reading.text[reading.tokens[end - 1].end :]
    goes_on = reading.tokens[end].norm if end < len(reading.tokens) else ""
    ends = after.lstrip()[:1] in ("", *".,;:!?)") or _HERE.match(after) is not None
    return end if (ends or goes_on in _AND_ALSO) and not possessed(reading, own, subject) else None


def _told_of(reading: Reading, subject: Mention, spot: _Spot, group: _Group) -> int | None:
    """Where the noun ends in "Three actors are credited in the film", "There are two tributaries of the river"."""
    end = _noun_end(reading, spot.last, group)
    if end is None or end > subject.first or not _ends(reading, subject.end):
        return None
    lead = [token.norm for token in reading.tokens[: spot.begin]]
    words = [token.norm for token in reading.tokens[end : subject.first] if token.norm != "the"]
    if lead and not (lead[0] == "there" and lead[1:] in (["are"], ["is"], ["were"], ["was"])):
        return None
    if not lead and not (words and words.pop(0) in COPULAS):
        return None
    if words and words[0] in _BEING_TOLD:
        return end if words[1:] and _OF.issuperset(words[1:]) else None
    return end if lead and len(words) == 1 and words[0] in _OF else None


def _ends(reading: Reading, at: int) -> bool:
    return _HERE.match(reading.text, at) is not None


def _alone(reading: Reading, subject: Mention, spot: _Spot) -> bool:
    """Whether a claim names nothing but what it counts and what has it."""
    reach = range(spot.begin, spot.last + _LONGEST_NOUN + 2)
    return all(
        one is subject or (one.first in reach and (one.kind == "number" or reading.words(one).islower()))
        for one in reading.mentions
    )


def _sorted_out(
    linker: Linker, subject: Mention, spot: _Spot, group: _Group
) -> tuple[int | None, tuple[Node, ...], bool]:
    """Where the noun ends in "administers two of the statutes", what is of that sort, and whether nothing else is said.

    "Two of the six statutes" says too that there are six.
    """
    reading, at, six = linker.reading, spot.last, False
    nothing: tuple[int | None, tuple[Node, ...], bool] = (None, (), False)
    if [token.norm for token in reading.tokens[at : at + 2]] in (["of", "the"], ["of", "its"], ["of", "these"]):
        at += 2
        while at < len(reading.tokens) and _numeral(reading, at):
            at, six = at + 1, True
    while at < len(reading.tokens) and reading.tokens[at].norm in _LEAVING:
        at += 1
    end, others = _of_sort(linker, at, group)
    if end is None or not (spot.begin >= subject.last or end <= subject.first):
        return nothing
    last = max(reading.tokens[end - 1].end, subject.end)
    if not _ends(reading, last) or not _said_so(linker, subject, spot, end, group):
        return nothing
    return end, others, not six


def _of_sort(linker: Linker, at: int, group: _Group) -> tuple[int | None, tuple[Node, ...]]:
    """Where a noun ends that is a sort of what is counted, and which of the others are of it; all have a sort."""
    reading = linker.reading
    kinds = [{name_stems(local_name(kind)) for kind in linker.graph.types(node)} for node in group.others]
    for end in range(min(at + _LONGEST_NOUN, len(reading.tokens)), at, -1):
        said = tuple(reading.stems[at:end])
        names = {
            said,
            tuple(stem(_SAME_SORT.get(_singular(token.norm), "")) for token in reading.tokens[at:end]),
        }
        if any(names & of_one for of_one in kinds) and all(kinds):
            return end, tuple(node for node, own in zip(group.others, kinds, strict=True) if names & own)
    if at < len(reading.tokens) and _singular(reading.tokens[at].norm) in _ANY_NOUN:
        return at + 1, group.others
    return None, ()


def _said_so(linker: Linker, subject: Mention, spot: _Spot, end: int, group: _Group) -> bool:
    """Whether a claim says the relation of a thing and of what it counts, as if that were a name."""
    reading = linker.reading
    tokens = [token.norm for token in reading.tokens]
    placed = _PLACED & set(relation_words(group.facts[0].relation))
    if placed and not group.forth:
        lead, between = tokens[: spot.begin], [word for word in tokens[end : subject.first] if word != "the"]
        if lead[:1] == ["there"] and len(lead) == 2 and len(between) == 1 and between[0] in placed:
            return True
        if len(verb := tokens[subject.last : spot.begin]) == 1 and verb[0] in _HOLDING:
            return True
    counted = Mention(reading.tokens[spot.begin].start, reading.tokens[end - 1].end, spot.begin, end, "name")
    own = replace(subject)
    # The noun may be the relation's own: that things are products says not that they are made.
    stems = ["" if spot.begin <= at < end else each for at, each in enumerate(reading.stems)]
    plain = replace(reading, mentions=[], between=[], stems=stems, possible={})
    regroup(plain, [own, counted])
    one, other = (own, counted) if group.forth else (counted, own)
    relation = group.relation
    said = expressed(plain, relation, group.facts[0].relation, one, other, wider=False)
    inverse = linker.book.inverse(relation)
    if inverse is not None:
        said = max(said, expressed(plain, inverse, inverse.id, other, one, wider=False))
    return said >= _BY_NAME


def _times(linker: Linker) -> Counted:
    """How often something was won or held that has a name of its own each time: Coast Cup 1987, Coast Cup 2003."""
    links: list[Link] = []
    wrong: list[Breach] = []
    words: set[str] = set()
    reading = linker.reading
    for mention in linker.named:
        at = mention.last
        said = [token.norm for token in reading.tokens[at : at + 2]]
        number = {"twice": 2, "thrice": 3}.get(said[0]) if said else None
        end = at + 1
        if number is None and said[1:] == ["times"]:
            number, end = _whole_number(reading, at, at + 1), at + 2
        after = reading.text[reading.tokens[end - 1].end :].lstrip() if number is not None else "?"
        if number is None or not (after[:1] in ("", *".,;!)") or after.startswith(("and ", "but "))):
            continue
        own = [link for link in linker.links if link.object is mention and link.stated and len(link.path) == 1]
        facts = tuple(dict.fromkeys(link.path[0] for link in own))
        if not own or len({fact.subject for fact in facts}) > 1 or not _each_dated(linker, mention, facts):
            continue
        if not linker.whole(own[0].subject) or denials(reading):
            continue
        if len(facts) == number:
            words.update(reading.stems[at:end])
            digits = [one for one in reading.mentions if one.kind == "number" and at <= one.first < end]
            links += [replace(own[0], object=one, counted=True) for one in digits]
        else:
            text = reading.text[mention.start : reading.tokens[end - 1].end]
            wrong.append(Breach(text, facts, f"there are {len(facts)}", sure=False))
    return Counted(links, wrong, frozenset(words))


def _each_dated(linker: Linker, mention: Mention, facts: Sequence[Fact]) -> bool:
    """Whether all that a name may mean is called by it and a year."""
    nodes = {*mention.nodes, *(fact.object for fact in facts)}
    labels = [normal(linker.graph.label(node)) for node in nodes]
    name = normal(linker.reading.words(mention)).removeprefix("the ")
    called = [_YEAR.sub("", label).strip() == name for label in labels if _YEAR.search(label)]
    return len(mention.nodes) <= MOST_NODES and len(called) == len(labels) and all(called)


def _numeral(reading: Reading, at: int) -> bool:
    norm = reading.tokens[at].norm
    return norm[:1].isdigit() or norm in NUMERALS or norm in _PARTS_OF_NUMBERS


def _whole_number(reading: Reading, first: int, last: int) -> int | None:
    """The whole number that some tokens are, as one word or in digits; None for any other."""
    words = reading.text[reading.tokens[first].start : reading.tokens[last - 1].end]
    digits = words.replace(",", "")
    if digits.isdecimal():
        signed = reading.text[: reading.tokens[first].start].endswith(tuple(".-−+,/"))
        return int(digits) if len(digits) < _LONGEST_COUNT and not signed else None
    return NUMERALS.get(words.lower())


def _only_has(words: Sequence[str], stems: Sequence[str], own: Container[str]) -> bool:
    """Whether no more is said between a subject and a number than that it has so many."""
    return bool(set(words) & _HAVING) and all(
        word in _HAVING or word in _EXACTLY or said in own for word, said in zip(words, stems, strict=True)
    )
