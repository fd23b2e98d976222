"""Platt scaling, fitted: from the support of the worst claim to the probability that the answer holds nothing wrong.

Platt 1999, "Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods":
a logistic regression on one number with the targets pulled in from 0 and 1, so that answers that are told apart
without an error do not make it certain. The number is the log-odds of support.
"""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from groundwire.calibrate.collect import Answers
from groundwire.nli import Calibration, log_odds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 10
"""Answers of either label that must hang on entailment: two numbers fitted on fewer are chance."""

FOLDS = 5
DIGITS = 4
STEPS = 100


def fitted(answers: Answers) -> Calibration | None:
    """The calibration that suits the answers whose score entailment decides, in four digits.

    None where there are fewer than ten of either label, or where more support does not mean fewer faults.
    """
    told = answers[answers.hanging]
    clean = told.labels == 0
    if min(int(clean.sum()), int((~clean).sum())) < FEWEST:
        return None
    slope, intercept = logistic(log_odds(told.support), clean)
    slope, intercept = round(slope, DIGITS), round(intercept, DIGITS)
    return Calibration(slope, intercept) if slope > 0 else None


def logistic(numbers: "NDArray[np.float64]", positive: "NDArray[np.bool_]") -> tuple[float, float]:
    """Slope and intercept of the likeliest sigmoid(slope · number + intercept), by Newton's steps.

    The targets are Platt's: (n+1)/(n+2) for the n positive ones, 1/(n+2) for the n others.
    """
    import numpy as np

    here, there = int(positive.sum()), int((~positive).sum())
    targets = np.where(positive, (here + 1) / (here + 2), 1 / (there + 2))
    table = np.column_stack((numbers, np.ones_like(numbers)))
    line = np.array([0.0, np.log((here + 1) / (there + 1))])

    def loss(candidate: Any) -> float:
        odds = table @ candidate
        return float((np.logaddexp(0, odds) - targets * odds).sum())

    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(table @ line, -700, 700)))
        gradient = table.T @ (chance - targets)
        weights = chance * (1 - chance)
        # The small term on the diagonal keeps the step finite where all numbers are the same.
        step = np.linalg.solve((table * weights[:, None]).T @ table + 1e-9 * np.eye(2), gradient)
        size = 1.0
        while loss(line - size * step) > loss(line) and size > 1e-6:
            size /= 2
        line = line - size * step
        if float(np.abs(step).max()) * size < 1e-9:
            break
    return float(line[0]), float(line[1])


def scores(answers: Answers, calibration: Calibration) -> "NDArray[np.float64]":
    """The score of each answer under a calibration: the risk of its riskiest claim. Fixed risks stay what they are."""
    import numpy as np

    return np.fmax(answers.fixed, 1 - calibration.of(answers.support))


def held_out(answers: Answers, otherwise: Calibration) -> "NDArray[np.float64]":
    """The score of each answer under the calibration that the other four fifths of the answers lead to.

    `otherwise` where they lead to none.
    """
    import numpy as np

    found = np.empty(len(answers))
    for rest, fold in folds(answers.labels):
        found[fold] = scores(answers[fold], fitted(answers[rest]) or otherwise)
    return found


def folds(labels: "NDArray[np.int64]") -> "Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]":
    """Five ways to part the answers into the rest and a fold, both labels spread evenly; always the same ones."""
    import numpy as np

    places: list[int] = []
    for label in (0, 1):
        group = np.flatnonzero(labels == label).tolist()
        random.Random(0).shuffle(group)
        places += group
    order = np.array(places, np.int64)
    fold_of = np.arange(len(order)) % FOLDS
    for fold in range(FOLDS):
        yield order[fold_of != fold], order[fold_of == fold]
