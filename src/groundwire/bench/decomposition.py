"""The claims of extractors against the atomic claims that people wrote for the same texts.

The floor is the sentence splitter alone, with one claim a sentence.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from groundwire.bench import sets
from groundwire.bench.figures import mean, percentile
from groundwire.bench.matching import LIKE, NEAR, Pairs, facing, likeness, pairing, pronoun, words
from groundwire.bench.self_contained import is_self_contained
from groundwire.claims import Extractor, FakeExtractor, SpacyExtractor
from groundwire.errors import InputError
from groundwire.model import Claim

Progress = Callable[[int], None]

EXTRACTORS: Mapping[str, Callable[[], Extractor]] = {
    "spacy": SpacyExtractor,
    "sentences": FakeExtractor,
}
"""What is measured, by the name of its row. The first is what `--show` shows."""

PEOPLE = "people"
"""The name of the row of the human claims themselves."""

_TEXTS = ("text", "response", "sentence")
_EXPECTED = 'an object with "text", "response" or "sentence", and "claims" or "segmentations"'


class Sample(NamedTuple):
    """A text and the claims that people wrote for it; one that they wrote twice counts once."""

    text: str
    claims: tuple[str, ...]


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
    claims: Any = example.get("claims")
    try:
        if "segmentations" in example:
            marked = [each for each in example["segmentations"] if each.get("is_reference")]
            claims = (marked or example["segmentations"])[0]["propositions"]
        claims = [each["claim"] if isinstance(each, dict) else each for each in claims]
    except (KeyError, TypeError, IndexError, AttributeError):
        claims = None
    if not isinstance(text, str) or claims is None or not all(isinstance(each, str) for each in claims):
        raise InputError(str(path), f"something is missing in {str(example)[:60]!r}.", _EXPECTED)
    return Sample(text, tuple(dict.fromkeys(claims)))


@dataclass(frozen=True)
class Taken:
    """A text, taken apart. `likes` and `entailed` are the pairs matched by words and by entailment both ways.

    `entailed` is None where no model was asked. `ms` and `cpu_ms` are the extraction's time and processor time.
    """

    sample: Sample
    claims: tuple[Claim, ...]
    passed_over: tuple[Claim, ...]
    sentences: tuple[Claim, ...]
    ms: float
    cpu_ms: float
    near: Pairs
    likes: Pairs


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


def figures(taken: Sequence[Taken]) -> dict[str, float]:
    """The figures of one extractor on one set. Recall and precision are over all claims of the set together.

    `coverage` is the share of the content words in the splitter's sentences, less those that the extractor passed over
    as stating nothing, of which at least half lies in the pieces of some claim; `passed_over` is the share of those.
    """
    human = sum(len(each.sample.claims) for each in taken)
    found = sum(len(each.claims) for each in taken)
    sentences = sum(len(each.sentences) for each in taken)
    covered, passed, prose = (sum(counts) for counts in zip(*map(_covered, taken), strict=True))
    hundreds = [len(each.sample.text.split()) / 100 for each in taken]
    return {
        "n": len(taken),
        "claims": found,
        "claims_per_sentence": found / sentences if sentences else float("nan"),
        **_agreement("word", sum(len(each.likes) for each in taken), human, found),
        "self_contained": mean([float(is_self_contained(claim.text)) for each in taken for claim in each.claims]),
        "coverage": covered / (prose - passed) if prose > passed else float("nan"),
        "passed_over": passed / prose if prose else float("nan"),
        "ms": percentile([each.ms / words for each, words in zip(taken, hundreds, strict=True) if words], 0.5),
        "cpu_ms": percentile([each.cpu_ms / words for each, words in zip(taken, hundreds, strict=True) if words], 0.5),
    }


def of_people(taken: Sequence[Taken]) -> dict[str, float]:
    """The row of the human claims: how many, how fine, how many can be understood alone."""
    human = [claim for each in taken for claim in each.sample.claims]
    sentences = sum(len(each.sentences) for each in taken)
    nothing = dict.fromkeys(figures(taken), float("nan"))
    return {
        **nothing,
        "n": len(taken),
        "claims": len(human),
        "claims_per_sentence": len(human) / sentences if sentences else float("nan"),
        "self_contained": mean([float(is_self_contained(claim)) for claim in human]),
    }


def _agreement(by: str, matched: int, human: int, found: int) -> dict[str, float]:
    recall = matched / human if human else float("nan")
    precision = matched / found if found else float("nan")
    f1 = 2 * matched / (human + found) if human + found else float("nan")
    return {f"{by}_recall": recall, f"{by}_precision": precision, f"{by}_f1": f1}


def _covered(taken: Taken) -> tuple[int, int, int]:
    """Content words of the sentences that are in a claim's pieces, that are only in passed over ones, and all."""
    said, passed = _places(taken.claims), _places(taken.passed_over)
    covered = over = prose = 0
    for sentence in taken.sentences:
        start, end = sentence.span
        for first, last in words(taken.sample.text[start:end]):
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
