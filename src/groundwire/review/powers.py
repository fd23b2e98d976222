"""What the chain says of users and proposals, held against what is stored. Needs only Python.

A role that was changed behind the program's back is found twice: in the table, as long as it stands there, and in every
entry about what its user did meanwhile, because that says as what they did it. So is a session that no log-in began.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from groundwire.review.entries import Entry, Problem, digest

_OF_USER = ("role", "created", "way")
_CHANGES = ("user.role", "user.password", "user.remove")
_LASTS = timedelta(hours=13)  # no session is older
_SETTLED = ("proposal.accepted", "proposal.refused")


class Powers:
    """Who could do what at each moment, and what they proposed and agreed to. The first entry about each stands."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._users: dict[str, dict[str, tuple[int, Any]]] = {}  # what is known of each, and from which entry
        self._gone: dict[str, int] = {}
        self._sessions: dict[str, set[str]] = {}
        self._unmarked: dict[str, str] = {}  # when somebody last came in by an older entry, which names no session
        self._proposed: dict[int, Entry] = {}
        self._settled: dict[int, Entry] = {}

    def see(self, entry: Entry) -> None:
        if "as" in entry.content:
            self._acted(entry)
        number = entry.content.get("proposal")
        if entry.kind == "user.add":
            self._added(entry)
        elif entry.kind in _CHANGES:
            self._changed(entry)
        elif entry.kind == "login":
            self._came(entry)
        elif entry.kind == "proposal" and isinstance(number, int):
            if first := self._proposed.get(number):
                self._wrong(entry.seq, f"a second entry for proposal {number}: entry {first.seq} stands")
            else:
                self._proposed[number] = entry
        elif entry.kind in _SETTLED and isinstance(number, int):
            self._decided(number, entry)

    def check_users(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """`way` of a row: the hash of what lets them in, or None."""
        left = dict(self._users)
        for row in rows:
            name = row["name"]
            then = left.pop(name, None)
            if then is None:
                gone = self._gone.get(name, 0)
                self._wrong(gone, f"user {name} was taken away, and is there" if gone else f"user {name} has no entry")
                continue
            for part in _OF_USER:
                seq, value = then.get(part, (0, row[part]))  # older entries say less
                if row[part] == value:
                    continue
                if part == "role":
                    self._wrong(seq, f"user {name} is {row['role']}, and was made {value}")
                else:
                    what = "what lets them in" if part == "way" else "the time"
                    self._wrong(seq, f"user {name}: {what} is not what was stored")
        for name, then in left.items():
            self._wrong(then["role"][0], f"user {name} is missing")

    def check_proposals(self, rows: Iterable[Mapping[str, Any]], erased: set[str]) -> None:
        left = dict(self._proposed)
        for row in rows:
            number = row["number"]
            entry = left.pop(number, None)
            if entry is None:
                self._wrong(0, f"proposal {number} has no entry")
                continue
            then = {"report": entry.subject, "by": entry.actor, **entry.content}
            if any(row[name] != then[name] for name in ("report", "by", "kind", "target", "at") if name in then):
                self._wrong(entry.seq, f"proposal {number} is not what was proposed")
            words = None if row["words"] is None else digest(row["salt"], row["words"])
            if words != then.get("words") and not (words is None and entry.subject in erased):
                self._wrong(entry.seq, f"proposal {number}: its words are not what was stored")
            end = self._settled.get(number)
            became = (end.kind.removeprefix("proposal."), end.actor) if end else ("open", None)
            if (row["state"], row["decided_by"]) != became:
                by = f" by {row['decided_by']}" if row["decided_by"] is not None else ""
                what = f"is {row['state']}{by}, and was {became[0]}" + (f" by {became[1]}" if end else "")
                self._wrong(end.seq if end else entry.seq, f"proposal {number} {what}")
        for number, entry in left.items():
            self._wrong(entry.seq, f"proposal {number} is missing")

    def _acted(self, entry: Entry) -> None:
        """What somebody did as one who might: the chain knows whether they were."""
        role = self._known(entry.actor, "role", None)
        if role != entry.content["as"]:
            was = "no user" if role is None else role
            self._wrong(entry.seq, f"{entry.actor} did this as {entry.content['as']}, and was {was}")
        marks = entry.content.get("in", [])
        known = self._sessions.get(entry.actor, set())
        begun = isinstance(marks, list) and all(isinstance(mark, str) and mark in known for mark in marks)
        if not begun and not _within(self._unmarked.get(entry.actor), entry.at):
            self._wrong(entry.seq, f"{entry.actor} had a session that no log-in began")

    def _came(self, entry: Entry) -> None:
        mark, way = entry.content.get("in"), entry.content.get("way")
        if isinstance(mark, str):
            self._sessions.setdefault(entry.subject, set()).add(mark)
        else:
            self._unmarked[entry.subject] = entry.at
        if way is not None and self._known(entry.subject, "way", way) != way:
            self._wrong(entry.seq, f"{entry.subject} came in by a way that was not theirs")

    def _added(self, entry: Entry) -> None:
        if first := self._users.get(entry.subject):
            self._wrong(entry.seq, f"a second entry for user {entry.subject}: entry {first['role'][0]} stands")
            return
        said = {"role": None, **entry.content}
        self._users[entry.subject] = {part: (entry.seq, said[part]) for part in _OF_USER if part in said}

    def _changed(self, entry: Entry) -> None:
        user = self._users.get(entry.subject)
        if user is None:
            self._wrong(entry.seq, f"user {entry.subject} was not there")
        elif entry.kind == "user.remove":
            del self._users[entry.subject]
            self._gone[entry.subject] = entry.seq
        elif entry.kind == "user.role":
            user["role"] = (entry.seq, entry.content.get("role"))
        elif "way" in entry.content:
            user["way"] = (entry.seq, entry.content["way"])
        else:
            user.pop("way", None)

    def _decided(self, number: int, entry: Entry) -> None:
        made = self._proposed.get(number)
        if made is None:
            self._wrong(entry.seq, f"proposal {number} was not there")
        elif first := self._settled.get(number):
            self._wrong(entry.seq, f"a second entry for proposal {number}: entry {first.seq} stands")
        else:
            self._settled[number] = entry
            if entry.kind == "proposal.accepted" and entry.actor == made.actor:
                self._wrong(entry.seq, f"proposal {number} was accepted by {made.actor}, who made it")

    def _known(self, user: str, part: str, unsaid: Any) -> Any:
        """What is known of a user at this moment: None of one who is not there, `unsaid` where no entry says it."""
        then = self._users.get(user)
        return None if then is None else then.get(part, (0, unsaid))[1]

    def _wrong(self, seq: int, what: str) -> None:
        self._problems.append(Problem(seq, seq, what))


def _within(began: str | None, now: str) -> bool:
    """Whether a session that began then may still last."""
    try:
        return began is not None and datetime.fromisoformat(now) - datetime.fromisoformat(began) <= _LASTS
    except (ValueError, TypeError):
        return False
