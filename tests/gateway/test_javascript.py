"""OpenAI's client for JavaScript, as an application has it, against a gateway over real HTTP."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.gateway.scripted_world import CANARY, REPAIRED, RIGHT, WRONG
from tests.gateway.test_formats import served
from tests.programs import npm_package, program

from groundwire.client import Groundwire

HERE = Path(__file__).parent


def test_every_way_of_the_javascript_client(world: Callable[..., Groundwire]) -> None:
    node, folder = program("node", "nodejs", package="nodejs"), npm_package("openai")
    with served(world("rewrite"), f"{RIGHT} {WRONG}") as (url, _):
        done = subprocess.run(
            [node, HERE / "javascript.mjs", url, folder], capture_output=True, text=True, timeout=120, check=False
        )
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout
    found = json.loads(done.stdout)
    texts = {name: found[name] for name in found if name not in ("verdict", "verdict_stream", "models", "error")}
    assert texts == dict.fromkeys(
        ("chat", "chat_stream", "helper", "responses", "responses_stream", "completions"), f"{RIGHT} {REPAIRED}"
    )
    assert (found["verdict"], found["verdict_stream"], found["models"]) == ("rewritten", "rewritten", True)
    assert found["error"][0] == 400
    assert found["error"][1] == "BadRequestError"
