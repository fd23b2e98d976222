"""A knowledge graph against texts that state some of it: true ones, and the same with one object swapped.

The ids `n+` and `n-` are a true text and its swapped twin; `spans` says where the swapped words stand.
"""

from collections.abc import Sequence
from pathlib import Path

from groundwire.bench import sets
from groundwire.bench.figures import mean, percentile
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


def figures(
    texts: Path, graph: Path, config: Config, *, limit: int | None, workers: int, progress: Progress
) -> dict[str, float]:
    """Shares, 0 to 1, of the swapped and the true texts that were flagged, restored, changed elsewhere."""
    examples = sets.read(texts, ("id", "answer"))
    true = {example["id"].removesuffix("+"): example for example in examples if example["id"].endswith("+")}
    twins = [
        (true[number], example)
        for example in examples
        if example["id"].endswith("-") and (number := example["id"].removesuffix("-")) in true
    ][:limit]
    tasks = [Task(example["answer"], knowledge=str(graph)) for pair in twins for example in pair]
    outcomes = check_all(config, tasks, workers, progress)
    of_true, of_swapped = outcomes[::2], outcomes[1::2]
    originals = [example["answer"] for example, _ in twins]
    swapped = [example for _, example in twins]
    return {
        "n": len(twins),
        "swapped_flagged": _share([outcome.verdict in FLAGGED for outcome in of_swapped]),
        "true_flagged": _share([outcome.verdict in FLAGGED for outcome in of_true]),
        "swapped_unchecked": _share([outcome.verdict is Outcome.UNCHECKED for outcome in of_swapped]),
        "true_unchecked": _share([outcome.verdict is Outcome.UNCHECKED for outcome in of_true]),
        "restored": _share([outcome.revised == text for outcome, text in zip(of_swapped, originals, strict=True)]),
        "changed_elsewhere": _share(
            [
                outcome.revised != text and not only_within(example["answer"], example["spans"], outcome.revised)
                for outcome, text, example in zip(of_swapped, originals, swapped, strict=True)
            ]
        ),
        "true_changed": _share([outcome.revised != text for outcome, text in zip(of_true, originals, strict=True)]),
        "ms_per_claim": _ms_per_claim(outcomes),
        "ms_p99": percentile([outcome.ms for outcome in outcomes], 0.99),
    }


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
