"""Programs that are no Python packages, which some tests start: PostgreSQL, Chromium, Node.js."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def program(*names: str, package: str, among: str | None = None) -> Path:
    """The first of these that is installed; `among` is a pattern of further places under /usr/lib.

    Without any, the test is skipped, and says what it wants; with GROUNDWIRE_TESTS=all, as in `.ci/run`, it fails.
    """
    for name in names:
        if found := shutil.which(name):
            return Path(found)
        if among and (others := sorted(Path("/usr/lib").glob(f"{among}/{name}"))):
            return others[-1]
    return _without(f"{names[0]} is needed: apt-get install {package}")


def npm_package(name: str) -> Path:
    """The folder, named by GROUNDWIRE_NODE, whose node_modules has an npm package; without it as for `program`."""
    folder = Path(os.environ.get("GROUNDWIRE_NODE", "."))
    if (folder / "node_modules" / name).is_dir():
        return folder
    return _without(f"the npm package {name} is needed: npm install {name} in a folder that GROUNDWIRE_NODE names")


def _without(told: str) -> NoReturn:
    if os.environ.get("GROUNDWIRE_TESTS") == "all":
        pytest.fail(told)
    pytest.skip(told)
