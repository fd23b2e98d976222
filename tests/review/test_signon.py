"""Signing in through a provider, over HTTP: what opens the pages, what does not, and what stays secret."""

import asyncio
import hashlib
import hmac
import importlib.util
import logging
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.testclient import TestClient
from tests.review.chromium import looked_at
from tests.review.signing_provider import CLIENT, SECRET, SigningProvider, listening_provider, unsigned

from groundwire.config import Config
from groundwire.errors import ConfigError
from groundwire.gateway import running
from groundwire.review import MemoryStore, ReviewPages, SqlStore, chain, people, provider
from groundwire.review.inspection import inspect
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.provider import Provider, role_of
from groundwire.sections import OidcSettings, RoleSettings

PASSWORD = "four quiet garden words"
ROLES = {"viewer": ["staff"], "reviewer": ["compliance"], "admin": ["it"]}
SESSION, TRIP = "groundwire_session", "groundwire_trip"


@pytest.fixture(scope="module")
def listening() -> Iterator[SigningProvider]:
    with listening_provider() as found:
        yield found


@pytest.fixture
def signing(listening: SigningProvider, monkeypatch: pytest.MonkeyPatch) -> SigningProvider:
    """The provider as it is when nothing is wrong."""
    monkeypatch.setenv("GW_TEST_OIDC", SECRET)
    monkeypatch.setattr(provider, "AGAIN_S", 0.0)
    new = SigningProvider()
    listening.__dict__.update({**new.__dict__, "issuer": listening.issuer})
    return listening


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(SqlStore(f"sqlite:///{tmp_path / 'a.db'}")) as store:
        yield store


def settings(signing: SigningProvider, **changes: Any) -> OidcSettings:
    told = {"issuer": signing.issuer, "client_id": CLIENT, "client_secret": "os.environ/GW_TEST_OIDC", "roles": ROLES}
    return OidcSettings.model_validate({**told, **changes})


def browser(store: SqlStore, signing: SigningProvider, base: str = "http://desk", **changes: Any) -> TestClient:
    app = create_pages(store.database, provider=Provider(settings(signing, **changes)))
    return TestClient(app, base_url=base, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)


def away(client: TestClient, path: str = "/oidc/start") -> str:
    """To the provider and up to the door again: the address that it sends the browser back to."""
    out = client.get(path)
    assert out.status_code == 303, out.text
    return httpx.get(out.headers["location"]).headers["location"]


def signed_in(client: TestClient, path: str = "/oidc/start") -> Any:
    """The last answer: of the client's own kind, whichever httpx it uses."""
    return client.get(away(client, path))


def told(store: SqlStore) -> list[tuple[str, str, str]]:
    with store.database.reading() as connection:
        return [(one.kind, one.subject, one.actor) for one in chain.entries(connection) if one.kind != "begin"]


def test_somebody_signs_in_and_goes_on_where_they_were(kept: SqlStore, signing: SigningProvider) -> None:
    client = browser(kept, signing, label="Our <b>directory</b>")
    page = client.get("/login?next=/trends%3Fdays=7").text
    assert 'href="/oidc/start?next=/trends%3Fdays%3D7">Sign in with Our &lt;b&gt;directory&lt;/b&gt;</a>' in page
    back = signed_in(client, "/oidc/start?next=/trends%3Fdays%3D7")
    assert (back.status_code, back.headers["location"]) == (303, "/trends?days=7")
    assert "rita <span" in client.get("/trends").text
    assert client.get("/export/reviewed.jsonl").status_code == 200  # a reviewer: of two roles the higher
    assert client.get("/users").status_code == 403
    assert told(kept) == [("user.add", "rita", "oidc"), ("login", "rita", "rita")]
    assert People(kept.database).all() == [("rita", Role.REVIEWER, "provider")]
    client.post("/logout")
    assert client.get("/trends").status_code == 303
    assert not inspect(kept.database).problems


def test_the_cookie_of_the_trip_is_the_hosts_own(store: SqlStore, signing: SigningProvider) -> None:
    client = browser(store, signing, "https://desk")
    cookie = client.get("/oidc/start").headers["set-cookie"]
    assert cookie.startswith("__Host-groundwire_trip=")
    assert all(word in cookie.lower() for word in ("httponly", "secure", "path=/", "samesite=lax", "max-age=600"))
    assert "domain" not in cookie.lower()
    assert signed_in(client).headers["location"] == "/"
    assert "__Host-groundwire_trip" not in client.cookies
    assert browser(store, signing).get("/oidc/start").headers["set-cookie"].startswith("groundwire_trip=")


def forged(change: Callable[[SigningProvider, dict[str, Any]], str]) -> Callable[[SigningProvider], None]:
    def forge(signing: SigningProvider) -> None:
        signing.forged = lambda claims: change(signing, claims)

    return forge


def with_claims(**changes: Any) -> Callable[[SigningProvider], None]:
    def changed(signing: SigningProvider, claims: dict[str, Any]) -> str:
        return signing.signed({name: value for name, value in {**claims, **changes}.items() if value is not None})

    return forged(changed)


def with_secret(secret: Callable[[SigningProvider], bytes]) -> Callable[[SigningProvider], None]:
    """HS256 with what is public, put together by hand: no library would sign so."""

    def signed(signing: SigningProvider, claims: dict[str, Any]) -> str:
        head, body, _ = unsigned(claims).split(".")
        head = urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
        made = hmac.digest(secret(signing), f"{head}.{body}".encode(), hashlib.sha256)
        return f"{head}.{body}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"

    return forged(signed)


OTHER = RSAKey.generate_key(2048, {"kid": "one"})
STRANGE = RSAKey.generate_key(2048, {"kid": "two"})
LONG_AGO, SOON = int(time.time()) - 3600, int(time.time()) + 3600
FORGERIES = {
    "wrong nonce": with_claims(nonce="another"),
    "no nonce": with_claims(nonce=None),
    "nonce not supported": with_claims(nonce=None, nonce_supported=False),
    "wrong audience": with_claims(aud="another"),
    "wrong audience, for us": with_claims(aud="another", azp=CLIENT),
    "two audiences, for another": with_claims(aud=[CLIENT, "another"], azp="another"),
    "two audiences, for nobody": with_claims(aud=[CLIENT, "another"]),
    "no audience": with_claims(aud=None),
    "wrong issuer": with_claims(iss="https://evil.example"),
    "no issuer": with_claims(iss=None),
    "expired": with_claims(exp=LONG_AGO),
    "without an end": with_claims(exp=None),
    "from the future": with_claims(iat=SOON, exp=SOON + 300),
    "nobody": with_claims(sub=None),
    "nobody at all": with_claims(sub=""),
    "a number": with_claims(sub=42),
    "another access token": with_claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "unsigned": forged(lambda _, claims: unsigned(claims)),
    "another's key": forged(lambda _, claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER)),
    "an unknown key": forged(lambda _, claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, STRANGE)),
    "the public key as a secret": with_secret(lambda signing: signing.published.as_pem(private=False)),
    "the client's secret": with_secret(lambda _: SECRET.encode()),
    "no token": forged(lambda *_: ""),
    "no text": forged(lambda *_: "a.b"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_word_that_is_not_the_providers_opens_nothing(
    store: SqlStore, signing: SigningProvider, caplog: pytest.LogCaptureFixture, forgery: str
) -> None:
    client = browser(store, signing)
    FORGERIES[forgery](signing)
    back = signed_in(client)
    assert back.status_code == 401
    assert "signed nobody in" in back.text
    assert SESSION not in client.cookies
    assert TRIP not in client.cookies
    assert told(store) == [("login.refused", "unknown", "pages")]
    assert "nobody was signed in" in caplog.text
    signing.forged = None
    assert signed_in(client).headers["location"] == "/"


def test_a_trip_is_of_one_browser_good_once_and_short(
    store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, evil = browser(store, signing), browser(store, signing)
    address = away(evil)
    assert victim.get(address).status_code == 400  # without a trip
    own = away(victim)
    assert victim.get(address).status_code == 400  # a link to another's trip
    assert victim.get(own.replace("state=", "state=x")).status_code == 400
    assert victim.get(own.partition("?")[0]).status_code == 400
    cookie = victim.cookies[TRIP]
    assert victim.get(own).headers["location"] == "/"
    victim.cookies.set(TRIP, cookie)
    assert victim.get(own).status_code == 400  # the same once more, cookie and all
    monkeypatch.setattr(people, "TRIP", timedelta(0))
    assert evil.get(address).status_code == 400
    assert SESSION not in evil.cookies
    assert signing.asked.count("/token") == 1


def test_a_trip_that_failed_is_over_too(store: SqlStore, signing: SigningProvider) -> None:
    client = browser(store, signing)
    address = away(client)
    cookie = client.cookies[TRIP]
    assert client.get(httpx.URL(address).copy_set_param("code", "a guess").raw_path.decode()).status_code == 401
    assert TRIP not in client.cookies
    client.cookies.set(TRIP, cookie)
    assert client.get(address).status_code == 400
    assert signing.asked.count("/token") == 1


def test_a_code_of_anothers_trip_opens_nothing(store: SqlStore, signing: SigningProvider) -> None:
    victim, evil = browser(store, signing), browser(store, signing)
    stolen = httpx.URL(away(victim)).params["code"]
    own = httpx.URL(away(evil))
    assert evil.get(str(own.copy_set_param("code", stolen))).status_code == 401
    assert SESSION not in evil.cookies


def test_a_code_is_good_once(store: SqlStore, signing: SigningProvider) -> None:
    client = browser(store, signing)
    used = httpx.URL(away(client))
    assert client.get(str(used)).status_code == 303
    client = browser(store, signing)
    again = httpx.URL(away(client)).copy_set_param("code", used.params["code"])
    assert client.get(str(again)).status_code == 401
    assert SESSION not in client.cookies


@pytest.mark.parametrize("query", [{"error": "access_denied"}, {"code": ""}, {"iss": "https://evil.example"}])
def test_a_refusal_is_one(store: SqlStore, signing: SigningProvider, query: dict[str, str]) -> None:
    client = browser(store, signing)
    back = httpx.URL(away(client)).copy_merge_params(query)
    assert client.get(str(back)).status_code == 401
    assert "/token" not in signing.asked


@pytest.mark.parametrize("path", ["//evil", "/\\evil", "https://evil", "javascript:x", "/%0d%0aset-cookie:x", "/%00"])
def test_it_goes_on_inside(store: SqlStore, signing: SigningProvider, path: str) -> None:
    client = browser(store, signing)
    assert signed_in(client, f"/oidc/start?next={path}").headers["location"] == "/"
    secret = away(client) and client.cookies[TRIP].partition(":")[0]
    del client.cookies[TRIP]
    client.cookies.set(TRIP, f"{secret}:{path}")
    assert client.get("/oidc/callback?state=x").status_code == 400
    assert "evil" not in client.get("/oidc/callback?state=x").text


def test_who_has_no_role_comes_not_in_and_is_told(store: SqlStore, signing: SigningProvider) -> None:
    client = browser(store, signing)
    signed_in(client)
    assert client.get("/").status_code == 200
    other = browser(store, signing)
    for groups in ([], ["Compliance"], "compliance-not", None, {"compliance": 1}, [["compliance"]], 7):
        signing.claims["groups"] = groups
        refused = signed_in(other)
        assert refused.status_code == 403
        assert "none of your groups may come in here" in refused.text
        assert SESSION not in other.cookies
    assert client.get("/").status_code == 303  # what was open is closed
    assert told(store)[-1] == ("login.refused", "rita", "pages")
    signing.claims |= {"sub": "43", "preferred_username": "somebody"}
    assert signed_in(other).status_code == 403
    assert told(store)[-1] == ("login.refused", "unknown", "pages")
    assert [name for name, _, _ in People(store.database).all()] == ["rita"]


def test_the_role_is_what_the_provider_says_now(store: SqlStore, signing: SigningProvider) -> None:
    client, who = browser(store, signing), People(store.database)
    signed_in(client)
    signing.claims["groups"] = ["it", "staff"]
    signed_in(client)
    assert who.find("rita") == ("rita", Role.ADMIN)
    assert client.get("/users").status_code == 200
    assert "<td>provider</td>" in client.get("/users").text
    assert [kind for kind, _, _ in told(store)] == ["user.add", "login", "user.role", "login"]


def test_another_name_makes_nobody_a_second_person(store: SqlStore, signing: SigningProvider) -> None:
    client, who = browser(store, signing), People(store.database)
    signed_in(client)
    signing.claims["preferred_username"] = "rita2"
    assert signed_in(client).status_code == 303
    assert [name for name, _, _ in who.all()] == ["rita"]
    assert told(store)[-1] == ("login", "rita", "rita")
    signing.claims |= {"sub": "43", "preferred_username": "rita"}
    refused = signed_in(browser(store, signing))
    assert refused.status_code == 403
    assert "rita is somebody else here" in refused.text


def test_a_user_with_a_password_is_nobody_of_the_providers(store: SqlStore, signing: SigningProvider) -> None:
    who = People(store.database)
    who.add("rita", Role.ADMIN, "test")
    assert signed_in(browser(store, signing)).status_code == 403  # invited, and not yet there
    who.accept(who.link("rita"), "rita", PASSWORD)
    assert signed_in(browser(store, signing)).status_code == 403
    signing.claims["preferred_username"] = "vera"
    assert signed_in(browser(store, signing)).status_code == 303
    for password in ("", "oidc:", PASSWORD):
        assert browser(store, signing).post("/login", data={"name": "vera", "password": password}).status_code == 401


@pytest.mark.parametrize("name", [None, "", "-x", "a b", "<b>", "x" * 200, 7, ["rita"]])
def test_a_name_that_is_none_is_refused(store: SqlStore, signing: SigningProvider, name: object) -> None:
    signing.claims["preferred_username"] = name
    refused = signed_in(browser(store, signing))
    assert refused.status_code == 403
    assert "gave no name for you" in refused.text


def test_an_address_that_nobody_verified_is_no_name(store: SqlStore, signing: SigningProvider) -> None:
    signing.claims |= {"email": "rita@example.org", "email_verified": False}
    assert signed_in(browser(store, signing, name="email")).status_code == 403
    signing.claims["email_verified"] = True
    assert signed_in(browser(store, signing, name="email")).status_code == 303
    assert People(store.database).find("rita@example.org")


def test_a_role_may_lie_deeper_and_be_one_word() -> None:
    roles = RoleSettings(claim="realm_access.roles", viewer=("a",), approver=("b",))
    assert role_of({"realm_access": {"roles": ["b", "a"]}}, roles) is Role.APPROVER
    assert role_of({"realm_access.roles": "a"}, roles) is Role.VIEWER
    assert role_of({"realm_access": ["b"]}, roles) is None
    assert role_of({"https://x.example/roles": ["a"]}, RoleSettings(claim="https://x.example/roles", admin=("a",)))


def test_a_real_browser_signs_in(
    store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = settings(signing).model_copy(update={"issuer": signing.issuer.replace("127.0.0.1", "localhost")})
    monkeypatch.setattr(signing, "issuer", told.issuer)  # another site than the pages, to a browser
    with running(create_pages(store.database, provider=Provider(told))) as url:
        page = looked_at(f"{url}/trends", tmp_path)
        [path] = re.findall(r'href="(/oidc/start\?[^"]*)"', page)
        assert "Sign in with localhost" in page
        shown = looked_at(url + path.replace("&amp;", "&"), tmp_path)
        assert "<h1>Trends</h1>" in shown
        assert "rita <span" in shown
        assert "<h1>Trends</h1>" in looked_at(f"{url}/trends", tmp_path)  # the session stays
        signing.claims["groups"] = []
        assert "none of your groups may come in here" in looked_at(f"{url}/oidc/start", tmp_path)


def down(*answers: tuple[str, Response]) -> Callable[[SigningProvider], None]:
    return lambda signing: signing.replaces.update(answers)


WELL_KNOWN = "/.well-known/openid-configuration"
TROUBLES: dict[str, tuple[Callable[[SigningProvider], None], str]] = {
    "broken": (down((WELL_KNOWN, Response(status_code=500))), "it answered HTTP 500"),
    "not there": (down((WELL_KNOWN, Response("{}", 404))), "it answered HTTP 404"),
    "no JSON": (down((WELL_KNOWN, PlainTextResponse("<html>"))), "no JSON"),
    "elsewhere": (down((WELL_KNOWN, RedirectResponse("https://evil.example"))), "it answered HTTP 307"),
    "endless": (down((WELL_KNOWN, Response(b"x" * 2_000_000))), "more than 1,048,576 bytes"),
    "another": (lambda signing: signing.discovery.update(issuer="https://evil.example"), "another issuer"),
    "in the clear": (lambda signing: signing.discovery.update(token_endpoint="http://x.example"), "no https address"),
    "without keys": (lambda signing: signing.discovery.update(jwks_uri=None), "no https address"),
    "slow": (lambda signing: setattr(signing, "waits", 1.0), "did not answer within 0.3 s"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_provider_that_fails_costs_a_line_and_no_password(
    store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    who = People(store.database)
    who.add("ada", Role.ADMIN, "test")
    who.accept(who.link("ada"), "ada", PASSWORD)
    fails, words = TROUBLES[trouble]
    fails(signing)
    client = browser(store, signing)
    with monkeypatch.context() as short:
        short.setattr(provider, "WITHIN_S", 0.3)
        answer = client.get("/oidc/start?next=/trends")
    assert answer.status_code == 502
    assert words in answer.text
    assert "A password still works." in answer.text
    form = {"name": "ada", "password": PASSWORD, "next": "/trends"}
    assert 'name="next" value="/trends"' in answer.text
    assert client.post("/login", data=form).headers["location"] == "/trends"
    signing.discovery.clear()
    signing.replaces.clear()
    signing.waits = 0
    client.cookies.clear()
    assert signed_in(client).status_code == 303


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/token", Response(status_code=503), 502),
        ("/token", PlainTextResponse("soon"), 502),
        ("/token", PlainTextResponse("[]"), 502),
        ("/keys", Response(status_code=503), 502),
        ("/keys", PlainTextResponse('{"keys": []}'), 401),
        ("/keys", PlainTextResponse("{}"), 401),
        ("/keys", PlainTextResponse('{"keys": [{"kty": "RSA"}]}'), 401),
        ("/token", PlainTextResponse('{"error": "<b>x</b>"}', 400), 401),
    ],
)
def test_a_provider_that_fails_in_the_end_opens_nothing(
    store: SqlStore, signing: SigningProvider, path: str, answer: Response, status: int
) -> None:
    client = browser(store, signing)
    signing.replaces[path] = answer
    assert signed_in(client).status_code == status
    assert SESSION not in client.cookies
    signing.replaces.clear()
    assert signed_in(client).status_code == 303


def test_nobody_is_there(store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "AGAIN_S", 60.0)
    with listening_provider() as gone:
        pass
    client = browser(store, gone)
    for _ in range(2):
        assert "it cannot be reached (ConnectError)" in client.get("/oidc/start").text


async def test_a_provider_that_waits_holds_nobody_up(
    store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "WITHIN_S", 100.0)
    signing.silent = True
    with running(create_pages(store.database, provider=Provider(settings(signing)))) as url:
        async with httpx.AsyncClient(timeout=100) as client:
            # More than there are worker threads: none of them may wait.
            waiting = [asyncio.create_task(client.get(f"{url}/oidc/start")) for _ in range(50)]
            while len(signing.asked) < 50:  # noqa: ASYNC110 - on another thread
                await asyncio.sleep(0.01)
            assert (await client.get(f"{url}/login")).status_code == 200
            assert not any(task.done() for task in waiting)
            signing.silent = False
            found = await asyncio.gather(*waiting)
    statuses = [answer.status_code for answer in found]
    assert (statuses.count(303), statuses.count(429)) == (people.MOST_WRONG_BY_ADDRESS, 20)


def test_new_keys_are_fetched_once(store: SqlStore, signing: SigningProvider) -> None:
    client = browser(store, signing)
    assert signed_in(client).status_code == 303
    signing.key = signing.published = STRANGE
    assert signed_in(client).status_code == 303
    assert signed_in(client).status_code == 303
    assert signing.asked.count("/keys") == 2
    assert signing.asked.count(WELL_KNOWN) == 1


def test_the_secret_goes_as_the_provider_takes_it(store: SqlStore, signing: SigningProvider) -> None:
    signing.discovery["token_endpoint_auth_methods_supported"] = ["private_key_jwt", "client_secret_post"]
    assert signed_in(browser(store, signing)).status_code == 303


def test_setting_out_is_limited_and_passwords_are_not(
    store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, client = People(store.database), browser(store, signing)
    who.add("ada", Role.ADMIN, "test")
    who.accept(who.link("ada"), "ada", PASSWORD)
    for _ in range(people.MOST_WRONG_BY_ADDRESS + 5):  # what succeeds is not counted
        assert signed_in(client).status_code == 303
        client.cookies.clear()
    for _ in range(people.MOST_WRONG_BY_ADDRESS):
        assert client.get("/oidc/start").status_code == 303
    limited = client.get("/oidc/start")
    assert limited.status_code == 429
    assert limited.headers["retry-after"] == "900"
    assert client.post("/login", data={"name": "ada", "password": PASSWORD}).status_code == 303
    monkeypatch.setattr(people, "WINDOW", timedelta(0))
    assert client.get("/oidc/start").status_code == 303


def test_another_page_uses_up_no_tries(store: SqlStore, signing: SigningProvider) -> None:
    for site in ("cross-site", "same-site"):
        answer = browser(store, signing).get("/oidc/start", headers={"sec-fetch-site": site})
        assert answer.headers["location"] == "/login"
    assert not signing.asked


def test_no_secret_is_logged_shown_or_stored(
    store: SqlStore, signing: SigningProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = browser(store, signing)
    shown = [client.get("/login").text]
    client.get("/oidc/start")
    secret = [client.cookies[TRIP].partition(":")[0]]
    shown.append(signed_in(client).text)
    secret += [client.cookies[SESSION]]
    signing.claims["nonce"] = "x"
    shown.append(signed_in(client).text)
    del signing.claims["nonce"]
    bad = httpx.URL(away(client)).copy_set_param("code", "a-code-that-is-none")
    shown.append(client.get(str(bad)).text)
    signing.claims["groups"] = []
    shown.append(signed_in(client).text)
    secret += [*signing.given, SECRET, "a-code-that-is-none"]
    # This test is the browser as well, and httpx logs the addresses that a browser shows.
    ours = [one.getMessage() for one in caplog.records if "desk" not in one.getMessage()]
    ours = [line for line in ours if "/authorize?" not in line]
    assert any("nobody was signed in" in line for line in ours)
    with store.database.reading() as connection:
        names = sa.inspect(connection).get_table_names()
        held = repr([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names])
    for word in secret:
        assert word not in "\n".join(ours)
        assert word not in "\n".join(shown)
        assert word not in held


def test_without_a_provider_nobody_signs_in_elsewhere(store: SqlStore) -> None:
    client = TestClient(create_pages(store.database), base_url="http://desk", follow_redirects=False)
    assert client.get("/oidc/start").status_code == 404
    assert client.get("/oidc/callback?state=x&code=y").status_code == 404
    assert "Sign in with" not in client.get("/login").text


def test_what_is_missing_is_said_at_the_start_and_the_provider_is_not_asked(
    store: SqlStore, signing: SigningProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config.load({"review": {"oidc": settings(signing).model_dump(exclude_unset=True)}})
    pages = ReviewPages(lambda: store, config)
    assert "Sign in with 127.0.0.1" in TestClient(pages).get("/login").text
    assert not signing.asked
    assert SECRET not in repr(config)
    monkeypatch.delenv("GW_TEST_OIDC")
    with pytest.raises(ConfigError, match="GW_TEST_OIDC"):
        ReviewPages(MemoryStore, config)
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "authlib" else real(name))
    with pytest.raises(ConfigError, match=r"review\.oidc: Authlib is not installed.*groundwire\[oidc\]") as missing:
        ReviewPages(MemoryStore, config)
    assert "\n" not in str(missing.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issuer": "http://login.example.org"}, "this is no issuer"),
        ({"issuer": "https://user@login.example.org"}, "this is no issuer"),
        ({"issuer": "https://login.example.org?x"}, "this is no issuer"),
        ({"issuer": "login.example.org"}, "this is no issuer"),
        ({"client_secret": SECRET}, "a secret is not written here"),
        ({"client_id": ""}, "client_id"),
        ({"roles": {"claim": "groups"}}, "no role has a value"),
        ({"roles": {"boss": ["x"]}}, "boss"),
        ({"scopes": ["profile"]}, "openid must be one of them"),
        ({"scopes": ["openid", "a b"]}, "each is one word"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, Any], said: str) -> None:
    told = {"issuer": "https://login.example.org", "client_id": CLIENT, "roles": ROLES}
    Config.load({"review": {"oidc": told}})
    with pytest.raises(ConfigError, match=said) as wrong:
        Config.load({"review": {"oidc": {**told, **changes}}})
    assert SECRET not in str(wrong.value)
    with pytest.raises(ConfigError, match="either header or oidc"):
        Config.load({"review": {"header": "x-user", "oidc": told}})


def test_a_key_that_both_share_signs_nothing(store: SqlStore, signing: SigningProvider) -> None:
    keys = PlainTextResponse('{"keys": [{"kty": "oct", "kid": "one", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTE"}]}')
    signing.replaces["/keys"] = keys
    with_secret(lambda _: b"secret-secret-secret-secret-1")(signing)
    assert signed_in(browser(store, signing)).status_code == 401
