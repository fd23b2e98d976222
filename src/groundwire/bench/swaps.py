"""A knowledge graph against texts that state some of it: true ones, and the same with one object swapped.

The ids `n+` and `n-` are a true text and its swapped twin; `spans` says where the swapped words stand.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from groundwire.bench import sets
from groundwire.bench.figures import balanced_accuracy, mean, percentile
from groundwire.bench.verification import FLAGGED, Checked, Progress, Task, check_all
from groundwire.config import Config
from groundwire.errors import InputError
from groundwire.model import Outcome

TEXTS, GRAPH = ".answers", ".graph.tsv"


def find(folder: Path, wanted: Sequence[str] = ()) -> dict[str, tuple[Path, Path]]:
    """Sets of texts with the graph beside them: `graph.NAME.answers.jsonl.gz` and `graph.NAME.graph.tsv`."""
    found = {}
    for name, texts in sets.find(folder, "graph", [f"{name}{TEXTS}" for name in wanted]).items():
        short = name.removesuffix(TEXTS)
        graph = folder / f"graph.{short}{GRAPH}"
        if not graph.is_file():
            raise InputError(str(graph), "is not there.", "the graph that the texts beside it are checked against")
        found[short] = (texts, graph)
    return found


class Pair(NamedTuple):
    """A true text and its swapped twin, and what came of both."""

    true: dict[str, Any]
    swapped: dict[str, Any]
    of_true: Checked
    of_swapped: Checked


def figures(
    texts: Path, graph: Path, config: Config, *, limit: int | None, workers: int, progress: Progress
) -> dict[str, float]:
    """Shares, 0 to 1, of the swapped and the true texts that were flagged, restored, changed elsewhere."""
    return summary(pairs(texts, graph, config, limit=limit, workers=workers, progress=progress))


def pairs(
    texts: Path, graph: Path, config: Config, *, limit: int | None, workers: int, progress: Progress
) -> list[Pair]:
    """Every true text that has a swapped twin, both checked against the graph alone."""
    examples = sets.read(texts, ("id", "answer"))
    true = {example["id"].removesuffix("+"): example for example in examples if example["id"].endswith("+")}
    twins = [
        (true[number], example)
        for example in examples
        if example["id"].endswith("-") and (number := example["id"].removesuffix("-")) in true
    ][:limit]
    tasks = [Task(example["answer"], knowledge=str(graph)) for pair in twins for example in pair]
    outcomes = check_all(config, tasks, workers, progress)
    return [Pair(*twin, *found) for twin, *found in zip(twins, outcomes[::2], outcomes[1::2], strict=True)]


def by(found: Sequence[Pair], what: str) -> dict[str, dict[str, float]]:
    """The figures by "category" of the texts, or by the "relation" whose object was swapped; the largest first."""
    groups: dict[str, list[Pair]] = {}
    for pair in found:
        groups.setdefault(_group(pair.swapped, what), []).append(pair)
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return {name: summary(group) for name, group in largest}


def _group(example: Mapping[str, Any], what: str) -> str:
    if what == "category":
        return str(example.get("category", "?"))
    triple = example.get("triple") or ("", "?", "")
    return str(triple[1])


def summary(found: Sequence[Pair]) -> dict[str, float]:
    """The figures of some pairs."""
    of_true, of_swapped = [pair.of_true for pair in found], [pair.of_swapped for pair in found]
    flagged = [outcome.verdict in FLAGGED for outcome in (*of_swapped, *of_true)]
    claims = sum(outcome.claims for outcome in (*of_true, *of_swapped))
    return {
        "n": len(found),
        "swapped_flagged": _share(flagged[: len(found)]),
        "true_flagged": _share(flagged[len(found) :]),
        "balanced_accuracy": balanced_accuracy([1] * len(found) + [0] * len(found), flagged),
        "swapped_unchecked": _share([outcome.verdict is Outcome.UNCHECKED for outcome in of_swapped]),
        "true_unchecked": _share([outcome.verdict is Outcome.UNCHECKED for outcome in of_true]),
        "restored": _share([pair.of_swapped.revised == pair.true["answer"] for pair in found]),
        "changed_elsewhere": _share([_elsewhere(pair) for pair in found]),
        "true_changed": _share([pair.of_true.revised != pair.true["answer"] for pair in found]),
        "claims_linked": sum(outcome.linked for outcome in (*of_true, *of_swapped)) / claims if claims else math.nan,
        "ms_per_claim": _ms_per_claim([*of_true, *of_swapped]),
        "ms_p99": percentile([outcome.ms for outcome in (*of_true, *of_swapped)], 0.99),
    }


def _elsewhere(pair: Pair) -> bool:
    revised = pair.of_swapped.revised
    if revised == pair.true["answer"]:
        return False
    return not only_within(pair.swapped["answer"], pair.swapped["spans"], revised)


def only_within(text: str, spans: Sequence[Sequence[int]], revised: str) -> bool:
    """Whether `revised` differs from `text` nowhere but within the spans (half-open, in code points)."""
    edges = [0, *(edge for span in sorted(map(tuple, spans)) for edge in span), len(text)]
    first, *rest = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    if not revised.startswith(first):
        return False
    if not rest:
        return revised == text
    *between, last = rest
    at = len(first)
    for kept in between:
        found = revised.find(kept, at)
        if found < 0:
            return False
        at = found + len(kept)
    return len(revised) - len(last) >= at and revised.endswith(last)


def _share(flags: Sequence[bool]) -> float:
    return mean([float(flag) for flag in flags])


def _ms_per_claim(outcomes: Sequence[Checked]) -> float:
    claims = sum(outcome.claims for outcome in outcomes)
    return sum(outcome.ms for outcome in outcomes) / claims if claims else float("nan")
