"""Programs that are no Python packages, which some tests start: PostgreSQL and Chromium."""

import os
import shutil
from pathlib import Path

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
    told = f"{names[0]} is needed: apt-get install {package}"
    if os.environ.get("GROUNDWIRE_TESTS") == "all":
        pytest.fail(told)
    pytest.skip(told)
