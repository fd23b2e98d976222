"""An answer cut into segments, the units that claims are made of: sentences, headings, cells, code, JSON leaves.

The one place that says where a sentence ends. `complete` and every extractor go by it, so they cannot disagree.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from groundwire.claims.blocks import Block, Form, blocks
from groundwire.claims.inline import plain, unbroken
from groundwire.claims.json_leaves import Leaf
from groundwire.claims.json_paths import Path, paths
from groundwire.claims.marked import Marked, put_in, taken
from groundwire.claims.sentences import sentences

_LONGEST_NAME = 200
"""Code points of a row's first cell or a column's header, as its other cells have them."""

_FENCE_LIKE = re.compile(r"[ \t>*+.)\d-]{0,40}(?:`{3}|~{3}|\$\$(?![^\n]*\$\$)|\\\[(?![^\n]*\\\]))")


_BOLD = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")


class Sort(StrEnum):
    """What a segment is."""

    SENTENCE = "sentence"
    ITEM = "item"  # a sentence that begins a list item
    HEADING = "heading"
    CELL = "cell"
    CODE = "code"
    LEAF = "leaf"


class Segment(NamedTuple):
    """A stretch of the answer with one thing to say, in words without markup.

    `start` and `end` bound it in the answer. `block` is where its block starts. A cell knows the first cell of its
    `row` and its column's `header`; a leaf knows its `leaf`, and whose it is by its `path`. `bold` is a line that is
    all of its paragraph, and all of it bold.
    """

    sort: Sort
    words: Marked
    start: int
    end: int
    block: int
    level: int = 0
    row: Marked | None = None
    header: Marked | None = None
    leaf: Leaf | None = None
    path: Path | None = None
    bold: bool = False


def segments(answer: str, start: int = 0) -> Iterator[Segment]:
    """The segments of a finished answer, in order, from `start` (0, or some segment's `block`)."""
    for block in blocks(answer, start):
        yield from _segments(answer, block, growing=False)


def finished(answer: str, *, opening: bool = True) -> tuple[int, int]:
    """How much of a growing answer is finished, and where to start when there is more of it.

    Returns `(end, restart)`: `end` is the end of the last segment that more text cannot change (0 where there is
    none), `restart` the start of the block that is still open. Without `opening` the text is an answer's from some
    block on, not from its beginning.
    """
    end = restart = 0
    for block in blocks(answer, growing=True, opening=opening):
        restart = block.start
        for segment in _segments(answer, block, growing=True):
            if not _opens_like_code(answer, segment.end):
                end = max(end, segment.end)
        if block.ready or (block.form is Form.TABLE and len(block.lines) > 1):
            end = max(end, block.end)
    return end, restart


def _opens_like_code(answer: str, end: int) -> bool:
    """Whether what stands before `end` in its line would open code or a formula if the line ended there."""
    start = answer.rfind("\n", 0, end) + 1
    return end < len(answer) and answer[end] != "\n" and _FENCE_LIKE.match(answer, start, end) is not None


def _segments(answer: str, block: Block, *, growing: bool) -> Iterator[Segment]:
    growing = growing and not block.ready
    if block.form in (Form.PARAGRAPH, Form.ITEM):
        return _prose(answer, block, growing)
    if block.form is Form.TABLE:
        return _table(answer, block, growing)
    if growing or block.form is Form.RULE:
        return iter(())
    if block.form is Form.JSON and block.leaves:
        return _leaves(answer, block)
    sort = Sort.HEADING if block.form is Form.HEADING else Sort.CODE
    words = taken(answer, block.lines)
    if sort is Sort.HEADING:
        words = plain(words)[0].strip()
    return iter((_segment(sort, words, block),) if words.text.strip() else ())


def _segment(sort: Sort, words: Marked, block: Block) -> Segment:
    start, end = words.place(0), words.place(len(words.text) - 1) + 1
    return Segment(sort, words if sort is Sort.CODE else words.even(), start, end, block.start, block.level)


def _prose(answer: str, block: Block, growing: bool) -> Iterator[Segment]:
    raw = taken(answer, block.lines)
    words, held = plain(raw, growing=growing)
    # A text cut off within a link would have no link: it is not finished before the link is.
    inside = unbroken(raw) if growing else []
    sort = Sort.ITEM if block.form is Form.ITEM else Sort.SENTENCE
    for start, end in sentences(words.text, growing=growing or held):
        segment = _segment(sort, words.cut(start, end), block)
        if sort is Sort.SENTENCE and _BOLD.fullmatch(raw.text.strip()):
            segment = segment._replace(bold=True)
        if not any(first < segment.end < last for first, last in inside):
            yield segment
        sort = Sort.SENTENCE


def _table(answer: str, block: Block, growing: bool) -> Iterator[Segment]:
    rows = [_cells(answer, start, end) for start, end in block.lines]
    if growing and len(rows) < 2:
        return
    headed = len(rows) > 1 and bool(rows[1]) and all(_is_dashes(cell.text) for cell in rows[1])
    headers = [_name(cell) for cell in rows[0]] if headed else []
    for number, row in enumerate(rows):
        if headed and number == 1:
            continue
        name = _name(row[0]) if row and row[0].text else None
        for column, cell in enumerate(row):
            if not cell.text:
                continue
            segment = _segment(Sort.CELL, cell, block)
            if headed and number == 0:
                yield segment._replace(sort=Sort.HEADING)
            else:
                first = name if column else None
                header = headers[column] if column < len(headers) and headers[column].text else None
                yield segment._replace(row=first, header=header)


def _name(cell: Marked) -> Marked:
    return cell.cut(0, min(_LONGEST_NAME, len(cell.text)))


_EMPTY = put_in("")


def _is_dashes(text: str) -> bool:
    return bool(text) and not text.strip(":-—") and "-" in text


def _cells(answer: str, start: int, end: int) -> list[Marked]:
    """The cells of a table row; a bar behind a backslash does not divide."""
    bounds = [at for at in range(start, end) if answer[at] == "|" and (at == start or answer[at - 1] != "\\")]
    if not bounds or answer[bounds[-1] + 1 : end].strip():
        bounds.append(end)
    return [
        _EMPTY if right == left + 1 else plain(taken(answer, ((left + 1, right),)))[0].strip()
        for left, right in pairwise(bounds)
    ]


def _leaves(answer: str, block: Block) -> Iterator[Segment]:
    for leaf, path in paths(answer, block.leaves):
        words = taken(answer, ((leaf.start, leaf.end),))
        if words.text.strip():
            yield _segment(Sort.LEAF, words, block)._replace(leaf=leaf, path=path)
