"""The checks of one exchange: every text that a model wrote is a part with a check and a report of its own.

A choice has up to one part for each thing that it says: content, refusal, reasoning, and each tool call's arguments.
Everything here is synchronous work for worker threads; nothing here knows a wire format's framing.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from groundwire.errors import GroundwireError, OverloadError, UpstreamError, VerificationError
from groundwire.gateway.bounded import within
from groundwire.gateway.leaving import Leaving, field_name, replaced, texts_of, well_formed
from groundwire.gateway.part import Part
from groundwire.gateway.request import Asked
from groundwire.model import Outcome, Report
from groundwire.review import MemoryStore, SqlStore, with_inputs

if TYPE_CHECKING:
    from groundwire.client import Groundwire
    from groundwire.pipeline import Check

log = logging.getLogger("groundwire.gateway")

# What a store gets for one report. The database's own limit is shorter.
STORE_WITHIN = 12.0  # seconds

# Worst last: which report speaks for an answer that has several.
_SEVERITY = (Outcome.CLEAN, Outcome.REWRITTEN, Outcome.UNCHECKED, Outcome.FLAGGED, Outcome.BLOCKED)


@dataclass
class Exchange:
    """One request and its answer's parts. `kept`: their reports go to the store of `gw`.

    `observe` is told every report once, when it is final, and the name of a stage that failed besides those in it.
    """

    gw: "Groundwire"
    asked: Asked
    kept: bool = False
    observe: Callable[[Report | str], None] | None = None
    parts: list[Part] = field(default_factory=list)
    withheld: set[str] = field(default_factory=set)
    application: str | None = None
    _spare: "Check | None" = None
    _final: dict[str, Report] = field(default_factory=dict)
    _unkept: set[str] = field(default_factory=set)

    @property
    def mode(self) -> str:
        return self.asked.mode

    @property
    def leaving(self) -> Leaving:
        """What may leave beside checked texts; what may not is noted in `withheld`."""
        return Leaving(self.withheld)

    def prepare(self) -> str:
        """Begin the first check before there is text for it. Returns the id that its report will have."""
        self._spare = self._start()
        return self._spare.id

    def begin(self, choice: int, field: str) -> Part:
        """A new part of the answer. Raises: GroundwireError where checks cannot be made at all."""
        check, self._spare = self._spare or self._start(), None
        part = Part(check, choice, field)
        self.parts.append(part)
        return part

    def settle(self) -> None:
        """Every part is finished or failed: keep the reports. Without any text there is still one report.

        Raises: VerificationError where a check could not be made or kept and must not be missing; OverloadError
        where that is because too much waits.
        """
        if not self.parts:
            self.begin(0, "content").finish()
        unkept = self.record()
        for part in self.parts:
            if part.check.failed and not part.check.blocked:
                raise unmade(part)
        if unkept and self.gw.config.on_error == "closed":
            raise VerificationError("The report could not be stored, so the answer is withheld.")

    def record(self) -> bool:
        """Make every report final and keep it, once each. Returns whether one could not be kept."""
        for part in self.parts:
            id = part.check.id
            if id in self._final:
                continue
            self._final[id] = report = self._as_delivered(part)
            if self.kept:
                try:
                    request = with_inputs(self.asked.traits, self.asked.documents, self.mode, self.application)
                    save = partial(self.gw.keep, report, part.check.rules, request)
                    # Our own stores keep a limit by themselves, and another thread costs what they cost.
                    _ = save() if isinstance(self.gw.store, SqlStore | MemoryStore) else within(STORE_WITHIN, save)
                except Exception as error:  # a store may be a third party's; the policy decides below
                    log.error("report %s could not be stored", id, exc_info=error)
                    self._unkept.add(id)
                    self._tell("store")
            self._tell(report)
        return bool(self._unkept)

    def abort(self, why: str) -> None:
        """The exchange broke off: the reports say so, as far as they can be kept."""
        if self.mode == "off":
            return
        if not self.parts:
            with suppress(GroundwireError):
                self.begin(0, "content")
        for part in self.parts:
            if part.check.id not in self._final:
                part.fail(why)
        self.record()

    def reports(self) -> list[Report]:
        return [self._final.get(part.check.id) or self._as_delivered(part) for part in self.parts]

    def _tell(self, what: Report | str) -> None:
        if self.observe is not None:
            self.observe(what)

    def worst(self) -> Report:
        return max(self.reports(), key=lambda report: _SEVERITY.index(report.verdict))

    def summary(self) -> dict[str, Any]:
        """The `groundwire` object: the report; for several texts `{"verdict", "coverage", "reports": [...]}`.

        Each of several reports says by `choice` and `field` which text it is about. `withheld` lists fields of the
        answer that cannot be checked and were left out.
        """
        reports = self.reports()
        if len(reports) == 1:
            told = reports[0].model_dump(mode="json")
        else:
            told = {
                "verdict": self.worst().verdict,
                "coverage": min(report.coverage for report in reports),
                "reports": [
                    {"choice": part.choice, "field": part.field, **report.model_dump(mode="json")}
                    for part, report in zip(self.parts, reports, strict=True)
                ],
            }
        if self.withheld:
            told["withheld"] = sorted(self.withheld)
        return told

    def headers(self) -> dict[str, str]:
        """What every answer carries. `x-groundwire-report` is the id of the report that decided the verdict."""
        worst = self.worst()
        return {
            "x-groundwire-verdict": worst.verdict,
            "x-groundwire-report": worst.id,
            "x-groundwire-rules": worst.revisions.get("rules", ""),
            "x-groundwire-coverage": f"{min(report.coverage for report in self.reports()):.3f}",
        }

    def pending_headers(self) -> dict[str, str]:
        """What a stream can say before its text. After `prepare`."""
        assert self._spare is not None  # noqa: S101 - the order of calls, not input
        return {
            "x-groundwire-verdict": "pending",
            "x-groundwire-report": self._spare.id,
            "x-groundwire-rules": self._spare.report.revisions.get("rules", ""),
        }

    def off_headers(self) -> dict[str, str]:
        """Nothing was checked, and nothing may look as if it was."""
        return {"x-groundwire-verdict": Outcome.UNCHECKED}

    def _start(self) -> "Check":
        return self.gw.start(
            documents=self.asked.documents,
            question=self.asked.question,
            deadline=self.asked.deadline,
            rules=self.gw.with_packs(self.asked.packs) if self.asked.packs else None,
            request=self.asked.traits,
            model=self.asked.model,
        )

    def _as_delivered(self, part: Part) -> Report:
        """The report, true to what went out: in annotate mode that is what the model wrote."""
        report = part.report
        if part.instead is not None:
            return report.model_copy(update={"delivered": part.instead})
        if self.mode != "annotate":
            return report
        changed = report.verdict in (Outcome.REWRITTEN, Outcome.BLOCKED)
        verdict = Outcome.FLAGGED if changed else report.verdict
        return report.model_copy(update={"delivered": report.answer, "verdict": verdict})


def check_completion(exchange: Exchange, completion: dict[str, Any]) -> dict[str, Any]:
    """Check a whole answer. Returns it as it may leave, its reports kept. Raises: VerificationError; UpstreamError."""
    given = well_formed(completion["choices"], "message")
    require_room(exchange, sum(len(text) for choice in given for _, text in texts_of(choice.get("message") or {})))
    try:
        choices = [_checked_choice(exchange, choice, number) for number, choice in enumerate(given)]
    except GroundwireError:
        for part in exchange.parts:
            part.instead = ""
        exchange.abort("The check of another text of this answer could not be begun.")
        raise
    if any(part.check.failed for part in exchange.parts):
        for part in exchange.parts:
            part.instead = ""  # the answer is refused as a whole
    exchange.settle()
    if exchange.mode == "annotate":
        return completion
    return {**exchange.leaving.frame(completion, passed=("choices",)), "choices": choices}


def require_room(exchange: Exchange, characters: int) -> None:
    """Raises: UpstreamError for an answer that is longer than what is held."""
    most = exchange.gw.config.limits.answer_mb
    if characters > most * 1024 * 1024:
        told = f"The upstream's answer is longer than {most:g} million characters."
        raise UpstreamError(told, body={"message": told, "code": "answer_too_large"})


def _checked_choice(exchange: Exchange, choice: Mapping[str, Any], number: int) -> dict[str, Any]:
    index = number if choice.get("index") is None else choice["index"]
    message: dict[str, Any] = dict(choice.get("message") or {})
    parts = []
    exchange.leaving.note_unread(message)
    for path, text in texts_of(message):
        part = exchange.begin(index, field_name(path))
        released = part.finish(text)
        message = replaced(message, path, released)
        parts.append(part)
    if exchange.mode == "annotate":
        return dict(choice)
    edited = any(part.edited for part in parts)
    if blocked := next((part.blocked for part in parts if part.blocked), None):
        message = {"role": "assistant", "content": blocked}
        for part in parts:
            part.instead = blocked if part.blocked else ""
    if edited or blocked:
        # Logprobs spell out what the model wrote.
        choice = {name: value for name, value in choice.items() if name != "logprobs"}
    out = exchange.leaving.choice(choice, exchange.leaving.message(message, edited=edited))
    if blocked:
        out["finish_reason"] = "content_filter"
    return out


def unmade(part: Part) -> GroundwireError:
    """The check of a part could not be made. Where its model had too much to do, the call may be made again."""
    findings = (finding for claim in part.check.claims for finding in claim.findings)
    if any(OverloadError.__name__ in finding.explanation for finding in findings):
        return OverloadError("More waits for the model than it takes on.", retry_after=2)
    return VerificationError(part.check.failed or "The check could not be made.", part.check.id)
