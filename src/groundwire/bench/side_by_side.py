"""Human claims and found ones side by side, for a person to look at."""

from typing import Any

from groundwire.bench.decomposition import Taken


def rows(taken: Taken) -> list[dict[str, Any]]:
    """The matched pairs in the order of the human claims, each of which has a row; then the found ones left over.

    `likeness` is how alike the pair is by its words; None in a row that has only one of the two, `human` or `found`.
    """
    partner = dict(taken.likes)
    table: list[dict[str, Any]] = []
    for place, human in enumerate(taken.sample.claims):
        other = partner.get(place)
        found = None if other is None else taken.claims[other].text
        table.append(
            {"human": human, "found": found, "likeness": taken.likes.get((place, -1 if other is None else other))}
        )
    left = set(range(len(taken.claims))) - set(partner.values())
    table += [{"human": None, "found": taken.claims[place].text, "likeness": None} for place in sorted(left)]
    return table


def print_texts(name: str, shown: list[dict[str, Any]]) -> None:
    """Each text with its rows; where a side is missing, a mark says so."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(width=160)
    for number, text in enumerate(shown, start=1):
        table = Table(title=f"{escape(name)} {number}: {escape(text['text'])}", title_justify="left", title_style="")
        table.add_column("human", ratio=1)
        table.add_column("alike", justify="right", no_wrap=True)
        table.add_column("found", ratio=1)
        for row in text["rows"]:
            alike = "-" if row["likeness"] is None else f"{row['likeness']:.0%}"
            table.add_row(
                *(escape(row[side]) if row[side] else "--" for side in ("human",)), alike, escape(row["found"] or "--")
            )
        console.print(table)
