"""`groundwire audit`: parse, call, print."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from groundwire.batch.audit import Line, Row, Summary, read_lines, row_of
from groundwire.batch.audit import audit as run_audit
from groundwire.batch.output import OutputFile
from groundwire.batch.progress import Bar
from groundwire.batch.working import fingerprint, fitting, work
from groundwire.errors import InputError

if TYPE_CHECKING:
    from groundwire.config import Config


@dataclass(frozen=True)
class Checker:
    """Makes, in whichever process it is called, the function that checks one line."""

    config: "Config"
    knowledge: tuple[str, ...]

    def __call__(self) -> Callable[[Line], Row]:
        from groundwire.client import Groundwire

        gw = Groundwire(self.config)
        gw.warm()

        def check(line: Line) -> Row:
            report = gw.verify(
                line.answer,
                context=line.context,
                question=line.question,
                knowledge=line.knowledge or self.knowledge or None,
            )
            return row_of(line, report)

        return check


def audit(
    answers: Annotated[str, typer.Argument(metavar="IN.JSONL", help="Answers, one JSON object a line; - for stdin.")],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="OUT.JSONL", help="Where the rows go; a file is continued.")
    ] = "-",
    knowledge: Annotated[
        list[str] | None,
        typer.Option("--knowledge", "-k", metavar="GRAPH", help="A graph for lines that name none. May be repeated."),
    ] = None,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rules", "-r", metavar="PACK", help="Rule pack: a name or a path. May be repeated."),
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="groundwire.yaml")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, help="Processes; as many as there are cores by default.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew: what is in the output is lost.")] = False,
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="A bar on stderr; on a terminal by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Check many answers, each against its own context.

    IN: {"id", "answer", "context": str | [str], "question"?, "knowledge"?} on each line. OUT: {"id", "verdict",
    "score", "coverage", "claims", "revised", "settings"} for each, in the same order, and "error" where a line could
    not be checked. An output that is there already is continued: ids that stand in it are not checked again.

    Exit code: 0 all clean, 1 something is not, 2 lines that could not be read or checked, or wrong usage.
    """
    from groundwire.client import Groundwire
    from groundwire.config import Config

    began = time.monotonic()
    settings = Config.load(config)
    if rules:
        settings = settings.model_copy(update={"rules": tuple(rules)})
    graphs = tuple(knowledge or ())
    for path in graphs:
        if not path.startswith(("http://", "https://")) and not Path(path).exists():
            raise InputError(
                path, "there is no such file.", "a file of facts, a folder of `graph import`, or an address"
            )
    if answers == out != "-":
        raise InputError(out, "is the input too.", "another file for -o")
    made_under = fingerprint(Groundwire(settings), graphs)
    with (
        _opened(answers) as stream,
        OutputFile(out, settings=made_under, restart=restart) as rows,
        Bar(progress, _lines_in(answers)) as bar,
    ):
        total = None if bar.total is None else max(0, bar.total - rows.summary.before)
        bar.done(rows.summary.before)

        def write(row: Row) -> None:
            rows.write(row)
            bar.done()

        summary = run_audit(
            read_lines(stream),
            lambda lines: work(settings, lambda shared: Checker(shared, graphs), workers or fitting(total), lines),
            write=write,
            complain=lambda number, what: bar.say(f"{answers}:{number}: {what}"),
            done=rows.done,
            summary=rows.summary,
        )
    _print(summary, time.monotonic() - began, as_json=as_json, stdout_is_taken=out == "-")
    raise typer.Exit(summary.exit_code)


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except OSError as failed:
        raise InputError(path, f"cannot be read ({failed.strerror}).", "a file of JSON lines, or -") from None


def _lines_in(path: str) -> int | None:
    """How many lines a file has, or None where that cannot be known without reading what can be read only once."""
    if not Path(path).is_file():
        return None
    with Path(path).open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))


def _print(summary: Summary, seconds: float, *, as_json: bool, stdout_is_taken: bool) -> None:
    stream = sys.stderr if stdout_is_taken or not as_json else sys.stdout
    if as_json:
        print(
            json.dumps(
                {
                    "answers": summary.answers,
                    "before": summary.before,
                    "bad": summary.bad,
                    "errors": summary.errors,
                    "verdicts": dict(sorted(summary.verdicts.items())),
                    "seconds": round(seconds, 3),
                }
            ),
            file=stream,
        )
        return
    verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(summary.verdicts.items()))
    parts = [f"{summary.answers + summary.before:,} answers" + (f" ({verdicts})" if verdicts else "")]
    if summary.before:
        parts.append(f"{summary.before:,} of them from before")
    if summary.bad:
        parts.append(f"{summary.bad:,} lines skipped")
    if summary.errors:
        parts.append(f"{summary.errors:,} could not be checked")
    print("; ".join(parts) + f"; {seconds:.1f} s", file=stream)
