"""Conditions in CEL (the Common Expression Language of Kubernetes and Envoy), type-checked when a pack is loaded.

The library is cel-expr-python, Google's own binding of cel-cpp. Chosen over the pure-Python cel-python: it checks
types before anything runs (a misspelt field is an error at load, not a rule that never fires), its regular
expressions are RE2 (no pattern can hang it), an evaluation takes microseconds, and it has wheels for Linux (x86-64,
ARM), macOS and Windows from Python 3.11 on. cel-python finds a wrong name or type only while evaluating.

What a condition may speak of:

    claim       .id .text .kind .pointer, and claim.about("interest rate"); .unresolved, the words of it that nobody
                could name: `claim.unresolved.size() > 0`
    verdict     "supported" | "contradicted" | "unsupported" | "unchecked"
    reason      why it is unchecked ("not_a_claim", "no_evidence", "deadline", "error", "language", "conflict"), or ""
    confidence  number from 0 to 1, or null where there is none: write `confidence != null && confidence < 0.8`
    risk        number from 0 to 1: how probable it is that the evidence does not support the claim
                (a decimal: write `risk > 0.0`, not `risk > 0`)
    evidence    list of .source .text .uri
    findings    list of .judge .label .explanation
    request     .model .user, and .metadata (text by name; what is nested is left out)
    answer      the whole answer, as far as it is known
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cel_expr_python import cel  # has stubs, lacks the marker that says so
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from groundwire.errors import VerificationError
from groundwire.model import JudgedClaim
from groundwire.rules.topic import about

VARIABLES = ("answer", "claim", "confidence", "evidence", "findings", "reason", "request", "risk", "verdict")

_TEXT_FIELDS = {
    "Claim": ("id", "text", "kind", "pointer"),
    "Evidence": ("source", "text", "uri"),
    "Finding": ("judge", "label", "explanation"),
    "Request": ("model", "user"),
}
_METADATA = 3  # field number in Request
_UNRESOLVED = 5  # field number in Claim
_CARET = re.compile(r"<input>:(\d{1,9}):(\d{1,9}): ([^\n]*)")


class ConditionError(Exception):
    """A condition that CEL refuses. `line` and `column` (from 1) are within the expression."""

    def __init__(self, what: str, line: int = 1, column: int = 1) -> None:
        self.what, self.line, self.column = what, line, column
        super().__init__(what)


class _Cel(NamedTuple):
    env: Any
    types: Mapping[str, Any]


class Condition:
    """One compiled condition. Safe to share between threads."""

    def __init__(self, source: str) -> None:
        """Compile. Raises: ConditionError when it is not CEL, names what does not exist, or yields no truth value."""
        self.source = source
        try:
            self._program = _cel().env.compile(source)
        except RuntimeError as problem:
            raise _refused(str(problem)) from None
        result = self._program.return_type()
        if result != cel.Type.BOOL:
            raise ConditionError(f"the condition gives {result.name().lower()}, not true or false")

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether the condition is true of `facts` (see `facts`).

        Raises: VerificationError when it cannot be evaluated, as `confidence < 0.5` where there is no confidence. A
        condition that breaks is neither true nor false.
        """
        try:
            value = self._program.eval(data=dict(facts))
            outcome = value.plain_value()
            if value.type() == cel.Type.BOOL:
                return bool(outcome)
        except RuntimeError as problem:
            outcome = problem
        raise VerificationError(f"`{_short(self.source)}` cannot be evaluated: {_short(str(outcome))}")


def facts(claim: JudgedClaim, request: Mapping[str, Any] | None, answer: str) -> dict[str, Any]:
    """What conditions see of one claim."""
    make = _cel().types
    return {
        "claim": make["Claim"](
            id=claim.id,
            text=_clean(claim.text),
            kind=claim.kind.value,
            pointer=_clean(claim.pointer or ""),
            unresolved=[_clean(word) for word in claim.unresolved],
        ),
        "verdict": claim.verdict.value,
        "reason": claim.reason.value if claim.reason else "",
        "confidence": claim.confidence,
        "risk": claim.risk,
        "evidence": [
            make["Evidence"](source=_clean(found.source), text=_clean(found.text), uri=_clean(found.uri or ""))
            for found in claim.evidence
        ],
        "findings": [
            make["Finding"](judge=found.judge, label=found.label.value, explanation=_clean(found.explanation))
            for found in claim.findings
        ],
        "request": _request(request or {}),
        "answer": _clean(answer),
    }


def _request(request: Mapping[str, Any]) -> Any:
    metadata = request.get("metadata")
    plain = metadata if isinstance(metadata, Mapping) else {}
    return _cel().types["Request"](
        model=_clean(_text(request.get("model"))),
        user=_clean(_text(request.get("user"))),
        metadata={
            _clean(name): _clean(_text(value))
            for name, value in plain.items()
            if isinstance(name, str) and isinstance(value, str | int | float | bool)
        },
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _clean(text: str) -> str:
    """CEL holds UTF-8, which has no place for half a surrogate pair."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


@cache
def _cel() -> _Cel:
    """The environment that all conditions share: types as protobuf messages, so that every field is checked."""
    pool, types = _messages()
    kind = cel.Type
    claim = kind("groundwire.Claim")
    topic = cel.FunctionDecl(
        "about",
        [
            cel.Overload(
                "claim_about_topic",
                return_type=kind.BOOL,
                parameters=[claim, kind.STRING],
                is_member=True,
                impl=lambda claim, topic: about(claim.text, topic),
            )
        ],
    )
    env = cel.NewEnv(
        descriptor_pool=pool,
        extensions=[cel.CelExtension("groundwire", [topic])],
        variables={
            "claim": claim,
            "verdict": kind.STRING,
            "reason": kind.STRING,
            "confidence": kind.DYN,  # number or null; the binding takes no Python number for a nullable double
            "risk": kind.DOUBLE,
            "evidence": kind.List(kind("groundwire.Evidence")),
            "findings": kind.List(kind("groundwire.Finding")),
            "request": kind("groundwire.Request"),
            "answer": kind.STRING,
        },
    )
    return _Cel(env, types)


def _messages() -> tuple[descriptor_pool.DescriptorPool, dict[str, Any]]:
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="groundwire.proto", package="groundwire", syntax="proto3")
    for name, fields in _TEXT_FIELDS.items():
        message = file.message_type.add(name=name)
        for number, text in enumerate(fields, start=1):
            message.field.add(name=text, number=number, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
        if name == "Claim":
            message.field.add(name="unresolved", number=_UNRESOLVED, type=field.TYPE_STRING, label=field.LABEL_REPEATED)
        if name == "Request":
            message.field.add(
                name="metadata",
                number=_METADATA,
                type=field.TYPE_MESSAGE,
                type_name=".groundwire.Request.MetadataEntry",
                label=field.LABEL_REPEATED,
            )
            entry = message.nested_type.add(name="MetadataEntry")
            entry.options.map_entry = True
            for number, part in enumerate(("key", "value"), start=1):
                entry.field.add(name=part, number=number, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return pool, {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"groundwire.{name}")) for name in _TEXT_FIELDS
    }


def _refused(report: str) -> ConditionError:
    found = _CARET.search(report)
    if found is None:
        return ConditionError(_short(report))
    what = found[3].removesuffix(" [INVALID_ARGUMENT]").replace(" (in container '')", "")
    return ConditionError(_short(what), int(found[1]), int(found[2]))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:157] + "..."
