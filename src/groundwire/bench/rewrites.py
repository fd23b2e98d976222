"""How well wrong texts are repaired: true texts with one object swapped, checked against a graph or the true text.

The ids `n+` and `n-` are a true text and its swapped twin; `spans` says where the swapped words stand. Every text is
checked twice: as it is, and as it was revised.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from groundwire.batch import Failure, Pool, in_process
from groundwire.bench import sets, swaps
from groundwire.bench.figures import mean, percentile
from groundwire.bench.machine import cores
from groundwire.config import Config
from groundwire.errors import GroundwireError
from groundwire.model import Report, Verdict

Progress = Callable[[int], None]

COLUMNS = {
    "n": "n",
    "restored": "restored to\nthe letter",
    "edited": "edited",
    "accepted": "patches\naccepted",
    "changed_elsewhere": "changed\nelsewhere",
    "true_changed": "true\nchanged",
    "supported_before": "supported\nbefore",
    "supported_after": "after",
    "words_kept": "words\nkept",
    "ms": "ms",
}
AGAINST = ("graph", "text")

_WORD = re.compile(r"\w+|[^\w\s]")


class Text(NamedTuple):
    """One text and what it is checked against."""

    answer: str
    context: str | None
    knowledge: str | None


class Repair(NamedTuple):
    """What became of one text. `ms` is the time of its own check, with its edits, in milliseconds."""

    revised: str
    proposed: int
    accepted: int
    claims: int
    supported: int
    claims_after: int
    supported_after: int
    ms: float


@dataclass(frozen=True)
class Repairer:
    """Makes, in whichever process it is called, the function that checks a text and what was made of it."""

    config: Config

    def __call__(self) -> Callable[[Text], Repair]:
        from groundwire.client import Groundwire

        gw = Groundwire(self.config)
        gw.warm()

        def repair(text: Text) -> Repair:
            began = time.perf_counter()
            before = gw.verify(text.answer, context=text.context, knowledge=text.knowledge)
            ms = (time.perf_counter() - began) * 1000
            after = before
            if before.revised != text.answer:
                after = gw.verify(before.revised, context=text.context, knowledge=text.knowledge)
            accepted = sum(patch.accepted for patch in before.patches)
            counts = (*_counted(before), *_counted(after))
            return Repair(before.revised, len(before.patches), accepted, *counts, ms)

        return repair


def every(
    data: Path,
    wanted: Sequence[str],
    config: Config,
    limit: int | None,
    workers: int,
    counter: Callable[[str], Progress],
) -> dict[str, dict[str, float]]:
    """The figures of each set, against its graph and against the true text. `counter` makes a set's progress."""
    return {
        f"{name}, by {against}": figures(
            texts, graph, against, config, limit=limit, workers=workers, progress=counter(f"{name}, by {against}")
        )
        for name, (texts, graph) in swaps.find(data, wanted).items()
        for against in AGAINST
    }


def figures(
    texts: Path, graph: Path, against: str, config: Config, *, limit: int | None, workers: int, progress: Progress
) -> dict[str, float]:
    """Shares, 0 to 1, of what was restored and what was not touched. `against`: `graph`, or `text`, the true one.

    `changed_elsewhere` counts swapped texts in which anything but the swapped words was changed; `words_kept` is the
    share of a swapped text's words that are in its revision, in their order.
    """
    true, swapped = _twins(texts, limit)
    tasks = [
        Text(
            str(example["answer"]),
            context=str(original["answer"]) if against == "text" else None,
            knowledge=str(graph) if against == "graph" else None,
        )
        for pair in zip(true, swapped, strict=True)
        for original, example in ((pair[0], pair[0]), (pair[0], pair[1]))
    ]
    repairs = _repaired(config, tasks, workers, progress)
    of_true, of_swapped = repairs[::2], repairs[1::2]
    pairs = list(zip(of_swapped, swapped, (str(example["answer"]) for example in true), strict=True))
    return {
        "n": len(pairs),
        "restored": _mean(repair.revised == original for repair, _, original in pairs),
        "edited": _mean(repair.revised != example["answer"] for repair, example, _ in pairs),
        "accepted": _share(sum(r.accepted for r in of_swapped), sum(r.proposed for r in of_swapped)),
        # The true text may differ from the swapped one in an article beside the spans, which had to agree.
        "changed_elsewhere": _mean(
            repair.revised not in (original, example["answer"])
            and not swaps.only_within(example["answer"], example["spans"], repair.revised)
            for repair, example, original in pairs
        ),
        "true_changed": _mean(r.revised != original for r, (_, _, original) in zip(of_true, pairs, strict=True)),
        "supported_before": _share(sum(r.supported for r in of_swapped), sum(r.claims for r in of_swapped)),
        "supported_after": _share(sum(r.supported_after for r in of_swapped), sum(r.claims_after for r in of_swapped)),
        "words_kept": _mean(_kept(example["answer"], repair.revised) for repair, example, _ in pairs),
        "ms": percentile([repair.ms for repair in of_swapped], 0.5),
    }


def _twins(texts: Path, limit: int | None) -> tuple[list[sets.Example], list[sets.Example]]:
    examples = sets.read(texts, ("id", "answer"))
    true = {example["id"].removesuffix("+"): example for example in examples if example["id"].endswith("+")}
    swapped = [e for e in examples if e["id"].endswith("-") and e["id"].removesuffix("-") in true][:limit]
    return [true[example["id"].removesuffix("-")] for example in swapped], swapped


def _repaired(config: Config, tasks: list[Text], workers: int, progress: Progress) -> list[Repair]:
    """Every text's repair, in order. Raises: GroundwireError for one that fails: a figure must not leave it out."""
    if workers == 1:
        return _collected(in_process(Repairer(config), tasks), progress)
    threads = config.entailment.model_copy(update={"threads": max(1, cores() // workers)})
    with Pool[Text, Repair](Repairer(config.model_copy(update={"entailment": threads})), workers) as pool:
        return _collected(pool.map(tasks), progress)


def _collected(results: Iterable[tuple[Text, Repair | Failure]], progress: Progress) -> list[Repair]:
    found: list[Repair] = []
    for text, result in results:
        if isinstance(result, Failure):
            raise GroundwireError(f"{text.answer[:40]!r}: {result.what}")
        found.append(result)
        progress(1)
    return found


def _counted(report: Report) -> tuple[int, int]:
    checkable = [claim for claim in report.claims if claim.checkable]
    return len(checkable), sum(claim.verdict is Verdict.SUPPORTED for claim in checkable)


def _kept(before: str, after: str) -> float:
    old, new = _WORD.findall(before), _WORD.findall(after)
    same = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return same / len(old) if old else 1.0


def _mean(values: Iterable[float]) -> float:
    return mean([float(value) for value in values])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
