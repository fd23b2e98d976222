"""What a fragment leaves out: the question it answers, or the lead-in of its list."""

import re
from typing import NamedTuple

from groundwire.claims.lexicon import BE, PREPOSITIONS
from groundwire.claims.marked import Marked, joined, put_in, small
from groundwire.claims.parse import Tree
from groundwire.claims.phrases import SUBJECTS

_LONGEST_ANSWER = 12  # words
_LONGEST_LEAD = 300  # code points: every item of the list has it in its claim
_LEADING = BE | {"include", "includes", "included", "contain", "contains", "comprise", "comprises"}
_LABEL = re.compile(r"([A-Z][\w ’'()/&-]{0,40}):\s+(?=\S)")
_NO_LABEL = BE | {
    *("he", "she", "it", "they", "i", "we", "you", "who", "said", "says", "say", "wrote", "asked", "include"),
    *("includes", "following", "according", "if", "when"),
}
_DAY = re.compile(r"[A-Z][a-z]+ \d{1,2}\b(?!\d)|\b\d{1,2} [A-Z][a-z]+")


class Frame(NamedTuple):
    """A question turned into a statement with a gap: `before` gap `after`; `asks` is "what", "when" or "where"."""

    before: str
    after: str
    asks: str


def frame(tree: Tree) -> Frame | None:
    """The statement that answers a question: "What is the capital of Italy?" gives "The capital of Italy is …"."""
    if len(tree.roots) != 1 or not tree.text.rstrip().endswith("?"):
        return None
    root = tree.roots[0]
    asking = next((t for t in range(min(3, len(tree.tags))) if tree.tags[t] in ("WP", "WRB")), None)
    if asking != 0:
        return None
    word = tree.lowers[asking]
    subject = tree.child(root, *SUBJECTS)
    rest = [t for t in range(asking + 1, len(tree.tags)) if tree.words[t] != "?"]
    if word in ("who", "what") and subject == asking and tree.tags[root] != "VB":
        return Frame("", _text(tree, rest), "what")
    if subject is None or subject == asking:
        return None
    about = tree.subtree(subject)
    after = [t for t in rest if t not in about]
    if word in ("who", "what") and tree.lowers[root] in BE and after == [root]:
        return Frame(f"{_text(tree, about)} {tree.words[root]}", "", "what")
    helpers = [t for t in after if tree.deps[t] in ("aux", "auxpass") and t < root]
    if word in ("when", "where") and (helpers or tree.lowers[root] in BE):
        first = helpers or [root]
        last = [t for t in after if t not in first]
        return Frame(f"{_text(tree, about)} {_text(tree, [*first, *last])}", "", word)
    return None


def answered(question: Frame, words: Marked) -> Marked | None:
    """The fragment in the question's gap, or None where it is too long to be an answer only."""
    text = words.text.rstrip(" .!")
    own = words.cut(0, len(text))
    if not text or len(text.split()) > _LONGEST_ANSWER:
        return None
    before = question.before
    if question.asks != "what" and text.split()[0].lower() not in PREPOSITIONS:
        before += " on" if question.asks == "when" and _DAY.search(text) else " in"
    elif question.before and text.split()[0].lower() in PREPOSITIONS | {"a", "an", "the"}:
        own = small(own)
    before = before[:1].upper() + before[1:]
    return joined(
        [put_in(before + " " if before else ""), own, put_in((" " + question.after if question.after else "") + ".")]
    )


def lead(text: str) -> str:
    """What the items of a list complete: "The members are" of "The members are:"; empty where they complete nothing."""
    words = text[:-1].split() if text.endswith(":") and len(text) <= _LONGEST_LEAD else []
    return text[:-1].rstrip() if words and words[-1].lower() in _LEADING else ""


def completed(lead_in: str, words: Marked) -> Marked:
    """A list item with its lead-in."""
    return joined([put_in(lead_in + " "), words, put_in("" if words.text[-1:] in ".!?" else ".")])


def label(text: str) -> tuple[str, int]:
    """The label before a colon and where the rest begins: ("Rome", 6) of "Rome: It is old."; ("", 0) for none."""
    match = _LABEL.match(text)
    if match is None or set(match[1].lower().split()) & _NO_LABEL:
        return "", 0
    return match[1], match.end()


def _text(tree: Tree, tokens: list[int]) -> str:
    """The tokens as they stand, with one space where others are left out."""
    parts = [
        tree.words[token] + (" " if at + 1 < len(tokens) and _spaced(tree, token, tokens[at + 1]) else "")
        for at, token in enumerate(tokens)
    ]
    return "".join(parts)


def _spaced(tree: Tree, left: int, right: int) -> bool:
    return right != left + 1 or tree.ends[left] < tree.starts[right]
