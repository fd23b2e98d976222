"""Human claims and found ones side by side, for a person to look at."""

from collections.abc import Iterable
from typing import Any

from groundwire.bench.decomposition import Taken
from groundwire.bench.matching import LIKE, pairing

_MISSING = "✗"


def rows(taken: Taken) -> list[dict[str, Any]]:
    """One row a human claim, with the found one that it is matched to, then the found ones left over.

    Pairs that entail each other come first; what they leave is matched by words. `human` or `found` is None where there
    is no match; `likeness` is that of the words, 0 to 1; `same` is whether the two entail each other.
    """
    same = taken.same or {}
    humans, founds = {human for human, _ in same}, {found for _, found in same}
    rest = {
        pair: alike
        for pair, alike in taken.near.items()
        if alike >= LIKE and pair[0] not in humans and pair[1] not in founds
    }
    partner = dict([*same, *pairing(rest)])
    table = []
    for place, human in enumerate(taken.sample.claims):
        other = partner.get(place, -1)
        found = taken.claims[other].text if place in partner else None
        table.append(_row(human, found, taken.near.get((place, other)), (place, other) in same))
    left = sorted(set(range(len(taken.claims))) - set(partner.values()))
    return [*table, *(_row(None, taken.claims[place].text, None, False) for place in left)]


def _row(human: str | None, found: str | None, likeness: float | None, same: bool) -> dict[str, Any]:
    return {"human": human, "found": found, "likeness": likeness, "same": same}


def print_texts(name: str, shown: Iterable[dict[str, Any]]) -> None:
    """Each text above its rows. A claim without a match faces a mark; "=" says that the pair entails each other."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(width=160)
    for number, text in enumerate(shown, start=1):
        console.print(f"{escape(name)} {number}: {escape(text['text'])}", highlight=False)
        table = Table(show_edge=False)
        table.add_column("human", ratio=1)
        table.add_column("alike", justify="right", no_wrap=True)
        table.add_column("found", ratio=1)
        for row in text["rows"]:
            alike = "" if row["likeness"] is None else f"{row['likeness']:.0%}"
            sides = [escape(row[side] or _MISSING) for side in ("human", "found")]
            table.add_row(sides[0], f"= {alike}" if row["same"] else alike, sides[1])
        console.print(table, "")
