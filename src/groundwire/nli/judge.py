"""The entailment judge: every claim against every passage, and one finding a claim."""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from groundwire.errors import DeadlineError
from groundwire.model import Case, Correction, Evidence, Finding, Label
from groundwire.nli.aligned import aligned
from groundwire.nli.calibration import Calibration
from groundwire.nli.combiner import Combiner
from groundwire.nli.doubt import Stretch
from groundwire.nli.entailment import COLUMNS, CONTRADICTION, ENTAILMENT, EntailmentModel, Pair, checked
from groundwire.nli.joined import read_together
from groundwire.nli.names import swaps
from groundwire.nli.signals import Signals, signals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOGIC = "5"
"""Counts up when the same probabilities would lead to another finding."""

_GAP = 3
"""Characters between two passages that still count as neighbours: white space and a line break."""

_JOINED = 2
"""Joined passages tried for a claim that no single one supports."""

_NEARLY = 0.1
"""Entailment by a single passage from which on a second one beside it is tried: below, it never made the difference."""

_FAR = 0.85
"""The share of the best passage's rank below which a passage is not read."""

_CLEAR = 0.6
"""Entailment by a passage that supports the claim, from which on no other is read: none could take support away."""

_MENDED = 0.8
"""Entailment of a claim with another name in it, from which on that name is offered as a correction."""

_WORD = re.compile(r"\w+")

_NAMED = 4
"""Stretches of a claim that an explanation names as unsaid."""

_LEAST = 0.22
"""Entailment by the nearest passage below which the words that it shares with a claim add nothing: they are about
something else, or deny it. Nor do they where that passage contradicts the claim more than it entails it. On `dev`
answers the first is worth 0.2 of balanced accuracy, the second nothing; on everyday statements it is worth 4."""

_FIRST = 1
"""Passages, best first, that every claim is held against. The others wait for the claims that these leave open."""


@dataclass(frozen=True)
class Thresholds:
    """From which probability on a claim counts as supported, or as contradicted by a passage; 0 to 1."""

    supported: float = 0.5
    contradicted: float = 0.5

    @classmethod
    def of(cls, model: object) -> Thresholds:
        """The thresholds that were chosen for this model, or 0.5 where it names none."""
        known: Mapping[str, float] = getattr(model, "thresholds", None) or {}
        return cls(**{k: float(known[k]) for k in ("supported", "contradicted") if k in known})


@dataclass(frozen=True)
class _Premise:
    """A passage, or two that were joined, and the evidence it stands for."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Reading:
    """What the model makes of one claim: of its passages, best ranked first, and of some that were joined.

    `rows` are probabilities (passages asked, 3), `together` those of `joined` (joined, 3), or None without any.
    """

    premises: Sequence[_Premise]
    rows: NDArray[np.float32]
    joined: Sequence[_Premise]
    together: NDArray[np.float32] | None

    @property
    def nearest(self) -> tuple[_Premise, NDArray[np.float32]]:
        """The passage, or two joined, that comes nearest to entailing the claim, and its row."""
        best = int(self.rows[:, ENTAILMENT].argmax())
        if self.together is not None:
            nearest = int(self.together[:, ENTAILMENT].argmax())
            if self.together[nearest, ENTAILMENT] > self.rows[best, ENTAILMENT]:
                return self.joined[nearest], self.together[nearest]
        return self.premises[best], self.rows[best]

    @property
    def entailment(self) -> float:
        """The highest of any premise."""
        return float(self.nearest[1][ENTAILMENT])

    @property
    def contradiction(self) -> float:
        """The highest of any passage."""
        return float(self.rows[:, CONTRADICTION].max())


class EntailmentJudge:
    """Says supported, contradicted or unsupported of each claim by what the model makes of its passages.

    Support from any one passage is enough. Where no passage alone supports a claim, neighbouring passages are tried
    together. What the model says is weighed with the words, names and numbers that claim and passages share, where the
    model brings a `combiner`. A contradiction cites its passage. More passages never lower the support that one of
    them gives. `thresholds` hold for calibrated support; the default is what was chosen for the model.
    """

    name = "entailment"

    def __init__(
        self, model: EntailmentModel, thresholds: Thresholds | None = None, calibration: Calibration | None = None
    ) -> None:
        self._model = model
        self._thresholds = thresholds or Thresholds.of(model)
        self._calibration = calibration or Calibration()
        self._combiner: Combiner | None = getattr(model, "combiner", None)
        decided = f"{_LOGIC}:{model.version}:{self._thresholds}"
        if not self._calibration.identity:
            decided += f":{self._calibration}"
        self.version = f"{model.name}-{hashlib.sha256(decided.encode()).hexdigest()[:12]}"

    @property
    def model(self) -> EntailmentModel:
        """The model that is asked."""
        return self._model

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """Return one finding a case, in order.

        All cases go to the model together, in three calls: the best passage of each; for the claims that it does not
        clearly support, the others; for what is still open, passages joined. Raises nothing: what the model gets wrong
        becomes findings labelled `error`, what it has no time for by `deadline`, a moment of `time.monotonic()`,
        findings labelled `deadline`.
        """
        findings = [
            reading if isinstance(reading, Finding) else self._decide(case, reading)
            for case, reading in zip(cases, self.read(cases, deadline=deadline), strict=True)
        ]
        doubted = self._doubted(cases, findings, deadline)
        named = [_naming(*both) for both in zip(cases, findings, doubted, strict=True)]
        return self._corrected(cases, named, doubted, deadline)

    def _doubted(
        self, cases: Sequence[Case], findings: Sequence[Finding], deadline: float | None
    ) -> list[list[Stretch]]:
        """For each case the words of a claim found wanting that the cited passage does not say, where known."""
        tell = getattr(self._model, "doubted", None)
        doubted: list[list[Stretch]] = [[] for _ in cases]
        wanting = [i for i, f in enumerate(findings) if f.label in (Label.UNSUPPORTED, Label.CONTRADICTED)]
        if tell is None or not wanting or (deadline is not None and time.monotonic() >= deadline):
            return doubted
        try:
            told = tell([(_cited(findings[index]), cases[index].claim.text) for index in wanting])
        except Exception:  # noqa: BLE001 - the findings stand without it: which words are wrong is an offer
            return doubted
        for index, stretches in zip(wanting, told, strict=True):
            doubted[index] = stretches
        return doubted

    def _corrected(
        self,
        cases: Sequence[Case],
        findings: list[Finding],
        doubted: Sequence[list[Stretch]],
        deadline: float | None,
    ) -> list[Finding]:
        """The findings, with the words of the cited passage that would make a claim true, where the model finds any."""
        pairs, tried = [], []
        for index, (case, finding) in enumerate(zip(cases, findings, strict=True)):
            if finding.label not in (Label.UNSUPPORTED, Label.CONTRADICTED):
                continue
            claim, premise = case.claim.text, _cited(finding)
            names = swaps(claim, premise, [evidence.premise for evidence in case.evidence])
            for swap in dict.fromkeys((*names, *aligned(claim, premise, doubted[index]))):
                if span := case.claim.locate(swap.start, swap.end):
                    pairs.append((premise, swap.made_in(claim)))
                    old = claim[swap.start : swap.end]
                    tried.append((index, Correction(span=span, old=old, new=swap.new)))
        if not pairs:
            return findings
        try:
            rows = checked(self._model.predict(pairs, deadline=deadline), len(pairs))
        except Exception:  # noqa: BLE001 - the findings stand without it: a correction is an offer
            return findings
        best: dict[int, float] = {}
        for (index, correction), row in zip(tried, rows, strict=True):
            if float(row[ENTAILMENT]) >= max(_MENDED, best.get(index, 0.0)):
                best[index] = float(row[ENTAILMENT])
                findings[index] = findings[index].model_copy(update={"correction": correction})
        return findings

    def read(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Reading | Finding]:
        """What the model makes of each case, in order, or the finding that says why it makes nothing of it."""
        refused: dict[int, Finding] = {}
        open_cases: dict[int, list[_Premise]] = {}
        for index, case in enumerate(cases):
            premises = [_Premise(e.premise, (e,)) for e in case.evidence if e.text.strip()]
            try:
                problem = self._refuse(case, premises)
            except Exception as error:  # noqa: BLE001 - a judge raises nothing; the model may be anybody's
                problem = self._failed(error)
            if problem is not None:
                refused[index] = problem
            else:
                open_cases[index] = premises
        alone = self._alone(cases, open_cases, deadline)
        nearly = {
            index: joined
            for index, premises in open_cases.items()
            if self._is_open(cases[index], premises, alone[index], but=_NEARLY) and (joined := list(_joined(premises)))
        }
        together = self._scored(cases, nearly, deadline)
        readings: dict[int, Reading | Finding] = dict(refused)
        for index, premises in open_cases.items():
            rows, more = alone[index], together.get(index)
            if isinstance(rows, Finding):
                readings[index] = rows
            elif isinstance(more, Finding):
                readings[index] = more
            else:
                readings[index] = Reading(premises, rows, nearly.get(index, ()), more)
        return [readings[index] for index in range(len(cases))]

    def _alone(
        self, cases: Sequence[Case], premises: Mapping[int, Sequence[_Premise]], deadline: float | None
    ) -> dict[int, NDArray[np.float32] | Finding]:
        """Probabilities (passages asked, 3) for each case: of the best passage alone where that clearly supports it."""
        import numpy as np

        first = self._scored(cases, {index: group[:_FIRST] for index, group in premises.items()}, deadline)
        waiting = {
            index: others
            for index, group in premises.items()
            if self._is_open(cases[index], group, first[index]) and (others := _not_far_behind(group))
        }
        for index, rest in self._scored(cases, waiting, deadline).items():
            known = first[index]
            first[index] = rest if isinstance(rest, Finding) or isinstance(known, Finding) else np.vstack((known, rest))
        return first

    def _refuse(self, case: Case, premises: Sequence[_Premise]) -> Finding | None:
        """What cannot be asked: no passage, or a claim that is too long for the model."""
        if not case.claim.text.strip():
            return self._finding(Label.UNCHECKED, "The claim has no words.")
        if not premises:
            return self._finding(Label.UNCHECKED, "No passage was given.")
        limit = self._model.max_length // 2
        # A token is at least one character, so short claims need no count.
        if len(case.claim.text) > limit and (length := self._model.length(case.claim.text)) > limit:
            return self._finding(
                Label.UNCHECKED, f"The claim takes {length} tokens; {self._model.name} reads at most {limit} at once."
            )
        return None

    def _scored(
        self, cases: Sequence[Case], premises: Mapping[int, Sequence[_Premise]], deadline: float | None
    ) -> dict[int, NDArray[np.float32] | Finding]:
        """Probabilities (passages, 3) for each case, or the finding that says why there are none."""
        pairs: list[Pair] = [(p.text, cases[i].claim.text) for i, group in premises.items() for p in group]
        if not pairs:
            return {}
        try:
            rows = checked(self._model.predict(pairs, deadline=deadline), len(pairs))
        except Exception as error:  # noqa: BLE001 - a judge raises nothing; the model may be anybody's
            return dict.fromkeys(premises, self._failed(error))
        scored: dict[int, NDArray[np.float32] | Finding] = {}
        start = 0
        for index, group in premises.items():
            part = rows[start : start + len(group)]
            start += len(group)
            bad = bool((part != part).any())  # NaN is the only value that differs from itself
            scored[index] = (
                self._finding(Label.ERROR, f"{self._model.name} gave no probabilities for a passage.") if bad else part
            )
        return scored

    def _is_open(
        self, case: Case, premises: Sequence[_Premise], rows: NDArray[np.float32] | Finding, *, but: float = 0.0
    ) -> bool:
        """Whether a further passage could matter: none so far supports the claim clearly, `but` one this much.

        What is clear to the model and still below a threshold, as somebody's own may be, stays open.
        """
        if isinstance(rows, Finding):
            return False
        best = float(rows[:, ENTAILMENT].max())
        supported = self.support(case, Reading(premises, rows, (), None)) >= self._thresholds.supported
        return but <= best and not (supported and best >= _CLEAR)

    def _decide(self, case: Case, reading: Reading) -> Finding:
        premise, row = reading.nearest
        support = self.support(case, reading)
        if support >= self._thresholds.supported:
            together = "A passage entails it." if len(premise.evidence) == 1 else "Two passages together entail it."
            return self._finding(Label.SUPPORTED, together, premise, row, support)
        worst = int(reading.rows[:, CONTRADICTION].argmax())
        if reading.rows[worst, CONTRADICTION] >= self._thresholds.contradicted:
            against = reading.premises[worst]
            return self._finding(Label.CONTRADICTED, "A passage contradicts it.", against, reading.rows[worst], support)
        return self._finding(Label.UNSUPPORTED, "The nearest passage does not entail it.", premise, row, support)

    def support(self, case: Case, reading: Reading) -> float:
        """The probability that the passages support the claim, 0 to 1."""
        row = reading.nearest[1]
        entailment = float(row[ENTAILMENT])
        support = entailment
        if self._combiner is not None:
            support = self._combiner.support(entailment, reading.contradiction, shared(case))
            if entailment < _LEAST or row[CONTRADICTION] > entailment:
                support = min(support, entailment)
        return float(self._calibration.of(support))

    def _failed(self, error: Exception) -> Finding:
        if isinstance(error, DeadlineError):
            return self._finding(Label.DEADLINE, str(error))
        return self._finding(Label.ERROR, f"{self._model.name} failed: {type(error).__name__}: {error}")

    def _finding(
        self,
        label: Label,
        explanation: str,
        premise: _Premise | None = None,
        row: NDArray[np.float32] | None = None,
        support: float | None = None,
    ) -> Finding:
        """`row` is what the model made of the premise; combined `support` takes the place of its entailment."""
        probabilities: dict[str, float] = {}
        if row is not None and support is not None:
            plain = self._combiner is None and self._calibration.identity
            odds = [float(p) for p in row] if plain else _with_support(row, support)
            probabilities = {name: _rounded(p) for name, p in zip(COLUMNS, odds, strict=True)}
        return Finding(
            judge=self.name,
            version=self.version,
            label=label,
            probabilities=probabilities,
            evidence=() if premise is None else premise.evidence,
            explanation=explanation,
        )


def _cited(finding: Finding) -> str:
    return " ".join(evidence.premise for evidence in finding.evidence)


def _naming(case: Case, finding: Finding, doubted: Sequence[Stretch]) -> Finding:
    """The finding, with the words that the cited passage does not say."""
    if not doubted:
        return finding
    words = ", ".join(f"“{case.claim.text[start:end]}”" for start, end in doubted[:_NAMED])
    spans = tuple(span for start, end in doubted if (span := case.claim.locate(start, end)))
    told = f"{finding.explanation} It does not say {words}."
    return finding.model_copy(update={"explanation": told, "doubted": spans})


def _with_support(row: NDArray[np.float32], support: float) -> list[float]:
    """The row with `support` as its entailment; the other two share what is left as they did."""
    others = [float(p) for p in row[ENTAILMENT + 1 :]]
    total = sum(others)
    return [support, *((1 - support) * (p / total if total > 0 else 1 / len(others)) for p in others)]


def shared(case: Case) -> Signals:
    """What a claim's words share with all its passages."""
    return signals(case.claim.text, [evidence.premise for evidence in case.evidence])


def _rounded(probability: float) -> float:
    """Six digits: what is below is float32 rounding and would make reports differ between machines."""
    return round(min(1.0, max(0.0, probability)), 6) if math.isfinite(probability) else probability


def _not_far_behind(premises: Sequence[_Premise]) -> list[_Premise]:
    """The passages after the first, without those that are ranked far behind it."""
    scores = [premise.evidence[0].score for premise in premises]
    best = scores[0]
    return [
        premise
        for premise, score in zip(premises[_FIRST:], scores[_FIRST:], strict=True)
        if best is None or score is None or score >= _FAR * best
    ]


def _joined(premises: Sequence[_Premise]) -> Iterator[_Premise]:
    """Pairs of passages that may support a claim together: neighbours in a document, then the two ranked best."""
    passages = [p.evidence[0] for p in premises]
    pairs = dict.fromkeys((*_neighbours(passages), *_best_two(passages)))
    for left, right in list(pairs)[:_JOINED]:
        one, two = passages[left], passages[right]
        # What says no more than the other, as the head of a table beside a row that names its columns, proves nothing.
        if not (_said(one) <= _said(two) or _said(two) <= _said(one)):
            yield _Premise(read_together(one, two), (one, two))


def _said(passage: Evidence) -> set[str]:
    return set(_WORD.findall(passage.premise.lower()))


def _neighbours(passages: Sequence[Evidence]) -> list[tuple[int, int]]:
    """Places of passages that touch or overlap in their document, those ranked best first."""
    placed = sorted((e.source, e.span, index) for index, e in enumerate(passages) if e.span is not None)
    touching = [
        (left, right)
        for (source, span, left), (other, after, right) in pairwise(placed)
        if source == other and after.start - span.end <= _GAP and after.end > span.end
    ]
    return sorted(touching, key=sum)


def _best_two(passages: Sequence[Evidence]) -> list[tuple[int, int]]:
    if len(passages) < 2:
        return []
    one, two = passages[0].span, passages[1].span
    turned = passages[0].source == passages[1].source and one is not None and two is not None and two < one
    return [(1, 0) if turned else (0, 1)]
