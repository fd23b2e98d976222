"""From a Hub id to a folder: the local cache first, and the network only for what is missing there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from groundwire.errors import ModelError
from groundwire.nli.classifiers.checkpoint import SETTINGS, VOCABULARIES, WEIGHTS, Checkpoint, one_line

_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?", re.ASCII)


def is_hub_id(name: str) -> bool:
    """Whether it has the form of one: `org/model`, or `model`."""
    return _ID.fullmatch(name) is not None and ".." not in name


def in_cache(name: str) -> Path | None:
    """The folder of a model that was downloaded before, or None where a file of it is missing. Asks nobody else."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):  # what the library raises for a model that is not there
        return None
    if not (folder / "config.json").is_file():
        return None
    checkpoint = Checkpoint.read(folder, name)
    try:
        checkpoint.weights()
        checkpoint.vocabulary()
    except ModelError:
        return None
    return folder


def fetch(name: str, check: Callable[[Checkpoint], object]) -> Path:
    """Download a model to the local cache and return its folder.

    Settings come first: a model that cannot be used, or that `check` refuses by raising, costs no more.

    Raises: ModelError, one line, when it cannot be had, or cannot be used.
    """
    from huggingface_hub import snapshot_download

    def download(patterns: tuple[str, ...], revision: str | None = None) -> Path:
        try:
            return Path(snapshot_download(name, revision=revision, allow_patterns=list(patterns)))
        except Exception as error:  # the library's errors and those of the connection have no common base
            raise ModelError(f"{name}: no such folder, and the Hub did not give it: {one_line(error)}") from error

    folder = download((*SETTINGS, *VOCABULARIES))
    check(Checkpoint.read(folder, name))
    return download((*SETTINGS, *VOCABULARIES, *WEIGHTS), revision=folder.name)
