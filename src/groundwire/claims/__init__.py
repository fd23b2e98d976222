"""An answer comes in, claims go out: atomic statements, each with its place in the original answer.

`complete` says how much of an answer that is still being written can be taken apart already. This room never judges a
claim, never looks anything up, and never leaves a sentence of the answer out.
"""

from groundwire.claims.asking import LanguageModel
from groundwire.claims.extract import Extractor, SpacyExtractor
from groundwire.claims.fakes import FakeExtractor, ScriptedModel
from groundwire.claims.llm import LlmExtractor
from groundwire.claims.stream import Growing, complete

__all__ = [
    "Extractor",
    "FakeExtractor",
    "Growing",
    "LanguageModel",
    "LlmExtractor",
    "ScriptedModel",
    "SpacyExtractor",
    "complete",
]
