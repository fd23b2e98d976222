"""A file of facts → a knowledge graph: Turtle, N-Triples, N-Quads, TriG, RDF/XML, JSON-LD, TSV and CSV, GraphML,
node-link JSON of networkx, and Wikidata's entity JSON; each also packed by gzip.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from groundwire.errors import KnowledgeError
from groundwire.graph.files import form_of
from groundwire.graph.names import written
from groundwire.graph.statements import Dated, Statement
from groundwire.graph.store import KnowledgeGraph, Literal, Node
from groundwire.graph.vocabulary import is_alias, is_label, is_type

MAX_FACTS = 2_000_000
"""More facts than this do not fit a graph in memory."""

Reader = Callable[[Path], Iterator[Statement]]


def load(path: str | Path, *, name: str | None = None) -> KnowledgeGraph:
    """Read a graph into memory; `name` (the file's own, if not given) is what evidence cites.

    Raises: KnowledgeError, with file and line, when the file cannot be read as what its suffix says it is.
    """
    path = Path(path)
    with _no_collection():
        return take_all(KnowledgeGraph(name or title_of(path)), _bounded(path, read_facts(path)))


def read_facts(path: Path) -> Iterator[Statement]:
    """What a file states, one by one. Raises: KnowledgeError, as `load` does."""
    reader = _reader(path)
    try:
        yield from reader(path)
    except OSError as error:
        raise KnowledgeError(str(path), f"cannot be read: {error.strerror or error}.", "a file of facts") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(str(path), f"byte {error.start} is not UTF-8.", "a text file in UTF-8") from error


def title_of(path: Path) -> str:
    """What a graph is called after its file."""
    return path.name.removesuffix(".gz").rsplit(".", 1)[0] or path.name


def take_all(graph: KnowledgeGraph, statements: Iterable[Statement]) -> KnowledgeGraph:
    """Add statements to a graph: what names an entity becomes its label or alias, the rest facts.

    What is stated of a relation (its label, its domain) describes the vocabulary: the word "capital" in a claim is
    not a mention of a thing called capital.
    """
    statements = list(statements)
    relations = {relation for _, relation, _ in statements if ":" in relation}
    labels: dict[str, list[Literal]] = {}
    for statement in statements:
        if statement[0] not in relations:
            _take(graph, labels, statement)
    for entity, found in labels.items():
        for label in sorted(found, key=by_language):
            graph.add_label(entity, label.text)
    return graph


def _bounded(path: Path, statements: Iterable[Statement]) -> Iterator[Statement]:
    for count, statement in enumerate(statements, start=1):
        if count > MAX_FACTS:
            raise KnowledgeError(
                str(path), f"more than {MAX_FACTS:,} facts.", "a graph on disk: `groundwire graph import`"
            )
        yield statement


def _reader(path: Path) -> Reader:
    # What a form needs is loaded only when a graph has it.
    suffix = form_of(path)
    if suffix in (".tsv", ".csv"):
        from groundwire.graph.table import read_table

        return read_table
    if suffix == ".graphml":
        from groundwire.graph.networks import read_graphml

        return read_graphml
    if suffix in (".json", ".jsonl"):
        from groundwire.graph.json_forms import read_json

        return read_json
    from groundwire.graph.rdf import SUFFIXES, read_rdf

    if suffix in SUFFIXES:
        return read_rdf
    known = ", ".join(sorted((*SUFFIXES, ".tsv", ".csv", ".graphml", ".json", ".jsonl")))
    raise KnowledgeError(str(path), f'"{suffix}" is no known form of graph.', f"one of {known}, or any with .gz")


def _take(graph: KnowledgeGraph, labels: dict[str, list[Literal]], statement: Statement) -> None:
    subject, relation, node = statement
    if is_label(relation):
        labels.setdefault(subject, []).append(_words(node))
        return
    graph.add(subject, relation, node, statement.period if isinstance(statement, Dated) else None)
    if is_alias(relation):
        graph.add_alias(subject, _words(node).text)
    elif is_type(relation) and isinstance(node, str):
        graph.add_type(subject, node)


def _words(node: Node) -> Literal:
    return node if isinstance(node, Literal) else Literal(written(node))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of new objects, none of them garbage, through which the collector would go again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def by_language(label: Node) -> int:
    """0 for a label in English, 1 for one in no stated language or for all of them, 2 for any other."""
    if not isinstance(label, Literal) or label.language in (None, "mul"):
        return 1
    return 0 if label.language.lower().split("-")[0] == "en" else 2
