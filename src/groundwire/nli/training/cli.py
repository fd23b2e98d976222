"""`groundwire nli train | export | eval`. What the commands need is imported when they run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

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
    dev: Dev = None,
    name: Annotated[str, typer.Option("--name", help="Name of the model in reports.")] = "groundwire-minilm",
) -> None:
    """Write model.onnx (int8), tokenizer.json and config.json. With --dev, probabilities are calibrated on it."""
    from groundwire.nli.training.export import export as run

    typer.echo(f"model: {run(checkpoint, out, dev_dir=dev, name=name)}")


@app.command("eval")
def evaluate(
    data: Data,
    model: Annotated[
        Path | None, typer.Option("--model", help="Folder of an exported model. Default: built-in.", exists=True)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="Pairs of each set, at most.", min=1)] = 1000,
    answers: Annotated[int, typer.Option("--answers", help="Answers of each set, at most.", min=2)] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Measure a model on every pairs.* and answers.* file of a folder."""
    from groundwire.nli.load import load_model
    from groundwire.nli.training.evaluate import as_text
    from groundwire.nli.training.evaluate import evaluate as run

    table = run(load_model(model or "builtin"), data, limit=limit, answers=answers)
    typer.echo(json.dumps(table, indent=1) if as_json else as_text(table))
