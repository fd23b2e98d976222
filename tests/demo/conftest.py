"""The demo is run once for all of its tests: the real proxy, the real client, nothing faked."""

import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

import pytest
from rich.console import Console

from groundwire.demo.cli import run
from groundwire.demo.scenarios import SCENARIOS
from groundwire.demo.show import Answer
from groundwire.model import Report


@pytest.fixture(scope="session")
def printed() -> str:
    """What `groundwire demo --json` prints on standard output."""
    out = io.StringIO()
    with redirect_stdout(out):
        run(Console(file=out), as_json=True)
    return out.getvalue()


@pytest.fixture(scope="session")
def document(printed: str) -> dict[str, Any]:
    return dict(json.loads(printed))


@pytest.fixture(scope="session")
def answers(document: dict[str, Any]) -> Sequence[Answer]:
    return [
        Answer(
            scenario,
            each["delivered"],
            Report.model_validate(each["report"]),
            each["seconds"],
            Report.model_validate(each["report_on_delivered"]),
        )
        for scenario, each in zip(SCENARIOS, document["answers"], strict=True)
    ]
