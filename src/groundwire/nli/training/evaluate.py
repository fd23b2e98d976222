"""Measure a model on labelled pairs and on whole answers.

Of answers, only the model is measured here: claims are sentences, evidence is windows of sentences chosen by word
overlap, an answer is as good as its worst sentence. What Groundwire as a whole makes of them, `groundwire bench` says.
"""

# torch, transformers and onnx are an extra: types are checked with and without them.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwire.nli.entailment import EntailmentModel, Pair
from groundwire.nli.training.corpora import ENTAILMENT, UNSUPPORTED, content_words, fit, read_pairs, sentences

Row = dict[str, Any]
Floats = NDArray[np.float64]

_WINDOW = 3
_WINDOWS = 4
_POINTS = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)


def evaluate(
    model: EntailmentModel, data_dir: Path, *, limit: int = 1000, answers: int = 200, seed: int = 0
) -> list[Row]:
    """Measure on every `pairs.*` and `answers.*` file of a folder, at most so many rows of each, and on their mean.

    A row of the table has `set`, `n`, and for pairs `accuracy` (3-way; 2-way where the set has two labels) and
    `calibration_error` of entailment; for answers `balanced_accuracy` and `clean_flagged` at the model's threshold,
    `auc`, `overlap_auc` (the share of words that the context has, as a baseline) and `pairs` per answer.
    """
    threshold = float((getattr(model, "thresholds", None) or {}).get("supported", 0.5))
    table = [measure_pairs(model, path, limit, seed) for path in pair_files(data_dir)]
    table += [measure_answers(model, path, answers, threshold, seed) for path in answer_files(data_dir)]
    for kind, keys in (("pairs", ("accuracy", "calibration_error")),
                       ("answers", ("balanced_accuracy", "auc", "overlap_auc", "clean_flagged"))):  # fmt: skip
        rows = [row for row in table if row["set"].startswith(kind)]
        if rows:
            means = {key: round(float(np.mean([row[key] for row in rows])), 4) for key in keys}
            table.append({"set": f"{kind} (mean)", "n": sum(row["n"] for row in rows), **means})
    return table


def measure_pairs(model: EntailmentModel, path: Path, limit: int, seed: int) -> Row:
    """Accuracy and calibration on one file of pairs."""
    pairs = read_pairs(path)
    random.Random(seed).shuffle(pairs)
    pairs = pairs[:limit]
    labels = np.array([p.label for p in pairs])
    rows = model.predict([(p.premise, p.hypothesis) for p in pairs]).astype(np.float64)
    entailed = rows[:, ENTAILMENT]
    right = hits(rows, labels)
    return {
        "set": path.name.removesuffix(".jsonl.gz"),
        "n": len(pairs),
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(calibration_error(entailed, labels == ENTAILMENT), 4),
    }


def measure_answers(model: EntailmentModel, path: Path, limit: int, threshold: float, seed: int) -> Row:
    """Balanced accuracy, AUC and false alarms on one file of answers."""
    rows = read_answers(path, seed)[:limit]
    labels = np.array([row["label"] for row in rows])
    scores, pairs = score_answers(model, rows)
    flagged = scores > 1 - threshold
    overlap = np.array([1 - overlap_of(row["answer"], _context(row)) for row in rows])
    return {
        "set": path.name.removesuffix(".jsonl.gz"),
        "n": len(rows),
        "balanced_accuracy": round(float((flagged[labels == 1].mean() + (~flagged[labels == 0]).mean()) / 2), 4),
        "auc": round(area_under_curve(scores, labels), 4),
        "overlap_auc": round(area_under_curve(overlap, labels), 4),
        "clean_flagged": round(float(flagged[labels == 0].mean()), 4),
        "pairs": round(pairs / len(rows), 1),
    }


def operating_points(
    model: EntailmentModel, data_dir: Path, *, answers: int = 200, seed: int = 0, thresholds: Sequence[float] = _POINTS
) -> list[Row]:
    """For some thresholds, the mean over the `answers.*` sets of clean and faulty answers flagged."""
    sets = []
    for path in answer_files(data_dir):
        rows = read_answers(path, seed)[:answers]
        sets.append((score_answers(model, rows)[0], np.array([row["label"] for row in rows])))
    points = []
    for threshold in thresholds:
        clean = np.mean([(scores > 1 - threshold)[labels == 0].mean() for scores, labels in sets])
        faulty = np.mean([(scores > 1 - threshold)[labels == 1].mean() for scores, labels in sets])
        points.append(
            {
                "supported from": threshold,
                "clean_flagged": round(float(clean), 4),
                "faulty_flagged": round(float(faulty), 4),
                "balanced_accuracy": round(float(1 + faulty - clean) / 2, 4),
            }
        )
    return points


def read_answers(path: Path, seed: int) -> list[Row]:
    """Read an `answers.*` file, in random order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(seed).shuffle(rows)
    return rows


def score_answers(model: EntailmentModel, rows: Sequence[Mapping[str, Any]]) -> tuple[Floats, int]:
    """One minus the entailment of the worst sentence of each answer, and how many pairs that took."""
    found, pairs = decisive_rows(model, rows)
    return 1 - found[:, ENTAILMENT], pairs


def decisive_rows(model: EntailmentModel, rows: Sequence[Mapping[str, Any]]) -> tuple[Floats, int]:
    """Probabilities (n, 3) of the best window of the worst sentence of each answer, and how many pairs that took."""
    asked, owners = questions(rows)
    found = model.predict(asked)
    return found[decisive(found[:, ENTAILMENT], owners)].astype(np.float64), len(asked)


def questions(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Pair], list[tuple[int, int]]]:
    """The pairs (window, sentence) to ask about some answers, and of which (answer, sentence) each is."""
    asked: list[Pair] = []
    owners: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        parts = sentences(_context(row))
        for number, claim in enumerate(sentences(row["answer"]) or [row["answer"]]):
            for window in choose_windows(parts, claim):
                asked.append((window, claim))
                owners.append((index, number))
    return asked, owners


def decisive(entailed: NDArray[Any], owners: Sequence[tuple[int, int]]) -> list[int]:
    """For each answer, in order, the place of the pair that decides it: the best window of its worst sentence."""
    best: dict[tuple[int, int], int] = {}
    for place, owner in enumerate(owners):
        if owner not in best or entailed[place] > entailed[best[owner]]:
            best[owner] = place
    worst: dict[int, int] = {}
    for (answer, _), place in best.items():
        if answer not in worst or entailed[place] < entailed[worst[answer]]:
            worst[answer] = place
    return [worst[answer] for answer in sorted(worst)]


def choose_windows(parts: Sequence[str], claim: str) -> list[str]:
    """The windows of three sentences that share most words with the claim, best first."""
    wanted = content_words(claim)
    windows = [" ".join(parts[i : i + _WINDOW]) for i in range(max(1, len(parts) - _WINDOW + 1))]
    found = sorted(windows, key=lambda window: -len(wanted & content_words(window)))
    return [" ".join(window.split()[:300]) for window in found[:_WINDOWS]]


def overlap_of(answer: str, context: str) -> float:
    """The smallest share, over the sentences of an answer, of content words that the context has."""
    known = content_words(context)
    shares = [len(w & known) / len(w) for s in sentences(answer) if (w := content_words(s))]
    return min(shares, default=1.0)


def area_under_curve(scores: Floats, labels: NDArray[Any]) -> float:
    """Area under the ROC curve: the chance that a row labelled 1 scores above one labelled 0, ties counting half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    _, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks[order] = ((ends - counts + 1 + ends) / 2)[inverse]
    ones = labels == 1
    positive, negative = int(ones.sum()), int((~ones).sum())
    if not positive or not negative:
        return float("nan")
    return float((ranks[ones].sum() - positive * (positive + 1) / 2) / (positive * negative))


def calibration_error(probabilities: Floats, outcomes: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: the mean gap, over equal bins, between what is said and what is so."""
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(probabilities[index == b].mean() - outcomes[index == b].mean()) * (index == b).mean()
        for b in range(bins)
        if (index == b).any()
    ]
    return float(sum(gaps))


def as_text(table: Sequence[Row]) -> str:
    """A Markdown table for each kind of set."""
    return "\n\n".join(_tables(table))


def _tables(table: Sequence[Row]) -> Iterator[str]:
    for kind in ("pairs", "answers"):
        rows = [row for row in table if row["set"].startswith(kind)]
        if rows:
            keys = list(rows[0])
            yield "\n".join(
                ["| " + " | ".join(keys) + " |", "|" + "---|" * len(keys)]
                + ["| " + " | ".join(str(row.get(key, "")) for key in keys) + " |" for row in rows]
            )


def _context(row: Mapping[str, Any]) -> str:
    context = row["context"]
    return context if isinstance(context, str) else "\n".join(context)


def quick_look(model: Any, tokenizer: Any, dev_dir: Path, rows: int = 60) -> Row:
    """Accuracy of a network in training on the same few rows of every `pairs.*` file: a glance, not a figure."""
    import torch

    from groundwire.nli.training.loop import Batcher

    device = model.out.weight.device
    batcher = Batcher(tokenizer, 4096, 64, 224)
    result: Row = {}
    for path in pair_files(dev_dir):
        pairs = read_pairs(path)
        random.Random(0).shuffle(pairs)
        right: list[bool] = []
        for batch in batcher.batches([fit(pair, 120) for pair in pairs[:rows]], random.Random(0)):
            inputs = {key: value.to(device) for key, value in batch["inputs"].items()}
            with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
                scores = model(**inputs)[0].float().softmax(-1).cpu().numpy()
            right += hits(scores, batch["labels"].numpy()).tolist()
        result[path.name.split(".")[1]] = round(float(np.mean(right)), 3)
    return result


def hits(rows: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are right: 3-way, or entailed or not where a set draws only that line."""
    if (labels == UNSUPPORTED).any():
        return np.asarray((rows[:, ENTAILMENT] >= 0.5) == (labels == ENTAILMENT))
    return np.asarray(rows.argmax(1) == labels)


def pair_files(folder: Path) -> list[Path]:
    """The `pairs.*` files of a folder, in order."""
    return sorted(folder.glob("pairs.*.jsonl.gz"))


def answer_files(folder: Path) -> list[Path]:
    """The `answers.*` files of a folder, in order."""
    return sorted(folder.glob("answers.*.jsonl.gz"))
