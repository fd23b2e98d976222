import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from groundwire.nli.windows import combine, windows


@given(st.integers(0, 400), st.integers(1, 60))
def test_windows_hold_every_token_and_keep_the_size(length: int, size: int) -> None:
    tokens = list(range(length))
    parts = windows(tokens, size)
    assert all(len(part) <= size for part in parts)
    assert sorted({token for part in parts for token in part}) == tokens


def test_windows_overlap() -> None:
    first, second, third = windows(list(range(100)), 40)
    assert first[-10:] == second[:10]
    assert third == list(range(60, 100))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_more_windows_never_lower_entailment(pairs: list[tuple[float, float]]) -> None:
    rows = np.array([(e, (1 - e) * (1 - c), (1 - e) * c) for e, c in pairs], np.float32)
    row = combine(rows)
    assert row[0] == rows[:, 0].max()
    assert abs(row.sum() - 1) < 1e-5
    assert (row >= 0).all()


def test_contradiction_comes_from_the_window_most_certain_of_it() -> None:
    row = combine(np.array([[0.1, 0.8, 0.1], [0.05, 0.05, 0.9]], np.float32))
    np.testing.assert_allclose(row, [0.1, 0.0, 0.9], atol=1e-6)
