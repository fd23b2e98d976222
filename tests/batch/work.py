"""Work for worker processes: functions that they can find by name."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from groundwire.errors import RuleError


@dataclass(frozen=True)
class Doubling:
    """Doubles numbers, and does to its process what some of them say."""

    folder: str

    def __call__(self) -> Callable[[int], int]:
        (Path(self.folder) / f"{os.getpid()}").touch()
        return double


def double(number: int) -> int:
    if number == 13:
        raise ValueError("thirteen\nis not doubled")
    if number == 99:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 98:
        os._exit(3)
    if number == 97:
        time.sleep(60)
    time.sleep(0.001 * (number % 3))  # so that they do not finish in order
    return number * 2


@dataclass(frozen=True)
class Refusing:
    def __call__(self) -> Callable[[int], int]:
        raise RuleError("rules.yaml:3:1", "no such rule.", "another")


@dataclass(frozen=True)
class DyingAtStart:
    def __call__(self) -> Callable[[int], int]:
        os._exit(7)
