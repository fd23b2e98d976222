"""The pages as one part of a larger application, over whatever store that has."""

from collections.abc import Callable
from pathlib import Path

from anyio import to_thread
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from groundwire.config import Config
from groundwire.review.store import ReportStore


class ReviewPages:
    """ASGI. `store` is asked for at the first visit; one that has no database has no pages.

    `source`: the groundwire.yaml that `config` was read from, which may be taught thresholds.
    Raises: ConfigError where `review.oidc` cannot be used. The provider itself is not asked.
    """

    def __init__(self, store: Callable[[], ReportStore], config: Config, source: Path | None = None) -> None:
        self._store, self._config, self._source = store, config, source
        self._provider = None
        if config.review.oidc:
            from groundwire.review.provider import Provider

            self._provider = Provider(config.review.oidc)
        self._pages: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._pages is None:
            self._pages = await to_thread.run_sync(self._build)
        await self._pages(scope, receive, send)

    def _build(self) -> ASGIApp:
        from groundwire.review.lessons import Places
        from groundwire.review.pages import create_pages
        from groundwire.review.sql import SqlStore

        store = self._store()
        if isinstance(store, SqlStore):
            came = self._config.review
            places = Places.of(self._config, self._source)
            header, proxies = came.header, came.proxies
            return create_pages(store.database, header=header, proxies=proxies, provider=self._provider, places=places)
        return PlainTextResponse("The pages need a store with a database: store: in groundwire.yaml.", 404)


def first_link(store: ReportStore, config: Config, url: str) -> str | None:
    """Where under `url` the first user chooses a name and a password, while there is no user yet."""
    from groundwire.review.people import People
    from groundwire.review.sql import SqlStore

    if not isinstance(store, SqlStore) or config.review.header:
        return None
    token = People(store.database).first_link()
    return f"{url}/review/welcome/{token}" if token else None
