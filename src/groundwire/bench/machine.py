"""What a figure was measured on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import groundwire


def machine() -> dict[str, Any]:
    """Cores that this process may use, processor, Python and the versions of what does the work."""
    return {
        "groundwire": groundwire.__version__,
        "cores": cores(),
        "processor": _processor(),
        "python": platform.python_version(),
        "system": platform.system(),
        **{name: _version(name) for name in ("onnxruntime", "spacy", "numpy")},
    }


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_words(found: dict[str, Any]) -> str:
    return (
        f"groundwire {found['groundwire']}, {found['cores']} cores, {found['processor']}, Python {found['python']}, "
        f"onnxruntime {found['onnxruntime']}, spaCy {found['spacy']}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
