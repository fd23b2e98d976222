"""What to take out so that a statement is gone and the rest still reads: a clause, a sentence, a list item, a cell."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from groundwire.model import Claim, Span
from groundwire.rewrite.form import MARKS

# Looked at before a clause: enough for ", and also which", and bounded.
_REACH = 24
_JOIN = re.compile(
    r"(?:\s*[,;:–—-])?\s*(?:\b(?:and|but|or|yet|so|while|although|because|which|who|whom|that|where|when)\b\s*){0,2}$"
)
_ITEM = re.compile(r"[ \t]{0,20}(?:>[ \t]?)?(?:[-*+•]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_STOPS = ".!?;"
_BREAKS = 2
"""Line breaks that go with a line at the very start: its own and a blank line. A stream need not wait for more."""
_BEHIND = re.compile(rf"[*_~`)\]\"'”’]*[ \t\r]*\n{{0,{_BREAKS}}}")
EMPTY_CELL = "–"


class Cut(NamedTuple):
    """`answer[span]` goes; `new` stays in its place (nothing, or what keeps a table or a capital in order)."""

    span: Span
    new: str = ""


def behind(answer: str, end: int) -> int:
    """Where ends what may go with a sentence that ends at `end`: marks that close, white space, a blank line."""
    found = _BEHIND.match(answer, end)
    return found.end() if found else end


def breaks_behind(answer: str, end: int) -> int:
    """Where the line breaks end that go with a line that ends at `end` when nothing stands before it."""
    most = end + _BREAKS
    while end < most and answer[end : end + 1] == "\n":
        end += 1
    return end


def unfinished(answer: str, cut: Span) -> bool:
    """Whether a cut takes more with it where more of `answer` comes: a line break that may be half of a blank line."""
    breaks = len(cut.of(answer)) - len(cut.of(answer).rstrip("\n"))
    return cut.end == len(answer) and 0 < breaks < _BREAKS


def clause(answer: str, claim: Claim, others: Iterable[Claim], within: Span) -> Cut | None:
    """The clause of a claim that is part of a larger statement, with the word that joins it. None for a whole one."""
    larger = [o for o in others if o.span.contains(claim.span) and o.span != claim.span and o.id != claim.id]
    inside = [o for o in others if claim.span.contains(o.span) and o.id != claim.id]
    if not larger or inside:
        return None
    outer = min(larger, key=lambda o: o.span.end - o.span.start).span
    start, end = claim.span
    end = _past_marks(answer, Span(start, end), outer.end)
    floor = max(within.start, outer.start, start - _REACH)
    joined = _JOIN.search(answer[floor:start])
    begin = floor + joined.start() if joined else start
    if begin <= outer.start:
        return None
    if answer[begin : begin + 1] == "," and answer[end : end + 1] == "," and "and" not in answer[begin:start]:
        end += 1  # both commas of an apposition
    return Cut(Span(begin, end))


def _past_marks(answer: str, span: Span, limit: int) -> int:
    """The end of a span, past emphasis that was opened inside it."""
    run = answer[span.end : min(limit, span.end + 3)]
    run = run[: len(run) - len(run.lstrip(MARKS))]
    return span.end + len(run) if run and span.of(answer).count(run) % 2 == 1 else span.end


def sentence(answer: str, claim: Claim, others: Iterable[Claim], within: Span) -> Cut | None:
    """The whole sentence of a claim; its line or list item when nothing else stands there. None inside a heading."""
    start, end = _outermost(claim, others)
    line = Span(answer.rfind("\n", 0, start) + 1, _line_end(answer, end))
    before, after = answer[line.start : start], answer[end : line.end]
    if before.lstrip().startswith("#"):
        return None
    if before.lstrip().startswith("|") or (after.rstrip().endswith("|") and "|" in before):
        return Cut(Span(start, end), EMPTY_CELL)
    while start > line.start and end < line.end and answer[start - 1] == answer[end] and answer[end] in MARKS + "\"'":
        start, end = start - 1, end + 1
    while end < line.end and answer[end] in _STOPS and answer[end - 1] not in _STOPS:
        end += 1
    before, after = answer[line.start : start], answer[end : line.end]
    item = _ITEM.fullmatch(before) is not None
    if not after.strip() and (item or not before.strip()):
        return Cut(_clipped(_whole_line(answer, line, within, item=item), within))
    return Cut(_clipped(_with_space(answer, Span(start, end), within), within))


def _outermost(claim: Claim, others: Iterable[Claim]) -> Span:
    span = claim.span
    for other in others:
        if other.span.contains(span):
            span = other.span
    return span


def _line_end(answer: str, place: int) -> int:
    found = answer.find("\n", place)
    return len(answer) if found < 0 else found


def _whole_line(answer: str, line: Span, within: Span, *, item: bool) -> Span:
    """A line with the break before it, a paragraph with its blank line too; at the very start, with those behind.

    Looking back, and ahead no further than `behind`, cuts the same from an answer that is still arriving as from a
    whole one.
    """
    start, end = line
    breaks = 1 if item else len(answer)
    while start > within.start and answer[start - 1] == "\n" and breaks > 0:
        start, breaks = start - 1, breaks - 1
    first = start == within.start and answer[start - 1 : start] in ("", "\n")
    if first and (start == line.start or not item):
        end = breaks_behind(answer, end)
    return Span(start, end)


def _with_space(answer: str, span: Span, within: Span) -> Span:
    """A sentence inside a line, with the space that parts it from its neighbour."""
    start, end = span
    while start > within.start and answer[start - 1] in " \t":
        start -= 1
    at_start_of_text = start == 0 or answer[start - 1] == "\n"
    if start == span.start or at_start_of_text:
        start = span.start
        while end < within.end and answer[end] in " \t":
            end += 1
    return Span(start, end)


def _clipped(span: Span, within: Span) -> Span:
    return Span(max(span.start, within.start), min(span.end, within.end))
