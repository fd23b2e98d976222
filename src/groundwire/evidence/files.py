"""Reads documents from disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from groundwire.errors import InputError
from groundwire.evidence.document import Document

LARGEST = 50 * 1024 * 1024  # bytes
SUFFIXES = (".csv", ".json", ".markdown", ".md", ".rst", ".text", ".tsv", ".txt")


def read_documents(path: str | Path) -> tuple[Document, ...]:
    """Return a text file as one document, or the text files of a folder and the folders in it, by name.

    A folder's `source` names are relative to it; hidden files and files of other kinds are passed over, and so is a
    link that leads out of it. A file that is named outright is read whatever its suffix.

    Raises:
        InputError: nothing is there, it is not UTF-8 text, it is over 50 MB, or a folder has no text in it.
    """
    top = Path(path)
    try:
        if top.is_dir():
            documents = tuple(_read(file, file.relative_to(top).as_posix()) for file in _files(top))
            if not documents:
                raise InputError(str(path), "No text file in this folder.", "files ending in " + ", ".join(SUFFIXES))
            return documents
        return (_read(top, top.name),)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise InputError(str(path), f"Cannot be read: {what}.", "a text file or a folder of them") from None


def _files(top: Path) -> Iterator[Path]:
    inside = top.resolve()
    for folder, folders, names in os.walk(top):  # does not follow links to folders
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if name.startswith(".") or file.suffix.lower() not in SUFFIXES:
                continue
            if file.is_file() and file.resolve().is_relative_to(inside):
                yield file


def _read(file: Path, source: str) -> Document:
    if not file.exists():
        raise InputError(str(file), "No such file.", "a text file or a folder of them")
    if not file.is_file():
        raise InputError(str(file), "Not a regular file.", "a text file or a folder of them")
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputError(str(file), f"Over {LARGEST // 2**20} MB.", "a smaller file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}:{line}", "Not UTF-8 text.", "a text file encoded as UTF-8") from None
    return Document(source=source, text=text, uri=file.resolve().as_uri())
