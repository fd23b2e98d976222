"""`groundwire calibrate`: parse, run, print."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundwire.errors import InputError

if TYPE_CHECKING:
    from groundwire.batch import BadLine, Bar, Row
    from groundwire.calibrate.labelled import Labelled
    from groundwire.calibrate.result import Result
    from groundwire.config import Config

FEWEST = 20
"""Answers of either label below which every figure would be chance."""


def calibrate(
    labelled: Annotated[
        Path | None,
        typer.Argument(metavar="LABELLED.JSONL", help="Answers with labels, one JSON object a line; or .gz of it."),
    ] = None,
    from_reviews: Annotated[
        bool, typer.Option("--from-reviews", help="What reviewers decided in the configured store, instead of a file.")
    ] = False,
    allowed: Annotated[
        float,
        typer.Option("--max-false-positives", min=0, max=1, metavar="SHARE", help="Clean answers that may be flagged."),
    ] = 0.05,
    config: Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="groundwire.yaml")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A groundwire.yaml to put the section into.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="ROWS.JSONL", help="What is found for each answer; a stopped run goes on here."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, help="Processes; as many as there are cores by default.")
    ] = None,
    progress: Annotated[
        bool | None, typer.Option("--progress/--no-progress", help="A bar on stderr; on a terminal by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")] = False,
) -> None:
    """Make the scores mean what they say on your own answers, and choose how many clean ones may be flagged.

    LABELLED: an audit's lines with one field more: {"id", "answer", "context", "question"?, "knowledge"?, "label"},
    where label is 1 if the answer holds something that its context does not support, and 0 if not. At least 20 of
    either. What comes out is a section of groundwire.yaml, printed, or put into the file given by -o.

    Exit code: 0 done, 1 the share cannot be reached, 2 lines that could not be read or checked, or wrong usage.
    """
    from groundwire.calibrate import section
    from groundwire.calibrate.collect import Answers
    from groundwire.calibrate.labelled import read_labelled
    from groundwire.calibrate.result import calibrate as measure
    from groundwire.config import Config
    from groundwire.nli import Calibration

    settings = Config.load(config)
    if out:
        section.usable(out, settings.entailment.model)
    if (labelled is None) != from_reviews:
        what = "it needs to know which answers." if labelled is None else "it has a file, and the reviews."
        raise InputError("calibrate", what, "either a file of labelled answers or --from-reviews")
    answers = read_labelled(labelled) if labelled else _reviewed(settings)
    labelled = labelled or Path(REVIEWS)
    _enough(labelled, answers.clean, answers.faulty, answers.bad)
    rows, lost = _checked(labelled, answers, settings, keep, workers, progress)
    labels = [answers.labels[_key(row)] for row in rows]
    _enough(labelled, labels.count(0), labels.count(1), answers.bad)
    now = settings.entailment.calibration
    result = measure(Answers.of(rows, labels), Calibration(now.slope, now.intercept), allowed)
    found = _section(result, settings)
    if out:
        section.merge(out, found)
    _print(result, found, out, as_json=as_json)
    raise typer.Exit(2 if lost else 0 if result.point.reached else 1)


REVIEWS = "reviews"
"""What the answers that reviewers decided on are called in place of a file."""


def _reviewed(settings: "Config") -> "Labelled":
    """The decided answers of the configured store."""
    from tempfile import TemporaryDirectory

    from groundwire.calibrate.labelled import read_labelled
    from groundwire.review import write_reviewed

    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{REVIEWS}.jsonl"
        write_reviewed(settings, path)
        return read_labelled(path)


def _enough(path: Path, clean: int, faulty: int, bad: "Sequence[BadLine]") -> None:
    if min(clean, faulty) < FEWEST:
        what = f"{clean} answers that could be checked have label 0 and {faulty} have label 1."
        if bad:
            what += f" {len(bad)} lines could not be read; the first is line {bad[0].number}: {bad[0].what}"
        raise InputError(str(path), what, f"at least {FEWEST} of either: fewer say nothing about a threshold")


def _checked(
    path: Path, answers: "Labelled", settings: "Config", keep: Path | None, workers: int | None, progress: bool | None
) -> "tuple[list[Row], int]":
    """A row for each answer that could be checked, and how many lines could not be read or checked."""
    from groundwire.batch import Bar, OutputFile, audit, fingerprint, fitting, work
    from groundwire.calibrate.collect import Collector, searching
    from groundwire.calibrate.labelled import read_rows
    from groundwire.client import Groundwire

    config = searching(settings)
    made_under = f"calibrate-{fingerprint(Groundwire(config))}"
    rows: list[Row] = []
    with (
        OutputFile(str(keep), settings=made_under, anew="another file for --keep") if keep else nullcontext() as kept,
        Bar(progress, len(answers.labels)) as bar,
    ):
        if keep and kept:
            rows += [row for row in read_rows(keep) if _key(row) in answers.labels]
            bar.done(len(rows))
        done = {_key(row) for row in rows}
        summary = audit(
            answers.lines,
            lambda lines: work(config, Collector, workers or fitting(len(answers.labels) - len(done)), lines),
            write=_writer(rows, kept.write if kept else None, bar),
            complain=lambda number, what: bar.say(f"{path}:{number}: {what}"),
            done=done,
        )
    return [row for row in rows if "error" not in row], summary.bad + sum("error" in row for row in rows)


def _writer(rows: "list[Row]", keep: "Callable[[Row], None] | None", bar: "Bar") -> "Callable[[Row], None]":
    def write(row: "Row") -> None:
        rows.append(row)
        if keep:
            keep(row)
        bar.done()

    return write


def _key(row: "Row") -> str:
    from groundwire.batch import key_of

    return key_of(row["id"])


def _section(result: "Result", settings: "Config") -> dict[str, Any]:
    from groundwire.nli import Thresholds, load_model

    model = settings.entailment.model
    contradicted = settings.entailment.thresholds.contradicted
    if contradicted is None:
        contradicted = Thresholds.of(load_model(model)).contradicted
    return {
        "model": model,
        "calibration": {"slope": result.calibration.slope, "intercept": result.calibration.intercept},
        "thresholds": {"supported": result.point.supported, "contradicted": contradicted},
    }


def _print(result: "Result", found: dict[str, Any], out: Path | None, *, as_json: bool) -> None:
    from groundwire.calibrate import result as told
    from groundwire.calibrate import section

    for note in result.notes:
        print(note, file=sys.stderr)
    if as_json:
        print(json.dumps({**told.as_json(result), "config": {section.NAME: found}}, indent=2))
        return
    _table(("measured", "on these answers"), told.as_rows(result))
    _table(("clean flagged: at most", "supported from", "clean flagged", "faulty flagged"), told.as_points(result))
    if out:
        print(f"{out}: the section {section.NAME} is up to date.")
    else:
        print(section.printed(found), end="")


def _table(headings: Iterable[str], rows: Iterator[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
