"""Two values compared: a longer runway than, taller than it is wide, 27 more aircraft than, twice the width of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from groundwire.graph.framing import NEUTRAL, VALUE, Frame, amount_in, known_one, tells
from groundwire.graph.links import Linker
from groundwire.graph.mentions import Mention
from groundwire.graph.scales import Value, content, done, named, order, ranking, scale_of, upward, values
from groundwire.graph.statements import DATE
from groundwire.graph.units import unit_in

_TIMES = {
    "twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0, "half": 0.5, "a third": 1 / 3, "one third": 1 / 3,
    "a quarter": 0.25, "one quarter": 0.25,
}  # fmt: skip
_ABOUT = "about around roughly approximately some"
_SLACK = {**dict.fromkeys(_ABOUT.split(), 0.1), "": 0.02, "exactly": 0.0, "just": 0.02}
_UPPER = frozenset(["more than", "over", "well over", "just over", "a little over", "at least"])
_LOWER = frozenset(["less than", "under", "just under", "nearly", "almost", "at most", "not quite", "close to"])
_FAR_OFF = 0.35
_YEARS = frozenset([1, 3])

_QUAL = rf"(?:(?P<about>{'|'.join(sorted({*_UPPER, *_LOWER, *_SLACK} - {''}, key=len, reverse=True))}) )?"
_NUM = r"(?P<number>\{\d+\}|[a-z]+(?:-[a-z]+)?)"
_COMP = r"(?P<comp>(?:more|less) (?!than)\w+|more|less|fewer|\w+er)"
_DEGREE = "(?:(?:much|far|slightly|considerably|significantly|rather|a bit|a little|a lot|even|still) )?"
_ATTR = r"(?: (?P<attr>[a-z][a-z -]*?))?"
_TWO = (
    r"(?:(?:that|those|the one) (?:of|in|at) )?(?:(?:under|in|at|of|for) )?(?:the )?<(?P<two>\d+)>"
    r"(?:'s)?(?: (?:is|does|has|was|did|had))?"
)
_OF = (
    r"(?:[Tt]he (?P<of>[a-z][a-z -]*) of (?:the )?<(?P<whose>\d+)>"
    r"|(?:[Tt]he )?<(?P<one>\d+)>(?:'s (?P<own>[a-z][a-z -]*?))?)"
)
_HEAD = rf"(?:(?P<leading>(?:[A-Za-z]+ ){{1,3}}[€$£]?\{{\d+\}}[\w€$£ ]*), )?{_OF}(?P<pre> [^<]*?)?,? "
_FRAMES = [
    re.compile(_HEAD + core)
    for core in (
        rf"{_QUAL}{_NUM} years? (?P<after>after|before|later than|earlier than) {_TWO}",
        rf"{_QUAL}(?P<times>{'|'.join(_TIMES)}|{_NUM} times) "
        rf"(?:as (?P<as>\w+)(?: (?P<attr>[a-z][a-z -]*?))? as|the (?P<the>[a-z][a-z -]*?) of|(?=that of)) ?{_TWO}",
        rf"{_QUAL}{_NUM}(?: (?P<unit>[a-z]+))? {_COMP}{_ATTR} than {_TWO}",
        rf"{_DEGREE}{_COMP}{_ATTR} than {_TWO}",
    )
]
_ITSELF = re.compile(rf"(?:[Tt]he )?<(?P<one>\d+)> (?:is|was) {_COMP} than it (?:is|was) (?P<other>[a-z]+)")
_WITH_A = re.compile(r"(?:has|have|had|with) an? (?P<noun>[a-z][a-z -]*?) of [€$£]?\{\d+\}")


class Verdict(NamedTuple):
    """Whether a claim is right by a relation's values, None where that is not told, and the values."""

    right: bool | None
    values: tuple[Value, ...]


class _Measure(NamedTuple):
    """By which relations two things are compared, whether the first is said to have more, and the numbers told."""

    names: Sequence[str]
    up: bool | None
    told: Sequence[Mention]


Read = tuple[Mention, list[Mention], list[Mention], list[Verdict]]
"""What a claim is about, what it is compared with, the claim's values that are accounted for, and the verdicts."""


def compared_values(linker: Linker, frame: Frame) -> Iterator[Read]:
    """A claim that compares two values and says nothing else."""
    if (found := _ITSELF.fullmatch(frame.text)) is not None:
        yield from _itself(linker, frame, found)
    for number, pattern in enumerate(_FRAMES):
        if (found := pattern.fullmatch(frame.text)) is None:
            continue
        groups = {name: words or "" for name, words in found.groupdict().items()}
        more, _, noun = groups.get("comp", "").partition(" ")
        if noun and scale_of(groups["comp"]) is None:  # "more aircraft", and not "more expensive"
            groups |= {"comp": more, "attr": f"{noun} {groups['attr']}".strip()}
        one, two = frame.mentions[int(groups["whose"] or groups["one"])], frame.mentions[int(groups["two"])]
        if one is two or not (known_one(linker, one) and known_one(linker, two)):
            continue
        mine, theirs = values(linker, one.nodes[0]), values(linker, two.nodes[0])
        measure = _measure(linker, frame, groups, mine, theirs)
        pairs = [(mine[name], theirs[name]) for name in measure.names] if measure else []
        if not measure or not pairs:
            continue
        if number == len(_FRAMES) - 1:
            if measure.up is not None:
                yield one, [two], [*measure.told], [Verdict(_more(*pair, up=measure.up), pair) for pair in pairs]
            continue
        amount: float | None
        amount, said = (
            (_TIMES[groups["times"]], [])
            if groups.get("times") in _TIMES
            else amount_in(linker, frame, groups["number"])
        )
        if amount is not None:
            verdicts = [Verdict(_holds(groups, amount, *pair, up=measure.up), pair) for pair in pairs]
            yield one, [two], [*measure.told, *said], verdicts


def _measure(
    linker: Linker, frame: Frame, groups: Mapping[str, str], mine: Mapping[str, Value], theirs: Mapping[str, Value]
) -> _Measure | None:
    """What two things are compared by, from all the words of a claim; None where a word is left over."""
    both = [name for name in mine if name in theirs]
    pre, leading = groups["pre"].strip(), groups["leading"]
    beside = [words for words in (leading, pre) if VALUE.search(words)]
    comp = groups.get("comp") or groups.get("as", "")
    up, scale = upward(comp), None
    if comp not in ("many", "much") and (comp not in ("more", "less", "fewer", "higher", "greater")):
        scale = scale_of(comp)
        up = scale.up if scale else up
    if groups.get("as"):
        up = True if comp in ("many", "much") or (scale and scale.up) else None
    given = _WITH_A.search(pre)
    noun = groups.get("attr") or groups.get("the") or groups["of"] or groups["own"] or (given["noun"] if given else "")
    verbs = content(VALUE.split(pre)[0].lower()) - NEUTRAL if not given else frozenset()
    dated = bool(groups.get("after")) or groups.get("unit") in ("year", "years")
    if noun:
        names = [name for name in named(both, noun) if not verbs or verbs <= content(name.replace("_", " "))]
        if scale is not None and upward(comp) is None:
            names = [name for name in names if name in ranking(both, scale)]
    elif scale is not None and not verbs:
        names = ranking(both, scale)
        if leading and upward(comp) is not None:  # "With 735 students, A is larger than B"
            names = [name for name in both if tells(linker, frame, leading, mine[name])]
    elif verbs:
        names = done(both, verbs)
        if scale is not None and not scale.dates:
            names = [name for name in names if name in ranking(both, scale)]
    elif beside:
        names = both
    else:
        names = []
    for words in beside:
        names = [name for name in names if tells(linker, frame, _about(words, given), mine[name])]
    names = [name for name in names if _is_date(linker, mine[name]) is dated or not dated]
    names = [name for name in names if not (len(mine[name].parts) > 1 and (scale is None or noun) and not dated)]
    told = [frame.mentions[int(mark)] for words in beside for mark in VALUE.findall(words)]
    return _Measure(names, up, told)


def _about(words: str, given: re.Match[str] | None) -> str:
    """The words about a value, without the noun that was looked at already."""
    return words if given is None else words.replace(f"{given['noun']} of ", "")


def _is_date(linker: Linker, value: Value) -> bool:
    return DATE.fullmatch(linker.graph.label(value.fact.object)) is not None


def _more(one: Value, other: Value, *, up: bool) -> bool | None:
    place = order(one, other)
    return None if place is None else (place == 1) is up


def _holds(groups: Mapping[str, str], amount: float, one: Value, other: Value, *, up: bool | None) -> bool | None:
    """Whether two values differ by so much, or the one is so many times the other."""
    about = groups["about"]
    if groups.get("times"):
        if other.parts[0] <= 0 or len(other.parts) > 1 or (groups.get("as") and up is None):
            return None
        return _fits(about, amount, one.parts[0] / other.parts[0], loose=True)
    if groups.get("after") or groups.get("unit") in ("year", "years"):
        later = groups["after"] in ("after", "later than") if groups.get("after") else up
        if later is None or about not in ("", "exactly"):
            return None
        first, last = (other, one) if later else (one, other)
        years = last.parts[0] - first.parts[0]
        if years == amount:
            return True
        # By the day it may be a year less, and a year by the calendar.
        full = years - (last.parts[1:] < first.parts[1:])
        return (
            True if full == amount and len(first.parts) == len(last.parts) == 3 else None if full == amount else False
        )
    if up is None or len(one.parts) > 1:
        return None
    differ = one.parts[0] - other.parts[0] if up else other.parts[0] - one.parts[0]
    unit = groups.get("unit", "")
    if unit:
        known = unit_in(one.fact.relation)
        if known is None or known not in (unit, f"{unit}s", unit_in(f"size_{unit}")):
            return None
    return _fits(about, amount, differ, loose=False)


def _fits(about: str, said: float, known: float, *, loose: bool) -> bool | None:
    """Whether a number is as large as words say: "more than twice", "about 30", "27"."""
    if about in _UPPER:
        return True if known > said or (about == "at least" and known == said) else None if known == said else False
    if about in _LOWER:
        under = known < said or (about == "at most" and known == said)
        near = about in ("less than", "under", "at most") or known > 0.8 * said
        return True if under and near else False if known > 1.1 * said or known < 0.5 * said else None
    slack = _SLACK.get(about, 0.0) if loose or about else 0.0
    off = abs(known - said) / said
    if off <= slack or (not about and round(known, 1) == said):
        return True
    return False if off > max(3 * slack, 0.15 if loose else 0.0) else None


def _itself(linker: Linker, frame: Frame, found: re.Match[str]) -> Iterator[Read]:
    """ "Taller than it is wide": two measures of one thing, in one unit."""
    one = frame.mentions[int(found["one"])]
    scale, other = scale_of(found["comp"]), scale_of(found["other"])
    if scale is None or other is None or not known_one(linker, one) or scale.dates or other.dates:
        return
    known = values(linker, one.nodes[0])
    first, second = ranking(known, scale), ranking(known, other)
    if len(first) == len(second) == 1 and first != second and unit_in(first[0]) == unit_in(second[0]):
        pair = (known[first[0]], known[second[0]])
        yield one, [], [], [Verdict(_more(*pair, up=scale.up), pair)]
