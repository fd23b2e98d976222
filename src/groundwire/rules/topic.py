"""Whether a statement speaks of a topic: every word of the topic, in any of its forms, stands in the statement.

Word forms are compared by their stems (Porter's algorithm, second version, by the Snowball project). It is a test of
words, not of meaning: "interest rate" is found in "the rates of interest" and not in "the APR". It never guesses.
"""

import re
import threading
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+")
# Function words say nothing about the topic: "rate of interest" is about the interest rate.
_EMPTY = frozenset(["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"])

_stemmer = Stemmer.Stemmer("english")
_stemming = threading.Lock()  # a stemmer keeps the word it works on


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text, lower case, without function words."""
    words = [word for word in _WORD.findall(text.casefold()) if word not in _EMPTY]
    with _stemming:
        return frozenset(_stemmer.stemWords(words))


def about(text: str, topic: str) -> bool:
    """True when every word of `topic` stands in `text` in some form. A topic without words is about nothing."""
    wanted = stems(topic)
    return bool(wanted) and wanted <= stems(text)
