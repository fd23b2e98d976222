"""The plainest verifier there is: which words of the answer does the context not have? To be beaten."""

import re

_WORD = re.compile(r"\w+")


def missing_words(answer: str, context: str) -> float:
    """The share, 0 to 1, of the answer's words and numbers that the context does not have; 0 where it has none.

    Words of up to three letters are not counted: most of them say nothing that could be backed.
    """
    said = [word for word in _WORD.findall(answer.lower()) if len(word) > 3 or word.isdecimal()]
    there = set(_WORD.findall(context.lower()))
    return sum(word not in there for word in said) / len(said) if said else 0.0
