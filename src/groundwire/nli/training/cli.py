"""`groundwire nli train | export | eval`. What the commands need is imported when they run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from groundwire.nli.training.corpora import Pair
    from groundwire.nli.training.fitting import Example

app = typer.Typer(help="Make and measure entailment models.", no_args_is_help=True)

Data = Annotated[
    Path, typer.Option("--data", help="Folder of labelled pairs (*.jsonl.gz).", exists=True, file_okay=False)
]
Out = Annotated[Path, typer.Option("--out", help="Folder to write to; made where it is not there.", file_okay=False)]
Dev = Annotated[
    Path | None,
    typer.Option("--dev", help="Folder of pairs.* and answers.* files to measure on.", exists=True, file_okay=False),
]


@app.command()
def train(
    data: Data,
    out: Out,
    config: Annotated[
        Path | None, typer.Option("--config", help="Recipe in TOML. Default: that of the built-in model.", exists=True)
    ] = None,
    dev: Dev = None,
) -> None:
    """Train a model, or go on where training stopped. Needs the extra `groundwire[train]`."""
    from groundwire.nli.training.loop import load_config
    from groundwire.nli.training.loop import train as run

    typer.echo(f"checkpoint: {run(load_config(config), data, out, dev)}")


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help="checkpoint.pt of a training run.", exists=True)],
    out: Out,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="The folder that was trained on, to fit on what was held out.", exists=True),
    ] = None,
    dev: Dev = None,
    name: Annotated[str, typer.Option("--name", help="Name of the model in reports.")] = "groundwire-minilm",
) -> None:
    """Write an exported model. --data fits calibration and combiner, and with --dev the threshold is chosen."""
    from groundwire.nli.training.export import export as run
    from groundwire.nli.training.export import finish

    folder = run(checkpoint, out, name=name)
    if data is not None:
        plan = json.loads((checkpoint.parent / "config.json").read_text("utf-8"))
        finish(folder, plan, data, _with_passages, _examples(dev, plan["fit"]["answers"]) if dev else ())
    typer.echo(f"model: {folder}")


def _with_passages(pair: Pair, group: str) -> Example:
    """A pair as the product meets it: passages of the premise that bear on the hypothesis."""
    from groundwire.evidence import Document, EvidenceIndex
    from groundwire.model import Case, Claim, Span
    from groundwire.nli.training.corpora import ENTAILMENT
    from groundwire.nli.training.fitting import Example

    claim = Claim(id="c1", text=pair.hypothesis, span=Span(0, len(pair.hypothesis)))
    passages = EvidenceIndex([Document("document", pair.premise)]).gather(claim)
    return Example(Case(claim, passages), pair.label == ENTAILMENT, pair.source, group)


def _examples(dev: Path, most: int) -> list[Example]:
    """The claims of answers, with their passages: of each set the last `most` of the order in which `eval` goes."""
    from groundwire.claims import SpacyExtractor
    from groundwire.evidence import Document, EvidenceIndex
    from groundwire.model import Case
    from groundwire.nli.training.evaluate import answer_files, read_answers
    from groundwire.nli.training.fitting import Example

    extractor = SpacyExtractor()
    found: list[Example] = []
    for path in answer_files(dev):
        for row in read_answers(path, 0)[-most:]:
            context = [row["context"]] if isinstance(row["context"], str) else row["context"]
            index = EvidenceIndex([Document(f"context {at}", text) for at, text in enumerate(context)])
            for claim in extractor.extract(row["answer"], question=row.get("question"), since=0):
                if claim.skipped is None:
                    case = Case(claim, index.gather(claim))
                    found.append(Example(case, row["label"] == 0, path.name, str(row["id"])))
    return found


@app.command("eval")
def evaluate(
    data: Data,
    model: Annotated[
        str, typer.Option("--model", help="What entailment.model takes: builtin, a folder, or a Hub id.")
    ] = "builtin",
    limit: Annotated[int, typer.Option("--limit", help="Pairs of each set, at most.", min=1)] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Measure a model on every pairs.* file of a folder."""
    from groundwire.nli.load import load_model
    from groundwire.nli.training.evaluate import as_text
    from groundwire.nli.training.evaluate import evaluate as run

    table = run(load_model(model), data, limit=limit)
    typer.echo(json.dumps(table, indent=1) if as_json else as_text(table))


@app.command()
def card(
    model: Annotated[Path, typer.Option("--model", help="Folder of an exported model.", exists=True, file_okay=False)],
    run: Annotated[Path, typer.Option("--run", help="Folder of its training run.", exists=True, file_okay=False)],
    figures: Annotated[
        Path, typer.Option("--figures", help="What `groundwire bench verification --json` printed.", exists=True)
    ],
    notes: Annotated[Path | None, typer.Option("--notes", help="Markdown to add to the figures.", exists=True)] = None,
    history: Annotated[str, typer.Option("--history", help="What in the run was not as its recipe says.")] = "",
) -> None:
    """Write a model's card from its files and its figures."""
    from groundwire.nli.training.card import write_card

    recipe, found = (json.loads(path.read_text("utf-8")) for path in (run / "config.json", figures))
    extra = notes.read_text("utf-8").strip() if notes else ""
    typer.echo(f"card: {write_card(model, recipe, found, extra=extra, history=history)}")
