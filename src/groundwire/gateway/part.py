"""One text of an answer on its way through its check, with an end to the waiting where a check hangs or breaks."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from groundwire.gateway.bounded import Overdue, within
from groundwire.model import BROKEN, Action, Decision, Reason, Report, Severity

if TYPE_CHECKING:
    from groundwire.pipeline import Check, Mark

log = logging.getLogger("groundwire.gateway")

WITHHELD = "This answer was withheld."

# Judges are told the deadline and keep to it by themselves. This long after it, they are not waited for.
GRACE = 1.0  # seconds

# The end where nobody set a deadline.
LONGEST = 300.0  # seconds

# For the rules to decide about what hangs: they take milliseconds.
RULES_WITHIN = 2.0  # seconds


class Part:
    """One text of one choice on its way through its check. Its lock lets an aborted exchange be recorded."""

    def __init__(self, check: "Check", choice: int, field: str) -> None:
        self.check, self.choice, self.field = check, choice, field
        self.sent: list[str] = []
        # What went out in place of what the check let go, where that is not the same.
        self.instead: str | None = None
        self._lock = threading.Lock()
        self._half = ""

    def feed(self, text: str) -> str:
        """More of the text in, what may leave out."""
        text = self._half + text
        # A pair of surrogates that a stream cut in two is one character; a lone one is none.
        self._half = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        return self._step("feed", _characters(text[: len(text) - len(self._half)]))

    def finish(self, text: str = "") -> str:
        """The text is complete with `text`: the rest of what may leave. A text known whole is checked in one go."""
        text, self._half = self._half + text, ""
        return self._step("finish", _characters(text))

    def broke(self, text: str) -> None:
        """More of the text, whose check broke before it began: it counts as a text that could not be checked."""
        with self._lock:
            before = self.check
            self.sent.append(self._unread(before, before.mark(), "feed", _characters(text), Reason.ERROR))

    def fail(self, why: str) -> None:
        """Nothing more may leave, and the report says why."""
        with self._lock:
            self.check.fail(why)

    @property
    def stopped(self) -> bool:
        """A rule blocks, or the check could not be made: nothing more may leave."""
        return self.check.blocked is not None or self.check.failed is not None

    @property
    def blocked(self) -> str | None:
        """What is said instead, where a rule blocks."""
        return (self.check.blocked.message or WITHHELD) if self.check.blocked else None

    @property
    def edited(self) -> bool:
        return "".join(self.sent) != self.check.answer

    @property
    def report(self) -> Report:
        with self._lock:
            return self.check.report

    def _step(self, step: str, text: str) -> str:
        """One step of the check. One that hangs or breaks was not made: then the policy decides about its text."""
        with self._lock:
            before, mark = self.check, self.check.mark()
            left = LONGEST if before.left is None else before.left + GRACE
            work = _steps(before)[step]
            try:
                released = work(text) if _ours(before) else within(left, work, text)
            except Overdue:
                log.error("check %s hangs and is left behind", before.id)
                released = self._unread(before, mark, step, text, Reason.DEADLINE)
            except Exception as error:
                log.error("check %s failed", before.id, exc_info=error)
                released = self._unread(before, mark, step, text, Reason.ERROR)
        self.sent.append(released)
        return released

    def _unread(self, before: "Check", mark: "Mark", step: str, text: str, reason: Reason) -> str:
        """The step again for a text that cannot be checked; with the rules, and where they hang too, without."""
        for rules in (True, False):
            self.check = before.unread(mark, reason, rules=rules)
            try:
                released = within(RULES_WITHIN, _steps(self.check)[step], text)
                if len(self.check.claims) == mark.claims:
                    self._of_the_whole(reason)
                return released
            except Exception as error:
                log.error("the rules of check %s failed", before.id, exc_info=error)
        self.check.fail(f"The check could not be made ({reason}).")
        return ""

    def _of_the_whole(self, reason: Reason) -> None:
        """No text was left that could be called unchecked: what broke was the check of the answer as a whole."""
        why = f"The answer as a whole could not be checked: {reason}."
        if self.check.pipeline.on_error == "closed":
            self.check.fail(why)
        else:
            self.check.decision = Decision(action=Action.FLAG, rule=BROKEN, severity=Severity.HIGH, message=why)


def _ours(check: "Check") -> bool:
    """Whether every part of the check is Groundwire's own.

    Those keep to the deadline by themselves, and another thread would cost more than most checks take.
    """
    parts = (check.pipeline.extractor, *check.pipeline.judges, *check.sources.graphs, check.rules)
    return all(type(part).__module__.startswith("groundwire.") for part in parts)


def _steps(check: "Check") -> dict[str, Callable[[str], str]]:
    return {"feed": check.feed, "finish": check.finish}


def _characters(text: str) -> str:
    """The text with surrogate pairs joined, and lone surrogates, which no text may hold, replaced by U+FFFD."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
