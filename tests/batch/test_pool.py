from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.batch.work import Doubling, DyingAtStart, Refusing, double

from groundwire.batch import Failure, Pool, in_process
from groundwire.errors import GroundwireError, RuleError


def test_results_come_in_order_from_every_process(tmp_path: Path) -> None:
    with Pool(Doubling(str(tmp_path)), 2) as pool:
        assert list(pool.map(range(10, 13))) == [(10, 20), (11, 22), (12, 24)]
        assert list(pool.map(range(100, 300))) == [(number, number * 2) for number in range(100, 300)]
        assert list(pool.map([])) == []
    assert len(list(tmp_path.iterdir())) == 2


def test_what_the_work_raises_is_that_items_failure(tmp_path: Path) -> None:
    expected = [(12, 24), (13, Failure("ValueError: thirteen is not doubled")), (14, 28)]
    with Pool(Doubling(str(tmp_path)), 1) as pool:
        assert list(pool.map([12, 13, 14])) == expected
    assert list(in_process(lambda: double, [12, 13, 14])) == expected


def test_a_killed_process_costs_its_item_and_nothing_else(tmp_path: Path) -> None:
    items = [1, 2, 99, *range(3, 40), 98, 40]
    with Pool(Doubling(str(tmp_path)), 2) as pool:
        results = dict(pool.map(items))
    assert results.pop(99) == Failure("the worker process was ended by signal 9")
    assert results.pop(98) == Failure("the worker process ended with code 3")
    assert results == {number: 26 if number == 13 else number * 2 for number in range(1, 41)} | {
        13: Failure("ValueError: thirteen is not doubled")
    }


def test_an_item_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with Pool(Doubling(str(tmp_path)), 1, limit_s=0.5) as pool:
        assert list(pool.map([97, 1])) == [(97, Failure("took longer than 0.5 s")), (1, 2)]


def test_what_cannot_start_says_why_instead_of_waiting() -> None:
    with Pool(Refusing(), 2) as pool, pytest.raises(GroundwireError, match=r"^rules\.yaml:3:1: no such rule\. Exp"):
        list(pool.map([1, 2]))
    with Pool(DyingAtStart(), 1) as pool, pytest.raises(GroundwireError, match=r"cannot start: .* code 7"):
        list(pool.map([1, 2]))
    with pytest.raises(RuleError):
        list(in_process(Refusing(), [1]))


def test_reading_ahead_is_bounded(tmp_path: Path) -> None:
    read = 0

    def items() -> Iterator[int]:
        nonlocal read
        for number in range(100, 1000):
            read += 1
            yield number

    with Pool(Doubling(str(tmp_path)), 1) as pool:
        for number, (_, result) in enumerate(pool.map(items())):
            assert result == (number + 100) * 2
            assert read <= number + 34
