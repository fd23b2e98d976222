"""Matrix products for spaCy, by onnxruntime.

Three quarters of a parse are matrix products. spaCy leaves them to BLIS, whose wheel knows the processors of its own
time and treats a newer one like none: on a processor of 2024, onnxruntime was six times as fast. numpy's
OpenBLAS is no choice: it wakes threads that spin on after each product, and what it makes of a row depends on how
many rows stand beside it. Here a row's product is the row's alone, so a sentence is parsed alike in every batch.
"""

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from thinc.api import NumpyOps

# An ONNX model of one node, y = a · bᵀ, for matrices of any size: what onnx.helper writes for Gemm(transB=1).
_GEMM = (
    b'\x08\x08:V\n\x1e\n\x01a\n\x01b\x12\x01y"\x04Gemm*\r\n\x06transB\x18\x01\xa0\x01\x02\x12\x01g'
    b"Z\x0f\n\x01a\x12\n\n\x08\x08\x01\x12\x04\n\x00\n\x00Z\x0f\n\x01b\x12\n\n\x08\x08\x01\x12\x04\n\x00\n\x00"
    b"b\x0f\n\x01y\x12\n\n\x08\x08\x01\x12\x04\n\x00\n\x00B\x04\n\x00\x10\r"
)


class Products(NumpyOps):  # type: ignore[misc]  # compiled, without types
    """thinc's operations on the CPU, with the product that inference needs (`trans2`) by onnxruntime."""

    def __init__(self) -> None:
        super().__init__()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(_GEMM, options, providers=["CPUExecutionProvider"])

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        if trans1 or not trans2 or not len(x) or x.dtype != np.float32 or y.dtype != np.float32:
            return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
        product = self._product(x, y)
        if out is None:
            return product
        out[...] = product
        return out

    def _product(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
        if len(x) == 1:  # a single row goes another way, and is rounded another way
            return self._product(np.concatenate((x, x)), y)[:1]
        product: NDArray[np.float32] = self._session.run(None, {"a": x, "b": y})[0]
        return product
