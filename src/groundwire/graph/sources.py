"""A graph by where it is, and a judge over it that knows how long it holds and whose it is."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from groundwire.errors import KnowledgeError
from groundwire.graph.judge import GraphJudge
from groundwire.graph.limits import UNTIL
from groundwire.graph.store import GraphStore
from groundwire.model import Case, Finding, Label

_log = logging.getLogger("groundwire.graph")


def is_address(where: str | Path) -> bool:
    """Whether this is the address of a SPARQL endpoint, and no path."""
    return isinstance(where, str) and where.lower().startswith(("http://", "https://"))


def open_graph(
    where: str | Path,
    *,
    name: str | None = None,
    graph: str | None = None,
    auth: tuple[str, str] | None = None,
    token: str | None = None,
) -> GraphStore:
    """A graph from a file (in memory), from a folder of `groundwire graph import` (on disk), or at a SPARQL endpoint.

    `graph`, `auth` and `token` are for an endpoint, which is not asked yet. Raises: KnowledgeError.
    """
    if is_address(where):
        from groundwire.graph.endpoint import EndpointGraph
        from groundwire.graph.sparql import Endpoint

        return EndpointGraph(Endpoint(str(where), graph=graph, auth=auth, token=token), name)
    path = Path(where)
    if path.is_dir():
        from groundwire.graph.disk import DiskGraph

        return DiskGraph(path, name)
    from groundwire.graph.loading import load

    return load(path, name=name)


def mark_of(path: Path) -> tuple[int, int]:
    """Time and size, in nanoseconds and bytes, of what a graph's path holds: they change when the graph does.

    Raises: KnowledgeError.
    """
    held = path / "groundwire.json" if path.is_dir() else path
    try:
        stat = held.stat()
    except OSError as error:
        expected = "a folder made by `groundwire graph import`" if path.is_dir() else "a file of facts"
        raise KnowledgeError(str(path), f"cannot be read: {error.strerror}.", expected) from error
    return stat.st_mtime_ns, stat.st_size


def out_of_time(title: str, first: date | None, last: date | None, today: date) -> str | None:
    """Why a graph that holds from `first` to `last`, both days included, is not used today; None where it is."""
    if first and today < first:
        return f"{title} is not used: it holds from {first} on"
    if last and today > last:
        return f"{title} is not used: it held until {last}"
    return None


class SourcedJudge:
    """Asks a graph while it holds, and cites whose it is.

    `priority`: of several judges the higher decides first. `valid`: the first and the last day on which the graph is
    used, None where there is no such day; `today` says which day it is. `credit`: source and licence, cited after the
    graph's name. `make` opens the graph: at once where it holds today, else on the first day that it does.
    """

    name = "graph"

    def __init__(
        self,
        title: str,
        make: Callable[[], GraphJudge],
        *,
        priority: int = 0,
        valid: tuple[date | None, date | None] = (None, None),
        credit: Sequence[str] = (),
        today: Callable[[], date] = date.today,
    ) -> None:
        self.priority = priority
        self._title, self._make, self._valid, self._today = title, make, valid, today
        self._credit = "; ".join(credit)
        self._lock = threading.Lock()
        self._judge: GraphJudge | None = None
        if why := self._unused():
            _log.warning("%s", why)
        else:
            self._opened()

    @property
    def version(self) -> str:
        if self._unused():
            return "unused"
        return self._judge.version if self._judge else "unopened"

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """One finding a case. `unchecked`, and why, where the graph does not hold today. Raises nothing."""
        if why := self._unused():
            return [self._finding(Label.UNCHECKED, why) for _ in cases]
        try:
            judge = self._opened()
        except KnowledgeError as error:
            return [self._finding(Label.ERROR, str(error)) for _ in cases]
        before = UNTIL.set(deadline)
        try:
            return [self._credited(finding) for finding in judge.judge(cases, deadline=deadline)]
        finally:
            UNTIL.reset(before)

    def _opened(self) -> GraphJudge:
        with self._lock:
            if self._judge is None:
                self._judge = self._make()
            return self._judge

    def _unused(self) -> str | None:
        return out_of_time(self._title, *self._valid, self._today())

    def _credited(self, finding: Finding) -> Finding:
        if not self._credit or not finding.evidence:
            return finding
        cited = tuple(
            evidence.model_copy(update={"source": f"{evidence.source} ({self._credit})"})
            for evidence in finding.evidence
        )
        return finding.model_copy(update={"evidence": cited})

    def _finding(self, label: Label, why: str) -> Finding:
        return Finding(judge=self.name, version=self.version, label=label, explanation=why)
