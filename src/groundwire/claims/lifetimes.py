"""The brackets behind a person's name that opens a sentence: "Anna Berg (born May 3, 1950) is", "Bo Holt (1901–1961)".

They are statements of their own, and without them the rest of the sentence is parsed as it should be.
"""

import re
from collections.abc import Iterator

from groundwire.claims.lexicon import MONTHS, PERSON_NOUNS, RULERS
from groundwire.claims.marked import Marked, joined, put_in
from groundwire.model import Span

_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?: (?:[A-ZÀ-Þ][\w.'’-]*|of|the|de|del|la|von|van|der|al|bin|ibn|da|dos|di)){0,7}"
_MONTH = f"(?:{'|'.join(MONTHS)})"
_DAY = rf"(?:{_MONTH} \d{{1,2}}, \d{{3,4}}|\d{{1,2}} {_MONTH} \d{{3,4}})"
_BRACKET = re.compile(rf"({_NAME})( \(([^()]{{4,120}})\))(?=,? [a-z])")
_BORN = re.compile(r"born (?!to |in(?:to)? a )\S")
_DAYS = re.compile(rf"({_DAY}) ?[-–—] ?({_DAY})\Z")
_YEARS = re.compile(r"([12]\d{3}) ?[-–—] ?([12]\d{3})\Z")
# What somebody is: "an American actor", of "an American actor and singer". A series may be about an actor.
_IS = re.compile(
    r",? (?:was|is) (?:an?|the) [\w' ’-]{0,60}?([\w’'-]+)"
    r"(?= (?:and|who|which|that|of|about|for|in|on|at|from|with|by|to|whose|best)\b|[.,;]|\Z)"
)


def without_lifetime(words: Marked) -> Marked:
    """The sentence without such a bracket."""
    found = _found(words.text)
    return joined([words.cut(0, found.start(2)), words.cut(found.end(2), len(words.text))]) if found else words


def lifetime(words: Marked) -> Iterator[tuple[Marked, Span]]:
    """What such a bracket states: when somebody was born and died, as sentences, each with the place of its date."""
    found = _found(words.text)
    if found is None:
        return
    name, (start, end) = words.cut(*found.span(1)), found.span(3)
    if found[3].startswith("born"):
        born = words.cut(start, end)
        yield joined([name, put_in(" was "), born, put_in(".")]), born.span
        return
    days, years = _DAYS.match(found[3]), _YEARS.match(found[3])
    when, spans = ("on", days) if days else ("in", years)
    if spans is None:
        return
    for verb, part in (("was born", 1), ("died", 2)):
        date = words.cut(start + spans.start(part), start + spans.end(part))
        yield joined([name, put_in(f" {verb} {when} "), date, put_in(".")]), date.span


def _found(text: str) -> re.Match[str] | None:
    """A bracket of this kind. Two dates may be a battle's, a series' or a reign: only a person's are taken."""
    found = _BRACKET.match(text) if "(" in text else None
    if found is None or _BORN.match(found[3]):
        return found
    said = _IS.match(text, found.end(2))
    is_person = said is not None and said[1].lower() in PERSON_NOUNS - RULERS
    return found if is_person and (_DAYS.match(found[3]) or _YEARS.match(found[3])) else None
