"""Gateways to be killed: `kill_world.py FOLDER STORE` forks one for each line it reads, and prints its pid and URL.

What takes time to import is imported once, before the first fork.
"""

import os
import sys
import threading
from pathlib import Path

from tests.gateway.scripted_world import RIGHT, WRONG, world

from groundwire.gateway import Scripted, ScriptedUpstream, create_app, running


def serve(folder: Path, store: str) -> None:
    upstream = ScriptedUpstream(lambda _: Scripted(f"{RIGHT} {WRONG} {RIGHT}"))
    with running(create_app(world(folder, "rewrite", store=store), upstream)) as url:
        print(os.getpid(), url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    for _ in sys.stdin:
        if (pid := os.fork()) == 0:
            serve(Path(sys.argv[1]), sys.argv[2])
        os.waitpid(pid, 0)
