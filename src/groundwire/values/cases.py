"""Values that a claim brings itself: of a case that a rule is held to, and of a sum that it says it has worked out.

"If your train is 13 hours late, you get €80" is right of a rule for more than 12 hours, and no passage has the 13.
"""

import re

from groundwire.values.sentences import Sentence
from groundwire.values.value import AGE, Measure

_LONGEST = 300  # characters before a value; what stands further off says nothing of it
_AMOUNTS = (Measure.NUMBER, Measure.QUANTITY, Measure.MONEY, Measure.PERCENT)
_COMPARED = (
    "more less fewer longer shorter higher lower heavier lighter cheaper dearer sooner older younger warmer colder "
    "larger smaller bigger faster slower extra"
)
# What stands behind a value that is a difference or a rest, and what stands before one, or before a sum.
_DIFFERS = re.compile(
    rf"[\s,-]*(?:(?:[^\W\d]+ )?(?:{'|'.join(_COMPARED.split())}|in the (?:black|red)|between)"
    r"|(?:ahead|apart|short|late|later|early|earlier)|(?:of [^\W\d]+ )?(?:left|remaining))\b",
    re.IGNORECASE,
)
_WORKED_OUT = re.compile(
    r"\b(?P<by>by)?(?:(?<=by)|another|further|remaining|additional|totals?|totalled|totall?ing|comes? to|came to"
    r"|amount(?:s|ed|ing)? to|adds? up to|averag(?:e|es|ed|ing)|sav(?:e|es|ed|ing)"
    r"|(?:difference|total|average|sum|gap|rest) of|leaves|leaving)"
    r"(?: (?:an?|the|some|just|only|you|him|her|it|us|them))*\s$",
    re.IGNORECASE,
)
_COUNTED_UP = re.compile(
    r"\b(?:altogether|together|in (?:total|all)|combined|all told|on average|averages?)\b", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\b(?:up|down|rose|risen|rises?|grew|grown|grows?|fell|fallen|falls?|short|increas\w+|decreas\w+|drop\w*)\b",
    re.IGNORECASE,
)
# Somebody or something, and not a certain one; or a circumstance: "A laptop worth $900", "With a rent of $900".
_OF_ANY = re.compile(
    r"\W*(?:even |only |just )?(?:(?:with|without|for|on|at|after|over|from|in) )?"
    r"(?:an?|any(?:one|body)?|some(?:one|body)?|nobody|no one|who(?:ever)?|every(?:one|body)?|those|people"
    r"|[^\W\d]+ing)\b",
    re.IGNORECASE,
)
_WITH = re.compile(r"\W*(?:even |only |just )?(?:with|without|for|on|at|after|over|from|in)\s", re.IGNORECASE)
_JOINED = re.compile(
    r"\b(?:of|for|aged|with|worth|from|at|after|by|over|in|on|[^\W\d]+ing(?: out| up| off)?"
    r"|where|(?:who|that|which) (?:[^\W\d]+ )?[^\W\d]+)\s(?:an? |only )?$",
    re.IGNORECASE,
)
_IF = re.compile(r"\W*(?:even |only )?(?:if|when(?:ever)?|once|whoever)\b", re.IGNORECASE)
_WORTH = re.compile(
    r"\b(?:aged?|worth|weighing|costing|lasting|measuring|(?:that|who|which) (?:costs?|weighs?|lasts?|measures?)"
    r"|[^\W\d]+ed at|(?:if|whenever|unless)\b[^,;]*)\s(?:an? )?$",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|may|might|can|cannot|could|will|would|must|shall|should|does|do|did|pays?|costs?"
    r"|gets?|takes?|needs?|gives?|comes?|(?<!\bthe )(?<!\ban )(?<!\ba )[^\W\d]{3,}ed(?! (?:at|for|of)\b)"
    r"|[^\W\d]{2,}n['’]t)\b",
    re.IGNORECASE,
)
_PRICED = re.compile(
    r"\b(?:costs?|pays?|needs?|gets?|brings?|takes?|owes?|earns?|charged|can|may|must|would)\b", re.IGNORECASE
)
# A limit of the claim's own rule is no case: "if you return it within 60 days".
_LIMIT = re.compile(r"\b(?:within|up to|every|until|the (?:first|last|next))\s$", re.IGNORECASE)
_OF_DAY = re.compile(r"\b(?:at|by|from|until|till|before|after|to|around)\s$", re.IGNORECASE)
_POINTED = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d", re.ASCII)
_ATTRIBUTE = re.compile(r"\ban?\s$", re.IGNORECASE)
_OLD = re.compile(r"-?old\b")


def worked_out(stated: Sentence, place: int) -> bool:
    """Whether the claim says that the value is a difference, a sum, a rest or a mean: it may stand nowhere."""
    value, text = stated.values[place], stated.text
    if _DIFFERS.match(text, value.span.end) or _COUNTED_UP.search(text):
        return True
    before = text[max(0, value.span.start - _LONGEST) : value.span.start]
    found = _WORKED_OUT.search(before)
    if found is None or not found["by"] or value.measure is not Measure.NUMBER:
        return found is not None
    return bool(_CHANGES.search(before))  # "grew by 900", and not "was seen by 900"


def supposed(stated: Sentence, place: int) -> bool:
    """Whether the value is one of a case that the claim supposes: a rule has the limit or the rate, and not the case.

    It stands in a condition, or says of what kind somebody or something is, before the claim says what holds then.
    """
    value, text = stated.values[place], stated.text
    before = text[max(0, value.span.start - _LONGEST) : value.span.start]
    if value.measure not in _AMOUNTS or value.is_range or _LIMIT.search(before):
        return False
    if value.per == AGE and _OLD.search(value.text):
        return True
    if value.measure is Measure.QUANTITY and "-" in value.text and _ATTRIBUTE.search(before):
        return True  # "a ten-day stay"
    if _WORTH.search(before):
        return True
    if value.span.start > _LONGEST:
        return False
    if before.strip().lower() in ("", "even", "only"):  # "Fifty pages cost three euros."
        return place + 1 < len(stated.values) and bool(_PRICED.search(text, value.span.end))
    if _WITH.fullmatch(before) or (_OF_ANY.match(text) and _JOINED.search(before) and not _STATES.search(before)):
        return True
    return bool(_IF.match(text)) and "," not in before


def of_day(stated: Sentence, place: int) -> bool:
    """Whether a number may be a time of day: "at 13.19"."""
    value = stated.values[place]
    pointed = value.measure is Measure.NUMBER and _POINTED.fullmatch(value.text)
    return bool(pointed and _OF_DAY.search(stated.text[: value.span.start]))
