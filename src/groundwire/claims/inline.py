"""Markdown within a line: emphasis, links, citations, code marks and tags taken away, places kept.

What remains is a subsequence of the answer's characters, so nothing has to be searched for afterwards.
"""

import re

from groundwire.claims.marked import Marked

# Every quantifier is bounded or excludes what follows it, so the scan is linear in the text.
# An address holds no white space, and a tag is one of HTML's: whatever else stands there is text, and is checked.
_LINK = r"!?\[(?P<label>[^\]\[\n]{0,300})\]\([^()\s]{0,600}(?:\([^()\s]{0,100}\)[^()\s]{0,300})?\)"
_TAGS = (
    r"(?:a|b|i|u|p|em|strong|br|hr|ul|ol|li|sub|sup|code|pre|span|div|h[1-6]|table|thead|tbody|tr|td|th|img|mark|small|"
    r"del|ins|kbd|details|summary|blockquote)"
)
# Mathematics within a sentence stays as it is; "$5 and $10" is none, and none reaches into the next sentence.
_INNER = r"(?:(?![.!?…][\"'”’»)\]}]{0,9}\s)[^$\n])"
_MATH = (
    rf"\$\$(?!\s*\$){_INNER}{{1,300}}\$\$|\$(?![\s$]){_INNER}{{1,200}}(?<!\s)\$(?![\d$])"
    r"|\\\((?:(?![.!?]\s|\\\))[^\n]){1,200}\\\)"
)
_COMPLETE = (
    rf"(?P<math>{_MATH})"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    rf"|(?P<link>{_LINK})"
    r"|(?P<note>[ ]?\[\^?\d{1,3}(?:[,–-] ?\d{1,3}){0,9}\]|【\d[^】\s]{0,40}】)"
    r"|(?P<url><https?://[^\s<>]{1,500}>)"
    rf"|(?P<tag></?{_TAGS}(?: (?:href|src|class|id|style|alt|width|height)=[^<>\n]{{0,200}})?[ ]?/?>)"
    r"|(?P<mark>\*+|_+|`+|~~+)"
)
_WHOLE = re.compile(_COMPLETE)
# At the end of a growing text each of these may still become something else.
_GROWING = re.compile(
    rf"(?P<open>(?:\$\$?{_INNER}{{0,300}}\$?|\\\((?:(?![.!?]\s|\\\))[^\n]){{0,200}}\\?)\Z)"
    r"|(?P<open_mark>(?:\\|!?\[[^\]\[\n]{0,300}|!?\[[^\]\[\n]{0,300}\](?:\([^()\n]{0,600}(?:\([^()\n]{0,100}\)?"
    r"[^()\n]{0,300})?)?|!|<[^<>\n]{0,500}|【[^】\n]{0,40}|[*_`~]+)\Z)"
    rf"|{_COMPLETE}"
)


def plain(raw: Marked, *, growing: bool = False) -> tuple[Marked, bool]:
    """Take the markup out of `raw`. With `growing`, stop before markup that is not closed yet: then True."""
    text = raw.text
    kept: list[tuple[int, int]] = []
    done = 0
    held = False
    for match in (_GROWING if growing else _WHOLE).finditer(text):
        group = match.lastgroup
        start, end = match.span()
        if group in ("open", "open_mark"):
            kept.append((done, start))
            done, held = len(text), True
            break
        if group == "math" or (group == "mark" and _stays(text, start, end)):
            continue
        kept.append((done, start))
        if group == "link":
            kept.append(match.span("label"))
        elif group == "escape":
            kept.append((end - 1, end))
        elif group == "url":
            kept.append((start + 1, end - 1))
        done = end
    return (raw.picked([*kept, (done, len(text))]) if kept else raw), held


def unbroken(raw: Marked) -> list[tuple[int, int]]:
    """Where links and formulas stand in the answer: half-open ranges, marks included. A part of one is none."""
    found = (match.span() for match in _WHOLE.finditer(raw.text) if match.lastgroup in ("link", "math"))
    return [(raw.place(start), raw.place(end - 1) + 1) for start, end in found]


def _stays(text: str, start: int, end: int) -> bool:
    """Whether a run of `*`, `_`, a backtick or `~` is a character of the sentence: 2 * 3, snake_case."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    mark = text[start]
    if mark == "`":
        return False
    if before.isspace() and after.isspace():
        return True
    inside = before.isalnum() and after.isalnum()
    return inside and (mark == "_" or (mark == "*" and end - start == 1))
