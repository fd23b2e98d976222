"""What somebody is told to do: a rule that a source can have otherwise, like any fact, or only talk to the reader.

"Unplug the machine before cleaning it" is a rule, and so is "Take the tablets with food". "Let me know if you need
more", "Imagine a ball" and "Be patient" are talk.
"""

import re

from groundwire.claims.lexicon import BE, CONVERSATION, IDLE, LIGHT, REFERRING, SUPPOSING, TALKING
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import SUBJECTS

_WHEN = frozenset(("before", "after", "during", "until", "within", "by", "at", "while"))
_US = frozenset(("me", "us", "'s", "’s", "let’s"))
_WANTING = frozenset(("want", "like", "wish", "need", "prefer", "can", "could", "possible"))
_ADDRESS = re.compile(r"\S@\w|\bhttps?://|\bwww\.|\+?\d[\d ()/-]{4,}\d")


def supposes(tree: Tree, head: int) -> bool:
    """Whether the reader is only asked to imagine something: "Suppose you have 10 apples"."""
    return tree.lowers[head] in SUPPOSING


def gives_address(text: str) -> bool:
    """Whether a telephone number or an address stands in the text, which can be wrong."""
    return _ADDRESS.search(text) is not None


def binds(tree: Tree, head: int) -> bool:
    """Whether what the verb at `head` tells the reader to do, or one that it is coordinated with, is a rule.

    It is when it names a thing to do it to, or a time, place or condition, or when it forbids.
    """
    more = tree.child(head, "conj")
    if more is not None and tree.tags[more][:2] == "VB" and binds(tree, more):
        return True
    things = [c for c in tree.children[head] if tree.deps[c] in ("dobj", "dative", "nsubj", "oprd")]
    if tree.lowers[head] in LIGHT and any(tree.lowers[c] in IDLE for c in things):
        return False
    inner = _inner(tree, head)
    if inner is not None and tree.lowers[head] not in SUPPOSING and not _addresses_us(tree, head):
        subject = tree.child(inner, *SUBJECTS)
        if (subject is not None and _is_named(tree, subject)) or binds(tree, inner):
            return not (subject is not None and tree.lowers[subject] in _US)
    if tree.lowers[head] in TALKING or _addresses_us(tree, head):
        return False
    refers = tree.lowers[head] in REFERRING
    if not refers and any(_is_named(tree, c) for c in things):
        return True
    if any(_is_circumstance(tree, c, refers) for c in tree.children[head]):
        return True
    forbids = tree.child(head, "neg") is not None and tree.child(head, "prt") is None
    return forbids and inner is None and tree.lowers[head] not in BE


def recommended(tree: Tree, head: int) -> bool:
    """Whether "we recommend" is followed by a rule: "changing the filter every month", "that you change it in May"."""
    inner = _inner(tree, head) if tree.lowers[head] in ("recommend", "advise", "suggest") else None
    if inner is None:
        return False
    subject = tree.child(inner, *SUBJECTS)
    return binds(tree, inner) or (subject is not None and _is_named(tree, subject))


def preferred(tree: Tree, head: int) -> bool:
    """Whether what "is best" is a rule: "It is best to store it in the fridge"."""
    said, inner = tree.child(head, "acomp"), _inner(tree, head)
    if said is None or inner is None or tree.lowers[said] not in ("best", "better"):
        return False
    return tree.tags[inner] == "VB" and binds(tree, inner)


def _inner(tree: Tree, head: int) -> int | None:
    """The verb that says what is to be done: of "make sure to back it up", "be careful not to touch it"."""
    said = tree.child(head, "acomp")
    for at in (head, *(() if said is None else (said,))):
        if (inner := tree.child(at, "xcomp", "ccomp")) is not None and tree.tags[inner][:2] == "VB":
            return inner
    return None


def _addresses_us(tree: Tree, head: int) -> bool:
    """ "Tell me", "share it with us"."""
    below = list(tree.children[head])
    below += [c for t in below if tree.deps[t] in ("prep", "dative", "ccomp", "xcomp") for c in tree.children[t]]
    return any(tree.lowers[t] in _US and tree.tags[t] == "PRP" for t in below)


def _is_named(tree: Tree, token: int) -> bool:
    """Whether a noun or number names the thing, and none that conversations are about."""
    return tree.tags[token][:2] in ("NN", "CD") and tree.lowers[token] not in CONVERSATION


def _is_circumstance(tree: Tree, token: int, refers: bool) -> bool:
    """Whether a phrase beside the verb says when, where, how or on what condition."""
    label = tree.deps[token]
    if label == "advmod":  # "away from alcohol"
        return any(tree.deps[c] == "prep" and _is_circumstance(tree, c, refers) for c in tree.children[token])
    if label not in ("prep", "advcl", "npadvmod"):
        return False
    if refers and label == "prep" and tree.lowers[token] not in _WHEN:
        return False
    inside = tree.subtree(token)
    if any(tree.lowers[t] in CONVERSATION for t in inside):
        return False
    return any(tree.tags[t][:2] in ("NN", "CD", "VB") and tree.lowers[t] not in _WANTING for t in inside)
