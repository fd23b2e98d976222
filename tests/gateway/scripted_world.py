"""A Groundwire that knows one fact, quickly: real pipeline, rules and store, a scripted judge, no models."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from groundwire.claims import FakeExtractor
from groundwire.client import Groundwire
from groundwire.model import Case, Claim, Correction, Evidence, Finding, Label
from groundwire.pipeline import Pipeline
from groundwire.review import MemoryStore, ReportStore

RIGHT = "The capital of Australia is Canberra."
WRONG = "The capital of Australia is Sydney."
REPAIRED = RIGHT
CANARY = "Sydney"
FAILS = "This sentence breaks the judge."
ATLAS = Evidence(source="atlas", text=RIGHT)


class AtlasJudge:
    """Contradicts Sydney, with a correction; fails where it is told to; is slow where it is told to."""

    name = "atlas"
    version = "1"

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.asked: list[str] = []

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        time.sleep(self.seconds)
        self.asked += [case.claim.text for case in cases]
        return [self._find(case.claim) for case in cases]

    def _find(self, claim: Claim) -> Finding:
        if "breaks the judge" in claim.text:
            return Finding(judge=self.name, version=self.version, label=Label.ERROR, explanation="on purpose")
        at = claim.text.find(CANARY)
        if at < 0:
            return Finding(judge=self.name, version=self.version, label=Label.SUPPORTED, evidence=(ATLAS,))
        span = claim.locate(at, at + len(CANARY))
        correction = Correction(span=span, old=CANARY, new="Canberra") if span else None
        return Finding(
            judge=self.name, version=self.version, label=Label.CONTRADICTED, evidence=(ATLAS,), correction=correction
        )


PACK = """\
pack: {action}
about: For the tests of the gateway.
rules:
"""
RULE = """\
  - id: test.{name}
    about: What the atlas contradicts, or could not be checked.
    when: {when}
    do: {action}
    severity: high
    message: The atlas says otherwise.
    {on_error}
    examples:
      - answer: What is the capital of Australia?
        expect: quiet
"""

BY_USER = "by_user"
"""Not an action: the request's `user` names the action; the user `open` gets what could not be checked."""


World = Callable[..., Groundwire]


def world(
    folder: Path, action: str = "flag", *, store: ReportStore | str | None = None, judge: Any = None, **settings: Any
) -> Groundwire:
    """A Groundwire whose one rule does `action` about what the atlas contradicts. `store`: one, or a URL."""
    if isinstance(store, str):
        settings["store"] = store
    pack = folder / f"{action}.yaml"
    pack.write_text(PACK.format(action=action) + "".join(_rules(action)), "utf-8")
    gw = Groundwire({"rules": [str(pack)], **settings})
    on_error = gw.config.on_error
    gw._pipeline = Pipeline(FakeExtractor(), (), gw.rules, on_error)
    # The judge brings its own evidence, as a graph does: requests need not carry any.
    gw.__dict__["_configured"] = ((), (judge or AtlasJudge(),))
    if not isinstance(store, str):
        gw._store = store or MemoryStore()
    return gw


def _rules(action: str) -> Iterator[str]:
    wrong = 'verdict == "contradicted"'
    if action != BY_USER:
        yield RULE.format(name="contradicted", when=wrong, action=action, on_error="")
        return
    for each in ("flag", "rewrite", "block"):
        when = f'{wrong} && request.user == "{each}"'
        yield RULE.format(name=each, when=when, action=each, on_error="")
    when = 'reason == "error" && request.user == "open"'
    yield RULE.format(name="open", when=when, action="flag", on_error="on_error: open")
