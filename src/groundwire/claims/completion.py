"""What a line leaves out: the label before it, or whom its heading names."""

import re

from groundwire.claims.lexicon import ATTRIBUTES, BE, PREPOSITIONS
from groundwire.claims.marked import Marked, joined, put_in, small
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import SUBJECTS

_LABEL = re.compile(r"([A-Z][\w ’'()/&-]{0,40}):\s+(?=\S)")
_NO_LABEL = BE | {
    *("he", "she", "it", "they", "i", "we", "you", "who", "said", "says", "say", "wrote", "asked", "include"),
    *("includes", "following", "according", "if", "when"),
}
DONE = frozenset(
    (
        "born",
        "founded",
        "established",
        "built",
        "completed",
        "released",
        "published",
        "launched",
        "formed",
        "discovered",
    )
)
_DAY = re.compile(r"[A-Z][a-z]+ \d{1,2}\b(?!\d)|\b\d{1,2} [A-Z][a-z]+")
_LONGEST_VALUE = 12  # words


def label(text: str) -> tuple[str, int]:
    """The label before a colon and where the rest begins: ("Rome", 6) of "Rome: It is old."; ("", 0) for none."""
    match = _LABEL.match(text)
    if match is None or set(match[1].lower().split()) & _NO_LABEL:
        return "", 0
    return match[1], match.end()


def attribute(name: str, value: str) -> str:
    """The attribute that a label names, in small letters: "population"; empty where it is none, or the value long."""
    words = name.split()
    head = words[words.index("of") - 1] if "of" in words[1:] else words[-1]
    if head.lower() not in ATTRIBUTES or len(value.split()) > _LONGEST_VALUE:
        return ""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)


def dated(name: str, value: Marked, owner: Marked) -> Marked | None:
    """ "Founded: 753 BC" of Rome: "Rome was founded in 753 BC.". None where the label says of nobody what was done."""
    text = value.text
    if name.lower() not in (*DONE, "died") or len(text.split()) > _LONGEST_VALUE or not text:
        return None
    verb = "died" if name.lower() == "died" else f"was {name.lower()}"
    between = "" if text.split()[0].lower() in PREPOSITIONS else "on " if _DAY.match(text) else "in "
    return joined([owner, put_in(f" {verb} {between}"), value, put_in("" if text[-1:] in ".!?" else ".")])


def of_whom(tree: Tree, words: Marked, owner: Marked) -> Marked | None:
    """A sentence without a subject, below a name: "Born in Warsaw." says that Marie Curie was born in Warsaw."""
    if not tree.roots or tree.roots[0] != 0 or tree.child(0, *SUBJECTS, "aux", "auxpass") is not None:
        return None
    if tree.child(0, "dobj") is None and (tree.tags[0] == "VBN" or tree.lowers[0] in DONE):
        return joined([owner, put_in(" was "), small(words)])
    return joined([owner, put_in(" "), small(words)]) if tree.tags[0] == "VBD" else None
