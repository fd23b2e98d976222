"""`groundwire keys ...`: parse, make, print."""

import json
from typing import Annotated

import typer

app = typer.Typer(help="The gateway's own keys.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Who it is for. It stands in logs; the key never does.")],
    scopes: Annotated[
        list[str] | None,
        typer.Option("--scope", "-s", help="chat, embeddings, verify, reports. May be repeated.", metavar="SCOPE"),
    ] = None,
    rate: Annotated[str | None, typer.Option(help="How often, for example 60/minute.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")] = False,
) -> None:
    """Make a key. It is printed once; the configuration gets its hash."""
    from groundwire.config import Config
    from groundwire.gateway.keys import new_key

    key, digest = new_key()
    entry = {
        "name": name,
        "sha256": digest,
        **({"scopes": scopes} if scopes else {}),
        **({"rate": rate} if rate else {}),
    }
    Config.load({"keys": [entry]})  # says what is wrong with a scope or a rate
    if as_json:
        print(json.dumps({"key": key, "entry": entry}))
        return
    print(f"key:  {key}\n\nfor groundwire.yaml:\n\nkeys:\n  - {json.dumps(entry)}")
