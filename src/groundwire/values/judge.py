"""Holds the numbers, dates and amounts of a claim against those of its evidence."""

import re
import time
from collections.abc import Iterable, Sequence

from groundwire.model import Case, Claim, Correction, Evidence, Finding, Label
from groundwire.values.cases import of_day, supposed, worked_out
from groundwire.values.compare import Relation, relate
from groundwire.values.derived import derivable
from groundwire.values.doubts import denies, doubtful
from groundwire.values.form import in_form_of
from groundwire.values.reckoned import of_many_digits, reckonable
from groundwire.values.sentences import (
    BORN,
    DIED,
    Sentence,
    Statement,
    Word,
    find_values,
    read_sentence,
    statements,
)
from groundwire.values.value import AGE, Bound, Measure, Value

_SAME_SUBJECT = 0.5  # a sentence with this share of the claim's words may confirm a value
_SAME_STATEMENT = 0.6  # and one with this share may refute it
_CLOSE = 3  # words on either side that tell one value of a sentence from another
_NEAREST = 2  # words on either side of the value that a refuting sentence must have
_MOST_VALUES = 24  # each is held against each of the evidence: a claim that is a table is not
_EXACTLY_SAID = (Measure.QUANTITY, Measure.PERCENT, Measure.MONEY)  # a date may stand far off, above the text
_NO_COUNT = 13  # up to a dozen, a claim may count what its source lists
_SCOPES = (Measure.DATE, Measure.ORDINAL)  # what says of when or of which one the rest is said
_DECADE = 10
_Claimed = Sequence[tuple[int, Value]]
_NUMERIC = re.compile(r"\d(?:[\d,.]*\d)?", re.ASCII)
_BROKEN = re.compile(r"(?<=\d)([.,]) (?=\d)", re.ASCII)  # "102. 5": a space that a tokenizer put there


class ValueJudge:
    """Compares every value of a claim with the evidence that speaks of the same thing.

    *supported*: each value of the claim stands in a sentence about the same, and agrees at the precision claimed;
    that says nothing of the claim's other words. *contradicted*: one sentence, field or table cell makes the claim's
    statement (most of its words, all that stand next to the value, of the same time, with nothing that narrows it) with
    one counterpart of the value, they clash, and nothing in the evidence has the claim's value or lets it be worked
    out. *unsupported*: a value that nobody rounds, counts or works out for himself, and that is not of a case that the
    claim supposes, stands nowhere in the evidence. Else *unchecked*: a false alarm is worse than a
    miss. Deterministic, so `probabilities` is empty.
    """

    name = "value"
    version = "5"

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
        confirmed: dict[int, Statement] = {}
        for place, value in claimed:
            if found := _confirming(stated, place, known):
                confirmed[place] = found
            elif clash := _refuting(stated, place, known):
                return self._contradicted(claim, value, *clash)
        if absent := _absent(stated, [place for place, _ in claimed if place not in confirmed], known, evidence):
            return self._finding(Label.UNSUPPORTED, f'No passage has "{absent.text}".')
        if len(confirmed) < len(claimed):
            return self._finding(Label.UNCHECKED, _open(claimed))
        said = "; ".join(f'"{stated.values[n].text}" is in {_name(found.passage)}' for n, found in confirmed.items())
        passages = {(found.passage.source, found.passage.text): found.passage for found in confirmed.values()}
        return self._finding(Label.SUPPORTED, f"Every value was found: {said}.", list(passages.values()))

    def _contradicted(self, claim: Claim, value: Value, statement: Statement, known: Value) -> Finding:
        span = claim.locate(value.span.start, value.span.end)
        new = None if value.is_limit or known.is_limit else in_form_of(value, known)
        correction = Correction(span=span, old=value.text, new=new) if span and new and new != value.text else None
        said = f'The claim says "{_said(value)}" where {_name(statement.passage)} says "{_said(known)}".'
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


def _said(value: Value) -> str:
    """The value with the word that limits it: what a reader must see to understand the clash."""
    if value.measure in (Measure.DATE, Measure.TIME):
        words = {Bound.LEAST: "after ", Bound.MOST: "before ", Bound.ABOUT: "about "}
    elif value.strict:
        words = {Bound.LEAST: "more than ", Bound.MOST: "less than "}
    else:
        words = {Bound.LEAST: "at least ", Bound.MOST: "at most ", Bound.ABOUT: "about "}
    said = words.get(value.bound, "") + value.text
    if value.is_range and " and " in said:
        said = "between " + said
    if value.measure is Measure.TIME or value.per in (None, AGE) or value.per in said:
        return said
    return f"{said} per {value.per}"


def _open(claimed: _Claimed) -> str:
    if twofold := next((value for _, value in claimed if len(value.days) > 1), None):
        return f'"{twofold.text}" can be read in more than one way.'
    return "No passage gives every value of the claim for the same thing."


def _confirming(stated: Sentence, place: int, known: Sequence[Statement]) -> Statement | None:
    """The sentence nearest to the claim that has its value, None where none is near enough."""
    best: tuple[float, Statement] | None = None
    for statement in known:
        agreeing = [
            n
            for n, other in enumerate(statement.sentence.values)
            if relate(stated.values[place], other) is Relation.AGREES
        ]
        if not agreeing or not _of_the_same(stated, statement):
            continue
        if all(_of_another(stated, place, statement.sentence, n) for n in agreeing):
            continue
        if all(_nearer(stated, place, statement.sentence, n) for n in agreeing):
            continue
        share = _share(stated.words, statement.stems)
        if share >= _SAME_SUBJECT and (best is None or share > best[0]):
            best = share, statement
    return best[1] if best else None


def _of_the_same(stated: Sentence, statement: Statement) -> bool:
    """Whether the claim names the row of the table, and the statement the claim's own Henry, VII or VIII."""
    numbered = {word.stem for word in stated.words if word.stem.isupper()}
    return statement.label <= stated.stems and numbered <= statement.stems


def _nearer(stated: Sentence, place: int, sentence: Sentence, n: int) -> bool:
    """Whether another value of the sentence, which clashes, stands nearer to the claim's words: "premiered on"."""
    value, mine = stated.values[place], _around(stated.values[place], stated.words, 1)
    here = len(mine & _around(sentence.values[n], sentence.words, 1))
    return any(
        relate(value, other) is Relation.CLASHES and len(mine & _around(other, sentence.words, 1)) > here
        for other in sentence.values
    )


def _of_another(stated: Sentence, place: int, sentence: Sentence, n: int) -> bool:
    """Whether the sentence has the claim's number for one thing, and for the claim's thing another number."""
    mine, theirs = stated.counted[place], sentence.counted[n]
    if stated.values[place].measure is not Measure.NUMBER or not theirs - mine or theirs & mine == mine:
        return False
    return any(
        sentence.counted[m] >= mine and relate(stated.values[place], other) is Relation.CLASHES
        for m, other in enumerate(sentence.values)
    )


def _refuting(stated: Sentence, place: int, known: Sequence[Statement]) -> tuple[Statement, Value] | None:
    """The sentence that states the claim with another value, None where that is not beyond doubt."""
    value = stated.values[place]
    if not stated.words or denies(stated.text):
        return None
    nearest = _around(value, stated.words, _NEAREST)
    clashes: list[tuple[float, Statement, Value]] = []
    for statement in known:
        share = _share(stated.words, statement.stems)
        if share < _SAME_STATEMENT or not nearest <= statement.stems or not _of_the_same(stated, statement):
            continue
        if len(stated.words) < 2 and statement.sentence.stems != stated.stems:
            continue  # one word is enough only where the sentence has no more
        if _of_another_time(stated, place, statement.sentence):
            continue
        other = _counterpart(stated, place, statement.sentence)
        if other is not None:
            clashes.append((share, statement, other))
    lived = [clash for clash in clashes if any(clash[1].sentence.lives) and {BORN, DIED} & stated.stems]
    clashes = lived or clashes  # "(5 May 1938 – 26 July 2013)" says it of nobody else
    if not clashes or any(_relation(value, other) is not Relation.CLASHES for _, _, other in clashes):
        return None
    _, best, right = max(clashes, key=lambda clash: clash[0])
    if not right.certain or any(relate(right, other) is Relation.CLASHES for _, _, other in clashes):
        return None
    if doubtful(stated, place, best.sentence, right) or _elsewhere(value, stated, place, known):
        return None
    if _brought(stated, place, best.sentence, right, known):
        return None
    return best, right


def _brought(stated: Sentence, place: int, sentence: Sentence, right: Value, known: Sequence[Statement]) -> bool:
    """Whether the claim's value is its own, and no other than the sentence's: worked out, or of a case of its rule."""
    value = stated.values[place]
    if worked_out(stated, place) and not worked_out(sentence, sentence.values.index(right)):
        return True
    if (right.is_limit or right.is_range) and value.bound is Bound.EXACT and supposed(stated, place):
        return True
    return of_many_digits(value) and reckonable(value, stated.values, _given(known))


def _of_another_time(stated: Sentence, place: int, sentence: Sentence) -> bool:
    """Whether the sentence speaks of another time or rank than the claim: what was sold in 2020, and not in 2019."""
    agree = clash = False
    for n, one in enumerate(stated.values):
        if n == place:
            continue
        relations = {relate(one, other) for other in sentence.values} - {Relation.APART}
        agree = agree or Relation.AGREES in relations
        if relations == {Relation.CLASHES}:
            if one.measure in _SCOPES:
                return True
            clash = True
    return clash and not agree and stated.values[place].measure in _SCOPES


def _counterpart(stated: Sentence, place: int, sentence: Sentence) -> Value | None:
    """The one value of a sentence that stands for the claim's, None where that could be several or none.

    It measures the same, is not what another value of the claim agrees with, and counts the same things; where
    several are left, it is the one with the same words around it.
    """
    if denies(sentence.text):
        return None
    value, mine = stated.values[place], stated.counted[place]
    alike = [
        n
        for n, other in enumerate(sentence.values)
        if _comparable(value, other) and not _spoken_for(stated, place, sentence, n)
    ]
    if value.measure in (Measure.NUMBER, Measure.ORDINAL):
        # "124 goals" is no matter of "five league wins"
        alike = [n for n in alike if mine & sentence.counted[n] or not (mine or sentence.counted[n])]
        alike = [n for n in alike if mine and mine <= sentence.counted[n]] or alike
    lives = {BORN, DIED} & stated.stems
    if any(sentence.lives) and lives:
        alike = [n for n in alike if sentence.lives[n] in lives] if len(lives) == 1 else []
    if len({relate(sentence.values[alike[0]], sentence.values[n]) for n in alike}) > 1:
        mine = _around(value, stated.words, _CLOSE)
        same = sorted(
            ((len(mine & _around(sentence.values[n], sentence.words, _CLOSE)), n) for n in alike), reverse=True
        )
        alike = [same[0][1]] if same[0][0] > same[1][0] else []
    return sentence.values[alike[0]] if alike else None


def _spoken_for(stated: Sentence, place: int, sentence: Sentence, n: int) -> bool:
    """Whether another value of the claim agrees with this one, and for the same thing."""
    return any(
        relate(one, sentence.values[n]) is Relation.AGREES and not _of_another(stated, m, sentence, n)
        for m, one in enumerate(stated.values)
        if m != place
    )


def _elsewhere(value: Value, stated: Sentence, place: int | None, known: Sequence[Statement]) -> bool:
    """Whether the claim's value, or one that may be it, stands anywhere in the evidence."""
    digits = _NUMERIC.findall(value.text)
    for statement in known:
        if not statement.label <= stated.stems and place is not None:
            continue  # another row of a table
        sentence, clashing = statement.sentence, list[Value]()
        for n, other in enumerate(sentence.values):
            relation = _relation(value, other)
            if relation is Relation.CLASHES:
                clashing.append(other)
            elif relation is Relation.AGREES:
                if place is None or not _of_another(stated, place, sentence, n):
                    return True
                clashing.append(other)
            elif relation is Relation.OPEN and _may_be(value, other):
                return True
        if len(digits) == 1 and digits[0] in _numerals(sentence.text, clashing):
            return True
    return False


def _relation(value: Value, other: Value) -> Relation:
    """How they stand to each other; "at least five" and "at most five" may both be true, and yet say the opposite."""
    opposite = {value.bound, other.bound} == {Bound.LEAST, Bound.MOST} and value.firm and other.firm
    same = (value.measure, value.unit, value.per, value.low) == (other.measure, other.unit, other.per, other.low)
    return Relation.CLASHES if opposite and same else relate(value, other)


def _may_be(value: Value, other: Value) -> bool:
    """Whether an open value is near enough to be the claim's: not every sum "below $25 billion" may be $5."""
    if value.days and other.days:
        if len(value.days) > 1 or len(other.days) > 1:
            return True
        mine, theirs = value.days[0], other.days[0]
        if None in (mine.first, mine.last, theirs.first, theirs.last):
            return theirs.day is not None  # the same day, of a year that it does not name
        return theirs.span or 0 < (theirs.last or 0) - (theirs.first or 0) < _DECADE or mine.span
    if value.is_limit or other.is_limit:
        low, high = sorted((abs(value.magnitude), abs(other.magnitude)))
        return high <= 2 * low
    return True


def _numerals(text: str, without: Sequence[Value] = ()) -> set[str]:
    """The numbers of a text as they are written, and as they would be without a tokenizer's spaces."""
    for value in without:
        text = text[: value.span.start] + " " * (value.span.end - value.span.start) + text[value.span.end :]
    return {*_NUMERIC.findall(text), *_NUMERIC.findall(_BROKEN.sub(r"\1", text))}


_THOUSAND = 1000


def _telling(value: Value) -> bool:
    """Whether a source that supports the claim would have this very value: no small count, no rounding, no range."""
    if value.bound is not Bound.EXACT or value.is_range or (value.measure is Measure.PERCENT and value.step > 1.0):
        return False
    if value.days and value.magnitude != _THOUSAND:
        return False  # it may be a year, as a thousand hardly is
    return value.measure in _EXACTLY_SAID or (value.measure is Measure.NUMBER and abs(value.magnitude) >= _NO_COUNT)


def _absent(
    stated: Sentence, places: Sequence[int], known: Sequence[Statement], evidence: Sequence[Evidence]
) -> Value | None:
    """The first of the unconfirmed values that no passage has, None where the claim may be right without that.

    A claim may suppose a case that no passage has, and then what a rule comes to in that case is found nowhere either.
    """
    if any(supposed(stated, place) for place in places):
        return None
    nowhere = (place for place in places if _telling(stated.values[place]) and not worked_out(stated, place))
    return next((stated.values[place] for place in nowhere if _nowhere(stated, place, known, evidence)), None)


def _nowhere(stated: Sentence, place: int, known: Sequence[Statement], evidence: Sequence[Evidence]) -> bool:
    """Whether no passage has the value: as a value, to be worked out, or in a sentence too full of them to be read."""
    value = stated.values[place]
    if of_day(stated, place) or _elsewhere(value, stated, None, known):
        return False
    given = _given(known)
    if derivable(value, given) or any(_doubled(value, other) for other in given):
        return False
    texts = [passage.text for passage in evidence]
    digits = _NUMERIC.findall(value.text)
    if any(number in _numerals(text) for text in texts for number in digits):
        return False
    return not reckonable(value, stated.values, given, texts)


def _given(known: Iterable[Statement]) -> list[Value]:
    return [value for statement in known for value in statement.sentence.values]


def _doubled(value: Value, other: Value) -> bool:
    """Twice or half of what stands there: the price for two, the half of a sum."""
    return any(
        relate(value, other._replace(low=other.low * times, high=other.high * times)) is Relation.AGREES
        for times in (2.0, 0.5)
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
