"""The nouns. Everything that Groundwire says is said in these types.

In and out: nothing but data. Every type is frozen, serialises to JSON and back, and knows no other module.
Spans are in code points of the original answer: `answer[span.start:span.end]` are the claim's own words.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Range(NamedTuple):
    start: int
    end: int


class Span(_Range):
    """Half-open range of code points: `text[span.start:span.end]`. In JSON: `{"start": 0, "end": 5}`."""

    __slots__ = ()

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


def _as_span(value: Any) -> Any:
    if isinstance(value, Span):  # nearly always, and the next question is a slow one
        return value
    if isinstance(value, Mapping) and value.keys() == {"start", "end"}:
        return Span(value["start"], value["end"])
    if isinstance(value, list | tuple) and len(value) == 2:
        return Span(*value)
    return value


SpanField = Annotated[
    Span,
    BeforeValidator(_as_span),
    PlainSerializer(lambda span: {"start": span.start, "end": span.end}, when_used="json"),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}},
            "required": ["start", "end"],
            "additionalProperties": False,
        },
        mode="serialization",
    ),
]


class Triple(_Noun):
    """Subject, relation and object in words. The spans say where the answer states them, when it does."""

    subject: str
    relation: str
    object: str
    subject_span: SpanField | None = None
    object_span: SpanField | None = None


class Kind(StrEnum):
    FACT = "fact"
    QUANTITY = "quantity"
    DATE = "date"
    RELATION = "relation"
    QUOTE = "quote"
    OPINION = "opinion"
    QUESTION = "question"
    INSTRUCTION = "instruction"


class Reason(StrEnum):
    """Why a claim is `unchecked`."""

    NOT_A_CLAIM = "not_a_claim"
    NO_EVIDENCE = "no_evidence"
    DEADLINE = "deadline"
    ERROR = "error"
    LANGUAGE = "language"
    CONFLICT = "conflict"


class Piece(NamedTuple):
    """A stretch of a claim's text copied from the answer: `text[at:at+length] == answer[source:source+length]`."""

    at: int
    source: int
    length: int


def located(pieces: tuple[Piece, ...], start: int, end: int) -> Span | None:
    """The span in the answer of a text's stretch, or None where no one piece of it is the answer's own."""
    for at, source, length in pieces:
        if at <= start < end <= at + length:
            return Span(start + source - at, end + source - at)
    return None


class Claim(_Noun):
    """One atomic, self-contained statement of the answer.

    `text` may hold words that the answer has elsewhere (a name for a pronoun); `pieces` says which stretches of it
    are the answer's own, so that what a judge finds wrong in `text` can be located in the answer without a search.
    `unresolved` are words of `text`, in its order, that mean something said elsewhere ("it", "this law", "two years
    later") which could not be named safely: a claim that has any does not stand alone.
    """

    id: str
    text: str
    span: SpanField
    kind: Kind = Kind.FACT
    triples: tuple[Triple, ...] = ()
    pointer: str | None = None
    pieces: tuple[Piece, ...] = ()
    unresolved: tuple[str, ...] = ()
    skipped: Reason | None = None

    @property
    def checkable(self) -> bool:
        """False for what states nothing: opinions, questions, talk to the reader, pleasantries, code.

        An instruction that a source can have otherwise, "Unplug it before cleaning it", is checkable.

        What states something that cannot be read (`skipped` for its language, or an error) is checkable, and
        unchecked: it lowers the coverage.
        """
        return self.skipped is not Reason.NOT_A_CLAIM

    def locate(self, start: int, end: int) -> Span | None:
        """The span in the answer of `text[start:end]`, or None where these words are not the answer's own."""
        return located(self.pieces, start, end)


def _is_empty(value: Any) -> bool:
    return not value


class Line(NamedTuple):
    """What `document[start:end]` says where it is read alone: a heading, a table row with its columns' heads."""

    start: int
    end: int
    text: str


class Evidence(_Noun):
    """A passage, or a path of facts in a graph, that bears on a claim.

    `text` is the document's own words; `span` is into the source document. `lines` are what a model reads in their
    place, headings from above included, where the words as they stand do not say it (a row of a table, an item of a
    list); empty, and not in the JSON, for plain prose. `score` ranks passages for one claim (higher is nearer, no
    fixed unit).
    """

    source: str
    text: str
    span: SpanField | None = None
    uri: str | None = None
    score: float | None = None
    path: tuple[Triple, ...] = ()
    lines: tuple[Line, ...] = Field(default=(), exclude_if=_is_empty)

    @property
    def premise(self) -> str:
        """The passage as a model of entailment reads it."""
        return " ".join(line.text for line in self.lines) if self.lines else self.text


class Label(StrEnum):
    """What one judge says of one claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    UNCHECKED = "unchecked"
    ERROR = "error"
    DEADLINE = "deadline"


class Correction(_Noun):
    """The words of the answer that are wrong, and what the evidence has in their place."""

    span: SpanField
    old: str
    new: str


class Finding(_Noun):
    """What one judge says of one claim. A judge that failed says `error`; it never falls back on a default.

    `doubted` are the words of the answer that the cited evidence does not say, where the judge can tell which.
    """

    judge: str
    version: str
    label: Label
    probabilities: dict[str, float] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    explanation: str = ""
    correction: Correction | None = None
    doubted: tuple[SpanField, ...] = Field(default=(), exclude_if=_is_empty)


class Case(NamedTuple):
    """What a judge is given: a claim, and the evidence gathered for it.

    `answer` is what the claim was taken from, as far as it has arrived: what stands before the claim says what its
    "it" and "there" may mean. Empty where there is none.
    """

    claim: Claim
    evidence: tuple[Evidence, ...]
    question: str | None = None
    answer: str = ""


class Verdict(StrEnum):
    """The arbitrated outcome for one claim. Never a bool: `unchecked` is neither true nor false."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    UNCHECKED = "unchecked"


class Action(StrEnum):
    """What a rule does about a claim, mildest first."""

    ALLOW = "allow"
    FLAG = "flag"
    HEDGE = "hedge"
    REWRITE = "rewrite"
    REMOVE = "remove"
    BLOCK = "block"

    @property
    def edits(self) -> bool:
        """Whether accepted patches go into the delivered text, and are not only proposed."""
        return self in (Action.HEDGE, Action.REWRITE, Action.REMOVE)


class Severity(StrEnum):
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


# What a decision names that no rule made: the rules, or the check as a whole, broke.
BROKEN = "groundwire.error"


class Decision(_Noun):
    """What the rules do about one claim, or about the answer. `rules` names all that fired; `rule` decided.

    `untried` are rules of which it could not be found out whether they fire. `shadow` is the decision as it would be
    if the rules on trial counted, where one of them fired. Neither is in the JSON where there is none.
    """

    action: Action
    rule: str
    severity: Severity = Severity.INFO
    message: str = ""
    rules: tuple[str, ...] = ()
    untried: tuple[str, ...] = Field(default=(), exclude_if=_is_empty)
    shadow: "Decision | None" = Field(default=None, exclude_if=_is_empty)


class PatchKind(StrEnum):
    VALUE = "value"
    HEDGE = "hedge"
    DELETE = "delete"
    MODEL = "model"


class Patch(_Noun):
    """One edit of the answer: `answer[span]`, which is `old`, becomes `new`. Only accepted patches are applied."""

    claim: str
    span: SpanField
    old: str
    new: str
    kind: PatchKind
    rule: str
    evidence: tuple[Evidence, ...] = ()
    accepted: bool = False
    reason: str = ""


class JudgedClaim(Claim):
    """A claim with what was found about it. `confidence` is the probability, 0 to 1, that `verdict` is right.

    `risk` is the probability, 0 to 1, that the evidence does not support the claim; 0.5 where nothing is known.
    """

    verdict: Verdict
    reason: Reason | None = None
    confidence: float | None = None
    risk: float = 0.5
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()


class CheckedClaim(JudgedClaim):
    """A judged claim with what the rules do about it."""

    decision: Decision


class Outcome(StrEnum):
    """The verdict on a whole answer."""

    CLEAN = "clean"
    FLAGGED = "flagged"
    REWRITTEN = "rewritten"
    BLOCKED = "blocked"
    UNCHECKED = "unchecked"


class Report(_Noun):
    """Everything about one answer. Same answer, evidence, rules and model: same report, but for id, created, timings.

    `revised` is the answer with every accepted patch applied, even where the rules only flag; `delivered` is what the
    rules let through. `score` is the probability, 0 to 1, that the answer holds at least one statement that the
    evidence does not support. `coverage` is checked claims ÷ checkable claims, 1.0 when the answer states nothing
    that could be checked. `decision` is what the rules do about the answer as a whole; without a rule that speaks of
    it, there is none, in the JSON either. `timings` are milliseconds by stage. `revisions` are content hashes of what
    decided: rules, model, graph. `aborted`, where the answer broke off or could not be delivered, says why; else it is
    not in the JSON.
    """

    id: str
    created: datetime
    verdict: Outcome
    answer: str
    revised: str
    delivered: str
    question: str | None = None
    model: str | None = None
    score: float = 0.0
    coverage: float = 1.0
    claims: tuple[CheckedClaim, ...] = ()
    patches: tuple[Patch, ...] = ()
    decision: Decision | None = Field(default=None, exclude_if=_is_empty)
    timings: dict[str, float] = Field(default_factory=dict)
    revisions: dict[str, str] = Field(default_factory=dict)
    aborted: str | None = Field(default=None, exclude_if=_is_empty)

    @property
    def applied(self) -> tuple[Patch, ...]:
        """The patches that are in `delivered`. Other accepted ones are proposals, left to whoever reviews."""
        edited = {claim.id for claim in self.claims if claim.decision.action.edits}
        return tuple(patch for patch in self.patches if patch.accepted and patch.claim in edited)
