"""What a document's lines are, besides prose: headings, tables and code. One pass over the lines."""

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from groundwire.evidence.marks import ended, plain, shortened
from groundwire.evidence.tables import Table, mark_of, table_of

_FENCE = re.compile(r"(?:```|~~~)")
_HASHES = re.compile(r"#{1,6}[ \t]+(.*?)[ \t#]*")
_HTML = re.compile(r"<(h[1-6]|title|caption|summary)\b[^<>]{0,200}>(.*)</\1\s?>", re.IGNORECASE)
_BOLD = re.compile(r"(\*\*|__)([^*_\n]{1,150})\1:?")
_WIKI = re.compile(r"(={2,5})([^=\n]{1,150})\1")
_ASKED = re.compile(
    r"(?:\*\*|__)?(?:\d{1,3}[.)] )?(?:(?:Q\d{0,3}|Question(?: \d{1,3})?)[:.)][*_]{0,2} )?[*_]{0,2}([^\W_].*\?)[*_]{0,2}"
)
_MARKED_ASKED = re.compile(r"[*_]{0,2}(?:Q\d{0,3}|Question(?: \d{1,3})?)[:.)]")
_NUMBERED = re.compile(
    r"(?:(?:Section|Article|Clause|Part|Annex|Chapter|Schedule)\s)?(?:\d{1,3}\.?|\d{1,2}(?:\.\d{1,2}){1,3}\.?|[IVX]{1,6}\.)\s",
    re.I,
)
_NUMBER = re.compile(r"\d{1,3}[.)][ \t]+")
_UNDER = re.compile(r"(?:={3,}|-{3,})")
_MARKS = "-*+•–◦▪>|#<`~"

_LONGEST = 160  # characters of a line that may be a heading
_TITLE_WORDS = 12
_PLAIN_WORDS = 8  # a line without marks is a heading only when it is short
_ASKED_WORDS = 20
_PROSE_WORDS = 6  # what a plain heading stands over


class Head(NamedTuple):
    """A heading at `text[start:end]`, in plain words."""

    start: int
    end: int
    words: str

    @property
    def said(self) -> str:
        """The heading as a sentence of at most 12 words."""
        return ended(shortened(self.words, _TITLE_WORDS))


class Code(NamedTuple):
    """Fenced lines at `text[start:end]`; the fences are `start:first` and `last:end`."""

    start: int
    end: int
    first: int
    last: int


class Outline:
    """The headings, tables and fenced code of a document, in order; they do not overlap.

    Time and memory are linear in the text. Raises nothing.
    """

    def __init__(self, text: str) -> None:
        self.blocks: list[Head | Table | Code] = []
        self.title: Head | None = None
        _Reader(text, self).read()
        self.heads = [block for block in self.blocks if isinstance(block, Head)]
        self._starts = [block.start for block in self.blocks]
        self._head_starts = [head.start for head in self.heads]

    def within(self, start: int, end: int) -> list[Head | Table | Code]:
        """The blocks that share characters with `text[start:end]`."""
        first = bisect_right(self._starts, start)
        if first and self.blocks[first - 1].end > start:
            first -= 1
        return self.blocks[first : bisect_left(self._starts, end)]

    def above(self, start: int) -> Head | None:
        """The nearest heading before `start`."""
        place = bisect_left(self._head_starts, start)
        return self.heads[place - 1] if place else None


class _Line(NamedTuple):
    start: int
    end: int
    words: str


class _Reader:
    """One reading of one text: the lines, without the white space around them."""

    def __init__(self, text: str, outline: Outline) -> None:
        self._lines: list[_Line] = []
        at = 0
        for line in text.split("\n"):
            words = line.strip()
            start = at + (len(line) - len(line.lstrip()) if words else 0)
            self._lines.append(_Line(start, start + len(words), words))
            at += len(line) + 1
        self._out = outline
        self._rows: list[_Line] = []
        self._mark = ""
        self._asked: list[tuple[int, Head]] = []  # plain questions, and how many blocks stand before each

    def read(self) -> None:
        fence: _Line | None = None
        last = None
        for number, line in enumerate(self._lines):
            if fence is not None:
                if line.words[:3] == fence.words[:3]:
                    self._out.blocks.append(Code(fence.start, line.end, fence.end, line.start))
                    fence = None
                last = line
                continue
            if not line.words:
                self._close()
                continue
            if line.words[0] in "`~" and _FENCE.match(line.words):
                self._close()
                fence = line
                continue
            self._row(number, line)
        self._close()
        if fence is not None and last is not None:
            self._out.blocks.append(Code(fence.start, max(last.end, fence.end), fence.end, max(last.end, fence.end)))
        self._ask()

    def _row(self, number: int, line: _Line) -> None:
        mark = mark_of(line.words)
        if mark and mark == self._mark:
            self._rows.append(line)
            return
        self._close()
        head = self._head(number, line) if len(line.words) <= _LONGEST else None
        if head is not None:
            self._out.blocks.append(head)
            if self._out.title is None and not any(before.words for before in self._lines[:number]):
                self._out.title = head if len(head.words.split()) <= _TITLE_WORDS else None
        elif mark:
            self._mark, self._rows = mark, [line]

    def _close(self) -> None:
        if self._rows and (table := table_of(self._rows, self._mark)):
            self._out.blocks.append(table)
        self._mark, self._rows = "", []

    def _head(self, number: int, line: _Line) -> Head | None:
        words = line.words
        if words[0] == "#":
            found = _HASHES.fullmatch(words)
            return self._made(line, found[1]) if found else None
        if words[0] == "<":
            found = _HTML.fullmatch(words)
            return self._made(line, found[2]) if found else None
        if words[0] == "=":
            found = _WIKI.fullmatch(words)
            return self._made(line, found[2]) if found else None
        if words.rstrip("*_")[-1:] == "?":
            return self._question(line)
        if words[0] in "*_" and (found := _BOLD.fullmatch(words)):
            return self._made(line, found[2])
        if words[-1] in ".!?…;,。！？" or words[0] in _MARKS or "|" in words:
            return None
        below = self._lines[number + 1] if number + 1 < len(self._lines) else None
        if below is not None and _UNDER.fullmatch(below.words) and words[-1] != ":":
            return self._made(line._replace(end=below.end), words)
        return self._made(line, words) if self._is_plain_head(number, words) else None

    def _is_plain_head(self, number: int, words: str) -> bool:
        """Whether a line without marks is a heading: short, below a blank line, above prose or a list."""
        first = words[0]
        count = len(words.split())
        if (number and self._lines[number - 1].words) or not (first.isupper() or first.isdigit()) or ":" in words:
            return False
        if "\t" in words or "  " in words or number + 1 >= len(self._lines):
            return False
        below = self._lines[number + 1].words
        parted = not below
        if parted and number + 2 < len(self._lines):
            below = self._lines[number + 2].words or (
                self._lines[number + 3].words if number + 3 < len(self._lines) else ""
            )
        if not below or count > (_TITLE_WORDS if number == 0 else _PLAIN_WORDS):
            return False
        prose = len(below) > len(words) and len(below.split()) >= _PROSE_WORDS
        listed = below[0] in _MARKS or ":" in below[:40] or "\t" in below
        if _NUMBERED.match(words):
            return prose and not (not parted and _NUMBER.match(below))
        return parted if number == 0 else (prose and parted) or listed

    def _question(self, line: _Line) -> Head | None:
        """The heading that a marked question is at once; a plain one waits for others of its kind."""
        found = _ASKED.fullmatch(line.words)
        if found is None or len(found[1].split()) > _ASKED_WORDS or ": " in found[1] or found[1][0].islower():
            return None
        head = Head(line.start, line.end, plain(found[1]))
        if _MARKED_ASKED.match(line.words) or line.words[-1] in "*_":
            return head
        if not any(stop in found[1][:-1] for stop in (". ", "? ", "! ")):
            self._asked.append((len(self._out.blocks), head))
        return None

    def _ask(self) -> None:
        """Two questions that stand on lines of their own are those of a FAQ; one may be a writer's manner."""
        if len(self._asked) < 2:
            return
        for place, head in reversed(self._asked):
            self._out.blocks.insert(place, head)

    @staticmethod
    def _made(line: _Line, words: str) -> Head | None:
        words = _NUMBER.sub("", plain(words.strip()), count=1).strip().removesuffix(":")
        return Head(line.start, line.end, words) if any(c.isalnum() for c in words) else None
