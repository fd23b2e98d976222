"""Holds the numbers, dates and amounts of a claim against those of its evidence."""

import re
import time
from collections.abc import Iterable, Sequence

from groundwire.model import Case, Claim, Correction, Evidence, Finding, Label
from groundwire.values.compare import Relation, relate
from groundwire.values.form import in_form_of
from groundwire.values.sentences import Sentence, Statement, Word, find_values, read_sentence, statements
from groundwire.values.value import Bound, Measure, Value

_SAME_SUBJECT = 0.5  # a sentence with this share of the claim's words may confirm a value
_SAME_STATEMENT = 0.6  # and one with this share may refute it
_CLOSE = 3  # words on either side that tell one value of a sentence from another
_LIMITS = (Bound.LEAST, Bound.MOST)
_NEAREST = 2  # words on either side of the value that a refuting sentence must have
_MOST_VALUES = 24  # each is held against each of the evidence: a claim that is a table is not
_EXACTLY_SAID = (Measure.QUANTITY, Measure.PERCENT, Measure.MONEY)  # a date may stand far off, above the text
_NO_COUNT = 13  # up to a dozen, a claim may count what its source lists
_NUMERIC = re.compile(r"\d[\d,.]*", re.ASCII)
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|except|instead|rather|unlike|cannot|n[o']t)\b|n['’]t\b", re.IGNORECASE
)


class ValueJudge:
    """Compares every value of a claim with the evidence that speaks of the same thing.

    *supported*: each value of the claim stands in a sentence about the same, and agrees at the precision claimed;
    that says nothing of the claim's other words. *contradicted*: one sentence makes the claim's statement (most of
    its words, and all that stand next to the value) with one counterpart of the value, they clash, and nothing in the
    evidence has the claim's value. *unsupported*: a value that nobody rounds or counts for himself stands nowhere in
    the evidence. Else *unchecked*: a false alarm is worse than a miss. Deterministic, so `probabilities` is empty.
    """

    name = "value"
    version = "1"

    def judge(self, cases: Sequence[Case], *, deadline: float | None = None) -> list[Finding]:
        """One finding a case, in order; `deadline` from that moment of `time.monotonic()` on.

        Raises nothing: what goes wrong becomes a finding labelled `error`.
        """
        return [
            self._judge(case)
            if deadline is None or time.monotonic() < deadline
            else self._finding(Label.DEADLINE, "No time was left.")
            for case in cases
        ]

    def _judge(self, case: Case) -> Finding:
        try:
            return self._compare(case.claim, case.evidence)
        except Exception as error:  # noqa: BLE001 - a judge's failure is a finding, never an exception
            return self._finding(Label.ERROR, f"The values could not be compared: {type(error).__name__}.")

    def _compare(self, claim: Claim, evidence: Iterable[Evidence]) -> Finding:
        if len(find_values(claim.text)) > _MOST_VALUES:
            return self._finding(Label.UNCHECKED, f"The claim states more than {_MOST_VALUES} values.")
        stated = read_sentence(claim.text)
        claimed = [(place, value) for place, value in enumerate(stated.values) if value.certain]
        if not claimed:
            return self._finding(Label.UNCHECKED, "The claim states no number, date or amount.")
        evidence = tuple(evidence)
        known = [statement for passage in evidence for statement in statements(passage)]
        confirmed: list[tuple[Value, Statement]] = []
        for place, value in claimed:
            if found := _confirming(stated, place, known):
                confirmed.append((value, found))
            elif clash := _refuting(stated, place, known):
                return self._contradicted(claim, value, *clash)
        nowhere = (value for _, value in claimed if _telling(value) and _nowhere(value, known, evidence))
        if absent := next(nowhere, None):
            return self._finding(Label.UNSUPPORTED, f'No passage has "{absent.text}".')
        if len(confirmed) < len(claimed):
            return self._finding(Label.UNCHECKED, "No passage gives every value of the claim for the same thing.")
        said = "; ".join(f'"{value.text}" is in {_name(found.passage)}' for value, found in confirmed)
        passages = {(found.passage.source, found.passage.text): found.passage for _, found in confirmed}
        return self._finding(Label.SUPPORTED, f"Every value was found: {said}.", list(passages.values()))

    def _contradicted(self, claim: Claim, value: Value, statement: Statement, known: Value) -> Finding:
        span = claim.locate(value.span.start, value.span.end)
        new = in_form_of(value, known)
        correction = Correction(span=span, old=value.text, new=new) if span and new and new != value.text else None
        said = f'The claim says "{value.text}" where {_name(statement.passage)} says "{known.text}".'
        return self._finding(Label.CONTRADICTED, said, [statement.passage], correction)

    def _finding(
        self,
        label: Label,
        explanation: str,
        evidence: Sequence[Evidence] = (),
        correction: Correction | None = None,
    ) -> Finding:
        return Finding(
            judge=self.name,
            version=self.version,
            label=label,
            evidence=tuple(evidence),
            explanation=explanation,
            correction=correction,
        )


def _name(passage: Evidence) -> str:
    return passage.source[:80]


def _confirming(stated: Sentence, place: int, known: Sequence[Statement]) -> Statement | None:
    """The sentence nearest to the claim that has its value, None where none is near enough."""
    best: tuple[float, Statement] | None = None
    for statement in known:
        if any(relate(stated.values[place], other) is Relation.AGREES for other in statement.sentence.values):
            share = _share(stated.words, statement.stems)
            if share >= _SAME_SUBJECT and (best is None or share > best[0]):
                best = share, statement
    return best[1] if best else None


def _refuting(stated: Sentence, place: int, known: Sequence[Statement]) -> tuple[Statement, Value] | None:
    """The sentence that states the claim with another value, None where that is not beyond doubt."""
    value = stated.values[place]
    if value.is_range or value.bound in _LIMITS or len(stated.words) < 2:
        return None
    if _NEGATION.search(stated.text) or _elsewhere(value, known):
        return None
    nearest = _around(value, stated.words, _NEAREST)
    clashes: list[tuple[float, Statement, Value]] = []
    for statement in known:
        share = _share(stated.words, statement.stems)
        if share < _SAME_STATEMENT or not nearest <= statement.stems:
            continue
        other = _counterpart(stated, place, statement.sentence)
        if other is not None:
            clashes.append((share, statement, other))
    if not clashes or any(relate(value, other) is not Relation.CLASHES for _, _, other in clashes):
        return None
    _, best, right = max(clashes, key=lambda clash: clash[0])
    if right.bound in _LIMITS or not right.certain or right.is_range:
        return None
    return (best, right) if all(relate(right, other) is not Relation.CLASHES for _, _, other in clashes) else None


def _counterpart(stated: Sentence, place: int, sentence: Sentence) -> Value | None:
    """The one value of a sentence that stands for the claim's, None where that could be several or none.

    It measures the same, is not what another value of the claim agrees with, and counts the same things; where
    several are left, it is the one with the same words around it.
    """
    if _NEGATION.search(sentence.text):
        return None
    value = stated.values[place]
    rest = [other for n, other in enumerate(stated.values) if n != place]
    alike = [
        n
        for n, other in enumerate(sentence.values)
        if _comparable(value, other) and not any(relate(one, other) is Relation.AGREES for one in rest)
    ]
    if value.measure in (Measure.NUMBER, Measure.ORDINAL):
        mine = stated.counted[place]  # "124 goals" is no matter of "five league wins"
        alike = [n for n in alike if mine & sentence.counted[n] or not (mine or sentence.counted[n])]
    if len(alike) > 1:
        mine = _around(value, stated.words, _CLOSE)
        same = sorted(
            ((len(mine & _around(sentence.values[n], sentence.words, _CLOSE)), n) for n in alike), reverse=True
        )
        alike = [same[0][1]] if same[0][0] > same[1][0] else []
    return sentence.values[alike[0]] if alike else None


def _elsewhere(value: Value, known: Sequence[Statement]) -> bool:
    """Whether the claim's value, or one that may be it, stands anywhere in the evidence."""
    digits = _NUMERIC.findall(value.text)
    for statement in known:
        if any(relate(value, other) in (Relation.AGREES, Relation.OPEN) for other in statement.sentence.values):
            return True
        if len(digits) == 1 and digits[0] in _NUMERIC.findall(statement.sentence.text):
            return True
    return False


def _telling(value: Value) -> bool:
    """Whether a source that supports the claim would have this very value: no small count, no rounding, no range."""
    if value.bound is not Bound.EXACT or value.is_range:
        return False
    return value.measure in _EXACTLY_SAID or (value.measure is Measure.NUMBER and abs(value.magnitude) >= _NO_COUNT)


def _nowhere(value: Value, known: Sequence[Statement], evidence: Sequence[Evidence]) -> bool:
    """Whether no passage has the value: not as a value, nor its digits in a sentence too full of them to be read."""
    digits = _NUMERIC.findall(value.text)
    return not _elsewhere(value, known) and not any(
        number in digits for passage in evidence for number in _NUMERIC.findall(passage.text)
    )


def _comparable(value: Value, other: Value) -> bool:
    if value.measure is Measure.DATE or other.measure is Measure.DATE:
        return bool(value.days and other.days)
    return relate(value, other) is not Relation.APART


def _share(words: Sequence[Word], has: frozenset[str]) -> float:
    """The share of the claim's words that a sentence has, names counted one and a half times."""
    whole = sum(1.5 if word.name else 1.0 for word in words)
    return sum(1.5 if word.name else 1.0 for word in words if word.stem in has) / whole if whole else 0.0


def _around(value: Value, words: Sequence[Word], count: int) -> frozenset[str]:
    """The content words nearest to a value, at most `count` on either side."""
    before = [word.stem for word in words if word.at < value.span.start][-count:]
    after = [word.stem for word in words if word.at >= value.span.end][:count]
    return frozenset(before + after)
