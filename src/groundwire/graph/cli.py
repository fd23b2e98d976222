"""`groundwire graph`: import a large graph, look something up in one, ask it about a claim, find its mistakes.

Stands outside the room: it takes claims apart and knows the configuration.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundwire.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from groundwire.graph import GraphStore
    from groundwire.graph.importing import Progress
    from groundwire.graph.trace import Trace

app = typer.Typer(help="Import, search, question and check knowledge graphs.", no_args_is_help=True)

GraphsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--knowledge",
        "-k",
        metavar="GRAPH",
        help="A graph: a file, a folder that `graph import` made, or the address of a SPARQL endpoint. "
        "May be repeated. Without it: those of the configuration.",
    ),
]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="groundwire.yaml", metavar="FILE")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]

_SHOWN = 20
_MOST = 200


@app.command("import")
def take_in(
    files: Annotated[list[Path], typer.Argument(metavar="IN...", help="Files of facts, in any form that -k takes.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The graph to make, such as facts.oxigraph.")],
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew: what is in DIR is lost.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a graph on disk of files with up to tens of millions of facts, in bounded memory.

    An import that was broken off goes on with the same command: files that were taken in whole are not read again.
    Others may be added later. Nothing may use DIR meanwhile. Exit code: 0, or 2 where a file cannot be read.
    """
    from dataclasses import asdict

    from groundwire.config import Config
    from groundwire.graph.importing import import_graph

    Config.load(config)
    with _progress() as tell:
        found = import_graph(files, out, progress=tell, restart=restart)
    if as_json:
        print(json.dumps({"graph": str(out), **asdict(found)}, indent=2))
        return
    before = f", {found.skipped} of them from before" if found.skipped else ""
    print(f"{out}: {found.facts:,} facts and {found.names:,} names from {found.files} files{before}")


@app.command()
def show(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="A name, or an identifier.")],
    graphs: GraphsOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What graphs have on an entity: its names, its types, the facts about it and those that lead to it.

    Exit code: 0 found, 1 no graph has it, 2 a graph cannot be used.
    """
    found = [described(graph, node) for graph in _opened(graphs, config) for node in _nodes(graph, entity)]
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for each in found:
            _print_entity(each)
        if not found:
            print(f"no graph has {entity}")
    raise typer.Exit(0 if found else 1)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(metavar="CLAIM", help="A sentence that states something.")],
    graphs: GraphsOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """What graphs say of a claim, and how they came to it: names, facts looked at, how each compared, and the verdict.

    Exit code: 0 supported, 1 anything else, 2 a graph cannot be used.
    """
    from groundwire.claims import SpacyExtractor
    from groundwire.client import entailed_by
    from groundwire.config import Config
    from groundwire.graph.trace import trace
    from groundwire.model import Case, Label
    from groundwire.nli import load_model
    from groundwire.values import compare

    opened = list(_places(graphs, config, only_used=True))
    loaded = Config.load(config)
    settings = loaded.claims
    extractor = SpacyExtractor(settings.pipeline, granularity=settings.granularity, pipelines=settings.pipelines)
    cases = [Case(claim, (), None, text) for claim in extractor.extract(text) if claim.checkable]
    entails = entailed_by(cache(partial(load_model, loaded.entailment.model, threads=loaded.entailment.threads)))
    told = [(priority, trace(case, graph, compare, entails)) for case in cases for _, graph, priority in opened]
    found = [each for _, each in told]
    if as_json:
        print(json.dumps([each.as_json() for each in found], indent=2, ensure_ascii=False))
    else:
        for each in found:
            _print_trace(each)
        if not found:
            print("nothing is claimed")
    labels = [each.finding.label for each in found]
    # A graph that cannot be used is an error of its own, even where another one knows.
    raise typer.Exit(2 if Label.ERROR in labels else 0 if _supported(told) else 1)


@app.command()
def lint(
    graphs: GraphsOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mistakes in graphs: dangling identifiers, missing labels, two values where one can be, circles, wrong dates.

    Exit code: 0 nothing found, 1 something, 2 a graph cannot be read.
    """
    from groundwire.graph.lint import Scanned
    from groundwire.graph.lint import lint as look
    from groundwire.graph.packs import shipped_relations
    from groundwire.terminal import safe

    problems, facts = [], 0
    with _progress() as tell:
        for where, graph, _ in _places(graphs, config):
            if not isinstance(graph, Scanned):
                raise InputError(where, "an endpoint is not gone through.", "a file, or a folder of `graph import`")
            before = facts

            def tick(where: str = where) -> None:
                nonlocal facts
                facts += 1
                if facts % 10_000 == 0:
                    tell(where, facts)

            problems += list(look(graph, shipped_relations(), where, tick))
            tell(where, facts - before)
    if as_json:
        print(json.dumps([problem._asdict() for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            print(safe(str(problem)))
        print(f"{facts:,} facts, {len(problems):,} problems")
    raise typer.Exit(1 if problems else 0)


def described(graph: "GraphStore", node: str) -> dict[str, Any]:
    """An entity with its names, types and facts, up to 200 in each direction."""
    from groundwire.graph.cite import sentence
    from groundwire.graph.packs import shipped_relations
    from groundwire.graph.vocabulary import is_alias, is_type

    def told(fact: Any) -> dict[str, Any]:
        object = fact.object if isinstance(fact.object, str) else fact.object._asdict()
        text = sentence(graph, shipped_relations(), fact)
        return {"subject": fact.subject, "relation": fact.relation, "object": object, "text": text}

    # What it is called and what it is stands above, where the facts about it are told.
    about = [fact for fact in graph.facts_about(node) if not (is_alias(fact.relation) or is_type(fact.relation))]
    return {
        "graph": graph.name,
        "entity": node,
        "label": graph.full_name(node),
        "aliases": list(graph.aliases(node)),
        "types": sorted(graph.label(kind) for kind in graph.types(node)),
        "facts": [told(fact) for fact in about[:_MOST]],
        "facts_to": [told(fact) for fact in graph.facts_to(node, _MOST)],
    }


def _nodes(graph: "GraphStore", entity: str) -> list[str]:
    """The entities that an identifier or a name means."""
    if graph.facts_about(entity) or graph.facts_to(entity, 1):
        return [entity]
    return [node for node in graph.names.find(entity) if isinstance(node, str)]


def _supported(found: "Sequence[tuple[int, Trace]]") -> bool:
    """Whether every claim is supported by graphs, the ones of the highest priority that decide it."""
    from groundwire.model import Label

    by_claim: dict[str, dict[int, set[Label]]] = {}
    for priority, each in found:
        by_claim.setdefault(each.claim, {}).setdefault(priority, set()).add(each.finding.label)
    decisions = [
        next(
            (
                labels
                for _, labels in sorted(rows.items(), reverse=True)
                if labels & {Label.SUPPORTED, Label.CONTRADICTED}
            ),
            set(),
        )
        for rows in by_claim.values()
    ]
    return bool(decisions) and all(
        Label.SUPPORTED in labels and Label.CONTRADICTED not in labels for labels in decisions
    )


def _opened(graphs: list[str] | None, config: Path | None) -> "list[GraphStore]":
    return [graph for _, graph, _ in _places(graphs, config)]


def _places(
    graphs: list[str] | None, config: Path | None, *, only_used: bool = False
) -> "Iterator[tuple[str, GraphStore, int]]":
    """Where each graph is, the graph, and its priority. `only_used`: not those that do not hold today."""
    from groundwire.client import open_source
    from groundwire.config import Config
    from groundwire.graph import open_graph
    from groundwire.graph.sources import out_of_time

    if graphs:
        yield from ((where, open_graph(where), 0) for where in graphs)
        return
    sources = Config.load(config).knowledge
    if not sources:
        raise InputError("-k", "no graph is named.", "a file of facts, or -c with a configuration that has knowledge:")
    for source in sorted(sources, key=lambda source: -source.priority):
        why = out_of_time(source.name, source.valid_from, source.valid_until, date.today()) if only_used else None
        if why:
            print(why, file=sys.stderr)
        else:
            yield str(source.path or source.url), open_source(source), source.priority


def _print_entity(found: Mapping[str, Any]) -> None:
    from rich.text import Text

    from groundwire.terminal import safe

    title = Text(safe(found["label"]), "bold").append(safe(f"  {found['graph']}  {found['entity']}"), "dim")
    lines = [
        (name, ", ".join(found[key])) for name, key in (("also called", "aliases"), ("is a", "types")) if found[key]
    ]
    for name, key in (("facts", "facts"), ("leads here", "facts_to")):
        lines += [(name if at == 0 else "", fact["text"]) for at, fact in enumerate(found[key][:_SHOWN])]
        if more := len(found[key]) - _SHOWN:
            lines += [("", f"… and {more} more (--json prints {_MOST})")] if more > 0 else []
    _print(title, [(name, Text(safe(words))) for name, words in lines])


def _print_trace(found: "Trace") -> None:
    from rich.text import Text

    from groundwire.terminal import safe

    lines: list[tuple[str, Text]] = []
    for number, name in enumerate(found.names):
        text = Text(safe(name.words), "bold").append(f"  {name.kind}", "dim")
        if name.means:
            means = ", ".join(thing.label for thing in name.means)
            text.append(f", {name.how}", "dim").append(" → ").append(safe(means))
        elif name.kind == "name":
            text.append(", not in the graph", "dim")
        lines.append(("names" if number == 0 else "", text))
    spoken = [fact for fact in found.facts if fact.compared != "not spoken of"]
    for fact in spoken:
        text = Text(safe(fact.text)).append(f"  stated {fact.stated:.2f}", "dim")
        if fact.claimed:
            text.append(safe(f"  the claim has: {fact.claimed}"), "yellow").append(f"  {fact.why}", "dim")
        lines.append((fact.compared, text))
    silent = [fact for fact in found.facts if fact.compared == "not spoken of"]
    for number, fact in enumerate(silent[: max(0, _SHOWN - len(spoken))]):
        lines.append(("not spoken of" if number == 0 else "", Text(safe(fact.text), "dim")))
    if more := len(silent) - max(0, _SHOWN - len(spoken)):
        lines += [("", Text(f"… and {more} more facts (--json prints all)", "dim"))] if more > 0 else []
    finding = found.finding
    lines.append((finding.label.value, Text(safe(finding.explanation), "bold")))
    lines += [("  evidence", Text(safe(evidence.text))) for evidence in finding.evidence]
    if fix := finding.correction:
        lines.append(("  proposed", Text(safe(fix.old), "red").append(" → ", "dim").append(safe(fix.new), "green")))
    _print(Text(safe(found.claim)).append(safe(f"  {found.graph}"), "blue"), lines)


def _print(title: Any, lines: list[tuple[str, Any]]) -> None:
    from rich.console import Console
    from rich.text import Text

    from groundwire.terminal import rows, width_of

    console = Console(highlight=False)
    table: Table = rows(((Text(name, "dim"), text) for name, text in lines), width_of(console))
    console.print(title, table, "", sep="\n")


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A line on standard error that says what is being done, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda what, count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,.0f}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, count: bar.update(task, description=what, completed=count)
