"""Rules that are read again when their files change, without a restart.

A pack that cannot be read keeps the old one in force, and `problem` says what is wrong with the new one.
"""

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from groundwire.errors import RuleError
from groundwire.rules.load import Overrides, files_of, load_rules
from groundwire.rules.ruleset import RuleSet

log = logging.getLogger("groundwire.rules")

EVERY_S = 1.0
"""How often files are looked at, in seconds, while somebody asks."""


class RuleSource:
    """The rules of some packs, as they stand. Safe to share between threads.

    `every`: seconds between two looks at the files; None: they are read once. Looking and loading are done on a
    thread of their own, started by whoever asks: `current` never waits, and without requests nothing runs.
    Raises: RuleError for packs that cannot be loaded at the start.
    """

    def __init__(
        self,
        packs: Sequence[str | Path],
        overrides: Overrides | None = None,
        *,
        every: float | None = None,
        all_known: bool = True,
    ) -> None:
        self.packs = tuple(packs)
        self._overrides, self._every, self._all_known = overrides, every, all_known
        self._lock = threading.Lock()
        self._seen = self._state()
        self._rules = load_rules(self.packs, overrides, all_known=all_known)
        self._problem: str | None = None
        self._next = time.monotonic() + (every or 0)

    def current(self) -> RuleSet:
        """The rules in force: the newest that could be loaded."""
        self._look()
        return self._rules

    @property
    def problem(self) -> str | None:
        """What is wrong with the files as they are now, in one line; None when they are what is in force.

        Known up to `every` seconds after the files changed, at the second time of asking.
        """
        self._look()
        return self._problem

    def refresh(self) -> bool:
        """Look at the files now, and load them if they changed. Returns whether other rules are in force."""
        with self._lock:
            state = self._state()
            if state == self._seen:
                return False
            self._seen = state
            try:
                rules = load_rules(self.packs, self._overrides, all_known=self._all_known)
            except RuleError as error:
                self._problem = str(error)
                log.error("the rules stay as they were: %s", error)
                return False
            self._problem = None
            changed = rules.revision != self._rules.revision
            if changed:
                log.info("rules %s are in force", rules.revision)
                self._rules = rules
            return changed

    def _look(self) -> None:
        now = time.monotonic()
        if self._every is None or now < self._next:
            return
        self._next = now + self._every
        if not self._lock.locked():  # else a look is under way
            threading.Thread(target=self.refresh, name="groundwire-rules", daemon=True).start()

    def _state(self) -> tuple[object, ...]:
        """What changes when a file does. What cannot be looked at is a state too."""
        state: list[object] = []
        for pack in self.packs:
            try:
                files = files_of(str(pack))
                stats = [(path, path.stat()) for path in files]
            except (RuleError, OSError) as error:
                state.append(str(error))
            else:
                state += [(str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in stats]
        return tuple(state)
