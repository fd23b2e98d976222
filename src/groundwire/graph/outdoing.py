"""Claims that are one comparison, difference, ratio or superlative from end to end, against a graph's values."""

import re
from collections.abc import Iterator, Sequence

from groundwire.graph.comparing import Compared
from groundwire.graph.denials import denials
from groundwire.graph.differing import Verdict, compared_values
from groundwire.graph.framing import Frame, amount_in, framed, known_one, tells
from groundwire.graph.links import Link, Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.names import local_name, name_stems, stem
from groundwire.graph.orders import Breach
from groundwire.graph.scales import named, order, ranking, scale_of, upward, values
from groundwire.graph.store import Node
from groundwire.graph.vocabulary import is_type

_MOST_OF_A_SORT = 100
_S = r"(?:[Tt]he )?<(?P<one>\d+)>"
_LEAD = r"(?:(?P<leading>(?:[A-Za-z]+ ){1,3}[€$£]?\{(?P<lead>\d+)\}[\w€$£ ]*), )?"
_IS, _HAS = "(?:is|are|was|were)", "(?:has|have|had|carries|offers|holds)"
_SUP = r"(?P<most>(?:most|least) \w+|\w+)"
_SORT = r"(?:all )?(?:the |these |those )?(?P<count>\{\d+\}|[a-z-]+) (?P<noun>[a-z][a-z -]*)"
_SUPERLATIVES = [
    re.compile(pattern)
    for pattern in (
        rf"{_LEAD}{_S} (?:{_IS} the {_SUP}|{_HAS} the {_SUP.replace('most>', 'top>')} (?P<attr>[a-z -]+?)) of {_SORT}",
        rf"Of {_SORT}, {_S} (?:{_IS} the {_SUP}|{_HAS} the {_SUP.replace('most>', 'top>')} (?P<attr>[a-z -]+?))",
        rf"The {_SUP} of {_SORT} {_IS} {_S}",
    )
]


def outdone(linker: Linker) -> Compared:
    """What a claim says that ranks or compares and says nothing else, by all relations that it may mean."""
    nothing = Compared([], [], frozenset())
    if linker.reading.text.rstrip().endswith("?") or denials(linker.reading):
        return nothing
    frame = framed(linker.reading)
    for read in (_superlative, compared_values):
        for one, others, asides, verdicts in read(linker, frame):
            if found := _settled(linker, frame, one, others, asides, verdicts):
                return found
    return nothing


def _settled(
    linker: Linker,
    frame: Frame,
    one: Mention,
    others: Sequence[Mention],
    told: Sequence[Mention],
    verdicts: Sequence[Verdict],
) -> Compared | None:
    """What all readings of a claim agree on. `told`: the claim's numbers that the values account for."""
    rights = {verdict.right for verdict in verdicts}
    facts = list(dict.fromkeys(value.fact for verdict in verdicts for value in verdict.values))
    if rights == {True}:
        links = [Link((fact,), one, None, 1.0, counted=True) for fact in facts]
        links += [Link((facts[0],), one, other, 1.0, counted=True) for other in (*others, *told)]
        return Compared(links, [], frozenset(linker.reading.stems[at] for at in frame.places))
    if rights == {False}:
        known = " and ".join(linker.graph.label(fact.object) for fact in facts[:2])
        words = linker.reading.text.strip().rstrip(".")
        return Compared([], [Breach(f'"{words}"', tuple(facts), f"the values are {known}")], frozenset())
    return None


def _superlative(linker: Linker, frame: Frame) -> Iterator[tuple[Mention, list[Mention], list[Mention], list[Verdict]]]:
    """ "X is the oldest of the five airports": where the graph has just so many, each with a value."""
    for pattern in _SUPERLATIVES:
        if (found := pattern.fullmatch(frame.text)) is None:
            continue
        groups = found.groupdict()
        one = frame.mentions[int(groups["one"])]
        count, counted = amount_in(linker, frame, groups["count"])
        if count is None or count < 2 or count % 1 or not known_one(linker, one):
            continue
        told = [*counted]
        lead = frame.mentions[int(groups["lead"])] if groups.get("lead") else None
        own = values(linker, one.nodes[0])
        best = groups["most"] or groups["top"]
        if best.endswith("er") and count != 2:
            continue
        scale, attr = scale_of(best), groups.get("attr")
        if attr:
            up, names = upward(best), named(own, attr)
        else:
            up, names = (scale.up, ranking(own, scale)) if scale else (None, [])
        if lead is not None:
            names = [name for name in names if tells(linker, frame, groups["leading"], own[name])]
            told.append(lead)
        told += frame.dated(linker, [own[name] for name in names])
        members = _of_sort(linker, one.nodes[0], groups["noun"], int(count)) if names and up is not None else []
        if members and up is not None:
            yield one, [], told, [_first(linker, one.nodes[0], members, name, up) for name in names]


def _first(linker: Linker, first: Node, members: Sequence[str], name: str, up: bool) -> Verdict:
    sizes = {node: values(linker, node).get(name) for node in members}
    own = sizes.pop(str(first))
    known = [size for size in sizes.values() if size is not None]
    if own is None or len(known) < len(sizes):
        return Verdict(None, ())
    sign = 1 if up else -1
    orders = [order(own, other) for other in known]
    if -sign in orders:
        return Verdict(False, (own, known[orders.index(-sign)]))
    nearest = min(known, key=lambda size: [-sign * part for part in size.parts])
    return Verdict(True if all(one == sign for one in orders) else None, (own, nearest))


def _of_sort(linker: Linker, node: Node, noun: str, count: int) -> list[str]:
    """All that is of one sort with a thing, where the graph has just so many: by their class, if it has what the noun
    says; else by the relations that they share."""
    graph = linker.graph
    own = {fact.relation for fact in graph.facts_about(node) if not is_type(fact.relation)}
    said = tuple(map(stem, noun.split()))
    kinds = {kind for kind in graph.types(node) if name_stems(local_name(kind)) == said}
    # "The three coastal airports": which of them are, is not known; nor that an airport is one of "the three cities".
    if not kinds and (len(said) > 1 or graph.types(node)):
        return []
    shared: dict[str, int] = {}
    for relation in own:
        subjects = graph.having(relation, _MOST_OF_A_SORT + 1)
        for subject in subjects if len(subjects) <= _MOST_OF_A_SORT else ():
            shared[subject] = shared.get(subject, 0) + 1
    if kinds:
        members = [one for one in shared if kinds & graph.types(one)]
    else:
        members = [one for one, number in shared.items() if 2 * number >= len(own)]
    return members if len(members) == count and node in members else []
