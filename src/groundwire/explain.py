"""What a pydantic model refused, in one line that somebody who edits the file can act on.

rules.yaml:9:9 do: "rewrit" is not an action. Did you mean "rewrite"? Actions: allow, flag, hedge, rewrite, ...
"""

import json
import types
import typing
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from groundwire.errors import InputError

if TYPE_CHECKING:
    from groundwire.strict_yaml import Document

Loc = tuple[str | int, ...]


def explain(
    problem: ValidationError,
    document: "Document",
    model: type[BaseModel],
    error: type[InputError] = InputError,
) -> InputError:
    """One line about the first thing in `document` that `model` refused, with its place in the file.

    Raises nothing: returns the `error` to raise.
    """
    details = min(_causes(problem), key=lambda found: _order(document, found))
    loc = details["loc"]
    where = document.where(loc, key=details["type"] == _UNKNOWN)
    # A validator adds parts of its own, as the name of a type; a field that is missing or unknown ends the place.
    named = loc if details["type"] in (_UNKNOWN, _MISSING) else document.known(loc) or loc
    field = next((part for part in reversed(named) if isinstance(part, str)), "")
    what, expected = _what(details, model, secret=any(word in field.lower() for word in _SECRETS))
    return error(f"{where} {field}".rstrip(), what, expected)


_UNKNOWN = "extra_forbidden"
_MISSING = "missing"
_SECRETS = ("key", "secret", "token", "password")


def _causes(problem: ValidationError) -> list[ErrorDetails]:
    """Without what follows from another: a list whose items are refused is also too short."""
    found = problem.errors(include_url=False)
    inner = {one["loc"][:depth] for one in found for depth in range(len(one["loc"]))}
    return [one for one in found if one["loc"] not in inner] or found


def _order(document: "Document", details: ErrorDetails) -> tuple[tuple[int, int], bool, int]:
    """First in the file; there, a misspelt field before the field that is missing for it."""
    unknown = details["type"] == _UNKNOWN
    return document.place(details["loc"], key=unknown), not unknown, -len(details["loc"])


def _what(details: ErrorDetails, model: type[BaseModel], *, secret: bool) -> tuple[str, str]:
    """What is wrong, and what was expected, in the words of somebody who edits the file."""
    kind, loc, shown = details["type"], details["loc"], "this value" if secret else _shown(details["input"])
    context = details.get("ctx", {})
    if kind == _MISSING:
        return "is missing.", ""
    if kind == _UNKNOWN:
        owner = _type_at(model, loc[:-1])
        fields = tuple(owner.model_fields) if isinstance(owner, type) and issubclass(owner, BaseModel) else ()
        return f"is not a field here.{nearest(str(loc[-1]), fields)} Fields: {', '.join(fields)}.", ""
    if kind == "enum":
        noun = getattr(_type_at(model, loc), "__name__", "value").lower()
        plural = (noun[:-1] + "ies" if noun.endswith("y") else noun + "s").capitalize()
        article = "an" if noun[0] in "aeiou" else "a"
        members = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        near = nearest(str(details["input"]), members.split(", "))
        return f"{shown} is not {article} {noun}.{near} {plural}: {members}.", ""
    if kind == "literal_error":
        members = str(context.get("expected", "")).replace("'", "")
        return f"{shown} is not known here.", members
    if kind in _TYPES:
        return f"{shown} is not {_TYPES[kind]}.", ""
    if kind == "too_short":
        return f"{context['actual_length']} values are too few.", f"at least {context['min_length']}"
    if kind == "value_error":
        return str(context.get("error", details["msg"])).rstrip(".") + ".", ""
    return f"{shown}: {details['msg'][:1].lower()}{details['msg'][1:]}.", ""


_TYPES = {
    "string_type": "text",
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "a mapping of names to values"),
}


def nearest(word: str, known: Sequence[str]) -> str:
    """` Did you mean "about"?` for "abuot", or nothing when no known word is near."""
    found = get_close_matches(word[:100], known, n=1, cutoff=0.6)
    return f' Did you mean "{found[0]}"?' if found else ""


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _type_at(model: type[BaseModel], loc: Loc) -> Any:
    """The type that `model` gives to the place `loc`; None when there is no telling (a union of several)."""
    current: Any = model
    for part in loc:
        current = _step(current, part)
    return _plain(current)


def _step(current: Any, part: str | int) -> Any:
    current = _plain(current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        field = current.model_fields.get(str(part))
        return field.annotation if field else None
    arguments = typing.get_args(current)
    if not arguments:
        return None
    return arguments[-1] if isinstance(part, str) else arguments[0]


def _plain(current: Any) -> Any:
    """Without `Annotated`, and without the `| None` and the other plain alternatives of a union."""
    while True:
        origin = typing.get_origin(current)
        if origin is typing.Annotated:
            current = typing.get_args(current)[0]
        elif origin in (typing.Union, types.UnionType):
            members = [member for member in typing.get_args(current) if member is not type(None)]
            models = [m for m in members if isinstance(m, type) and issubclass(m, BaseModel | Enum)]
            current = models[0] if models else members[0]
        else:
            return current
