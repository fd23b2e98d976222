"""Checkpoints: the head of the chain, signed with Ed25519, one JSON object a line in a file of your choice.

The file belongs somewhere that whoever can write to the database cannot: it is what finds a chain that was cut, or
rewritten from some entry on.
"""

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundwire.errors import ConfigError, InputError
from groundwire.review import chain
from groundwire.review.database import Database
from groundwire.review.verifier import signed_part

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

log = logging.getLogger("groundwire.review")


class Checkpoints:
    """Signs the chain into `file` with the private key in `key`, every `every_s` seconds in which it grew.

    Raises: ConfigError where the key cannot be read or the file cannot be written.
    """

    at_the_end = True

    def __init__(self, file: Path, key: Path, *, every_s: float = 60.0) -> None:
        self.file, self.wait_s = file, every_s
        self._key = _private_key(key)
        self.public = self._key.public_key().public_bytes_raw().hex()
        self._signed, self._next = 0, time.monotonic() + every_s
        try:
            file.open("a").close()
        except OSError as error:
            what = f"{file} cannot be written ({error.strerror})."
            raise ConfigError("record.checkpoints.file", what, "a file that may be added to") from None

    def due(self, now: float) -> bool:
        """Whether it is time to sign. `now` is of `time.monotonic()`, in seconds."""
        return now >= self._next

    def run(self, database: Database) -> None:
        """Sign the chain as it is."""
        self.sign_head(database)

    def sign_head(self, database: Database) -> Mapping[str, Any] | None:
        """Sign the chain as it is and return the checkpoint; None where nothing was added, or it cannot be done.

        A checkpoint that fails is logged and tried again later: the record itself does not depend on it.
        """
        self._next = time.monotonic() + self.wait_s
        try:
            with database.reading() as connection:
                seq, hash = chain.head(connection)
                name = chain.name(connection)
            if seq <= self._signed:
                return None
            at = datetime.now(UTC).isoformat(timespec="seconds")
            checkpoint = {"chain": name, "seq": seq, "hash": hash, "at": at, "key": self.public}
            checkpoint["signature"] = self._key.sign(signed_part(checkpoint)).hex()
            line = json.dumps(checkpoint) + "\n"
            with self.file.open("a", encoding="utf-8") as file:  # one short write: lines of many processes stay whole
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except Exception as error:
            log.error("the chain could not be signed", exc_info=error)
            return None
        self._signed = seq
        return checkpoint


def make_key(path: Path) -> str:
    """Write a new private key that only its owner can read. Returns the public key, in hex.

    Raises: InputError where the file is there already or cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror}).", "a file that is not there yet") from None
    return key.public_key().public_bytes_raw().hex()


def read_checkpoints(path: Path) -> Iterator[Mapping[str, Any]]:
    """The checkpoints of a file. A line that is none comes as an empty mapping. Raises: InputError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})."
        raise InputError(str(path), what, "a file of checkpoints") from None
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        yield found if isinstance(found, dict) else {}


def verify_quickly(key: str, signature: str, message: bytes) -> bool:
    """`verifier.signature_holds`, a hundred times faster."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private_key(path: Path) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    expected = "the file that `groundwire audit-log key FILE` wrote"
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        what = f"{path} cannot be read ({error.strerror})."
        raise ConfigError("record.checkpoints.key", what, expected) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError("record.checkpoints.key", f"{path} holds no private key.", expected) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError("record.checkpoints.key", f"{path} holds a key of another kind.", "an Ed25519 key")
    return key
