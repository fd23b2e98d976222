"""The rules of the house: who may know whom, what a door says, what is not loaded, what is inside the wheel."""

import ast
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import groundwire

TOP = Path(__file__).resolve().parents[1]
SOURCE = TOP / "src" / "groundwire"

ROOMS = ("claims", "evidence", "graph", "nli", "values", "contrast", "rules", "rewrite")
OUTSIDE = ("gateway", "review", "batch", "calibrate", "bench", "demo", "integrations")

# Who may know whom. What is not here may know nobody; "cli" is cli.py and the cli.py of every folder.
NOUNS = {"model", "errors"}
KNOWS = {
    "errors": set[str](),
    "model": set[str](),
    "explain": {"errors"},
    "strict_yaml": {"errors", "explain"},
    "sections": set[str](),
    "edited_yaml": set[str](),
    "config": {"errors", "sections", "strict_yaml"},
    "arbitration": {"model"},
    **dict.fromkeys(ROOMS, NOUNS | {"strict_yaml"}),
    "review": NOUNS | {"config", "edited_yaml", "evidence", "rules", "sections", "strict_yaml"},
    "ruling": NOUNS | {"nli", "rules"},
    "judging": {"model"},
    "unread": {"model"},
    "pipeline": NOUNS | {"arbitration", "judging", "ruling", "unread", *ROOMS},
    "client": NOUNS | {"config", "judging", "pipeline", "review", *ROOMS},
    "terminal": NOUNS,
    "gateway": NOUNS | {"config", "client", "pipeline", "review", *ROOMS},
    "batch": NOUNS | {"config", "client"},
    "calibrate": NOUNS | {"config", "edited_yaml", "client", "batch", "nli"},
    "bench": NOUNS | {"config", "client", "batch", "calibrate", "gateway", "review", *ROOMS},
    "demo": NOUNS | {"config", "client", "gateway", "terminal"},
    "integrations": NOUNS | {"client", "gateway"},
}
# Not when it is loaded, only when it is called or typed. Groundwire.acompletion goes the gateway's way; what explains
# an error says where in the YAML it stands.
LATE = {("client", "gateway"), ("explain", "strict_yaml")}

HEAVY = {
    *("aiohttp", "alembic", "argon2", "authlib", "cel_expr_python", "cryptography", "fastapi", "httpx", "jinja2"),
    *(
        "joserfc",
        "litellm",
        "networkx",
        "onnxruntime",
        "openai",
        "pint",
        "psycopg",
        "py3langid",
        "pyoxigraph",
        "spacy",
        "sqlalchemy",
    ),
    *("starlette", "thinc", "tokenizers", "torch", "transformers"),
    "uvicorn",
}

LONGEST_FILE = 450
LONGEST_FUNCTION = 70


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path, _parsed(path)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(path: Path) -> str:
    """The room or module that a file belongs to."""
    inside = path.relative_to(SOURCE)
    return "cli" if inside.name in ("cli.py", "__main__.py") else inside.with_suffix("").parts[0]


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, list[str]]]:
    """The statements that import from the package, and what: ["graph", "judge"] for groundwire.graph.judge."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            names = [node.module or ""]
            if node.module == "groundwire":
                names = [f"groundwire.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("groundwire."):
                yield node, name.split(".")[1:]


def at_once(tree: ast.Module) -> set[int]:
    """The ids of the nodes that run when the module is imported: not those in functions or under TYPE_CHECKING."""
    found: set[int] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        late = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not late and not typing:
            found.add(id(node))
            waiting += ast.iter_child_nodes(node)
    return found


def test_everybody_knows_only_whom_they_may() -> None:
    strangers = []
    for path, tree in sources():
        part = part_of(path)
        if part in ("cli", "__init__"):
            continue
        assert part in KNOWS, f"{path.name}: where does {part} stand in the house? Say so in KNOWS."
        early = at_once(tree)
        for node, name in imports(tree):
            other = name[0]
            late = (part, other) in LATE and id(node) not in early
            if other not in KNOWS[part] | {part, "__version__"} and not late:
                strangers.append(f"{path.relative_to(SOURCE)}:{node.lineno} {part} knows {other}")
    assert not strangers


def test_the_rooms_never_know_each_other() -> None:
    for room in ROOMS:
        assert KNOWS[room] == {"model", "errors", "strict_yaml"}


def test_the_arrows_point_one_way() -> None:
    order: list[str] = []
    waiting = dict(KNOWS)
    while ready := [part for part, known in waiting.items() if known <= set(order)]:
        order += ready
        for part in ready:
            del waiting[part]
    assert not waiting, "these go in a circle"


def test_nobody_climbs_in_by_the_window() -> None:
    climbers = []
    for path, tree in sources():
        part = part_of(path)
        home = path.relative_to(SOURCE).parts[0]
        for node, name in imports(tree):
            room, *window = name
            if room in (*ROOMS, *OUTSIDE) and home != room and window and window[-1] != "cli":
                climbers.append(f"{path.relative_to(SOURCE)}:{node.lineno} {part} takes {'.'.join(name)}")
    assert not climbers


@pytest.mark.parametrize("room", [*ROOMS, *OUTSIDE])
def test_a_room_has_a_door(room: str) -> None:
    tree = _parsed(SOURCE / room / "__init__.py")
    words = ast.get_docstring(tree)
    assert words, "what comes in, what goes out, what it never does"
    assert words.count(".") >= 2
    assert "never" in words.lower(), "what it never does"
    assert public_names(tree) == exported(tree)


def test_the_package_exports_its_public_names_and_no_others() -> None:
    assert public_names(_parsed(SOURCE / "__init__.py")) == set(groundwire.__all__)
    assert sorted(groundwire.__all__) == sorted(set(groundwire.__all__))
    for name in groundwire.__all__:
        assert getattr(groundwire, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        groundwire.nonsense  # noqa: B018 - the attribute is what is asked for


def public_names(tree: ast.Module) -> set[str]:
    """What a module names without an underscore: by import from the package, by assignment or definition."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("groundwire"):
            names |= {alias.asname or alias.name for alias in node.names}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if not name.startswith("_")}


def exported(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            names: list[str] = ast.literal_eval(node.value)
            assert len(names) == len(set(names))
            return set(names)
    raise AssertionError("no __all__")


def test_what_a_door_names_is_there() -> None:
    from importlib import import_module

    for room in (*ROOMS, *OUTSIDE):
        door = import_module(f"groundwire.{room}")
        for name in door.__all__:
            assert getattr(door, name) is not None, f"{room}.{name}"
        with pytest.raises(AttributeError, match="nonsense"):
            door.nonsense  # noqa: B018 - the attribute is what is asked for


@pytest.mark.parametrize(
    "arguments", [None, ["--help"], ["--version"], ["audit", "--help"], ["calibrate", "--help"], ["bench", "--help"]]
)
def test_nothing_heavy_is_loaded_before_it_is_needed(arguments: list[str] | None) -> None:
    program = "import sys, json\nimport groundwire\n"
    if arguments is not None:
        program += f"sys.argv = ['groundwire', *{arguments!r}]\nfrom groundwire.cli import main\n"
        program += "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
    program += "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    loaded = {name.partition(".")[0] for name in json.loads(run.stderr.splitlines()[-1])}
    assert not loaded & HEAVY


def test_every_file_and_function_can_be_read_in_one_sitting() -> None:
    too_long = []
    for path, tree in sources():
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_FILE:
            too_long.append(f"{path.relative_to(SOURCE)}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno
                if length > LONGEST_FUNCTION:
                    too_long.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}: {length} lines")
    assert not too_long


def test_every_module_says_what_it_is() -> None:
    assert not [str(path.relative_to(SOURCE)) for path, tree in sources() if not ast.get_docstring(tree)]
    vague = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    assert not [str(path.relative_to(SOURCE)) for path, _ in sources() if path.name in vague]


def test_nothing_is_left_for_later_and_nothing_is_waved_through() -> None:
    # In two halves each, so that this file does not find itself.
    marks = ["TO" + "DO", "FIX" + "ME", "pytest.sk" + "ip", "mark.sk" + "ip", "mark.xf" + "ail", "type: ig" + "nore\n"]
    found = []
    for folder in (TOP / "src", TOP / "tests"):
        for path in sorted(folder.rglob("*.py")):
            if path.name == "programs.py":
                continue  # what no Python package brings may be missing on a user's machine, and never in `.ci/run`
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(keepends=True), start=1):
                found += [f"{path.relative_to(TOP)}:{number} {mark.strip()}" for mark in marks if mark in line]
    assert not found


# What a program needs that uses the rule packs and the relation packs, wherever they came from.
FIND_RULES = """
import json, groundwire
from groundwire.rules import load_rules
rules = load_rules(["default"])
print(json.dumps({"home": groundwire.__file__, "revision": rules.revision, "names": rules.names}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(TOP)])
    [built] = folder.glob("groundwire-*.whl")
    return built


def test_the_wheel_holds_what_it_should_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    rules = {f"groundwire/_rules/{path.relative_to(TOP / 'rules')}" for path in _files(TOP / "rules")}
    assert len(rules) > 1
    assert {name for name in names if name.startswith("groundwire/_rules/")} == rules
    package = {f"groundwire/{path.relative_to(SOURCE)}" for path in _files(SOURCE)}
    assert names - rules - package == {name for name in names if ".dist-info/" in name}
    assert package <= names
    assert wheel.stat().st_size < 60_000_000


@pytest.mark.parametrize("way", ["clone", "editable", "wheel"])
def test_the_rules_are_found_however_it_was_installed(way: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    python = _environment(tmp_path / "venv")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-build-isolation"]
    pip.append("--ignore-installed")  # the outer environment may have groundwire too, and pip would leave it at that
    path = ""
    if way == "clone":
        path = str(TOP / "src")
    elif way == "editable":
        _run([*pip, "-e", str(TOP)])
    else:
        _run([*pip, str(request.getfixturevalue("wheel"))])
    found = json.loads(_run([str(python), "-c", FIND_RULES], cwd=tmp_path, path=path))
    home = tmp_path / "venv" if way == "wheel" else TOP
    assert Path(found["home"]).is_relative_to(home)
    assert found["names"]
    here = json.loads(_run([sys.executable, "-c", FIND_RULES], cwd=tmp_path, path=str(TOP / "src")))
    assert found["revision"] == here["revision"]


def _environment(folder: Path) -> Path:
    """A new virtual environment that has what this one has, except for groundwire. Returns its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    [site] = folder.glob("lib/python*/site-packages")
    # A .pth adds this environment's packages at the end of the path, and reads no .pth in it: what is installed
    # in the new environment comes first, and an editable install of this one is not seen.
    (site / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def _run(command: list[str], *, cwd: Path | None = None, path: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path:
        environment["PYTHONPATH"] = path
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=environment)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
