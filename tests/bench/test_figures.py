import math
import random

import pytest

from groundwire.bench import balanced_accuracy, best_balanced_accuracy, machine, percentile
from groundwire.bench.overlap import missing_words


def test_balanced_accuracy_is_the_mean_of_both_sides() -> None:
    assert balanced_accuracy([1, 1, 1, 1, 0], [True, True, True, False, False]) == pytest.approx((0.75 + 1) / 2)
    assert balanced_accuracy([1, 0], [False, True]) == 0
    assert balanced_accuracy([1, 1, 1, 0], [True] * 4) == 0.5
    assert math.isnan(balanced_accuracy([1, 1], [True, True]))


def test_the_best_threshold_is_the_best_of_all() -> None:
    chance = random.Random(2)
    labels = [chance.randint(0, 1) for _ in range(80)]
    scores = [chance.randint(0, 7) + label for label in labels]
    every = [balanced_accuracy(labels, [score >= at for score in scores]) for at in range(10)]
    assert best_balanced_accuracy(labels, scores) == pytest.approx(max(every))
    assert best_balanced_accuracy([1, 0], [0.1, 0.9]) == 0.5
    assert best_balanced_accuracy([1, 0], [0.5, 0.5]) == 0.5
    assert math.isnan(best_balanced_accuracy([1], [0.5]))


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (0, 0.5, 0.99, 1)] == [1, 50, 99, 100]
    assert percentile([3.0], 0.99) == 3
    assert math.isnan(percentile([], 0.5))


def test_overlap() -> None:
    assert missing_words("The museum opened in 1994.", "A museum, opened 1994 in Zürich") == 0
    assert missing_words("The museum opened in 12.", "A museum opened.") == pytest.approx(1 / 3)
    assert missing_words("", "x") == missing_words("It is.", "") == 0


def test_the_machine_is_named() -> None:
    found = machine()
    assert found["cores"] >= 1
    assert found["python"].startswith("3.")
    assert found["processor"]
