"""Products by onnxruntime: right, and of each row alone, so that no sentence is read by the company it keeps."""

import numpy as np
import pytest
from numpy.typing import NDArray

from groundwire.claims.parse import Parser
from groundwire.claims.products import Products

from .answers import RECORDED

PRODUCTS = Products()


def numbers(rows: int, columns: int) -> NDArray[np.float32]:
    return np.random.default_rng(rows).standard_normal((rows, columns), dtype=np.float32)


@pytest.mark.parametrize(("width", "height"), [(576, 288), (288, 288), (96, 1024), (96, 50), (7, 3)])
def test_a_row_is_the_same_in_every_batch(width: int, height: int) -> None:
    rows, weights = numbers(200, width), numbers(height, width)
    whole = PRODUCTS.gemm(rows, weights, trans2=True)
    np.testing.assert_allclose(whole, rows @ weights.T, atol=1e-3)
    for count in (1, 2, 3, 5, 8, 13, 31, 64, 113):
        for start in (0, 1, 50):
            part = PRODUCTS.gemm(rows[start : start + count], weights, trans2=True)
            assert np.array_equal(part, whole[start : start + count]), (count, start)


def test_the_product_goes_where_it_is_wanted() -> None:
    rows, weights, out = numbers(4, 6), numbers(5, 6), np.zeros((4, 5), np.float32)
    assert PRODUCTS.gemm(rows, weights, out=out, trans2=True) is out
    assert np.array_equal(out, PRODUCTS.gemm(rows, weights, trans2=True))


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_other_products_are_thincs_own(rows: int) -> None:
    left = numbers(rows, 4)
    np.testing.assert_allclose(PRODUCTS.gemm(left, numbers(4, 5)), left @ numbers(4, 5), atol=1e-5)
    assert PRODUCTS.gemm(left, numbers(5, 4), trans2=True).shape == (rows, 5)


def test_a_sentence_is_read_alike_alone_and_among_others() -> None:
    texts = [line for answer in RECORDED for line in answer.split("\n") if line.strip()][:40]
    together, alone = Parser(), Parser()
    assert together.parse(texts) == [alone.parse([text])[0] for text in texts]
    assert together.names(texts) == [alone.names([text])[0] for text in texts]
