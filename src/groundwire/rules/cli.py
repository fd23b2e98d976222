"""`groundwire rules`: read packs for mistakes, run their examples, replay the past, explain a report.

Stands outside the room: it runs examples through the whole pipeline and reads stored reports.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundwire.rules.examples import ExampleResult

if TYPE_CHECKING:
    from groundwire.client import Groundwire
    from groundwire.config import Config
    from groundwire.model import Report
    from groundwire.review import ReportStore
    from groundwire.rules.ruleset import Pair, RuleSet, Unknown

app = typer.Typer(name="rules", help="Read, test, replay and explain rule packs.", no_args_is_help=True)

PacksArgument = Annotated[list[str] | None, typer.Argument(help="Packs: names or paths. All that ship by default.")]
TriedArgument = Annotated[list[str] | None, typer.Argument(help="Packs to try. The configured ones by default.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="groundwire.yaml", metavar="FILE")]


@app.command("lint")
def look_command(packs: PacksArgument = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Look for mistakes in packs; in several that are named, or configured, also between them.

    Exit code 1 when there are any.
    """
    from groundwire.rules.lint import Problem, lint
    from groundwire.rules.load import available

    if packs is None and config is not None:
        packs = list(_settings(config).rules)
        _rules(config, None)  # overrides are looked at too
    problems: list[Problem] = lint(*packs) if packs else [problem for pack in available() for problem in lint(pack)]
    if as_json:
        print(json.dumps([problem._asdict() for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            print(problem)
        print(f"{len(packs or available())} packs, {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


@app.command("test")
def try_command(packs: PacksArgument = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Run every rule on its own examples. Exit code 1 when one does not do what it should."""
    from groundwire.rules.examples import run_examples
    from groundwire.rules.load import available, load_rules

    check = pipeline_check(config)
    results: list[ExampleResult] = []
    for pack in packs or available():
        results += run_examples(load_rules([pack]), check, check.ask)
    failed = [result for result in results if not result.passed]
    if as_json:
        print(json.dumps([_as_json(result) for result in results], indent=2, ensure_ascii=False))
    else:
        for result in failed:
            print(_told(result))
        print(f"{len(results)} examples, {len(failed)} failed")
    if failed:
        raise typer.Exit(1)


@app.command("simulate")
def replay_command(
    packs: TriedArgument = None,
    since: Annotated[str, typer.Option(help="How far back: 30d, 12h, 4w; or a date, 2026-11-01.")] = "30d",
    until: Annotated[str | None, typer.Option(help="Up to when, in the same way. Default: now.")] = None,
    show: Annotated[int, typer.Option(min=0, metavar="N", help="Changed answers to list; 0: all.")] = 20,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Whether prohibit and require may ask the entailment model.")
    ] = True,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay stored reports under other rules: what would change. Exit code 1 when something would."""
    from groundwire.rules.printing import printed, tally_as_json
    from groundwire.rules.simulate import Replayed, Tally, simulate
    from groundwire.rules.since import moment

    settings = _settings(config)
    rules = _rules(config, packs)
    start, end = moment("--since", since), moment("--until", until) if until else None
    tally, changed = Tally(), list[Replayed]()
    store = _store(settings)
    try:
        ask = pipeline_check(config).ask if rules.statements and model else _nobody
        for replayed in simulate(rules, store.reports(start, end), ask, settings.on_error):
            tally.add(replayed)
            differs = replayed.changes or replayed.before is not replayed.after
            if differs and (as_json or not show or len(changed) < show):
                changed.append(replayed)
    finally:
        store.close()
    if as_json:
        told = {"since": start.isoformat(), "rules": rules.revision, **tally_as_json(tally, changed)}
        print(json.dumps(told, ensure_ascii=False))  # in one line: with indents, it would take most of the time
    else:
        for line in printed(tally, changed, start, rules.names):
            print(_safe(line))
    if tally.changed:
        raise typer.Exit(1)


@app.command("schema")
def describe_command(as_json: JsonOption = False) -> None:
    """Print the JSON Schema of a pack, for editors. It is JSON with and without --json."""
    from groundwire.rules.rule import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))


@app.command("explain")
def explain_command(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The id of a stored report, or a file with one.")],
    packs: Annotated[
        list[str] | None, typer.Option("--rules", "-r", metavar="PACK", help="The packs that decided, if not -c's.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say in words which rule did what about an answer, and why. Exit code 0 when the answer was clean, else 1."""
    from groundwire.errors import RuleError
    from groundwire.model import Outcome
    from groundwire.rules.printing import explanation
    from groundwire.rules.words import explained

    found = _report(report, config)
    try:
        rules = _rules(config, packs)
    except RuleError:  # a pack that does not load now explains nothing of what was decided then
        rules = None
    told = explained(found, rules)
    if as_json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for line in explanation(told):
            print(_safe(line))
    raise typer.Exit(0 if found.verdict is Outcome.CLEAN else 1)


class PipelineCheck:
    """Checks examples as `groundwire verify` would, facts through a graph file of their own."""

    def __init__(self, client: "Groundwire") -> None:
        self._client = client

    def __call__(self, answer: str, context: Sequence[str], knowledge: Sequence[Sequence[str]]) -> "Report":
        passages = list(context) or None
        if not knowledge:
            return self._client.verify(answer, context=passages)
        with tempfile.TemporaryDirectory() as folder:
            facts = Path(folder) / "facts.tsv"
            lines = ["subject\trelation\tobject", *("\t".join(_cell(part) for part in fact) for fact in knowledge)]
            facts.write_text("\n".join(lines) + "\n", encoding="utf-8")
            return self._client.verify(answer, context=passages, knowledge=facts)

    def ask(self, pairs: "Sequence[Pair]") -> "Sequence[float | Unknown]":
        """What `prohibit` and `require` ask, answered by the configured entailment model."""
        from groundwire.ruling import entailed

        return entailed(self._client.pipeline.entailment, pairs)


def pipeline_check(config: Path | None = None) -> PipelineCheck:
    """The check, and the model, of a configuration."""
    from groundwire.client import Groundwire

    return PipelineCheck(Groundwire(config))


def _settings(config: Path | None) -> "Config":
    from groundwire.config import Config

    return Config.load(config)


def _rules(config: Path | None, packs: Sequence[str] | None) -> "RuleSet":
    """The named packs, or the configured ones, with the configuration's overrides."""
    from groundwire.rules.load import load_rules

    settings = _settings(config)
    return load_rules(packs or settings.rules, settings.rule_overrides, all_known=not packs)


def _nobody(pairs: "Sequence[Pair]") -> "Sequence[float | Unknown]":
    from groundwire.rules.hearing import nobody

    return nobody(pairs)


def _store(settings: "Config") -> "ReportStore":
    """The store, if there is one: nothing is created by looking."""
    from groundwire.errors import InputError
    from groundwire.review import SqlStore

    path = settings.store.partition("sqlite:///")[2].partition("?")[0]
    if path and not Path(path).exists():
        raise InputError("store", f"there is no database {path}.", "-c with the configuration of the proxy")
    return SqlStore(settings.store, key=settings.record.encryption_key)


def _report(name: str, config: Path | None) -> "Report":
    from groundwire.errors import InputError
    from groundwire.review import is_report_id

    path = Path(name)
    if path.is_file():
        return _report_in(path)
    if not is_report_id(name):
        raise InputError(name, "there is no such file.", "the id of a stored report, or a JSON file that holds one")
    store = _store(_settings(config))
    try:
        found = store.get(name)
    finally:
        store.close()
    if found is None:
        raise InputError(name, "there is no such report in the store.", "an id as in x-groundwire-report")
    return found


def _report_in(path: Path) -> "Report":
    """The report in a file: alone, as `groundwire` of an answer, or as `report`."""
    from pydantic import ValidationError

    from groundwire.errors import InputError
    from groundwire.model import Report

    try:
        data: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:
        raise InputError(str(path), f"cannot be read as JSON ({problem}).", "a report") from None
    for field in ("groundwire", "report"):
        if isinstance(data, Mapping) and isinstance(data.get(field), Mapping):
            data = data[field]
    try:
        return Report.model_validate(data)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        expected = "what `groundwire verify --json` prints"
        raise InputError(str(path), f"this is no report: {field}: {first['msg']}.", expected) from None


def _safe(line: str) -> str:
    from groundwire.terminal import safe

    return safe(line)


def _cell(text: str) -> str:
    return " ".join(text.split())


def _as_json(result: ExampleResult) -> dict[str, object]:
    return {**result._asdict(), "example": result.example.model_dump(mode="json")}


def _told(result: ExampleResult) -> str:
    fired = ", ".join(result.fired) or "none"
    verdicts = "; ".join(result.verdicts) or "no claims"
    untried = f"\n  not tried: {', '.join(result.untried)}" if result.untried else ""
    return (
        f"{result.rule}, example {result.number}: expected that the rule {_VERBS[result.example.expect]}.\n"
        f"  answer:   {result.example.answer}\n  verdicts: {verdicts}\n  fired:    {fired}{untried}"
    )


_VERBS = {"fires": "fires", "quiet": "stays quiet"}
