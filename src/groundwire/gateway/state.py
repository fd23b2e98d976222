"""What the routes share: who checks and who answers, what waits, and whether all of it is loaded."""

import sys
from typing import TYPE_CHECKING

from groundwire.gateway import tracing
from groundwire.gateway.keys import KeyRing
from groundwire.gateway.metrics import Metrics
from groundwire.gateway.remembered import Remembered
from groundwire.model import Report

if TYPE_CHECKING:
    from pathlib import Path

    from groundwire.client import Groundwire
    from groundwire.gateway.checking import Exchange
    from groundwire.gateway.request import Asked
    from groundwire.gateway.upstream import Upstream


class State:
    """One gateway's. `groundwire` and `upstream` are replaced as wholes when the configuration changes.

    `not_ready` is why requests may have to wait, None when all is loaded; `not_reloaded` is what was wrong with the
    last change of the configuration, which is therefore not in force.
    """

    def __init__(self, gw: "Groundwire", upstream: "Upstream", counts: "Path | None" = None) -> None:
        self.in_flight = 0
        self.under_way: set[int] = set()  # requests, by the ids of their accounts
        self._retired: list[tuple[Upstream, set[int]]] = []
        self.keys = KeyRing((), counts)
        self.not_ready: str | None = "starting"
        self.not_reloaded: str | None = None
        self.calls: Remembered[Asked] = Remembered()
        self.metrics = Metrics(self.pairs, lambda: self.in_flight)
        self.use(gw, upstream)

    def use(self, gw: "Groundwire", upstream: "Upstream") -> None:
        """From now on. Requests under way end with what they began with."""
        before = getattr(self, "upstream", upstream)
        if before is not upstream:
            self._retired.append((before, set(self.under_way)))
        self.groundwire, self.upstream = gw, upstream
        self.keys = self.keys.changed(gw.config.keys)
        self.metrics.runs(gw)

    async def let_go(self, *, at_once: bool = False) -> None:
        """Close the upstreams that were replaced and that no request under way can be using any longer."""
        for retired in list(self._retired):
            upstream, began = retired
            if at_once or not began & self.under_way:
                self._retired.remove(retired)
                await getattr(upstream, "let_go", upstream.aclose)()

    def pairs(self) -> int:
        """Pairs that wait for the entailment model."""
        return sum(int(getattr(queue, "pending", 0)) for queue in self._queues())

    def most_pairs(self) -> int:
        """How many may wait before the model refuses more."""
        return min((int(getattr(queue, "bound", sys.maxsize)) for queue in self._queues()), default=sys.maxsize)

    def _queues(self) -> list[object]:
        return [queue for judge in self.groundwire.judges if (queue := getattr(judge, "model", None)) is not None]

    def exchange(self, asked: "Asked") -> "Exchange":
        """The checks of one request, kept and counted."""
        from groundwire.gateway.checking import Exchange

        gw = self.groundwire

        def observe(told: Report | str) -> None:
            if isinstance(told, Report):
                self.metrics.report(told, gw.config.on_error)
                tracing.told(told)
            else:
                self.metrics.failed(told, gw.config.on_error)

        return Exchange(gw, asked, kept=True, observe=observe)
