"""Whose relation a claim states of two names, by the order of its words: who supplies whom, what is whose capital.

Only the name of the relation is known here. "capital" is said of what has one, "capital_of" of what is one; "owner" of
what is owned, "owned_by" too, "owns" of who owns it. Where name or claim can be read either way, nothing is said.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, relation_words, stem

Shape = Literal["by", "of", "to", "verb", "doer", "noun"]

_BE = frozenset(
    ["is", "are", "was", "were", "be", "been", "being", "became", "become", "becomes", "remains", "remained"]
)
_ARTICLES = frozenset(["a", "an", "the"])
_OF = frozenset(["of", "to", "for"])
_TO = frozenset(["against", "at", "for", "from", "in", "into", "on", "onto", "over", "through", "to", "under", "with"])
_BEFORE_A_VERB = (
    "also now currently originally still formerly previously once later has have had did does do will who that"
)
_LIGHT = frozenset([*_BEFORE_A_VERB.split(), "which", "not", "never"])
_NO_DOERS = "border center chapter character color letter member number order paper partner power river tower water"
_NEVER_DOING = frozenset(_NO_DOERS.split())
_DOERS = frozenset(["captain", "chair", "coach", "head", "host", "pilot"])
# What either of the two is to the other, or is called in either order.
_EITHER_WAY = """
adjacent ally analog associate border brother class classmate colleague companion compatible competitor connect cousin
counterpart different enemy equal equivalent example family form friend genus instance interact kind link married marry
match meet member genre neighbor neighbour near opponent pair parallel part partner peer related relative rival same
sibling similar sister sort species spouse style subclass twin type variant variation variety version wed with
"""
_MUTUAL = frozenset(stem(word) for word in _EITHER_WAY.split())


_APART = re.compile(r"[(),;:]| [-–—] ")


class _Said(NamedTuple):
    """`one` is the `noun` of `other` (how "of"), does it to it ("does"), or does it with a word more ("to")."""

    how: Literal["of", "does", "to"]
    one: Mention
    other: Mention
    noun: str


def backwards(reading: Reading, name: str, subject: Mention, object: Mention) -> bool:
    """Whether the claim's words make the object what the relation's name makes the subject."""
    said = _told(reading, name, subject, object)
    return said is not None and said[0] is object


def identified(reading: Reading, name: str, subject: Mention, object: Mention) -> bool:
    """Whether the claim says which one is in this relation: "Ann is Ajax's captain", "Ajax is led by Ann"."""
    said = _told(reading, name, subject, object)
    if said is None or said[0] is not subject or said[1].how == "to":
        return False
    if said[1].how == "does":  # "Ajax is captained by Ann"
        return said[1].one is object and said[1].one.start > said[1].other.start
    first, second = (subject, object) if subject.start < object.start else (object, subject)
    near = [token.norm for token in reading.tokens[max(0, first.first - 4) : second.first]]
    return "the" in near[: near.index(said[1].noun)] if said[1].noun in near[1:] else True


def _told(reading: Reading, name: str, subject: Mention, object: Mention) -> tuple[Mention, _Said] | None:
    words = _own(name)
    if not words or subject.elsewhere is not None or object.elsewhere is not None or object.kind != "name":
        return None
    first, second = (subject, object) if subject.start < object.start else (object, subject)
    if not reading.next_to(first, second):
        return None
    said = _said(reading, words, first, second)
    whose = said and _whose(_shape(words), words, said)
    return (whose, said) if said and whose else None


@lru_cache(maxsize=4096)
def _own(name: str) -> tuple[str, ...]:
    """The words of a relation's name; none where it goes either way."""
    words = relation_words(name.split("(")[0])
    if len(words) > 1 and words[0] in ("has", "have", "had", "is", "was", "are", "were"):
        words = words[1:]
    return () if any(stem(word) in _MUTUAL for word in words) else words


def _shape(words: tuple[str, ...]) -> Shape:
    last = words[-1]
    if len(words) > 1 and last in ("by", "of"):
        return "by" if last == "by" else "of"
    if len(words) > 1 and last in _TO:
        return "to"
    if _does(last):
        return "doer"
    return "verb" if len(words) == 1 and last.endswith("s") and not last.endswith(("ss", "us", "is")) else "noun"


def _does(word: str) -> bool:
    """Whether a noun says who does something: supplier, director, manufacturers."""
    bare = word.removesuffix("s")
    return bare in _DOERS or (len(bare) > 4 and bare.endswith(("er", "or")) and bare not in _NEVER_DOING)


def _whose(shape: Shape, words: tuple[str, ...], said: _Said) -> Mention | None:
    """Whom the relation would be a fact about, if what is said were so; None where that is open."""
    if said.how == "to":
        return said.one if shape == "to" else None
    if said.how == "does":
        if shape in ("by", "doer"):
            return said.other
        return said.one if shape == "verb" or (shape == "of" and not words[-2].endswith("ed")) else None
    if shape == "of":
        return said.one
    if shape == "by":
        return said.other if _does(said.noun) else None
    if shape == "verb":
        return said.one if _does(said.noun) else None
    itself = any(said.noun in (word, f"{word}s") or stem(word) == said.noun for word in words)
    return said.other if itself and shape != "to" else None


def _said(reading: Reading, words: tuple[str, ...], first: Mention, second: Mention) -> _Said | None:
    tokens, own = reading.tokens, {stem(word) for word in words if word not in FUNCTION_WORDS}
    between = [token.norm for token in tokens[first.last : second.first]]
    owned = reading.text[first.end : first.end + 2].replace("’", "'") in ("'s", "' ")
    for at, word in enumerate(between):
        if word in FUNCTION_WORDS or reading.stems[first.last + at] not in own:
            continue
        lead, rest = between[:at], between[at + 1 :]
        if owned:
            return _Said("of", second, first, word) if rest and rest[0] in _BE else None
        after = next((each for each in rest[:3] if each in FUNCTION_WORDS or each in _OF), "")
        is_so = any(each in _BE for each in lead)
        if after == "by":
            return _Said("does", second, first, word) if is_so or not lead else None
        of_it = after in _OF and all(each in _ARTICLES for each in rest[rest.index(after) + 1 :])
        if of_it and _is_it(lead, apposed=reading.text[first.end : first.end + 1] == ","):
            return _Said("of", first, second, word)
        if is_so or not all(each in _LIGHT for each in lead):
            return _Said("to", first, second, word) if rest[:1] == [words[-1]] and words[-1] in _TO else None
        if rest[:1] == [words[-1]] and words[-1] in _TO:
            return _Said("to", first, second, word)
        done = not _APART.search(reading.text, first.end, second.start) and not _is_noun(word)
        return _Said("does", first, second, word) if done and all(each in _ARTICLES for each in rest) else None
    return _around(reading, own, first, second, between)


def _is_noun(word: str) -> bool:
    """Whether a word cannot be the verb: "A (director B)"; "captains" can."""
    return _does(word) and (word in _DOERS or word.removesuffix("s") not in _DOERS)


def _is_it(lead: list[str], *, apposed: bool) -> bool:
    """Whether what stands before a noun says that somebody is it: "is the", "became one of the"; "Ann, the"."""
    begin = max((at + 1 for at, word in enumerate(lead) if word in _BE), default=None)
    if begin is None:
        return apposed and len(lead) == 1 and lead[0] in _ARTICLES
    rest = [word for word in lead[begin:] if word not in _LIGHT]
    if rest[:2] == ["one", "of"]:
        rest = rest[2:]
    if rest and rest[0] in _ARTICLES:
        rest = rest[1:]
    elif any(word.endswith("ed") for word in rest):
        return False  # "is located within the city of"
    return not any(word in FUNCTION_WORDS or word in _TO for word in rest)


def _around(reading: Reading, own: set[str], first: Mention, second: Mention, between: list[str]) -> _Said | None:
    """ "The capital of A is B", "A is B's capital": the word stands before the two, or after them."""
    if not between or between[0] not in _BE or not all(word in _ARTICLES for word in between[1:]):
        return None
    if reading.text[second.end : second.end + 2].replace("’", "'") == "'s":
        after = reading.stems[second.last : second.last + 1]
        return _Said("of", first, second, reading.tokens[second.last].norm) if after and after[0] in own else None
    at = first.first - 1
    while at > 0 and reading.tokens[at].norm in _ARTICLES:
        at -= 1
    if at < 1 or reading.tokens[at].norm not in _OF or reading.stems[at - 1] not in own:
        return None
    return _Said("of", second, first, reading.tokens[at - 1].norm)
