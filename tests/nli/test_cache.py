import threading

import numpy as np
import pytest

from groundwire.errors import ModelError
from groundwire.nli import CachedModel, FakeEntailment

YES, NO = (0.9, 0.1, 0.0), (0.1, 0.2, 0.7)


def test_a_pair_is_scored_once() -> None:
    fake = FakeEntailment({("p", "a"): YES, ("p", "b"): NO})
    model = CachedModel(fake)
    first = model.predict([("p", "a"), ("p", "b"), ("p", "a")])
    second = model.predict([("p", "b"), ("p", "a")])
    assert fake.calls == [[("p", "a"), ("p", "b")]]
    np.testing.assert_allclose(first, [YES, NO, YES], atol=1e-6)
    np.testing.assert_allclose(second, [NO, YES], atol=1e-6)


def test_where_premise_ends_and_hypothesis_begins_counts() -> None:
    fake = FakeEntailment({("ab", "c"): YES, ("a", "bc"): NO})
    np.testing.assert_allclose(CachedModel(fake).predict([("ab", "c"), ("a", "bc")]), [YES, NO], atol=1e-6)


def test_it_holds_no_more_than_its_size_and_forgets_the_oldest() -> None:
    fake = FakeEntailment(default=YES)
    model = CachedModel(fake, size=2)
    for claim in ("a", "b", "a", "c"):
        model.predict([("p", claim)])
    assert len(model) == 2
    model.predict([("p", "a")])
    assert fake.calls == [[("p", "a")], [("p", "b")], [("p", "c")]]


def test_what_is_not_a_probability_is_not_kept() -> None:
    fake = FakeEntailment(default=YES, fails="nan")
    model = CachedModel(fake)
    assert np.isnan(model.predict([("p", "a")])).all()
    fake._fails = None
    np.testing.assert_allclose(model.predict([("p", "a")]), [YES], atol=1e-6)


@pytest.mark.parametrize("fails", ["shape", "rows"])
def test_a_wrong_shape_is_refused(fails: str) -> None:
    with pytest.raises(ModelError):
        CachedModel(FakeEntailment(fails=fails)).predict([("p", "a"), ("p", "b")])  # type: ignore[arg-type]


def test_no_pairs_no_call() -> None:
    fake = FakeEntailment()
    assert CachedModel(fake).predict([]).shape == (0, 3)
    assert fake.calls == []


def test_many_threads_get_their_own_rows() -> None:
    model = CachedModel(FakeEntailment(lambda p, h: (int(h) / 1000, 0.0, 1 - int(h) / 1000)), size=50)
    wrong: list[int] = []

    def ask(start: int) -> None:
        numbers = [n % 300 for n in range(start, start + 200)]
        rows = [model.predict([("p", str(n))])[0, 0] for n in numbers]
        wrong.extend(n for n, row in zip(numbers, rows, strict=True) if abs(float(row) - n / 1000) > 1e-6)

    threads = [threading.Thread(target=ask, args=(i * 37,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(model) <= 50


def test_surrogates_do_not_break_the_key() -> None:
    model = CachedModel(FakeEntailment(default=YES))
    assert model.predict([("\ud800", "a")]).shape == (1, 3)
