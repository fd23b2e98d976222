"""The extractor: an answer's segments, parsed in batches, become claims in the order of the answer."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from groundwire.claims.discourse import Discourse
from groundwire.claims.kinds import greets
from groundwire.claims.language import is_english
from groundwire.claims.marked import put_in
from groundwire.claims.parse import Name, Parser, Tree
from groundwire.claims.questions import confirmed, frame
from groundwire.claims.reading import Reading
from groundwire.claims.segments import Segment, Sort, segments
from groundwire.claims.statements import Statements, spoken
from groundwire.claims.states import of_cell, of_leaf, passed_over
from groundwire.model import Claim, Kind, Reason

_BATCH = 64
_REMEMBERED = 256


class Extractor(Protocol):
    """Turns an answer into claims. `name` and `version` go into the report's revisions."""

    name: str
    version: str

    def extract(self, answer: str, *, question: str | None = None, since: int = 0) -> tuple[Claim, ...]:
        """The claims whose span starts at `since` (code points) or later, in the order of the answer.

        What stands before `since` is context only. With `since` from `complete` on the answer so far, the claims are
        those that the whole answer gives from there on. Every sentence is in some claim, checkable or `skipped`.
        Raises ModelError where the extractor's language model cannot be loaded.
        """


class _Point(NamedTuple):
    """Where reading stopped: the block to start again from, and who was spoken of."""

    block: int
    discourse: Discourse


class SpacyExtractor:
    """Claims by spaCy's dependency parse and rules; no language model is asked. Safe to share between threads.

    `pipeline` names an installed English spaCy pipeline; without one, the first of `parse.PIPELINES`. A sentence
    longer than `sentences.LONGEST` code points is cut at a semicolon, comma or space, so that time and memory follow
    the answer's length. Where the last answers ended is remembered, so that reading on with `since` costs what is new.
    """

    name = "spacy"
    version = "1"

    def __init__(self, pipeline: str | None = None) -> None:
        self.parser = Parser(pipeline)
        self._statements = Statements(lambda text: self.parser.parse([text])[0], self._names)
        self._points: OrderedDict[bytes, _Point] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load spaCy and its pipeline now (about 3 seconds) instead of with the first answer."""
        self.parser.warm()

    def extract(self, answer: str, *, question: str | None = None, since: int = 0) -> tuple[Claim, ...]:
        point = self._recall(answer[:since], question) if since > 0 else None
        if point is None:
            start, passed, discourse = 0, 0, self._opening(question)
        else:
            (start, discourse), passed = point, since
        found: list[Claim] = []
        pending = (segment for segment in segments(answer, start) if segment.start >= passed)
        while batch := list(islice(pending, _BATCH)):
            start = batch[-1].block
            claims, discourse = self._batch(batch, discourse)
            found.extend(claim for claim in claims if claim.span.start >= since)
        self._remember(answer, question, _Point(start, discourse))
        return tuple(claim.model_copy(update={"id": f"c{n}"}) for n, claim in enumerate(found, 1))

    # -- reading ----------------------------------------------------------------------------------

    def _opening(self, question: str | None) -> Discourse:
        """The question is the first sentence that a pronoun may look back to."""
        discourse = Discourse()
        if not question or not is_english(question):
            return discourse
        for segment in islice(segments(question), 8):
            if segment.sort in (Sort.SENTENCE, Sort.ITEM):
                tree = self.parser.parse([segment.words.text])[0]
                discourse = Reading(tree, segment.words, discourse, self._names).under(0)
                discourse = discourse._replace(frame=frame(tree))
        return discourse

    def _batch(self, batch: Sequence[Segment], discourse: Discourse) -> tuple[list[Claim], Discourse]:
        readable = [_is_prose(segment) for segment in batch]
        texts = [spoken(s).text for s, is_prose in zip(batch, readable, strict=True) if is_prose]
        parsed = self.parser.parse(texts)
        self._recognise(parsed, discourse)
        trees = iter(parsed)
        found: list[Claim] = []
        for segment, is_prose in zip(batch, readable, strict=True):
            tree = next(trees) if is_prose else None
            if discourse.frame and (said := confirmed(discourse.frame, segment.words.text)):
                claims, discourse = self._statements.answer(put_in(said), segment.words, discourse._replace(frame=None))
            elif tree is None:
                claims = _unparsed(segment)
            else:
                claims, discourse = self._statements.read(segment, tree, discourse)
            found.extend(claims)
        return found, discourse

    def _recognise(self, trees: Sequence[Tree], discourse: Discourse) -> None:
        """Have the names read that the pronouns of a batch will ask for: together, they cost half of one by one.

        A first look at the sentences, with nothing known of names, asks for nearly the same ones. Which they are
        changes nothing but the time: what is missing is read when it is asked for.
        """
        if not any(tag.startswith("PRP") for tree in trees for tag in tree.tags):
            return
        asked: dict[str, None] = {}

        def nothing(text: str) -> tuple[Name, ...]:
            asked[text] = None
            return ()

        for tree in trees:
            discourse = Reading(tree, put_in(tree.text), discourse, nothing).after()
        self.parser.names(list(asked))

    def _names(self, text: str) -> tuple[Name, ...]:
        return self.parser.names([text])[0]

    # -- memory of where answers ended --------------------------------------------------------------

    def _recall(self, text: str, question: str | None) -> _Point | None:
        with self._lock:
            return self._points.get(_digest(text, question))

    def _remember(self, text: str, question: str | None, point: _Point) -> None:
        with self._lock:
            self._points[_digest(text, question)] = point
            while len(self._points) > _REMEMBERED:
                self._points.popitem(last=False)


def _digest(text: str, question: str | None) -> bytes:
    read = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    read.update(b"\0" + (question or "").encode("utf-8", "surrogatepass"))
    return read.digest()


def _is_prose(segment: Segment) -> bool:
    if segment.sort not in (Sort.SENTENCE, Sort.ITEM, Sort.HEADING):
        return False
    text = segment.words.text
    if greets(text) and not text.endswith(":"):
        return False
    return any(char.isalnum() for char in text) and is_english(text)


def _unparsed(segment: Segment) -> list[Claim]:
    """Claims of what is not a sentence to be parsed."""
    words = segment.words
    if segment.sort is Sort.CODE:
        return [passed_over(words, Kind.INSTRUCTION)]
    if segment.sort is Sort.LEAF:
        return [of_leaf(segment)]
    if segment.sort is Sort.CELL and is_english(words.text):
        return [of_cell(segment)]
    if any(char.isalnum() for char in words.text) and not is_english(words.text):
        return [passed_over(words, Kind.FACT, Reason.LANGUAGE)]
    return [passed_over(words, Kind.OPINION)]
