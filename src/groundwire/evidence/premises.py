"""What a passage says where it is read alone: with the heading above it, its columns' heads, its list's lead-in.

An entailment model reads prose. "| Berlin | 3.6 |" and "- up to 14 days" say nothing to it; "City: Berlin. Population:
3.6." and "Refunds are paid: up to 14 days." do. Prose that stands under no heading is left alone, to the bit.
"""

import re
from collections.abc import Iterator, Mapping, Set
from types import MappingProxyType
from typing import NamedTuple

from groundwire.evidence.marks import MARKED, ended, plain
from groundwire.evidence.outline import Code, Head, Outline
from groundwire.evidence.sentences import Sentence, Shape, sentences
from groundwire.evidence.tables import Table, cells_of, row_words
from groundwire.evidence.words import terms
from groundwire.model import Line

_ITEM = re.compile(
    r"[ \t]{0,12}(?:[-*+•–◦▪][ \t]+(?:\[[ xX]\][ \t]+)?|(?:\(?[0-9]{1,3}[.)]|\(?[a-z]\)|\([A-Z]\)|[a-z]\.)[ \t]+)"
)
_SHAPED = re.compile(
    r"^[ \t]{0,12}(?:[-*+•–◦▪>]|\(?\w{1,3}[.)])[ \t]|^[ \t]*[^\w\s][^\w\n]*$|^A\d{0,3}[:.] ", re.MULTILINE
)
_QUOTED = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_ANSWER = re.compile(r"A\d{0,3}[:.] ")
_LEAD_WORDS = 16
_LEAD_LINES = 40  # of a list, above an item
_LONGEST_LINE = 2000  # characters of a line that is looked at whole
_YEAR = 4  # digits from which on a number names a row
_WRAPPED = 45  # as in sentences.py: a longer line without a stop goes on in the next one


class _Row(NamedTuple):
    """What a table's row is known by: where its table begins, the terms of its first cell, the columns' names."""

    table: int
    terms: frozenset[str]
    columns: str


class Premise(NamedTuple):
    """The lines that a passage is read as, none where they would be its text; `rows` are those that have a name."""

    lines: tuple[Line, ...] = ()
    rows: Mapping[Line, _Row] = MappingProxyType({})

    def named(self, claim: Set[str]) -> set[int]:
        """Where the tables begin that have a row by the name of something in a claim of these terms."""
        return {row.table for row in self.rows.values() if row.terms <= claim}

    def of(self, claim: Set[str], named: Set[int]) -> tuple[Line, ...]:
        """The lines for a claim of these terms; of the tables in `named`, the rows that the claim names.

        A model takes "Closed on: Sunday" of another row for the named one's, however the rows are written.
        """
        if not named:
            return self.lines
        rows = self.rows
        others = {line for line, row in rows.items() if row.table in named and not row.terms <= claim}
        kept = [line for line in self.lines if line not in others]
        if others and not any(line in rows for line in kept):  # what the table is about, so that something is read
            first = next(line for line in self.lines if line in others)
            kept.append(first._replace(text=rows[first].columns))
        return tuple(sorted(kept))


def premise(text: str, outline: Outline, start: int, end: int) -> Premise:
    """Return what `text[start:end]` says, line by line, after what stands above it.

    `outline` is that of `text`. What is added is short: a heading has at most 12 words, a lead-in 16, and the name of
    a column, which stands in each of its rows, 8.
    """
    lines: list[Line] = []
    rows: dict[Line, _Row] = {}
    changed = False
    for line, row in _body(text, outline, start, end):
        lines.append(line)
        changed = changed or len(line.text) != line.end - line.start or line.text != text[line.start : line.end]
        if row is not None and row.terms:
            rows[line] = row
    if not lines:
        return Premise()
    above = list(_above(text, outline, start, lines[0].text))
    if not above and not changed and len(lines) == 1:
        return Premise()
    return Premise((*above, *lines), rows)


def _above(text: str, outline: Outline, start: int, begins: str) -> Iterator[Line]:
    """The document's title, the nearest heading, and the lead-in of a list that goes on here."""
    title, head = outline.title, outline.above(start)
    inside = outline.within(start, start + 1)
    if inside and isinstance(inside[0], Head):
        head = None
    begun = begins.casefold()
    said: set[str] = set()
    for found in dict.fromkeys(head for head in (title, head) if head is not None):
        key = found.words.casefold()
        if found.end <= start and not begun.startswith(key) and key not in said:
            said.add(key)
            yield Line(found.start, found.end, found.said)
    if not inside and (lead := _lead(text, start)):
        yield lead


def _body(text: str, outline: Outline, start: int, end: int) -> Iterator[tuple[Line, _Row | None]]:
    """The lines of the passage itself; with rows of a table, what names each among the others."""
    at = start
    for block in outline.within(start, end):
        if block.start > at:
            yield from ((line, None) for line in _prose(text, at, block.start, last=False))
        first, last = max(block.start, start), min(block.end, end)
        if isinstance(block, Head):
            whole = first == block.start and last == block.end  # a very long one is cut into passages
            yield Line(first, last, ended(block.words) if whole else text[first:last]), None
        elif isinstance(block, Code):
            yield from ((line, None) for line in _code(text, block, first, last))
        else:
            yield from _rows(text, block, first, last)
        at = last
    if at < end:
        yield from ((line, None) for line in _prose(text, at, end, last=True))


def _code(text: str, block: Code, start: int, end: int) -> Iterator[Line]:
    """The lines of code as they are, without their fences."""
    start, end = max(start, block.first), min(end, block.last)
    if kept := _stripped(text, start, end):
        yield Line(*kept, text[slice(*kept)])


def _rows(text: str, table: Table, start: int, end: int) -> Iterator[tuple[Line, _Row | None]]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        kept = _stripped(text, at, stop)
        at = stop + 1
        if kept is None or (kept[0] < table.first and table.end > table.first and table.head):
            continue  # the head is in every row, and says nothing alone
        whole = _is_whole(text, *kept)  # else nobody knows which column its first cell is in
        row = text[slice(*kept)]
        if words := row_words(row, table if whole else table._replace(head=())):
            yield Line(*kept, words), _named_row(row, table) if whole and any(table.head) else None


def _named_row(row: str, table: Table) -> _Row:
    label = frozenset(term for term, _ in terms(cells_of(row, table.mark)[0]))
    if not any(term.isalpha() or len(term) >= _YEAR for term in label):
        label = frozenset()  # "3" is a rank, and in a claim anything else
    return _Row(table.start, label, ", ".join(name for name in table.head if name) + ".")


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether nothing but white space stands beside `text[start:end]` in its line."""
    last = text.find("\n", end, end + _LONGEST_LINE)
    ends = len(text) <= end + _LONGEST_LINE or last >= 0
    return _opens_line(text, start) and ends and not text[end : last if last >= 0 else len(text)].strip()


def _prose(text: str, start: int, end: int, *, last: bool) -> Iterator[Line]:
    """Prose as one line, as it stands; sentence by sentence where one of them must be rendered."""
    kept = _stripped(text, start, end)
    if kept is None:
        return
    start, end = kept
    words = text[start:end]
    if not MARKED.search(words) and not _SHAPED.search(words) and (last or words[-1] in ".!?:;"):
        yield Line(start, end, words)
        return
    units = [Sentence(start + s, start + e, shape, gap) for s, e, shape, gap in sentences(words)]
    said = [_unit(text, unit) for unit in units]
    if last and all(words == text[unit.start : unit.end] for unit, words in zip(units, said, strict=True)):
        yield Line(start, end, text[start:end])
        return
    for number, (unit, words) in enumerate(zip(units, said, strict=True)):
        if any(c.isalnum() for c in words):
            stop = _stop(text, unit, units[number + 1], said[number + 1]) if number + 1 < len(units) else "."
            yield Line(unit.start, unit.end, ended(words, stop) if stop else words)


def _stop(text: str, unit: Sentence, following: Sentence, words: str) -> str:
    """What parts a unit from the one below it: items of one list are parted by semicolons."""
    if following.shape is not Shape.ITEM:
        return "."
    if not _opens(text, following.start):
        return ""  # a sentence that goes on with what only looks like an item
    return ";" if unit.shape is Shape.ITEM and words[:1].islower() else "."


def _unit(text: str, unit: Sentence) -> str:
    words = text[unit.start : unit.end]
    if ">" in words:
        words = _QUOTED.sub("", words)
    if unit.shape is Shape.ITEM and (marker := _ITEM.match(words)) and _opens(text, unit.start):
        words = words[marker.end() :]
    elif answer := _ANSWER.match(words):
        words = words[answer.end() :] if _opens_line(text, unit.start) and _answers(text, unit.start) else words
    return plain(words)


def _opens(text: str, start: int) -> bool:
    """Whether what looks like an item's mark is one: no word stands before it, and no sentence goes on in it."""
    if not _opens_line(text, start):
        return text[start].isdigit() and text[max(0, start - 2) : start].rstrip()[-1:] in (".", ":", ";")
    last = max(_line_start(text, start) - 1, 0)
    above = text[max(_line_start(text, last), last - _LONGEST_LINE, 0) : last].strip()
    if len(above) < _WRAPPED or _ITEM.match(above):
        return True
    return above[-1] in ".!?…:;,|*_。！？" or not text[start].isdigit()


def _answers(text: str, start: int) -> bool:
    """Whether a question stands in the line above: "A: " then opens its answer, and is no speaker."""
    above = text[max(0, start - 400) : start].rstrip().rstrip("*_")
    return above.endswith("?")


def _line_start(text: str, at: int) -> int:
    """Where the line of `text[at]` begins, or -1 where that is too far off to matter: no line makes this slow."""
    bottom = max(0, at - _LONGEST_LINE)
    found = text.rfind("\n", bottom, at) + 1
    return found if found or not bottom else -1


def _opens_line(text: str, start: int) -> bool:
    first = _line_start(text, start)
    return first >= 0 and not text[first:start].strip()


def _lead(text: str, start: int) -> Line | None:
    """The words ending in a colon that the list of the item at `start` completes, None where there are none."""
    if not _opens_line(text, start) or not _ITEM.match(text, start) or not _opens(text, start):
        return None
    first = _line_start(text, start)
    indent = start - first
    for _ in range(_LEAD_LINES):
        if first <= 0:
            return None
        last, first = first - 1, _line_start(text, first - 1)
        if first < 0:
            return None
        kept = _stripped(text, first, last)
        if kept is None:
            continue
        item = _ITEM.match(text, kept[0])
        inner = kept[0] - first >= indent if item else kept[0] - first > indent
        if inner and not (item and text[kept[1] - 1] == ":" and kept[0] - first < indent):
            continue  # the item's siblings, and what belongs to them
        return _lead_in(text, *kept)
    return None


def _lead_in(text: str, start: int, end: int) -> Line | None:
    if not text[start:end].rstrip("*_ ").endswith(":"):
        return None
    *_, last = sentences(text[start:end])
    start, end = start + last.start, start + last.end
    words = text[start:end]
    if marker := _ITEM.match(words):
        words = words[marker.end() :]
    found = plain(words).split()
    if not found or found[-1][-1] != ":":
        return None
    return Line(start, end, " ".join(found[-_LEAD_WORDS:]))


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The range without the white space around it, None where nothing else is in it."""
    words = text[start:end]
    right = len(words.rstrip())
    return (start + len(words) - len(words.lstrip()), start + right) if right else None
