"""Runs applications: `serve` for good, `running` in the background of a demo or a test."""

import asyncio
import logging
import math
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from groundwire.errors import ConfigError, GroundwireError
from groundwire.gateway.upstream import LitellmUpstream, Upstream

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from groundwire.client import Groundwire
    from groundwire.config import Config
    from groundwire.review import ReportStore

PROXIES = "FORWARDED_ALLOW_IPS"
"""The variable that names the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: uvicorn's own."""

# How long answers under way may take to end in the background of a test.
GRACE = 30  # seconds

_SWITCH_S = 0.0005


def serve(
    gw: "Groundwire",
    host: str | None = None,
    port: int | None = None,
    *,
    upstream: Upstream | None = None,
    source: Path | None = None,
) -> None:
    """Run the gateway until it is told to stop. Host and port are the configured ones unless given.

    On SIGTERM or SIGINT it takes no more connections, lets answers under way come to their end for at most
    `limits.drain_s`, and records the others as broken off. `source` is the groundwire.yaml to watch for changes.

    What a configuration names is loaded before anything listens. Raises: ConfigError, RuleError, KnowledgeError and
    ModelError for that, and ConfigError for an address that cannot be had.
    """
    host, port = gw.config.host if host is None else host, gw.config.port if port is None else port
    with listening(host, port) as listener:

        def ready() -> None:
            print(greeting(gw.store, gw.config, listener), file=sys.stderr, flush=True)

        serve_on(listener, gw, upstream, source=source, ready=ready)


def serve_on(
    listener: socket.socket,
    gw: "Groundwire",
    upstream: Upstream | None = None,
    *,
    source: Path | None = None,
    counts: Path | None = None,
    ready: Callable[[], None],
) -> None:
    """`serve` on a socket that listens. `counts`: the file in which several processes count what keys ask.

    `ready` is called when all is loaded.
    """
    from groundwire.gateway.app import create_app
    from groundwire.gateway.logs import set_up

    upstream = upstream or LitellmUpstream.of(gw.config.upstream)
    gw.warm()
    gw.store  # noqa: B018 - opened before the first request, or refused now
    set_up(gw.config.log)
    # Who may name users is known by the address that really connects, and by no header.
    proxied = gw.config.review.header is None
    app = create_app(gw, upstream, source=source, counts=counts)
    server = _server(app, gw.config.limits.drain_s, proxied=proxied)
    # Checks compute in threads beside the event loop, which would wait five milliseconds for each of them.
    sys.setswitchinterval(_SWITCH_S)
    ready()
    server.run(sockets=[listener])
    if not server.started:
        raise GroundwireError("The server could not start.")


def greeting(store: "ReportStore", config: "Config", listener: socket.socket) -> str:
    """What is said once it listens: where, and how the first reviewer comes in."""
    from groundwire.review import first_link

    lines = [f"groundwire: listening on {url_of(listener)}"]
    if link := first_link(store, config, url_of(listener)):
        lines.append(f"groundwire: nobody can review yet; once, within a day: {link}")
    return "\n".join(lines)


@contextmanager
def running(app: "ASGIApp", host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The application on a thread of its own; yields its URL. Port 0 takes a free one.

    Raises: ConfigError for an address that cannot be had.
    """
    with listening(host, port) as listener:
        server = _server(app)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listener])), name="groundwire-server", daemon=True
        )
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise GroundwireError("The server could not start.")
                time.sleep(0.01)
            yield url_of(listener)
        finally:
            server.should_exit = True
            thread.join(timeout=GRACE)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens. Raises: ConfigError in one line where the address is taken, unknown or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio does not switch off Nagle's algorithm: 40 ms for every answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError("listen", f"{host}:{port} cannot be had ({reason}).", "a free address here") from None
    with listener:
        yield listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(app: "ASGIApp", grace: float = GRACE, *, proxied: bool = True) -> "uvicorn.Server":
    import uvicorn

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            # Unset, uvicorn would believe whoever connects from this machine; set, it reads itself whom to believe.
            proxy_headers=proxied and PROXIES in os.environ,
            timeout_graceful_shutdown=math.ceil(grace),
        )
    )
