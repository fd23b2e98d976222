"""Conditions in CEL (the Common Expression Language of Kubernetes and Envoy), type-checked when a pack is loaded.

The library is cel-expr-python, Google's own binding of cel-cpp. Chosen over the pure-Python cel-python: it checks
types before anything runs (a misspelt field is an error at load, not a rule that never fires), its regular
expressions are RE2 (no pattern can hang it), an evaluation takes microseconds, and it has wheels for Linux (x86-64,
ARM), macOS and Windows from Python 3.11 on. cel-python finds a wrong name or type only while evaluating.

What a condition may speak of is listed in `VOCABULARY`.
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

VOCABULARY: Mapping[str, str] = {
    "claim.text": "the statement, with its pronouns named",
    "claim.kind": "`fact`, `quantity`, `date`, `relation`, `quote`, `opinion`, `question` or `instruction`",
    "claim.about(...)": (
        'whether every word of a topic, `"interest rate"`, stands in it in some form; of a list, one topic is enough'
    ),
    "claim.unresolved": "words of it that nobody could name, such as `it`: `claim.unresolved.size() > 0`",
    "claim.pointer": "where it stands in structured output, as a JSON Pointer; empty in prose",
    "claim.id": "its number in the answer: `c1`",
    "verdict": "`supported`, `contradicted`, `unsupported` or `unchecked`",
    "reason": (
        "why it is unchecked: `not_a_claim`, `no_evidence`, `deadline`, `error`, `language`, `conflict`; else empty"
    ),
    "confidence": (
        "the probability that the verdict is right, or null where there is none: "
        "`confidence != null && confidence < 0.8`"
    ),
    "risk": "the probability that the evidence does not support the claim; a decimal: `risk > 0.0`, not `risk > 0`",
    "evidence": 'a list of `.source`, `.text`, `.uri`: `evidence.exists(e, e.source == "rates.txt")`',
    "findings": (
        "a list of `.judge` (`graph`, `value`, `contrast` or `entailment`), `.label`, `.explanation`: "
        "what each judge found"
    ),
    "request": "`.model`, `.user`, and `.metadata`, which has text by name: `request.metadata.tenant`",
    "answer": "the answer up to the sentence that is being checked",
}
"""What a condition may speak of, and what it means."""

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
        # What a condition does not name need not be handed over to C++: that is most of the time it takes.
        self._named = tuple(name for name in VARIABLES if re.search(rf"\b{name}\b", source))
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
            value = self._program.eval(data={name: facts[name] for name in self._named if name in facts})
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
            ),
            cel.Overload(
                "claim_about_topics",
                return_type=kind.BOOL,
                parameters=[claim, kind.List(kind.STRING)],
                is_member=True,
                impl=lambda claim, topics: any(about(claim.text, str(topic)) for topic in topics),
            ),
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
