"""The claims of extractors against the atomic claims that people wrote for the same texts.

A human and a found claim are taken to say the same by their words, and by a model that sees each entail the other.
Word overlap is lenient: two statements about one person share the name. What entails each other is the harder figure.
The floor is the sentence splitter alone, with one claim a sentence.
"""

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from groundwire.bench import sets
from groundwire.bench.figures import mean, percentile
from groundwire.bench.matching import LIKE, NEAR, Pairs, facing, likeness, pairing, pronoun, words
from groundwire.bench.self_contained import is_self_contained
from groundwire.claims import Extractor, FakeExtractor, SpacyExtractor
from groundwire.errors import InputError
from groundwire.model import Claim
from groundwire.nli import EntailmentModel

Progress = Callable[[int], None]

EXTRACTORS: Mapping[str, Callable[[], Extractor]] = {
    "atomic": lambda: SpacyExtractor(granularity="atomic"),
    "clause": lambda: SpacyExtractor(granularity="clause"),
    "sentence": lambda: SpacyExtractor(granularity="sentence"),
    "splitter": FakeExtractor,
}
"""What is measured, by the name of its row. `--show` shows the first of those chosen."""

PAIRS_AT_ONCE = 256

PEOPLE = "people"
"""The name of the row of the human claims themselves."""

_CITATION = re.compile(r"\[\d{1,3}\]")
_TEXTS = ("text", "response", "sentence")
_EXPECTED = 'an object with "text", "response" or "sentence", and "claims" or "segmentations"'


class Sample(NamedTuple):
    """A text and the claims that people wrote for it; one that they wrote twice counts once."""

    text: str
    claims: tuple[str, ...]


def find(folder: Path, wanted: Sequence[str] = ()) -> dict[str, Path]:
    """The sets of a folder. Raises: InputError where there is none, or not a wanted one."""
    found = sets.find(folder, "decomposition", wanted)
    if not found:
        raise InputError(str(folder), "holds no data sets.", "decomposition.NAME.jsonl.gz")
    return found


def choose(wanted: Sequence[str] = ()) -> dict[str, Callable[[], Extractor]]:
    """The extractors of these names, or all. Raises: InputError."""
    if missing := [name for name in wanted if name not in EXTRACTORS]:
        raise InputError("--extractor", f'there is no "{missing[0]}".', f"one of: {', '.join(EXTRACTORS)}")
    return {name: EXTRACTORS[name] for name in (wanted or EXTRACTORS)}


def read(path: Path, limit: int | None) -> list[Sample]:
    """The texts of a set, without those for which nobody wrote a claim: that may be an answer, or be missing.

    `claims` holds strings or objects with a `claim`. Of several `segmentations` the reference is taken, or where none
    is marked the first. No set has the question that its texts answer, so extractors are given none.

    Raises: InputError.
    """
    samples = (_sample(path, example) for example in sets.read(path, (), limit))
    return [sample for sample in samples if sample.claims]


def _sample(path: Path, example: sets.Example) -> Sample:
    text: Any = next((example[name] for name in _TEXTS if name in example), None)
    try:
        written: Any = example.get("claims")
        if "segmentations" in example:
            marked = [each for each in example["segmentations"] if each.get("is_reference")]
            written = (marked or example["segmentations"])[0]["propositions"]
        claims = [each["claim"] if isinstance(each, dict) else each for each in written]
    except (KeyError, TypeError, IndexError, AttributeError):
        claims = [None]
    strings = not isinstance(written, str) and all(isinstance(each, str) for each in (text, *claims))
    if not strings:
        raise InputError(str(path), f"something is missing in {str(example)[:60]!r}.", _EXPECTED)
    return Sample(text, tuple(dict.fromkeys(claims)))


@dataclass(frozen=True)
class Taken:
    """A text, taken apart.

    `near` are the pairs of a human and a found claim that share enough words to be looked at, `like` those matched one
    to one by their words, `same` those matched because each entails the other (None where no model was asked).
    `sentences` is the floor. `ms` and `cpu_ms` are the extraction's time and processor time.
    """

    sample: Sample
    claims: tuple[Claim, ...]
    passed_over: tuple[Claim, ...]
    sentences: tuple[Claim, ...]
    ms: float
    cpu_ms: float
    near: Pairs
    like: Pairs
    same: Pairs | None = None

    def texts(self, pair: tuple[int, int]) -> tuple[str, str]:
        """What the two claims of a pair say, as they are compared."""
        human = self.sample.claims[pair[0]]
        return human, facing(self.claims[pair[1]], pronoun(human))


def take_apart(samples: Sequence[Sample], extractor: Extractor, progress: Progress) -> list[Taken]:
    """Each text as a request of its own, to an extractor that is warm."""
    extractor.extract("A wire connects the circuit to the ground, and it holds.")
    splitter = FakeExtractor()
    taken = []
    for sample in samples:
        began, began_cpu = time.perf_counter(), time.process_time()
        claims = extractor.extract(sample.text)
        ms, cpu_ms = (time.perf_counter() - began) * 1000, (time.process_time() - began_cpu) * 1000
        checkable = tuple(claim for claim in claims if claim.checkable)
        near = _near(sample.claims, checkable)
        taken.append(
            Taken(
                sample,
                checkable,
                tuple(claim for claim in claims if not claim.checkable),
                tuple(claim for claim in splitter.extract(sample.text) if claim.checkable),
                ms,
                cpu_ms,
                near,
                pairing({pair: alike for pair, alike in near.items() if alike >= LIKE}),
            )
        )
        progress(1)
    return taken


def _near(human: Sequence[str], claims: Sequence[Claim]) -> Pairs:
    """How alike human and found claims are, where it is at least `NEAR`."""
    found: Pairs = {}
    for place, wrote in enumerate(human):
        who = pronoun(wrote)
        for other, claim in enumerate(claims):
            if (alike := likeness(wrote, facing(claim, who))) >= NEAR:
                found[place, other] = alike
    return found


def compare(taken: Sequence[Taken], model: EntailmentModel, progress: Progress) -> list[Taken]:
    """The same, with the pairs matched that entail each other: both ways with a probability of at least `LIKE`.

    A pair that is not `near` is not asked about. Neither claim's text is before the model, only the two claims.
    """
    asked: dict[tuple[str, str], float] = {}
    for each in taken:
        for pair in each.near:
            one, other = each.texts(pair)
            asked |= {(one, other): 0.0, (other, one): 0.0}
    pairs = sorted(asked, key=lambda pair: len(pair[0]) + len(pair[1]))
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        group = pairs[start : start + PAIRS_AT_ONCE]
        asked |= zip(group, model.predict(group)[:, 0].tolist(), strict=True)
        progress(len(group))
    compared = []
    for each in taken:
        sides = {pair: each.texts(pair) for pair in each.near}
        both = {pair: min(asked[one, other], asked[other, one]) for pair, (one, other) in sides.items()}
        compared.append(replace(each, same=pairing({pair: least for pair, least in both.items() if least >= LIKE})))
    return compared


def figures(taken: Sequence[Taken]) -> dict[str, float]:
    """The figures of one extractor on one set. Recall and precision are over all claims of the set together.

    `coverage` is the share of the content words in the splitter's sentences, less those that the extractor passed over
    as stating nothing, of which at least half lies in the pieces of some claim; `passed_over` is the share of those.
    A citation such as [1] is no word. `ms` and `cpu_ms` are medians, for 100 words.
    """
    human = sum(len(each.sample.claims) for each in taken)
    found = sum(len(each.claims) for each in taken)
    sentences = sum(len(each.sentences) for each in taken)
    covered, passed, prose = map(sum, zip(*map(_covered, taken), strict=True)) if taken else (0, 0, 0)
    hundreds = [len(each.sample.text.split()) / 100 for each in taken]
    compared = all(each.same is not None for each in taken)
    return {
        "n": len(taken),
        "total": found,
        "per_sentence": _share(found, sentences),
        **_agreement("word", sum(len(each.like) for each in taken), human, found),
        **_agreement("entailment", sum(len(each.same or ()) for each in taken) if compared else math.nan, human, found),
        "self_contained": mean([float(is_self_contained(claim.text)) for each in taken for claim in each.claims]),
        "coverage": _share(covered, prose - passed),
        "passed_over": _share(passed, prose),
        "ms": percentile([each.ms / many for each, many in zip(taken, hundreds, strict=True) if many], 0.5),
        "cpu_ms": percentile([each.cpu_ms / many for each, many in zip(taken, hundreds, strict=True) if many], 0.5),
    }


def of_people(taken: Sequence[Taken]) -> dict[str, float]:
    """The row of the human claims: how many, how fine, how many can be understood alone."""
    human = [claim for each in taken for claim in each.sample.claims]
    return {
        **dict.fromkeys(figures(taken), math.nan),
        "n": len(taken),
        "total": len(human),
        "per_sentence": _share(len(human), sum(len(each.sentences) for each in taken)),
        "self_contained": mean([float(is_self_contained(claim)) for claim in human]),
    }


def _agreement(by: str, matched: float, human: int, found: int) -> dict[str, float]:
    return {
        f"{by}_recall": _share(matched, human),
        f"{by}_precision": _share(matched, found),
        f"{by}_f1": _share(2 * matched, human + found),
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _covered(taken: Taken) -> tuple[int, int, int]:
    """Content words of the sentences that are in a claim's pieces, that are only in passed over ones, and all."""
    said, passed = _places(taken.claims), _places(taken.passed_over)
    covered = over = prose = 0
    text = _CITATION.sub(lambda mark: " " * len(mark[0]), taken.sample.text)
    for sentence in taken.sentences:
        start, end = sentence.span
        for first, last in words(text[start:end]):
            prose += 1
            word = range(start + first, start + last)
            if 2 * len(said.intersection(word)) >= len(word):
                covered += 1
            elif 2 * len(passed.intersection(word)) >= len(word):
                over += 1
    return covered, over, prose


def _places(claims: Sequence[Claim]) -> set[int]:
    return {
        place
        for claim in claims
        for piece in claim.pieces
        for place in range(piece.source, piece.source + piece.length)
    }
