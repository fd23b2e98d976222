"""Judged claims for tests of rules."""

from pathlib import Path
from typing import Any

from groundwire.model import CheckedClaim, Decision, Evidence, Finding, JudgedClaim, Label, Span, Verdict


def judged(text: str = "The rate is 3 %.", verdict: Verdict = Verdict.CONTRADICTED, **fields: Any) -> JudgedClaim:
    defaults: dict[str, Any] = {
        "id": "c1",
        "text": text,
        "span": Span(0, len(text)),
        "verdict": verdict,
        "confidence": 0.9,
        "risk": 0.9,
        "evidence": (Evidence(source="rates.txt", text="The rate is 5 %.", uri="file:rates"),),
        "findings": (Finding(judge="value", version="1", label=Label.CONTRADICTED, explanation="3 % is not 5 %"),),
    }
    return JudgedClaim(**{**defaults, **fields})


def checked(claim: JudgedClaim, decision: Decision) -> CheckedClaim:
    return CheckedClaim(**{name: getattr(claim, name) for name in JudgedClaim.model_fields}, decision=decision)


def pack(folder: Path, *rules: str, name: str = "mine") -> Path:
    """A pack file. Each rule: `id; condition; action` and further `field: value` parts. The condition may be empty."""
    lines = [f"pack: {name}", "about: A test.", "rules:"]
    for rule in rules:
        identity, when, do, *more = (part.strip() for part in rule.split(";"))
        lines += [f"  - id: {identity}", "    about: Why.", *([f"    when: {when}"] if when else [])]
        lines += [f"    do: {do}", "    message: What."]
        lines += [f"    {part}" for part in more]
    path = folder / f"{name}.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
