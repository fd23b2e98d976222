"""An entailment model for tests: it says what it is told to, or fails the way it is told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from groundwire.nli.doubt import Stretch
from groundwire.nli.entailment import Pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = tuple[float, float, float]


class FakeEntailment:
    """Answers from a script.

    `script` maps (premise, hypothesis) to its row, or is a function that does; pairs it does not know get `default`,
    or, without one, entailment where the premise holds the hypothesis word for word and neutral where it does not.
    `fails` makes every call go wrong: an exception is raised, "nan" fills the rows with NaN, "shape" returns one
    column, "rows" one row too few, "sum" rows that do not add up. `calls` records what was asked. With `doubts` the
    model can tell which words of a hypothesis its premise does not say: those that this function returns.
    """

    name = "fake"
    version = "fake"

    def __init__(
        self,
        script: Mapping[Pair, Row] | Callable[[str, str], Row | None] | None = None,
        *,
        default: Row | None = None,
        fails: Exception | Literal["nan", "shape", "rows", "sum"] | None = None,
        max_length: int = 512,
        doubts: Callable[[str, str], list[Stretch]] | None = None,
    ) -> None:
        self._script = script if callable(script) else (lambda p, h: (script or {}).get((p, h)))
        self._default = default
        self._fails = fails
        self.max_length = max_length
        self.calls: list[list[Pair]] = []
        if doubts is not None:
            self.doubted = lambda pairs: [doubts(*pair) for pair in pairs]

    def length(self, text: str) -> int:
        return len(text.split())

    def predict(self, pairs: Sequence[Pair], *, deadline: float | None = None) -> NDArray[np.float32]:
        import numpy as np

        self.calls.append(list(pairs))
        if isinstance(self._fails, Exception):
            raise self._fails
        rows = np.array([self._row(*pair) for pair in pairs], np.float32).reshape(len(pairs), 3)
        match self._fails:
            case "nan":
                return np.full_like(rows, np.nan)
            case "shape":
                return rows[:, :1]
            case "rows":
                return rows[:-1]
            case "sum":
                return rows * 2
        return rows

    def _row(self, premise: str, hypothesis: str) -> Row:
        if (row := self._script(premise, hypothesis)) is not None:
            return row
        if self._default is not None:
            return self._default
        return (1.0, 0.0, 0.0) if hypothesis.rstrip(".").lower() in premise.lower() else (0.0, 1.0, 0.0)
