"""What a page shows of a report: the answer cut into marked stretches, the edits, passages in place, small pictures.

Everything here is data, or SVG through Jinja2 with autoescape: no text of a model becomes markup.
"""

import difflib
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from groundwire.model import CheckedClaim, Evidence, Report, Triple, Verdict
from groundwire.review.store import INPUTS

AROUND = 240  # characters of a document shown on either side of a passage
MOST_WORDS_COMPARED = 4000
_LONGEST_LABEL = 30
_WORD = re.compile(r"\s+|\w+(?:[.,:]\d+)*|[^\w\s]")  # 5.4 is one
_SENTENCE = re.compile(r"\S[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")


class Stretch(NamedTuple):
    """A piece of the answer and the claim that it states, if any: of several, the one that says least.

    `parts` are its words in order, each with whether the cited evidence does not say them.
    """

    text: str
    claim: CheckedClaim | None
    parts: tuple[tuple[str, bool], ...]


class Edit(NamedTuple):
    """A piece of the comparison: `kind` is same, gone or new."""

    kind: str
    text: str


class Passage(NamedTuple):
    """Evidence in its place: `before` and `after` it in its document, where that was stored.

    `lead`, `nearest` and `rest` are the passage itself: the sentence that shares most words with the claim, and what
    stands around it.
    """

    evidence: Evidence
    before: str
    lead: str
    nearest: str
    rest: str
    after: str


class Box(NamedTuple):
    """A thing in the picture of a graph path. Lengths are in pixels."""

    x: float
    y: float
    width: float
    label: str
    full: str


class Arrow(NamedTuple):
    x1: float
    x2: float
    y: float
    label: str
    full: str


class Picture(NamedTuple):
    width: float
    height: float
    boxes: list[Box]
    arrows: list[Arrow]


class Bar(NamedTuple):
    """One stretch of a stacked column."""

    x: float
    y: float
    width: float
    height: float
    verdict: str
    title: str


class Chart(NamedTuple):
    width: float
    height: float
    bars: list[Bar]
    ticks: list[tuple[float, str]]
    labels: list[tuple[float, str]]


def stretches(report: Report) -> list[Stretch]:
    """The answer, whole and in order, cut where claims begin and end."""
    claims = [claim for claim in report.claims if claim.span.end > claim.span.start]
    cuts = sorted({0, len(report.answer), *(end for claim in claims for end in claim.span)})
    found: list[Stretch] = []
    for start, end in itertools.pairwise(cuts):
        over = [claim for claim in claims if claim.span.start <= start and end <= claim.span.end]
        claim = min(over, key=lambda one: (-_weight(one), one.span.end - one.span.start)) if over else None
        text, parts = report.answer[start:end], _parts(report.answer, start, end, claim)
        if found and found[-1].claim is claim:
            found[-1] = Stretch(found[-1].text + text, claim, found[-1].parts + parts)
        elif text:
            found.append(Stretch(text, claim, parts))
    return found


def _parts(answer: str, start: int, end: int, claim: CheckedClaim | None) -> tuple[tuple[str, bool], ...]:
    """The stretch cut where words in doubt begin and end."""
    wanting = claim is not None and claim.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)
    doubted = [span for finding in claim.findings for span in finding.doubted] if claim and wanting else []
    inside = {place for span in doubted for place in span if start < place < end}
    pieces = itertools.pairwise(sorted({start, end, *inside}))
    return tuple((answer[a:b], any(span.start <= a and b <= span.end for span in doubted)) for a, b in pieces)


def _weight(claim: CheckedClaim) -> int:
    return ("supported", "unchecked", "unsupported", "contradicted").index(claim.verdict)


def edits(before: str, after: str) -> list[Edit]:
    """What became of a text, by words."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS_COMPARED:
        return [Edit("gone", before), Edit("new", after)]
    found: list[Edit] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Edit("same", "".join(old[i1:i2])))
            continue
        found += [Edit("gone", "".join(old[i1:i2]))] if i2 > i1 else []
        found += [Edit("new", "".join(new[j1:j2]))] if j2 > j1 else []
    return found


def passages(claim: CheckedClaim, request: Mapping[str, Any]) -> list[Passage]:
    """The evidence of a claim, that which the judges cite first, each passage once."""
    cited = [evidence for finding in claim.findings for evidence in finding.evidence]
    documents = {one.get("source"): one.get("text", "") for one in request.get(INPUTS, {}).get("documents", ())}
    found: dict[tuple[str, str], Passage] = {}
    for evidence in (*cited, *claim.evidence):
        before, after = "", ""
        whole = documents.get(evidence.source, "")
        if evidence.span and whole[evidence.span.start : evidence.span.end] == evidence.text:
            start, end = evidence.span
            before, after = whole[max(0, start - AROUND) : start], whole[end : end + AROUND]
        lead, nearest, rest = _nearest(evidence.text, claim.text)
        found.setdefault((evidence.source, evidence.text), Passage(evidence, before, lead, nearest, rest, after))
    return list(found.values())


def _nearest(passage: str, claim: str) -> tuple[str, str, str]:
    """A reading aid, and no verdict: where in the passage to look first."""
    wanted = set(re.findall(r"\w+", claim.lower()))
    sentences = list(_SENTENCE.finditer(passage))
    if not sentences:
        return "", passage, ""
    best = max(sentences, key=lambda match: len(wanted & set(re.findall(r"\w+", match[0].lower()))))
    return passage[: best.start()], best[0], passage[best.end() :]


def path_picture(path: Sequence[Triple]) -> Picture | None:
    """A path through the graph, a fact a row."""
    if not path:
        return None
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    width = 0.0
    for row, triple in enumerate(path):
        y = 4 + row * 44.0
        left = _box(2, y, triple.subject)
        middle = max(64.0, _wide(_short(triple.relation)))
        right = _box(left.x + left.width + middle + 26, y, triple.object)
        arrows.append(Arrow(left.x + left.width + 3, right.x - 9, y + 15, _short(triple.relation), triple.relation))
        boxes += [left, right]
        width = max(width, right.x + right.width + 2)
    return Picture(math.ceil(width), len(path) * 44.0, boxes, arrows)


def _box(x: float, y: float, label: str) -> Box:
    return Box(x, y, _wide(_short(label)) + 16, _short(label), label)


def _wide(label: str) -> float:
    """About as wide as the label at 13 pixels; wide scripts count double."""
    return sum(13.0 if ord(character) > 0x2E80 else 7.3 for character in label)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


_STACKED = ("blocked", "flagged", "unchecked", "rewritten", "clean")


def chart(days: Sequence[tuple[str, Mapping[str, int]]], width: float = 900.0, height: float = 220.0) -> Chart:
    """Reports a day, stacked by verdict, the worst at the bottom, where heights compare best."""
    top, bottom, left = 10.0, 24.0, 44.0
    most = max((sum(counts.values()) for _, counts in days), default=0)
    ceiling = _round_up(most)
    room = height - top - bottom
    step = (width - left) / max(1, len(days))
    bars: list[Bar] = []
    labels: list[tuple[float, str]] = []
    for number, (day, counts) in enumerate(days):
        x, y = left + number * step, height - bottom
        for verdict in _STACKED:
            if count := counts.get(verdict, 0):
                tall = room * count / ceiling
                y -= tall
                bars.append(Bar(x + step * 0.1, y, step * 0.8, tall, verdict, f"{day}: {count} {verdict}"))
        if number % max(1, math.ceil(len(days) / 10)) == 0:
            labels.append((x + step / 2, day[5:]))
    ticks = [(height - bottom - room * part / 4, f"{ceiling * part / 4:g}") for part in range(5)]
    return Chart(width, height, bars, ticks, labels)


def _round_up(most: int) -> int:
    """The next number that four lines divide evenly."""
    known = (4 * factor * int(10**power) for power in range(12) for factor in (1, 2, 5))
    return next(number for number in known if number >= most)


def wilson(part: int, whole: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval (Wilson) of a share, 0 to 1. Of nothing, anything may be true."""
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def probabilities(claim: CheckedClaim) -> Iterator[tuple[str, str, str, list[tuple[str, float]]]]:
    """Each judge's finding: name, label, explanation and probabilities."""
    for finding in claim.findings:
        yield finding.judge, finding.label.value, finding.explanation, sorted(finding.probabilities.items())
