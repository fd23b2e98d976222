"""Values that a claim brings itself: of a case that a rule is held to, and of a sum that it says it has worked out.

"If your train is 13 hours late, you get €80" is right of a rule for more than 12 hours, and no passage has the 13.
"""

import re

from groundwire.values.sentences import Sentence
from groundwire.values.value import AGE, Measure

_AMONG = 4  # words between a value and the one that says it is a difference: "five per cent of the members more"
_THAN = (
    "more less fewer longer shorter higher lower heavier lighter cheaper dearer sooner older younger warmer colder "
    "larger smaller bigger faster slower extra ahead apart short late later early earlier left remaining"
)
# What stands behind a value that is a difference, and what stands before one, or before a sum.
_DIFFERS = re.compile(
    rf"[\s,-]*(?:[^\W\d]+ ){{0,{_AMONG}}}?(?:{'|'.join(_THAN.split())}|in the (?:black|red)|altogether|together|between"
    r"|in (?:total|all))\b",
    re.IGNORECASE,
)
_WORKED_OUT = re.compile(
    r"\b(?:by|another|further|remaining|additional|totals?|totalled|totall?ing|comes? to|came to|amount(?:s|ed|ing)? to"
    r"|adds? up to|averag(?:e|es|ed|ing)|sav(?:e|es|ed|ing)|(?:difference|total|average|sum|gap|rest) of"
    r"|leav(?:e|es|ing)|left)"
    r"(?: (?:an?|the|some|just|only|you|him|her|it|us|them))*\s$",
    re.IGNORECASE,
)
_COUNTED_UP = re.compile(
    r"\b(?:altogether|together|in (?:total|all)|combined|all told|on average|averages?|overall)\b", re.IGNORECASE
)
# Somebody or something, and not a certain one; or a circumstance: "A laptop worth $900", "With a rent of $900".
_ANY = (
    r"(?:even |only |just )?(?:an?|any(?:one|body)?|some(?:one|body)?|nobody|no one|who(?:ever)?|every(?:one|body)?|those"
    r"|people|if|when(?:ever)?|once|with|without|for|on|at|after|over|from|in|\w+ing)\b"
)
_OF_ANY = re.compile(rf"\W*{_ANY}", re.IGNORECASE)
_IF = re.compile(r"\W*(?:even |only )?(?:if|when(?:ever)?|once|whoever|any\w+|some\w+|nobody|no one|after)\b", re.IGNORECASE)
_WORTH = re.compile(
    r"\b(?:aged?|worth|weighing|costing|lasting|measuring|(?:that|who|which) (?:costs?|weighs?|lasts?|measures?)"
    r"|(?:priced|quoted|valued) at|(?:if|when|whenever|once|unless)\b[^,;]*)\s(?:an? )?$",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|may|might|can|cannot|could|will|would|must|shall|should|does|do|did|pays?|costs?"
    r"|gets?|takes?|needs?|gives?|comes?|[^\W\d]{2,}n['’]t)\b",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\ban?\s$", re.IGNORECASE)
_OLD = re.compile(r"-?old\b")


def worked_out(stated: Sentence, place: int) -> bool:
    """Whether the claim says that the value is a difference, a sum, a rest or a mean: it may stand nowhere."""
    value, text = stated.values[place], stated.text
    return bool(
        _DIFFERS.match(text, value.span.end)
        or _WORKED_OUT.search(text[: value.span.start])
        or _COUNTED_UP.search(text)
    )


def supposed(stated: Sentence, place: int) -> bool:
    """Whether the value is one of a case that the claim supposes: a rule has the limit or the rate, and not the case.

    It stands in a condition, or says of what kind somebody or something is, before the claim says what holds then.
    """
    value, text = stated.values[place], stated.text
    before = text[: value.span.start]
    if value.per == AGE and (_OLD.search(value.text) or _WORTH.search(before)):
        return True
    if value.measure is Measure.QUANTITY and "-" in value.text and _ATTRIBUTE.search(before):
        return True  # "a ten-day stay"
    if _WORTH.search(before):
        return True
    if before.strip().lower() in ("", "even") and place + 1 < len(stated.values):
        return True  # "Fifty pages cost three euros."
    if _OF_ANY.match(text) and not _STATES.search(before):
        return True
    return bool(_IF.match(text)) and "," not in before
