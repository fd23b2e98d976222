"""A gateway in a process of its own, checking by the scripted judge: `serve_world.py FOLDER ACTION SETTINGS-AS-JSON`."""

import json
import sys
from pathlib import Path

from scripted_world import world

from groundwire.gateway import serve

if __name__ == "__main__":
    folder, action, settings = sys.argv[1:]
    serve(world(Path(folder), action, **json.loads(settings)), port=0)
