"""The extractor: an answer's segments, parsed in batches, become claims in the order of the answer."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from groundwire.claims.completion import completed, label, lead
from groundwire.claims.discourse import Discourse
from groundwire.claims.kinds import greets, kind_of, lead_in
from groundwire.claims.language import is_english
from groundwire.claims.marked import Marked, put_in
from groundwire.claims.parse import Name, Parser, Tree
from groundwire.claims.questions import answered, confirmed, frame, is_reason
from groundwire.claims.reading import Reading, Wording
from groundwire.claims.render import Rendered, render
from groundwire.claims.segments import Segment, Sort, segments
from groundwire.claims.split import split
from groundwire.claims.states import of_cell, of_leaf, passed_over, whole
from groundwire.claims.triples import Stated, triples
from groundwire.model import Claim, Kind, Reason

_BATCH = 64
_REMEMBERED = 256
_LABEL = 9  # as a heading: below those of every level


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
        texts = [_spoken(s).text for s, is_prose in zip(batch, readable, strict=True) if is_prose]
        parsed = self.parser.parse(texts)
        self._recognise(parsed, discourse)
        trees = iter(parsed)
        found: list[Claim] = []
        for segment, is_prose in zip(batch, readable, strict=True):
            tree = next(trees) if is_prose else None
            if discourse.frame and (said := confirmed(discourse.frame, segment.words.text)):
                claims, discourse = self._answer(put_in(said), segment.words, discourse._replace(frame=None))
            elif tree is None:
                claims = _unparsed(segment)
            else:
                claims, discourse = self._sentence(segment, tree, discourse)
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

    def _sentence(self, segment: Segment, tree: Tree, discourse: Discourse) -> tuple[list[Claim], Discourse]:
        words = _spoken(segment)
        before = discourse._replace(frame=None, lead=discourse.lead if segment.sort is Sort.ITEM else "")
        if name := _label(segment)[0]:
            topic = self.parser.parse([name])[0]
            before = Reading(topic, put_in(name), before, self._names).under(_LABEL)
        reading = Reading(tree, words, before, self._names)
        if segment.sort is Sort.HEADING and not _is_statement(tree):
            below = reading.under(segment.level) if segment.level else discourse  # a table's head names no topic
            return [passed_over(segment.words, Kind.FACT)], below._replace(frame=discourse.frame)
        if tree.text.rstrip("\"'”)* ").endswith("?"):
            return [passed_over(segment.words, Kind.QUESTION)], reading.after()
        if begun := lead(tree.text):
            return [passed_over(segment.words, Kind.FACT)], reading.after()._replace(lead=begun)
        is_fragment = not any(tag.startswith("VB") or tag == "MD" for tag in tree.tags)
        if is_fragment and segment.sort is Sort.ITEM and before.lead:
            return [whole(completed(before.lead, segment.words))], reading.after()
        asked = discourse.frame
        answers = asked and (is_fragment or (asked.asks == "why" and is_reason(tree)))
        if asked and answers and (full := answered(asked, words, tree)):
            return self._answer(full, segment.words, before)
        if is_fragment:
            return [whole(segment.words)], reading.after()
        claims = list(_claims(tree, words, reading)) or [whole(segment.words)]
        return sorted(claims, key=lambda claim: claim.span), reading.after()

    def _answer(self, words: Marked, own: Marked, before: Discourse) -> tuple[list[Claim], Discourse]:
        """A short answer, completed by the question."""
        tree = self.parser.parse([words.text])[0]
        reading = Reading(tree, words, before, self._names)
        claims = list(_claims(tree, words, reading))
        claim = claims[0] if len(claims) == 1 else whole(words)
        return [claim.model_copy(update={"span": own.span})], reading.after()

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


def _claims(tree: Tree, words: Marked, reading: Reading) -> Iterator[Claim]:
    for clause in split(tree):
        wording = reading.wording(clause)
        rendered = render(tree, words, clause, wording.names)
        text = rendered.words.text
        if not any(char.isalnum() for char in text):
            continue
        kind, skipped = kind_of(tree, clause, text)
        claim = Claim(id="c", text=text, span=rendered.span, kind=kind, pieces=rendered.words.pieces, skipped=skipped)
        if skipped is None:
            stated = triples(tree, clause, Stated(text, rendered.at), claim)
            claim = claim.model_copy(update={"triples": stated, "unresolved": _unresolved(rendered, wording)})
        yield claim


def _unresolved(rendered: Rendered, wording: Wording) -> tuple[str, ...]:
    """The words of a claim whose meaning is not known, as they stand in its text."""
    found = []
    for start, end in wording.open:
        places = [rendered.at[token] for token in range(start, end) if token in rendered.at]
        if places:
            found.append(rendered.words.text[places[0][0] : places[-1][1]])
    return tuple(found)


def _is_prose(segment: Segment) -> bool:
    if segment.sort not in (Sort.SENTENCE, Sort.ITEM, Sort.HEADING):
        return False
    text = segment.words.text
    return any(char.isalnum() for char in text) and not greets(text) and is_english(text)


def _spoken(segment: Segment) -> Marked:
    """A sentence without the interjection or the label it opens with."""
    words = segment.words
    return words.cut(max(_label(segment)[1], lead_in(words.text)), len(words.text))


def _label(segment: Segment) -> tuple[str, int]:
    """The label of a line such as "Rome: It is old.", where a sentence follows it."""
    name, rest = label(segment.words.text) if segment.sort is not Sort.HEADING else ("", 0)
    return (name, rest) if name and segment.words.text[-1:] in ".!?" and segment.words.text[rest].isupper() else ("", 0)


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


def _is_statement(tree: Tree) -> bool:
    """Whether there is a finite verb with a subject."""
    return any(
        tree.tags[root].startswith("VB") and any(tree.deps[c] in ("nsubj", "nsubjpass") for c in tree.children[root])
        for root in tree.roots
    )
