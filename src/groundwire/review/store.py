"""What a store of reports is, and the two that need no database: in memory, and broken on purpose."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any, Literal, NamedTuple, Protocol

from groundwire.errors import InputError, VerificationError
from groundwire.evidence import Document
from groundwire.model import Report

_REPORT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}", re.ASCII)


INPUTS = "groundwire"
"""Where a stored request has what the answer was checked against, so that it can be replayed."""


class Stored(NamedTuple):
    """A kept report, and the request that it belongs to."""

    report: Report
    request: dict[str, Any] | None


class ReportStore(Protocol):
    """Keeps reports. Safe to call from many threads at once."""

    def save(self, report: Report, *, request: Mapping[str, Any] | None = None) -> None:
        """Keep `report`, on disk when this returns. `request` is what asked for it: JSON data without secrets.

        Raises: InputError for an id that no store takes; VerificationError where it could not be kept, or
        where this id is already kept (a report is written once and never changed).
        """

    def get(self, id: str) -> Report | None:
        """The report, equal to the one saved, or None where there is no such id.

        Raises: VerificationError where the store cannot be read.
        """

    def reports(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Stored]:
        """The reports created from `since` to before `until`, oldest first, a few in memory at a time.

        Raises, while it is read: VerificationError where the store, or one report, cannot be read.
        """

    def close(self) -> None:
        """Finish what was begun and let go of files and connections. Closing twice is fine."""


def is_report_id(id: str) -> bool:
    """Whether `id` could be a report's: letters, digits, `-` and `_`, at most 128. Ids come in by URL."""
    return _REPORT_ID.fullmatch(id) is not None


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a time zone is taken to be."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def body_of(report: Report) -> str:
    """The report as the JSON that is kept, read back once: NaN or half a surrogate pair would be lost in it.

    Raises: InputError for an id that no store takes; VerificationError for a report that JSON cannot hold.
    """
    if not is_report_id(report.id):
        raise InputError("report id", f"{report.id!r:.80} is not one.", "letters, digits, - and _, up to 128")
    try:
        body = report.model_dump_json()
        Report.model_validate_json(body)
    except ValueError as cannot:
        words = " ".join(str(cannot).split())
        raise VerificationError(f"report {report.id} cannot be written as JSON: {words:.200}") from None
    return body


def request_of(request: Mapping[str, Any] | None) -> str | None:
    """The request as JSON. What JSON does not know is kept as its words: it is for reading, not for running."""
    return None if request is None else json.dumps(dict(request), default=str)


def with_inputs(
    traits: Mapping[str, Any], documents: Iterable[Document], mode: str, application: str | None = None
) -> dict[str, Any]:
    """A request as `save` takes it, with what its answer was checked against, and which `application` asked."""
    inputs: dict[str, Any] = {"documents": [document._asdict() for document in documents], "mode": mode}
    if application is not None:
        inputs["application"] = application
    return {**traits, INPUTS: inputs}


def asking_two(request: Mapping[str, Any], report: Report, rules: Iterable[str]) -> Mapping[str, Any]:
    """The request, with those of the `rules` that ask for two reviewers and decided on a claim."""
    asking = sorted(set(rules) & {claim.decision.rule for claim in report.claims})
    return {**request, INPUTS: {**request.get(INPUTS, {}), "four_eyes": asking}} if asking else request


class MemoryStore:
    """Keeps reports as long as the process lives: for tests, demos and one-off checks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._bodies: dict[str, str] = {}
        self.requests: dict[str, str | None] = {}

    def save(self, report: Report, *, request: Mapping[str, Any] | None = None) -> None:
        body, asked = body_of(report), request_of(request)
        with self._lock:
            if report.id in self._bodies:
                raise VerificationError(f"report {report.id} is already stored", report.id)
            self._bodies[report.id] = body
            self.requests[report.id] = asked

    def get(self, id: str) -> Report | None:
        body = self._bodies.get(id)
        return None if body is None else Report.model_validate_json(body)

    def reports(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Stored]:
        found = [(Report.model_validate_json(body), self.requests[id]) for id, body in list(self._bodies.items())]
        for report, asked in sorted(found, key=lambda each: (in_utc(each[0].created), each[0].id)):
            created = in_utc(report.created)
            if (since is None or created >= in_utc(since)) and (until is None or created < in_utc(until)):
                yield Stored(report, json.loads(asked) if asked else None)

    def close(self) -> None:
        """Nothing to let go of: what was kept stays readable."""


class FailingStore:
    """A store that does not work, to see that nothing is delivered without it.

    `how` is "raises" (at once) or "hangs" (for `seconds`, or until it is closed, and then raises).
    """

    def __init__(self, how: Literal["raises", "hangs"] = "raises", *, seconds: float = 3600.0) -> None:
        self.how, self.seconds = how, seconds
        self._closed = Event()

    def save(self, report: Report, *, request: Mapping[str, Any] | None = None) -> None:
        self._fail(report.id)

    def get(self, id: str) -> Report | None:
        self._fail(id)
        return None

    def reports(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Stored]:
        self._fail("any")
        yield from ()

    def close(self) -> None:
        self._closed.set()

    def _fail(self, id: str) -> None:
        if self.how == "hangs":
            self._closed.wait(self.seconds)
        raise VerificationError(f"the store failed on purpose, with report {id}", id)
