"""The extractor: an answer's segments, parsed in batches, become claims in the order of the answer."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from groundwire.claims.completion import answered, completed, frame, label, lead
from groundwire.claims.draft import Draft
from groundwire.claims.kinds import greets, kind_of, lead_in
from groundwire.claims.language import is_english
from groundwire.claims.marked import Marked
from groundwire.claims.parse import Name, Parser, Tree
from groundwire.claims.pronouns import Discourse, Reading
from groundwire.claims.render import render
from groundwire.claims.segments import Segment, Sort, segments
from groundwire.claims.split import split
from groundwire.claims.states import of_cell, of_leaf, passed_over, whole
from groundwire.claims.triples import Stated, triples
from groundwire.model import Claim, Kind, Reason, Span

_BATCH = 64  # segments
_PARSED = 10_000  # code points; what a parse takes goes by the longest batch
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
        while batch := _batch_of(pending):
            start = batch[-1].block
            drafts, discourse = self._batch(batch, discourse)
            found += [
                draft.claim(n) for n, draft in enumerate((d for d in drafts if d.span.start >= since), len(found) + 1)
            ]
        self._remember(answer, question, _Point(start, discourse))
        return tuple(found)

    # -- reading ----------------------------------------------------------------------------------

    def _opening(self, question: str | None) -> Discourse:
        """The question is the first sentence that a pronoun may look back to."""
        discourse = Discourse()
        if not question or not is_english(question):
            return discourse
        for segment in islice(segments(question), 8):
            if segment.sort in (Sort.SENTENCE, Sort.ITEM):
                tree = self.parser.parse([segment.words.text])[0]
                discourse = Reading(tree, discourse, _Names(self.parser)).after(asked=True)
                discourse = discourse._replace(frame=frame(tree))
        return discourse

    def _batch(self, batch: Sequence[Segment], discourse: Discourse) -> tuple[list[Draft], Discourse]:
        spoken = [_spoken(segment) if _is_prose(segment) else None for segment in batch]
        names = _Names(self.parser, self.parser.parse([said.words.text for said in spoken if said]))
        found: list[Draft] = []
        for segment, said in zip(batch, spoken, strict=True):
            if said is None:
                found.extend(_unparsed(segment))
                continue
            drafts, discourse = self._sentence(segment, said, names.next(discourse), discourse, names)
            found.extend(drafts)
        return found, discourse

    def _sentence(
        self, segment: Segment, said: "_Spoken", tree: Tree, discourse: Discourse, names: "_Names"
    ) -> tuple[list[Draft], Discourse]:
        words = said.words
        before = discourse._replace(frame=None, lead=discourse.lead if segment.sort is Sort.ITEM else "")
        if said.label:
            topic = self.parser.parse([said.label])[0]
            before = Reading(topic, before, names).after(asked=True)
        reading = Reading(tree, before, names)
        if segment.sort is Sort.HEADING and not _is_statement(tree):
            return [passed_over(segment.words, Kind.FACT)], reading.after(asked=True)
        if tree.text.rstrip("\"'”)* ").endswith("?"):
            return [passed_over(segment.words, Kind.QUESTION)], reading.after()
        if begun := lead(tree.text):
            return [passed_over(segment.words, Kind.FACT)], reading.after()._replace(lead=begun)
        if not any(tag.startswith("VB") or tag == "MD" for tag in tree.tags):
            if segment.sort is Sort.ITEM and before.lead:
                return [whole(completed(before.lead, segment.words))], reading.after()
            if discourse.frame and (full := answered(discourse.frame, words)):
                return self._answer(full, segment.words, before, names)
            return [whole(segment.words)], reading.after()
        drafts = list(_drafts(tree, words, reading)) or [whole(segment.words)]
        return sorted(drafts, key=_by_span), reading.after()

    def _answer(self, words: Marked, own: Marked, before: Discourse, names: "_Names") -> tuple[list[Draft], Discourse]:
        """A short answer, completed by the question."""
        tree = self.parser.parse([words.text])[0]
        reading = Reading(tree, before, names)
        drafts = list(_drafts(tree, words, reading))
        draft = drafts[0] if len(drafts) == 1 else whole(words)
        return [draft._replace(span=own.span)], reading.after()

    # -- memory of where answers ended --------------------------------------------------------------

    def _recall(self, text: str, question: str | None) -> _Point | None:
        with self._lock:
            return self._points.get(_digest(text, question))

    def _remember(self, text: str, question: str | None, point: _Point) -> None:
        with self._lock:
            self._points[_digest(text, question)] = point
            while len(self._points) > _REMEMBERED:
                self._points.popitem(last=False)


class _Names:
    """The names in the sentences of a batch, read when a pronoun turns on them.

    With the first that is asked for, those are read that the rest of the batch will ask for: together, they cost half
    of one by one. Which they are changes nothing but the time.
    """

    def __init__(self, parser: Parser, trees: Sequence[Tree] = ()) -> None:
        self.parser, self.trees = parser, trees
        self._at = -1
        self._before = Discourse()

    def next(self, before: Discourse) -> Tree:
        """The next sentence of the batch; `before` is what came before it."""
        self._at += 1
        self._before = before
        return self.trees[self._at]

    def __call__(self, text: str) -> tuple[Name, ...]:
        known = self.parser.known_names(text)
        return self.parser.names(self._wanted(text))[0] if known is None else known

    def _wanted(self, text: str) -> list[str]:
        """A text, and those that nearly the same reading of what follows asks for, as far as nothing is known."""
        wanted = {text: None}

        def known(text: str) -> tuple[Name, ...]:
            found = self.parser.known_names(text)
            if found is None:
                wanted[text] = None
            return found or ()

        discourse = self._before
        for tree in self.trees[max(self._at, 0) :]:
            discourse = Reading(tree, discourse, known).after()
        return list(wanted)


def _batch_of(segments: Iterator[Segment]) -> list[Segment]:
    """The next segments to be parsed together."""
    batch: list[Segment] = []
    length = 0
    for segment in segments:
        batch.append(segment)
        length += len(segment.words.text)
        if len(batch) == _BATCH or length >= _PARSED:
            break
    return batch


def _digest(text: str, question: str | None) -> bytes:
    read = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    read.update(b"\0" + (question or "").encode("utf-8", "surrogatepass"))
    return read.digest()


def _drafts(tree: Tree, words: Marked, reading: Reading) -> Iterator[Draft]:
    for clause in split(tree):
        rendered = render(tree, words, clause, reading.names_for(clause))
        text = rendered.words.text
        if not any(char.isalnum() for char in text):
            continue
        kind, skipped = kind_of(tree, clause, text)
        stated = Stated(text, rendered.at, rendered.sources)
        found = triples(tree, clause, stated) if skipped is None else ()
        yield Draft(text, rendered.span, kind, rendered.words.pieces, found, skipped=skipped)


def _by_span(draft: Draft) -> Span:
    return draft.span


def _is_prose(segment: Segment) -> bool:
    if segment.sort not in (Sort.SENTENCE, Sort.ITEM, Sort.HEADING):
        return False
    text = segment.words.text
    return any(char.isalnum() for char in text) and not greets(text) and is_english(text)


class _Spoken(NamedTuple):
    """A sentence without the interjection or the label it opens with: that of a line such as "Rome: It is old."."""

    words: Marked
    label: str


def _spoken(segment: Segment) -> _Spoken:
    words = segment.words
    name, rest = label(words.text) if segment.sort is not Sort.HEADING else ("", 0)
    if not name or words.text[-1:] not in ".!?" or not words.text[rest].isupper():
        name, rest = "", 0  # no sentence follows
    return _Spoken(words.cut(max(rest, lead_in(words.text)), len(words.text)), name)


def _unparsed(segment: Segment) -> Iterable[Draft]:
    """Claims of what is not a sentence to be parsed."""
    words = segment.words
    if segment.sort is Sort.CODE:
        return (passed_over(words, Kind.INSTRUCTION),)
    if segment.sort is Sort.LEAF:
        return (of_leaf(segment),)
    if segment.sort is Sort.CELL and is_english(words.text):
        return (of_cell(segment),)
    if any(char.isalnum() for char in words.text) and not is_english(words.text):
        return (passed_over(words, Kind.FACT, Reason.LANGUAGE),)
    return (passed_over(words, Kind.OPINION),)


def _is_statement(tree: Tree) -> bool:
    """Whether there is a finite verb with a subject."""
    return any(
        tree.tags[root].startswith("VB") and any(tree.deps[c] in ("nsubj", "nsubjpass") for c in tree.children[root])
        for root in tree.roots
    )
