"""Claim-against-document pairs, made from the corpora: what ships is asked about claims and passages.

Three makers. `extracted` takes a sentence of a document, rephrases it and keeps or breaks it. `embedded` puts a
person's premise among other sentences, takes it out again, or breaks the person's hypothesis. `summarised` joins
facts of a document in one claim, of which one may be wrong. In each, a claim that is word for word in its document
but for one swap is as common as one that is all there, so that copying proves nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from groundwire.nli.training import edits
from groundwire.nli.training.corpora import (
    CONTRADICTION,
    ENTAILMENT,
    NEUTRAL,
    UNSUPPORTED,
    Pair,
    Spans,
    carried,
    changed,
    sentences,
)
from groundwire.nli.training.frames import Frames
from groundwire.nli.training.library import Library, build_library, share_of_words, subject_key, swap_tail
from groundwire.nli.training.mixture import Maker, Source
from groundwire.nli.training.neighbours import Neighbours
from groundwire.nli.training.start import load_start

_NAME = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_WINDOW_SIZES, _WINDOW_WEIGHTS = (1, 2, 3, 4, 5, 6, 8), (14, 18, 26, 16, 12, 8, 6)


def makers_for(sources: Sequence[Source], made: dict[str, Any], config: dict[str, Any]) -> dict[str, tuple[Maker, int]]:
    """Return the makers and how many pairs each makes in a round."""
    cache = Path(made["cache"]) if made.get("cache") else None
    library = build_library(sources, made["documents"], made["max_sentences"], cache, config["seed"])
    weights, tokenizer = load_start(config["encoder"])
    neighbours = Neighbours(weights, Tokenizer.from_file(str(tokenizer)).get_vocab())
    workshop = Workshop(
        library,
        sources,
        made["max_words"],
        frozenset(made["embed"]),
        neighbours,
        made,
    )
    makers = {"extracted": workshop.extracted, "embedded": workshop.embedded, "summarised": workshop.summarised}
    makers["stated"] = Frames(library).stated
    return {name: (makers[name], count) for name, count in made["per_round"].items()}


class Workshop:
    """Makes pairs from a library of documents and from people's pairs."""

    def __init__(
        self,
        library: Library,
        sources: Sequence[Source],
        max_words: int,
        embed: frozenset[str],
        neighbours: Neighbours,
        made: dict[str, Any],
    ) -> None:
        """`made` weighs swaps of ordinary words (`word_swaps`), of how a sentence closes (`tail_swaps`), of opposites
        and of "not" against those of names (4) and numbers (3)."""
        self._library = library
        self._neighbours = neighbours
        self._word_swaps, self._tail_swaps = made["word_swaps"], made["tail_swaps"]
        self._opposites, self._negations = made["opposites"], made["negations"]
        self._tails: dict[str, list[str]] = {}
        for tail in library.tails:
            self._tails.setdefault(tail.split()[0], []).append(tail)
        self._max_words = max_words
        self._human = [p for s in sources if s.name in embed for p in s.pairs]
        self._entailed = [p for p in self._human if p.label == ENTAILMENT]
        self._whole = [d for d in library.documents if len(d) >= 2]
        self._kinds = {name: kind for kind, names in library.pool.items() for name in names}

    # ------------------------------------------------------------ the makers

    def extracted(self, rng: random.Random, count: int) -> list[Pair]:
        return self._repeat(rng, count, self._extract)

    def embedded(self, rng: random.Random, count: int) -> list[Pair]:
        return self._repeat(rng, count, self._embed)

    def summarised(self, rng: random.Random, count: int) -> list[Pair]:
        return self._repeat(rng, count, self._summarise)

    def _repeat(self, rng: random.Random, count: int, one: Callable[[random.Random], Pair | None]) -> list[Pair]:
        pairs: list[Pair] = []
        for _ in range(20 * count):
            if len(pairs) == count:
                break
            pair = one(rng)
            if pair is not None and pair.hypothesis.strip(".") and len(pair.hypothesis.split()) <= 60:
                pairs.append(pair)
        return pairs

    # ------------------------------------------------------------ one pair each

    def _extract(self, rng: random.Random) -> Pair | None:
        document = rng.choice(self._library.documents if rng.random() < 0.2 else self._whole)
        at = rng.randrange(len(document))
        target = document[at]
        if not 5 <= len(target.split()) <= 45:
            return None
        window = self._window(rng, document, at)
        outcome = rng.choices((ENTAILMENT, CONTRADICTION, NEUTRAL), (40, 34, 26))[0]
        subject = self._subject(document) if rng.random() < 0.5 and at > 0 else ""
        claim = edits.name_subject(rng, target, subject) or target
        if outcome == ENTAILMENT:
            return Pair(window, edits.rephrase(rng, claim, rng.choice((0, 1, 2, 3))), ENTAILMENT, "made.extracted")
        if outcome == NEUTRAL:
            return self._unstated(rng, document, at, edits.rephrase(rng, claim, rng.choice((0, 1, 2))))
        broken = self._break(rng, claim, target, document)
        if broken is None:
            return None
        text, label = broken
        said = edits.rephrase(rng, text, rng.choice((0, 0, 1, 2))) if rng.random() < 0.4 else text
        return Pair(window, said, label, "made.extracted", carried(changed(claim, text), text, said))

    def _unstated(self, rng: random.Random, document: Sequence[str], at: int, claim: str) -> Pair | None:
        """A claim whose sentence is gone, or that says more than its sentence."""
        kind = rng.random()
        if kind < 0.4 and len(document) > 2:
            rest = [s for i, s in enumerate(document) if i != at and share_of_words(claim, s) < 0.6]
            premise = self._trim(rest[: rng.choice(_WINDOW_SIZES)])
            if not rest or share_of_words(claim, premise) > 0.8:
                return None
            return Pair(premise, claim, NEUTRAL, "made.extracted")
        window = self._window(rng, document, at)
        if kind < 0.8:
            tail = rng.choice(self._library.tails)
            if tail in window:
                return None
            return _with_tail(window, claim, tail, "made.extracted")
        if hedged := edits.overstate(rng, claim):
            return Pair(window, hedged, UNSUPPORTED, "made.extracted", changed(claim, hedged))
        other = rng.choice(rng.choice(self._whole))
        joined = edits.drop_ending(rng, other) or other
        if len(joined.split()) > 25 or joined[:4] in ("He i", "She "):
            return None
        order = (claim, joined) if rng.random() < 0.6 else (joined, claim)
        both = " ".join(order)
        at = both.index(joined)
        return Pair(window, both, NEUTRAL, "made.extracted", ((at, at + len(joined)),))

    def _embed(self, rng: random.Random) -> Pair | None:
        """A person's hypothesis, against its premise among other sentences."""
        kind = rng.random()
        if kind < 0.35:
            pair = rng.choice(self._human)
            return replace(pair, premise=self._among(rng, pair), source="made.embedded")
        pair = rng.choice(self._entailed)
        if kind < 0.47:
            key = subject_key(pair.hypothesis)
            near = [
                s for s in self._library.by_key.get(key, [])
                if s not in pair.premise and share_of_words(pair.hypothesis.replace(key, ""), s) < 0.35
            ]  # fmt: skip
            others = near or list(rng.choice(self._whole))
            rng.shuffle(others)
            premise = self._trim(others[: rng.choice(_WINDOW_SIZES)])
            return Pair(premise, pair.hypothesis, NEUTRAL, "made.embedded")
        premise = self._among(rng, pair) if rng.random() < 0.6 else pair.premise
        if kind < 0.55:
            tail = rng.choice(self._library.tails)
            return _with_tail(premise, pair.hypothesis, tail, "made.embedded")
        broken, label = self._broken(rng, pair.hypothesis, premise)
        if broken is None or broken.strip(".") == pair.hypothesis.strip("."):
            return None
        return Pair(premise, broken, label, "made.embedded", changed(pair.hypothesis, broken))

    def _broken(self, rng: random.Random, claim: str, premise: str) -> tuple[str | None, int]:
        """A person's claim with one thing swapped, and what that makes of it."""
        if rng.random() < 0.5:
            return self._rename(rng, claim), UNSUPPORTED
        if self._word_swaps and rng.random() < self._word_swaps / 10:
            return self._neighbours.swap(rng, claim, premise), UNSUPPORTED
        if self._tail_swaps and rng.random() < self._tail_swaps / 10:
            return swap_tail(rng, claim, self._tails), UNSUPPORTED
        swap = rng.choice((edits.swap_number, edits.swap_number, edits.swap_opposite, edits.negate))
        sure = swap is edits.negate or swap is edits.swap_number
        return swap(rng, claim), CONTRADICTION if sure else UNSUPPORTED

    def _summarise(self, rng: random.Random) -> Pair | None:
        """Two or three facts of a document as one claim; in a false one, one of them is wrong or from elsewhere."""
        document = rng.choice(self._whole)
        if len(document) < 3:
            return None
        start = rng.randrange(max(1, len(document) - 5))
        span = document[start : start + rng.choice((3, 4, 5, 6, 8))]
        picks = sorted(rng.sample(range(len(span)), 2))
        if any(len(span[i].split()) > 40 for i in picks):
            return None
        facts = [edits.rephrase(rng, span[i], 3) for i in picks]
        label, bad = ENTAILMENT, 0
        wrong: Spans | None = None
        if rng.random() < 0.58:
            bad = rng.randrange(2)
            broken = self._break(rng, facts[bad], span[picks[bad]], document)
            if broken is None:
                return None
            wrong = changed(facts[bad], broken[0])
            facts[bad], label = broken
        said = self._joined(rng, facts)
        return Pair(self._trim(span), said, label, "made.summarised", carried(wrong, facts[bad], said))

    def _joined(self, rng: random.Random, facts: Sequence[str]) -> str:
        if rng.random() < 0.4 and facts[0].endswith("."):
            second = facts[1]
            if second.split()[0] in ("The", "It", "He", "She", "They", "His", "Her", "In", "A"):
                second = second[0].lower() + second[1:]
            return f"{facts[0][:-1]}, and {second}"
        return " ".join(facts)

    # ------------------------------------------------------------ their parts

    def _rename(self, rng: random.Random, claim: str) -> str | None:
        """Put another name of its type in the place of one that the tagger met somewhere."""
        hits = [m for m in _NAME.finditer(claim) if m[0] in self._kinds]
        if not hits:
            return None
        hit = rng.choice(hits)
        new = rng.choice(self._library.pool[self._kinds[hit[0]]])
        return None if new in claim or hit[0] in new else claim[: hit.start()] + new + claim[hit.end() :]

    def _break(self, rng: random.Random, claim: str, sentence: str, document: Sequence[str]) -> tuple[str, int] | None:
        """Make a claim false to its sentence by one swap."""
        shift = claim.find(sentence[-30:]) - (len(sentence) - 30) if len(sentence) > 30 else 0
        names = [
            (a + shift, b + shift, k)
            for a, b, k in self._library.names(sentence)
            if a + shift >= 0 and claim[a + shift : b + shift] == sentence[a:b]
        ]
        nearby = [(s[a:b], k) for s in document for a, b, k in self._library.names(s)]
        swaps: list[tuple[Callable[[], str | None], int, float]] = [
            (lambda: edits.swap_number(rng, claim), CONTRADICTION, 3.0),
            (lambda: edits.swap_name(rng, claim, names, nearby, self._library.pool), CONTRADICTION, 4.0),
            (lambda: edits.swap_opposite(rng, claim), CONTRADICTION, self._opposites),
            (lambda: edits.negate(rng, claim), CONTRADICTION, self._negations),
            (lambda: edits.swap_roles(rng, claim, names), UNSUPPORTED, 2.0),
            (lambda: edits.overstate(rng, claim), UNSUPPORTED, 1.0),
            (lambda: self._neighbours.swap(rng, claim, " ".join(document)), UNSUPPORTED, self._word_swaps),
            (lambda: swap_tail(rng, claim, self._tails), UNSUPPORTED, self._tail_swaps),
        ]
        while swaps:
            choice = rng.choices(range(len(swaps)), [w for _, _, w in swaps])[0]
            make, label, _ = swaps.pop(choice)
            new = make()
            if new and new.strip(". ").lower() != claim.strip(". ").lower():
                return new, label
        return None

    def _window(self, rng: random.Random, document: Sequence[str], at: int) -> str:
        """Some sentences of the document around the one at `at`, sometimes with strangers among them."""
        size = rng.choices(_WINDOW_SIZES, _WINDOW_WEIGHTS)[0]
        start = max(0, at - rng.randrange(size))
        chosen = list(document[start : start + size])
        if document[at] not in chosen:
            chosen = [document[at]]
        if rng.random() < 0.25:
            others = rng.choice(self._whole)
            place = rng.randrange(len(chosen) + 1)
            chosen[place:place] = others[: rng.choice((1, 2))]
        return self._trim(chosen, keep=document[at])

    def _among(self, rng: random.Random, pair: Pair) -> str:
        """The premise with other sentences before and after it, of the same subject where there are any."""
        key = subject_key(pair.hypothesis)
        near = [
            s for s in self._library.by_key.get(key, [])
            if s not in pair.premise and share_of_words(pair.hypothesis.replace(key, ""), s) < 0.35
        ]  # fmt: skip
        others = near if near and rng.random() < 0.6 else list(rng.choice(self._whole))
        rng.shuffle(others)
        others = others[: rng.choice((1, 2, 3, 4))]
        cut = rng.randrange(len(others) + 1)
        parts = [*others[:cut], pair.premise, *others[cut:]]
        return self._trim(parts, keep=pair.premise)

    def _trim(self, parts: Sequence[str], keep: str = "") -> str:
        """Join sentences, leaving the farthest out while there are too many words."""
        kept = list(parts)
        while len(kept) > 1 and sum(len(s.split()) for s in kept) > self._max_words:
            kept.pop(0 if kept[-1] == keep or (keep in kept and kept.index(keep) > len(kept) // 2) else -1)
        return " ".join(kept)

    def _subject(self, document: Sequence[str]) -> str:
        """The name a document is about: the first person, or what its first sentence begins with."""
        names = self._library.names(document[0])
        if names and names[0][0] < 5:
            return document[0][names[0][0] : names[0][1]]
        return subject_key(sentences(document[0])[0]) if document[0] else ""


def _with_tail(premise: str, claim: str, tail: str, source: str) -> Pair:
    """The claim, closed by words that belong to something else."""
    start = claim.rstrip(".")
    return Pair(premise, f"{start} {tail}.", NEUTRAL, source, ((len(start) + 1, len(start) + 1 + len(tail)),))
