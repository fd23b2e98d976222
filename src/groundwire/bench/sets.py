"""Data sets in a folder: `NAME.jsonl` or `NAME.jsonl.gz`, one JSON object a line."""

import gzip
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from groundwire.errors import InputError

Example = dict[str, Any]

ENDINGS = (".jsonl.gz", ".jsonl")


def find(folder: Path, kind: str, wanted: Sequence[str] = ()) -> dict[str, Path]:
    """The sets of one kind in a folder: `answers.wice.jsonl.gz` is `wice` of the kind `answers`.

    Raises: InputError for a folder that is none, and for a wanted set that is not there.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "is no folder.", f"a folder with {kind}.NAME.jsonl.gz in it")
    found = {
        path.name.removeprefix(f"{kind}.").removesuffix(ending): path
        for ending in reversed(ENDINGS)
        for path in sorted(folder.glob(f"{kind}.*{ending}"))
    }
    if missing := [name for name in wanted if name not in found]:
        there = ", ".join(sorted(found)) or "none"
        raise InputError(str(folder), f"no {kind} called {missing[0]}.", f"one of: {there}")
    return {name: found[name] for name in (wanted or sorted(found))}


def read(path: Path, fields: Iterable[str], limit: int | None = None) -> list[Example]:
    """The examples of a set; where there are more than `limit`, always the same random ones, in their order.

    Raises: InputError with file:line for what is no JSON object with these fields.
    """
    needed = set(fields)
    examples: list[Example] = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                examples.append(_example(f"{path}:{number}", line, needed))
    except (OSError, EOFError, UnicodeDecodeError) as failed:
        raise InputError(str(path), f"cannot be read ({failed}).", "JSON lines in UTF-8, or gzip of them") from None
    if limit is None or limit >= len(examples):
        return examples
    chosen = sorted(random.Random(0).sample(range(len(examples)), limit))
    return [examples[place] for place in chosen]


def _example(where: str, line: str, needed: set[str]) -> Example:
    try:
        example = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(where, "not JSON.", f"an object with {', '.join(sorted(needed))}") from None
    if not isinstance(example, dict) or not needed <= example.keys():
        raise InputError(where, "something is missing.", f"an object with {', '.join(sorted(needed))}")
    return example
