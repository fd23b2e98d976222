"""What a thing is measured by: which of a graph's values "taller", "oldest" and "twice the width" speak of."""

from collections.abc import Iterable
from typing import NamedTuple

from groundwire.graph.comparing import parts_of
from groundwire.graph.links import Linker
from groundwire.graph.names import FUNCTION_WORDS, name_stems, stem
from groundwire.graph.periods import over
from groundwire.graph.store import Fact, Node
from groundwire.graph.units import without_unit

_THE_MORE = "more greater higher larger bigger longer most greatest highest largest biggest longest"
_MORE = frozenset(_THE_MORE.split())
_THE_LESS = "fewer less lower smaller shorter cheaper fewest least lowest smallest shortest cheapest"
_LESS = frozenset(_THE_LESS.split())
# Adjectives that have more of it, those that have less of it, and the words of a relation's name that tells it.
_TABLE = """
tall | | height
high | low | height elevation altitude
long | | length duration runtime distance time
 | short | length duration runtime distance time height
wide broad | narrow | width breadth
deep | shallow | depth
thick | thin | thickness
heavy | light | weight mass
large big | small | size area population capacity employees students members enrolment headcount seats
expensive costly dear | cheap | price cost fee
valuable | | value worth
fast quick | slow | speed
populous | | population
hot warm | cold cool | temperature
steep | | gradient slope
"""
_BEGUN = """
birth born found founded formed formation established opened opening launched launch started start inception created
creation built construction completed commissioned approved adopted enacted released published made incorporated
"""
_BEGINNING = frozenset(stem(word) for word in _BEGUN.split())
_PLAIN_DATE = frozenset(stem(word) for word in ("year", "date", "made", "created"))
_AGED = {"old": False, "early": False, "young": True, "new": True, "recent": True, "late": True}
# What is said of a beginning by one verb, a relation may say by another.
_SAME = (
    frozenset(["painted", "made", "created", "carved", "drawn", "produced", "written", "composed", "sculpted", "year"]),
    frozenset(
        ["founded", "formed", "established", "opened", "launched", "started", "created", "set", "begun", "inception"]
    ),
    frozenset(["adopted", "passed", "enacted", "approved"]),
)
_SAME_STEMS = tuple(frozenset(stem(word) for word in words) for words in _SAME)
_DOING = {
    "cost": "price cost", "weigh": "weight mass", "last": "duration length runtime time", "earn": "salary",
    "seat": "seats capacity", "employ": "employees", "insur": "insured",
}  # fmt: skip


class Scale(NamedTuple):
    """The stems of which a relation's name has some, and whether what has more of it has the larger value."""

    words: frozenset[str]
    up: bool
    dates: bool = False


class Value(NamedTuple):
    """A number, or a date as far as it is known, and the fact that has it."""

    parts: tuple[float, ...]
    fact: Fact


def _forms(base: str, ending: str) -> str:
    if base.endswith("e"):
        return base + ending[1:]
    if base.endswith("y"):
        return f"{base[:-1]}i{ending}"
    return f"{base}{base[-1]}{ending}" if base in ("big", "thin", "hot") else base + ending


def _table() -> dict[str, Scale]:
    found: dict[str, Scale] = {}
    for line in _TABLE.strip().splitlines():
        more, less, words = (part.split() for part in line.split("|"))
        for adjectives, up in ((more, True), (less, False)):
            found |= {one: Scale(frozenset(map(stem, words)), up) for one in adjectives}
    return found | {one: Scale(_BEGINNING, up, dates=True) for one, up in _AGED.items()}


_SCALES = _table()
_FORMS = {_forms(base, ending): base for base in _SCALES for ending in ("er", "est")}
_FORMS |= {"elder": "old", "eldest": "old"}


def scale_of(words: str) -> Scale | None:
    """What an adjective ranks by: "taller", "most expensive", "wide"."""
    first, _, rest = words.partition(" ")
    known = _SCALES.get(rest or _FORMS.get(first, first))
    if known is None or not rest:
        return known
    return known._replace(up=known.up is (first in ("more", "most")))


def upward(words: str) -> bool | None:
    """Whether a word says that an amount which is named besides is more, or less, than another."""
    return True if words in _MORE else False if words in _LESS else None


def content(words: str) -> frozenset[str]:
    """The stems of the words that tell something."""
    return frozenset(stem(word) for word in words.lower().replace("-", " ").split() if word not in FUNCTION_WORDS)


def named(relations: Iterable[str], nouns: str) -> list[str]:
    """The relations whose names have all these words; "aircraft in its fleet" is what counts the one or the other."""
    relations = list(relations)
    whole = content(nouns)
    found = [name for name in relations if whole and whole <= _stems(name)]
    if found or " in its " not in nouns:
        return found
    inner = content(nouns.partition(" in its ")[2])
    sizes = frozenset(map(stem, ("size", "count", "number")))
    return [name for name in relations if inner and inner <= _stems(name) and sizes & _stems(name)]


def ranking(relations: Iterable[str], scale: Scale) -> list[str]:
    """The relations by which a scale may rank."""
    return [name for name in relations if scale.words & _stems(name) or (scale.dates and _stems(name) <= _PLAIN_DATE)]


def done(relations: Iterable[str], verbs: frozenset[str]) -> list[str]:
    """The relations that tell when, or how much of, something is done: painted → year; costs → price."""
    relations = list(relations)
    if found := [name for name in relations if verbs and verbs <= _stems(name)]:
        return found
    wide = {word for same in _SAME_STEMS if verbs & same for word in same}
    wide |= {stem(word) for verb in verbs for word in _DOING.get(verb, "").split()}
    return [name for name in relations if wide & _stems(name)]


def values(linker: Linker, node: Node) -> dict[str, Value]:
    """The number or date that something has by each relation, where it has one only and the graph has all of it."""
    found: dict[str, list[Value]] = {}
    for fact in linker.graph.facts_about(node) if linker.graph.complete(node) else ():
        if not over(linker.graph.periods(fact)):
            parts = parts_of(linker.graph.label(fact.object).strip()) or ()
            found.setdefault(fact.relation, []).append(Value(parts, fact))
    return {name: known[0] for name, known in found.items() if len(known) == 1 and known[0].parts}


def order(one: Value, other: Value) -> int | None:
    """1 where the one is larger, or later; -1 where the other is; None where they are equal as far as is known."""
    for mine, theirs in zip(one.parts, other.parts, strict=False):
        if mine != theirs:
            return 1 if mine > theirs else -1
    return None


def _stems(name: str) -> frozenset[str]:
    plain = without_unit(name)
    return frozenset(name_stems(name)) | frozenset(name_stems(plain) if plain else ())
