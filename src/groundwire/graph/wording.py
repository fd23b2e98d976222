"""Does a claim say this relation of these two mentions? From 0 (no word of it) to 1 (a phrase of its pack)."""

from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import name_stems, stem
from groundwire.graph.relations import Phrase, Relation

# Words that many relations' names share, and that alone say little.
_GENERIC = frozenset(
    stem(word)
    for word in (
        "name number date place title year location time area type start end first last code identifier member "
        "count total amount kind value"
    ).split()
)
_GENERIC_WEIGHT = 0.3
_BY_NAME = 0.85
_IMPLIED = 0.9
_BY_FUNCTION_WORD = 0.7
_COPULAS = frozenset(["is", "are", "was", "were", "be", "s"])
_NEGATIONS = frozenset(
    "not never neither nor cannot isnt arent wasnt werent didnt doesnt dont hasnt havent hadnt wont cant".split()
)


def expressed(reading: Reading, relation: Relation, name: str, subject: Mention, object: Mention) -> float:
    """How clearly the words around two mentions say that `subject` has `object` as its `relation`.

    `name` is what the graph calls the relation.
    """
    if not _of_kind(relation.object, object.kind):
        return 0.0
    phrases = reading.phrases(relation)
    best = max((_phrase(reading, phrase, subject, object) for phrase in phrases), default=0.0)
    if relation.symmetric and best < 1:
        best = max(best, max((_phrase(reading, phrase, object, subject) for phrase in phrases), default=0.0))
    return best if best == 1 else max(best, _BY_NAME * _named(reading, name_stems(name), subject, object))


def implied(reading: Reading, relation: Relation, name: str, mention: Mention, *, as_object: bool) -> float:
    """How clearly a claim says the relation of `mention` and something that it does not name: "Its capital is ..."."""
    if as_object and not _of_kind(relation.object, mention.kind):
        return 0.0
    left, right = reading.left(mention.group), reading.right(mention.group)
    for phrase in reading.phrases(relation):
        if phrase.exact is not None:
            continue
        if phrase.subject_first == as_object:  # the argument that is not named stands first
            before, after = (*phrase.before, *phrase.between), phrase.after
        else:
            before, after = phrase.before, (*phrase.between, *phrase.after)
        if _in_order(before, left) and _in_order(after, right):
            return _IMPLIED
    said = {*left, *right}
    return _BY_NAME * _share(name_stems(name), said)


def _of_kind(wanted: str, kind: str) -> bool:
    """Whether a mention of this kind can be what the relation asks for."""
    if kind == "name":
        return wanted not in ("date", "number")
    return wanted not in ("person", "place", "organisation", "work")


def negated(reading: Reading) -> bool:
    """Whether the claim denies something."""
    return any(token.norm in _NEGATIONS for token in reading.tokens)


def _phrase(reading: Reading, phrase: Phrase, subject: Mention, object: Mention) -> float:
    first, second = (subject, object) if subject.start < object.start else (object, subject)
    if phrase.subject_first != (first is subject):
        return 0.0
    if phrase.exact is not None:
        return _BY_FUNCTION_WORD * _stands_alone(reading, phrase.exact, first, second)
    if first.group == second.group:
        if phrase.between or not phrase.after:
            return 0.0
        between: list[str] = []
    elif first is subject:
        between = reading.left(second.group)
    else:
        between = reading.right(first.group)
    if not _in_order(phrase.between, between):
        return 0.0
    if phrase.before and not _in_order(phrase.before, reading.left(first.group)):
        return 0.0
    if phrase.after and not _in_order(phrase.after, reading.right(second.group)):
        return 0.0
    apart = second.group - first.group
    if not phrase.between and apart > 1 and not _COPULAS & set(reading.gap_words(second.group)):
        return 0.0
    return 1.0 if apart <= 1 else 0.9


def _stands_alone(reading: Reading, words: tuple[str, ...], first: Mention, second: Mention) -> bool:
    if first.group == second.group:
        return not words and first.last == second.first
    return second.group == first.group + 1 and tuple(reading.gap_words(second.group)) == words


def _named(reading: Reading, words: tuple[str, ...], subject: Mention, object: Mention) -> float:
    if not words or subject.group == object.group:
        return 0.0
    said = {*reading.left(object.group), *reading.right(object.group)}
    if subject.group < object.group:
        said.update(reading.left(subject.group))
    return _share(words, said)


def _share(words: tuple[str, ...], said: set[str]) -> float:
    """How much of a relation's name is said; the words that many names have in common count little."""
    weights = [(_GENERIC_WEIGHT if word in _GENERIC else 1.0, word in said) for word in words]
    return sum(weight for weight, there in weights if there) / sum(weight for weight, _ in weights) if words else 0.0


def _in_order(words: tuple[str, ...], said: list[str]) -> bool:
    rest = iter(said)
    return all(word in rest for word in words)
