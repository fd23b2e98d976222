"""What may be taught, and what each lesson would change: in which file, and how it would read then.

An example goes into the rule pack that has the rule, where that is a file of yours. A fact and an alias go into
`review.facts`, a table of three columns. A threshold goes into groundwire.yaml: of the entailment judge, where
`groundwire calibrate` puts its own, or of a rule, among the overrides. What would not load any more is not written.
"""

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from groundwire import strict_yaml
from groundwire.config import Config
from groundwire.edited_yaml import edited, part
from groundwire.errors import ConfigError, InputError
from groundwire.rules import files_of, read_pack

_SUFFIXES = (".yaml", ".yml")
JUDGES = ("supported", "contradicted")
"""The thresholds of the entailment judge."""

ALIAS = "alias"
"""The relation that a graph takes for another name of its subject."""


class Change(NamedTuple):
    """A file, and what it would say. `shown` is what a reader sees of it, before and after."""

    path: Path
    text: str
    shown: tuple[str, str]


@dataclass(frozen=True)
class Places:
    """The files that may be taught: rule packs of your own, the table of reviewed facts, and the configuration.

    `rules` are all packs in use, as the configuration names them.
    """

    packs: tuple[Path, ...] = ()
    facts: Path | None = None
    config: Path | None = None
    rules: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: Config, source: Path | None = None) -> "Places":
        """Those of a configuration, which was read from `source`."""
        named = [Path(pack) for pack in config.rules]
        files = [path for path in named if path.suffix in _SUFFIXES and path.is_file()]
        files += [
            file for path in named if path.is_dir() for file in sorted(path.iterdir()) if file.suffix in _SUFFIXES
        ]
        return cls(tuple(files), config.review.facts, source, config.rules)


def changed(places: Places, kind: str, target: str, content: Mapping[str, Any]) -> Change:
    """What a lesson would change as things are now. Raises: InputError where it cannot be done."""
    if kind == "example":
        return _with_example(places, target, content)
    if kind == "fact":
        return _with_line(places, kind, [content.get(name, "") for name in ("subject", "relation", "object")])
    if kind == "alias":
        return _with_alias(places, content)
    if kind == "threshold":
        return _with_threshold(places, target, content)
    raise InputError("kind", f"{kind!r:.40} is no proposal.", "example, fact, alias or threshold")


def _with_example(places: Places, rule: str, example: Mapping[str, Any]) -> Change:
    for path in places.packs:
        pack = read_pack(path).pack
        numbers = [number for number, one in enumerate(pack.rules) if one.id == rule]
        if numbers:
            before = path.read_text("utf-8")
            after = edited(before, partial(_append, numbers[0], dict(example)))
            _check_pack(after)
            return Change(path, after, (before, after))
    raise InputError("rule", f"{rule!r:.140} is in no pack of yours.", "a rule of a file in rules:")


def _append(rule: int, example: dict[str, Any], document: Any) -> None:
    document["rules"][rule].setdefault("examples", []).append(example)


def _check_pack(text: str) -> None:
    """Raises: InputError where this is no pack of rules."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.yaml"
        path.write_text(text, "utf-8")
        read_pack(path)


def _with_line(places: Places, kind: str, cells: list[Any]) -> Change:
    """The table with a line more."""
    path = places.facts
    if path is None:
        raise InputError("review.facts", "it is not set.", "a table for reviewed facts, such as reviewed.tsv")
    cells = [" ".join(str(cell).split()) for cell in cells]
    if not all(cells):
        raise InputError(kind, "a part of it is empty.", "all of its parts")
    if cells[0].startswith("#"):
        raise InputError(kind, "it begins with #, as a comment does.", "the name of a thing")
    before = path.read_text("utf-8") if path.exists() else ""
    line = "\t".join(cells)
    if line in before.splitlines():
        raise InputError(kind, "it is there already.", "another one")
    after = before + ("\n" if before and not before.endswith("\n") else "") + line + "\n"
    return Change(path, after, (before, after))


def _with_alias(places: Places, content: Mapping[str, Any]) -> Change:
    """A name goes in quotes, or the table would have a thing of that name beside the one that is meant."""
    name, meant = (" ".join(str(content.get(part, "")).split()) for part in ("name", "entity"))
    if not name or not meant:
        raise InputError("alias", "a part of it is empty.", "a name and whom it means")
    entities: dict[str, str] = {}
    for subject, relation, thing in _facts(places.facts):
        if relation == ALIAS and _unquoted(thing).casefold() == name.casefold() and _read(subject) != _read(meant):
            raise InputError("alias", f"{name!r:.140} means {subject!r:.140} already.", "a name of one thing")
        entities.setdefault(_read(subject), subject)
        if not thing.startswith('"'):
            entities.setdefault(_read(thing), thing)
    if places.facts and _read(meant) not in entities:
        raise InputError("alias", f"{places.facts.name} has no {meant!r:.140}.", "a thing of which it has a fact")
    if _read(name) in entities:
        raise InputError("alias", f"{name!r:.140} is a thing of its own there.", "a name that is only a name")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return _with_line(places, "alias", [entities.get(_read(meant), meant), ALIAS, f'"{quoted}"'])


def _facts(path: Path | None) -> Iterator[list[str]]:
    """The lines of three cells."""
    for line in path.read_text("utf-8").splitlines() if path and path.exists() else ():
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) == 3 and not line.startswith("#"):
            yield cells


def _read(cell: str) -> str:
    """A name as the graph compares it: `Acme_Works` and `acme works` are one."""
    return " ".join(cell.strip("<>").replace("_", " ").split()).casefold()


def _unquoted(cell: str) -> str:
    return cell.strip('"').replace('\\"', '"').replace("\\\\", "\\")


def _with_threshold(places: Places, target: str, content: Mapping[str, Any]) -> Change:
    """`target` is one of `JUDGES`, or a rule."""
    path = places.config
    if path is None:
        raise InputError("threshold", "there is no configuration to write it into.", "groundwire serve -c FILE")
    value = _probability(content.get("value"))
    if target not in JUDGES:
        _check_rule(places, target)
    try:
        before = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as failed:
        raise InputError(str(path), f"cannot be read ({failed}).", "a groundwire.yaml") from None

    place = ("entailment", "thresholds", target) if target in JUDGES else ("overrides", target, "threshold")

    def put(document: Any) -> None:
        part(part(document, place[0]), place[1], flow=True)[place[2]] = value

    old, is_now = _data(path, before), _value(_data(path, before), place)
    if is_now == value:
        raise InputError("threshold", f"it is {value} already.", "another one")
    after = edited(before, put)
    new = _data(path, after)
    Config.load(new)
    put(old)
    if old != new:  # a form of YAML that the editor reads otherwise than we do
        raise InputError(str(path), "it cannot be changed here without changing more.", "your own hand")
    # Only what is meant is shown: beside it there may stand what no viewer is to read.
    return Change(path, after, (_shown(place, is_now), _shown(place, value)))


def _probability(given: Any) -> float:
    try:
        value = round(float(given), 4)
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not 0 < value < 1:
        raise InputError("threshold", f"{str(given)[:20]!r} is no probability.", "a number between 0 and 1")
    return value


def _check_rule(places: Places, rule: str) -> None:
    """Raises: InputError where no pack has such a rule, or its threshold decides nothing."""
    for pack in places.rules:
        for file in files_of(pack):
            for one in read_pack(file).pack.rules:
                if one.id == rule and not (one.prohibited or one.required):
                    raise InputError("threshold", f"{rule} asks no model.", "a rule with prohibit or require")
                if one.id == rule:
                    return
    raise InputError("threshold", f"there is no rule {rule!r:.140}.", f"{', '.join(JUDGES)}, or a rule in rules:")


def _data(path: Path, text: str) -> dict[str, Any]:
    data = strict_yaml.parse(text, path.name, ConfigError).data
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(path.name, "the file is not a mapping.", "fields such as listen: or rules:")
    return data


def _value(data: Any, place: Sequence[str]) -> Any:
    for name in place:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def _shown(place: Sequence[str], value: Any) -> str:
    lines = [f"{'  ' * depth}{name}:" for depth, name in enumerate(place)]
    return "" if value is None else "\n".join(lines) + f" {value}\n"
