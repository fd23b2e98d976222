"""`groundwire bench ...`: parse, measure, print."""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundwire.bench.columns import ANSWERS, CLAIMS, GRAPHS, GROWTH, PAIRS
from groundwire.bench.figures import Kinds, mean
from groundwire.bench.machine import cores, in_words, machine
from groundwire.bench.printing import COUNTED, print_json, print_rows, print_table
from groundwire.bench.record import record

if TYPE_CHECKING:
    from groundwire.config import Config

app = typer.Typer(help="The project's figures, measured on this machine.", no_args_is_help=True, rich_markup_mode=None)
app.command()(record)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="groundwire.yaml")]
DataOption = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder with the data sets.")]
SetsOption = Annotated[
    list[str] | None, typer.Option("--set", "-s", metavar="NAME", help="Only this set. May be repeated.")
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="At most N of each set, always the same ones.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", "-w", min=1, metavar="N", help="Processes. With more than 1, times are less true.")
]

LOG_EVERY_S = 20.0
_said = {"at": time.monotonic()}


@app.command()
def latency(
    times: Annotated[int, typer.Option("--times", "-n", min=1, metavar="N", help="Answers to measure.")] = 50,
    starts: Annotated[int, typer.Option("--starts", min=1, metavar="N", help="Processes to start.")] = 5,
    rival: Annotated[
        int, typer.Option("--rival", min=0, metavar="N", help="Answers for the plain loop; 0 leaves it out.")
    ] = 2,
    grow: Annotated[
        bool, typer.Option("--grow", help="Instead: contexts and answers of 1, 10 and 100 times the length.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="With --grow: also draw it, in this file.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import, help text, and one answer of 200 words against 3,000 words of context."""
    from groundwire.bench import latency as measure
    from groundwire.bench import plain
    from groundwire.errors import InputError

    settings = _settings(config)
    if grow:
        _growth(settings, plot, as_json)
        return
    if plot:
        raise InputError("--plot", "there is nothing to draw.", "--grow beside it")
    found: dict[str, Any] = {"machine": machine(), **measure.start_up(starts, _say)}
    found["answer"] = measure.one_answer(settings, times, _say)
    if rival and plain.available():
        found["plain_loop"] = plain.one_answer(settings.entailment.threads or cores(), rival, _say)
        found["plain_loop"]["ratio"] = found["plain_loop"]["p50_ms"] / found["answer"]["p50_ms"]
    _say("")
    if as_json:
        print_json(found)
        return
    answer = found["answer"]
    rows = [
        *(
            (what, f"{found[f'{name}_s']:.3f} s, {found[f'{name}_cpu_s']:.3f} s of processor time")
            for what, name in (
                ("import groundwire", "import"),
                ("groundwire --help", "help"),
                ("  an empty Python, to compare", "python"),
            )
        ),
        (
            f"{answer['answer_words']} words against {answer['context_words']:,}",
            f"p50 {answer['p50_ms']:.0f} ms, p99 {answer['p99_ms']:.0f} ms, {answer['answers']} answers, "
            f"{answer['claims']:.1f} claims each, p50 {answer['cpu_p50_ms']:.0f} ms of processor time",
        ),
        *((f"  {stage}", f"p50 {ms:.1f} ms") for stage, ms in answer["stages_p50_ms"].items()),
    ]
    if plain_loop := found.get("plain_loop"):
        what = (
            f"p50 {plain_loop['p50_ms']:,.0f} ms for {plain_loop['pairs']:,.0f} pairs: {plain_loop['ratio']:.1f} times"
        )
        rows.append(("the plain loop", what))
    else:
        rows.append(("the plain loop", "not measured" if not rival else "not measured: it needs groundwire[torch]"))
    print_rows(("what", "took"), rows, found["machine"])


def _growth(settings: "Config", plot: Path | None, as_json: bool) -> None:
    from groundwire.bench.growth import grow
    from groundwire.bench.plot import curves

    found = {"machine": machine(), "growth": grow(settings, _say)}
    _say("")
    if plot:
        lines = {name: [(row["words"], row["ms"]) for row in rows] for name, rows in found["growth"].items()}
        plot.write_text(curves(lines, across="words", up="milliseconds for one answer"), encoding="utf-8")
    if as_json:
        print_json(found)
        return
    for name, rows in found["growth"].items():
        print_table(f"a growing {name}", GROWTH, {f"{row['words']:,.0f} words": row for row in rows})
    print(in_words(found["machine"]))


@app.command()
def entailment(
    count: Annotated[int, typer.Option("--pairs", "-n", min=1, metavar="N", help="Pairs to score.")] = 1000,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Take them from pairs.fever.jsonl.gz in this folder.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pairs a second of the built-in model, beside a CrossEncoder in torch with the same weights; and memory."""
    from groundwire.bench import entailment as measure

    pairs = measure.read_pairs(data, count) if data else measure.prose_pairs(count)
    found: dict[str, Any] = {"machine": machine(), **measure.measure(_settings(config), pairs, _say)}
    _say("memory")
    found["memory"] = measure.memory()
    _say("")
    if as_json:
        print_json(found)
        return
    rows = [("pairs", f"{found['pairs']:,}, {found['tokens_per_pair']:.0f} tokens each, {found['threads']} threads")]
    for what, name in (("built-in model", "ours"), ("CrossEncoder", "rival")):
        if speed := found.get(name):
            batch = f", {speed['batch']} in a batch" if "batch" in speed else ""
            words = f"{speed['pairs_per_second']:,.1f} pairs a second, {speed['ms_per_pair']:.2f} ms each{batch}"
            rows.append((what, words))
        else:
            rows.append((what, f"not measured: {found['rival_missing']}"))
    if "ratio" in found:
        rows.append(("ratio", f"{found['ratio']:.1f} times as many"))
    rows += [
        (f"{what}, loaded and warm", f"{found['memory'][name]:,.0f} MB more than before")
        for what, name in (("whole verifier", "verifier_mb"), ("model alone", "model_mb"))
    ]
    print_rows(("what", "measured"), rows, found["machine"])


@app.command()
def verification(
    data: DataOption,
    chosen: SetsOption = None,
    limit: LimitOption = None,
    workers: WorkersOption = 1,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answers and sentence pairs with known labels: what is flagged, and what should have been.

    DIR holds answers.NAME.jsonl.gz ("context", "answer", "label": 1 where something is unsupported) and
    pairs.NAME.jsonl.gz ("premise", "hypothesis", "label").
    """
    from groundwire.bench import sets
    from groundwire.bench import verification as measure

    settings = _settings(config)
    every = {f"{kind}.{name}": path for kind in ("answers", "pairs") for name, path in sets.find(data, kind).items()}
    wanted = _wanted(every, chosen, data)
    found: dict[str, Any] = {"machine": machine(), "answers": {}, "pairs": {}}
    together: list[measure.Answered] = []
    for full, path in wanted.items():
        kind, _, name = full.partition(".")
        count = _Counter(full)
        if kind == "answers":
            answered = measure.answers(path, settings, limit=limit, workers=workers, progress=count)
            found[kind][name] = measure.figures(answered)
            together += answered
        else:
            found[kind][name] = measure.pairs(path, settings, limit=limit, progress=count)
    _say("")
    for kind in ("answers", "pairs"):
        if found[kind]:
            found[f"{kind}_mean"] = _means(found[kind])
    if together:
        found["answers_together"] = measure.figures(together)
    if as_json:
        print_json(found)
        return
    for kind, columns in (("answers", ANSWERS), ("pairs", PAIRS)):
        if found[kind]:
            whole = {"together": found["answers_together"]} if kind == "answers" else {}
            print_table(f"{kind}", columns, {**found[kind], "mean": found[f"{kind}_mean"], **whole})
    print(in_words(found["machine"]))


@app.command()
def claims(
    data: DataOption,
    chosen: SetsOption = None,
    limit: LimitOption = None,
    extractors: Annotated[
        list[str] | None, typer.Option("--extractor", "-x", metavar="NAME", help="Only this one. May be repeated.")
    ] = None,
    show: Annotated[
        int, typer.Option("--show", min=0, metavar="N", help="Also N texts a set, human claims beside found ones.")
    ] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Compare by words only, and ask no model.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Claims against those that people wrote for the same texts: fineness, recall, precision, coverage, time.

    DIR holds decomposition.NAME.jsonl.gz ("text" and "claims"). The floor is one claim a sentence.
    """
    from groundwire.bench import decomposition as measure
    from groundwire.bench.side_by_side import print_texts, rows
    from groundwire.nli import load_model

    settings = _settings(config)
    model = None if quick else load_model(settings.entailment.model, threads=settings.entailment.threads)
    wanted = measure.choose(extractors or ())
    found: dict[str, Any] = {"machine": machine(), "claims": {}}
    shown: dict[str, Any] = {}
    for name, path in measure.find(data, chosen or ()).items():
        samples = measure.read(path, limit)
        of_set: dict[str, dict[str, float]] = {}
        found["claims"][name] = of_set
        for who, make in wanted.items():
            taken = measure.take_apart(samples, make(), _Counter(f"{name}, {who}"))
            if model:
                taken = measure.compare(taken, model, _Counter(f"{name}, {who}: pairs"))
            of_set.setdefault(measure.PEOPLE, measure.of_people(taken))
            of_set[who] = measure.figures(taken)
            shown.setdefault(name, [{"text": each.sample.text, "rows": rows(each)} for each in taken[:show]])
    _say("")
    every = found["claims"]
    found["claims_mean"] = {
        who: _means({name: of_set[who] for name, of_set in every.items()}) for who in (measure.PEOPLE, *wanted)
    }
    if as_json:
        print_json({**found, "shown": shown} if show else found)
        return
    for name, texts in shown.items():
        print_texts(name, texts)
    table = {**every, "mean": found["claims_mean"]}
    print_table("claims", CLAIMS, {f"{name}, {who}": row for name, each in table.items() for who, row in each.items()})
    print(in_words(found["machine"]))


@app.command("graph-growth")
def graph_growth(
    largest: Annotated[
        int, typer.Option("--largest", min=1000, metavar="N", help="Facts of the largest graph, of 1,000 to 1,000,000.")
    ] = 1_000_000,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Also draw time over size, in this file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Graphs of 1,000 to 1,000,000 made-up facts: loading, memory and time a claim; beside a linear scan and HTTP."""
    from groundwire.bench import graph_growth as measure

    found: dict[str, Any] = {"machine": machine(), "graph_growth": measure.grow(largest, _say)}
    _say("")
    if plot:
        plot.write_text(measure.drawn(found["graph_growth"]), encoding="utf-8")
    if as_json:
        print_json(found)
        return
    print_table("graphs that grow", measure.COLUMNS, measure.table(found["graph_growth"]))
    print(in_words(found["machine"]))


@app.command()
def graph(
    data: DataOption,
    chosen: SetsOption = None,
    limit: LimitOption = None,
    workers: WorkersOption = 1,
    by: Annotated[
        list[Kinds] | None,
        typer.Option("--by", help="Also by category of text, or by swapped relation. May be repeated."),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Texts that a graph backs, and the same with one object swapped: flagged, restored, left alone.

    DIR holds graph.NAME.answers.jsonl.gz ("id": n+ or n-, "answer", and for n- the "spans" of the swapped words)
    and graph.NAME.graph.tsv (subject, relation, object).
    """
    from groundwire.bench import swaps

    settings = _settings(config)
    found: dict[str, Any] = {"machine": machine(), "graph": {}}
    for name, (texts, facts) in swaps.find(data, chosen or ()).items():
        count = _Counter(name)
        pairs = swaps.pairs(texts, facts, settings, limit=limit, workers=workers, progress=count)
        found["graph"][name] = swaps.summary(pairs)
        for kind in by or ():
            found.setdefault(f"graph_by_{kind.value}", {})[name] = swaps.by(pairs, kind.value)
    _say("")
    if as_json:
        print_json(found)
        return
    print_table("graph", GRAPHS, found["graph"])
    for kind in by or ():
        for name, rows in found[f"graph_by_{kind.value}"].items():
            print_table(f"{name} by {kind.value}", GRAPHS, rows)
    print(in_words(found["machine"]))


@app.command()
def rewrite(
    data: DataOption,
    chosen: SetsOption = None,
    limit: LimitOption = None,
    workers: WorkersOption = 1,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The same texts repaired: restored to the letter, what else was changed, supported before and after.

    Each set twice: against its graph, and against the true text as a document. DIR is as for `graph`.
    """
    from groundwire.bench import rewrites

    found: dict[str, Any] = {"machine": machine()}
    found["rewrite"] = rewrites.every(data, chosen or (), _settings(config), limit, workers, _Counter)
    _say("")
    if as_json:
        print_json(found)
        return
    print_table("rewrite", rewrites.COLUMNS, found["rewrite"])
    print(in_words(found["machine"]))


@app.command()
def gateway(
    times: Annotated[int, typer.Option("--times", "-n", min=1, metavar="N", help="Requests of each way.")] = 200,
    streams: Annotated[int, typer.Option("--streams", min=1, metavar="N", help="Streams at once.")] = 200,
    load_seconds: Annotated[
        float, typer.Option("--load-seconds", min=0, metavar="S", help="Also streams at once for so long; 60 is much.")
    ] = 0,
    load_requests: Annotated[
        int,
        typer.Option(
            "--load-requests",
            min=0,
            metavar="N",
            help="With --load-seconds: so many requests after it; Ctrl-C ends them.",
        ),
    ] = 1000,
    as_json: JsonOption = False,
) -> None:
    """The proxy beside a direct call and litellm.acompletion; many streams at once, compared byte for byte.

    With --load-seconds also what a load does to it: memory, open files, the event loop, and twice what it takes on.
    """
    from groundwire.bench import gateway as proxy
    from groundwire.bench import load

    found = {"machine": machine(), **proxy.measure(times, streams, _say)}
    _say("")
    if not as_json:
        print_rows(("what", "measured"), proxy.rows(found), found["machine"])
    if load_seconds:
        found["load"] = load.measure(load_seconds, streams, load_requests, _say)
        _say("")
        if not as_json:
            print_rows(("under load", "measured"), load.rows(found["load"]), found["machine"])
    if as_json:
        print_json(found)


def _settings(path: Path | None) -> "Config":
    from groundwire.config import Config

    return Config.load(path)


class _Counter:
    """Says on standard error how many are done, where somebody watches."""

    def __init__(self, what: str) -> None:
        self._what, self._count = what, 0

    def __call__(self, more: int) -> None:
        self._count += more
        _say(f"{self._what} {self._count:,}")


def _say(line: str) -> None:
    """Progress on standard error: one line that changes, or in a log a line now and then."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
    elif line and time.monotonic() - _said["at"] > LOG_EVERY_S:
        _said["at"] = time.monotonic()
        print(line, file=sys.stderr, flush=True)


def _wanted(every: Mapping[str, Path], chosen: Sequence[str] | None, data: Path) -> dict[str, Path]:
    from groundwire.errors import InputError

    if not every:
        raise InputError(str(data), "holds no data sets.", "answers.NAME.jsonl.gz or pairs.NAME.jsonl.gz")
    if not chosen:
        return dict(every)
    wanted: dict[str, Path] = {}
    for name in chosen:
        matching = {full: path for full, path in every.items() if name in (full, *full.split(".", 1))}
        if not matching:
            raise InputError("--set", f'there is no "{name}".', f"one of: {', '.join(every)}")
        wanted |= matching
    return wanted


def _means(rows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    names = list(next(iter(rows.values())))
    means = {name: mean([row[name] for row in rows.values()]) for name in names}
    return means | {name: sum(row[name] for row in rows.values()) for name in COUNTED if name in means}
