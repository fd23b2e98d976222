"""The `entailment` section of a groundwire.yaml, printed or put into a file that keeps what else it says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from groundwire.config import Config
from groundwire.edited_yaml import edited, part
from groundwire.errors import ConfigError

Section: TypeAlias = Mapping[str, Any]
"""`model`, and `calibration` and `thresholds` as mappings of names to numbers."""

NAME = "entailment"


def printed(section: Section) -> str:
    """The section as a YAML document of its own."""
    return _merged("", section)


def usable(path: Path, model: str) -> None:
    """Say now, and not after an hour, that the section cannot go into this file.

    Raises: ConfigError where it is there and no config or one for another model, or where it cannot be written.
    """
    if path.exists():
        other = Config.load(path).entailment.model
        if other != model:
            raise ConfigError(str(path), f"its entailment.model is {other}, not {model}.", "the file given to -c")
    elif not path.parent.is_dir():
        raise ConfigError(str(path), "there is no such folder.", "a file in a folder that is there")


def merge(path: Path, section: Section) -> None:
    """Put the section into the file; comments, order and the rest of it stay. Raises: ConfigError."""
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        path.write_bytes(_merged(text, section).encode("utf-8"))
    except (OSError, UnicodeDecodeError) as failed:
        raise ConfigError(str(path), f"cannot be written ({failed}).", "a groundwire.yaml") from None


def _merged(text: str, section: Section) -> str:
    def put(document: Any) -> None:
        own = part(document, NAME)
        own.setdefault("model", section["model"])
        for name in ("calibration", "thresholds"):
            part(own, name, flow=True).update(section[name])

    return edited(text, put)
