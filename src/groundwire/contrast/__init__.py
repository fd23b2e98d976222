"""Contrast: a claim and its evidence come in; where the evidence says the opposite, or less, goes out.

Everything here is deterministic, and rests on the words and a lexicon of opposites. This room never says that a claim
is supported.
"""

from groundwire.contrast.judge import ContrastJudge

__all__ = ["ContrastJudge"]
