"""How far back, as people type it: `30d`, `12h`, `4w`, or a date."""

import re
from datetime import UTC, datetime, timedelta

from groundwire.errors import InputError

_AGO = re.compile(r"(\d{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(option: str, text: str, now: datetime | None = None) -> datetime:
    """The moment, in UTC, that `text` means. A date is its first moment. Raises: InputError in the option's name."""
    now = now or datetime.now(UTC)
    if found := _AGO.fullmatch(text.strip()):
        try:
            return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        expected = "a time ago (30d, 12h, 4w) or a date (2026-11-01)"
        raise InputError(option, f'"{text[:40]}" is neither a time ago nor a date.', expected) from None
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)
