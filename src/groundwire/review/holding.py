"""What the chain says of reports and decisions, held against what is stored. Needs only Python."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from groundwire.review.entries import OF_CLAIM, Entry, Problem, agreed, claims_listed, digest, listed

_VERDICTS = ("clean", "rewritten", "unchecked", "flagged", "blocked")  # by rank


class Known:
    """What the chain says of reports and decisions. The first entry about each stands: a later one would replace it."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._reports: dict[str, tuple[int, Mapping[str, Any]]] = {}
        self._decisions: dict[int, Entry] = {}
        self._now: dict[str, Mapping[str, Any]] = {}  # what became of each report, as far as it is said
        self._two: dict[str, dict[str, dict[str, str]]] = {}  # the claims on which two must agree: who says what
        self._last: dict[str, int] = {}  # the last entry of a decision on such a report
        self.erased: set[str] = set()

    def see(self, entry: Entry) -> None:
        then = entry.content
        if entry.kind == "report":
            if first := self._reports.get(entry.subject):
                self._wrong(entry.seq, f"a second entry for report {entry.subject}: entry {first[0]} stands")
                return
            self._reports[entry.subject] = (entry.seq, then)
            # Older entries do not say: then it follows from the verdict, but for what was adopted.
            unsaid = None if "adopted" in then else "none" if then.get("verdict") == "clean" else "open"
            self._two[entry.subject] = {claim: {} for claim in then.get("four_eyes", [])}
            self._now[entry.subject] = {"state": then.get("state", unsaid), "version": 0}
        elif entry.kind == "erase":
            self.erased.add(entry.subject)
        elif entry.kind == "decision" and isinstance(number := then.get("decision"), int):
            if earlier := self._decisions.get(number):
                self._wrong(entry.seq, f"a second entry for decision {number}: entry {earlier.seq} stands")
                return
            self._decisions[number] = entry
            self._said(entry)
            self._became(entry.subject, state=then.get("state"), version=then.get("version"))
        elif entry.kind == "report.assigned":
            self._became(entry.subject, assigned=then.get("assigned"), version=then.get("version"))

    def _became(self, report: str, **said: Any) -> None:
        self._now[report] = {**self._now.get(report, {}), **said}

    def _said(self, entry: Entry) -> None:
        """What a decision says of claims on which two must agree."""
        id, then = entry.subject, entry.content
        if then.get("version") != self._now.get(id, {}).get("version"):
            self._agreed(id)
        two = self._two.get(id, {})
        if then.get("kind") == "reopen":
            self._two[id] = {claim: {} for claim in two}
        elif then.get("kind") in ("confirm", "false_alarm", "correct") and then.get("claim") in two:
            two[then["claim"]].pop(entry.actor, None)
            two[then["claim"]][entry.actor] = then["kind"]
        self._last[id] = entry.seq

    def _agreed(self, id: str) -> None:
        for claim, words in self._two.get(id, {}).items():
            if self._now.get(id, {}).get("state") == "decided" and not agreed(list(words.values())):
                self._wrong(self._last.get(id, 0), f"report {id} was decided, and no two agreed on claim {claim}")

    def check(self, reports: Iterable[Mapping[str, Any]], decisions: Iterable[Mapping[str, Any]]) -> None:
        for id in self._two:
            self._agreed(id)
        for row in reports:
            self._report(row)
        for id, (seq, _) in self._reports.items():
            self._wrong(seq, f"report {id} is missing")
        for row in decisions:
            self._decision(row)
        for number, entry in self._decisions.items():
            self._wrong(entry.seq, f"decision {number} is missing")

    def _report(self, row: Mapping[str, Any]) -> None:
        id = row["id"]
        if id is None:
            for claim in row["claims"]:
                self._wrong(0, f"claim {claim['claim']} is listed under a report that does not exist")
            return
        seq, then = self._reports.pop(id, (0, {}))
        if not seq:
            self._wrong(0, f"report {id} has no entry")
            return
        erased = id in self.erased
        if row["body"] is None and not erased and then.get("content") != "hashes":
            self._wrong(seq, f"the content of report {id} is gone, and no entry says it was erased")
            return
        bent = [
            part
            for part in ("body", "request")
            if (row[part] is not None or row["body"] is not None)
            and (None if row[part] is None else digest(row["salt"], row[part])) != then.get(part)
        ]
        if row["verdict"] != then.get("verdict"):
            bent.append("verdict")
        if row["content"] != ("erased" if erased else then.get("content")):
            bent.append("content")
        if row.get("application") != then.get("application"):
            bent.append("application")
        now = self._now.get(id, {})
        bent += [part for part in ("state", "version") if now.get(part) is not None and row.get(part) != now[part]]
        if row.get("assigned") != now.get("assigned"):
            bent.append("assignment")
        if "claims" in row and sorted(one["claim"] for one in row["claims"] if one.get("second")) != then.get(
            "four_eyes", []
        ):
            bent.append("claims for two")
        bent += _listed_otherwise(row, then) + _claims_otherwise(row, then)
        for part in bent:
            self._wrong(seq, f"report {id}: its {part} is not what was stored")

    def _decision(self, row: Mapping[str, Any]) -> None:
        number = row["number"]
        entry = self._decisions.pop(number, None)
        if entry is None:
            self._wrong(0, f"decision {number} has no entry")
            return
        then = {"report": entry.subject, "by": entry.actor, **entry.content}
        names = ("report", "by", "kind", "claim", "rule", *(["at"] if "at" in then else []))
        if any(row[name] != then.get(name) for name in names):
            self._wrong(entry.seq, f"decision {number} is not what was decided")
        words = None if row["words"] is None else digest(row["salt"], row["words"])
        if words != then.get("words") and not (words is None and entry.subject in self.erased):
            self._wrong(entry.seq, f"decision {number}: its words are not what was stored")

    def _wrong(self, seq: int, what: str) -> None:
        self._problems.append(Problem(seq, seq, what))


def _listed_otherwise(row: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    """The names of what a report is listed by and was not stored so, as far as entry or body know it."""
    if "listed" in then and listed(row) == then["listed"]:
        return []
    try:
        body = json.loads(row["body"] or "")
        created = datetime.fromisoformat(body["created"])
        created = (created if created.tzinfo else created.replace(tzinfo=UTC)).astimezone(UTC)
        stored: dict[str, Any] = {
            "created": created.isoformat(timespec="microseconds"),
            "day": created.date().isoformat(),
        }
        stored |= {"rank": _VERDICTS.index(body["verdict"]), "score": body["score"], "coverage": body["coverage"]}
        if "*" not in (model := body["model"] or ""):  # masked in older bodies, and not in the column
            stored["model"] = model.replace("\x00", "") or None
        found = [name for name, value in stored.items() if (row[name] or None) != (value or None)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        found = []  # no body any more, or it was damaged before there was a chain
    return found or (["place in the lists"] if "listed" in then else [])


def _claims_otherwise(row: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    """The claims that are not listed as they were stored: by name where the body still has them."""
    found = row.get("claims", [])  # older exports have none
    if "claims" not in then or claims_listed(found) == then["claims"]:
        return []
    now = {claim["claim"]: {part: claim[part] for part in OF_CLAIM} for claim in found}
    try:
        stored = {}
        for claim in json.loads(row["body"] or "")["claims"]:
            action, rule = claim["decision"]["action"], claim["decision"]["rule"][:128]
            values = (claim["id"][:32], claim["verdict"], action, None if action == "allow" else rule)
            stored[values[0]] = dict(zip(OF_CLAIM, values, strict=True))
        names = [name for name in {**stored, **now} if stored.get(name) != now.get(name)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        names = []  # no body any more, or it was damaged
    return [f"listing of claim {name}" for name in names] or ["listing of claims"]
