"""What a claim costs against graphs of a thousand to a million made-up facts, in each of the stores.

Every store and size is measured in a process of its own, on the same claims; no claim speaks of what another did, so
that nothing kept from the last helps with the next. Beside them stands the linear scan: every fact looked at for every
claim, by whether its subject's name stands in it.
"""

import gc
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from groundwire.bench.figures import percentile
from groundwire.bench.plot import curves
from groundwire.errors import GroundwireError

Progress = Callable[[str], None]

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CLAIMS = 200
SCANNED = 5
STORES = ("memory", "disk", "endpoint", "scan")
COLUMNS = {
    "facts": "facts",
    "load_s": "made or\nloaded, s",
    "load_cpu_s": "of pro-\ncessor, s",
    "mb": "memory,\nMB",
    "p50_ms": "p50 ms\na claim",
    "p99_ms": "p99 ms\na claim",
    "times_memory": "times the\np50 in memory",
    "decided": "claims\ndecided",
}
_PER_PERSON = 10
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_BASE = "http://example.org/"


def made_up(count: int) -> Iterator[tuple[str, str, str]]:
    """About `count` statements, ten a person: labels, types, places, dates, and a few that much points to."""
    people = max(1, count // _PER_PERSON)
    towns = max(3, people // 50)
    for at in range(people):
        person = f"person{at}"
        yield person, _LABEL, f'"{name(at)}"'
        yield person, _TYPE, f"<{_BASE}Person>"
        yield person, f"{_BASE}birthPlace", f"<{_BASE}town{at % towns}>"
        yield person, f"{_BASE}birthDate", f'"{1900 + at % 100}-0{at % 9 + 1}-1{at % 9}"'
        yield person, f"{_BASE}spouse", f"<{_BASE}person{(at * 7 + 1) % people}>"
        yield person, f"{_BASE}occupation", f"<{_BASE}trade{at % 40}>"
        yield person, f"{_BASE}employer", f"<{_BASE}company{at % max(1, people // 20)}>"
        yield person, f"{_BASE}nationality", f"<{_BASE}country{at % 150}>"
        yield person, f"{_BASE}height", f'"1.{at % 90 + 10}"'
        yield person, f"{_BASE}motto", f'"The motto that {name(at)} chose"'
    for kind, many in (("town", towns), ("trade", 40), ("company", max(1, people // 20)), ("country", 150)):
        for at in range(many):
            yield f"{kind}{at}", _LABEL, f'"{kind.title()} {_spelt(at)}"'


def name(at: int) -> str:
    """A person's name, each number's its own."""
    return f"{_spelt(at)} {_spelt(at * 31 + 17)}son"


def claims(count: int, most: int = CLAIMS) -> list[tuple[str, bool]]:
    """Claims about people of a graph of `count` statements, and whether each is true: every other one is not."""
    people = max(1, count // _PER_PERSON)
    towns = max(3, people // 50)
    found = []
    for number in range(min(most, people)):
        at = number * (people // min(most, people))
        town = (at + number % 2) % towns
        found.append((f"{name(at)} was born in Town {_spelt(town)}.", number % 2 == 0))
    return found


def grow(largest: int, progress: Progress) -> list[dict[str, Any]]:
    """A row for each store and size up to `largest` statements.

    `load_s` is how long the store takes to be ready: facts read into memory, or imported, or served; `load_cpu_s`
    how much of a processor that took, where it was this process's. `mb` (10⁶ bytes)
    is what its process then holds more than before; of an endpoint, what the one who asks holds. `times_memory` is
    against the p50 of the graph in memory of the same size.
    """
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="groundwire-") as folder:
        for count in [size for size in SIZES if size <= largest]:
            facts = Path(folder) / f"{count}.nt"
            with facts.open("w", encoding="utf-8") as file:
                file.writelines(f"<{_BASE}{s}> <{p}> {o} .\n" for s, p, o in made_up(count))
            of_size: list[dict[str, Any]] = []
            for store in STORES:
                progress(f"{count:,} facts, {store}")
                of_size.append({"store": store, "size": count, **_apart(store, facts, count)})
            for row in of_size:
                row["times_memory"] = row["p50_ms"] / of_size[0]["p50_ms"]
            rows += of_size
    return rows


def table(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """The rows by what they are called."""
    return {f"{row['size']:,}, {row['store']}": row for row in rows}


def drawn(rows: Iterable[dict[str, Any]]) -> str:
    """The p50 of each store over the sizes, as SVG."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        lines.setdefault(row["store"], []).append((row["facts"], row["p50_ms"]))
    return curves(lines, across="facts", up="milliseconds for one claim, p50")


def _apart(store: str, facts: Path, count: int) -> dict[str, float]:
    """One store measured in a new process."""
    command = [sys.executable, "-m", "groundwire.bench.graph_growth", store, str(facts), str(count)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if run.returncode:
        last = (run.stderr.strip().splitlines() or ["nothing"])[-1]
        raise GroundwireError(f"the process that measures {store} ended with {last}")
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def _measured(store: str, facts: Path, count: int) -> dict[str, float]:
    from groundwire.graph import import_graph, open_graph

    if store == "scan":
        return _scanned(facts, count)
    _ask(_first(), claims(1_000, 3))  # what every store needs is loaded, so that it counts for none
    before, began, used = _resident(), time.perf_counter(), time.process_time()
    if store == "memory":
        graph = open_graph(facts)
        found = {"load_s": time.perf_counter() - began, "load_cpu_s": time.process_time() - used}
        gc.freeze()  # as the verifier does once it has loaded everything
        return {**found, "mb": (_resident() - before) / 1e6, **_ask(graph, claims(count)), "facts": count}
    folder = facts.with_suffix(".oxigraph")
    if store == "disk":
        import_graph([facts], folder)
        found = {"load_s": time.perf_counter() - began, "load_cpu_s": time.process_time() - used}
        return {**found, **_held(before, folder, count)}
    serve = [sys.executable, "-m", "groundwire.bench.graph_growth", "serve", str(facts), "0"]
    with subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        address = server.stdout.readline().strip() if server.stdout else ""
        found = {"load_s": time.perf_counter() - began, "load_cpu_s": math.nan, **_held(before, address, count)}
        server.terminate()
    return found


def _held(before: int, where: str | Path, count: int) -> dict[str, float]:
    from groundwire.graph import open_graph

    asked = _ask(open_graph(where), claims(count))
    return {"mb": max(0.0, (_resident() - before) / 1e6), **asked, "facts": count}


def _first() -> Any:
    from groundwire.graph import KnowledgeGraph

    graph = KnowledgeGraph("empty")
    graph.add("Nobody", "birthPlace", "Nowhere")
    return graph


def _ask(graph: Any, about: list[tuple[str, bool]]) -> dict[str, float]:
    """Milliseconds a claim of the judge over one graph, and the share of claims that it decided rightly."""
    from groundwire.graph import GraphJudge
    from groundwire.model import Case, Claim, Label, Span
    from groundwire.values import compare

    judge = GraphJudge([graph], compare=compare)
    spent, right = [], 0
    for text, true in about:
        case = Case(Claim(id="c1", text=text, span=Span(0, len(text))), ())
        began = time.perf_counter()
        (finding,) = judge.judge([case])
        spent.append((time.perf_counter() - began) * 1000)
        right += finding.label is (Label.SUPPORTED if true else Label.CONTRADICTED)
    return {"p50_ms": percentile(spent, 0.5), "p99_ms": percentile(spent, 0.99), "decided": right / len(about)}


def _scanned(path: Path, count: int) -> dict[str, float]:
    before, began, used = _resident(), time.perf_counter(), time.process_time()
    names: dict[str, str] = {}
    facts = []
    for subject, relation, object in made_up(count):
        if relation == _LABEL:
            names[_BASE + subject] = object.strip('"')
        facts.append((_BASE + subject, relation, object.strip("<>")))
    found = {"load_s": time.perf_counter() - began, "load_cpu_s": time.process_time() - used}
    held = _resident() - before
    took, right = [], 0
    about = claims(count)[:SCANNED]
    for text, true in about:
        began = time.perf_counter()
        objects = [
            names.get(object, "?") in text
            for subject, relation, object in facts
            if relation.endswith("birthPlace") and names[subject] in text
        ]
        took.append((time.perf_counter() - began) * 1000)
        right += bool(objects) and all(objects) is true
    asked = {"p50_ms": percentile(took, 0.5), "p99_ms": percentile(took, 0.99), "decided": right / len(about)}
    return {**found, "mb": held / 1e6, **asked, "facts": count}


def _serve(facts: Path) -> None:
    from groundwire.graph import read_facts, serve_facts

    with serve_facts(read_facts(facts)) as address:
        print(address, flush=True)
        sys.stdin.read()


def _resident() -> int:
    """Bytes that this process holds now, or the most that it ever held where that is not told."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _spelt(number: int) -> str:
    """A number as a word: syllables in place of digits, never two alike."""
    syllables = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "ro", "tu", "va", "we", "zi")
    word = ""
    number += len(syllables)
    while number:
        number, digit = divmod(number, len(syllables))
        word += syllables[digit]
    return word.capitalize()


if __name__ == "__main__":
    what, path, size = sys.argv[1:]
    if what == "serve":
        _serve(Path(path))
    else:
        print(json.dumps(_measured(what, Path(path), int(size))))
