"""What opens a list, and how its items complete it: "The firm offers:" and "Loans" say that the firm offers loans."""

from typing import NamedTuple

from groundwire.claims.lexicon import BE, LEADING, NATIONAL
from groundwire.claims.marked import Marked, joined, put_in, small
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import SUBJECTS

_JOINING = frozenset(("if", "that", "because", "when", "whether", "and", "or", "than", "while", "before", "after"))
_HELPING = frozenset(("let", "lets", "help", "helps", "makes", "make"))
_WHOM = frozenset(("you", "they", "it", "he", "she", "we"))
_SUPPOSING = frozenset(("if", "when", "unless", "because", "while", "until", "once", "whenever"))
_COUNTING = ("det", "nummod", "predet", "quantmod", "poss")
_MANY = frozenset(("many", "several", "some", "few", "various", "following", "different", "certain", "more", "couple"))
_TALK = frozenset(
    ("sources", "references", "notes", "steps", "tips", "instructions", "examples", "ingredients", "links")
)


LONGEST = 300
"""Code points of a lead, which every item of its list has in its claim: a longer one is left out."""


class Lead(NamedTuple):
    """What the items of a list complete: items deeper than `level` (-1: all), with a noun or a verb as `takes` says.

    A "clause" takes its verb in any form: "if you" is completed by "are pregnant". `text` is empty where they complete
    nothing; `unresolved` are words of it whose meaning is not known.
    """

    level: int
    text: str
    takes: str
    unresolved: tuple[str, ...] = ()


SOURCES = Lead(-1, "", "sources")
"""What a list of sources is headed by: its items say nothing."""


class Opening(NamedTuple):
    """The tokens of a lead-in that its items complete, the words to put behind them, and what they `take`.

    `stated` where the sentence says something by itself.
    """

    tokens: tuple[int, ...]
    ending: str
    takes: str
    stated: bool


def opening(tree: Tree, *, heads: bool = False) -> Opening | None:
    """How a sentence that ends in a colon opens a list; None where items complete nothing.

    Where it `heads` the list as a heading, it may break off without a colon: "Do not take it if you".
    """
    end = len(tree.tags)
    while end and not any(c.isalnum() for c in tree.words[end - 1]):
        end -= 1
    colon = tree.text.rstrip("* ").endswith(":")
    if not end or not (colon or heads):
        return None
    last = end - 1
    if not colon:
        takes = _takes(tree, last)
        return Opening(tuple(range(end)), "", takes, False) if takes in ("verb", "clause") else None
    pair = (tree.lowers[last - 1], tree.lowers[last]) if last else ("", "")
    if pair in (("as", "follows"), ("the", "following")):
        end -= 2
        last = end - 1
        if last < 0 or not (_is_open(tree, last) or tree.lowers[last] in BE):
            return None
    takes = _takes(tree, last)
    if takes:
        return Opening(tuple(range(end)), "", takes, False)
    return _counted(tree, end) or _listing(tree, end)


def _is_open(tree: Tree, last: int) -> bool:
    """Whether a verb or preposition stands without what it is to be followed by."""
    word, tag = tree.lowers[last], tree.tags[last]
    if word in _JOINING:
        return False
    return tag in ("IN", "TO", "RP") or word in LEADING or (tag in ("VBZ", "VBD", "VBP", "VB") and last in tree.roots)


def _takes(tree: Tree, last: int) -> str:
    word = tree.lowers[last]
    if word == "to" or tree.tags[last] == "MD":
        return "verb"
    if (word in _WHOM and tree.lowers[last - 1] in _SUPPOSING) or (
        word == "who" and any(tree.tags[t][:2] in ("VB", "MD", "IN") for t in range(last))
    ):
        return "clause"  # "Do not take it if you", "Not for people who"; "those who" alone says nothing
    if word in ("you", "users", "people", "them") and tree.lowers[tree.heads[last]] in _HELPING:
        return "verb"
    return "noun" if _is_open(tree, last) and any(tree.tags[t][:2] in ("NN", "PR") for t in range(last)) else ""


def _counted(tree: Tree, end: int) -> Opening | None:
    """ "There are three types of muscle" and "Here are some benefits": types of muscle include, benefits include."""
    root = tree.roots[0] if tree.roots else 0
    first = tree.lowers[0]
    if first not in ("there", "here") or tree.lowers[root] not in BE:
        return None
    noun = tree.child(root, "attr", "nsubj")
    if noun is None or tree.tags[noun] != "NNS" or noun < root:
        return None
    left_out = {c for c in tree.children[noun] if tree.deps[c] in _COUNTING or tree.lowers[c] in _MANY}
    tokens = tuple(t for t in tree.subtree(noun, left_out) if t < end)
    return Opening(tokens, " include", "noun", first == "there") if tree.lowers[noun] not in _TALK else None


def _listing(tree: Tree, end: int) -> Opening | None:
    """ "Benefits of yoga" and "He won three awards"."""
    root = tree.roots[0] if tree.roots else 0
    if tree.child(root, *SUBJECTS) is not None and tree.tags[root].startswith("VB"):
        return Opening(tuple(range(end)), ":", "noun", True)
    if any(tree.tags[t].startswith("VB") or tree.tags[t] == "MD" for t in range(end)):
        return None
    is_list = tree.tags[root] == "NNS" and tree.lowers[root] not in _TALK
    return Opening(tuple(range(end)), " include" if is_list else ":", "noun", False)


def fills(lead: Lead, tree: Tree) -> bool:
    """Whether a list item says nothing by itself, and is what the lead takes."""
    if not tree.roots or not lead.text:
        return False
    root = tree.roots[0]
    verbs = any(  # "blurred vision" has none
        (tag.startswith("VB") and tree.deps[t] != "amod") or tag == "MD" for t, tag in enumerate(tree.tags)
    )
    if not verbs:
        return True
    below = [c for c in tree.children[root] if c != root]
    if any(tree.deps[c] in SUBJECTS for c in below):
        return False
    if lead.takes == "clause":
        return any(tree.tags[t][:2] in ("VB", "MD") and tree.tags[t] != "VBG" for t in {0, root})
    opens = all(c > root or tree.deps[c] in ("neg", "advmod", "preconj") for c in below)
    bare = opens and (root == 0 or tree.deps[0] == "neg") and not any(tree.deps[c] in ("aux", "auxpass") for c in below)
    return bare and tree.tags[root] in (("VBG",) if lead.takes == "noun" else ("VB", "VBP"))


def completed(lead: Lead, words: Marked, tree: Tree) -> Marked:
    """A list item with its lead-in."""
    first = tree.lowers[0]
    is_name = tree.tags[0] in ("NNP", "NNPS") or first in NATIONAL or first.endswith(("ese", "ish", "ian", "ican"))
    own = words if is_name else small(words)
    own = own.cut(0, len(own.text.rstrip(" :;,")))
    return joined([put_in(lead.text + " "), own, put_in("" if own.text[-1:] in ".!?" else ".")])
