"""The files of labelled pairs that the built-in model learns from, and how much of each it sees.

A corpus file is gzip'd JSON lines with `premise`, `hypothesis` and `label`. Labels are `entailment`,
`neutral`, `contradiction`, or, where a set draws only one line, `supported` and `unsupported`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

from groundwire.nli.signals import content_words

ENTAILMENT, NEUTRAL, CONTRADICTION, UNSUPPORTED = range(4)
"""Label ids. `UNSUPPORTED` is not a column of the model: it is "neutral or contradiction"."""

LABEL_IDS = {
    "entailment": ENTAILMENT,
    "supported": ENTAILMENT,
    "neutral": NEUTRAL,
    "contradiction": CONTRADICTION,
    "unsupported": UNSUPPORTED,
}


Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One labelled example: does `premise` entail `hypothesis`? `source` names where it came from.

    `wrong` are the start and end (code points) of what in the hypothesis the premise does not say, where that is known.
    """

    premise: str
    hypothesis: str
    label: int
    source: str
    wrong: Spans | None = None


def read_pairs(path: Path) -> list[Pair]:
    """Read one corpus file.

    Raises: ValueError naming file and line when a row has no label that we know.
    """
    source = path.name.removesuffix(".jsonl.gz")
    return list(_rows(path, source))


def _rows(path: Path, source: str) -> Iterator[Pair]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            if row.get("label") not in LABEL_IDS:
                raise ValueError(f"{path}:{number}: label {row.get('label')!r} is not one of {', '.join(LABEL_IDS)}")
            premise, hypothesis = _clean(row["premise"]), _clean(row["hypothesis"])
            if premise and hypothesis:
                yield Pair(premise, hypothesis, LABEL_IDS[row["label"]], source)


_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-COLON-": ":"}
_SPACED = re.compile(r" (?=[.,;:!?)\]%](?:\s|$))|(?<=[(\[]) ")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|No|Gen|Col|Lt|Prof|Inc|Co|Corp|Ltd|Mt|ca|c|b|d|e\.g|i\.e)|\b[A-Z])\.$"
)


def _clean(text: str) -> str:
    """Undo treebank tokenisation, which a real document never shows."""
    for token, char in _BRACKETS.items():
        text = text.replace(token, char)
    if " ," in text or " ." in text:
        text = _SPACED.sub("", text)
    return text.strip()


def sentences(text: str) -> list[str]:
    """Split a document into sentences, cheaply; a full stop after an initial or a title does not end one."""
    parts: list[str] = []
    for piece in _SENTENCE_END.split(text):
        piece = piece.strip()
        if not piece:
            continue
        if parts and _ABBREVIATION.search(parts[-1]):
            parts[-1] += " " + piece
        else:
            parts.append(piece)
    return parts


def fit(pair: Pair, max_words: int) -> Pair:
    """Shorten a premise of more than `max_words` words to the sentences that speak of the hypothesis.

    The model is shown evidence that was chosen the same way when it is used, so this is not a loss
    but the task itself. Order in the document is kept.
    """
    if len(pair.premise.split()) <= max_words:
        return pair
    wanted = content_words(pair.hypothesis)
    parts = [p for s in sentences(pair.premise) for p in _pieces(s, max_words // 2)]
    scores = [len(content_words(s) & wanted) / (1 + len(content_words(s)) ** 0.5) for s in parts]
    # A neighbour often resolves the pronoun of a good sentence.
    scores = [
        s + 0.3 * max(scores[i - 1] if i else 0, scores[i + 1] if i + 1 < len(scores) else 0)
        for i, s in enumerate(scores)
    ]
    kept: list[int] = []
    words = 0
    for i in sorted(range(len(parts)), key=lambda i: -scores[i]):
        n = len(parts[i].split())
        if words + n <= max_words:
            kept.append(i)
            words += n
    return replace(pair, premise=" ".join(parts[i] for i in sorted(kept)))


def is_held_out(pair: Pair, share: float) -> bool:
    """Whether a pair belongs to the share of premises (0 to 1) that no training sees; all pairs of a premise do."""
    digest = hashlib.blake2b(pair.premise.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64


def sentence_by_sentence(pairs: Sequence[Pair]) -> list[Pair]:
    """Take summaries apart into sentences, each with its premise.

    Every sentence of a supported summary is supported. Of an unsupported one, the sentence that no supported summary
    of the same premise has is the one that is not; where there are several such, nobody knows which, and none is used.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        if pair.label == ENTAILMENT:
            known[pair.premise].update(sentences(pair.hypothesis))
    apart: dict[Pair, None] = {}
    for pair in pairs:
        parts = sentences(pair.hypothesis)
        strange = [part for part in parts if part not in known[pair.premise]]
        chosen = parts if pair.label == ENTAILMENT else strange * (len(strange) == 1)
        for part in chosen:
            wrong = None if pair.label == ENTAILMENT else _edited(part, known[pair.premise])
            apart.update({replace(pair, hypothesis=part, wrong=wrong): None} if len(part.split()) > 3 else {})
    return list(apart)


def _edited(sentence: str, right: Collection[str]) -> Spans | None:
    """What makes a sentence differ from the right one that it was made from, where that can be told."""
    twin = next(iter(get_close_matches(sentence, right, 1, 0.7)), None)
    return changed(twin, sentence) if twin else None


_WORD = re.compile(r"\w+|[^\w\s]")


def changed(old: str, new: str) -> Spans:
    """The words of `new` that `old` has not in this place; where words are only left out, those beside the gap."""
    before, after = (list(_WORD.finditer(text)) for text in (old, new))
    spans = []
    matcher = SequenceMatcher(None, [w[0].lower() for w in before], [w[0].lower() for w in after], autojunk=False)
    for tag, _, _, start, stop in matcher.get_opcodes():
        if tag == "delete":
            start, stop = max(0, start - 1), min(len(after), stop + 1)
        if tag != "equal" and start < stop:
            spans.append((after[start].start(), after[stop - 1].end()))
    return tuple(spans)


def carried(spans: Spans | None, old: str, new: str) -> Spans | None:
    """The same words in `new`, a text made of `old`; None where one of them is not there exactly once."""
    if spans is None or old == new:
        return spans
    pieces = [old[start:end] for start, end in spans]
    if not pieces or any(new.count(piece) != 1 for piece in pieces):
        return None
    return tuple((new.index(piece), new.index(piece) + len(piece)) for piece in pieces)


def _pieces(sentence: str, max_words: int) -> list[str]:
    words = sentence.split()
    return [" ".join(words[i : i + max_words]) for i in range(0, len(words), max_words)]
