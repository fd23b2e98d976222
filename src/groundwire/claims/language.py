"""In which language a text is. Names and numbers in any language pass as English.

By itself this room tells English from the rest, by script and function words. Where other languages are to be read,
a statistical identifier (py3langid, after Lui and Baldwin 2012) tells which one it is.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from groundwire.claims.lexicon import ENGLISH as FUNCTION_WORDS
from groundwire.claims.lexicon import FOREIGN, ONLY_ENGLISH, WRITTEN
from groundwire.errors import ConfigError

ENGLISH = "en"
UNKNOWN = ""
"""A language of which nothing is told but that it is not English."""

_ENOUGH = 4
_SURE = 0.5  # the least probability of another language, where no function word speaks against English
_CLEARER = 4  # and how many times that of English it must be
_AS_BEFORE = 3  # how many times likelier the language of the sentence before is
_OTHER_NAMES = {"nb": "no"}  # what spaCy calls a language, and what the identifier does


class Languages:
    """Tells the language of a sentence. Safe to share between threads.

    `others`: ISO 639 codes of the languages besides English that are to be told. Without any, all that is told is
    whether a text is English, and nothing is loaded. Raises: ConfigError for a code that the identifier does not know.
    """

    def __init__(self, others: Sequence[str] = ()) -> None:
        self._names = {_OTHER_NAMES.get(code, code): code for code in others}
        self._identifier = _identifier(self._names) if others else None

    def of(self, text: str, before: str) -> str:
        """The ISO 639 code of the text's language; UNKNOWN where nothing is told but that it is not English.

        `before` is the language of the sentence before, which decides where little else does.
        """
        english = is_english(text)
        if self._identifier is None:
            return ENGLISH if english else UNKNOWN
        if english and before in (ENGLISH, UNKNOWN) and _speaks_english(text):
            return ENGLISH
        ranked = self._identifier.rank(text)
        likely = {self._names.get(code, code): float(probability) for code, probability in ranked}
        if before in likely:
            likely[before] *= _AS_BEFORE
        best = max(likely, key=lambda code: likely[code])
        if not english:
            return UNKNOWN if best == ENGLISH else best
        clear = likely[best] >= _SURE * sum(likely.values()) and likely[best] >= _CLEARER * likely[ENGLISH]
        return best if clear or best == before else ENGLISH


def _identifier(names: Mapping[str, str]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    for code, name in names.items():
        if code == ENGLISH:
            raise ConfigError("claims.pipelines.en", "the pipeline for English stands elsewhere.", "claims.pipeline")
        if code not in known:
            codes = ", ".join(sorted(known - {ENGLISH}))
            raise ConfigError(f"claims.pipelines.{name}", "it cannot be told from others.", f"one of {codes}")
    identifier.set_languages(sorted(WRITTEN | set(names)))
    return identifier


def is_english(text: str) -> bool:
    """False for text mostly in another script, or with more function words of other languages than English ones."""
    if not text.isascii() and not _mostly_latin(text):
        return False
    words = _words(text)
    foreign = sum(word in FOREIGN for word in words)
    english = sum(word in FUNCTION_WORDS for word in words)
    return not (len(words) >= _ENOUGH and foreign >= 2 and foreign > 2 * english and foreign * 7 >= len(words))


def _speaks_english(text: str) -> bool:
    """Whether its function words are English ones: one that no other language has, or many that others have too."""
    words = _words(text)
    foreign = sum(word in FOREIGN for word in words)
    english = sum(word in FUNCTION_WORDS for word in words)
    only = sum(word in ONLY_ENGLISH for word in words)
    return bool(only and only >= foreign) or (english > foreign and english * 4 >= len(words))


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?()\"'“”«»").lower() for word in text.split()]


def _mostly_latin(text: str) -> bool:
    latin = other = 0
    for char in text:
        if char.isalpha():
            if char < "\u0250" or _is_latin(char):
                latin += 1
            else:
                other += 1
    return other <= latin


@lru_cache(maxsize=4096)
def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith(("LATIN", "FULLWIDTH LATIN", "MATHEMATICAL"))
