"""Whether a text is English, by its script and its function words. Names and numbers in any language pass."""

import unicodedata
from functools import lru_cache

_ENGLISH = frozenset(
    "the of and to in is was for on that with as by at from it he she they this which are be his her an or were has "
    "have had not but its their been who also will can more than when all there one would about after into other".split()
)
_FOREIGN = frozenset(
    "de la le les des du et est une un dans pour que qui sur pas avec au aux par sont der die das und ist nicht ein "
    "eine den dem mit von zu auf für im es el los las y en por con una del se su al lo il di che è per sono della nel "
    "più o os uma não em do da na no com het een van niet zijn op och att det som är på av til og jest nie się na że".split()
) - _ENGLISH
_ENOUGH = 4


def is_english(text: str) -> bool:
    """False for text mostly in another script, or with more function words of other languages than English ones."""
    latin = other = 0
    for char in text:
        if char.isalpha():
            if char < "\u0250" or _is_latin(char):
                latin += 1
            else:
                other += 1
    if other > latin:
        return False
    words = [word.strip(".,;:!?()\"'“”«»").lower() for word in text.split()]
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in _ENGLISH for word in words)
    return not (len(words) >= _ENOUGH and foreign >= 2 and foreign > 2 * english and foreign * 7 >= len(words))


@lru_cache(maxsize=4096)
def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith(("LATIN", "FULLWIDTH LATIN", "MATHEMATICAL"))
