"""Holds the numbers, dates and amounts of a claim against those of its evidence."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]

from groundwire.model import Case, Claim, Correction, Evidence, Finding, Label
from groundwire.values.compare import Relation, relate
from groundwire.values.form import in_form_of
from groundwire.values.read import values
from groundwire.values.value import Bound, Measure, Value

_SAME_SUBJECT = 0.5  # a sentence with this share of the claim's words may confirm a value
_SAME_STATEMENT = 0.8  # and one with this share may refute it
_NEAREST = 2  # words on either side of the value that a refuting sentence must have
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMERIC = re.compile(r"\d[\d,.]*", re.ASCII)
_BREAK = re.compile(r"(?<=[.!?。])[\"'”’)\]]?\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
_REFERS_BACK = re.compile(
    r"[\"'“(]?(?:(?:In|On|By|At|Since|From) [\w ,]{1,20}, )?(?:he|she|it|they|his|her|its|their|this|the|these)\b", re.I
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|except|instead|rather|unlike|cannot|n[o']t)\b|n['’]t\b", re.IGNORECASE
)
_FUNCTION_WORDS = (
    "a an the this that these those it its he she they him her his hers their them we us our you your i me my who whom "
    "whose which what where when why how there here and or but nor so if then than as at by for from in into of off on "
    "onto out over to up with within about between through during before after above below under again once is am are "
    "was were be been being have has had having do does did will would shall should can could may might must only own "
    "same such too very just also each some any all both more most other one around approximately roughly nearly "
    "almost least s"
)
_FUNCTION = frozenset(_FUNCTION_WORDS.split())


class _Statement(NamedTuple):
    """A sentence of evidence: its words, those that may be its subject's from before it, and its values."""

    passage: Evidence
    text: str
    words: frozenset[str]
    before: frozenset[str]
    values: tuple[Value, ...]


class _Word(NamedTuple):
    at: int
    stem: str
    name: bool


class ValueJudge:
    """Compares every value of a claim with the evidence that speaks of the same thing.

    *supported*: each value of the claim stands in a sentence about the same, and agrees at the precision claimed;
    that says nothing of the claim's other words. *contradicted*: one sentence makes the claim's statement (nearly all
    of its words) with exactly one value of that measure, it clashes, and nothing in the evidence has the claim's
    value. Else *unchecked*: a false alarm is worse than a miss. Deterministic, so `probabilities` is empty.
    """

    name = "value"
    version = "1"

    def judge(self, cases: Sequence[Case]) -> list[Finding]:
        """One finding a case, in order. Raises nothing: what goes wrong becomes a finding labelled `error`."""
        read: dict[str, list[_Statement]] = {}
        return [self._judge(case, read) for case in cases]

    def _judge(self, case: Case, read: dict[str, list[_Statement]]) -> Finding:
        try:
            return self._compare(case.claim, case.evidence, read)
        except Exception as error:  # noqa: BLE001 - a judge's failure is a finding, never an exception
            return self._finding(Label.ERROR, f"The values could not be compared: {type(error).__name__}.")

    def _compare(self, claim: Claim, evidence: Iterable[Evidence], read: dict[str, list[_Statement]]) -> Finding:
        claimed = [value for value in values(claim.text) if value.certain]
        if not claimed:
            return self._finding(Label.UNCHECKED, "The claim states no number, date or amount.")
        known = [statement for passage in evidence for statement in _statements(passage, read)]
        words = _words(claim.text, claimed)
        confirmed: list[tuple[Value, _Statement]] = []
        for value in claimed:
            if found := _confirming(value, words, known):
                confirmed.append((value, found))
            elif clash := _refuting(claim, value, words, known):
                return self._contradicted(claim, value, *clash)
        if len(confirmed) < len(claimed):
            return self._finding(Label.UNCHECKED, "No passage gives every value of the claim for the same thing.")
        said = "; ".join(f'"{value.text}" is in {_name(found.passage)}' for value, found in confirmed)
        passages = dict.fromkeys((found.passage.source, found.passage.span, found.passage) for _, found in confirmed)
        return self._finding(Label.SUPPORTED, f"Every value was found: {said}.", [key[2] for key in passages])

    def _contradicted(self, claim: Claim, value: Value, statement: _Statement, known: Value) -> Finding:
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


def _confirming(value: Value, words: Sequence[_Word], known: Sequence[_Statement]) -> _Statement | None:
    """The sentence nearest to the claim that has its value, None where none is near enough."""
    best: tuple[float, _Statement] | None = None
    for statement in known:
        if any(relate(value, other) is Relation.AGREES for other in statement.values):
            share = _share(words, statement.words | statement.before)
            if share >= _SAME_SUBJECT and (best is None or share > best[0]):
                best = share, statement
    return best[1] if best else None


def _refuting(
    claim: Claim, value: Value, words: Sequence[_Word], known: Sequence[_Statement]
) -> tuple[_Statement, Value] | None:
    """The sentence that states the claim with another value, None where that is not beyond doubt."""
    if value.is_range or value.bound is not Bound.EXACT or _NEGATION.search(claim.text) or _elsewhere(value, known):
        return None
    nearest = _nearest(value, words)
    if len(words) < 2 or not nearest:
        return None
    clashes: list[tuple[float, _Statement, Value]] = []
    for statement in known:
        alike = [other for other in statement.values if _comparable(value, other)]
        has = statement.words | statement.before
        if len(alike) != 1 or not nearest <= has or _NEGATION.search(statement.text):
            continue
        share = _share(words, has)
        if share >= _SAME_STATEMENT:
            clashes.append((share, statement, alike[0]))
    if not clashes or any(relate(value, other) is not Relation.CLASHES for _, _, other in clashes):
        return None
    _, best, right = max(clashes, key=lambda clash: clash[0])
    if right.bound is not Bound.EXACT or not right.certain or right.is_range:
        return None
    return (best, right) if all(relate(right, other) is not Relation.CLASHES for _, _, other in clashes) else None


def _elsewhere(value: Value, known: Sequence[_Statement]) -> bool:
    """Whether the claim's value, or one that may be it, stands anywhere in the evidence."""
    for statement in known:
        for other in statement.values:
            if relate(value, other) in (Relation.AGREES, Relation.OPEN):
                return True
            if value.low in (other.low, other.high) and not other.days:
                return True
    digits = _NUMERIC.findall(value.text)
    return len(digits) == 1 and any(digits[0] in _NUMERIC.findall(statement.text) for statement in known)


def _comparable(value: Value, other: Value) -> bool:
    if value.measure is Measure.DATE or other.measure is Measure.DATE:
        return bool(value.days and other.days)
    return relate(value, other) is not Relation.APART


def _share(words: Sequence[_Word], has: frozenset[str]) -> float:
    """The share of the claim's words that a sentence has, names counted one and a half times."""
    whole = sum(1.5 if word.name else 1.0 for word in words)
    return sum(1.5 if word.name else 1.0 for word in words if word.stem in has) / whole if whole else 0.0


def _nearest(value: Value, words: Sequence[_Word]) -> frozenset[str]:
    before = [word.stem for word in words if word.at < value.span.start][-_NEAREST:]
    after = [word.stem for word in words if word.at >= value.span.end][:_NEAREST]
    return frozenset(before + after)


def _words(text: str, apart_from: Iterable[Value]) -> list[_Word]:
    spans = [value.span for value in apart_from]
    found = []
    for match in _WORD.finditer(text):
        if any(span.start <= match.start() < span.end for span in spans):
            continue
        if stem := _stem(match.group()):
            found.append(_Word(match.start(), stem, match.group()[0].isupper()))
    return found


def _stem(word: str) -> str:
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    return "" if folded in _FUNCTION else str(Stemmer.Stemmer("english").stemWord(folded[:64]))


def _statements(passage: Evidence, read: dict[str, list[_Statement]]) -> list[_Statement]:
    key = f"{passage.source}\0{passage.text}"
    if key not in read:
        read[key] = list(_read(passage))
    return read[key]


def _read(passage: Evidence) -> Iterable[_Statement]:
    before: frozenset[str] = frozenset()
    start = 0
    for stop in [*_BREAK.finditer(passage.text), None]:
        text = passage.text[start : stop.start() if stop else len(passage.text)]
        start = stop.end() if stop else start
        found = values(text)
        words = frozenset(word.stem for word in _words(text, found))
        refers = before if _REFERS_BACK.match(text) else frozenset()
        yield _Statement(passage, text, words, refers, found)
        before = words | refers
