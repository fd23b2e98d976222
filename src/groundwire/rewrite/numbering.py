"""A numbered list that lost an item counts on: the items that follow get the numbers of those before them.

A list is what counts up by one, at one indent and with one kind of mark ("2." or "2)"). It ends, as Markdown has it, at
text that stands behind a blank line and no further in than its numbers; at a heading, a rule, a code fence, or an item
of another kind there; and where the numbers do not go on. Only the number is edited, which no statement is read from.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from groundwire.model import Patch, PatchKind, Span

_REASON = "the list counts on without what was taken out"

_QUOTED = re.compile(r"(?:[ \t]{0,3}>){1,20}[ ]?")
_NUMBER = re.compile(r"[ \t]*(\d{1,9})([.)])(?:[ \t]+(?=\S)|[ \t\r]*\Z)")
_BREAK = re.compile(r"(?:[-*+•]|#{1,6})[ \t]|(?:[ \t]*[-_*=]){3,}[ \t\r]*\Z")
_FENCE = re.compile(r"`{3,}(?=[^`]*\Z)|~{3,}")
# How a line begins of which more must be seen to know what it is.
_UNSETTLED = re.compile(r"(?![\s>]*\d{1,9}[.)][ \t]+\S)[\s>#*+\-_=•`~\d.)]*\Z|[\s>]*(?:`{3}|~{3})")


class _List(NamedTuple):
    """A list that may go on. `last` is its last number in the answer, and what follows is to be `less` lower.

    `claim` and `rule` are those of the deletion that it is for.
    """

    indent: int
    mark: str
    last: int
    padded: bool  # "09."
    less: int = 0
    claim: str = ""
    rule: str = ""


class Lists(NamedTuple):
    """What is known of an answer up to `at`, the start of a line or a place in one that is known already."""

    at: int = 0
    open: tuple[_List, ...] = ()  # those further in come later
    blank: bool = False  # whether the line before was
    quoted: int = 0
    fence: str = ""


def renumbered(lists: Lists, answer: str, patches: Sequence[Patch], since: int) -> tuple[Lists, tuple[Patch, ...]]:
    """Patches for the numbers that no longer follow, and what is to be known when there is more of the answer.

    `answer`: the text so far. `patches`: what was settled in it from `since` on; before that it has left.
    """
    made: list[Patch] = []
    edits = sorted((p for p in patches if p.accepted and p.kind is not PatchKind.HEDGE), key=lambda p: p.span)
    for at, line in _lines(answer, lists.at):
        if not line.endswith("\n") and _UNSETTLED.match(line):
            return lists._replace(at=at), tuple(made)
        lists, place = _read(lists, at, line, edits)
        if place is not None and place.start >= since and lists.open[-1].less and _edit_of(place, edits) is None:
            made.append(_patch(lists.open[-1], place, place.of(answer)))
    return lists._replace(at=len(answer)), tuple(made)


def _lines(answer: str, at: int) -> Iterator[tuple[int, str]]:
    """Start and words of every line from `at` on, or from the line after where `at` is inside of one."""
    while at < len(answer):
        found = answer.find("\n", at)
        after = len(answer) if found < 0 else found + 1
        if at == 0 or answer[at - 1] == "\n":
            yield at, answer[at:after]
        at = after


def _read(lists: Lists, start: int, line: str, edits: Sequence[Patch]) -> tuple[Lists, Span | None]:
    """The lists once a line was read, and where its number stands if it is an item's."""
    quote = _QUOTED.match(line)
    begin = quote.end() if quote else 0
    quoted = line[:begin].count(">")
    words = line[begin:].rstrip("\n")
    stripped = words.strip()
    if quoted != lists.quoted:
        lists = lists._replace(open=(), blank=False, quoted=quoted, fence="")
    if lists.fence:
        closed = len(stripped) >= len(lists.fence) and not stripped.strip(lists.fence[0])
        return lists._replace(fence="" if closed else lists.fence), None
    if not stripped:
        return lists._replace(blank=True), None
    indent = len(words) - len(words.lstrip(" \t"))
    if number := _NUMBER.match(words):
        place = Span(start + begin + number.start(1), start + begin + number.end(1))
        return _counted(lists, indent, number, place, edits), place
    fence = _FENCE.match(stripped)
    if fence or lists.blank or _BREAK.match(stripped + " "):
        lists = lists._replace(open=tuple(each for each in lists.open if each.indent < indent))
    return lists._replace(blank=False, fence=fence[0] if fence else ""), None


def _counted(lists: Lists, indent: int, number: re.Match[str], place: Span, edits: Sequence[Patch]) -> Lists:
    """The lists with one more item: of the list that it goes on with, or of a new one."""
    outer = tuple(each for each in lists.open if each.indent < indent)
    same = next((each for each in lists.open if each.indent == indent), None)
    value, mark = int(number[1]), number[2]
    if same is None or (same.mark, same.last + 1) != (mark, value):
        same = _List(indent, mark, value, number[1].startswith("0"))
    gone = _edit_of(place, edits)
    if gone is not None and not gone.new and gone.span.contains(place):
        same = same._replace(less=same.less + 1, claim=gone.claim, rule=gone.rule)
    return lists._replace(open=(*outer, same._replace(last=value)), blank=False)


def _edit_of(place: Span, edits: Sequence[Patch]) -> Patch | None:
    """The edit that touches a place. Edits stand in the order of the answer, and none overlaps another."""
    behind = bisect_left(edits, place.end, key=lambda edit: edit.span.start)
    return edits[behind - 1] if behind and edits[behind - 1].span.overlaps(place) else None


def _patch(current: _List, place: Span, old: str) -> Patch:
    new = str(int(old) - current.less)
    return Patch(
        claim=current.claim,
        span=place,
        old=old,
        new=new.zfill(len(old)) if current.padded else new,
        kind=PatchKind.DELETE,
        rule=current.rule,
        accepted=True,
        reason=_REASON,
    )
