import numpy as np
import pytest

from groundwire.errors import ModelError
from groundwire.nli import EntailmentModel, FakeEntailment
from groundwire.nli.entailment import checked


def test_distributions_pass() -> None:
    rows = checked([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]], 2)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]])


@pytest.mark.parametrize(
    "row", [[np.nan, 0.5, 0.5], [0.9, 0.9, 0.9], [-0.5, 0.5, 1.0], [np.inf, 0, 0], [0, 0, 0]], ids=str
)
def test_a_row_that_is_no_distribution_becomes_nan_and_leaves_its_neighbour_alone(row: list[float]) -> None:
    rows = checked([row, [0.1, 0.2, 0.7]], 2)
    assert np.isnan(rows[0]).all()
    np.testing.assert_allclose(rows[1], [0.1, 0.2, 0.7])


@pytest.mark.parametrize(
    "rows", [[[0.5, 0.5]], [[1.0, 0.0, 0.0]] * 3, [], 0.7, None, "high", [[1, 0, 0], [1]]], ids=str
)
def test_a_wrong_shape_is_refused(rows: object) -> None:
    with pytest.raises(ModelError):
        checked(rows, 2)


def test_the_fake_is_a_model() -> None:
    assert isinstance(FakeEntailment(), EntailmentModel)
