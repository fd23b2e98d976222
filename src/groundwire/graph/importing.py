"""Files of facts → a graph on disk, in bounded memory: `groundwire graph import`.

Two steps, and either may be broken off: the same command goes on. First each file's statements go into pyoxigraph,
where a statement that is there already is not doubled; a file that was taken in whole is not read again. Then one pass
over the triples, subject by subject, writes the names beside them, into a new file that takes the place of the old.
"""

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph

from groundwire.errors import KnowledgeError
from groundwire.graph.disk import MANIFEST, NAMES, SUFFIX, TRIPLES, is_disk_graph
from groundwire.graph.index import LONGEST_NAME
from groundwire.graph.loading import read_facts
from groundwire.graph.names import FUNCTION_WORDS, normal, variants, written
from groundwire.graph.statements import Statement, undated
from groundwire.graph.store import Literal, Node, own_name
from groundwire.graph.terms import entity, node, term
from groundwire.graph.vocabulary import is_alias, is_label

Progress = Callable[[str, int], None]
"""Called with what is being done and how many statements, in all, it was done to."""

T = TypeVar("T")

_VERSION = 1
# What an import writes, also what it leaves where it is broken off; and what pyoxigraph writes.
_HAS = re.compile(r"groundwire\.(?:json|new)|names\.sqlite(?:\.new)?(?:-journal|-wal|-shm)?")
_TRIPLES_HAVE = re.compile(
    r"\d+\.(?:sst|log|blob)|(?:MANIFEST|OPTIONS)-\d+|(?:CURRENT|IDENTITY|LOCK|LOG)(?:\.old\.\d+)?|.+\.dbtmp"
)
_KEPT = ("files", "complete", "facts", "names", "revision")
_BATCH = 100_000
_SEARCHED_LENGTH = 8
_REMEMBERED = 500_000

_SCHEMA = """
CREATE TABLE staged (key TEXT, head TEXT, length INTEGER, name TEXT, node TEXT, literal INTEGER, datatype TEXT,
                     language TEXT);
CREATE TABLE relations (relation TEXT PRIMARY KEY, subjects INTEGER, facts INTEGER) WITHOUT ROWID;
"""
# Sorted before it is written, so that each B-tree is filled from left to right; SQLite sorts on disk.
_FINISH = """
CREATE TABLE names (key TEXT, node TEXT, literal INTEGER, name TEXT, datatype TEXT, language TEXT,
                    PRIMARY KEY (key, node, literal, name)) WITHOUT ROWID;
INSERT OR IGNORE INTO names SELECT key, node, literal, name, datatype, language FROM staged
    WHERE literal OR node NOT IN (SELECT relation FROM relations WHERE relation LIKE '%:%')
    ORDER BY key, node, literal, name;
CREATE TABLE heads (word TEXT PRIMARY KEY, longest INTEGER) WITHOUT ROWID;
INSERT INTO heads SELECT head, MAX(length) FROM staged GROUP BY head ORDER BY head;
CREATE VIRTUAL TABLE words USING fts5(key, tokenize = 'unicode61 remove_diacritics 0');
INSERT INTO words SELECT DISTINCT key FROM names WHERE length(key) >= {length};
DROP TABLE staged;
"""


@dataclass
class Imported:
    """What an import found: files, and the facts that are in the graph now, each counted once."""

    files: int = 0
    skipped: int = 0
    facts: int = 0
    names: int = 0
    revision: str = ""


@dataclass
class _Manifest:
    """What was done so far, written after each step."""

    path: Path
    files: dict[str, list[int]] = field(default_factory=dict)
    complete: bool = False
    facts: int = 0
    names: int = 0
    revision: str = ""

    @classmethod
    def of(cls, out: Path) -> "_Manifest":
        manifest = cls(out / MANIFEST)
        if is_disk_graph(out):
            try:
                found = json.loads(manifest.path.read_text("utf-8"))
                version = found["version"]
                for name in _KEPT if version == _VERSION else ():
                    setattr(manifest, name, type(getattr(manifest, name))(found[name]))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise KnowledgeError(str(manifest.path), "this cannot be read.", "--restart, or another -o") from None
            if version != _VERSION:
                raise KnowledgeError(str(manifest.path), f"this is version {version}.", f"{_VERSION}: --restart")
        return manifest

    def write(self) -> None:
        found = {name: getattr(self, name) for name in _KEPT}
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"version": _VERSION, **found}, indent=1), "utf-8")
        os.replace(new, self.path)


def import_graph(
    paths: Sequence[Path], out: Path, *, progress: Progress = lambda what, count: None, restart: bool = False
) -> Imported:
    """Make `out` a graph on disk of all facts in `paths`, or go on where an import stopped.

    `restart` begins anew. Raises: KnowledgeError for a file that cannot be read or has changed since it was taken in.
    """
    _prepare(out, restart)
    manifest, found = _Manifest.of(out), Imported(files=len(paths))
    marks = {str(path.resolve()): _mark(path) for path in paths}
    for name, made in manifest.files.items():
        if name in marks and marks[name] != made:
            raise KnowledgeError(name, "has changed since it was taken in.", "--restart, to begin anew")
    if manifest.complete and marks.keys() <= manifest.files.keys():
        return Imported(len(paths), len(paths), manifest.facts, manifest.names, manifest.revision)
    manifest.complete = False
    manifest.write()
    store = _opened(out)
    for path, (name, made) in zip(paths, marks.items(), strict=True):
        if name in manifest.files:
            found.skipped += 1
            continue
        _take_in(store, path, len(manifest.files), progress)
        manifest.files[name] = made
        manifest.write()
    manifest.facts, manifest.revision, manifest.names = _write_names(store, out, progress)
    manifest.complete = True
    manifest.write()
    found.facts, found.names, found.revision = manifest.facts, manifest.names, manifest.revision
    return found


def _prepare(out: Path, restart: bool) -> None:
    if out.exists() and not is_disk_graph(out) and (not out.is_dir() or any(out.iterdir())):
        raise KnowledgeError(str(out), "is there, and is no graph.", f"a new folder, such as facts{SUFFIX}")
    if restart and is_disk_graph(out):
        _clear(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnowledgeError(str(out), f"cannot be made: {error.strerror}.", "a folder that can be written") from error


def _clear(out: Path) -> None:
    """Delete what an import wrote, and only where nothing else is there: the rest, or a link, is somebody's own."""
    try:
        inside = [*out.iterdir(), *(out / TRIPLES).glob("*")]
        for path in (out, *inside):
            if path.is_symlink() or (path != out and not _written_by_import(path, out)):
                what = "is a link." if path.is_symlink() else "was not written by an import."
                raise KnowledgeError(str(path), what, "a folder that holds a graph alone; or another -o")
        for path in sorted(inside, key=lambda path: path.name == MANIFEST):  # what makes it a graph goes last
            if path.name != TRIPLES:
                path.unlink()
        if (out / TRIPLES).is_dir():
            (out / TRIPLES).rmdir()
    except OSError as error:
        where = str(error.filename or out)
        raise KnowledgeError(where, f"cannot be deleted: {error.strerror}.", "files that can be deleted") from error


def _written_by_import(path: Path, out: Path) -> bool:
    if path.parent == out / TRIPLES:
        return path.is_file() and _TRIPLES_HAVE.fullmatch(path.name) is not None
    return path.is_dir() if path.name == TRIPLES else path.is_file() and _HAS.fullmatch(path.name) is not None


def _mark(path: Path) -> list[int]:
    """What tells a file from what it becomes later."""
    try:
        stat = path.stat()
    except OSError as error:
        raise KnowledgeError(str(path), f"cannot be read: {error.strerror}.", "a file of facts") from error
    return [stat.st_size, stat.st_mtime_ns]


def _opened(out: Path) -> pyoxigraph.Store:
    try:
        return pyoxigraph.Store(str(out / TRIPLES))
    except OSError as error:
        raise KnowledgeError(
            str(out), f"cannot be opened: {error}.", "a folder that no other import is writing"
        ) from error


def _take_in(store: pyoxigraph.Store, path: Path, number: int, progress: Progress) -> None:
    """The statements of one file. Its blank nodes are kept apart from those of other files."""
    count = 0
    for some in _batches(_quads(read_facts(path), f"_:f{number + 1}")):
        store.bulk_extend(some)
        count += len(some)
        progress(path.name, count)
    store.flush()


def _batches(found: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(found)
    return iter(lambda: list(islice(rest, _BATCH)), [])


def _quads(found: Iterable[Statement], blank: str) -> Iterator[pyoxigraph.Quad]:
    for subject, relation, object in undated(found):
        if subject.startswith("_:"):
            subject = blank + subject[2:]
        if isinstance(object, str) and object.startswith("_:"):
            object = blank + object[2:]
        yield pyoxigraph.Quad(entity(subject), entity(relation), term(object))


def _write_names(store: pyoxigraph.Store, out: Path, progress: Progress) -> tuple[int, str, int]:
    """Facts, their revision, and how many names were written."""
    new = out / f"{NAMES}.new"
    new.unlink(missing_ok=True)
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
        connection.executescript(_SCHEMA)
        names = _Names()
        connection.execute("BEGIN")
        for some in _batches(names.rows(store, progress)):
            connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?, ?, ?)", some)
        connection.executemany("INSERT INTO relations VALUES (?, ?, ?)", names.relations())
        connection.execute("COMMIT")
        progress("sorting names", names.facts)
        connection.executescript(_FINISH.format(length=_SEARCHED_LENGTH))
        (count,) = connection.execute("SELECT COUNT(*) FROM names").fetchone()
    except sqlite3.Error as error:
        raise KnowledgeError(str(new), f"cannot be written: {error}.", "room on the disk") from error
    finally:
        connection.close()
    os.replace(new, out / NAMES)
    return names.facts, names.revision, count


class _Names:
    """One pass over all triples: the rows of the table of names, and what there is to count."""

    def __init__(self) -> None:
        self.facts = 0
        self._digest = 0
        self._spread: dict[str, list[int]] = {}
        self._known: dict[Node, None] = {}

    @property
    def revision(self) -> str:
        return hashlib.sha256(self._digest.to_bytes(32)).hexdigest()

    def relations(self) -> list[tuple[str, int, int]]:
        return [(relation, subjects, facts) for relation, (subjects, facts) in self._spread.items()]

    def rows(self, store: pyoxigraph.Store, progress: Progress) -> Iterator[tuple[Any, ...]]:
        quads = store.quads_for_pattern(None, None, None, None)
        for subject, group in groupby(quads, key=lambda quad: quad.subject):
            about = str(node(subject))
            yield from self._called(about)
            relations = set()
            for quad in group:
                relation, object = str(node(quad.predicate)), node(quad.object)
                self._count(quad)
                if self.facts % _BATCH == 0:
                    progress("names", self.facts)
                if is_label(relation) or is_alias(relation):
                    words = object.text if isinstance(object, Literal) else written(object)
                    yield from _forms(words, about)
                if is_label(relation):
                    continue
                relations.add(relation)
                self._spread.setdefault(relation, [0, 0])[1] += 1
                yield from self._called(object)
            for relation in relations:
                self._spread[relation][0] += 1

    def _count(self, quad: pyoxigraph.Quad) -> None:
        """The revision is a sum over statements, so that their order does not matter."""
        line = f"{quad.subject} {quad.predicate} {quad.object}".encode()
        self._digest = (self._digest + int.from_bytes(hashlib.blake2b(line, digest_size=16).digest())) % (1 << 256)
        self.facts += 1

    def _called(self, thing: Node) -> Iterator[tuple[Any, ...]]:
        """The names that a node has by itself, once for all the times that it is met in a row."""
        if thing in self._known:
            return
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[thing] = None
        name = own_name(thing)
        if name is not None:
            yield from _forms(name, thing)


def _forms(name: str, thing: Node) -> Iterator[tuple[Any, ...]]:
    for form in (name, *variants(name)):
        key = normal(form)
        if not key or key in FUNCTION_WORDS or key.count(" ") >= LONGEST_NAME:
            continue
        head, length = key.split(" ", 1)[0], key.count(" ") + 1
        if isinstance(thing, Literal):
            yield key, head, length, name, thing.text, 1, thing.datatype, thing.language
        else:
            yield key, head, length, name, thing, 0, None, None
