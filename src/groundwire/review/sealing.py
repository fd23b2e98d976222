"""Content is encrypted in the database, where a key is given: what was said, what reviewers wrote, and the salts.

Fernet (AES-128-CBC and HMAC-SHA-256). The key comes from the environment or from a file and stands nowhere else. There
may be several: the first encrypts, and each is tried to read, so that a key can be changed.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from groundwire.config import reveal
from groundwire.errors import ConfigError, InputError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

PREFIX = "sealed:"
FIELD = "record.encryption_key"
_EXPECTED = "os.environ/NAME, or the file that `groundwire reports key FILE` wrote"

_seals: "WeakKeyDictionary[sa.Dialect, Seal]" = WeakKeyDictionary()


class Seal:
    """Encrypts and decrypts. `named` is `os.environ/NAME` or a file. Raises: ConfigError."""

    def __init__(self, named: str) -> None:
        self._keys = _keys(named)

    def close(self, text: str) -> str:
        """The text, encrypted."""
        return PREFIX + self._keys.encrypt(text.encode("utf-8", "surrogatepass")).decode()

    def open(self, text: str) -> str | None:
        """The text, decrypted; None where it was encrypted with another key, or changed."""
        from cryptography.fernet import InvalidToken

        try:
            return self._keys.decrypt(text.removeprefix(PREFIX).encode("utf-8", "surrogatepass")).decode()
        except (InvalidToken, ValueError):
            return None

    def of(self, engine: sa.Engine) -> None:
        """From now on, all `Sealed` columns of this engine are."""
        _seals[engine.dialect] = self


class Sealed(sa.types.TypeDecorator[str]):
    """A text that is encrypted on its way into the database, and decrypted on its way out, where there is a key.

    What was stored before there was one is read as it is, and so is what cannot be decrypted: it is damaged then, and
    `audit-log verify` finds that. `length` is what SQLite's tables say of it; PostgreSQL has text.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        short = self.length is not None and dialect.name == "sqlite"
        return sa.String(self.length) if short else sa.Text()

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        seal = _seals.get(dialect)
        # What could not be decrypted comes back as it is, and goes back so: no content begins like that.
        return seal.close(value) if seal and isinstance(value, str) and not value.startswith(PREFIX) else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        seal = _seals.get(dialect)
        if not seal or not isinstance(value, str) or not value.startswith(PREFIX):
            return value
        found = seal.open(value)
        return value if found is None else found


def new_key(path: Path) -> None:
    """Write a new key that only its owner can read. Raises: InputError where the file cannot be made."""
    from cryptography.fernet import Fernet

    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror}).", "a file that is not there yet") from None


def _keys(named: str) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    try:
        text = str(reveal(named))
        words = text.split() if text != named else Path(named).read_text("ascii").split()
        return MultiFernet([Fernet(word) for word in words])
    except OSError as error:
        raise ConfigError(FIELD, f"{named} cannot be read ({error.strerror}).", _EXPECTED) from None
    except ValueError:  # shown is where it stands and not what: it may be a key all the same
        raise ConfigError(FIELD, f"{named} holds no key.", _EXPECTED) from None
