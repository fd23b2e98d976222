"""The extractor: an answer's segments, parsed in batches, become claims in the order of the answer."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import NamedTuple, Protocol

from groundwire.claims.discourse import Discourse
from groundwire.claims.foreign import Foreign
from groundwire.claims.kinds import answering, greets
from groundwire.claims.language import ENGLISH, UNKNOWN, Languages
from groundwire.claims.marked import put_in
from groundwire.claims.mentions import has_unknown, looks_back
from groundwire.claims.parse import Name, Parser, Tree
from groundwire.claims.questions import confirmed, frame
from groundwire.claims.reading import Reading
from groundwire.claims.segments import Segment, Sort, segments
from groundwire.claims.statements import Granularity, Statements
from groundwire.claims.states import of_cell, of_leaf, passed_over
from groundwire.claims.titles import emphasised
from groundwire.model import Claim, Kind, Reason

_REVISION = "5"  # of the rules by which claims are made
_BATCH = 64  # segments
_PARSED = 10_000  # code points; what a parse takes goes by the longest batch
_REMEMBERED = 256


class Extractor(Protocol):
    """Turns an answer into claims. `name` and `version` go into the report's revisions."""

    name: str
    version: str

    def warm(self) -> None:
        """Load what is slow to load, and ask nobody. Raises: as `extract`."""

    def extract(
        self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
    ) -> tuple[Claim, ...]:
        """The claims whose span starts at `since` (code points) or later, in the order of the answer.

        What stands before `since` is context only. With `since` from `complete` on the answer so far, the claims are
        those that the whole answer gives from there on. Every sentence is in some claim, checkable or `skipped`.
        `deadline` is a moment of `time.monotonic()`, in seconds, for an extractor that would wait for something.
        Raises ModelError where the extractor's language model cannot be loaded.
        """


class Read(NamedTuple):
    """A segment, the language that it is in, and its claims."""

    segment: Segment
    language: str
    claims: list[Claim]


class _Point(NamedTuple):
    """Where reading stopped: the block to start again from, and who was spoken of."""

    block: int
    discourse: Discourse


class SpacyExtractor:
    """Claims by spaCy's dependency parse and rules; no language model is asked. Safe to share between threads.

    `pipeline` names an installed English spaCy pipeline, or a folder that holds one; without it, the first of
    `parse.PIPELINES`. `pipelines` names one for each other language that is to be read; what is in none of them is
    skipped for its language. A sentence longer than `sentences.LONGEST` code points is cut at a semicolon, comma or
    space, so that time and memory follow the answer's length. Where the last answers ended is remembered, so that
    reading on with `since` costs what is new. Raises: ConfigError for a language that cannot be told from others.
    """

    name = "spacy"

    def __init__(
        self,
        pipeline: str | None = None,
        *,
        granularity: Granularity = "clause",
        pipelines: Mapping[str, str] | None = None,
    ) -> None:
        self.granularity = granularity
        self.version = _version(pipeline, granularity, pipelines or {})
        self.parser = Parser(pipeline)
        self.foreign = {code: Foreign(code, name) for code, name in (pipelines or {}).items()}
        self._languages = Languages(tuple(self.foreign))
        self._points: OrderedDict[bytes, _Point] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load spaCy and its pipelines now (about 3 seconds) instead of with the first answer."""
        self.parser.warm()
        for reader in self.foreign.values():
            reader.warm()

    def extract(
        self, answer: str, *, question: str | None = None, since: int = 0, deadline: float | None = None
    ) -> tuple[Claim, ...]:
        read = self.by_segment(answer, question=question, since=since)
        return numbered(claim for each in read for claim in each.claims)

    def by_segment(self, answer: str, *, question: str | None = None, since: int = 0) -> list[Read]:
        """The same claims, not numbered, segment by segment."""
        point = self._recall(answer[:since], question) if since > 0 else None
        if point is None:
            start, passed, discourse = 0, 0, self._opening(question)
        else:
            (start, discourse), passed = point, since
        found: list[Read] = []
        pending = (segment for segment in segments(answer, start) if segment.start >= passed)
        while batch := _batch_of(pending):
            start = batch[-1].block
            read, discourse = self._batch(batch, discourse)
            found += read
        self._remember(answer, question, _Point(start, discourse))
        return [each._replace(claims=[c for c in each.claims if c.span.start >= since]) for each in found]

    # -- reading ----------------------------------------------------------------------------------

    def _opening(self, question: str | None) -> Discourse:
        """The question is the first sentence that a pronoun may look back to."""
        discourse = Discourse()
        if not question:
            return discourse
        discourse = discourse._replace(language=self._languages.of(question, UNKNOWN))
        if discourse.language != ENGLISH:
            return discourse
        for segment in islice(segments(question), 8):
            if segment.sort in (Sort.SENTENCE, Sort.ITEM):
                tree = self._parse(segment.words.text)
                discourse = Reading(tree, segment.words, discourse, _Names(self.parser)).under(0)
                discourse = discourse._replace(frame=frame(tree))
        return discourse

    def _batch(self, batch: Sequence[Segment], discourse: Discourse) -> tuple[list[Read], Discourse]:
        languages = self._told(batch, discourse.language)
        readable = [language == ENGLISH and _is_prose(segment) for segment, language in languages]
        names = _Names(self.parser)
        statements = Statements(self._parse, names, self.granularity)
        said = [statements.said(s) for s, is_prose in zip(batch, readable, strict=True) if is_prose]
        names.trees = self.parser.parse([words.text for words in said], [emphasised(words) for words in said])
        found: list[Read] = []
        for (segment, language), is_prose in zip(languages, readable, strict=True):
            tree = names.next() if is_prose else None
            text = segment.words.text
            asked = discourse.frame if language == ENGLISH else None
            answered = confirmed(asked, text[answering(text) :]) if asked else ""
            if answered:
                before = discourse._replace(frame=None)
                claims, discourse = statements.answer(put_in(answered), segment.words, before)
            elif tree is not None:
                claims, discourse = statements.read(segment, tree, discourse)
            elif language in self.foreign and segment.sort in _WORDS and _says_something(segment):
                claims = [self.foreign[language].read(segment)]
            else:
                claims = list(_unparsed(segment, language))
            found.append(Read(segment, language, claims))
        return found, discourse._replace(language=languages[-1][1])

    def _told(self, batch: Sequence[Segment], before: str) -> list[tuple[Segment, str]]:
        """Each segment with its language. What is not words (code, JSON) is in the language that was spoken before."""
        told = []
        for segment in batch:
            text = segment.words.text
            if self.foreign and segment.sort is Sort.CELL:  # too short to be told alone
                text = " ".join(words.text for words in (segment.header, segment.row, segment.words) if words)
            language = self._languages.of(text, before) if segment.sort in _WORDS else before
            told.append((segment, language))
            before = language
        return told

    def _parse(self, text: str) -> Tree:
        return self.parser.parse([text])[0]

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

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.trees: Sequence[Tree] = ()
        self._at = -1

    def next(self) -> Tree:
        """The next sentence of the batch."""
        self._at += 1
        return self.trees[self._at]

    def __call__(self, text: str) -> tuple[Name, ...]:
        known = self.parser.known_names(text)
        return self.parser.names(self._wanted(text))[0] if known is None else known

    def _wanted(self, text: str) -> list[str]:
        """A text, and those that what follows will likely ask for: what a pronoun stands in, and what is before it."""
        wanted = {text: None}
        for before, tree in pairwise([None, *self.trees[max(self._at, 0) :]]):
            if tree is None or (last := looks_back(tree)) < 0:
                continue
            if has_unknown(tree, last):
                wanted[tree.text] = None
            if before is not None and has_unknown(before, len(before.tags)):
                wanted[before.text] = None
        return [each for each in wanted if each == text or self.parser.known_names(each) is None]


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


def numbered(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims with the ids that they have in an answer."""
    return tuple(claim.model_copy(update={"id": f"c{n}"}) for n, claim in enumerate(claims, 1))


def _version(pipeline: str | None, granularity: Granularity, pipelines: Mapping[str, str]) -> str:
    """What decides which claims an answer gives, as far as it was chosen."""
    chosen = [pipeline or "", "" if granularity == "clause" else granularity]
    chosen += [f"{code}={name}" for code, name in sorted(pipelines.items())]
    return " ".join([_REVISION, *filter(None, chosen)])


def _digest(text: str, question: str | None) -> bytes:
    read = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    read.update(b"\0" + (question or "").encode("utf-8", "surrogatepass"))
    return read.digest()


_WORDS = (Sort.SENTENCE, Sort.ITEM, Sort.HEADING, Sort.CELL)


def _is_prose(segment: Segment) -> bool:
    return segment.sort in (Sort.SENTENCE, Sort.ITEM, Sort.HEADING) and _says_something(segment)


def _says_something(segment: Segment) -> bool:
    text = segment.words.text
    return any(char.isalnum() for char in text) and (text.endswith(":") or not greets(text))


def _unparsed(segment: Segment, language: str) -> Iterable[Claim]:
    """Claims of what is not a sentence to be parsed."""
    words = segment.words
    if segment.sort is Sort.CODE:
        return (passed_over(words, Kind.INSTRUCTION),)
    if segment.sort is Sort.LEAF:
        return (of_leaf(segment),)
    if segment.sort is Sort.CELL and language == ENGLISH:
        return (of_cell(segment),)
    if any(char.isalnum() for char in words.text) and language != ENGLISH:
        return (passed_over(words, Kind.FACT, Reason.LANGUAGE),)
    return (passed_over(words, Kind.OPINION),)
