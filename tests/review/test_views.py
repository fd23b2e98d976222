"""Saved views: a name for a filter of the queue, for one user."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.review.reports import a_report

from groundwire.errors import InputError
from groundwire.review import SqlStore, views
from groundwire.review.filters import Filter
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.resealing import reseal
from groundwire.review.sealing import new_key
from groundwire.review.views import Views


def browser(store: SqlStore, name: str) -> TestClient:
    who = People(store.database)
    if who.find(name) is None:
        who.add(name, Role.VIEWER, "test")
    app = create_pages(store.database, header="x-user", proxies=("testclient",))
    return TestClient(app, headers={"sec-fetch-site": "same-origin", "x-user": name}, follow_redirects=False)


def links(client: TestClient, query: str = "") -> list[tuple[str, str]]:
    nav = re.search(r'<nav class="views".*?</nav>', client.get(f"/?{query}").text, re.S)
    assert nav
    return re.findall(r'<a href="/\?([^"]*)"[^>]*>([^<]*)</a>', nav[0])


def test_a_view_is_saved_shown_and_forgotten(kept: SqlStore) -> None:
    kept.save(a_report("r-1"))
    anna, ben = browser(kept, "anna"), browser(kept, "ben")
    assert links(anna) == []
    form = {"what": "save", "name": "  Worst   <first> ", "query": "state=all&sort=worst&verdict=flagged&page=7"}
    saved = anna.post("/views", data=form)
    assert saved.status_code == 303
    address = saved.headers["location"]
    assert address == "/?state=all&verdict=flagged&sort=worst"
    shown = anna.get(address)
    assert "r-1" in shown.text
    assert re.search(r'aria-current="page">Worst &lt;first&gt;</a>', shown.text)
    assert links(anna) == [("state=all&amp;verdict=flagged&amp;sort=worst", "Worst &lt;first&gt;")]
    assert links(ben) == []
    anna.post("/views", data={**form, "query": "rule=default.wrong"})
    assert links(anna) == [("rule=default.wrong", "Worst &lt;first&gt;")]
    ben.post("/views", data={"what": "remove", "name": "Worst <first>"})
    assert len(links(anna)) == 1
    gone = anna.post("/views", data={"what": "remove", "name": "Worst <first>", "query": "state=decided"})
    assert gone.headers["location"] == "/?state=decided"
    assert links(anna) == []


@pytest.mark.parametrize("query", ["", "javascript:alert(1)", "state=?&page=x&evil=%00", "&".join("a=1" * 300), "%"])
def test_an_address_is_a_filter_or_nothing(kept: SqlStore, query: str) -> None:
    anna = browser(kept, "anna")
    assert anna.post("/views", data={"what": "save", "name": "all", "query": query}).headers["location"] == "/?"
    assert links(anna) == [("", "all")]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "a\u202eb"])
def test_a_name_is_one(kept: SqlStore, name: str) -> None:
    with pytest.raises(InputError, match="1 to 60 characters"):
        Views(kept.database).save("anna", name, Filter())


def test_views_are_few_and_go_with_their_user(kept: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 3)
    kept_views = Views(kept.database)
    People(kept.database).add("anna", Role.VIEWER, "test")
    for number in range(3):
        kept_views.save("anna", f"view {number}", Filter())
    with pytest.raises(InputError, match="3 views already"):
        kept_views.save("anna", "one more", Filter())
    kept_views.save("anna", "view 0", Filter(state="all"))
    kept_views.save("ben", "one more", Filter())
    assert [view.query for view in kept_views.of("anna")] == ["state=all", "", ""]
    People(kept.database).change("anna", None, "test")
    assert kept_views.of("anna") == []
    assert len(kept_views.of("ben")) == 1


def test_words_in_a_view_go_when_content_is_encrypted(url: str, tmp_path: Path) -> None:
    with closing(SqlStore(url)) as store:
        Views(store.database).save("anna", "Alice", Filter(text="Alice Smith"))
        Views(store.database).save("anna", "all", Filter(state="all"))
    new_key(tmp_path / "content.key")
    with closing(SqlStore(url, key=str(tmp_path / "content.key"))) as store:
        reseal(store.database)
        assert [view.name for view in Views(store.database).of("anna")] == ["all"]
