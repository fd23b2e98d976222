"""A progress bar on standard error that does not show for what is over in a second."""

import sys
from threading import Timer
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress

SHOWN_AFTER_S = 1.0


class Bar:
    """Counts up to `total`, or just up where that is None. `wanted` None: where standard error is a terminal."""

    def __init__(self, wanted: bool | None, total: int | None, *, what: str = "answers") -> None:
        self.total = total
        self._progress: Progress | None = None
        if wanted or (wanted is None and sys.stderr.isatty()):
            self._progress = _progress(forced=bool(wanted))
            self._task = self._progress.add_task(what, total=total)
            self._timer = Timer(SHOWN_AFTER_S, self._progress.start)
            self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._timer.cancel()
            self._timer.join()
            self._progress.stop()

    def done(self, count: int = 1) -> None:
        """So many more are done."""
        if self._progress is not None:
            self._progress.advance(self._task, count)

    def say(self, line: str) -> None:
        """One line on standard error, above the bar."""
        if self._progress is None:
            print(line, file=sys.stderr)
        else:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _progress(*, forced: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True, force_terminal=forced or None),
        transient=True,
    )
