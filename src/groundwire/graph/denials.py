"""What a claim's "not" denies: the clause that it stands in, and nothing beyond."""

from collections.abc import Container, Iterator

from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS

_DENIALS = """
not never neither nor cannot isnt arent wasnt werent didnt doesnt dont hasnt havent hadnt wont cant couldnt wouldnt
shouldnt aint nobody none nothing nowhere no
"""
NEGATIONS = frozenset(_DENIALS.split())
_BUT_MORE = frozenset(["alone", "just", "merely", "necessarily", "only", "simply", "solely", "until"])
_COMPARING = frozenset(["earlier", "fewer", "greater", "higher", "later", "less", "lower", "more"])
_OPENING = "and because but or since that where which while who whom whose"
_CLAUSES = frozenset(_OPENING.split())
_STRESSED = frozenset(["actually", "either", "ever", "even", "really"])


def denials(reading: Reading) -> list[int]:
    """The places of the words that deny something. "No 5" is a number, and "no more than 5" a limit."""
    inside = {at for mention in reading.mentions for at in range(mention.first, mention.last)}
    tokens = reading.tokens
    return [
        at
        for at, token in enumerate(tokens)
        if token.norm in NEGATIONS
        and at not in inside
        and at not in reading.affirmed
        and not (token.norm == "no" and tokens[at + 1 : at + 2] and tokens[at + 1].norm[0].isdigit())
        and not (at + 2 < len(tokens) and tokens[at + 1].norm in _COMPARING and tokens[at + 2].norm == "than")
    ]


def denied(reading: Reading, one: Mention, other: Mention, own: Container[str]) -> Iterator[int]:
    """The places of the words that deny a relation of two mentions, whose own words are `own`.

    Such a word stands between the two, and from there on all that is said is the relation: "Ann was not born in Ulm".
    "Ann, who was not rich, was born in Ulm" and "not only born in Ulm" deny nothing of the kind.
    """
    first, second = sorted((one, other), key=lambda mention: mention.start)
    for at in denials(reading):
        if max(0, first.last) <= at < second.first and not _breaks(reading, at, second.first):
            words = range(at + 1, second.first)
            if reading.tokens[at + 1].norm not in _BUT_MORE and all(_says(reading, word, own) for word in words):
                yield at


def apart(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether all denials of the claim stand in other clauses than the one about these two mentions."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    for at in denials(reading):
        if at < first.first:
            cut = _breaks(reading, at, first.first, that=False)
        elif at < second.first:
            cut = _breaks(reading, at, second.first, that=False)
        else:
            cut = _breaks(reading, second.last - 1, at)
        if not cut:
            return False
    return True


def _breaks(reading: Reading, start: int, end: int, *, that: bool = True) -> bool:
    """Whether a clause ends between two places. `that`: one that "that" opens counts."""
    openers = _CLAUSES if that else _CLAUSES - {"that"}
    for at in range(start + 1, min(end + 1, len(reading.tokens))):
        if at < end and reading.tokens[at].norm in openers:
            return True
        if any(mark in reading.text[reading.tokens[at - 1].end : reading.tokens[at].start] for mark in ",;:()—–"):
            return True
    return False


def _says(reading: Reading, at: int, own: Container[str]) -> bool:
    norm = reading.tokens[at].norm
    named = any(one.first <= at < one.last for one in reading.mentions)
    return named or norm in FUNCTION_WORDS or norm in _STRESSED or reading.stems[at] in own
