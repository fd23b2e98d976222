"""The true object in the form of the words that it replaces: dates, numbers and articles as the answer has them."""

import re
from datetime import date

from groundwire.graph.clashes import Clash
from groundwire.graph.countries import adjective_of
from groundwire.graph.index import Grade
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import normal
from groundwire.graph.store import GraphStore, Literal
from groundwire.model import Claim, Correction, Span

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_YEAR = re.compile(r"\d{4}")
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)\b")
_ARTICLE = re.compile(r"\b([Aa]n?) $")


def correction(claim: Claim, reading: Reading, clash: Clash, graph: GraphStore) -> Correction | None:
    """The edit that makes the claim say what the graph has; None where the words are not the answer's own."""
    if clash.truth is None:
        return None
    start, end = clash.object.start, clash.object.end
    old = reading.text[start:end]
    new = _in_form_of(old, clash.object, graph.label(clash.truth.object), isinstance(clash.truth.object, Literal))
    if new is None:
        return None
    if new[:4] == "The " and re.search(r"\bthe $", reading.text[:start], re.IGNORECASE):
        new = new[4:]
    article = _ARTICLE.search(reading.text[:start])
    if article and clash.object.kind == "name":
        start = article.start(1)
        old = reading.text[start:end]
        new = _with_article(article.group(1), new)
    if new == old:
        return None
    span = claim.locate(start, end)
    return None if span is None else Correction(span=Span(*span), old=old, new=new)


def _in_form_of(old: str, mention: Mention, label: str, literal: bool) -> str | None:
    iso = _ISO.match(label)
    if mention.grade == Grade.ADJECTIVE:
        return adjective_of(normal(label))
    if mention.kind == "date" and iso:
        return _date_like(old, date(*(int(part) for part in iso.groups())))
    if mention.kind == "date" and label[:4].isdigit() and (year := _YEAR.search(old)):
        return old[: year.start()] + label[:4] + old[year.end() :]
    if mention.kind == "number":
        known = _NUMBER.match(label) if not old.endswith(")") else None
        return _number_like(old, known.group()) if known else label
    return _date_like("1 January 2000", date(*(int(part) for part in iso.groups()))) if literal and iso else label


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
