"""A real browser without hands: it opens an address, follows where it is sent, and runs what the page has."""

import subprocess
from pathlib import Path

from tests.programs import program


def looked_at(url: str, folder: Path) -> str:
    """The page as Chromium has it after its scripts ran. `folder` keeps its profile, with the cookies."""
    chromium = program("chromium", "chromium-browser", "google-chrome", package="chromium")
    command = [str(chromium), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=1500", "--dump-dom", url]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout
