"""Figures on paper: tables and rows in a terminal, JSON without NaN."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from groundwire.bench.machine import in_words

PLAIN = {
    *("claims", "entailment_pairs", "pairs_per_second", "times_the_words", "times_the_ms"),
    *("ms", "cpu_ms", "ms_per_claim", "per_sentence"),
    *("load_s", "load_cpu_s", "mb", "p50_ms", "p99_ms", "times_memory"),
}
COUNTED = ("n", "total", "facts")


def print_json(found: Any) -> None:
    print(json.dumps(_without_nan(found), indent=2))


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nan(item) for name, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_table(title: str, columns: Mapping[str, str], rows: Mapping[str, Mapping[str, float]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("set", no_wrap=True)
    for heading in columns.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in rows.items():
        table.add_row(name, *(_shown(column, row[column]) for column in columns))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def print_rows(headings: tuple[str, str], rows: Sequence[tuple[str, str]], measured_on: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*headings)
    for row in rows:
        table.add_row(*map(escape, row))  # groundwire[torch] is no mark-up
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    print(in_words(measured_on))


def _shown(column: str, value: float) -> str:
    if math.isnan(value):
        return "-"
    if column in COUNTED:
        return f"{value:,.0f}"
    if column in PLAIN:
        return f"{value:,.1f}"
    return f"{value:.1%}"
