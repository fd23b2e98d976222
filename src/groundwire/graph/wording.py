"""Does a claim say this relation of these two mentions? From 0 (no word of it) to 1 (a phrase of its pack)."""

from groundwire.graph.countries import country_of
from groundwire.graph.mentions import Mention, Reading
from groundwire.graph.names import FUNCTION_WORDS, name_stems, stem
from groundwire.graph.relations import Phrase, Relation

# Words that many relations' names share, and that alone say little.
_SHARED = """
name number date place title year location time area type start end first last code identifier member count
total amount kind value
"""
_GENERIC = frozenset(stem(word) for word in _SHARED.split())
_GENERIC_WEIGHT = 0.3
_BY_NAME = 0.85
_IMPLIED = 0.9
_FRONTED = 0.9
_BY_FUNCTION_WORD = 0.7
# What may stand in between and changes nothing: "who is also now in the".
_FILL = "the who which that also now currently originally still formerly previously once later"
_FILLERS = frozenset(_FILL.split())
_PLACING = ("in", "from", "at", "of")
_PREDICATES = (("a",), ("an",), ("is",), ("was",))
_LONGEST_DESCRIPTION = 7
# What a place or thing may be without this being a relation to another, although relations are named so.
_KINDS_OF_THINGS = """
city town village country state county region province district place island river mountain lake building airport
university school company dish food book novel song band film ship car
"""
_SORTS = frozenset(stem(word) for word in _KINDS_OF_THINGS.split())
_COPULAS = frozenset(["is", "are", "was", "were", "be", "s"])
_DENIALS = """
not never neither nor cannot isnt arent wasnt werent didnt doesnt dont hasnt havent hadnt wont cant
"""
_NEGATIONS = frozenset(_DENIALS.split())


def expressed(
    reading: Reading, relation: Relation, name: str, subject: Mention, object: Mention, *, wider: bool = True
) -> float:
    """How clearly the words around two mentions say that `subject` has `object` as its `relation`.

    `name` is what the graph calls the relation. `wider`: a wording of what follows from it will do.
    """
    if not _of_kind(relation.object, object.kind):
        return 0.0
    phrases = reading.phrases(relation)
    if not wider and relation.wider:
        phrases = [phrase for phrase in phrases if phrase in relation.phrases]
    best = max((_phrase(reading, phrase, subject, object) for phrase in phrases), default=0.0)
    if relation.symmetric and best < 1:
        best = max(best, max((_phrase(reading, phrase, object, subject) for phrase in phrases), default=0.0))
    if not relation.phrases and best < _BY_FUNCTION_WORD:
        best = _BY_FUNCTION_WORD * _predicated(reading, subject, object)
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
        return _FRONTED * _fronted(reading, phrase, first, second) if second is subject else 0.0
    if phrase.exact is not None:
        if phrase.exact[-1:] in _PREDICATES and _goes_on(reading, second):
            return 0.0
        return _BY_FUNCTION_WORD * _stands_alone(reading, phrase.exact, first, second)
    if phrase.marks and not set(phrase.marks) <= {token.norm for token in reading.tokens[first.last : second.first]}:
        return 0.0
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
    if _of_another(reading, phrase.stems, second) or (first is subject and _anothers(reading, phrase, first)):
        return 0.0
    apart = second.group - first.group
    if not phrase.between and apart > 1 and not _COPULAS & set(reading.gap_words(second.group)):
        return 0.0
    return 1.0 if apart <= 1 else 0.9


def _of_another(reading: Reading, own: tuple[str, ...], mention: Mention) -> bool:
    """Whether a relation of the mention stands before it: "born in the capital of Australia" is not in Australia."""
    words = [token.norm for token in reading.tokens[max(0, mention.first - 3) : mention.first] if token.norm != "the"]
    if len(words) < 2 or words[-1] != "of":
        return False
    noun = stem(words[-2])
    return noun in reading.spoken_for and noun not in _SORTS and noun not in own


def _anothers(reading: Reading, phrase: Phrase, mention: Mention) -> bool:
    """Whether the claim is about something of the mention's: where Ann's brother was born, Ann was not."""
    if reading.text[mention.end : mention.end + 2].lower() not in ("'s", "’s"):
        return False
    after = reading.stems[mention.last : mention.last + 3]
    return bool(after) and not set(after) & set(phrase.stems)


def _goes_on(reading: Reading, mention: Mention) -> bool:
    """Whether a noun follows that the mention only describes: "is a rock musician" calls no one a rock."""
    if mention.last >= len(reading.tokens) or country_of(reading.tokens[mention.first].norm):
        return False  # a Russian writer is Russian
    word = reading.tokens[mention.last]
    apart = reading.text[mention.end : word.start]
    return apart.isspace() and word.norm not in FUNCTION_WORDS


def _predicated(reading: Reading, subject: Mention, object: Mention) -> bool:
    """Whether the claim says that the subject is (a) so-and-so: how English says colour, status or trade."""
    if object.kind != "name" or reading.words(object)[:1].isupper() or _goes_on(reading, object):
        return False
    said = [token.norm for token in reading.tokens[subject.last : object.first] if token.norm not in _FILLERS]
    return bool(said) and said[0] in _COPULAS and said[1:] in ([], ["a"], ["an"])


def _fronted(reading: Reading, phrase: Phrase, object: Mention, subject: Mention) -> bool:
    """Whether the object opens the sentence with what is said of the subject: "Born in Hobart, Errol Flynn ..."."""
    if phrase.before or not phrase.between or object.group >= subject.group:
        return False
    apart = reading.text[object.end : subject.start] if subject.group == object.group + 1 else ""
    lead = reading.gap(object.group)
    return apart.strip() == "," and _in_order(phrase.between, lead) and not phrase.after


def _stands_alone(reading: Reading, words: tuple[str, ...], first: Mention, second: Mention) -> bool:
    """Whether only these function words stand between two mentions, or a description that ends in them.

    "is from" stands in "is from the" and in "is a dish from", but not in "is the enemy of": what only one can be is a
    relation of its own.
    """
    said = [token.norm for token in reading.tokens[first.last : second.first] if token.norm not in _FILLERS]
    if not words:
        return first.last == second.first
    if tuple(said) == tuple(word for word in words if word not in _FILLERS):
        return True
    if (
        first.group == second.group
        or words[-1] not in _PLACING
        or said[-1:] != [words[-1]]
        or len(said) > _LONGEST_DESCRIPTION
    ):
        return False
    inner = said[:-1]
    if inner[:1] and inner[0] in _COPULAS:
        inner = inner[1:]
    return inner[:1] in (["a"], ["an"]) and all(_describes(reading, word) for word in inner[1:])


def _describes(reading: Reading, word: str) -> bool:
    return word not in FUNCTION_WORDS and (stem(word) in _SORTS or stem(word) not in reading.spoken_for)


def _named(reading: Reading, words: tuple[str, ...], subject: Mention, object: Mention) -> float:
    if not words or subject.group == object.group or _of_another(reading, words, object):
        return 0.0
    said = {*reading.left(object.group), *reading.right(object.group)}
    said.update(reading.stems[object.first : object.last])  # "uses the English language", "has a V12 engine"
    if subject.group < object.group:
        said.update(reading.left(subject.group))
    return _share(words, said)


def tells(words: tuple[str, ...], said: set[str]) -> bool:
    """Whether the words that say something in a relation's name are all there."""
    telling = [word for word in words if word not in _GENERIC]
    return bool(telling) and said.issuperset(telling)


def _share(words: tuple[str, ...], said: set[str]) -> float:
    """How much of a relation's name is said; the words that many names have in common count little."""
    weights = [(_GENERIC_WEIGHT if word in _GENERIC else 1.0, word in said) for word in words]
    return sum(weight for weight, there in weights if there) / sum(weight for weight, _ in weights) if words else 0.0


def _in_order(words: tuple[str, ...], said: list[str]) -> bool:
    rest = iter(said)
    return all(word in rest for word in words)
