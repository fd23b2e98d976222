"""One graph in the three stores: in memory, on disk, and at a SPARQL endpoint that really listens."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from groundwire.graph import GraphStore, load
from groundwire.graph.disk import DiskGraph
from groundwire.graph.endpoint import EndpointGraph
from groundwire.graph.importing import import_graph
from groundwire.graph.loading import read_facts
from groundwire.graph.served import serving, sparql_app, store_of
from groundwire.graph.sparql import Endpoint

STORES = ("memory", "disk", "endpoint")
Open = Callable[[str, Path], GraphStore]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens a file of facts in the store named."""
    servers: list[AbstractContextManager[str]] = []

    def open_store(kind: str, path: Path) -> GraphStore:
        if kind == "memory":
            return load(path)
        if kind == "disk":
            folder = tmp_path_factory.mktemp("disk") / "facts.oxigraph"
            import_graph([path], folder)
            return DiskGraph(folder, path.stem)
        servers.append(server := serving(sparql_app(store_of(read_facts(path)))))
        return EndpointGraph(Endpoint(f"{server.__enter__()}/sparql"), path.stem)

    yield open_store
    with ThreadPoolExecutor(32) as closing:  # each takes its time to let go of its connections
        list(closing.map(lambda server: server.__exit__(None, None, None), servers))
