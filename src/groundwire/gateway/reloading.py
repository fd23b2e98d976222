"""A changed configuration, taken up while requests are served: on SIGHUP, or when a file that it names has changed.

The new one is loaded whole beside the old one, and takes its place only if all of it can be used.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from groundwire.config import Config
from groundwire.errors import GroundwireError
from groundwire.gateway.threads import make_room

if TYPE_CHECKING:
    from groundwire.client import Groundwire
    from groundwire.gateway.state import State
    from groundwire.gateway.upstream import Upstream

log = logging.getLogger("groundwire.gateway")

LOOK_EVERY = 2.0  # seconds

# What a running process cannot change: sections and settings of the configuration.
_FIXED = ("listen", "store", "record", "review", "log", "limits.drain_s")


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
        await state.let_go()
        now = await to_thread.run_sync(_stamps, path, state.groundwire.config)
        mended = await to_thread.run_sync(_look_at_rules, state)
        if asked.is_set() or now != seen or mended:
            asked.clear()
            await reload(state, path, began)
            # What is named only now was read just now; what was named before may have changed again since.
            named = await to_thread.run_sync(_stamps, path, state.groundwire.config)
            now = {file: now.get(file, stamp) for file, stamp in named.items()}
        seen = now


def _look_at_rules(state: "State") -> bool:
    """Read rule packs that changed. Returns whether one was mended for which a reload could not be done."""
    rules = state.groundwire.rule_source
    before = rules.problem
    state.groundwire.read_rules()
    return state.not_reloaded is not None and before is not None and rules.problem is None


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
    fixed = [name for name in _FIXED if _setting(gw.config, name) != _setting(began, name)]
    state.not_reloaded = f"{', '.join(fixed)}: changed; needs a restart" if fixed else None
    make_room(gw)
    state.use(gw, upstream)
    log.info("the changed configuration is in force: rules %s", gw.rules.revision)


def as_it_stands(began: Config, path: Path | None) -> Config:
    """What a process takes up that joins one that runs: the file as it is now, but for what that one cannot change.

    Raises: ConfigError.
    """
    if path is None:
        return began
    now = Config.load(path)
    sections = {name: getattr(began, name) for name in _FIXED if "." not in name}
    limits = now.limits.model_copy(update={"drain_s": began.limits.drain_s})
    return now.model_copy(update={**sections, "limits": limits})


def _setting(config: Config, name: str) -> object:
    return attrgetter(name)(config)


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
    """What tells a changed file: when it was written, and its size. A folder stands for the files in it.

    Rule packs are not among them: the rules look at their files by themselves.
    """
    named = [path, *(source.path for source in config.knowledge if source.path)]
    named += [source.path for source in config.documents]
    found = {}
    for each in named:
        for file in sorted(each.rglob("*")) if each.is_dir() else [each]:
            with contextlib.suppress(OSError):
                stat = file.stat()
                found[str(file)] = (stat.st_mtime_ns, stat.st_size)
    return found
