"""Where sentences end, decided from what stands within a fixed reach, so that a growing text gets the same ends.

A full stop ends a sentence when white space and a word that may begin one follow, and it belongs to no
abbreviation, initial, number or open quotation. A newline after a full stop needs no such word.
"""

import re
from collections.abc import Iterator

from groundwire.claims.lexicon import COUNTING, GOING_ON, MAY_END, STARTERS

REACH = 400
"""Code points within which a quotation or bracket must close to hold a sentence together."""
LONGEST = 1000
"""Code points of the longest sentence; a longer one is cut at a semicolon, comma or space."""

_OPENS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", "„": "“", '"': '"'}
_CLOSERS = frozenset(")]}\"'”’»“")
_WIDE = frozenset("。！？")
_TURNS = re.compile(r"[(\[{“«„\"]|[.!?…。！？]+")

# After these a sentence goes on.
# After these it goes on unless a word follows that begins sentences.
_LONGEST_STARTER = 16


def sentences(text: str, *, growing: bool = False) -> list[tuple[int, int]]:
    """Ranges of the sentences of one block, trimmed. With `growing`, only those that more text cannot change.

    A place where a long sentence is cut is among these when the text up to there is cut there too, whatever is in it.
    """
    found: list[tuple[int, int]] = []
    last = -LONGEST  # where what was cut off before begins
    for start, end, stands in _ranges(text, growing):
        begin = last
        last = start if stands is not None else -LONGEST
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if growing and stands is not None and not (stands and _is_plain(text, end) and end - begin > LONGEST):
            continue
        if start < end:
            found.append((start, end))
    return found


def _ranges(text: str, growing: bool) -> Iterator[tuple[int, int, bool | None]]:
    """Untrimmed; of what was cut off for its length, also whether it was at white space and outside brackets."""
    start = inside = reach = 0
    for match in _TURNS.finditer(text):
        at, end = match.span()
        for cut in _cuts(text, start, at):
            yield start, cut, cut > reach and text[cut - 1].isspace()
            start = cut
        if text[at] in _OPENS:
            if at < inside or (text[at] == '"' and not _opens(text, at)):
                continue
            close = text.find(_OPENS[text[at]], at + 1, at + 1 + REACH)
            if close < 0 and growing and at + 1 + REACH > len(text):
                return
            inside = close
            reach = max(reach, close)
            continue
        while end < len(text) and text[end] in _CLOSERS:
            end += 1
        if end <= inside:
            continue
        verdict = _ends(text, start, at, match.end(), end, growing)
        if verdict is None:
            return
        if verdict:
            yield start, end, None
            start = end
    for cut in _cuts(text, start, len(text)):
        yield start, cut, cut > reach and text[cut - 1].isspace()
        start = cut
    if not growing:
        yield start, len(text), None


def _is_plain(text: str, end: int) -> bool:
    """Whether a word ends here, or one with a comma: nothing that markup or a sentence could end with."""
    return text[end - 1].isalnum() or (text[end - 1] in ",;:" and text[end - 2 : end - 1].isalnum())


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in "([{—–-") and not after.isspace()


def _cuts(text: str, start: int, seen: int) -> Iterator[int]:
    """Places to cut a sentence that began at `start` and has not ended at `seen`."""
    while seen - start > LONGEST:
        low, high = start + LONGEST // 2, start + LONGEST
        for mark in ("; ", ": ", ", ", " ", "\n"):
            at = text.rfind(mark, low, high)
            if at >= 0:
                start = at + len(mark)
                break
        else:
            start = high
        yield start


def _ends(text: str, start: int, at: int, stop: int, end: int, growing: bool) -> bool | None:
    """Whether the marks `text[at:stop]`, with closers up to `end`, end the sentence; None: not to be told yet."""
    if text[stop - 1] in _WIDE:
        return None if growing and end == len(text) else True
    if end == len(text):
        return None if growing else True
    if not text[end].isspace():
        return False
    following = end
    while following < len(text) and text[following].isspace():
        following += 1
    broken = "\n" in text[end:following]
    word = _word_before(text, start, at)
    if following == len(text) and growing and not (broken and not _is_short(word)):
        return None
    if text[at:stop] == "." and _is_short(word) and following < len(text):
        return _ends_after_short(text, word, following, growing)
    if following == len(text) or broken:
        return True
    if text[at:stop] == "." and word.isdigit() and not text[start : at - len(word)].strip():
        return False  # "1. First item" within a line
    if text[at:stop] == "." and _is_german_short(text, word, start, at, following):
        return False
    first = following
    while first < len(text) and text[first] in "\"'“‘«([{„":
        first += 1
    if first == len(text):
        return None if growing else True
    if end > stop and text[first] in "—–":
        return False  # "It is over." — Anna Berg
    return not text[first].islower()


def _is_german_short(text: str, word: str, start: int, at: int, following: int) -> bool:
    """An ordinal, which nouns with their capitals follow ("im 19. Jahrhundert"), or the first half of "z. B."."""
    if word == "z":
        return text[following] == "B"
    if not word.isdigit() or len(word) > 3:
        return False
    before = len(text[start : at - len(word)].rstrip()) + start
    return _word_before(text, start, before).lower() in COUNTING


def _word_before(text: str, start: int, at: int) -> str:
    left = max(start, at - 24)
    word = text[left:at]
    cut = max(word.rfind(" "), word.rfind("\n"), word.rfind("\t"))
    return word[cut + 1 :].lstrip("(\"'“‘[")


def _is_short(word: str) -> bool:
    low = word.lower()
    initial = len(word) == 1 and word.isalpha() and word.isupper() and word != "I"
    return initial or low in GOING_ON or low in MAY_END or _is_dotted(word)


def _is_dotted(word: str) -> bool:
    """U.S, J.R.R, e.g: letters each with a full stop between."""
    return len(word) >= 3 and all((c == ".") == bool(i % 2) for i, c in enumerate(word)) and word[-1] != "."


def _ends_after_short(text: str, word: str, following: int, growing: bool) -> bool | None:
    low = word.lower()
    if low in ("no", "nos"):
        return not text[following].isdigit()
    if low in GOING_ON:
        return False
    if len(word) == 1:
        return False
    if text[following].islower():
        return False
    end = following
    while end < len(text) and end - following < _LONGEST_STARTER and text[end].isalpha():
        end += 1
    if growing and end == len(text) and end - following < _LONGEST_STARTER:
        return None
    return text[following:end].lower() in STARTERS
