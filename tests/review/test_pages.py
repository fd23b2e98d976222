"""The pages: who may see and do what, what the browser is told, and what reviewers do with them."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.review.reports import a_report

from groundwire.config import Config
from groundwire.model import Finding, Label, Outcome, Span, Verdict
from groundwire.review import MemoryStore, ReviewPages, SqlStore, chain, drawing, people, with_inputs
from groundwire.review.access import from_here
from groundwire.review.desk import Desk
from groundwire.review.inspection import inspect
from groundwire.review.pages import PAGES, create_pages
from groundwire.review.people import People, Role
from groundwire.review.tables import decisions, logins
from groundwire.review.trending import agreement, by_model

PASSWORD = "four quiet garden words"
HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        yield store


@pytest.fixture
def visit(store: SqlStore) -> Callable[[str | None], TestClient]:
    """A browser of somebody with a role; None: of a stranger."""
    app = create_pages(store.database)

    def entered(role: str | None) -> TestClient:
        client = TestClient(app, base_url="http://desk", headers=HERE, follow_redirects=False)
        if role:
            who = People(store.database)
            if who.find(role) is None:
                who.add(role, Role(role), "test")
                who.accept(who.link(role), role, PASSWORD)
            client.post("/login", data={"name": role, "password": PASSWORD})
        return client

    return entered


def path_of(page: str, token: str) -> str:
    return page.replace("{number}", "1").replace("{id}", "r-1").replace("{claim}", "c1").replace("{token}", token)


# What each may do, worked out by hand: not from the table that the pages themselves use.
ANYBODY = {
    *(("GET", path) for path in ("/login", "/welcome/{token}", "/oidc/start", "/oidc/callback")),
    *(("POST", path) for path in ("/login", "/welcome/{token}")),
}
VIEWER = {
    *(("GET", path) for path in ("/", "/counts", "/reports/{id}", "/reports/{id}/claims/{claim}", "/trends")),
    ("GET", "/proposals"),
    ("GET", "/export/queue.csv"),
    ("POST", "/views"),
    ("POST", "/logout"),
}
REVIEWER = {
    ("POST", "/reports/{id}/decide"),
    ("POST", "/bulk"),
    ("POST", "/reports/{id}/assign"),
    ("POST", "/reports/{id}/propose"),
    ("GET", "/export/reviewed.jsonl"),
    ("GET", "/export/pairs.jsonl"),
}
APPROVER = {("POST", "/proposals/{number}")}
ADMIN = {("GET", "/users"), ("POST", "/users"), ("POST", "/users/change")}
MAY = {
    None: ANYBODY,
    "viewer": ANYBODY | VIEWER,
    "reviewer": ANYBODY | VIEWER | REVIEWER,
    "approver": ANYBODY | VIEWER | REVIEWER | APPROVER,
    "admin": ANYBODY | VIEWER | REVIEWER | APPROVER | ADMIN,
}


@pytest.mark.parametrize("role", [None, "viewer", "reviewer", "approver", "admin"])
def test_every_route_for_every_role(
    store: SqlStore, visit: Callable[[str | None], TestClient], role: str | None
) -> None:
    store.save(a_report("r-1"))
    assert {(page.method, page.path) for page in PAGES} == MAY["admin"]
    for page in sorted(PAGES, key=lambda page: page.path == "/logout"):
        client = visit(role)
        token = People(store.database).link("viewer") if page.path.startswith("/welcome") and role else "x"
        answer = client.request(page.method, path_of(page.path, token))
        allowed = (page.method, page.path) in MAY[role]
        if allowed:
            assert answer.status_code not in (401, 403) or page.path == "/login", (role, page)
        elif role is None:
            refused = (303, 401) if page.method == "GET" else (401,)
            assert answer.status_code in refused, (role, page)
            assert "login" in answer.headers.get("location", "login")
        else:
            assert answer.status_code == 403, (role, page)


def test_every_answer_carries_the_headers(store: SqlStore, visit: Callable[[str | None], TestClient]) -> None:
    store.save(a_report("r-1"))
    client = visit("admin")
    for path in ("/", "/reports/r-1", "/nowhere", "/static/review.js", "/static/nowhere", "/login", "/users"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
    refused = client.post("/bulk", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert "content-security-policy" in refused.headers


def test_no_page_has_script_or_style_inside(store: SqlStore, visit: Callable[[str | None], TestClient]) -> None:
    store.save(a_report("r-1"))
    client = visit("admin")
    for path in ("/", "/reports/r-1", "/reports/r-1/claims/c1", "/trends", "/users", "/login", "/nowhere"):
        html = client.get(path).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", html), path


@pytest.mark.parametrize("site", [None, "same-origin", "same-site", "cross-site", "none", "nonsense"])
@pytest.mark.parametrize("origin", [None, "http://desk", "https://desk", "http://evil", "http://desk.evil", "null", ""])
@pytest.mark.parametrize("cookie", [True, False])
def test_a_request_that_changes_something_comes_from_here(
    store: SqlStore, visit: Callable[[str | None], TestClient], site: str | None, origin: str | None, cookie: bool
) -> None:
    headers = {name: value for name, value in (("sec-fetch-site", site), ("origin", origin)) if value is not None}
    here = site == "same-origin" if site is not None else origin in ("http://desk", "https://desk")
    assert from_here({**headers, "host": "desk"}) == here
    if origin not in (None, "http://evil", "http://desk"):
        return
    store.save(a_report("r-1"))
    client = visit("reviewer" if cookie else None)
    client.headers.pop("sec-fetch-site")
    form = {"version": "0", "kind": "confirm"}
    bearer = {} if cookie else {"authorization": "Bearer sk-upstream-key"}
    answer = client.post("/reports/r-1/decide", data=form, headers={**headers, **bearer})
    assert answer.status_code == (403 if not here else 303 if cookie else 401)


def test_a_key_of_the_upstream_opens_no_page(visit: Callable[[str | None], TestClient]) -> None:
    assert visit(None).get("/", headers={"authorization": "Bearer sk-anything"}).status_code == 303


def test_two_reviewers_at_once(kept: SqlStore) -> None:
    kept.save(a_report("r-1"))
    app = create_pages(kept.database)
    who = People(kept.database)
    clients = []
    for name in ("anna", "ben"):
        who.add(name, Role.REVIEWER, "test")
        who.accept(who.link(name), name, PASSWORD)
        client = TestClient(app, base_url="http://desk", headers=HERE, follow_redirects=False)
        client.post("/login", data={"name": name, "password": PASSWORD})
        clients.append(client)
    first, second = clients
    version = re.findall(r'name="version" value="(\d+)"', second.get("/reports/r-1").text)[0]
    form = {"version": version, "claim": "c1"}
    assert first.post("/reports/r-1/decide", data={**form, "kind": "confirm"}).status_code == 303
    refused = second.post("/reports/r-1/decide", data={**form, "kind": "false_alarm"})
    assert refused.status_code == 409
    assert "anna decided on this report in the meantime (confirm)" in refused.text
    with kept.database.reading() as connection:
        tried = [(entry.kind, entry.actor) for entry in chain.entries(connection) if entry.kind.startswith("decision")]
    assert tried == [("decision", "anna"), ("decision.refused", "ben")]
    assert not inspect(kept.database).problems


@pytest.mark.parametrize(
    "change", [{"kind": "false_alarm"}, {"by": "ben"}, {"claim": "c2"}, {"words": '{"note": "x"}'}]
)
def test_a_decision_that_was_changed_is_found(kept: SqlStore, change: dict[str, str]) -> None:
    kept.save(a_report("r-1"))
    Desk(kept.database).decide("r-1", 0, "confirm", "anna", claim="c1", note="Checked.")
    assert not inspect(kept.database).problems
    with kept.database.writing() as connection:
        connection.execute(sa.update(decisions).values(**change))
    [problem] = inspect(kept.database).problems
    assert "decision 1" in str(problem)
    with kept.database.writing() as connection:
        connection.execute(sa.delete(decisions))
    [problem] = inspect(kept.database).problems
    assert "decision 1 is missing" in str(problem)


def test_a_day_at_the_desk(kept: SqlStore) -> None:
    now = datetime.now(UTC)
    for number in range(3):
        report = a_report(f"r-{number}", answer=f"Answer number {number}.")
        report = report.model_copy(update={"created": now - timedelta(minutes=number)})
        kept.save(report, request=with_inputs({"user": "u"}, (), "hold"))
    kept.save(a_report("fine", answer="Clean.", verdict=Outcome.CLEAN))
    client = TestClient(create_pages(kept.database), base_url="http://desk", headers=HERE, follow_redirects=False)
    who = People(kept.database)
    who.add("anna", Role.REVIEWER, "test")
    who.accept(who.link("anna"), "anna", PASSWORD)
    client.post("/login", data={"name": "anna", "password": PASSWORD})

    def lines(query: str = "") -> list[str]:
        return re.findall(r'href="/reports/([^"]+)" data-open', client.get(f"/?{query}").text)

    assert lines() == ["r-0", "r-1", "r-2"]
    assert lines("state=all") == ["r-0", "r-1", "r-2", "fine"]
    assert lines("text=NUMBER+1") == ["r-1"]
    assert lines("text=number&verdict=clean") == []
    assert lines("rule=default.wrong&sort=worst") == ["r-0", "r-1", "r-2"]
    assert lines("rule=other") == []
    assert lines(f"since={(now + timedelta(days=1)).date()}") == []
    assert lines(f"until={(now + timedelta(days=1)).date()}&model=openai%2Fgpt-4o-mini") == ["r-0", "r-1", "r-2"]
    assert lines("text=%22+OR+*&page=0&since=never&state=?") == []
    assert lines("page=2") == []
    opened = client.post("/reports/r-0/decide", data={"version": "0", "kind": "confirm", "note": "Checked."})
    assert opened.headers["location"] == "/reports/r-1?done=r-0"
    assert lines() == ["r-1", "r-2"]
    assert lines("state=decided") == ["r-0"]
    assert lines("state=all&reviewer=anna") == ["r-0"]
    assert lines("state=all&reviewer=ben") == []
    assert '<option value="anna">anna</option>' in client.get("/").text
    done = client.post("/bulk", data={"kind": "false_alarm", "report": ["r-1@0", "r-2@7"]})
    assert done.status_code == 409
    assert "r-2" in done.text
    assert lines() == ["r-2"]
    corrected = {"version": "0", "kind": "correct", "claim": "c1", "right": "Right.", "note": ""}
    assert client.post("/reports/r-2/decide", data=corrected).headers["location"] == "/?done=r-2"
    assert "Right." in client.get("/reports/r-2").text
    trends = client.get("/trends").text
    assert "default.wrong" in trends
    assert "33 %" in trends
    rows = [json.loads(line) for line in client.get("/export/reviewed.jsonl").text.split("\n") if line]
    assert [(row["id"], row["label"]) for row in rows] == [("r-0", 1), ("r-1", 0), ("r-2", 1)]
    pairs = [json.loads(line) for line in client.get("/export/pairs.jsonl").text.split("\n") if line]
    assert [pair["label"] for pair in pairs] == ["contradiction", "entailment", "contradiction"]
    assert client.post("/reports/r-1/decide", data={"version": "1", "kind": "reopen"}).status_code == 303
    assert lines() == ["r-1"]
    for wrong in (
        {"kind": "burn"},
        {"kind": "missed"},
        {"kind": "correct", "claim": "c9", "right": "x"},
        {"kind": "note"},
    ):
        assert client.post("/reports/r-1/decide", data={"version": "2", **wrong}).status_code == 400, wrong
    assert client.post("/reports/r-1/decide", data={"kind": "confirm"}).status_code == 409
    assert client.post("/reports/nope/decide", data={"version": "0", "kind": "confirm"}).status_code == 400
    assert client.get("/reports/nope").status_code == 404
    assert client.get("/reports/r-1/claims/c9").status_code == 404
    assert not inspect(kept.database).problems


def test_a_table_for_a_spreadsheet_runs_nothing(store: SqlStore, visit: Callable[[str | None], TestClient]) -> None:
    for number, start in enumerate("=+-@\t\r"):
        store.save(a_report(f"r-{number}", answer=f"{start}cmd|' /C calc'!A0"))
    text = visit("viewer").get("/export/queue.csv?state=all").text
    assert not re.search(r'(?:^|,)"?[=+\-@\t\r]', text, re.MULTILINE)


def test_the_first_user_comes_by_a_link_that_works_once(store: SqlStore) -> None:
    who = People(store.database)
    token = who.first_link()
    assert token
    client = TestClient(create_pages(store.database), base_url="http://desk", headers=HERE, follow_redirects=False)
    form = {"name": "ada", "password": PASSWORD, "again": PASSWORD}
    assert client.get("/welcome/wrong").status_code == 404
    assert "The first user" in client.get(f"/welcome/{token}").text
    assert client.post(f"/welcome/{token}", data={**form, "again": "x"}).status_code == 400
    assert client.post(f"/welcome/{token}", data={**form, "password": "short", "again": "short"}).status_code == 400
    assert client.post(f"/welcome/{token}", data=form).headers["location"] == "/"
    assert client.get("/users").status_code == 200
    assert client.get(f"/welcome/{token}").status_code == 404
    assert who.first_link() is None
    invited = client.post("/users", data={"name": "rita", "role": "reviewer"})
    assert re.search(r"http://desk/welcome/[\w-]{40,}", invited.text)
    assert client.post("/users/change", data={"name": "ada", "what": "viewer"}).status_code == 400
    assert client.post("/users/change", data={"name": "rita", "what": "viewer"}).status_code == 303
    assert who.find("rita") == ("rita", Role.VIEWER)
    assert client.post("/logout").status_code == 303
    assert client.get("/").status_code == 303


def test_guessing_is_slowed_down_and_written_down(
    store: SqlStore, visit: Callable[[str | None], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit("viewer")
    client = visit(None)
    for _ in range(people.MOST_WRONG_BY_USER):
        assert client.post("/login", data={"name": "viewer", "password": "guess"}).status_code == 401
    limited = client.post("/login", data={"name": "viewer", "password": PASSWORD})
    assert limited.status_code == 429
    assert limited.headers["retry-after"] == "900"
    monkeypatch.setattr(people, "WINDOW", timedelta(0))
    assert client.post("/login", data={"name": "viewer", "password": PASSWORD}).status_code == 303
    monkeypatch.undo()
    for number in range(people.MOST_WRONG_BY_ADDRESS):
        client.post("/login", data={"name": f"nobody {number}", "password": "x"})
    assert client.post("/login", data={"name": "viewer", "password": PASSWORD}).status_code == 429
    with store.database.reading() as connection:
        kinds = [entry.kind for entry in chain.entries(connection)]
    assert kinds.count("login.refused") >= people.MOST_WRONG_BY_USER


def test_a_link_works_for_somebody_whose_password_was_guessed_at(
    store: SqlStore, visit: Callable[[str | None], TestClient]
) -> None:
    visit("viewer")
    client = visit(None)
    for _ in range(people.MOST_WRONG_BY_USER):
        client.post("/login", data={"name": "viewer", "password": "guess"})
    path = f"/welcome/{People(store.database).link('viewer')}"
    new = "five other garden words"
    limited = client.post(path, data={"password": new, "again": new})
    assert limited.status_code == 429
    assert limited.headers["retry-after"] == "900"
    assert "Your password is set" in limited.text
    with store.database.writing() as connection:
        connection.execute(sa.delete(logins))
    assert client.post("/login", data={"name": "viewer", "password": new}).status_code == 303


@pytest.mark.parametrize(
    ("path", "where"), [("/trends?days=7", "/trends?days=7"), ("//evil", "/"), ("/\\evil", "/"), ("http://evil", "/")]
)
def test_after_the_login_it_goes_on_inside(visit: Callable[[str | None], TestClient], path: str, where: str) -> None:
    visit("viewer")
    form = {"name": "viewer", "password": PASSWORD, "next": path}
    answer = visit(None).post("/login", data=form)
    assert answer.headers["location"] == where
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()


def test_the_database_holds_no_token_and_no_password(
    store: SqlStore, visit: Callable[[str | None], TestClient]
) -> None:
    client = visit("viewer")
    token = client.cookies["groundwire_session"]
    link = People(store.database).link("viewer")
    with store.database.reading() as connection:
        names = sa.inspect(connection).get_table_names()
        held = repr([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names])
    for secret in (token, link, PASSWORD):
        assert secret not in held
    assert "$argon2id$" in held


@contextmanager
def behind(store: SqlStore, client_host: str) -> Iterator[TestClient]:
    app = create_pages(store.database, header="x-user", proxies=("10.0.0.1",))
    yield TestClient(app, base_url="http://desk", headers=HERE, follow_redirects=False, client=(client_host, 5000))


def test_a_proxy_may_say_who_comes_and_nobody_else(store: SqlStore) -> None:
    who = People(store.database)
    who.add("rita", Role.REVIEWER, "test")
    with behind(store, "10.0.0.1") as client:
        assert client.get("/", headers={"x-user": "rita"}).status_code == 200
        assert client.get("/", headers={"x-user": "stranger"}).status_code == 303
        assert client.get("/").status_code == 303
        assert client.get("/users", headers={"x-user": "rita"}).status_code == 403
        twice = [("x-user", "rita"), ("x-user", "ada")]
        assert client.get("/", headers=twice).status_code == 303
        assert client.post("/login", data={"name": "rita", "password": "x"}).status_code == 403
    with behind(store, "10.0.0.2") as client:
        assert client.get("/", headers={"x-user": "rita"}).status_code == 303


def test_large_and_odd_forms_are_refused(store: SqlStore, visit: Callable[[str | None], TestClient]) -> None:
    store.save(a_report("r-1"))
    client = visit("reviewer")
    assert client.post("/reports/r-1/decide", content=b"x" * 300_000).status_code == 413
    assert client.post("/reports/r-1/decide", content=b"\xff\xfe").status_code == 400
    long = {"version": "0", "kind": "note", "note": "x" * 20_000}
    assert client.post("/reports/r-1/decide", data=long).status_code == 400


def test_a_report_without_its_words_is_shown_without(url: str) -> None:
    with closing(SqlStore(url, content="hashes")) as store:
        store.save(a_report("r-1"))
        app = create_pages(store.database, header="x-user", proxies=("testclient",))
        People(store.database).add("rita", Role.REVIEWER, "test")
        client = TestClient(app, headers={**HERE, "x-user": "rita"})
        assert "content is not kept" in client.get("/").text
        assert "only hashes were stored" in client.get("/reports/r-1").text


def test_a_store_without_a_database_has_no_pages() -> None:
    client = TestClient(ReviewPages(MemoryStore, Config()))
    assert client.get("/").status_code == 404


def test_false_alarms_are_those_of_the_days_that_are_shown(kept: SqlStore) -> None:
    desk, now = Desk(kept.database), datetime.now(UTC)
    for number, (back, kind) in enumerate([(0, "confirm"), (20, "false_alarm"), (60, "false_alarm"), (200, "confirm")]):
        kept.save(a_report(f"r-{number}").model_copy(update={"created": now - timedelta(days=back)}))
        desk.decide(f"r-{number}", 0, kind, "anna")
    found = {days: desk.by_rule(days) for days in (7, 30, 90)}
    assert found == {7: [("default.wrong", 1, 0)], 30: [("default.wrong", 1, 1)], 90: [("default.wrong", 1, 2)]}
    desk.decide("r-1", 1, "reopen", "anna")
    assert desk.by_rule(30) == [("default.wrong", 1, 0)]


def test_trends_say_how_often_two_reviewers_agree_and_how_each_model_did(kept: SqlStore) -> None:
    desk, now = Desk(kept.database), datetime.now(UTC)
    for number, (back, model) in enumerate([(0, "one"), (1, "one"), (2, "<two>"), (20, None)]):
        report = a_report(f"r-{number}").model_copy(update={"created": now - timedelta(days=back), "model": model})
        kept.save(report)
    assert agreement(kept.database, 7) == (0, 0)
    for version, (by, kind) in enumerate([("anna", "false_alarm"), ("anna", "confirm"), ("ben", "correct")]):
        desk.decide("r-0", version, kind, by, claim="c1", right="So." if kind == "correct" else "")
    desk.decide("r-1", 0, "confirm", "anna", claim="c1")
    desk.decide("r-1", 1, "reopen", "ben")
    desk.decide("r-1", 2, "false_alarm", "ben", claim="c1")
    desk.decide("r-2", 0, "confirm", "anna", claim="c1")
    for version, by in enumerate(("anna", "ben", "carol")):
        desk.decide("r-3", version, "confirm", by, claim="c1")
    assert {days: agreement(kept.database, days) for days in (1, 7, 30)} == {1: (1, 1), 7: (1, 2), 30: (4, 5)}
    assert by_model(kept.database, 7) == [("one", {"flagged": 2}), ("<two>", {"flagged": 1})]
    People(kept.database).add("vera", Role.VIEWER, "test")
    app = create_pages(kept.database, header="x-user", proxies=("testclient",))
    client = TestClient(app, headers={**HERE, "x-user": "vera"})
    assert 'href="?days=7&amp;by=model#models"' in client.get("/trends?days=7").text
    page = client.get("/trends?days=7&by=model").text
    assert "on one claim: <b>2</b>. Alike: <b>1</b>, 50 % (95 % interval: " in page
    assert '<a href="/?state=all&amp;model=%3Ctwo%3E">&lt;two&gt;</a>' in page


def test_the_decisions_of_other_days_are_not_read(store: SqlStore) -> None:
    asked: list[str] = []
    sa.event.listen(store.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    Desk(store.database).by_rule(30)
    [query] = [one for one in asked if one.startswith("SELECT decisions.rule")]
    with store.database.reading() as connection:
        marks = tuple(None for _ in range(query.count("?")))
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", marks)]
    assert any("reports" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN decisions") or step == "SCAN reports"]


def test_the_words_in_doubt_are_marked_in_the_answer() -> None:
    report = a_report("r-1")
    (claim,) = report.claims
    middle = Span(claim.span.start + 3, claim.span.start + 7)
    doubtful = Finding(judge="entailment", version="1", label=Label.UNSUPPORTED, doubted=(middle,))
    marked = report.model_copy(update={"claims": (claim.model_copy(update={"findings": (doubtful,)}),)})
    parts = [part for stretch in drawing.stretches(marked) for part in stretch.parts]
    assert "".join(words for words, _ in parts) == report.answer
    assert [words for words, doubted in parts if doubted] == [middle.of(report.answer)]
    fine = claim.model_copy(update={"findings": (doubtful,), "verdict": Verdict.SUPPORTED})
    parts = [p for s in drawing.stretches(report.model_copy(update={"claims": (fine,)})) for p in s.parts]
    assert not any(doubted for _, doubted in parts)


def test_a_number_is_one_word_of_an_edit() -> None:
    parts = drawing.edits("It costs 3.1 % a year.", "It costs 5.4 % a year.")
    assert [(part.kind, part.text) for part in parts if part.kind != "same"] == [("gone", "3.1"), ("new", "5.4")]


def test_the_answer_is_cut_and_loses_nothing() -> None:
    report = a_report("r-1")
    assert "".join(stretch.text for stretch in drawing.stretches(report)) == report.answer
    assert all("".join(words for words, _ in one.parts) == one.text for one in drawing.stretches(report))
    for before, after in (("a b c", "a x c"), ("", "new"), ("old", ""), ("same", "same"), ("x " * 5000, "y")):
        parts = drawing.edits(before, after)
        assert "".join(part.text for part in parts if part.kind != "new") == before
        assert "".join(part.text for part in parts if part.kind != "gone") == after


def test_intervals_and_charts_bear_nothing_and_much() -> None:
    assert drawing.wilson(0, 0) == (0.0, 1.0)
    low, high = drawing.wilson(5, 10)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)
    assert drawing.chart([]).bars == []
    days = [(f"2026-01-{day:02}", {"flagged": day * 1000, "clean": 3}) for day in range(1, 31)]
    chart = drawing.chart(days)
    assert all(bar.y >= 0 and bar.height >= 0 for bar in chart.bars)
    assert drawing.path_picture(()) is None
