"""The lines of an answer, put together to paragraphs, headings, list items, tables, code and JSON.

A line-by-line scanner for the Markdown that language models write, not for all of CommonMark: what it does not know
it takes for prose, which is checked. A block never depends on what follows the line after it, and scanning can start
at any block, so an answer can be read while it grows.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from groundwire.claims.json_leaves import Leaf, read


class Form(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADING = "heading"
    TABLE = "table"
    CODE = "code"
    JSON = "json"
    RULE = "rule"


class Block(NamedTuple):
    """A block: the stretches of the answer that are its words, one a line, without markers.

    `start` and `end` bound it, markers included. `ready` is False for the last block of a growing answer.
    `level` is a heading's level (1 to 6) or a list item's indentation.
    """

    form: Form
    start: int
    end: int
    lines: tuple[tuple[int, int], ...]
    ready: bool = True
    level: int = 0
    leaves: tuple[Leaf, ...] = ()


_QUOTED = re.compile(r"[ \t]{0,3}(?:>[ ]?){1,20}")
_FENCE = re.compile(r"[ \t]*(`{3,100}|~{3,100})([^`\n]*)\Z")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦▪–]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))[ \t]+(?=\S)")
_LABEL = re.compile(r"[ \t]*\*{0,3}[A-Z][\w ’'()/&-]{0,40}\*{0,3}:\*{0,3}[ \t]+\S")
# How a line that may still grow begins while its form is open.
_UNSETTLED = re.compile(r"[\s>#*+\-_=•‣◦▪–(]*+(?:\d{0,3}[.)]?|[a-zA-Z]\)?)[\s*_]*+\Z|\s*+(?:`|~|\||\$\$?|\\)[^\n]*\Z")
_MAY_BE_LABEL = re.compile(r"[ \t]*\*{0,3}[A-Z][\w ’'()/&-]{0,40}\*{0,3}:?\*{0,3}[ \t]*\Z")


class _Line(NamedTuple):
    start: int
    end: int  # without the line break
    after: int  # where the next line starts
    complete: bool


def blocks(answer: str, start: int = 0, *, growing: bool = False, opening: bool = True) -> Iterator[Block]:
    """The blocks of `answer[start:]`, where `start` is 0 or the start of a block found before. Linear in the text.

    With `growing` the last block is not `ready`, and holds only lines whose form more text cannot change.
    """
    scan = _Scan(answer, growing, opening)
    at = start
    while at < len(answer):
        block, at = scan.block(at)
        if block:
            yield block


class _Scan:
    def __init__(self, answer: str, growing: bool, opening: bool) -> None:
        self.answer, self.growing = answer, growing
        self.first = len(answer) - len(answer.lstrip()) if opening else -1  # only JSON that opens the answer is JSON

    def line(self, at: int) -> _Line:
        stop = self.answer.find("\n", at)
        if stop < 0:
            return _Line(at, len(self.answer), len(self.answer), not self.growing)
        return _Line(at, stop, stop + 1, True)

    def block(self, at: int) -> tuple[Block | None, int]:
        """The block whose first line starts at `at` (None for a blank line), and where the next line starts."""
        answer, line = self.answer, self.line(at)
        begin = self.unquoted(line)
        if not answer[begin : line.end].strip():
            return (None, line.after) if line.complete else (self.held(at), line.after)
        if at <= self.first and answer[self.first] in "[{" and (found := self.json(at)):
            return found
        if not line.complete and _UNSETTLED.match(answer, begin, line.end):
            return self.held(at), line.after
        if fence := _FENCE.match(answer, begin, line.end):
            return self.code(line, fence[1], fence[2].strip().lower())
        if answer.startswith(("$$", "\\["), begin):
            return self.formula(line, begin)
        if heading := _HEADING.match(answer, begin, line.end):
            words = answer[heading.end() : line.end].rstrip().rstrip("#")
            end = heading.end() + len(words)
            level = len(heading[1])
            return Block(Form.HEADING, at, line.end, ((heading.end(), end),), line.complete, level), line.after
        if _is_rule(answer[begin : line.end]):
            return Block(Form.RULE, at, line.end, ((begin, line.end),), line.complete), line.after
        if answer[begin : line.end].lstrip().startswith("|"):
            return self.table(line)
        return self.text(line, begin)

    def held(self, at: int) -> Block:
        return Block(Form.PARAGRAPH, at, len(self.answer), (), False)

    def unquoted(self, line: _Line) -> int:
        match = _QUOTED.match(self.answer, line.start, line.end)
        return match.end() if match else line.start

    def json(self, at: int) -> tuple[Block, int] | None:
        """A JSON value that opens the answer and has its last line to itself."""
        found = read(self.answer, self.first)
        if found.end >= 0:
            line = self.line(found.end)
            if not self.answer[found.end : line.end].strip():
                lines = ((self.first, found.end),)
                return Block(Form.JSON, at, line.end, lines, line.complete, 0, found.leaves), line.after
            return None
        return (self.held(at), len(self.answer)) if found.cut_off and self.growing else None

    def code(self, line: _Line, fence: str, language: str) -> tuple[Block, int]:
        start, at, begin = line.start, line.after, line.after
        while at < len(self.answer):
            line, content_end = self.line(at), at
            words = self.answer[self.unquoted(line) : line.end].strip()
            if len(words) >= len(fence) and words == fence[0] * len(words):
                block = Block(Form.CODE, start, line.end, ((start, line.end),), line.complete)
                return self.with_leaves(block, begin, content_end) if language == "json" else block, line.after
            at = line.after
        end = len(self.answer)
        return Block(Form.CODE, start, end, ((start, end),), not self.growing), end

    def with_leaves(self, block: Block, begin: int, end: int) -> Block:
        found = read(self.answer, begin)
        if found.end < 0 or self.answer[found.end : end].strip():
            return block
        return block._replace(form=Form.JSON, leaves=found.leaves)

    def formula(self, line: _Line, begin: int) -> tuple[Block, int]:
        """Display mathematics, to its closing mark or a blank line."""
        start, closing = line.start, "$$" if self.answer[begin] == "$" else "\\]"
        if not line.complete:
            return self.held(start), line.after
        if closing in self.answer[begin + 2 : line.end]:
            return self.text(line, begin)
        while line.after < len(self.answer):
            following = self.line(line.after)
            words = self.answer[following.start : following.end]
            if not following.complete:
                return self.held(start), following.after
            if not words.strip():
                break
            line = following
            if closing in words:
                break
        else:
            if self.growing:
                return self.held(start), line.after
        return Block(Form.CODE, start, line.end, ((start, line.end),)), line.after

    def table(self, line: _Line) -> tuple[Block, int]:
        start, rows, end = line.start, [(line.start, line.end)], line.end
        while line.after < len(self.answer):
            line = self.line(line.after)
            words = self.answer[self.unquoted(line) : line.end].strip()
            if not line.complete and (not words or words[0] == "|" or not words.strip(">")):
                return Block(Form.TABLE, start, end, tuple(rows), False), line.after
            if not words.startswith("|"):
                return Block(Form.TABLE, start, end, tuple(rows)), line.start
            rows.append((line.start, line.end))
            end = line.end
        return Block(Form.TABLE, start, end, tuple(rows), not self.growing), line.after

    def text(self, line: _Line, begin: int) -> tuple[Block, int]:
        """A paragraph or list item: this line and those that continue it."""
        answer, start = self.answer, line.start
        item = _ITEM.match(answer, begin, line.end)
        form, level = (Form.ITEM, _indent(item[0])) if item else (Form.PARAGRAPH, 0)
        rows, end = [(item.end() if item else begin, line.after)], line.end
        while line.after < len(answer):
            line = self.line(line.after)
            begin = self.unquoted(line)
            if not line.complete and self.may_interrupt(begin, line.end):
                return Block(form, start, end, tuple(rows), False, level), line.after
            if self.interrupts(begin, line.end):
                return Block(form, start, end, tuple(rows), True, level), line.start
            rows.append((begin, line.after))
            end = line.end
        return Block(form, start, end, tuple(rows), not self.growing, level), line.after

    def interrupts(self, begin: int, end: int) -> bool:
        """Whether the line begins a block of its own where a paragraph stands open."""
        words = self.answer[begin:end].strip()
        if not words or words[0] == "|" or words.startswith(("$$", "\\[")) or _is_rule(words):
            return True
        return any(form.match(self.answer, begin, end) for form in (_ITEM, _HEADING, _FENCE, _LABEL))

    def may_interrupt(self, begin: int, end: int) -> bool:
        return any(form.match(self.answer, begin, end) for form in (_UNSETTLED, _MAY_BE_LABEL))


def _is_rule(words: str) -> bool:
    marks = words.replace(" ", "").replace("\t", "").strip()
    return len(marks) >= 3 and marks[0] in "-*_=" and marks == marks[0] * len(marks)


def _indent(prefix: str) -> int:
    return len(prefix) - len(prefix.lstrip(" \t"))
