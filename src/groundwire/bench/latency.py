"""How long things take: the import, the help text, one answer of 200 words against 3,000 words of context.

Every answer and its context are new ones, so that nothing kept from the last can help with the next.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from groundwire.bench import prose
from groundwire.bench.figures import percentile
from groundwire.config import Config
from groundwire.errors import GroundwireError

Progress = Callable[[str], None]

IMPORT = "import time; began = time.perf_counter(); import groundwire; print(time.perf_counter() - began)"
HELP = ("-m", "groundwire", "--help")


def start_up(times: int, progress: Progress) -> dict[str, float]:
    """Medians over `times` new processes, after one that is not counted, in seconds.

    `import_s` is inside Python; `help_s` is the whole process of `groundwire --help`; `python_s` is an empty one.
    """
    empty: list[float] = []
    imports: list[float] = []
    helps: list[float] = []
    for number in range(times + 1):
        progress(f"start-up {number}/{times}")
        empty.append(_timed([sys.executable, "-c", ""])[0])
        imports.append(float(_timed([sys.executable, "-c", IMPORT])[1]))
        helps.append(_timed([sys.executable, *HELP])[0])
    return {"import_s": median(imports[1:]), "help_s": median(helps[1:]), "python_s": median(empty[1:])}


def one_answer(config: Config, times: int, progress: Progress) -> dict[str, Any]:
    """Milliseconds for one answer, warm: p50 and p99 over `times`, and the median of every stage."""
    from groundwire.client import Groundwire

    gw = Groundwire(config)
    gw.warm()
    gw.verify(prose.answer(-1), context=[prose.context(-1)])
    taken: list[float] = []
    stages: dict[str, list[float]] = {}
    claims = 0
    for seed in range(times):
        progress(f"answer {seed + 1}/{times}")
        answer, context = prose.answer(seed), prose.context(seed)
        began = time.perf_counter()
        report = gw.verify(answer, context=[context])
        taken.append((time.perf_counter() - began) * 1000)
        claims += sum(claim.checkable for claim in report.claims)
        for stage, ms in report.timings.items():
            stages.setdefault(stage, []).append(ms)
    return {
        "answers": times,
        "answer_words": len(prose.answer(0).split()),
        "context_words": len(prose.context(0).split()),
        "claims": claims / times,
        "p50_ms": percentile(taken, 0.5),
        "p99_ms": percentile(taken, 0.99),
        "stages_p50_ms": {stage: percentile(values, 0.5) for stage, values in stages.items()},
    }


def _timed(command: list[str]) -> tuple[float, str]:
    began = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    taken = time.perf_counter() - began
    if run.returncode:
        said = (run.stderr.strip().splitlines() or ["nothing"])[-1]
        raise GroundwireError(f"{' '.join(command)!r:.80} ended with code {run.returncode}: {said}")
    return taken, run.stdout
