"""What is fitted after training: calibration, the early head's band, the combiner, thresholds.

The first three on pairs of `train/` whose premises no training saw; the thresholds on answers of `dev/`.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from groundwire.model import Case, Finding
from groundwire.nli.combiner import FALLING, FEATURES, RISING, features
from groundwire.nli.entailment import EntailmentModel
from groundwire.nli.judge import EntailmentJudge, shared
from groundwire.nli.training.corpora import (
    CONTRADICTION,
    ENTAILMENT,
    UNSUPPORTED,
    Pair,
    is_held_out,
)
from groundwire.nli.training.corpora import fit as shortened
from groundwire.nli.training.mixture import read_corpus

Floats = NDArray[np.float64]

FALSE_POSITIVES = 0.22
"""The share of right answers that the default threshold may flag, on the rows it is chosen on."""

ASTRAY = 0.004
"""The share of pairs that the early head may decide otherwise than the last one would have."""


class Example(NamedTuple):
    """A claim with its evidence, and whether that supports it. `group` is the answer, `source` the set it is from."""

    case: Case
    supported: bool
    source: str
    group: str


def held_out(data_dir: Path, mix: Mapping[str, Any], names: Sequence[str], most: int, seed: int) -> list[Pair]:
    """At most `most` pairs of each corpus named, of the premises that no training sees."""
    found: list[Pair] = []
    for name in names:
        pairs = [pair for pair in read_corpus(data_dir, name, mix) if is_held_out(pair, mix["held_out"])]
        random.Random(f"{seed}:{name}").shuffle(pairs)
        found += pairs[:most]
    return found


def calibrate(model: EntailmentModel, pairs: Sequence[Pair], max_words: int) -> tuple[dict[str, Any], Floats]:
    """Temperature and biases for an uncalibrated model, every corpus weighing alike; and calibrated odds (n, 3)."""
    asked = [shortened(pair, max_words) for pair in pairs]
    rows = model.predict([(pair.premise, pair.hypothesis) for pair in asked]).astype(np.float64)
    labels = np.array([pair.label for pair in pairs])
    logs = np.log(np.maximum(rows, 1e-9))
    calibration = fit(logs, labels, _alike([pair.source for pair in pairs]))
    scaled = logs / calibration["temperature"] + np.asarray(calibration["bias"])
    odds = np.exp(scaled - scaled.max(1, keepdims=True))
    return calibration, odds / odds.sum(1, keepdims=True)


def sure_band(early: Floats, last: Floats) -> list[float]:
    """Entailment by the early head at or below which, and at or above which, the last layers are not asked.

    Beyond them at most `ASTRAY` of the pairs would come out on the other side of 0.5. Both are shape (n,).
    """
    low = max((t / 100 for t in range(1, 50) if _share(last[early <= t / 100] >= 0.5) <= ASTRAY), default=0.0)
    high = min((t / 100 for t in range(51, 100) if _share(last[early >= t / 100] < 0.5) <= ASTRAY), default=1.0)
    return [low, high]


def _share(flags: NDArray[np.bool_]) -> float:
    """Of none, all: where nothing was seen, nothing is known."""
    return float(flags.mean()) if len(flags) else 1.0


def fit_combiner(judge: EntailmentJudge, examples: Sequence[Example], *, steps: int = 4000) -> dict[str, float]:
    """The weights of `Combiner`, by logistic regression, every source weighing alike and so its two labels.

    Weights of what speaks for support are kept at or above 0, of what speaks against it at or below. `judge` is one
    whose model has no combiner.
    """
    values, labels, kinds = [], [], []
    for example, reading in zip(examples, judge.read([e.case for e in examples]), strict=True):
        if not isinstance(reading, Finding):
            found = features(reading.entailment, reading.contradiction, shared(example.case))
            values.append([found[name] for name in FEATURES])
            labels.append(example.supported)
            kinds.append(f"{example.source}:{example.supported}")
    weights = ascend(np.array(values), np.array(labels, float), _alike(kinds), steps)
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}


def ascend(values: Floats, labels: Floats, importance: Floats, steps: int, ridge: float = 1e-3) -> Floats:
    """Weights (features,) that maximise the likelihood of `labels` (n,) given `values` (n, features), within bounds.

    Accelerated projected gradient ascent (Nesterov 1983; Beck and Teboulle 2009).
    """
    rising = np.array([name in RISING for name in FEATURES])
    falling = np.array([name in FALLING for name in FEATURES])
    scale = np.maximum(values.std(0), 1e-6)
    scale[values.std(0) < 1e-6] = 1.0
    table = values / scale
    rate = 1 / (0.25 * float(np.linalg.eigvalsh((table * importance[:, None]).T @ table)[-1]) + ridge)
    weights = ahead = np.zeros(table.shape[1])
    for step in range(steps):
        odds = 1 / (1 + np.exp(-(table @ ahead)))
        new = ahead + rate * (table.T @ (importance * (labels - odds)) - ridge * ahead)
        new = np.where(rising, np.maximum(new, 0), np.where(falling, np.minimum(new, 0), new))
        ahead = new + step / (step + 3) * (new - weights)
        weights = new
    return np.asarray(weights / scale)


def weakest(judge: EntailmentJudge, examples: Sequence[Example]) -> dict[str, list[tuple[float, bool]]]:
    """For each set the answers: the support of the claim that has least, and whether the answer is right."""
    worst: dict[str, dict[str, tuple[float, bool]]] = defaultdict(dict)
    for example, reading in zip(examples, judge.read([e.case for e in examples]), strict=True):
        if not isinstance(reading, Finding):
            known = worst[example.source]
            support = judge.support(example.case, reading)
            known[example.group] = min((support, example.supported), known.get(example.group, (1.0, example.supported)))
    return {source: list(answers.values()) for source, answers in worst.items()}


def platt(answers: Mapping[str, Sequence[tuple[float, bool]]], steps: int = 30) -> tuple[float, float]:
    """Slope and intercept that make the support of an answer's weakest claim a probability; every set weighs alike.

    Logistic regression on the log-odds (Platt 1999), by Newton's method.
    """
    table = np.array([(support, right, 1 / len(rows)) for rows in answers.values() for support, right in rows])
    support, right, importance = np.clip(table[:, 0], 1e-4, 1 - 1e-4), table[:, 1], table[:, 2]
    values = np.stack([np.log(support / (1 - support)), np.ones(len(support))], 1)
    found = np.array([1.0, 0.0])
    for _ in range(steps):
        odds = 1 / (1 + np.exp(-(values @ found)))
        curve = (values * (importance * odds * (1 - odds))[:, None]).T @ values + 1e-9 * np.eye(2)
        found = found + np.linalg.solve(curve, values.T @ (importance * (right - odds)))
    return float(found[0]), float(found[1])


def choose_threshold(answers: Mapping[str, Sequence[tuple[float, bool]]]) -> float:
    """From which support on a claim counts as supported: `threshold_for_support` of the right answers."""
    return threshold_for_support([np.array([support for support, right in rows if right]) for rows in answers.values()])


def threshold_for_support(sets: Sequence[Floats], false_positives: float = FALSE_POSITIVES) -> float:
    """The highest of 0.05, 0.06, … 0.95 below which at most that share of right answers falls; 0.5 without any.

    `sets` hold the support of right answers, one array a set; the share is the mean of the sets' shares.
    """
    sets = [values for values in sets if len(values)]
    if not sets:
        return 0.5
    below = {t: float(np.mean([(values < t / 100).mean() for values in sets])) for t in range(5, 96)}
    return max((t / 100 for t, share in below.items() if share <= false_positives), default=0.05)


def threshold_for_precision(scores: NDArray[Any], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest of 0.50, 0.55, … 0.95 above which at least `precision` of what is called so is so; 0.95 if none.

    To the nearest hundredth: what is rare is called so seldom that one pair more or less decides.
    """
    for step in range(10):
        threshold = 0.5 + step / 20
        called = scores >= threshold
        if called.any() and round(float(right[called].mean()), 2) >= precision:
            return round(threshold, 2)
    return 0.95


def threshold_for_contradiction(odds: Floats, pairs: Sequence[Pair]) -> float:
    """From which probability on four of five contradictions are contradictions, of calibrated `odds` (n, 3)."""
    labels = np.array([pair.label for pair in pairs])
    known = labels != UNSUPPORTED
    return threshold_for_precision(odds[known, CONTRADICTION], labels[known] == CONTRADICTION, 0.8)


def fit(logits: Floats, labels: NDArray[np.int64], weights: Floats, steps: int = 3000) -> dict[str, Any]:
    """Temperature and biases (3,) that minimise the weighted log-loss of `logits` (n, 3), by gradient descent."""
    weights = weights / weights.sum()
    log_scale, bias = 0.0, np.zeros(3)
    targets = np.zeros((len(labels), 3))
    for _ in range(steps):
        scale = np.exp(log_scale)
        scaled = logits * scale + bias
        odds = np.exp(scaled - scaled.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        targets[:] = 0
        sure = labels <= CONTRADICTION
        targets[sure, labels[sure]] = 1
        rest = odds[~sure, ENTAILMENT + 1 :]
        targets[~sure, ENTAILMENT + 1 :] = rest / rest.sum(1, keepdims=True)
        slope = (odds - targets) * weights[:, None]
        bias -= 1.0 * slope.sum(0)
        log_scale -= 0.5 * float((slope * logits).sum() * scale)
    bias -= bias.mean()
    return {"temperature": round(float(np.exp(-log_scale)), 4), "bias": [round(float(b), 4) for b in bias]}


def _alike(kinds: Sequence[str]) -> Floats:
    """A weight for each row (n,), sum 1, so that every kind weighs alike."""
    names, place, counts = np.unique(np.array(kinds), return_inverse=True, return_counts=True)
    return np.asarray(1 / counts[place] / len(names))
