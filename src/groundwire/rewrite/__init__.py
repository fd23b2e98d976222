"""Decisions become edits: an answer, its judged claims and the decisions in, patches out, each with its proof.

A patch is accepted only when the edited answer was checked again and nothing got worse. This room never looks
anything up, never invents words beyond those of the evidence, of a language model that is asked to mend a statement by
it, and a few fixed marks, and never touches what no decision speaks of.
"""

from groundwire.rewrite.asking import LlmRewriter
from groundwire.rewrite.cut import behind, unfinished
from groundwire.rewrite.forms import annotated, diff
from groundwire.rewrite.numbering import Lists, renumbered
from groundwire.rewrite.patches import apply, clashes
from groundwire.rewrite.propose import propose
from groundwire.rewrite.settle import settle

__all__ = [
    "Lists",
    "LlmRewriter",
    "annotated",
    "apply",
    "behind",
    "clashes",
    "diff",
    "propose",
    "renumbered",
    "settle",
    "unfinished",
]
