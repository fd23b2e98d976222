"""How many pairs a second the built-in model scores, and how many a torch CrossEncoder with the same weights does.

Both get the same pairs and the same number of threads, in turns in one run; what counts is the fastest turn of each.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from groundwire.bench import cross_encoder, prose, sets
from groundwire.bench.machine import cores
from groundwire.config import Config
from groundwire.errors import GroundwireError

Progress = Callable[[str], None]
Pair = tuple[str, str]

TURNS = 3
BATCH = 32
WARM = 16

# Run in new processes: what a process holds before and after it loaded what it was told to, in bytes. An install
# without extras has no torch; where there is one, spaCy loads it, needed or not.
HELD = """
import resource, sys
sys.modules["torch"] = None
def held():
    try:
        with open("/proc/self/statm") as sizes:
            return int(sizes.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before = held()
{load}
print(held() - before)
"""
LOADS = {
    "verifier": "from groundwire.client import Groundwire; gw = Groundwire(); gw.warm()",
    "model": "from groundwire.nli import load_model; model = load_model(); model.predict([('A cat.', 'A cat.')])",
}


def prose_pairs(count: int) -> list[Pair]:
    """Different pairs of a few sentences of a context and a statement of an answer, always the same ones."""
    pairs: dict[Pair, None] = {}
    seed = 0
    while len(pairs) < count:
        context, claims = prose.sentences(prose.context(seed)), prose.sentences(prose.answer(seed))
        for number in range(len(context)):
            width = 1 + (number + seed) % 4
            pairs[" ".join(context[number : number + width]), claims[number % len(claims)]] = None
        seed += 1
    return random.Random(0).sample(list(pairs), count)


def read_pairs(folder: Path, count: int) -> list[Pair]:
    """At most `count` pairs of `pairs.fever` in a folder. Raises: InputError."""
    [path] = sets.find(folder, "pairs", ["fever"]).values()
    examples = sets.read(path, ("premise", "hypothesis"), count)
    return list(dict.fromkeys((example["premise"], example["hypothesis"]) for example in examples))


def measure(config: Config, pairs: Sequence[Pair], progress: Progress) -> dict[str, Any]:
    """Pairs a second of the built-in model and, where it is installed, of the rival; and the ratio of the two."""
    from groundwire.nli import BuiltinModel, QueuedModel

    threads = config.entailment.threads or cores()
    model = BuiltinModel(threads=threads)
    queued = QueuedModel(model, size=0)  # nothing is kept, or the second turn would be a look-up
    scorers: dict[str, Callable[[Sequence[Pair]], Any]] = {"ours": queued.predict}
    absent = cross_encoder.missing()
    if absent is None:
        progress("the cross-encoder is made")
        scorers["rival"] = cross_encoder.build(threads, BATCH, model.max_length)
    taken: dict[str, list[float]] = {name: [] for name in scorers}
    for turn in range(TURNS):
        for name, score in scorers.items():
            progress(f"{name}, turn {turn + 1}/{TURNS}")
            if turn == 0:
                score(pairs[:WARM])
            began = time.perf_counter()
            score(pairs)
            taken[name].append(time.perf_counter() - began)
    tokens = sum(model.length(premise) + model.length(claim) + 3 for premise, claim in pairs) / len(pairs)
    found: dict[str, Any] = {
        "pairs": len(pairs),
        "tokens_per_pair": tokens,
        "threads": threads,
        **{name: _speed(len(pairs), min(seconds)) for name, seconds in taken.items()},
    }
    if absent is None:
        found["rival"]["batch"] = BATCH
        found["ratio"] = found["rival"]["ms_per_pair"] / found["ours"]["ms_per_pair"]
    else:
        found["rival_missing"] = absent
    return found


def memory() -> dict[str, float]:
    """By how many MB (10⁶ bytes) a new process grows that loads and warms the whole verifier, and the model alone.

    As in an install without extras: torch is not loaded, even where it is there.
    """
    return {f"{name}_mb": _grown(load) / 1e6 for name, load in LOADS.items()}


def _speed(count: int, seconds: float) -> dict[str, float]:
    return {"pairs_per_second": count / seconds, "ms_per_pair": seconds * 1000 / count}


def _grown(load: str) -> int:
    command = [sys.executable, "-c", HELD.replace("{load}", load)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if run.returncode:
        raise GroundwireError(
            f"the process that loads ended with {(run.stderr.strip().splitlines() or ['nothing'])[-1]}"
        )
    return int(run.stdout.split()[-1])
