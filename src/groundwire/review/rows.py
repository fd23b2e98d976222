"""A report → the rows that keep it: what is searched and filtered by, its content, and what the chain knows of it."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from groundwire.model import Action, Outcome, Report, Severity
from groundwire.review import chain
from groundwire.review.entries import claims_listed, listed
from groundwire.review.masks import all_masked, may_hold_secrets, walked, without_secrets
from groundwire.review.store import INPUTS, body_of, in_utc, request_of
from groundwire.review.tables import claims, meta, persons, reports

Content: TypeAlias = Literal["full", "redacted", "hashes"]

RANKS: dict[str, int] = {
    Outcome.CLEAN: 0,
    Outcome.REWRITTEN: 1,
    Outcome.UNCHECKED: 2,
    Outcome.FLAGGED: 3,
    Outcome.BLOCKED: 4,
}
SEVERITIES = tuple(Severity)
LONGEST_NAME = 200  # of an application
PERSON_FIELDS = ("user", "safety_identifier")
# What Groundwire itself says in a report, and what is looked up by it.
_OURS = frozenset(
    {
        *("id", "created", "verdict", "model", "revisions", "timings", "kind", "reason", "label", "judge", "version"),
        *("action", "rule", "rules", "severity", "claim", "pointer", "mode", "knowledge", "probabilities"),
    }
)


@dataclass(frozen=True)
class Prepared:
    """One report, ready to be written."""

    row: dict[str, Any]
    claims: list[dict[str, Any]]
    persons: list[str]
    event: chain.Event

    @property
    def id(self) -> str:
        return str(self.row["id"])


def prepare(
    report: Report,
    request: Mapping[str, Any] | None,
    *,
    content: Content = "full",
    person_key: str = "",
    redact: Callable[[str], str] | None = None,
) -> Prepared:
    """The rows of a report. Secrets are masked in all that is kept; `redact` masks what is personal.

    Raises: InputError for an id that no store takes; VerificationError for what JSON cannot hold.
    """
    body = body_of(report)
    asked = request_of(None if request is None else without_secrets(request))
    model = report.model
    if may_hold_secrets(body):
        hidden = all_masked(json.loads(body))
        body, model = json.dumps(hidden, ensure_ascii=False, separators=(",", ":")), hidden["model"]
    if content == "redacted" and redact:
        body = json.dumps(walked(json.loads(body), redact, _OURS), ensure_ascii=False, separators=(",", ":"))
        asked = None if asked is None else json.dumps(walked(json.loads(asked), redact, _OURS))
    salt = chain.salt()
    created = in_utc(report.created)
    kept = content != "hashes"
    row = {
        "id": report.id,
        "created": created,
        "day": created.date().isoformat(),
        "verdict": report.verdict.value,
        "rank": RANKS[report.verdict],
        "severity": max((SEVERITIES.index(claim.decision.severity) for claim in fired(report)), default=0),
        "score": report.score,
        "coverage": report.coverage,
        "model": _storable(model),
        "application": application_of(request),
        "content": content,
        "state": "none" if report.verdict is Outcome.CLEAN else "open",
        "version": 0,
        "salt": salt,
        "body": body if kept else None,
        "request": asked if kept else None,
    }
    known = {"verdict": row["verdict"], "rules": report.revisions.get("rules"), "content": content}
    known |= {"body": chain.digest(salt, body), "request": None if asked is None else chain.digest(salt, asked)}
    if row["application"] is not None:
        known["application"] = row["application"]
    found = _claims(report, request)
    if second := sorted(claim["claim"] for claim in found if claim["second"]):
        known["four_eyes"] = second
    return Prepared(row, found, persons_of(request, person_key), entry_of(row, found, known))


def application_of(request: Mapping[str, Any] | None) -> str | None:
    """The gateway's key that a request came with, by its name."""
    ours = (request or {}).get(INPUTS)
    name = ours.get("application") if isinstance(ours, Mapping) else None
    return _storable(name[:LONGEST_NAME]) or None if isinstance(name, str) else None


def entry_of(row: Mapping[str, Any], claims: Sequence[Mapping[str, Any]], known: Mapping[str, Any]) -> chain.Event:
    """The entry of a report: what is `known` of its content, and how it and its claims are listed."""
    shown = {"listed": listed({**row, "created": at_utc(row["created"])}), "claims": claims_listed(claims)}
    return chain.Event("report", row["id"], "groundwire", {**known, "state": row["state"], **shown})


def at_utc(moment: datetime) -> str:
    """A moment as the chain has it."""
    return in_utc(moment).isoformat(timespec="microseconds")


def keep(connection: sa.Connection, batch: Sequence[Prepared]) -> None:
    """Write reports and their entries in the chain, in the caller's `Database.writing()` transaction."""
    number = next_number(connection)
    rows, index, people = [], [], []
    for each, prepared in enumerate(batch, start=number):
        rows.append({**prepared.row, "number": each})
        index += [{**claim, "report": each} for claim in prepared.claims]
        people += [{"report": each, "person": person} for person in prepared.persons]
    connection.execute(sa.insert(reports), rows)
    for table, found in ((claims, index), (persons, people)):
        if found:
            connection.execute(sa.insert(table), found)
    chain.append(connection, [prepared.event for prepared in batch])


def next_number(connection: sa.Connection) -> int:
    """Given out here and not by the database: one writer at a time, and the claims must know it."""
    return int(connection.scalar(sa.select(sa.func.max(reports.c.number))) or 0) + 1


def fired(report: Report) -> list[Any]:
    """The claims that a rule did something about."""
    return [claim for claim in report.claims if claim.decision.action is not Action.ALLOW]


def person_hash(name: str, key: str) -> str:
    """Finds what belongs to one person without saying who it is. `key` is random and of this database."""
    return hmac.new(key.encode(), name.strip().lower().encode(), hashlib.sha256).hexdigest()


def persons_of(request: Mapping[str, Any] | None, key: str) -> list[str]:
    """Whom a request was made for, by hash: all that OpenAI's and Anthropic's clients say of it."""
    if not request:
        return []
    metadata = request.get("metadata")
    named = [request.get(name) for name in PERSON_FIELDS]
    named += [metadata.get(name) for name in ("user_id", "user")] if isinstance(metadata, Mapping) else []
    found = (person_hash(name, key) for name in named if isinstance(name, str) and name.strip())
    return list(dict.fromkeys(found))


def person_key(connection: sa.Connection) -> str:
    """The key of this database that people's names are hashed with; the first call, when it is opened, makes it."""
    found = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "person_key"))
    if not found:
        found = secrets.token_hex(32)
        connection.execute(sa.insert(meta).values(key="person_key", value=found))
    return str(found)


def _claims(report: Report, request: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    ours = (request or {}).get(INPUTS)
    asking = ours.get("four_eyes", ()) if isinstance(ours, Mapping) else ()
    return [
        {
            "claim": claim.id[:32],
            "verdict": claim.verdict.value,
            "action": claim.decision.action.value,
            "rule": None if claim.decision.action is Action.ALLOW else claim.decision.rule[:128],
            "second": int(claim.decision.action is not Action.ALLOW and claim.decision.rule in asking),
        }
        for claim in {claim.id: claim for claim in report.claims}.values()
    ]


def _storable(text: str | None) -> str | None:
    """Without the one character that PostgreSQL keeps in no text."""
    return text and text.replace("\x00", "")
