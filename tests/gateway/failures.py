"""Stages of a check that fail on purpose, in every way that they can."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from groundwire.claims import FakeExtractor
from groundwire.model import Case, Claim, Evidence, Finding, Label, Report, Span
from groundwire.rules import RuleSet

STAGES = ("extractor", "graph", "entailment", "rules", "store")
WAYS = ("raises", "hangs", "garbage", "NaN", "missing score")
POLICIES = ("closed", "open")

_never = threading.Event()
EVIDENCE = Evidence(source="atlas", text="Water is wet.")


def _fail(how: str, garbage: Any) -> Any:
    """Fail in this way, or return what is not what was promised."""
    if how == "raises":
        raise RuntimeError("failed on purpose")
    if how == "hangs":
        _never.wait(30)
        raise RuntimeError("hung on purpose")
    return garbage


class FailingExtractor(FakeExtractor):
    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def extract(self, answer: str, **_: Any) -> tuple[Claim, ...]:
        nan: Any = float("nan")
        return _fail(self.how, {  # type: ignore[no-any-return]
            "garbage": ["no", "claims"],
            "NaN": (Claim(id="c1", text="x", span=Span(0, 1)).model_copy(update={"span": (0, nan)}),),
            "missing score": None,
        }.get(self.how))  # fmt: skip


class FailingJudge:
    """Supports everything where it does not fail, so that a failure that passes for support is seen."""

    version = "1"

    def __init__(self, name: str, how: str) -> None:
        self.name, self.how = name, how

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        def found(odds: dict[str, float]) -> Finding:
            sound = Finding(judge=self.name, version="1", label=Label.SUPPORTED, evidence=(EVIDENCE,))
            return sound.model_copy(update={"probabilities": odds})

        made: dict[str, Callable[[Case], Any]] = {
            "garbage": lambda case: "supported",
            "NaN": lambda case: found({"entailment": float("nan"), "contradiction": 0.0}),
            "missing score": lambda case: found({"contradiction": 0.0}),
        }
        make: Callable[[Case], Any] = made.get(self.how, lambda case: None)
        return _fail(self.how, [make(case) for case in cases])  # type: ignore[no-any-return]


class FailingRules(RuleSet):
    """Rules of which none can be tried."""

    def __init__(self, how: str) -> None:
        super().__init__(())
        self.how = how

    def tried(self, *_: Any) -> Any:
        return _fail(self.how, {"garbage": "allow", "NaN": float("nan")}.get(self.how))

    def on_error(self, claim: Any) -> Any:
        return _fail(self.how, "maybe")


class BrokenStore:
    """A store that keeps nothing. Where its `save` returns something odd, nothing says that it was kept."""

    def __init__(self, how: str) -> None:
        self.how = how

    def save(self, report: Report, *, request: Any = None) -> None:
        if self.how in ("garbage", "NaN", "missing score"):
            raise ValueError(f"the database answered with {self.how}")
        _fail(self.how, None)

    def get(self, id: str) -> Report | None:
        return None

    def close(self) -> None:
        """Nothing is open."""
