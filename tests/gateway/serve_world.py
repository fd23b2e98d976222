"""A gateway in a process of its own, checking by the scripted judge: `serve_world.py FOLDER SETTINGS-AS-JSON`."""

import json
import sys
from pathlib import Path

from tests.gateway.scripted_world import BY_USER, world

from groundwire.gateway import serve

if __name__ == "__main__":
    folder, settings = sys.argv[1:]
    serve(world(Path(folder), BY_USER, **json.loads(settings)), port=0)
