"""How many processes share the work on many answers, and what that work depends on."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from groundwire import __version__
from groundwire.batch.audit import Line, Row
from groundwire.batch.pool import Failure, Pool, in_process

if TYPE_CHECKING:
    from groundwire.client import Groundwire
    from groundwire.config import Config

LINES_WORTH_A_PROCESS = 8
"""A process takes seconds to load its models: unasked, a short audit gets fewer of them."""

Check: TypeAlias = Callable[[Line], Row]


def work(
    config: "Config", checker: "Callable[[Config], Callable[[], Check]]", workers: int, lines: Iterable[Line]
) -> Iterator[tuple[Line, Row | Failure]]:
    """Each line with its row, in order, from `workers` processes; one of them is this one.

    `checker` makes, from a config, what makes the function that checks a line, in whichever process it is called.
    """
    if workers == 1:
        yield from in_process(checker(config), lines)
        return
    threads = config.entailment.threads or max(1, _cores() // workers)
    entailment = config.entailment.model_copy(update={"threads": threads})
    with Pool[Line, Row](checker(config.model_copy(update={"entailment": entailment})), workers) as pool:
        yield from pool.map(lines)


def fitting(lines: int | None) -> int:
    """How many processes so many lines are worth; None: not known."""
    return _cores() if lines is None else max(1, min(_cores(), lines // LINES_WORTH_A_PROCESS))


def fingerprint(gw: "Groundwire", knowledge: tuple[str, ...] = ()) -> str:
    """What the rows depend on besides their own line, in 16 characters."""
    deciding = gw.config.model_dump(mode="json", include={"knowledge", "documents", "on_error"})
    entailment = gw.config.entailment.model_dump(mode="json", exclude={"threads"})
    parts = [__version__, gw.rules.revision, entailment, deciding, knowledge]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
