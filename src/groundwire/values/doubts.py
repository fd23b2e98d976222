"""Why two values that clash may still both be right: what is worked out, narrowed, counted in part, or denied."""

import re

from groundwire.values.derived import derivable
from groundwire.values.sentences import Sentence
from groundwire.values.value import Measure, Value

_BESIDE = 28  # characters on either side of a value where a word may set it apart
_PLACE = re.compile(r"(?: [a-z]+){0,2} (?:in|for|at|on) (?:the )?([A-Z][\w’'-]+)")
_QUALIFIER = re.compile(
    r"\b(?:outside|inside|minimum|maximum|average|median|net|gross|former|previous|prior|earlier|adjusted|excluding"
    r"|north(?:ern)?|south(?:ern)?|east(?:ern)?|west(?:ern)?|left|right|upper|lower|inner|outer|men|women|boys|girls"
    r"|males?|females?|adults?|child|children|students|seniors|weekdays?|weekends?|before tax|after tax|only"
    r"|alongside|another|others?|additional|addition|further|extra|more)\b(?! than)",
    re.IGNORECASE,
)
# A year that is reckoned from another, and one from which on, or up to which, something holds.
_RELATIVE = re.compile(
    r"\b(?:(?:following|next|previous|preceding|same|this|last) (?:year|month|week|day|season|decade)"
    r"|(?:years?|months?|weeks?|days?|decades?) (?:later|earlier|before|after))\b",
    re.IGNORECASE,
)
_ONSET = re.compile(
    r"\b(?:since|from|starting|beginning|as of|until|through)(?: with| in| on)?(?: the)? $", re.IGNORECASE
)
_NEGATION = re.compile(
    r"\b(?:not(?! (?:more|less|later|earlier) than)|no(?! (?:more|less|fewer|later|earlier) than)|never|nobody|none"
    r"|neither|nor|without|except|instead|rather|unlike|cannot|other than)\b|n['’]t\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether a sentence says what is not so, or not so of all: its values are then those of something else."""
    return bool(_NEGATION.search(text))


def doubtful(stated: Sentence, place: int, sentence: Sentence, known: Value) -> bool:
    """Whether the claim's value may be right beside `known`, which the sentence has in its place."""
    value = stated.values[place]
    return (
        derivable(value, sentence.values)
        or _multiplied(stated, place, known)
        or _reckoned(value, known, stated.text, sentence.text)
        or _part_of(stated, place, known, sentence)
        or _qualified(known, sentence.text, stated.text)
    )


def _multiplied(stated: Sentence, place: int, known: Value) -> bool:
    """Whether the claim names what it multiplied by: "$30 for two" where one costs $15."""
    value = abs(stated.values[place].magnitude)
    times = [abs(one.magnitude) for n, one in enumerate(stated.values) if n != place and one.measure is Measure.NUMBER]
    other = abs(known.magnitude)
    return any(by > 1.0 and (value == other * by or value * by == other) for by in times)


def _reckoned(value: Value, known: Value, claim: str, text: str) -> bool:
    """Whether a date was not meant as the claim's is: "and won the following year", "starting with the 2016 season"."""
    if value.measure is not Measure.DATE or value.is_range:
        return False
    onsets = [_ONSET.search(whole[: date.span.start]) for whole, date in ((claim, value), (text, known))]
    same = [onset and onset[0].lower() for onset in onsets]
    return bool(_RELATIVE.search(text)) or same[0] != same[1]


def _part_of(stated: Sentence, place: int, known: Value, sentence: Sentence) -> bool:
    """Whether the sentence counts a part of what the claim counts: three Golden Globe Awards, of six awards in all."""
    value, mine = stated.values[place], stated.counted[place]
    if value.measure is not Measure.NUMBER or not mine:
        return False
    for n, other in enumerate(sentence.values):
        if other.measure is Measure.ORDINAL and other.certain and sentence.counted[n] & mine:
            return True  # "four seasons, and a fifth season"
    after = [word.stem for word in sentence.words if word.at >= known.span.end]
    narrower = after[: next((n for n, stem in enumerate(after) if stem in mine), 0)]
    return bool(narrower) and value.low > known.low


def _qualified(known: Value, text: str, claim: str) -> bool:
    """Whether the sentence says its value of less than the claim does: of the south tower, before tax."""
    place = _PLACE.match(text, known.span.end) if known.measure is not Measure.DATE else None
    if place and place[1] not in claim:
        return True
    beside = text[max(0, known.span.start - _BESIDE) : known.span.end + _BESIDE]
    own = {word.lower() for word in _QUALIFIER.findall(claim)}
    return any(word.lower() not in own for word in _QUALIFIER.findall(beside))
