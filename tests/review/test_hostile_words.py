"""What a model writes is text on every page, and runs nowhere: looked at in a real browser.

Every payload calls home when it runs, and the server counts the calls. A page without any defence is opened first,
so that a browser that runs nothing cannot pass for pages that are safe.
"""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.review.chromium import looked_at
from tests.review.reports import a_report

from groundwire.model import Report, Span, Triple
from groundwire.review import SqlStore, with_inputs
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role

CALL = "fetch('/ran/{n}')"
PAYLOADS = [
    "<script>{call}</script>",
    "<script>{call}//",
    "<SCRIPT>{call}</SCRIPT>",
    "<scr<script>ipt>{call}</scr</script>ipt>",
    "</script><script>{call}</script>",
    "<script src=/ran.js?{n}></script>",
    "<img src=x onerror={call}>",
    '<img src=x onerror="{call}">',
    "<img src=x onerror='{call}'>",
    "<img/src=x/onerror={call}>",
    "<img src=/ran/{n}>",
    "<svg onload={call}>",
    "<svg><script>{call}</script></svg>",
    "<svg><animate onbegin={call} attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:{call}'><text y=20>x</text></a></svg>",
    "<body onload={call}>",
    "<iframe src='javascript:{call}'></iframe>",
    "<iframe srcdoc='<script>parent.{call}</script>'></iframe>",
    "<iframe src=/ran/{n}></iframe>",
    "<object data=/ran/{n}></object>",
    "<embed src=/ran/{n}>",
    "<link rel=stylesheet href=/ran/{n}>",
    "<style>@import '/ran/{n}';</style>",
    "<div style=\"background:url('/ran/{n}')\">x</div>",
    "<style>*{{background:url(/ran/{n})}}</style>",
    "<meta http-equiv=refresh content='0;url=/ran/{n}'>",
    "<base href=/ran/{n}/>",
    "<form action=/ran/{n}><input autofocus onfocus={call}></form>",
    "<input autofocus onfocus={call}>",
    "<select autofocus onfocus={call}>",
    "<textarea autofocus onfocus={call}></textarea>",
    "<details open ontoggle={call}>x</details>",
    "<video><source onerror={call}></video>",
    "<video poster=/ran/{n}></video>",
    "<audio src=x onerror={call}>",
    "<marquee onstart={call}>x</marquee>",
    "<a href='javascript:{call}' autofocus>x</a>",
    "\"><script>{call}</script>",
    "'><script>{call}</script>",
    "\" onmouseover={call} autofocus onfocus={call} x=\"",
    "' onfocus={call} autofocus x='",
    "\" hx-get=/ran/{n} hx-trigger=load x=\"",
    "<div hx-get=/ran/{n} hx-trigger=load></div>",
    "<div hx-on::load=\"{call}\" hx-trigger=load></div>",
    "<div data-hx-get=/ran/{n} data-hx-trigger=load></div>",
    "</title><script>{call}</script>",
    "</textarea><script>{call}</script>",
    "</style><script>{call}</script>",
    "</p></main></body><script>{call}</script>",
    "--><script>{call}</script><!--",
    "<!--><img src=x onerror={call}>",
    "<![CDATA[><script>{call}</script>]]>",
    "<math><mtext><img src=x onerror={call}></mtext></math>",
    "<template><script>{call}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={call}>'>",
    "{{{{ ''.__class__ }}}}<script>{call}</script>",
    "{{% raw %}}<script>{call}</script>",
    "&lt;script&gt;{call}&lt;/script&gt;",
    "&#60;script&#62;{call}&#60;/script&#62;",
    "\u003cscript\u003e{call}\u003c/script\u003e",
    "＜script＞{call}＜/script＞",
    "=HYPERLINK(\"http://127.0.0.1/ran/{n}\")",
    "javascript:{call}",
    "data:text/html,<script>{call}</script>",
]  # fmt: skip
HOSTILE = [payload.format(n=n, call=CALL.format(n=n)) for n, payload in enumerate(PAYLOADS)]

# A browser takes two seconds to start, so it sees five payloads a page; each alone is looked at below, as HTML.
TOGETHER = [" ".join(HOSTILE[at : at + 5]) for at in range(0, len(HOSTILE), 5)]


class Proxy:
    """Says that everybody is the admin, as a trusted proxy does: a browser without hands cannot log in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], (b"x-user", b"ada")]}
        await self.app(scope, receive, send)


def hostile(id: str, words: str) -> Report:
    """A report that says `words` wherever a model, a document or a rule can."""
    report = a_report(id, answer=f"{words} It is so. {words}")
    [claim] = report.claims
    evidence = claim.evidence[0].model_copy(
        update={
            "source": words,
            "text": words,
            "uri": words,
            "path": (Triple(subject=words, relation=words, object=words),),
            "span": None,
        }
    )
    finding = claim.findings[0].model_copy(update={"judge": words, "explanation": words, "evidence": (evidence,)})
    decision = claim.decision.model_copy(update={"rule": words[:100], "message": words, "rules": (words, words)})
    [patch] = report.patches
    claim = claim.model_copy(
        update={
            "text": words,
            "span": Span(0, len(words)),
            "evidence": (evidence,),
            "findings": (finding,),
            "decision": decision,
            "unresolved": (words,),
        }
    )
    return report.model_copy(
        update={
            "claims": (claim,),
            "question": words,
            "model": words,
            "delivered": f"It is so. {words}",
            "patches": (patch.model_copy(update={"old": words, "new": words, "reason": words, "accepted": False}),),
            "revisions": {words: words},
            "timings": {words: 1.0},
        }
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str], Starlette]]:
    """The pages with 64 hostile reports on a socket, and the calls that came home."""
    calls: list[str] = []

    async def ran(request: Request) -> Response:
        calls.append(request.url.path)
        return Response("fetch('/ran/js')", media_type="text/javascript")

    async def undefended(request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>x</title>" + HOSTILE[int(request.path_params["n"])])

    with closing(SqlStore(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'a.db'}")) as store:
        for number, words in enumerate(HOSTILE):
            traits = with_inputs({"user": words, words: words}, (), "hold")
            store.save(hostile(f"r-{number}", words), request=traits)
        for number, words in enumerate(TOGETHER):
            store.save(hostile(f"together-{number}", words), request=with_inputs({words: words}, (), "hold"))
        People(store.database).add("ada", Role.ADMIN, "test")
        desk = create_pages(store.database, header="x-user", proxies=("127.0.0.1", "testclient"))
        for number, words in enumerate(HOSTILE[:8]):
            desk.state.desk.decide(f"r-{number}", 0, "correct", "ada", claim="c1", note=words, right=words)
        home = [Route("/ran/{rest:path}", ran), Route("/ran.js", ran), Route("/undefended/{n}", undefended)]
        app = Starlette(routes=[*home, Mount("/review", Proxy(desk))])
        with _served(app) as address:
            yield address, calls, app


def test_no_payload_runs_in_a_browser(pages: tuple[str, list[str], Starlette], tmp_path: Path) -> None:
    address, calls, _ = pages
    shown = looked_at(f"{address}/undefended/0", tmp_path)
    assert calls, f"the browser runs nothing at all: {shown[:500]}"
    calls.clear()
    for path in ("/review/", "/review/?state=all&page=2", "/review/trends", "/review/users"):
        assert "Groundwire" in looked_at(address + path, tmp_path)
    for number in range(len(TOGETHER)):
        page = looked_at(f"{address}/review/reports/together-{number}", tmp_path)
        assert "It is so." in page
    time.sleep(0.5)
    assert calls == []


def test_every_payload_is_text_in_every_place(pages: tuple[str, list[str], Starlette]) -> None:
    _, _, app = pages
    client = TestClient(app)
    ours = {
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "link",
        "meta",
        "base",
        "video",
        "audio",
        "math",
        "template",
    }
    for number in range(len(HOSTILE)):
        html = client.get(f"/review/reports/r-{number}").text
        found = re.findall(r"<(\w+)", html)
        assert {name for name in found if name.lower() in ours} == {"script", "link", "meta"}
        assert found.count("script") == 2
        assert not re.search(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', html))


@contextmanager
def _served(app: ASGIApp) -> Iterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(30)
    listener.close()
