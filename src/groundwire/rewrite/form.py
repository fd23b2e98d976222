"""New words take the form of the old: capital letters, Markdown marks, the article before them, the stop after."""

import re
from typing import NamedTuple

from groundwire.model import Span

MARKS = "*_~`"

_ARTICLE = re.compile(r"\b([Aa]n?)(\s+[*_~`\"“‘']{0,3})$")
_LETTERS = re.compile(r"[A-Z]{2,}\b")
# Spelt with a vowel and spoken with a consonant, and the other way round.
_CONSONANT = re.compile(r"(?:eu|ewe|one\b|once\b|uni(?!n|m)|us[aeiu]|ut[eio]|ubiq|u[\W\d])", re.IGNORECASE)
_VOWEL = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_EIGHT = re.compile(r"8|1[18](?!\d)|1[18](?=[,.]?\d{3}(?!\d))")


class Words(NamedTuple):
    """The words `new` that take the place of `answer[span]`."""

    span: Span
    new: str


def fitted(answer: str, span: Span, new: str, *, floor: int = 0) -> Words:
    """`new` in the form that its place asks for. The span grows only by an article that must change with it."""
    old = span.of(answer)
    new = _marked(old, _capital(answer, span, new))
    if new[-1:] in ".,;:" and answer[span.end : span.end + 1] in (new[-1:], "."):
        new = new[:-1]
    return _with_article(answer, span, new, floor)


def _marked(old: str, new: str) -> str:
    """Keep the emphasis that encloses the old words."""
    front = old[: len(old) - len(old.lstrip(MARKS))]
    back = old[len(old.rstrip(MARKS)) :]
    if not front.strip() and not back.strip():
        return new
    return front + new.strip(MARKS) + back


def _capital(answer: str, span: Span, new: str) -> str:
    """A capital where a sentence begins. Capitals inside a sentence belong to the new words themselves."""
    first = span.of(answer).lstrip(MARKS)[:1]
    if not first.isupper() or not new[:1].islower() or not _begins_sentence(answer, span.start):
        return new
    return new[:1].upper() + new[1:]


def _begins_sentence(answer: str, start: int) -> bool:
    before = answer[max(0, start - 80) : start].rstrip(MARKS + " \t\"“‘'(")
    return not before or before[-1] in ".!?:\n" or bool(re.search(r"(?:^|\n)\s{0,20}(?:[-*+#>]|\d{1,9}[.)])$", before))


def _with_article(answer: str, span: Span, new: str, floor: int) -> Words:
    window = max(floor, span.start - 12)
    found = _ARTICLE.search(answer[window : span.start])
    if found is None:
        return Words(span, new)
    article = found[1]
    if article[0].isupper() and not _begins_sentence(answer, window + found.start(1)):
        return Words(span, new)
    right = "an" if sounds_like_vowel(new.lstrip(MARKS)) else "a"
    if article.lower() == right or not _has_article(span.of(answer).lstrip(MARKS), article):
        return Words(span, new)
    right = right.capitalize() if article[0].isupper() else right
    return Words(Span(window + found.start(1), span.end), right + found[2] + new)


def _has_article(old: str, article: str) -> bool:
    """Whether the article agreed with the old words: one that never did is no article, or not ours to mend."""
    return (article.lower() == "an") == sounds_like_vowel(old)


def sounds_like_vowel(words: str) -> bool:
    """Whether "an" stands before these words. By spelling; English has exceptions that this does not know."""
    if words[:1].isdigit():
        return bool(_EIGHT.match(words))
    if _LETTERS.match(words) and len(words.split()[0]) <= 4:
        return words[0] in "AEFHILMNORSX"
    if _VOWEL.match(words):
        return True
    return words[:1].lower() in tuple("aeiou") and not _CONSONANT.match(words)
