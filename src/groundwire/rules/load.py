"""Pack names and paths in, a RuleSet out. What is wrong with a pack is one line with file, line and column."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pydantic import ValidationError

import groundwire
from groundwire.errors import RuleError
from groundwire.rules.rule import Pack, Rule
from groundwire.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from groundwire.strict_yaml import Document

SUFFIXES = (".yaml", ".yml")
MAX_FILES = 1000

# A name is never a path: what ships is found by names of letters, so that "../x" is not among them.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*")
# Not packs: what relations of a knowledge graph mean.
_NOT_PACKS = "relations"


Overrides: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By the id of a rule: fields that replace its own, and `enabled: False` to leave it out."""

OVERRIDABLE = ("enabled", "do", "severity", "message", "on_error", "shadow", "threshold")


class LoadedPack(NamedTuple):
    """A pack, and the file that says where each part of it stands."""

    pack: Pack
    document: "Document"


def load_rules(packs: Sequence[str | Path], overrides: Overrides | None = None, *, all_known: bool = True) -> RuleSet:
    """Load packs in order: names that ship ("default"), files, or folders of files.

    `overrides` change single rules; `all_known`: one for a rule that is in none of the packs is a mistake.
    Raises: RuleError, one line, for what is missing, malformed or said twice.
    """
    loaded = [read_pack(file) for pack in packs for file in files_of(str(pack))]
    owners: dict[str, str] = {}
    for pack, document in loaded:
        for number, rule in enumerate(pack.rules):
            if rule.id in owners:
                where = document.where(("rules", number, "id"))
                raise RuleError(f"{where} id", f'"{rule.id}" is already in {owners[rule.id]}.', "an id of its own")
            owners[rule.id] = document.name
    if all_known and (unknown := [id for id in overrides or () if id not in owners]):
        from groundwire.strict_yaml import nearest

        what = f"there is no such rule in these packs.{nearest(unknown[0], tuple(owners))}"
        raise RuleError(f"overrides: {unknown[0]}", what, f"one of {', '.join(owners)}")
    rules = RuleSet(loaded)
    return rules.changed({rule.id: _overridden(rule, (overrides or {}).get(rule.id, {})) for rule in rules.rules})


def _overridden(rule: Rule, fields: Mapping[str, Any]) -> Rule | None:
    """The rule with other fields; None where it is not enabled."""
    if wrong := [name for name in fields if name not in OVERRIDABLE]:
        raise RuleError(f"overrides.{rule.id}.{wrong[0]}", "cannot be overridden.", ", ".join(OVERRIDABLE))
    if not fields.get("enabled", True):
        return None
    new = {name: value for name, value in fields.items() if name != "enabled"}
    if not new:
        return rule
    try:
        return Rule.model_validate({**rule.model_dump(exclude_defaults=True), **new})
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        field = ".".join(map(str, (f"overrides.{rule.id}", *first["loc"])))
        raise RuleError(field, first["msg"].removeprefix("Value error, ").rstrip(".") + ".") from None


def rules_of(content: str) -> RuleSet:
    """The rules that a `RuleSet.content` holds. Raises: RuleError where it holds none."""
    from groundwire.strict_yaml import Document

    try:
        packs = [Pack.model_validate(pack) for pack in json.loads(content)]
    except (ValueError, TypeError) as problem:
        what = f"these are not the packs of a set of rules ({' '.join(str(problem).split()):.200})."
        raise RuleError("stored rules", what, "what RuleSet.content holds") from None
    return RuleSet((pack, Document("stored rules", pack.model_dump(mode="json"), {}, {})) for pack in packs)


def read_pack(path: Path) -> LoadedPack:
    """Read one pack file. Conditions are compiled by RuleSet. Raises: RuleError."""
    from groundwire.strict_yaml import explain, read

    document = read(path, RuleError)
    try:
        return LoadedPack(Pack.model_validate(document.data), document)
    except ValidationError as problem:
        raise explain(problem, document, Pack, RuleError) from None


def packs_folder() -> Path:
    """Where the packs that ship are: inside the installed package, or at the top of a clone."""
    home = Path(groundwire.__file__).resolve()
    installed = home.parent / "_rules"
    return installed if installed.is_dir() else home.parents[2] / "rules"


def available() -> tuple[str, ...]:
    """The names of the packs that ship."""
    folder = packs_folder()
    files = (path for suffix in SUFFIXES for path in folder.rglob(f"*{suffix}"))
    found = (path.relative_to(folder).with_suffix("").as_posix() for path in files)
    return tuple(sorted(name for name in found if name.split("/")[0] != _NOT_PACKS and _NAME.fullmatch(name)))


def files_of(pack: str) -> list[Path]:
    """The files that a name or a path stands for."""
    path = Path(pack)
    if path.suffix in SUFFIXES:
        return [path]
    names = available()
    if pack in names:  # before any folder of this name that happens to be here
        return [next(file for file in _spellings(packs_folder() / pack) if file.is_file())]
    if _NAME.fullmatch(pack) and any(name.startswith(f"{pack}/") for name in names):
        return _in_folder(packs_folder() / pack)
    if path.is_dir():
        return _in_folder(path)
    if path.is_file():
        return [path]
    from groundwire.strict_yaml import nearest

    what = f"there is no such rule pack.{nearest(pack, names)}"
    raise RuleError(f"rules: {pack}", what, f"one of {', '.join(names)}, or the path of a file or folder")


def _spellings(stem: Path) -> list[Path]:
    return [stem.with_name(stem.name + suffix) for suffix in SUFFIXES]


def _in_folder(folder: Path) -> list[Path]:
    files = sorted(islice((path for path in folder.iterdir() if path.suffix in SUFFIXES), MAX_FILES + 1))
    if not files:
        raise RuleError(str(folder), "there is no rule pack in this folder.", "files that end in .yaml")
    if len(files) > MAX_FILES:
        raise RuleError(str(folder), "there are too many files in this folder.", f"at most {MAX_FILES}")
    return files
