"""The output of an audit, which is also the record of how far it came.

There is no other file: the ids that stand in it are done, and every row names the settings that it was made under, so
that a run is not continued under other ones. A row is in the hands of the operating system before the next begins;
what a killed run leaves half-written is cut off and done again.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from groundwire.batch.audit import Row, Summary, encoded, key_of
from groundwire.errors import InputError


class OutputFile:
    """Rows, one a line, added to `path`; `-` is standard output, which is never continued.

    `done` holds the keys of the rows that are there already, and `summary` has counted them. `anew` says, in an error,
    how the caller lets one begin anew.
    Raises: InputError where the file cannot be written, is no output of an audit, or was made under other settings.
    """

    def __init__(
        self,
        path: str,
        *,
        settings: str,
        restart: bool = False,
        anew: str = "another -o, or --restart to begin anew",
    ) -> None:
        self.path, self.settings, self._anew = path, settings, anew
        self.done: set[str] = set()
        self.summary = Summary()
        self._stream = sys.stdout.buffer if path == "-" else self._open(restart)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path != "-":
            with suppress(OSError):  # every row was flushed: what fails here has been raised before
                self._stream.close()

    def write(self, row: Row) -> None:
        """Add one row. Raises: InputError where it cannot be written."""
        try:
            self._stream.write(encoded({**row, "settings": self.settings}))
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as failed:
            raise self._refused(f"cannot be written ({failed.strerror}).", "room to write") from None

    def _open(self, restart: bool) -> BinaryIO:
        path = Path(self.path)
        begun = path.is_file() and not restart  # a pipe or a device is written, never read
        try:
            stream = path.open("r+b" if begun else "wb")
        except OSError as failed:
            raise self._refused(f"cannot be written ({failed.strerror}).", "a file, or -") from None
        if not begun:
            return stream
        try:
            stream.seek(self._read(stream))
            stream.truncate()
        except BaseException:
            stream.close()
            raise
        return stream

    def _read(self, stream: BinaryIO) -> int:
        """Take in what is there. Returns where the whole rows end."""
        end = 0
        for number, data in enumerate(stream, start=1):
            if not data.endswith(b"\n"):
                if not b'{"id": '.startswith(data[:7]):
                    raise self._not_ours(number)
                break
            row = self._row(number, data)
            if row.get("settings", self.settings) != self.settings:
                raise self._refused(
                    f"row {number} was made under other settings (version, rules, config or knowledge).",
                    f"the same settings, {self._anew}",
                )
            self.done.add(key_of(row["id"]))
            self.summary.before += 1
            self.summary.count(row)
            end += len(data)
        return end

    def _row(self, number: int, data: bytes) -> dict[str, Any]:
        try:
            row = json.loads(data)
        except (ValueError, RecursionError):
            raise self._not_ours(number) from None
        if not isinstance(row, dict) or not row.keys() >= {"id", "verdict", "score", "claims"}:
            raise self._not_ours(number)
        return row

    def _not_ours(self, number: int) -> InputError:
        what = f"line {number} is not one that an audit wrote."
        return self._refused(what, self._anew)

    def _refused(self, what: str, expected: str) -> InputError:
        return InputError(self.path, what, expected)
