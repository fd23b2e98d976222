"""The bench of the record runs, on few reports, and says what it says in numbers."""

import json
import math
from pathlib import Path

from typer.testing import CliRunner

from groundwire.bench.record import measure
from groundwire.cli import app


def test_it_measures(tmp_path: Path) -> None:
    found = measure(f"sqlite:///{tmp_path / 'a.db'}", 120)
    assert found["reports"] == 120
    assert all(math.isfinite(value) and value > 0 for value in found.values())


def test_it_prints_json() -> None:
    run = CliRunner().invoke(app, ["bench", "record", "--reports", "100", "--json"], catch_exceptions=False)
    assert json.loads(run.stdout)["save_p50"] > 0
