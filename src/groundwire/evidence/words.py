"""Words as the ranking sees them: folded, stemmed, numbers in one form, function words left out."""

import re
import threading
import unicodedata
from collections.abc import Callable

import Stemmer

_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*+|[^\W\d_]+(?:['’][^\W\d_]+)*+|[^\W_]+")
# The same for a text in ASCII, in half the time: a class of letters is a table there.
_ASCII_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*+|[A-Za-z]+(?:'[A-Za-z]+)*+|[A-Za-z0-9]+")
_FUNCTION_WORDS = (
    "a an the this that these those it its he she they him her his hers their theirs them we us our ours you your "
    "yours i me my mine who whom whose which what where when why how there here and or but nor so yet if then than "
    "as at by for from in into of off on onto out over to up with within without about between through during "
    "before after above below under again further once is am are was were be been being have has had having do "
    "does did doing will would shall should can could may might must not no only own same such too very just also "
    "s t d ll m re ve don't isn't it's that's each some any all both more most other"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


Term = tuple[str, float]


class _Known(dict[str, Term | None]):
    """The terms of the words met so far, None for a function word; a new word is stemmed when it is looked up."""

    def __init__(self) -> None:
        self._stem: Callable[[str], str] = Stemmer.Stemmer("english").stemWord

    def __missing__(self, word: str) -> Term | None:
        term = _term(word, self._stem)
        worth = 2.0 if word[0].isdigit() else 1.5 if word[0].isupper() else 1.0
        self[word] = known = (term, worth) if term else None
        return known


class _Local(threading.local):
    """A stemmer keeps a buffer of its own, so threads do not share one; what is known saves most calls."""

    def __init__(self) -> None:
        self.known = _Known()


_local = _Local()
_CACHE = 50_000


def fold(word: str) -> str:
    """Case, accents, ligatures and thousand separators away: "Pāṇini" is "panini", "1,203" is "1203"."""
    if word[0].isdigit():
        return word.replace(",", "")
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return word.casefold()


def terms(text: str) -> list[Term]:
    """The terms of a text with what each is worth: a number 2, a name (a capital letter) 1.5, another word 1."""
    known = _local.known
    if len(known) > _CACHE:
        known.clear()
    words = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    return [term for word in words if (term := known[word])]


def _term(word: str, stem: Callable[[str], str]) -> str:
    folded = fold(word).replace("’", "'")
    if folded in _FUNCTION or not folded:
        return ""
    return stem(folded.removesuffix("'s")[:64])
