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


MOST_READ = 500_000_000
"""Bytes, or characters, that are held at once. A file packed by gzip may hold a thousand times what its size says."""


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


def lines_of(file: TextIO, path: Path) -> Iterator[str]:
    """The lines of a file, each read no further than what is held at once. Raises: KnowledgeError."""
    while line := file.readline(MOST_READ):
        if len(line) == MOST_READ and file.read(1):
            raise too_large(path)
        yield line


class Bounded:
    """A file of bytes for those who read it whole: what is too large is noticed on the way."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path, self._left = file, path, MOST_READ

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._path)
        return data

    def seek(self, at: int) -> None:
        self._left = MOST_READ - self._file.seek(at)


def too_large(path: Path) -> KnowledgeError:
    return KnowledgeError(str(path), "this is too large to be read whole.", "facts or entities one a line")
