"""The true object in the form of the words that it replaces: dates, numbers and articles as the answer has them."""

import re
from datetime import date

from groundwire.graph.amounts import limit_of
from groundwire.graph.clashes import CLEARLY, Clash
from groundwire.graph.countries import adjective_of
from groundwire.graph.index import Grade
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import normal
from groundwire.graph.store import GraphStore, Literal
from groundwire.model import Case, Correction, Span

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_YEAR = re.compile(r"\d{4}")
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b")
_BRACKET = re.compile(r" ?\([^\W\d_][^()\n]{0,60}\)")
_END = re.compile(r"(?:(?<=[^\W\d_]{3}[.!?])|(?<=\d\d[.!?]))\s+(?=[A-Z\"“(])|\n+")
_FULL_STOP = re.compile(r"[.!?](?:\s|$)")
_LONGEST_SENTENCE = 1_000
_ARTICLE = re.compile(r"\b([Aa]n?) $")


def correction(case: Case, reading: Reading, clash: Clash, graph: GraphStore) -> Correction | None:
    """The edit that makes the claim say what the graph has; None where the words are not the answer's own."""
    if clash.truth is None or not clash.said:
        return None  # what no word of the claim states is not edited
    if not (clash.fits or clash.certain or (clash.exclusive and clash.alike and clash.said >= CLEARLY)):
        return None  # what the graph has in no such role may be meant otherwise
    if clash.subject.elsewhere is not None and not clash.certain:
        return None  # of whom it is said is not sure enough
    start, end = clash.object.start, clash.object.end
    end -= _plural(reading, clash.object, graph)
    old = reading.text[start:end]
    label, literal = graph.label(clash.truth.object), isinstance(clash.truth.object, Literal)
    bracket = _bracket_after(case, clash.object, start, end, graph)
    new = label if bracket and clash.object.kind == "number" else _in_form_of(old, clash.object, label, literal)
    if new is None:
        return None
    if new[:4] == "The " and re.search(r"\bthe $", reading.text[:start], re.IGNORECASE):
        new = new[4:]
    if clash.object.kind != "name" and (limit := limit_of(reading, clash.object)):
        start -= len(limit)  # "more than 500" becomes 400, not more than 400
        old = reading.text[start:end]
    article = _ARTICLE.search(reading.text[:start])
    if article and clash.object.kind == "name":
        start = article.start(1)
        old = reading.text[start:end]
        new = _with_article(article.group(1), new)
    if new == old:
        return None
    span = case.claim.locate(start, end)
    if span is None or (bracket and case.answer[span.start : span.end] != old):
        return None
    if _stands_beside(new, case.answer, span):
        return None  # it would be said twice: the claim is about something else
    after = bracket or _dot_after(case.answer, span.end, clash.object, graph)
    return Correction(span=Span(span.start, span.end + len(after)), old=old + after, new=new)


def _plural(reading: Reading, mention: Mention, graph: GraphStore) -> int:
    """The length of the ending that makes several of what a name names: it stays, "Raisins" become "Almonds"."""
    words = normal(reading.words(mention))
    several = mention.kind == "name" and any(words == normal(graph.full_name(node)) + "s" for node in mention.nodes[:8])
    return int(several)


def _stands_beside(new: str, answer: str, span: Span) -> bool:
    """Whether the words stand in the sentence already, outside of the span."""
    before = _END.split(answer[max(0, span.start - _LONGEST_SENTENCE) : span.start])[-1]
    after = answer[span.end : span.end + _LONGEST_SENTENCE]
    after = "" if _FULL_STOP.match(after) else _END.split(after)[0]
    words = f" {normal(new)} "
    return any(words in f" {normal(part)} " for part in (before, after))


def _dot_after(answer: str, end: int, mention: Mention, graph: GraphStore) -> str:
    """The dot that belongs to a name and does not end the sentence too: "Chelsea F.C. and", "owned by Ajax N.V.."."""
    rest = answer[end + 1 : end + 40].lstrip(" ")[:1]
    if answer[end : end + 1] != "." or not (rest.islower() or rest in (".", ",", ";")) or not rest:
        return ""
    return "." if any(graph.full_name(node).endswith(".") for node in mention.nodes[:8]) else ""


def _bracket_after(case: Case, mention: Mention, start: int, end: int, graph: GraphStore) -> str:
    """What follows a name or number in brackets in the answer, though not in the claim, where it is a part of it.

    "2368.05 (days)" is one value, "Genesis (band)" one name: the bracket goes with the words that it belongs to.
    """
    span = case.claim.locate(start, end)
    found = _BRACKET.match(case.answer, span.end) if span else None
    if found is None or mention.grade == Grade.ADJECTIVE or mention.kind == "date":
        return ""
    if mention.kind == "number":
        return found.group()
    inside = normal(found.group())
    return found.group() if any(normal(graph.full_name(node)).endswith(inside) for node in mention.nodes[:8]) else ""


def _in_form_of(old: str, mention: Mention, label: str, literal: bool) -> str | None:
    iso = _ISO.match(label)
    if mention.grade == Grade.ADJECTIVE:
        return adjective_of(normal(label))
    if mention.kind == "date" and iso:
        return _date_like(old, date(*(int(part) for part in iso.groups())))
    if mention.kind == "date" and re.fullmatch(r"\d{4}", label):
        # A day that the graph does not have is not kept beside its year.
        return label if _YEAR.fullmatch(old) or _ISO.match(old) else None
    if mention.kind == "date" and label[:4].isdigit() and (year := _YEAR.search(old)):
        return old[: year.start()] + label[:4] + old[year.end() :]
    if mention.kind == "number":
        known = _NUMBER.match(label) if not old.endswith(")") else None
        return _number_like(old, known.group()) if known else label
    if literal and iso:
        return _date_like("1 January 2000", date(*(int(part) for part in iso.groups())))
    return label.replace("_", " ") if literal and "_" not in old and " " not in label else label


def _date_like(old: str, true: date) -> str:
    """The date as `old` writes dates."""
    month = true.strftime("%B")
    day = str(true.day) + (_ordinal(true.day) if _ORDINAL.search(old) else "")
    if _ISO.match(old):
        return true.isoformat()
    if old.isdigit():
        return str(true.year)
    words = re.match(r"([A-Za-z]+)\.? (?:the )?(\d)?", old)
    comma = "," if "," in old else ""
    if words:
        return (
            f"{month} {day}{comma} {true.year}"
            if re.match(r"[A-Za-z.]+ (?:the )?\d{1,2}\D", old)
            else f"{month}{comma} {true.year}"
        )
    of = " of" if " of " in old else ""
    numeric = re.fullmatch(r"(\d+)([./-])(\d+)[./-](\d+)", old)
    if numeric:
        mark = numeric.group(2)
        if len(numeric.group(1)) == 4:
            return mark.join((str(true.year), f"{true.month:02}", f"{true.day:02}"))
        if int(numeric.group(3)) > 12:
            return mark.join((f"{true.month:02}", f"{true.day:02}", str(true.year)))
        return mark.join((f"{true.day:02}", f"{true.month:02}", str(true.year)))
    year = f"{comma} {true.year}" if re.search(r"\d{4}", old) else ""
    return f"{day}{of} {month}{year}"


def _ordinal(day: int) -> str:
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _number_like(old: str, known: str) -> str:
    """The number with thousands separators as `old` has them."""
    if "," in old and re.fullmatch(r"-?\d{4,}(?:\.\d+)?", known):
        whole, _, fraction = known.partition(".")
        fraction = "" if set(fraction) <= {"0"} else f".{fraction}"
        return f"{int(whole):,}{fraction}"
    return known


def _with_article(article: str, noun: str) -> str:
    wanted = "an" if noun[:1].lower() in "aeiou" else "a"
    return f"{wanted.capitalize() if article[0] == 'A' else wanted} {noun}"
