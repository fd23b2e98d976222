"""What a claim says from end to end, with a mark for each name and each value in it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from groundwire.graph.amounts import is_amount
from groundwire.graph.links import Linker
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.scales import Value, content, done, named, ranking, scale_of
from groundwire.graph.spoken import number_in

MARK = re.compile(r"[<{](\d+)[>}]")
_ASIDE = re.compile(
    r", (?:which|who|whose|having|run|led|headed|owned|opened|founded|set up|built|made) [^,]*[<{]\d+[>}][^,]*(?:,|$)"
)
_ONE_VALUE = re.compile(r"[^<{]*\{(\d+)\}[^<{]*")

VALUE = re.compile(r"[€$£]?\{(\d+)\}")
_DOING_NOTHING = """
a an been being having has have had who which that stand stands boast boasts carry carries offer offers hold holds
provide provides give gives get gets reach reaches come comes amount amounts worth with enjoy enjoys
"""
NEUTRAL = content(_DOING_NOTHING)


class Frame(NamedTuple):
    """A claim with each name and value in it as a mark, without what it says aside, and where the rest of it stands."""

    text: str
    mentions: list[Mention]
    places: list[int]
    aside: str = ""

    def dated(self, linker: Linker, known: Sequence[Value]) -> list[Mention]:
        """The value that is said aside, where things are ranked by it: "having been set up in 1903"."""
        mark = _ONE_VALUE.fullmatch(self.aside)
        if mark is None or not known or not all(tells(linker, self, self.aside, value) for value in known):
            return []
        return [self.mentions[int(mark[1])]]


def framed(reading: Reading) -> Frame:
    """A claim with marks for its names and values; common nouns stay words."""
    marked, at = "", 0
    mentions: list[Mention] = []
    for one in sorted(reading.mentions, key=lambda one: one.start):
        common = one.kind == "name" and reading.words(one).islower()
        if one.elsewhere is None and one.start >= at and not common:
            form = f"<{len(mentions)}>" if one.kind == "name" else f"{{{len(mentions)}}}"
            marked += reading.text[at : one.start] + form
            at = one.end
            mentions.append(one)
    text = (marked + reading.text[at:]).replace("’", "'").strip().rstrip(".!").strip()
    aside = _ASIDE.search(text)
    said = aside.group().strip(" ,") if aside else ""
    places = list(range(len(reading.tokens)))
    if aside is not None:
        inside = [mentions[int(mark)] for mark in MARK.findall(aside.group())]
        after = [mentions[int(mark)] for mark in MARK.findall(text[aside.end() :])]
        before = [mentions[int(mark)] for mark in MARK.findall(text[: aside.start()])]
        start = before[-1].last if before else 0
        # The words of an aside are looked at by others; where it ends is known at a name only.
        words = len(aside.group().replace(",", "").split())
        end = max(inside[-1].last, start + words) if not after else inside[-1].last
        places = [at for at in places if not (start <= at < end)]
        text = (text[: aside.start()] + " " + text[aside.end() :].strip()).strip()
    return Frame(text, mentions, places, said)


def tells(linker: Linker, frame: Frame, words: str, value: Value) -> bool:
    """Whether words such as "Opened on 25 April 1936", "at 410 grams", "with 735 students" say what a value is of."""
    mark = VALUE.search(words)
    if mark is None or not linker.agrees(frame.mentions[int(mark[1])], value.fact):
        return False
    name = value.fact.relation
    before = content(words[: mark.start()].lower()) - NEUTRAL
    after = words[mark.end() :].strip()
    if before and not done([name], before) and not named([name], " ".join(before)):
        return False
    adjective = scale_of(after.split()[-1]) if after else None
    after = after.rpartition(" ")[0] if adjective else after
    if adjective and not ranking([name], adjective):
        return False
    amount = is_amount(linker.compare, f"1 {after}")
    return not after or amount or bool(named([name], after))


def known_one(linker: Linker, one: Mention) -> bool:
    """Whether a name is surely that of one thing."""
    return len(one.nodes) == 1 and isinstance(one.nodes[0], str) and not linker.reading.unsure(one)


def amount_in(linker: Linker, frame: Frame, words: str) -> tuple[float | None, list[Mention]]:
    """A number in words, or that a mark stands for, with what the mark stands for."""
    mark = VALUE.fullmatch(words)
    if mark is None:
        return number_in(words), []
    said = frame.mentions[int(mark[1])]
    digits = (said.amount or linker.reading.words(said)).replace(",", "")
    return number_in(digits), [said]
