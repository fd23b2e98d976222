"""English made to measure: facts about companies that do not exist, and answers that repeat some of them.

The same seed gives the same text. An answer takes every second company's year and number of staff wrongly.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

WARM = 10**6
"""A seed that nothing measured has. Not -1: Python's generator is the same for a number and its negative."""

_FIRST = ["Amber", "Beacon", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbour", "Juniper", "Lantern"]
_SECOND = ["Analytics", "Bakeries", "Ceramics", "Dynamics", "Freight", "Optics", "Robotics", "Textiles", "Works"]
# For texts that need more companies than these give.
_MORE = [
    "Alder",
    "Birch",
    "Copper",
    "Dawn",
    "Echo",
    "Fable",
    "Garnet",
    "Hazel",
    "Indigo",
    "Jasper",
    "Kestrel",
    "Laurel",
]
_MORE += ["Marble", "Nimbus", "Onyx", "Pebble", "Quartz", "Raven", "Saffron", "Thistle", "Umber", "Violet", "Willow"]
_MORE += ["Yarrow", "Zenith", "Anchor", "Bramble", "Clover", "Drift", "Evergreen", "Fjord", "Glacier", "Heron", "Iris"]
_TOWNS = ["Aldermoor", "Brackwater", "Castleford", "Dunmere", "Eastholm", "Fernleigh", "Greyhaven", "Hollowby"]
_GIVEN = ["Anna", "Bernard", "Clara", "David", "Elena", "Frank", "Greta", "Henry", "Ines", "Julian", "Karin", "Leon"]
_FAMILY = ["Abbott", "Becker", "Castell", "Dorsey", "Eklund", "Farrow", "Grant", "Hartmann", "Iversen", "Jansen"]
_GOODS = (
    "industrial cameras",
    "cargo bicycles",
    "glazed roof tiles",
    "surgical lamps",
    "rye bread",
    "wool blankets",
    "harbour cranes",
    "weather sensors",
    "printing presses",
    "water filters",
)


class Company(NamedTuple):
    """What there is to say about one."""

    name: str
    town: str
    founder: str
    founded: int
    goods: str
    staff: int
    revenue: int
    head: str
    since: int
    award: int


def context(seed: int, words: int = 3000) -> str:
    """About `words` words of statements about as many companies as that takes."""
    return _cut("\n\n".join(" ".join(_told(company)) for company in _companies(seed, 40 + words // 60)), words)


def answer(seed: int, words: int = 200) -> str:
    """About `words` words that repeat, some of them wrongly, what `context(seed)` says first."""
    told: list[str] = []
    for number, company in enumerate(_companies(seed, 5 + words // 40)):
        wrong = company._replace(founded=company.founded + 7, staff=company.staff * 3)
        told += _retold(wrong if number % 2 else company)
    return _cut(" ".join(told), words)


def _companies(seed: int, count: int) -> Iterator[Company]:
    chance = random.Random(seed)
    names = [f"{first} {second}" for first in _FIRST for second in _SECOND]
    chance.shuffle(names)
    if count > len(names):
        more = [f"{first} {second}" for first in _MORE for second in _SECOND]
        random.Random(seed).shuffle(more)
        names += more
    for name in names[:count]:
        founded = chance.randint(1901, 2005)
        yield Company(
            name=name,
            town=chance.choice(_TOWNS),
            founder=f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
            founded=founded,
            goods=chance.choice(_GOODS),
            staff=chance.randint(12, 900) * 10,
            revenue=chance.randint(3, 980),
            head=f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
            since=chance.randint(2006, 2024),
            award=chance.randint(2007, 2024),
        )


def _told(company: Company) -> list[str]:
    name, town, founder, founded, goods, staff, revenue, head, since, award = company
    return [
        f"{name} is a company in {town} that makes {goods}.",
        f"It was founded in {founded} by {founder}, who had run a workshop in the same street for nine years.",
        f"The company employs {staff:,} people, most of them at its main works near the railway station.",
        f"In the last financial year it reported revenue of {revenue} million euros, a little more than expected.",
        f"{head} has led the company since {since} and sits on the board of the local museum.",
        f"Its {goods} won the regional design prize in {award}, although the jury was divided until the end.",
        "Visitors may see the works on the first Saturday of each month, when the machines stand still.",
    ]


def _retold(company: Company) -> list[str]:
    name, town, founder, founded, goods, staff, revenue, head, since, award = company
    return [
        f"{name} makes {goods} in {town}, and it was set up in {founded}.",
        f"Its founder was {founder}, and the company has about {staff:,} employees today.",
        f"{head} has been in charge since {since}.",
        f"The firm had a revenue of {revenue} million euros in its last financial year.",
        f"A regional design prize went to its {goods} in {award}.",
    ]


def sentences(text: str) -> list[str]:
    """The sentences of what this module writes: none of them has a full stop inside."""
    return [f"{sentence.strip().removesuffix('.')}." for sentence in text.replace("\n\n", " ").split(". ")]


def _cut(text: str, words: int) -> str:
    """The first whole sentences of `text` that come to `words` words, or just above."""
    kept: list[str] = []
    count = 0
    for paragraph in text.split("\n\n"):
        inside = []
        for sentence in sentences(paragraph):
            if count < words:
                inside.append(sentence)
                count += len(sentence.split())
        if inside:
            kept.append(" ".join(inside))
    return "\n\n".join(kept)
