"""The endless, seeded stream of training pairs: so many of each source in every round."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundwire.nli.training.corpora import LABEL_IDS, Pair, fit, is_held_out, read_pairs, sentence_by_sentence
from groundwire.nli.training.written import CORPUS, parsed, written_pairs

Maker = Callable[[random.Random, int], list[Pair]]
"""Makes `n` new pairs from a random generator."""


@dataclass(frozen=True)
class Source:
    """A list of pairs and its weight: the pairs drawn from it in one full round of `Mixture`."""

    name: str
    pairs: Sequence[Pair]
    per_round: int


class Mixture:
    """Rounds of pairs. Round `i` depends on the seed and on `i` alone, so a run resumes where it stopped."""

    def __init__(
        self, sources: Sequence[Source], makers: dict[str, tuple[Maker, int]], made_from_round: int, seed: int
    ) -> None:
        self._sources = sources
        self._makers = makers
        self._made_from_round = made_from_round
        self._seed = seed

    def round(self, index: int) -> list[Pair]:
        """Return the pairs of round `index`, shuffled."""
        rows: list[Pair] = []
        for source in self._sources:
            rows += _without_replacement(source, index, self._seed)
        for name, (make, count) in self._makers.items() if index >= self._made_from_round else ():
            rows += make(random.Random(f"{self._seed}:{name}:{index}"), count)
        random.Random(f"{self._seed}:shuffle:{index}").shuffle(rows)
        return rows


def _without_replacement(source: Source, index: int, seed: int) -> list[Pair]:
    """Take the next `per_round` pairs of an order that is shuffled anew each time the list is used up."""
    size = len(source.pairs)
    taken: list[Pair] = []
    position = index * source.per_round
    while len(taken) < source.per_round:
        epoch, offset = divmod(position, size)
        order = list(range(size))
        random.Random(f"{seed}:{source.name}:{epoch}").shuffle(order)
        part = order[offset : offset + source.per_round - len(taken)]
        taken += [source.pairs[i] for i in part]
        position += len(part)
    return taken


def read_corpus(data_dir: Path, name: str, mix: Mapping[str, Any]) -> list[Pair]:
    """The pairs of a corpus: of its file in `data_dir`, or those that come with the package.

    Those are `written`, or `written/explain` for its files whose names begin so. Any other is the file `name.jsonl.gz`,
    or `name.txt` in the form of `written.py`.

    Raises: FileNotFoundError when it is missing; ValueError when it is not of its form.
    """
    corpus, _, beginning = name.partition("/")
    if corpus == CORPUS:
        return written_pairs(beginning)
    if (text := data_dir / f"{name}.txt").is_file():
        return list(parsed(text.read_text("utf-8"), str(text), name))
    pairs = read_pairs(data_dir / f"{name}.jsonl.gz")
    return sentence_by_sentence(pairs) if name in mix.get("by_sentence", ()) else pairs


def load_sources(data_dir: Path, mix: Mapping[str, Any], seed: int) -> list[Source]:
    """Read the corpora named in `mix["passes"]` from `data_dir`.

    `passes` gives passes over a corpus in `rounds` rounds (0.5: half of it is seen once); `drop` gives for a corpus
    the share of a label's rows to leave out, where a set has too many of one; `by_sentence` names corpora whose
    hypotheses are whole summaries. `held_out` is the share of premises that are left for fitting what comes after
    training. Premises are cut to `max_words`, a share of `long_share` of them to `long_words`, but those of the corpora
    in `whole` are left as they are.

    Raises: FileNotFoundError when a corpus is missing.
    """
    sources = []
    for name, passes in mix["passes"].items():
        rng = random.Random(f"{seed}:drop:{name}")
        shares = {LABEL_IDS[label]: share for label, share in mix.get("drop", {}).get(name, {}).items()}
        whole = name in mix.get("whole", ())
        pairs = []
        for pair in read_corpus(data_dir, name, mix):
            if is_held_out(pair, mix.get("held_out", 0.0)):
                continue
            if rng.random() < shares.get(pair.label, 0.0):
                continue
            long = rng.random() < mix.get("long_share", 0.0)
            pairs.append(pair if whole else fit(pair, mix["long_words"] if long else mix["max_words"]))
        sources.append(Source(name, pairs, max(1, round(len(pairs) * passes / mix["rounds"]))))
    return sources
