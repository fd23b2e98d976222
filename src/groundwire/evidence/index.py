"""Ranks the passages of a few documents for each claim."""

import hashlib
import math
import re
from array import array
from collections import defaultdict
from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import NDArray

from groundwire.evidence.document import Document
from groundwire.evidence.outline import Outline
from groundwire.evidence.passages import Passage, passages
from groundwire.evidence.premises import Premise, premise
from groundwire.evidence.words import terms
from groundwire.model import Claim, Evidence, Span

_SATURATION = 0.6  # BM25's k1: how little a second mention of a word adds
_LENGTH = 0.3  # BM25's b: passages are of nearly one length, so it matters little
_HEADING = 0.5  # a mention in the heading above, against one in the passage
_NEIGHBOUR = 0.15  # what the passages next to a good one gain from it
_SEEN = 0.5  # what a word is still worth when a chosen passage has it already
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CLAIM_TERMS = 64  # of a longer claim, its rarest words
_NONE = array("l")


class EvidenceIndex:
    """The passages of some documents, ready to be ranked for claims.

    The score of a passage for a claim is a BM25 sum (Robertson and Zaragoza 2009) over the claim's words, stemmed,
    each weighed by its rarity here, numbers twice and names one and a half times, divided by its limit: 0 is no word
    of the claim, about 0.6 is each of them once, and 1 is never reached.

    Building takes time and memory linear in the text. The index holds no lock, and what it remembers once built (how
    a passage reads, worked out when it is first gathered) is the same whichever thread works it out: threads may share
    it. Raises nothing for any text.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(_clean(document) for document in documents)
        self.speaks = any(document.speaks and document.text.strip() for document in self.documents)
        self.revision = _revision(self.documents)
        self._outlines: dict[int, Outline] = {}
        self._passages: dict[int, tuple[Evidence, Premise]] = {}
        self._places: list[tuple[int, Passage]] = []
        # For each term the places of the passages that mention it, one for each mention, and of those below a heading.
        self._mentions: defaultdict[str, array[int]] = defaultdict(_places)
        self._headings: defaultdict[str, array[int]] = defaultdict(_places)
        self._lengths = array("d")
        self._before = array("d")  # 1.0 where the passage before is of the same document
        seen: set[bytes] = set()
        for number, document in enumerate(self.documents):
            self._add(number, document.text, seen)
        count = len(self._places)
        lengths = np.frombuffer(self._lengths, dtype=np.float64) if count else np.zeros(0)
        mean = float(lengths.mean()) if count else 1.0
        self._norm = _SATURATION * (1.0 - _LENGTH + _LENGTH * lengths / max(mean, 1.0))
        self._joined = np.frombuffer(self._before, dtype=np.float64) if count else np.zeros(0)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._places)

    def _add(self, number: int, text: str, seen: set[bytes]) -> None:
        heads: dict[tuple[int, int], list[str]] = {}
        joined = 0.0
        for passage in passages(text):
            words = text[passage.start : passage.end].split()
            key = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            if key in seen:
                joined = 0.0
                continue
            seen.add(key)
            place = len(self._places)
            found = terms(text[passage.start : passage.end])
            for term, _ in found:
                self._mentions[term].append(place)
            for span in passage.about:
                if span not in heads:
                    heads[span] = [term for term, _ in terms(text[span[0] : min(span[1], span[0] + 2000)])]
                for term in heads[span]:
                    self._headings[term].append(place)
            self._lengths.append(len(found))
            self._before.append(joined)
            self._places.append((number, passage))
            joined = 1.0

    def gather(self, claim: Claim, limit: int = 4) -> tuple[Evidence, ...]:
        """The at most `limit` passages that bear on the claim, best first.

        The best passage comes first; each further one is chosen for the words of the claim that those before it
        lack, so that a claim whose words stand in two places gets both. Where there are no more than `limit`
        passages, all are returned.
        """
        if not self._places or limit < 1:
            return ()
        table, weights = self._table(claim.text)
        scores = weights @ table
        chosen = self._choose(table, weights, scores, limit) if len(self._places) > limit else range(len(scores))
        order = sorted(chosen, key=lambda place: (-scores[place], place))
        return self._read(order, scores, {term for term, _ in terms(claim.text)})

    def _table(self, text: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How far each passage (column) has each word of the claim (row), 0 to 1; and the words' weights, sum 1."""
        wanted: dict[str, float] = {}
        for term, worth in terms(text):
            wanted[term] = max(worth, wanted.get(term, 0.0))
        mentions = {term: self._mentioned(term) for term in wanted}
        rare = {term: worth * self._rarity(mentions[term]) for term, worth in wanted.items()}
        if len(rare) > _CLAIM_TERMS:
            rare = dict(sorted(rare.items(), key=lambda item: -item[1])[:_CLAIM_TERMS])
        table = np.empty((len(rare), len(self._places)))
        for row, term in enumerate(rare):
            table[row] = mentions[term] / (mentions[term] + self._norm)
        weights = np.fromiter(rare.values(), dtype=np.float64, count=len(rare))
        return table, weights / max(float(weights.sum()), 1e-12)

    def _mentioned(self, term: str) -> NDArray[np.float64]:
        """How often each passage mentions the term; in the heading above it counts for less."""
        count = len(self._places)
        mentions = np.bincount(self._mentions.get(term, _NONE), minlength=count).astype(np.float64)
        if term in self._headings:
            mentions += _HEADING * np.bincount(self._headings[term], minlength=count)
        return mentions

    def _rarity(self, mentions: NDArray[np.float64]) -> float:
        """Inverse document frequency, never negative. In one passage every word counts the same."""
        holding = int(np.count_nonzero(mentions))
        return math.log(1.0 + (len(self._places) - holding + 0.5) / (holding + 0.5))

    def _choose(
        self,
        table: NDArray[np.float64],
        weights: NDArray[np.float64],
        scores: NDArray[np.float64],
        limit: int,
    ) -> list[int]:
        gains = scores + self._from_neighbours(scores)
        left = weights.copy()
        taken = np.zeros(len(scores), dtype=bool)
        chosen: list[int] = []
        while True:
            best = int(np.argmax(np.where(taken, -1.0, gains)))
            chosen.append(best)
            if len(chosen) == limit:
                return chosen
            taken[best] = True
            left *= 1.0 - (1.0 - _SEEN) * table[:, best]
            gains = left @ table
            gains += self._from_neighbours(np.where(taken, scores, gains))

    def _from_neighbours(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each passage gains from those beside it in its document: an answer often stands next to its topic."""
        gain = np.zeros(len(scores))
        gain[1:] += scores[:-1] * self._joined[1:]
        gain[:-1] += scores[1:] * self._joined[1:]
        return _NEIGHBOUR * gain

    def _read(self, order: Sequence[int], scores: NDArray[np.float64], claim: Set[str]) -> tuple[Evidence, ...]:
        """The passages at these places, each as it reads for a claim of these terms."""
        found = []
        named: dict[int, set[int]] = {}
        for place in order:
            known = self._passages.get(place)
            if known is None:
                known = self._passages[place] = self._passage(place)
            found.append(known)
            if known[1].rows:
                named.setdefault(self._places[place][0], set()).update(known[1].named(claim))
        return tuple(
            evidence.model_copy(
                update={
                    "score": round(float(scores[place]), 6),
                    "lines": read.of(claim, named.get(self._places[place][0], set())),
                }
            )
            for place, (evidence, read) in zip(order, found, strict=True)
        )

    def _passage(self, place: int) -> tuple[Evidence, Premise]:
        number, passage = self._places[place]
        document = self.documents[number]
        outline = self._outlines.get(number)
        if outline is None:
            outline = self._outlines[number] = Outline(document.text)
        evidence = Evidence(
            source=document.source,
            text=document.text[passage.start : passage.end],
            span=Span(passage.start, passage.end),
            uri=document.uri,
        )
        return evidence, premise(document.text, outline, passage.start, passage.end)


def _places() -> "array[int]":
    return array("l")


def _clean(document: Document) -> Document:
    """A lone surrogate is no text and cannot be written as JSON: U+FFFD takes its place, so that spans hold."""
    text, source = (_SURROGATE.sub("\ufffd", part) for part in (document.text, document.source))
    return document._replace(text=text, source=source)


def _revision(documents: Sequence[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        for part in (document.source, document.text, document.uri or "", str(document.speaks)):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
