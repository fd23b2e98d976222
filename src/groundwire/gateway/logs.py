"""Lines on standard error: text or JSON. No words of a question, an answer or a claim, unless they are asked for."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundwire.config import LogSettings

# What a caller may hand over in `extra` for a line of its own.
FIELDS = "groundwire"


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what else is known.

    An exception's own words may quote an answer, so without `content` only its type and the places are told.
    """

    def __init__(self, *, content: bool) -> None:
        super().__init__()
        self._content = content

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info and record.exc_info[0]:
            told |= _failure(record.exc_info, content=self._content)
        return json.dumps(told, default=str)


class TextLines(logging.Formatter):
    """A line for people; a failure with its type and places, and with its words where content is asked for."""

    def __init__(self, *, content: bool) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")
        self._content = content

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in getattr(record, FIELDS, {}).items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()} {fields}".rstrip()
        if record.exc_info and record.exc_info[0]:
            told = _failure(record.exc_info, content=self._content)
            line += "".join(f"\n  {told['error']}: {told.get('words', '')}".rstrip(": "))
            line += "".join(f"\n    {place}" for place in told["at"])
        return line


def set_up(settings: "LogSettings") -> None:
    """Send what Groundwire and its server say to standard error. Called once by `serve`."""
    handler = logging.StreamHandler(sys.stderr)
    lines = JsonLines if settings.format == "json" else TextLines
    handler.setFormatter(lines(content=settings.content))
    for name, level in (("groundwire", logging.INFO), ("uvicorn.error", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False


def _failure(raised: Any, *, content: bool) -> dict[str, Any]:
    kind, error, trace = raised
    at = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-8:]]
    return {"error": kind.__name__, "at": at, **({"words": str(error)} if content else {})}
