"""The `entailment` section of a groundwire.yaml, printed or put into a file that keeps what else it says."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from groundwire.config import Config
from groundwire.errors import ConfigError

if TYPE_CHECKING:
    from ruamel.yaml import YAML

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
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.util import load_yaml_guess_indent

    yaml = _yaml()
    document = yaml.load(text)
    if document is None:  # nothing but comments, which have nothing to hang on
        document, before = CommentedMap(), text if text.endswith("\n") or not text else f"{text}\n"
    else:
        before = ""
        _, indent, offset = load_yaml_guess_indent(text)
        yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)
    if not isinstance(document.get(NAME), dict):
        document[NAME] = CommentedMap()
    own = document[NAME]
    own.setdefault("model", section["model"])
    for name in ("calibration", "thresholds"):
        if not isinstance(own.get(name), dict):
            own[name] = CommentedMap()
            own[name].fa.set_flow_style()
        own[name].update(section[name])
    written = io.StringIO()
    yaml.dump(document, written)
    return before + written.getvalue()


def _yaml() -> "YAML":
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 16  # long lines stay as they are
    return yaml
