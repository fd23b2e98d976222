"""What a rule and a pack may say. Unknown fields are refused."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from groundwire.model import Action, Severity

OnError: TypeAlias = Literal["open", "closed"]
Expect: TypeAlias = Literal["fires", "quiet"]
RuleId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$", max_length=100)
]
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Fact: TypeAlias = Annotated[tuple[Text, ...], Field(min_length=3, max_length=3)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Part):
    """An answer, what it is checked against, and whether the rule fires on it.

    `context`: passages that the answer should rest on. `knowledge`: facts, each `[subject, relation, object]`.
    `unchecked`: what the rule makes of the answer when every check of it ends like this, in place of its verdicts.
    """

    answer: Text
    context: Text | tuple[Text, ...] = ()
    knowledge: tuple[Fact, ...] = ()
    unchecked: Literal["error", "deadline"] | None = None
    expect: Expect

    @property
    def passages(self) -> tuple[str, ...]:
        return (self.context,) if isinstance(self.context, str) else self.context


class Rule(_Part):
    """When `when` holds for a claim, `do` is done about it.

    `about` says why the rule exists. `when` is a CEL condition (see `groundwire.rules.condition`). `message` is what
    people read. `on_error` decides what happens to a claim that this rule fired on and that could not be checked:
    `open` lets the answer pass marked as unchecked, `closed` holds it; unset, the configuration decides.
    """

    id: RuleId
    about: Text
    when: Text
    do: Action
    severity: Severity = Severity.MEDIUM
    message: Text
    on_error: OnError | None = None
    examples: tuple[Example, ...] = ()


class Pack(_Part):
    """One file of rules. `pack` is the name that people know it by."""

    pack: RuleId
    about: Text
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

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
