"""A changed configuration, taken up while requests are served: on SIGHUP, or when a file that it names has changed.

The new one is loaded whole beside the old one, and takes its place only if all of it can be used.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from groundwire.config import Config
from groundwire.errors import GroundwireError

if TYPE_CHECKING:
    from groundwire.client import Groundwire
    from groundwire.gateway.state import State
    from groundwire.gateway.upstream import Upstream

log = logging.getLogger("groundwire.gateway")

LOOK_EVERY = 2.0  # seconds

# What a running process cannot change.
_FIXED = ("listen", "store", "log")


async def keep_up(state: "State", path: Path, *, every: float = LOOK_EVERY) -> None:
    """Take up every change of the configuration at `path`, for ever."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGHUP"):
        loop.add_signal_handler(signal.SIGHUP, asked.set)
    seen = await to_thread.run_sync(_stamps, path, state.groundwire.config)
    began = await to_thread.run_sync(Config.load, path)  # the command line may have said something else
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), every)
        now = await to_thread.run_sync(_stamps, path, state.groundwire.config)
        if asked.is_set() or now != seen:
            asked.clear()
            seen = now
            await reload(state, path, began)


async def reload(state: "State", path: Path, began: Config | None = None) -> None:
    """Load the configuration at `path` and use it. Where that cannot be done, `state.not_reloaded` says why.

    `began` is what the file said when the process started.
    """
    began = began or state.groundwire.config
    try:
        gw, upstream = await to_thread.run_sync(_loaded, state, path)
        await upstream.open()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, what runs keeps running
        state.not_reloaded = str(error) if isinstance(error, GroundwireError) else type(error).__name__
        log.error("the changed configuration is not used: %s", state.not_reloaded)
        return
    fixed = [name for name in _FIXED if getattr(gw.config, name) != getattr(began, name)]
    state.not_reloaded = f"{', '.join(fixed)}: changed; needs a restart" if fixed else None
    state.use(gw, upstream)
    log.info("the changed configuration is in force: rules %s", gw.rules.revision)


def _loaded(state: "State", path: Path) -> "tuple[Groundwire, Upstream]":
    from groundwire.gateway.upstream import LitellmUpstream

    old = state.groundwire
    config = Config.load(path)
    gw = old.changed(config)
    upstream = state.upstream
    if config.upstream != old.config.upstream:
        upstream = LitellmUpstream.of(config.upstream)
    gw.warm()
    return gw, upstream


def _stamps(path: Path, config: Config) -> dict[str, tuple[int, int]]:
    """What tells a changed file: when it was written, and its size. A folder stands for the files in it."""
    named = [path, *(Path(rule) for rule in config.rules), *(source.path for source in config.knowledge if source.path)]
    named += [source.path for source in config.documents]
    found = {}
    for each in named:
        for file in sorted(each.rglob("*")) if each.is_dir() else [each]:
            with contextlib.suppress(OSError):
                stat = file.stat()
                found[str(file)] = (stat.st_mtime_ns, stat.st_size)
    return found
