"""Sentences in languages other than English: each is one claim as it stands, its kind told by a spaCy pipeline.

The rules that split sentences and resolve pronouns are English grammar, so they are not used here.
"""

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from groundwire.claims.kinds import stated_kind
from groundwire.claims.marked import Marked
from groundwire.claims.segments import Segment, Sort
from groundwire.claims.states import of_cell, passed_over, whole
from groundwire.errors import ModelError
from groundwire.model import Claim, Kind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_UNUSED = ("lemmatizer", "trainable_lemmatizer", "entity_linker")
_CLOSING = "\"'”“’»)* "
_ASKING = ("?", "？", "؟", ";")  # the last is Greek, and counts only there
_STOPS = (".", "!", "…", "。", "！")
_OF_ANY = "xx"


class Foreign:
    """Reads the sentences of one language. Safe to share between threads.

    `pipeline` names an installed spaCy pipeline for the language `code`, or a folder that holds one; a blank one will
    do. Raises ModelError, on first use, when there is no such pipeline, or it is for another language.
    """

    def __init__(self, code: str, pipeline: str) -> None:
        self.code, self._wanted = code, pipeline
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the pipeline now, and not with the first answer."""
        self._nlp  # noqa: B018 - loaded by being asked for

    def read(self, segment: Segment) -> Claim:
        """The segment as a claim. A question, or a heading that is no sentence, is passed over."""
        words = segment.words
        if segment.sort is Sort.CELL:
            return of_cell(segment._replace(header=None))  # with it, the claim would be an English sentence
        ending = words.text.rstrip(_CLOSING)[-1:]
        if ending in _ASKING and (ending != ";" or self.code == "el"):
            return passed_over(words, Kind.QUESTION)
        with self._lock, self._nlp.memory_zone():
            doc = self._nlp(words.text)
            if segment.sort is Sort.HEADING and not (_has_verb(doc) or ending in _STOPS):
                return passed_over(words, Kind.FACT)
            return whole(words).model_copy(update={"kind": _kind(doc, words)})

    @cached_property
    def _nlp(self) -> "Language":
        import spacy

        try:
            nlp = spacy.load(self._wanted, exclude=list(_UNUSED))
        except (OSError, ValueError, ImportError) as error:
            why = " ".join(str(error).split())
            raise ModelError(f"claims.pipelines.{self.code}: {self._wanted!r} cannot be loaded: {why}") from error
        if nlp.lang not in (self.code, _OF_ANY):
            raise ModelError(f"claims.pipelines.{self.code}: {self._wanted!r} is a pipeline for {nlp.lang!r}.")
        return nlp


def _has_verb(doc: "Doc") -> bool:
    return any(token.pos_ in ("VERB", "AUX") for token in doc)


def _kind(doc: "Doc", words: Marked) -> Kind:
    """As for English by what is written, and by the pipeline's numerals and names."""
    kind = stated_kind(None, None, words.text)
    if kind is not Kind.FACT:
        return kind
    if any(token.like_num for token in doc):
        return Kind.QUANTITY
    return Kind.RELATION if len(doc.ents) > 1 and _has_verb(doc) else Kind.FACT
