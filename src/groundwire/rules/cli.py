"""`groundwire rules`: read packs for mistakes, run their examples, print their schema.

Stands outside the room: it runs examples through the whole pipeline.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundwire.rules.examples import ExampleResult

if TYPE_CHECKING:
    from groundwire.model import Report
    from groundwire.rules.examples import Check

app = typer.Typer(name="rules", help="Read, test and describe rule packs.", no_args_is_help=True)

PacksArgument = Annotated[list[str] | None, typer.Argument(help="Packs: names or paths. All that ship by default.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="groundwire.yaml", metavar="FILE")]


@app.command("lint")
def look_command(packs: PacksArgument = None, as_json: JsonOption = False) -> None:
    """Look for mistakes in packs. Exit code 1 when there are any."""
    from groundwire.rules.examples import lint
    from groundwire.rules.load import available

    names = packs or list(available())
    problems = [problem for pack in names for problem in lint(pack)]
    if as_json:
        print(json.dumps([problem._asdict() for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            print(problem)
        print(f"{len(names)} packs, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


@app.command("test")
def try_command(packs: PacksArgument = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Run every rule on its own examples. Exit code 1 when one does not do what it should."""
    from groundwire.rules.examples import run_examples
    from groundwire.rules.load import available, load_rules

    results: list[ExampleResult] = []
    for pack in packs or available():
        rules = load_rules([pack])
        results += run_examples(rules, pipeline_check(config))
    failed = [result for result in results if not result.passed]
    if as_json:
        print(json.dumps([_as_json(result) for result in results], indent=2, ensure_ascii=False))
    else:
        for result in failed:
            print(_told(result))
        print(f"{len(results)} examples, {len(failed)} failed")
    if failed:
        raise typer.Exit(1)


@app.command("schema")
def describe_command() -> None:
    """Print the JSON Schema of a pack, for editors."""
    from groundwire.rules.rule import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))


def pipeline_check(config: Path | None = None) -> "Check":
    """Checks examples as `groundwire verify` would, facts through a graph file of their own."""
    from groundwire.client import Groundwire

    client = Groundwire(config)

    def check(answer: str, context: Sequence[str], knowledge: Sequence[Sequence[str]]) -> "Report":
        passages = list(context) or None
        if not knowledge:
            return client.verify(answer, context=passages)
        with tempfile.TemporaryDirectory() as folder:
            facts = Path(folder) / "facts.tsv"
            lines = ["subject\trelation\tobject", *("\t".join(_cell(part) for part in fact) for fact in knowledge)]
            facts.write_text("\n".join(lines) + "\n", encoding="utf-8")
            return client.verify(answer, context=passages, knowledge=facts)

    return check


def _cell(text: str) -> str:
    return " ".join(text.split())


def _as_json(result: ExampleResult) -> dict[str, object]:
    return {**result._asdict(), "example": result.example.model_dump(mode="json")}


def _told(result: ExampleResult) -> str:
    fired = ", ".join(result.fired) or "none"
    verdicts = "; ".join(result.verdicts) or "no claims"
    return (
        f"{result.rule}, example {result.number}: expected that the rule {_VERBS[result.example.expect]}.\n"
        f"  answer:   {result.example.answer}\n  verdicts: {verdicts}\n  fired:    {fired}"
    )


_VERBS = {"fires": "fires", "quiet": "stays quiet"}
