"""What a rule and a pack may say. Unknown fields are refused."""

import re
from itertools import combinations
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from groundwire.model import Action, Severity

OnError: TypeAlias = Literal["open", "closed"]
Expect: TypeAlias = Literal["fires", "quiet"]
RuleId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$", max_length=100)
]
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
# An entailment model reads a statement as one hypothesis: a sentence, not a page.
Statement: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Fact: TypeAlias = Annotated[tuple[Text, ...], Field(min_length=3, max_length=3)]


def _web_address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]{1,100}\.[^\s/]{1,100}(/\S*)?", text):
        raise ValueError(f'"{text[:60]}" is not a web address; write it with https:// at the front')
    return text


Url: TypeAlias = Annotated[str, StringConstraints(max_length=500), AfterValidator(_web_address)]

# What can be done about an answer as a whole: there are no words of it to edit.
WHOLE_ANSWER = (Action.ALLOW, Action.FLAG, Action.BLOCK)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Example(_Part):
    """An answer, what it is checked against, and whether the rule fires on it."""

    answer: Text
    """What the model says."""
    context: Text | tuple[Text, ...] = ()
    """Passages that the answer should rest on."""
    knowledge: tuple[Fact, ...] = ()
    """Facts that the answer is checked against, each `[subject, relation, object]`."""
    request: dict[str, Any] = Field(default_factory=dict)
    """What conditions see of the request: `model`, `user`, `metadata`."""
    unchecked: Literal["error", "deadline"] | None = None
    """What the rule makes of the answer when every check of it ends like this, in place of its verdicts."""
    expect: Expect
    """Whether the rule fires on this answer, or stays quiet."""

    @property
    def passages(self) -> tuple[str, ...]:
        return (self.context,) if isinstance(self.context, str) else self.context


class Source(_Part):
    """Where a rule comes from: the law, standard or policy that it serves."""

    title: Text
    """Its name with the article or section, as a lawyer would cite it."""
    url: Url
    """Where it can be read."""


WAYS = ("when", "prohibit", "require", "pattern")
"""The fields by which a rule says when it fires: at least one of them, and of the last three at most one."""


def _in_schema(schema: dict[str, Any]) -> None:
    """What the validator below asks for, as far as JSON Schema can say it."""
    schema["anyOf"] = [{"required": [way]} for way in WAYS]
    schema["not"] = {"anyOf": [{"required": list(both)} for both in combinations(WAYS[1:], 2)]}
    for way in WAYS:
        del schema["properties"][way]["default"]


class Rule(_Part):
    """When a rule fires, `do` is done. It says when by `when`, `prohibit`, `require` or `pattern`.

    `when` may stand beside one of the other three, and narrows it: a prohibition or a pattern then looks only at
    statements for which it holds; a requirement, only at answers with such a statement.
    """

    model_config = ConfigDict(json_schema_extra=_in_schema)

    id: RuleId
    """Its name in reports and configurations, unique among the packs in use: `finance.rate-must-match`."""
    about: Text
    """Why the rule exists, for whoever reads it next."""
    sources: tuple[Source, ...] = ()
    """The regulation or policy that it serves."""
    when: Text = ""
    """A condition in CEL, tried on every statement."""
    prohibit: Statement | tuple[Statement, ...] = ()
    """A statement in plain English, or several wordings: fires on each statement that says it."""
    require: Statement | tuple[Statement, ...] = ()
    """A statement in plain English, or several wordings: fires when no statement of the answer says it."""
    pattern: Text = ""
    """A regular expression in RE2's syntax: fires where it is found."""
    scope: Literal["claim", "answer"] = "claim"
    """Where `pattern` looks: in each statement, or in the answer, whatever is prose in it or not."""
    threshold: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.5
    """The probability of entailment, 0 to 1, from which on a statement says what `prohibit` or `require` says."""
    do: Action
    """What is done. About an answer as a whole (`require`, `scope: answer`): allow, flag or block."""
    severity: Severity = Severity.MEDIUM
    """How much it matters, for people."""
    message: Text
    """What people read when it fires."""
    on_error: OnError | None = None
    """When it fired on what could not be checked, or could not be tried itself: `open` lets the answer pass, marked,
    `closed` holds it. Unset, the configuration decides."""
    shadow: bool = False
    """On trial: what it would decide is recorded, and nothing is changed."""
    four_eyes: bool = False
    """Two reviewers must say the same of what it decided, before the report counts as decided."""
    examples: tuple[Example, ...] = ()
    """Answers on which it fires and others on which it does not, at least two of each."""

    @property
    def prohibited(self) -> tuple[str, ...]:
        """All wordings of `prohibit`."""
        return (self.prohibit,) if isinstance(self.prohibit, str) else self.prohibit

    @property
    def required(self) -> tuple[str, ...]:
        """All wordings of `require`."""
        return (self.require,) if isinstance(self.require, str) else self.require

    @property
    def whole_answer(self) -> bool:
        """Whether it speaks of the answer as a whole, and not of one statement."""
        return bool(self.required) or self.scope == "answer"

    @model_validator(mode="after")
    def _says_when(self) -> "Rule":
        ways = [name for name in WAYS[1:] if getattr(self, name)]
        if not ways and not self.when:
            raise ValueError(f'"{self.id}" does not say when it fires; give when, prohibit, require or pattern')
        if len(ways) > 1:
            raise ValueError(f'"{self.id}" has {" and ".join(ways)}; give one of them, beside when or without')
        if self.scope == "answer" and not self.pattern:
            raise ValueError(f'"{self.id}" has scope: answer, which is for patterns')
        if self.whole_answer and self.do not in WHOLE_ANSWER:
            what = "require" if self.required else "scope: answer"
            allowed = ", ".join(WHOLE_ANSWER)
            raise ValueError(f'"{self.id}" cannot {self.do}: {what} speaks of the whole answer; do is one of {allowed}')
        return self


class Pack(_Part):
    """One file of rules."""

    pack: RuleId
    """The name that people know it by."""
    about: Text
    """What the pack is for."""
    domain: RuleId | None = None
    """The field that it serves, such as `finance`: then each of its rules names the regulation it comes from."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    """Rules in their order: of rules with the same action, the first that fires decides."""

    @model_validator(mode="after")
    def _ids_differ(self) -> "Pack":
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f'two rules are called "{rule.id}"; each needs an id of its own')
            seen.add(rule.id)
        return self


def schema() -> dict[str, Any]:
    """JSON Schema of a pack file, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Pack.model_json_schema()}
