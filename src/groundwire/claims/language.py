"""Whether a text is English, by its script and its function words. Names and numbers in any language pass."""

import unicodedata
from functools import lru_cache

from groundwire.claims.lexicon import ENGLISH, FOREIGN

_ENOUGH = 4


def is_english(text: str) -> bool:
    """False for text mostly in another script, or with more function words of other languages than English ones."""
    if not text.isascii() and not _mostly_latin(text):
        return False
    words = [word.strip(".,;:!?()\"'“”«»").lower() for word in text.split()]
    foreign = sum(word in FOREIGN for word in words)
    english = sum(word in ENGLISH for word in words)
    return not (len(words) >= _ENOUGH and foreign >= 2 and foreign > 2 * english and foreign * 7 >= len(words))


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
