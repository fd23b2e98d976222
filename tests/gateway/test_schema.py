"""Whatever /openapi.json lets one send, and what it does not, is answered, and never with a 5xx: schemathesis asks.

In a process of its own: it changes hypothesis, which other tests use.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.gateway.scripted_world import RIGHT, WRONG, world

from groundwire.gateway import ScriptedUpstream, create_app, running
from groundwire.gateway.openapi import document

EXAMPLES = 12  # of each route by chance; those that go through its description come to some hundreds


def test_no_request_makes_it_fail(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    options = (
        *("--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES)),
        *("--generation-deterministic", "--suppress-health-check", "all", "--request-timeout", "30"),
        *("--report-json-path", str(told), "--no-color"),
    )
    with running(create_app(world(tmp_path, "rewrite"), ScriptedUpstream(f"{RIGHT} {WRONG}"))) as url:
        ran = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", *options],
            capture_output=True, text=True, timeout=280, check=False, cwd=tmp_path,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads(told.read_text())
    assert found["failures"] == found["errors"] == []
    assert found["test_cases"]["generated"] > 500
    came_through = {
        route for route, phases in found["valid_rates"].items() if any(phase["accepted"] for phase in phases.values())
    }
    assert {f"POST /v1/{name}" for name in ("chat/completions", "verify", "embeddings")} <= came_through
    assert {route.split()[1] for route in found["valid_rates"]} <= set(document()["paths"])
