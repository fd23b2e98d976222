"""Numbers that are no amounts: parts of names, list numbers, citations, telephone numbers, versions, addresses."""

import re

# Telephone numbers, versions, addresses, paths, marked numbers; list numbers; citations.
_NO_AMOUNT = re.compile(
    r"(?<![\w.])(?:\d++(?:[-./:]\d++){2,}+|\d++/\d++|[#№]\d++|\d++:\d++)"
    r"|\+\d{1,3}[ .-](?:\(\d{1,4}\)|\d{1,4})(?:[ .-]\d{2,4}){1,4}(?!\d)"
    r"|\(\d{3}\)\s?\d{3}[ .-]\d{4}(?!\d)"
    r"|(?<![\d.,$€£-])\d{3}-0\d{3}(?!\d)"
    r"|(?:\b(?:call|dial|phone|tel|telephone|fax|hotline|text)\b\.?:?\s)\d{2,5}(?:[ -]\d{2,4}){1,3}(?!\d)"
    r"|\[\d{1,3}(?:(?:,\s?|[-–])\d{1,3}){0,9}\]"
    r"|(?:^|(?<=\n))[ \t]{0,8}\d{1,3}[.)](?=\s)"
    r"|(?<=\b(?:the|all|old) )\d{3}s\b"
    r"|\b(?:his|her|my|your)\s(?:early\s|mid-?\s?|late\s)?['’]?\d0['’]?s\b",
    re.ASCII | re.IGNORECASE,
)
# Every one of these numbers holds one of these: most texts hold none, and are not searched for each kind.
_IN_ANY = re.compile(r"\d(?:[-./: ]\d|[.)]\s|['’]?[sS])|[#№+(\[]\d", re.ASCII)
_LABELS = (
    "page|pages|pp?|step|section|article|chapter|figure|fig|table|ticket|order|flight|room|number|no|nos|line|route|"
    "channel|version|release|verse|exit|gate|platform|track|case|question|item|rule|bus|highway|level|grade|class|phase|"
    "type|stage|model|form|act|volume|vol|issue|episode|season|paragraph|clause|appendix|annex|part|option|schedule|"
    "building|unit|apartment|apt|suite|box|code|id|isbn|patent|bill|resolution|directive|regulation|slide|footnote|note"
)
_LABELLED = re.compile(rf"(?:^|[\s(])(?:{_LABELS})\.?\s?$", re.IGNORECASE)
_NAMED = re.compile(r"(?:^|[\s(\"“])([\w'’.-]{0,20}[A-Z][\w'’.-]{0,30})\s?$")
_STREET = re.compile(
    r"\s(?:[A-Z][\w'’.-]{0,20}\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Square|Court|Place|Way)\b"
)
_TITLE_WORD = re.compile(r"\s[A-Z][a-z]")
_FUNCTION_WORDS = (
    "the a an in on at by for from with and or but of to about around over under nearly almost some only just all its "
    "his her their these those there it he she we they more less than between since until during after before is was "
    "were are has have had as who which that when where while if both approximately roughly first last up near fewer "
    "least most no not exactly another every each within"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


def no_amounts(text: str) -> list[tuple[int, int]]:
    """Where the text has numbers that are not to be read at all."""
    return [found.span() for found in _NO_AMOUNT.finditer(text)] if _IN_ANY.search(text) else []


def in_name(text: str, start: int, end: int, window: int = 32) -> bool:
    """Whether a number is part of a name or a label: "Apollo 11", "page 3", "12 Baker Street", "Fifty Shades"."""
    before = text[max(0, start - window) : start]
    if _LABELLED.search(before) or _STREET.match(text, end):
        return True
    if text[start].isupper() and _TITLE_WORD.match(text, end):
        return True
    named = _NAMED.search(before)
    return named is not None and named[1].lower().rstrip(".") not in _FUNCTION
