"""The time of which a claim speaks, against the times in which facts hold: who was mayor in 2015, and who is."""

import re
from collections.abc import Container, Sequence

from groundwire.graph.links import STATED, Link, Linker
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS
from groundwire.graph.periods import Days, When, agrees, days, over, throughout
from groundwire.graph.qualified import FORMERLY
from groundwire.graph.store import Fact
from groundwire.graph.wording import MODIFIERS

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"\d{1,2})(?:st|nd|rd|th)?"
_IN_WORDS = re.compile(
    rf"(?:(?P<day>{_DAY}(?: of)? )?(?P<month>[A-Za-z]{{3,9}})\.?(?: (?:the )?(?P<also>{_DAY})?,? (?P<year>\d{{4}})"
)
_ISO = re.compile(r"\d{4}(?:-\d{2}-\d{2})?")
_TO = re.compile(r"\s*(?:-|–|—|to|until|till)\s*")
_IN = frozenset(["in", "during", "on"])
_LEAD_UP = frozenset(["in", "during", "on", "since", "until", "till", "from", "between", "year", "of", "the", "as"])
_BEGINNINGS = """
appointed became become becomes began begun chosen elected got hired inaugurated installed joined joins made married
named started succeeded sworn takes took wed
"""
_BEGUN = frozenset(_BEGINNINGS.split())
_MORE = (
    "also and chief current currently executive office officer position post role served serves still then took under"
)
_SAYING_NO_MORE = frozenset(_MORE.split()) | _LEAD_UP | _BEGUN | FORMERLY
_NOW = frozenset(["are", "currently", "is", "now", "presently", "today"])
_THEN = frozenset(["did", "had", "once", "served", "used", "was", "were"]) | FORMERLY
_LED = frozenset(["governed", "headed", "held", "led", "ran", "ruled"])
_PLACED = frozenset(["based", "headquartered", "located", "situated"])
_ALREADY = frozenset(["are", "been", "is", "was", "were"])
_BEEN = frozenset(["been", "has", "have"])


def loose_dates(linker: Linker) -> list[Mention]:
    """The dates of a claim that no fact has which it states."""
    tied = {id(link.object) for link in linker.links if link.said >= STATED and link.object is not None}
    return [one for one in linker.reading.mentions if one.kind == "date" and id(one) not in tied]


def timely(linker: Linker, link: Link) -> bool | None:
    """Whether a fact that ties two mentions did so when the claim says it, as far as the graph says when it held.

    None where that is not sure. A claim that says no time speaks of now, or of any time past.
    """
    periods = linker.graph.periods(link.path[0])
    dates = loose_dates(linker)
    if len(link.path) > 1:
        steps = [linker.graph.periods(fact) for fact in link.path]
        return None if any(over(step) or (step and dates) for step in steps) else True
    if not periods:
        return True
    if dates:
        when = spoken_of(linker, link.subject, link.object, linker.words_of(link.path), dates)
        return agrees(periods, when) if when else None
    if not over(periods):
        return None if FORMERLY.intersection(_words(linker.reading)) else True
    tense = _tense(linker.reading)
    return tense == "then" or (False if tense == "now" else None)


def dated_otherwise(linker: Linker, link: Link) -> bool:
    """Whether a claim gives a time to what there is one of at a time, and the graph does not say when it was so."""
    periods = linker.graph.periods(link.path[0])
    return linker.book.get(link.path[0].relation).per_time and not periods and bool(loose_dates(linker))


def standing(linker: Linker, subject: Mention, object: Mention, facts: Sequence[Fact]) -> list[Fact] | None:
    """The facts that hold when the claim says it of others; None where the graph does not say of any when it held."""
    periods = {fact: linker.graph.periods(fact) for fact in facts}
    if not any(periods.values()):
        return None
    if dates := loose_dates(linker):
        when = spoken_of(linker, subject, object, linker.words_of(facts[:1]), dates)
        return [fact for fact in facts if throughout(periods[fact], when)] if when else []
    if _tense(linker.reading) not in ("now", "unmarked"):
        return []
    return [fact for fact in facts if not over(periods[fact])]


def spoken_of(
    linker: Linker, subject: Mention, object: Mention | None, own: Container[str], dates: Sequence[Mention]
) -> When | None:
    """The time at which the claim says a relation, whose words are `own`, of two mentions; None unless it is clear."""
    reading, first, last = linker.reading, dates[0], dates[-1]
    between = reading.text[first.end : last.start]
    times = [_days(reading.words(one)) for one in dates]
    if len(dates) > 2 or None in times or (len(dates) == 2 and not (_TO.fullmatch(between) or between == " and ")):
        return None
    if not _goes_with(reading, first, [subject, object], own) or not _says_no_more(reading, own):
        return None
    begun = any(_begins(reading, at) for at in _outside(reading))
    lead = [token.norm for token in reading.tokens[max(0, first.first - 3) : first.first]]
    lead = [word for word in lead if word not in ("the", "year")]
    before = lead[-1] if lead else ""
    if len(dates) == 2:
        spans = before == "from" or (before == "between" and between == " and ") or between.strip() in "-–—"
        return When("span", times[0], times[1]) if spans and not begun else None  # type: ignore[arg-type]
    (time,) = times
    if time is None:
        return None
    if before in _IN or lead[-2:] == ["as", "of"]:
        return When("began" if begun else "in", time, time)
    if before in ("since", "until", "till") and not begun:
        return When("until" if before == "till" else before, time, time)
    return None


def _goes_with(reading: Reading, date: Mention, ends: Sequence[Mention | None], own: Container[str]) -> bool:
    """Whether a date is said of these: it follows one of them, but for words of their relation, or opens the claim."""
    others = [one for one in reading.mentions if one.kind != "date"]
    if any(one not in ends for one in others) or any(end is not None and end.elsewhere for end in ends):
        return False
    before = max((one.last for one in others if one.last <= date.first), default=0)
    return all(
        reading.tokens[at].norm in _LEAD_UP or reading.tokens[at].norm in FUNCTION_WORDS or reading.stems[at] in own
        for at in range(before, date.first)
    )


def _says_no_more(reading: Reading, own: Container[str]) -> bool:
    """Whether a claim says its relation and its time, and nothing that may change what was when."""
    harmless = FUNCTION_WORDS | _SAYING_NO_MORE | MODIFIERS
    return all(reading.tokens[at].norm in harmless or reading.stems[at] in own for at in _outside(reading))


def _tense(reading: Reading) -> str | None:
    """ "now", "then", "unmarked" where no word says it ("leads"), None where several do, or one of what has been."""
    words = _words(reading)
    if FORMERLY & words:
        return "then"
    now, then = bool(_NOW & words), bool(_THEN & words) or any(_did(reading, one) for one in reading.mentions)
    if _BEEN & words or (now and then):
        return None
    return "now" if now else "then" if then else "unmarked"


def _did(reading: Reading, mention: Mention) -> bool:
    """Whether a verb in the past follows a name: "Ann worked for", and not "Acme, owned by"."""
    if mention.last + 1 >= len(reading.tokens) or reading.tokens[mention.last + 1].norm == "by":
        return False
    verb = reading.tokens[mention.last].norm
    return verb in _LED or (verb.endswith("ed") and verb not in _PLACED)


def _begins(reading: Reading, at: int) -> bool:
    """Whether a word says that something began; who "was married" was so already."""
    norm = reading.tokens[at].norm
    return norm in _BEGUN and not (norm == "married" and at > 0 and reading.tokens[at - 1].norm in _ALREADY)


def _words(reading: Reading) -> set[str]:
    return {reading.tokens[at].norm for at in _outside(reading)}


def _outside(reading: Reading) -> list[int]:
    inside = {at for mention in reading.mentions for at in range(mention.first, mention.last)}
    return [at for at in range(len(reading.tokens)) if at not in inside]


def _days(words: str) -> Days | None:
    if _ISO.fullmatch(words):
        return days(words)
    found = _IN_WORDS.fullmatch(words)
    if found is None or found["month"][:3].lower() not in _MONTHS:
        return None
    month = f"{found['year']}-{_MONTHS.index(found['month'][:3].lower()) + 1:02}"
    day = found["day"] or found["also"]
    return days(f"{month}-{int(day):02}" if day else month)
