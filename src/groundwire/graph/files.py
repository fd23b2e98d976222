"""Files of facts, packed by gzip or not."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from groundwire.errors import KnowledgeError


def form_of(path: Path) -> str:
    """The suffix that says what a file holds: ".ttl", also of "facts.ttl.gz"."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


@contextmanager
def opened_binary(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes. Raises: KnowledgeError where what is called .gz is not; OSError."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise KnowledgeError(str(path), f"cannot be unpacked: {error}.", "a whole file, packed by gzip") from error


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """A file's text in UTF-8, its line ends as they are. Raises: as `opened_binary`; UnicodeDecodeError."""
    import io

    with opened_binary(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        yield text
