"""What a fragment leaves out: the lead-in of its list, or the label before it."""

import re

from groundwire.claims.lexicon import BE
from groundwire.claims.marked import Marked, joined, put_in

_LEADING = BE | {"include", "includes", "included", "contain", "contains", "comprise", "comprises"}
_LABEL = re.compile(r"([A-Z][\w ’'()/&-]{0,40}):\s+(?=\S)")
_NO_LABEL = BE | {
    *("he", "she", "it", "they", "i", "we", "you", "who", "said", "says", "say", "wrote", "asked", "include"),
    *("includes", "following", "according", "if", "when"),
}


def lead(text: str) -> str:
    """What the items of a list complete: "The members are" of "The members are:"; empty where they complete nothing."""
    words = text[:-1].split() if text.endswith(":") else []
    return text[:-1].rstrip() if words and words[-1].lower() in _LEADING else ""


def completed(lead_in: str, words: Marked) -> Marked:
    """A list item with its lead-in."""
    return joined([put_in(lead_in + " "), words, put_in("" if words.text[-1:] in ".!?" else ".")])


def label(text: str) -> tuple[str, int]:
    """The label before a colon and where the rest begins: ("Rome", 6) of "Rome: It is old."; ("", 0) for none."""
    match = _LABEL.match(text)
    if match is None or set(match[1].lower().split()) & _NO_LABEL:
        return "", 0
    return match[1], match.end()
