"""The command line: parse, call, print.

Exit codes: 0 clean, 1 anything else about an answer (flagged, rewritten, blocked, unchecked), 2 usage or input error.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from groundwire import __version__
from groundwire.errors import GroundwireError

if TYPE_CHECKING:
    from groundwire.model import Report

app = typer.Typer(
    name="groundwire",
    help="Checks every sentence a language model says before a person reads it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="groundwire.yaml", metavar="FILE")]
RulesOption = Annotated[
    list[str] | None,
    typer.Option("--rules", "-r", help="Rule pack: a name or a path. May be repeated.", metavar="PACK"),
]


class Form(StrEnum):
    """How `verify` prints what it found."""

    REPORT = "report"
    JSON = "json"
    TEXT = "text"
    DIFF = "diff"
    MARKDOWN = "markdown"


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]


def main() -> NoReturn:
    """Entry point. What a user did wrong is one line on standard error and exit code 2, never a traceback."""
    try:
        app()
    except GroundwireError as error:
        print(f"groundwire: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output left, as `head` does
        sys.stderr.close()
        sys.exit(1)
    sys.exit(0)


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def verify(
    answer: Annotated[str, typer.Option("--answer", "-a", help="The answer: a file, or - for standard input.")],
    documents: Annotated[
        list[Path] | None,
        typer.Option("--document", "-d", help="A source: a text file or a folder. May be repeated."),
    ] = None,
    knowledge: Annotated[
        list[str] | None,
        typer.Option(
            "--knowledge",
            "-k",
            metavar="GRAPH",
            help="A graph: a file, a folder that `graph import` made, or the address of a SPARQL endpoint. "
            "May be repeated.",
        ),
    ] = None,
    question: Annotated[str | None, typer.Option("--question", "-q", help="What the answer answers.")] = None,
    rules: RulesOption = None,
    config: ConfigOption = None,
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            help="The report; or the answer with every proved edit, plain, as a diff, or as Markdown with footnotes.",
        ),
    ] = Form.REPORT,
    as_json: JsonOption = False,
) -> None:
    """Check one answer against documents and graphs."""
    from groundwire.client import Groundwire
    from groundwire.evidence import read_documents
    from groundwire.model import Outcome

    gw = Groundwire(config)
    context = [document for path in documents or () for document in read_documents(path)]
    report = gw.verify(
        _read(answer), context=context or None, question=question, knowledge=knowledge or None, rules=rules or None
    )
    _print(report, Form.JSON if as_json else form)
    raise typer.Exit(0 if report.verdict is Outcome.CLEAN else 1)


@app.command()
def serve(
    config: ConfigOption = None,
    listen: Annotated[str | None, typer.Option(help="host:port instead of the configured one.")] = None,
    workers: Annotated[
        int, typer.Option("--workers", "-w", min=1, metavar="N", help="Processes that answer on the one port.")
    ] = 1,
) -> None:
    """Run the proxy and the review pages. A changed configuration is taken up by itself, and at once on SIGHUP."""
    from groundwire.client import Groundwire
    from groundwire.config import Config
    from groundwire.gateway import serve as run
    from groundwire.gateway import serve_by

    settings = Config.load(config)
    if listen:
        settings = Config.load({**settings.model_dump(exclude_unset=True), "listen": listen})
    if workers > 1:
        serve_by(workers, settings, source=config)
    else:
        run(Groundwire(settings), source=config)


def _print(report: "Report", form: Form) -> None:
    from groundwire.rewrite import annotated, diff
    from groundwire.terminal import print_report

    match form:
        case Form.REPORT:
            print_report(report)
        case Form.JSON:
            print(report.model_dump_json(indent=2))
        case Form.TEXT:
            _write(report.revised)
        case Form.DIFF:
            _write(diff(report))
        case Form.MARKDOWN:
            _write(annotated(report))


def _write(text: str) -> None:
    """Text as it is: to a file or a pipe to the letter, to a terminal without what would steer it."""
    if sys.stdout.isatty():
        from groundwire.terminal import safe

        text = safe(text)
    sys.stdout.write(text)


def _read(path: str) -> str:
    from groundwire.errors import InputError

    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror}).", "a text file, or - for standard input") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, f"byte {error.start} is not UTF-8.", "text in UTF-8") from None


def _mount() -> None:
    """Commands that live with their rooms. Their modules import nothing heavy."""
    from groundwire.batch.cli import audit
    from groundwire.bench.cli import app as bench
    from groundwire.calibrate.cli import calibrate
    from groundwire.demo.cli import demo
    from groundwire.gateway.cli import app as keys
    from groundwire.graph.cli import app as graph
    from groundwire.nli.training.cli import app as nli
    from groundwire.review.cli import audit_log, replay, reports, users
    from groundwire.rules.cli import app as rules

    app.command()(demo)
    app.command()(audit)
    app.command()(calibrate)
    app.command()(replay)
    groups: dict[str, Any] = {
        "rules": rules,
        "graph": graph,
        "audit-log": audit_log,
        "reports": reports,
        "users": users,
        "bench": bench,
        "nli": nli,
        "keys": keys,
    }
    for name, group in groups.items():
        app.add_typer(group, name=name)


_mount()
