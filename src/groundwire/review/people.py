"""Who may come in: users with a role and a password or a provider's word, sessions, one-time links, a limit on guesses.

Only hashes of passwords (argon2) and tokens are kept: whoever reads the database opens no page with it.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from groundwire.errors import InputError
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.rows import at_utc, person_key
from groundwire.review.tables import links, logins, sessions, users, views

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SESSION = timedelta(hours=12)
LINK = timedelta(hours=24)
WINDOW = timedelta(minutes=15)
TRIP = timedelta(minutes=10)  # to a provider and back; shorter than WINDOW, after which it is forgotten
MOST_WRONG_BY_USER = 5
MOST_WRONG_BY_ADDRESS = 30
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}")
_FIRST = "first user"  # no name, because of the space
_ELSEWHERE = "oidc:"
"""Before a hash of issuer and subject, in the place of a password: this user comes by a provider's word alone."""


class Role(StrEnum):
    """What a user may do, least first; each may do what those before it may.

    A viewer reads; a reviewer decides and proposes; an approver lets another's proposal take effect; an admin also
    sees who the users are and what each did.
    """

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        roles = tuple(Role)
        return roles.index(self) >= roles.index(other)


class User(NamedTuple):
    """Somebody who came in."""

    name: str
    role: Role


class TooManyTriesError(Exception):
    """Somebody guesses passwords. Nothing is looked at until `WINDOW` has passed."""


class RefusedError(Exception):
    """A provider knows somebody who may not come in here; says why."""


class People:
    """The users of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, role: Role, actor: str) -> None:
        """A new user, who has no password yet. Raises: InputError for a name that is taken or none."""
        if not _NAME.fullmatch(name):
            raise InputError("user", f"{name!r:.140} is not a name.", "letters, digits and . _ @ + -, up to 128")
        with self._database.writing() as connection:
            if connection.scalar(sa.select(users.c.name).where(users.c.name == name)):
                raise InputError("user", f"there is a {name} already.", "another name")
            _add(connection, name, role, None, actor, acting(connection, actor, Role.ADMIN))

    def change(self, name: str, role: Role | None, actor: str) -> None:
        """Give a user another role, or, with None, take the user away. Open sessions end. Raises: InputError."""
        with self._database.writing() as connection:
            mine, told = users.c.name == name, acting(connection, actor, Role.ADMIN)
            if not connection.scalar(sa.select(users.c.name).where(mine)):
                raise InputError("user", f"there is no {name!r:.140}.", "the name of a user")
            connection.execute(sa.delete(sessions).where(sessions.c.user == name))
            connection.execute(sa.delete(links).where(links.c.user == name))
            if role is None:
                connection.execute(sa.delete(views).where(views.c.user == name))
                connection.execute(sa.delete(users).where(mine))
                chain.append(connection, [chain.Event("user.remove", name, actor, told)])
            else:
                connection.execute(sa.update(users).where(mine).values(role=role.value))
                chain.append(connection, [chain.Event("user.role", name, actor, {"role": role.value, **told})])

    def all(self) -> list[tuple[str, Role, str]]:
        """Name, role and what lets them in (`password`, `provider`, or nothing yet), by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(users).order_by(users.c.name)).all()
        return [(row.name, Role(row.role), _way_in(row.password)) for row in rows]

    def find(self, name: str) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(users).where(users.c.name == name)).first()
        return User(row.name, Role(row.role)) if row else None

    def link(self, name: str | None, actor: str = "groundwire") -> str:
        """A token that lets its bearer, once and within a day, set the password of `name`.

        None: there is no user yet, and the bearer becomes the first, an admin. Earlier links of this kind end.
        Raises: InputError where `actor` is a user and no admin.
        """
        token = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(sa.delete(links).where(links.c.user == name if name else links.c.user.is_(None)))
            row = {"token": _hashed(token), "user": name, "expires": _now() + LINK}
            connection.execute(sa.insert(links).values(**row))
            told = {"link": _mark(connection, _hashed(token)), **acting(connection, actor, Role.ADMIN)}
            chain.append(connection, [chain.Event("user.link", name or _FIRST, actor, told)])
        return token

    def first_link(self) -> str | None:
        """A link for the first user, where there is none."""
        with self._database.reading() as connection:
            if connection.scalar(sa.select(sa.func.count()).select_from(users)):
                return None
        return self.link(None)

    def invited(self, token: str) -> tuple[str | None] | None:
        """Whose link it is: `(name,)`, `(None,)` for the first user, None where it is no link or no longer one."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(links).where(_valid(links, token))).first()
        return (row.user,) if row else None

    def accept(self, token: str, name: str, password: str) -> User:
        """Use up a link: the user's password is set. Raises: InputError that says what is wrong with it."""
        _good(password)
        if not _NAME.fullmatch(name):
            raise InputError("name", f"{name!r:.140} is not a name.", "letters, digits and . _ @ + -, up to 128")
        hashed = _hasher().hash(password)
        with self._database.writing() as connection:
            row = connection.execute(sa.select(links).where(_valid(links, token))).first()
            if row is None or (row.user is not None and row.user != name) or not _given_out(connection, row):
                raise InputError("link", "it was used or is too old.", "a new one, from an admin")
            connection.execute(sa.delete(links).where(links.c.token == row.token))
            if row.user is None:
                if connection.scalar(sa.select(sa.func.count()).select_from(users)):
                    raise InputError("link", "there are users already.", "a link of your own, from an admin")
                _add(connection, name, Role.ADMIN, hashed, name, {})
            else:
                connection.execute(sa.update(users).where(users.c.name == name).values(password=hashed))
                connection.execute(sa.delete(sessions).where(sessions.c.user == name))
                chain.append(connection, [chain.Event("user.password", name, name, _way(connection, hashed))])
            role = connection.execute(sa.select(users.c.role).where(users.c.name == name)).scalar_one()
        return User(name, Role(role))

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """A session's token, or None where name or password is wrong. Raises: TooManyTriesError."""
        self._limit(name, address)
        with self._database.reading() as connection:
            stored = connection.scalar(sa.select(users.c.password).where(users.c.name == name))
        # Without a user the work is done all the same: how long it takes says nothing about who there is.
        right = _matches(stored or _nobody(), password[:LONGEST_PASSWORD]) and stored is not None
        with self._database.writing() as connection:
            # Once more: it may have become another one meanwhile.
            right = right and stored == connection.scalar(sa.select(users.c.password).where(users.c.name == name))
            if not right:
                row = {"at": _now(), "user": name[:128], "address": address[:64]}
                connection.execute(sa.insert(logins).values(**row))
                connection.execute(sa.delete(logins).where(logins.c.at < _now() - WINDOW))
                # What was typed may be a password in the wrong field: only names that exist are written down.
                known = name if stored else "unknown"
                chain.append(connection, [chain.Event("login.refused", known, "pages", {})])
                return None
            return _session(connection, name, _way(connection, stored))

    def set_out(self, secret: str, address: str) -> None:
        """Somebody at `address` goes to the provider, with a secret that only their browser keeps.

        Until they are back and in, it counts as a wrong try of the address. Raises: TooManyTriesError.
        """
        away = f"{_ELSEWHERE}{address[:59]}"  # apart: a provider that lets nobody in must not lock passwords out
        mine = sa.and_(logins.c.at > _now() - WINDOW, logins.c.address == away)
        with self._database.reading() as connection:  # whoever is over the limit keeps no writer waiting
            _few(connection, mine)
        with self._database.writing() as connection:  # and of many at once no more get through
            _few(connection, mine)
            connection.execute(sa.delete(logins).where(logins.c.at < _now() - WINDOW))
            row = {"at": _now(), "user": _hashed(secret), "address": away}
            connection.execute(sa.insert(logins).values(**row))

    def came_back(self, secret: str) -> int | None:
        """The number of the trip that began with `secret`, once: None where there is none, or it took too long."""
        mine = sa.and_(logins.c.user == _hashed(secret), logins.c.at > _now() - TRIP)
        with self._database.reading() as connection:  # whoever invents one keeps no writer waiting
            if connection.scalar(sa.select(logins.c.number).where(mine)) is None:
                return None
        with self._database.writing() as connection:
            number = connection.scalar(sa.select(logins.c.number).where(mine))
            connection.execute(sa.update(logins).where(mine).values(user=""))
        return number

    def not_vouched(self, issuer: str) -> None:
        """A provider's word that was none is written down, as a wrong password is."""
        with self._database.writing() as connection:
            chain.append(connection, [chain.Event("login.refused", "unknown", "pages", {"oidc": issuer})])

    def vouched(self, trip: int, issuer: str, subject: str, name: str, role: Role | None) -> str:
        """A session's token for whom a provider vouches for, under the name that they first came with.

        What counts is the subject: another name makes nobody a second person.
        Raises: RefusedError where there is no role for them, or the name is no name or somebody else's.
        """
        bound = _ELSEWHERE + hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()
        with self._database.writing() as connection:
            known = connection.scalar(sa.select(users.c.name).where(users.c.password == bound))
            why = _why_not(connection, known, name, role)
            if role and not why:
                _keep(connection, known, name, role, bound, issuer)
                connection.execute(sa.delete(logins).where(logins.c.number == trip))
                return _session(connection, known or name, {"oidc": issuer, **_way(connection, bound)})
            connection.execute(sa.delete(sessions).where(sessions.c.user == (known or "")))
            chain.append(connection, [chain.Event("login.refused", known or "unknown", "pages", {"oidc": issuer})])
        raise RefusedError(why)

    def of_session(self, token: str) -> User | None:
        """Whose session it is, with the role as it is now."""
        joined = sa.join(sessions, users, sessions.c.user == users.c.name)
        with self._database.reading() as connection:
            query = sa.select(users.c.name, users.c.role).select_from(joined).where(_valid(sessions, token))
            row = connection.execute(query).first()
        return User(row.name, Role(row.role)) if row else None

    def log_out(self, token: str) -> None:
        with self._database.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.token == _hashed(token)))

    def _limit(self, name: str, address: str) -> None:
        recent = logins.c.at > _now() - WINDOW
        count = sa.select(sa.func.count()).select_from(logins)
        with self._database.reading() as connection:
            by_user = connection.scalar(count.where(recent, logins.c.user == name[:128])) or 0
            by_address = connection.scalar(count.where(recent, logins.c.address == address[:64])) or 0
        if by_user >= MOST_WRONG_BY_USER or by_address >= MOST_WRONG_BY_ADDRESS:
            raise TooManyTriesError


def acting(connection: sa.Connection, name: str, least: Role) -> dict[str, Any]:
    """As what, and with which sessions, somebody does what an entry is about; empty of one who is no user.

    It is looked up where the entry is written: the role may have changed since the page was asked for.
    Raises: InputError where it is less than it must be.
    """
    role = connection.scalar(sa.select(users.c.role).where(users.c.name == name))
    if role is None:
        return {}
    if not Role(role).covers(least):
        raise InputError("role", f"{name} is {role}.", f"{least} or more")
    mine = sa.select(sessions.c.token).where(sessions.c.user == name, sessions.c.expires > _now())
    marks = sorted(_mark(connection, token) for token in connection.scalars(mine).all())
    return {"as": role, "in": marks} if marks else {"as": role}


def way_in(connection: sa.Connection, password: str | None) -> str | None:
    """What the chain knows of what lets a user in. The key stays here: a provider's subject could be guessed."""
    return None if password is None else chain.digest(person_key(connection), password)


def _way(connection: sa.Connection, password: str | None) -> dict[str, str | None]:
    return {"way": way_in(connection, password)}


def _mark(connection: sa.Connection, token: str) -> str:
    """What the chain knows of a session or a link: by it one is found that the program did not make."""
    return chain.digest(person_key(connection), token)[:32]


def _given_out(connection: sa.Connection, link: sa.Row[Any]) -> bool:
    """Whether the chain knows of a link: one that was only put into the table lets nobody in."""
    mark = _mark(connection, link.token)
    given = chain.about(connection, "user.link", _FIRST if link.user is None else link.user)
    return any(entry.content.get("link") == mark for entry in given)


def _add(
    connection: sa.Connection, name: str, role: Role, password: str | None, actor: str, told: Mapping[str, Any]
) -> None:
    """A new user, and the entry that says so."""
    now = _now()
    connection.execute(sa.insert(users).values(name=name, role=role.value, password=password, created=now))
    known = {"role": role.value, "created": at_utc(now), **_way(connection, password), **told}
    chain.append(connection, [chain.Event("user.add", name, actor, known)])


def _good(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        what = f"it has {len(password)} characters."
        raise InputError("password", what, f"at least {SHORTEST_PASSWORD}, such as four words")


def _few(connection: sa.Connection, tries: sa.ColumnElement[bool]) -> None:
    """Raises: TooManyTriesError where an address has made as many as it may."""
    if (connection.scalar(sa.select(sa.func.count()).where(tries)) or 0) >= MOST_WRONG_BY_ADDRESS:
        raise TooManyTriesError


def _session(connection: sa.Connection, name: str, how: Mapping[str, str | None]) -> str:
    """Let somebody in, and write that down. Returns the session's token."""
    token = secrets.token_urlsafe(32)
    connection.execute(sa.delete(sessions).where(sessions.c.expires < _now()))
    row = {"token": _hashed(token), "user": name, "expires": _now() + SESSION}
    connection.execute(sa.insert(sessions).values(**row))
    chain.append(connection, [chain.Event("login", name, name, {**how, "in": _mark(connection, _hashed(token))})])
    return token


def _why_not(connection: sa.Connection, known: str | None, name: str, role: Role | None) -> str:
    """Why somebody whom a provider vouches for may not come in; empty where they may."""
    if role is None:
        return "none of your groups may come in here"
    if known is None and not _NAME.fullmatch(name):
        return "it gave no name for you that can be used here"
    if known is None and connection.scalar(sa.select(users.c.name).where(users.c.name == name)):
        return f"{name} is somebody else here"
    return ""


def _keep(connection: sa.Connection, known: str | None, name: str, role: Role, bound: str, issuer: str) -> None:
    """A user who comes by a provider's word is new, or has the role that it says now."""
    told = {"role": role.value, "oidc": issuer}
    if known is None:
        _add(connection, name, role, bound, "oidc", {"oidc": issuer})
        return
    mine = users.c.name == known
    if connection.scalar(sa.select(users.c.role).where(mine)) != role.value:
        connection.execute(sa.update(users).where(mine).values(role=role.value))
        chain.append(connection, [chain.Event("user.role", known, "oidc", told)])


def _way_in(password: str | None) -> str:
    if password is None:
        return ""
    return "provider" if password.startswith(_ELSEWHERE) else "password"


def _valid(table: sa.Table, token: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.token == _hashed(token), table.c.expires > _now())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))


def _matches(hashed: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
