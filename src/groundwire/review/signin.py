"""The pages at the door: logging in and out, one-time links, and who the users are."""

from starlette.responses import Response

from groundwire.errors import InputError
from groundwire.review.access import COOKIE, Guarded, Visit
from groundwire.review.people import SESSION, WINDOW, Role, TooManyTriesError


def login(visit: Visit) -> Response:
    if visit.user:
        return visit.go("/")
    return login_page(visit, 200, "", "", inside(visit.request.query_params.get("next", "/")))


def enter(visit: Visit) -> Response:
    """Name and password against a session."""
    if visit.request.app.state.header:
        return visit.problem(403, "Here a proxy logs users in.")
    name, following = visit.given("name").strip(), inside(visit.given("next", "/"))
    try:
        token = visit.people.log_in(name, visit.given("password"), visit.address)
    except TooManyTriesError:
        return too_many(visit, "Too many wrong tries. Wait a quarter of an hour.", name, following)
    if token is None:
        return login_page(visit, 401, "Name or password is wrong.", name, following)
    return with_session(visit, visit.go(following), token)


def leave(visit: Visit) -> Response:
    if token := visit.request.cookies.get(COOKIE):
        visit.people.log_out(token)
    response = visit.go("/login")
    response.delete_cookie(COOKIE, path=visit.base or "/")
    return response


def welcome(visit: Visit) -> Response:
    """A one-time link: choose a password, and, for the very first user, a name."""
    invited = visit.people.invited(visit.request.path_params["token"])
    if invited is None:
        return visit.problem(404, "This link was used, or is too old. An admin makes new ones.")
    return visit.page("welcome.html", name=invited[0] or "", first=invited[0] is None, wrong="")


def join(visit: Visit) -> Response:
    token = visit.request.path_params["token"]
    invited = visit.people.invited(token)
    if invited is None:
        return visit.problem(404, "This link was used, or is too old. An admin makes new ones.")
    name = invited[0] or visit.given("name").strip()
    password = visit.given("password")
    try:
        if password != visit.given("again"):
            raise InputError("password", "the two are not the same.", "it twice")
        visit.people.accept(token, name, password)
    except InputError as wrong:
        return visit.page("welcome.html", 400, name=name, first=invited[0] is None, wrong=str(wrong))
    try:
        session = visit.people.log_in(name, password, "")
    except TooManyTriesError:  # the link was used and the password is set: only the way in is closed for now
        told = "Your password is set. There were too many wrong tries: wait a quarter of an hour, then log in with it."
        return too_many(visit, told, name, "/")
    return with_session(visit, visit.go("/"), session or "")


def users(visit: Visit) -> Response:
    return visit.page("users.html", users=visit.people.all(), roles=list(Role), link="", invited="")


def add_user(visit: Visit) -> Response:
    """A new user, with a link to hand over."""
    name = visit.given("name").strip()
    visit.people.add(name, _role(visit.given("role")), visit.name)
    return _invite(visit, name)


def change_user(visit: Visit) -> Response:
    """Another role for somebody, a new link, or none of it any more. Nobody changes themselves."""
    name, what = visit.given("name"), visit.given("what")
    if name == visit.name:
        raise InputError("user", "nobody changes their own role.", "another admin to do it")
    if what == "link":
        if visit.people.find(name) is None:
            raise InputError("user", f"there is no {name!r:.140}.", "the name of a user")
        return _invite(visit, name)
    visit.people.change(name, None if what == "remove" else _role(what), visit.name)
    return visit.go("/users")


def _invite(visit: Visit, name: str) -> Response:
    url = visit.request.url
    link = f"{url.scheme}://{url.netloc}{visit.base}/welcome/{visit.people.link(name, visit.name)}"
    return visit.page("users.html", users=visit.people.all(), roles=list(Role), link=link, invited=name)


PAGES = (
    Guarded("/login", "GET", None, login),
    Guarded("/login", "POST", None, enter),
    Guarded("/logout", "POST", Role.VIEWER, leave),
    Guarded("/welcome/{token}", "GET", None, welcome),
    Guarded("/welcome/{token}", "POST", None, join),
    Guarded("/users", "GET", Role.ADMIN, users),
    Guarded("/users", "POST", Role.ADMIN, add_user),
    Guarded("/users/change", "POST", Role.ADMIN, change_user),
)


def _role(given: str) -> Role:
    if given not in list(Role):
        raise InputError("role", f"{given!r:.40} is none.", ", ".join(Role))
    return Role(given)


def inside(path: str) -> str:
    """A path of these pages, and never another host: `//evil` and `/\\evil` are hosts to a browser."""
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if good else "/"


def login_page(visit: Visit, status: int, wrong: str, name: str, following: str) -> Response:
    """The page to log in on, with what went wrong the last time."""
    return visit.page("login.html", status, next=following, name=name, wrong=wrong)


def too_many(visit: Visit, wrong: str, name: str, following: str) -> Response:
    page = login_page(visit, 429, wrong, name, following)
    page.headers["retry-after"] = str(int(WINDOW.total_seconds()))
    return page


def with_session(visit: Visit, response: Response, token: str) -> Response:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION.total_seconds()),
        path=visit.base or "/",
        httponly=True,
        samesite="lax",
        secure=visit.is_secure,
    )
    return response
