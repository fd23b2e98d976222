"""Writes the demo's output into the README: `python -m groundwire.demo.readme`.

In: README.md with the two markers. Out: the same file, with what the demo prints now between them. Nothing in that
section is typed by hand; a test fails when it is stale.
"""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from groundwire.demo.render import answer_view, summary_view
from groundwire.demo.scenarios import SCENARIOS, model_name
from groundwire.demo.show import Answer, ask, started
from groundwire.errors import InputError

BEGIN, END = "<!-- demo:begin -->", "<!-- demo:end -->"
README = Path("README.md")  # of the folder in which the command is given: an installed package has none
COLUMNS = 90

# The answers that the README shows; the summary is of all of them.
SHOWN = 4


def asked() -> list[Answer]:
    """The demo's answers, asked now."""
    with started() as url:
        return list(ask(url, model_name(), SCENARIOS))


def section(answers: Sequence[Answer]) -> str:
    """What the demo prints of them, without colour, timings and the port: the same on every machine."""
    console = Console(file=io.StringIO(), width=COLUMNS, color_system=None, highlight=False)
    with console.capture() as capture:
        for number, answer in enumerate(answers[:SHOWN], start=1):
            console.print(answer_view(number, answer, COLUMNS))
        console.print(summary_view(answers, COLUMNS, timings=False))
    lines = [line.rstrip() for line in capture.get().strip("\n").splitlines()]
    return "\n".join(["```", *lines, "```"])


def replaced(readme: str, text: str, where: str = "README.md") -> str:
    """`readme` with `text` between the markers. Raises: InputError where they are missing."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError(where, "the markers of the demo are missing.", f"{BEGIN} and {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def current(readme: str) -> str:
    """What stands between the markers now."""
    return readme.partition(BEGIN)[2].partition(END)[0].strip("\n")


def main(argv: Sequence[str] | None = None) -> None:
    """Rewrite the README given as an argument, or the one in this folder."""
    given = sys.argv[1:] if argv is None else list(argv)
    path = Path(given[0]) if given else README
    path.write_text(replaced(path.read_text("utf-8"), section(asked()), str(path)), "utf-8")


if __name__ == "__main__":
    main()
