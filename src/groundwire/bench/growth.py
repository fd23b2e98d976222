"""How the cost of a check grows: contexts of 1, 10 and 100 times the length, and answers.

Every answer and its context are new ones, so that nothing kept from the last can help with the next.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from groundwire.bench import prose
from groundwire.config import Config

Progress = Callable[[str], None]

CONTEXTS = (300, 3_000, 30_000)
ANSWERS = (50, 500, 5_000)
USUAL = {"context": 15_000, "answer": 100}
"""Words of the text that does not grow: every answer finds its companies in its context. A claim that finds nothing is
held against more passages, and the lengths would be compared by two kinds of answer.
"""


def grow(
    config: Config,
    progress: Progress,
    *,
    times: int = 3,
    contexts: tuple[int, ...] = CONTEXTS,
    answers: tuple[int, ...] = ANSWERS,
) -> dict[str, list[dict[str, Any]]]:
    """For `context` and `answer`, a row for each length: words, claims, medians over `times` in milliseconds.

    `ms` is what passed and `cpu_ms` processor time, all cores together. `times_the_words` and `times_the_ms` are
    against the first row.
    """
    from groundwire.client import Groundwire

    gw = Groundwire(config)
    gw.warm()
    gw.verify(prose.answer(prose.WARM), context=[prose.context(prose.WARM)])
    found: dict[str, list[dict[str, Any]]] = {}
    seed = 0
    for grown, lengths in (("context", contexts), ("answer", answers)):
        rows: list[dict[str, Any]] = []
        for length in lengths:
            words = {**USUAL, grown: length}
            runs = []
            for number in range(times):
                progress(f"{grown} of {length:,} words, {number + 1}/{times}")
                runs.append(_once(gw, prose.answer(seed, words["answer"]), prose.context(seed, words["context"])))
                seed += 1
            row = {name: median(run[name] for run in runs) for name in runs[0]}
            rows.append({"words": row.pop(f"{grown}_words"), **row})
        for row in rows:
            row["times_the_words"] = row["words"] / rows[0]["words"]
            row["times_the_ms"] = row["ms"] / rows[0]["ms"]
        found[grown] = rows
    return found


def _once(gw: Any, answer: str, context: str) -> dict[str, float]:
    began, before = time.perf_counter(), time.process_time()
    report = gw.verify(answer, context=[context])
    return {
        "context_words": len(context.split()),
        "answer_words": len(answer.split()),
        "claims": sum(claim.checkable for claim in report.claims),
        "ms": (time.perf_counter() - began) * 1000,
        "cpu_ms": (time.process_time() - before) * 1000,
    }
