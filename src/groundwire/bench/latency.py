"""How long things take: the import, the help text, one answer of 200 words against 3,000 words of context.

Every answer and its context are new ones, so that nothing kept from the last can help with the next.
"""

import resource
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

IMPORT = (
    "import time; began, busy = time.perf_counter(), time.process_time(); import groundwire; "
    "print(time.perf_counter() - began, time.process_time() - busy)"
)
HELP = ("-m", "groundwire", "--help")


def start_up(times: int, progress: Progress) -> dict[str, float]:
    """Medians over `times` new processes, after one that is not counted, in seconds.

    `import_s` is inside Python; `help_s` is the whole process of `groundwire --help`; `python_s` is an empty one.
    `..._cpu_s` is processor time, which tells a slow program from a busy machine.
    """
    taken: dict[str, list[float]] = {}
    for number in range(times + 1):
        progress(f"start-up {number}/{times}")
        python_s, python_cpu_s, _ = _timed([sys.executable, "-c", ""])
        *_, said = _timed([sys.executable, "-c", IMPORT])
        import_s, import_cpu_s = map(float, said.split())
        help_s, help_cpu_s, _ = _timed([sys.executable, *HELP])
        round = {"import_s": import_s, "import_cpu_s": import_cpu_s, "help_s": help_s, "help_cpu_s": help_cpu_s}
        for name, value in {**round, "python_s": python_s, "python_cpu_s": python_cpu_s}.items():
            taken.setdefault(name, []).append(value)
    return {name: median(values[1:]) for name, values in taken.items()}


def one_answer(config: Config, times: int, progress: Progress) -> dict[str, Any]:
    """Milliseconds for one answer, warm: p50 and p99 over `times`, and the median of every stage.

    `cpu_p50_ms` is processor time, all cores together: on a busy machine it is the steadier figure.
    """
    from groundwire.client import Groundwire

    gw = Groundwire(config)
    gw.warm()
    gw.verify(prose.answer(prose.WARM), context=[prose.context(prose.WARM)])
    taken: list[float] = []
    busy: list[float] = []
    stages: dict[str, list[float]] = {}
    claims = 0
    for seed in range(times):
        progress(f"answer {seed + 1}/{times}")
        answer, context = prose.answer(seed), prose.context(seed)
        began, before = time.perf_counter(), time.process_time()
        report = gw.verify(answer, context=[context])
        taken.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - before) * 1000)
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
        "cpu_p50_ms": percentile(busy, 0.5),
        "stages_p50_ms": {stage: percentile(values, 0.5) for stage, values in stages.items()},
    }


def _timed(command: list[str]) -> tuple[float, float, str]:
    """Seconds that passed, seconds of processor time, and what was printed."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    taken, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        said = (run.stderr.strip().splitlines() or ["nothing"])[-1]
        raise GroundwireError(f"{' '.join(command)!r:.80} ended with code {run.returncode}: {said}")
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stdout
