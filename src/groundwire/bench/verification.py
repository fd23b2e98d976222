"""How well answers are told apart that hold something unsupported from those that do not, and pairs of sentences.

Answers go the whole way of `Groundwire.verify`; pairs go to the entailment model alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from groundwire.batch import Failure, Pool, in_process
from groundwire.bench import sets
from groundwire.bench.figures import balanced_accuracy, best_balanced_accuracy, mean, percentile
from groundwire.bench.machine import cores
from groundwire.bench.overlap import missing_words
from groundwire.calibrate import area_under_curve, expected_calibration_error
from groundwire.config import Config
from groundwire.errors import GroundwireError
from groundwire.model import CheckedClaim, Label, Outcome

Progress = Callable[[int], None]

FLAGGED = (Outcome.FLAGGED, Outcome.REWRITTEN, Outcome.BLOCKED)
PAIRS_AT_ONCE = 256
THREE_WAYS = ("entailment", "neutral", "contradiction")
ENTAILED = ("entailment", "supported")


class Task(NamedTuple):
    """One answer to check."""

    answer: str
    context: tuple[str, ...] | None = None
    question: str | None = None
    knowledge: str | None = None


class Checked(NamedTuple):
    """What came of one answer. `ms` is the time of the check alone, in milliseconds.

    `linked` is how many claims a graph said something about, or has facts for. `pairs` is how many pairs of passage and
    claim went to the entailment model; one that it had scored before did not.
    """

    verdict: Outcome
    score: float
    coverage: float
    claims: int
    revised: str
    ms: float
    pairs: int
    linked: int = 0


@dataclass(frozen=True)
class Checker:
    """Makes, in whichever process it is called, the function that checks and times one answer."""

    config: Config

    def __call__(self) -> Callable[[Task], Checked]:
        from groundwire.client import Groundwire
        from groundwire.nli import QueuedModel

        gw = Groundwire(self.config)
        gw.warm()
        models = [getattr(judge, "model", None) for judge in gw.pipeline.judges]
        queues = [model for model in models if isinstance(model, QueuedModel)]

        def queued() -> int:
            return sum(queue.queued for queue in queues)

        def check(task: Task) -> Checked:
            before = queued()
            began = time.perf_counter()
            report = gw.verify(task.answer, context=task.context, question=task.question, knowledge=task.knowledge)
            ms = (time.perf_counter() - began) * 1000
            claims = sum(claim.checkable for claim in report.claims)
            linked = sum(claim.checkable and _linked(claim) for claim in report.claims)
            asked = queued() - before
            return Checked(report.verdict, report.score, report.coverage, claims, report.revised, ms, asked, linked)

        return check


def _linked(claim: CheckedClaim) -> bool:
    graph = [finding for finding in claim.findings if finding.judge == "graph"]
    return any(finding.evidence or finding.label is not Label.UNCHECKED for finding in graph)


def check_all(config: Config, tasks: Sequence[Task], workers: int, progress: Progress) -> list[Checked]:
    """Every task's outcome, in order. Raises: GroundwireError for one that fails: a figure must not leave it out."""
    if workers == 1:
        return _collected(in_process(Checker(config), tasks), progress)
    threads = config.entailment.model_copy(update={"threads": max(1, cores() // workers)})
    with Pool[Task, Checked](Checker(config.model_copy(update={"entailment": threads})), workers) as pool:
        return _collected(pool.map(tasks), progress)


def _collected(results: Any, progress: Progress) -> list[Checked]:
    outcomes: list[Checked] = []
    for number, (task, result) in enumerate(results, start=1):
        if isinstance(result, Failure):
            raise GroundwireError(f"example {number} ({task.answer[:40]!r}): {result.what}")
        outcomes.append(result)
        progress(1)
    return outcomes


class Answered(NamedTuple):
    """One answer with what came of it, and its label: 1 where it holds something unsupported."""

    task: Task
    checked: Checked
    label: int


def answers(path: Path, config: Config, *, limit: int | None, workers: int, progress: Progress) -> list[Answered]:
    """Every answer of one set, checked: of examples with `context`, `answer` and `label`."""
    examples = sets.read(path, ("context", "answer", "label"), limit)
    tasks = [Task(example["answer"], _texts(example["context"]), example.get("question")) for example in examples]
    outcomes = check_all(config, tasks, workers, progress)
    return [
        Answered(task, outcome, int(example["label"]))
        for task, outcome, example in zip(tasks, outcomes, examples, strict=True)
    ]


def figures(answered: Sequence[Answered]) -> dict[str, float]:
    """The figures of some answers, shares from 0 to 1."""
    tasks, outcomes, labels = zip(*answered, strict=True) if answered else ((), (), ())
    flagged = [outcome.verdict in FLAGGED for outcome in outcomes]
    scores = [outcome.score for outcome in outcomes]
    overlap = [missing_words(task.answer, " ".join(task.context or ())) for task in tasks]
    return {
        "n": len(answered),
        "balanced_accuracy": balanced_accuracy(labels, flagged),
        "auc": area_under_curve(labels, scores),
        "calibration_error": expected_calibration_error(labels, scores),
        "best_balanced_accuracy": best_balanced_accuracy(labels, scores),
        "clean_flagged": mean([float(flag) for flag, label in zip(flagged, labels, strict=True) if label == 0]),
        "faulty_flagged": mean([float(flag) for flag, label in zip(flagged, labels, strict=True) if label == 1]),
        "coverage": mean([outcome.coverage for outcome in outcomes]),
        "claims": mean([float(outcome.claims) for outcome in outcomes]),
        "entailment_pairs": mean([float(outcome.pairs) for outcome in outcomes]),
        "ms": mean([outcome.ms for outcome in outcomes]),
        "ms_p99": percentile([outcome.ms for outcome in outcomes], 0.99),
        "overlap_auc": area_under_curve(labels, overlap),
        "overlap_best_balanced_accuracy": best_balanced_accuracy(labels, overlap),
    }


def pairs(path: Path, config: Config, *, limit: int | None, progress: Progress) -> dict[str, float]:
    """The figures of one set of `premise`, `hypothesis` and `label`, by the entailment model alone.

    Accuracy is three-way where the labels are; where they are `supported` and `unsupported`, it is whether
    entailment is the likeliest of the three. The calibration error is that of the probability of entailment.
    """
    from groundwire.nli import load_model

    examples = sets.read(path, ("premise", "hypothesis", "label"), limit)
    examples.sort(key=lambda example: len(example["premise"]) + len(example["hypothesis"]))
    model = load_model(config.entailment.model, threads=config.entailment.threads)
    right = 0
    entailed: list[int] = []
    support: list[float] = []
    began = time.perf_counter()
    for start in range(0, len(examples), PAIRS_AT_ONCE):
        group = examples[start : start + PAIRS_AT_ONCE]
        rows = model.predict([(example["premise"], example["hypothesis"]) for example in group])
        likeliest = rows.argmax(axis=1)
        right += sum(_agree(example["label"], int(place)) for example, place in zip(group, likeliest, strict=True))
        entailed += [int(example["label"] in ENTAILED) for example in group]
        support += rows[:, 0].tolist()
        progress(len(group))
    seconds = time.perf_counter() - began
    return {
        "n": len(examples),
        "accuracy": right / len(examples) if examples else float("nan"),
        "calibration_error": expected_calibration_error(entailed, support),
        "pairs_per_second": len(examples) / seconds,
    }


def _agree(label: str, likeliest: int) -> bool:
    if label in THREE_WAYS:
        return THREE_WAYS[likeliest] == label
    if label not in ("supported", "unsupported"):
        raise GroundwireError(f'"{label}" is not a label. Labels: {", ".join(THREE_WAYS)}, supported, unsupported.')
    return (likeliest == 0) == (label == "supported")


def _texts(context: Any) -> tuple[str, ...]:
    return (context,) if isinstance(context, str) else tuple(context)
