"""A SPARQL endpoint that is down, slow, wrong, or sends elsewhere: always an error in time, never an answer."""

import base64
import contextvars
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyoxigraph
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from tests.graph.test_judge import claim, compare

from groundwire.errors import DeadlineError, EndpointError
from groundwire.graph import GraphJudge, Literal, SourcedJudge, queries
from groundwire.graph.breaker import Breaker
from groundwire.graph.endpoint import EndpointGraph
from groundwire.graph.kept import Kept
from groundwire.graph.limits import UNTIL
from groundwire.graph.names import tokenize
from groundwire.graph.served import serving, sparql_app, store_of
from groundwire.graph.sparql import MOST_BYTES, Endpoint
from groundwire.model import Case, Label

JSON = "application/sparql-results+json"
QUERY = "SELECT ?node WHERE { ?node ?relation ?object } LIMIT 1"
SECRET = "s3cret-of-the-house"
FACTS: list[tuple[str, str, str | Literal]] = [
    ("http://e/au", "http://www.w3.org/2000/01/rdf-schema#label", Literal("Australia")),
    ("http://e/au", "http://e/capital", "http://e/cbr"),
    ("http://e/cbr", "http://www.w3.org/2000/01/rdf-schema#label", Literal("Canberra")),
]


@contextmanager
def answering(make: Callable[[Request], Response]) -> Iterator[str]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await make(Request(scope, receive))(scope, receive, send)

    with serving(app) as address:
        yield f"{address}/sparql"


@contextmanager
def dripping(every_s: float, head: bytes = b"") -> Iterator[str]:
    """A server that takes every connection and sends a byte now and then, for ever."""
    stopped = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            try:
                connection.sendall(head)
                while not stopped.wait(every_s):
                    connection.sendall(b"x")
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        stopped.set()
        listening.shutdown(socket.SHUT_RDWR)


def refused() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/sparql"


def said_by(endpoint: Endpoint) -> str:
    with pytest.raises(EndpointError) as caught:
        endpoint.select(QUERY)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_a_refused_port() -> None:
    assert "cannot be reached (ConnectError)" in said_by(Endpoint(refused()))


@pytest.mark.parametrize(
    ("every_s", "head"),
    [
        (60.0, b""),
        (0.05, b"HTTP/1.1 200 OK\r\nx-slow: "),
        (0.05, b"HTTP/1.1 200 OK\r\ncontent-type: " + JSON.encode() + b"\r\n\r\n{"),
    ],
    ids=["silent", "slow head", "slow body"],
)
def test_a_server_that_hangs_is_left_in_time(every_s: float, head: bytes) -> None:
    with dripping(every_s, head) as address:
        endpoint = Endpoint(address, longest=0.3)
        began = time.monotonic()
        assert "did not answer within 0.3 s" in said_by(endpoint)
        assert time.monotonic() - began < 1.0
        endpoint.close()


def test_nobody_waits_longer_than_the_deadline() -> None:
    with dripping(60.0) as address:
        endpoint = Endpoint(address, longest=30.0, breaker=Breaker(failures=1))

        def ask() -> None:
            UNTIL.set(time.monotonic() + 0.2)
            for said in ("did not answer in the time that was left", "no time was left"):
                with pytest.raises(DeadlineError, match=said):
                    endpoint.select(QUERY)

        began = time.monotonic()
        contextvars.copy_context().run(ask)
        assert time.monotonic() - began < 1.0
        assert endpoint.breaker.wait() == 0
        judge = SourcedJudge("far", lambda: GraphJudge([EndpointGraph(endpoint)], compare=compare))
        cases = [Case(claim("The capital of Australia is Canberra."), ())] * 2
        findings = judge.judge(cases, deadline=time.monotonic() + 0.2)
        assert [finding.label for finding in findings] == [Label.DEADLINE] * 2
        endpoint.close()


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (lambda: PlainTextResponse("broken", 500), "HTTP 500"),
        (lambda: PlainTextResponse("slow down", 429), "HTTP 429"),
        (lambda: PlainTextResponse("who?", 401), "does not let us in (HTTP 401)"),
        (lambda: PlainTextResponse("<html>"), 'in "text/plain"'),
        (lambda: Response(b"\x00\xff garbage", media_type=JSON), "no SPARQL result"),
        (lambda: Response(b"", media_type=JSON), "no SPARQL result"),
        (lambda: Response(b"[]", media_type=JSON), "no SPARQL result"),
        (lambda: Response(b'{"head":{"vars":["node"]},"results":{"bindings":[{"node":', media_type=JSON), "no SPARQL"),
        (lambda: Response(b'{"head":{},"boolean":true}', media_type=JSON), "yes or no"),
        (lambda: Response(b" " * (MOST_BYTES + 1), media_type=JSON), "more than 8,000,000 bytes"),
    ],
)
def test_what_is_no_answer_is_an_error(reply: Callable[[], Response], said: str) -> None:
    with answering(lambda request: reply()) as address:
        endpoint = Endpoint(address, longest=10.0)
        assert said in said_by(endpoint)
        endpoint.close()


def test_too_many_rows() -> None:
    row = '{"node":{"type":"uri","value":"http://e/a"}}'
    body = '{"head":{"vars":["node"]},"results":{"bindings":[' + ",".join([row] * 20_001) + "]}}"
    with answering(lambda request: Response(body, media_type=JSON)) as address:
        endpoint = Endpoint(address, longest=10.0)
        assert "more than 20,000 rows" in said_by(endpoint)
        endpoint.close()


def test_redirects_are_not_followed() -> None:
    asked: list[str] = []

    def elsewhere(request: Request) -> Response:
        asked.append(request.url.path)
        return RedirectResponse("/other", 307)

    with answering(elsewhere) as address:
        endpoint = Endpoint(address)
        assert "sends elsewhere (HTTP 307)" in said_by(endpoint)
        endpoint.close()
    assert asked == ["/sparql"]


@pytest.mark.parametrize("way", ["auth", "token"])
def test_credentials_are_sent_and_never_shown(way: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    def guarded(request: Request) -> Response:
        seen.append(request.headers.get("authorization", ""))
        return PlainTextResponse("no", 403)

    with answering(guarded) as address:
        auth = ("reader", SECRET) if way == "auth" else None
        endpoint = Endpoint(address, auth=auth, token=SECRET if way == "token" else None)
        assert "HTTP 403" in said_by(endpoint)
        assert SECRET not in repr(endpoint)
        endpoint.close()
    basic = "Basic " + base64.b64encode(f"reader:{SECRET}".encode()).decode()
    assert seen == [basic if way == "auth" else f"Bearer {SECRET}"]
    assert SECRET not in caplog.text
    assert base64.b64encode(f"reader:{SECRET}".encode()).decode() not in caplog.text


def test_a_graph_that_is_down_is_an_error_and_soon_left_alone() -> None:
    graph = EndpointGraph(Endpoint(refused(), breaker=Breaker(failures=2, rest=60.0)), "far")
    judge = GraphJudge([graph], compare=compare)
    cases = [Case(claim("The capital of Australia is Canberra."), ())] * 4
    findings = judge.judge(cases)
    assert [finding.label for finding in findings] == [Label.ERROR] * 4
    assert "cannot be reached" in findings[0].explanation
    assert "asked again in 60 s" in findings[3].explanation


def test_a_graph_that_comes_back_is_used_again() -> None:
    app, up = sparql_app(store_of(FACTS)), threading.Event()

    async def flickering(scope: Any, receive: Any, send: Any) -> None:
        await (app if up.is_set() else PlainTextResponse("later", 503))(scope, receive, send)

    with serving(flickering) as address:
        endpoint = Endpoint(f"{address}/sparql", breaker=Breaker(failures=1, rest=0.2))
        judge = GraphJudge([EndpointGraph(endpoint)], compare=compare)
        case = Case(claim("The capital of Australia is Canberra."), ())
        assert judge.judge([case])[0].label is Label.ERROR
        up.set()
        assert "again and again" in judge.judge([case])[0].explanation
        time.sleep(0.25)
        assert judge.judge([case])[0].label is Label.SUPPORTED
        endpoint.close()


def test_every_query_only_reads_and_holds_text_as_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    store = store_of(FACTS)

    def select(self: Endpoint, query: str) -> list[dict[str, Any]]:
        asked.append(query)
        results: Any = store.query(query)
        return [dict(zip([v.value for v in results.variables], row, strict=True)) for row in results]

    monkeypatch.setattr(Endpoint, "select", select)
    graph = EndpointGraph(Endpoint("http://127.0.0.1/sparql"))
    evil = "http://e/x> ?p ?o } ; DROP ALL ; SERVICE <http://evil/> { ?s <y"
    text = (
        'Australia" } } ; LOAD <http://evil/> ; SELECT * WHERE { { "\\" is SERVICE <http://evil/> {?A ?B ?C} Canberra'
    )
    judge = GraphJudge([graph], compare=compare)
    judge.judge([Case(claim(text), ())])
    value = Literal('"} DELETE WHERE { ?a ?b ?c } #', evil, "en> . }")
    for node in (evil, value):
        graph.facts_about(node)
        graph.facts_between(evil, node)
        graph.facts_to(node, 3)
        graph.subjects(evil, node, 3)
        graph.roles(node)
        graph.types(node)
        graph.label(node)
    graph.spread(evil)
    assert len(asked) > 8
    for query in asked:
        bare = _without_terms(query)
        assert query.startswith("SELECT ")
        assert "LIMIT" in bare or "UNION" in bare
        for word in ("SERVICE", "LOAD", "DROP", "DELETE", "INSERT", ";"):
            assert word not in bare.upper(), bare
    assert len(store) == len(FACTS)


def _without_terms(query: str) -> str:
    """A query without its IRIs and strings, read as SPARQL reads them."""
    import re

    return re.sub(r'"(?:[^"\\\n]|\\.)*"|<[^<>"{}|^`\\\x00-\x20]*>', "", query)


def test_the_served_endpoint_takes_nothing_but_queries() -> None:
    import httpx

    store = store_of(FACTS)
    with serving(sparql_app(store)) as address, httpx.Client(base_url=address) as client:
        assert client.get("/sparql", params={"query": QUERY}).json()["results"]["bindings"]
        assert client.post("/sparql", data={"query": QUERY}).status_code == 200
        for wrong in ({"update": "DROP ALL"}, {"query": "DROP ALL"}, {"query": "nonsense"}, {}):
            assert client.post("/sparql", data=wrong).status_code == 400
        service = "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }"
        assert client.post("/sparql", data={"query": service}).status_code == 400
        graph = {"query": QUERY, "default-graph-uri": "http://e/empty"}
        assert client.post("/sparql", data=graph).json()["results"]["bindings"] == []
    assert len(store) == len(FACTS)


def test_a_named_graph_is_asked_alone() -> None:
    store = store_of(FACTS)
    own = pyoxigraph.NamedNode("http://e/own")
    subject, relation = pyoxigraph.NamedNode("http://e/a"), pyoxigraph.NamedNode("http://e/b")
    store.add(pyoxigraph.Quad(subject, relation, pyoxigraph.Literal("c"), own))
    with serving(sparql_app(store)) as address:
        endpoint = Endpoint(f"{address}/sparql", graph="http://e/own")
        graph = EndpointGraph(endpoint)
        assert graph.facts_about("http://e/a") == (("http://e/a", "http://e/b", Literal("c")),)
        assert graph.facts_about("http://e/au") == ()
        endpoint.close()


def test_breaker_lets_one_try_after_its_rest() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, rest=10, clock=lambda: now[0])
    breaker.failed()
    assert breaker.wait() == 0
    breaker.failed()
    assert breaker.wait() == 10
    now[0] = 10.0
    assert breaker.wait() == 0
    assert breaker.wait() == 10  # somebody is trying
    breaker.failed()
    now[0] = 15.0
    assert breaker.wait() == 5
    now[0] = 20.0
    assert breaker.wait() == 0
    breaker.worked()
    assert breaker.wait() == 0


def test_kept_fetches_what_it_lacks_and_forgets_what_is_old() -> None:
    now, asked = [0.0], []

    def fetch(keys: list[int]) -> dict[int, str]:
        asked.append(keys)
        return {key: str(key) for key in keys if key != 3}

    kept = Kept(fetch, "nothing", most=4, at_once=2, seconds=10, clock=lambda: now[0])
    assert kept.get(1, beside=[2, 4]) == "1"
    assert asked == [[1, 2]]
    assert kept.all([1, 2, 3]) == {1: "1", 2: "2", 3: "nothing"}
    assert asked[1:] == [[3]]
    now[0] = 11.0
    kept.get(1)
    assert asked[2:] == [[1]]
    kept.all([5, 6, 7, 8])
    assert len(kept) == 4


def test_answers_that_were_cut_off_are_asked_for_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    facts: list[tuple[str, str, str | Literal]] = []
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    facts += [(f"http://e/n{at}{number}", label, Literal(f"Name {at}")) for at in range(8) for number in range(3)]
    monkeypatch.setattr(queries, "MOST_NAMED", 4)
    with serving(sparql_app(store_of(facts))) as address:
        endpoint = Endpoint(f"{address}/sparql")
        graph = EndpointGraph(endpoint)
        text = " ".join(f"Name {at}." for at in range(8))
        hits = list(graph.names.mentions(tokenize(text), text))
        assert [len(hit.nodes) for hit in hits] == [3] * 8
        for hit in hits:
            assert {graph.label(str(node)) for node in hit.nodes} == {f"Name {str(hit.nodes[0])[-2]}"}
        endpoint.close()


def test_labels_for_all_languages_are_read() -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    facts: list[tuple[str, str, str | Literal]] = [
        ("http://e/Q1", label, Literal("Ada Lovelace", None, "mul")),
        ("http://e/Q1", label, Literal("Ada, Gräfin", None, "de")),
    ]
    with serving(sparql_app(store_of(facts))) as address:
        endpoint = Endpoint(f"{address}/sparql")
        graph = EndpointGraph(endpoint)
        assert graph.names.find("Ada Lovelace") == ("http://e/Q1",)
        assert graph.label("http://e/Q1") == "Ada Lovelace"
        endpoint.close()
