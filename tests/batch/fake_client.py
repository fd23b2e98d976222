"""An audit whose checks need no models: what is wrong says so. Run as a program, it is `groundwire audit`, slowly."""

import sys
import time
from types import ModuleType, SimpleNamespace
from typing import Any

import typer
from tests.review.reports import a_report

from groundwire.config import Config
from groundwire.errors import GroundwireError
from groundwire.model import Outcome, Report


class FakeGroundwire:
    """Remembers what it was asked. `slow` is in seconds."""

    asked: list[dict[str, Any]] = []  # noqa: RUF012 - shared on purpose: a test reads what all of them were asked
    slow = 0.0

    def __init__(self, config: Config) -> None:
        self.config = config
        self.rules = SimpleNamespace(revision="+".join(config.rules))

    def warm(self) -> None:
        pass

    def verify(self, answer: str, **given: Any) -> Report:
        type(self).asked.append({"answer": answer, "rules": self.config.rules, **given})
        time.sleep(self.slow)
        if "broken" in answer:
            raise GroundwireError("facts.ttl:3: not a triple.")
        return a_report(answer=answer, verdict=Outcome.FLAGGED if "wrong" in answer else Outcome.CLEAN)


def module() -> ModuleType:
    """What stands in for `groundwire.client`."""
    fake = ModuleType("groundwire.client")
    fake.__dict__["Groundwire"] = FakeGroundwire
    return fake


if __name__ == "__main__":
    FakeGroundwire.slow = 0.02
    sys.modules["groundwire.client"] = module()
    from groundwire.batch.cli import audit

    typer.run(audit)
